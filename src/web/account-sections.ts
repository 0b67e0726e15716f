import type { FastifyRequest } from 'fastify';
import { dayOf, formatDay } from './format.ts';
import { visitorOf } from './http.ts';
import type { Site } from './site.ts';
import { asksSecondFactor } from './step-up.ts';
import type { AccountSection } from './view-models.ts';

/** What somebody has besides the password, and how to change it. */
export async function secondFactorSection(site: Site, request: FastifyRequest): Promise<AccountSection> {
  const { t } = site;
  const { person, school } = visitorOf(request);
  const section = { id: 'tweede-stap', title: t('signIn.account.second'), rows: [] };
  if (!asksSecondFactor(site, school)) return { ...section, paragraphs: [t('signIn.account.second.off')], links: [], forms: [] };
  const { app, codesLeft } = await site.factors.of(person.id);
  return {
    ...section,
    paragraphs: [
      app === null ? t('signIn.account.second.noApp') : t('signIn.account.second.app', { day: formatDay(dayOf(app)) }),
      codesLeft === 0 ? t('signIn.account.second.noCodes') : t('signIn.account.second.codes', { n: codesLeft })
    ],
    links: [{ href: '/second-factor/app?next=/account', text: t(app === null ? 'signIn.account.second.addApp' : 'signIn.account.second.replace') }],
    forms: [{ action: '/second-factor/codes', hidden: [], button: t('signIn.account.second.renew'), text: t('signIn.account.second.renewText') }]
  };
}
