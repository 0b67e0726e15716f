import t from 'tap';
import type { Answers } from '../../src/definitions/bundle.ts';
import { encode } from '../../src/forms/encode.ts';
import type { Browser, Page } from '../fixtures/browser.ts';
import { startSite, verifyFindings } from '../fixtures/site.ts';
import { startCase } from '../fixtures/story.ts';

const signal: Answers = { betreftMedewerker: false, feit: 'Kwam drie dagen zonder ontbijt op school.', bron: 'eigen-waarneming', datum: '2026-03-02' };

t.test('several cases about one child', async (t) => {
  const site = await startSite({ now: '2026-03-04T15:00:00.000Z' });
  t.teardown(() => site.stop());
  const [smit, jansen, vries] = [await site.signIn('smit'), await site.signIn('jansen'), await site.signIn('vries')];
  const start = async (by: Browser, about: Answers, more: Answers = {}): Promise<string> => (await startCase(site, by, 'signaal', { ...signal, ...more }, about)).story.number;
  const plain = ({ status, html }: Page): string => `${String(status)} ${html.replace(/(name="_key" value=")[^"]*/g, '$1')}`;
  const address = async (by: Browser, number: string): Promise<string> => (await by.get(`/cases/${number}`)).links.find(({ text }) => text === 'Leerling' || /naam|Sem|Noor/i.test(text))?.href ?? '';
  const change = async (by: Browser, number: string, answers: Answers): Promise<Page> => {
    const form = site.services.library.published()[0]?.form('leerling');
    if (form === undefined) throw new Error('No form.');
    return (await by.get(await address(by, number))).submit(Object.fromEntries(encode(form, answers)));
  };
  const first = await start(smit, { naam: 'Sem Bakker', groep: '5' });

  await t.test('semantics 23: a notice of a running case about the same child appears only to who may see that case; else its responsible person is told that a new one was started', async (t) => {
    const second = await start(jansen, { naam: 'sem  bakker', groep: '5b' });
    const other = await start(jansen, { naam: 'Sem Bakker' });
    await change(jansen, second, { naam: 'sem  bakker', groep: '5b', geboortedatum: '2016-05-04' });
    await change(jansen, other, { naam: 'Sem Bakker', geboortedatum: '2017-01-01' });
    const seen = (await vries.get(`/cases/${second}`)).text;
    t.match(seen, new RegExp(`Over dezelfde persoon loopt nog een zaak: .* Zaak ${first}`), 'the coordinator sees both');
    t.notMatch(seen, new RegExp(`Zaak ${other}`), 'with another day of birth it is somebody else');

    const pages = [`/cases/${second}`, `/cases/${second}/records/1`, '/cases', '/cases?zoek=Bakker'];
    const look = async (): Promise<string[]> => Promise.all(pages.map(async (path) => plain(await jansen.get(path))));
    const withIt = await look();
    const list = await smit.get('/cases');
    t.match(list.text, `nog een zaak gestart over de persoon van zaak ${first}`);
    const told = await list.follow('nog een zaak gestart');
    t.match(told.text, /startte iemand een zaak die u niet ziet/);
    for (const page of [list, told]) t.notMatch(page.html, new RegExp(`${second}|${other}|Jansen`), 'not which one, nor by whom');
    t.equal((await jansen.get(`/cases/${first}/new-cases`)).status, 404);
    t.equal((await vries.get(`/cases/${first}/new-cases`)).status, 404, 'told is who is responsible');
    t.notMatch((await told.submit()).text, 'nog een zaak gestart');
    t.same(await look(), withIt);

    const hidden = await start(jansen, { naam: 'Sem Bakker' }, { betreftMedewerker: true, medewerker: { id: site.people['smit']?.id ?? '' } });
    t.notMatch((await smit.get('/cases')).text, 'nog een zaak gestart', 'nobody is told of a case that only some may see');
    t.notMatch((await vries.get(`/cases/${second}`)).html, hidden);

    const before = await look();
    await (await (await smit.get(`/cases/${first}`)).follow('Annuleren')).submit({ reason: 'Ik koos het verkeerde kind.' });
    t.same(await look(), before, 'for who may not see it, to the byte as if it had never been');
    t.notMatch((await vries.get(`/cases/${second}`)).html, first);
  });

  await t.test('semantics 16: the subject changed in one case is offered to the other cases the person may see, and only there', async (t) => {
    const [here, there] = [await start(smit, { naam: 'Noor Vink', groep: '5' }), await start(jansen, { naam: 'Noor Vink', groep: '5' })];
    const alone = await change(smit, here, { naam: 'Noor Vink', groep: '6', geboortedatum: '2015-02-03' });
    t.equal(alone.path, `/cases/${here}?done=saved`, 'who sees no other case is asked nothing');
    const offer = await change(vries, here, { naam: 'Noor Vink-Smit', groep: '6b', geboortedatum: '2015-02-03' });
    t.match(offer.path, /\/other-cases$/);
    t.match(offer.text, new RegExp(`zaak ${there}: Noor Vink.*Nu bij .*: 5\\.`));
    t.match((await offer.submit()).text, /Kies een zaak/);
    t.match((await vries.get(await address(vries, there))).text, /Noor Vink/, 'nothing changes by itself');
    const done = await offer.submit({ cases: [there] });
    t.equal(done.path, `/cases/${here}?done=carriedOver`);
    const after = await vries.get(`/cases/${there}`);
    t.match(after.text, /Noor Vink-Smit, groep 6b/);
    t.notMatch((await vries.get(await address(vries, there))).text, '2015', 'what was not part of the change stays as it was');
    t.equal((await offer.submit({ cases: [there] })).path, `/cases/${here}?done=carriedOver`, 'a second click changes nothing');
    t.same(await verifyFindings(site), []);
  });
});
