import type { Pairs } from '../../forms/form-types.ts';
import type { School } from '../../staff/people-store.ts';
import type { Logo, SchoolData } from '../../staff/school-store.ts';
import { contrastInWords, contrastOf, leastContrast, readColour } from './colours.ts';
import { logoOf } from '../site/frame.ts';
import { valueIn } from '../site/http.ts';
import { readLogo } from '../site/logo.ts';
import type { Block } from '../views/school-view-models.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';
import type { TextField } from '../views/view-models.ts';

export type SchoolFields = { data: SchoolData; /** Undefined: nothing was uploaded. */ logo: Logo | undefined; problems: { [field: string]: string } };

/** The colour of the product, for schools that did not choose one. */
const ownColour = '#0b5563';

const white = '#ffffff';

/** Reads the fields of the school from a post, with a sentence for each that cannot be kept. A colour that is our own is kept as none. */
export function readSchool({ t }: Pick<Site, 't'>, values: Pairs, upload: Buffer | undefined): SchoolFields {
  const text = (name: string): string => valueIn(values, name).trim();
  const problems: SchoolFields['problems'] = {};
  const brin = text('brin').toUpperCase();
  const colour = readColour(text('colour'));
  const logo = upload === undefined ? undefined : readLogo(upload);
  if (text('school') === '') problems['school'] = t('school.needsName');
  if (brin !== '' && !/^\d\d[A-Z]{2}$/.test(brin)) problems['brin'] = t('school.badBrin');
  if (text('colour') !== '' && colour === null) problems['colour'] = t('school.badColour');
  if (colour !== null && contrastOf(colour, white) < leastContrast) problems['colour'] = t('school.paleColour', { contrast: contrastInWords(contrastOf(colour, white)) });
  if (typeof logo === 'string') problems['logo'] = t(`school.logo${logo.charAt(0).toUpperCase()}${logo.slice(1)}`);
  return {
    data: { name: text('school'), brin: brin || null, board: text('board') || null, colour: colour === ownColour ? null : colour },
    logo: typeof logo === 'string' ? undefined : logo, problems
  };
}

/** What a form about a school holds before anybody typed. */
export function pairsOfSchool(school: School | null): Pairs {
  return [['school', school?.name ?? ''], ['brin', school?.brin ?? ''], ['board', school?.board ?? ''], ['colour', school?.colour ?? ownColour]];
}

/** The colour in a form when it can be shown, else null. */
export function shownColour(values: Pairs): string | null {
  const colour = readColour(valueIn(values, 'colour'));
  return colour === null || colour === ownColour || contrastOf(colour, white) < leastContrast ? null : colour;
}

/** The fields of the school: name, number, board, colour and picture. */
export function schoolBlocks({ t }: Pick<Site, 't'>, school: School | null, values: Pairs, problems: SchoolFields['problems']): Block[] {
  const field = (name: string, label: string, hint: string | null, rest: Partial<TextField> = {}): TextField => textField({ id: name, name, label, hint, value: valueIn(values, name), error: problems[name] ?? null, optional: true, ...rest });
  return [
    { kind: 'field', field: field('school', t('school.name'), t('school.nameHint'), { optional: false, autocomplete: 'organization' }) },
    { kind: 'field', field: field('brin', t('school.brin'), t('school.brinHint'), { width: 'short' }) },
    { kind: 'field', field: field('board', t('school.board'), t('school.boardHint')) },
    colourBlock(t, field('colour', t('school.colour'), t('school.colourHint'), { optional: false, width: 'short' })),
    {
      kind: 'file', id: 'logo', name: 'logo', label: t('school.logo'), hint: t('school.logoHint'), accept: 'image/png,image/jpeg', error: problems['logo'] ?? null,
      src: school === null ? null : logoOf(school), alt: t('school.logoAlt', { school: school?.name ?? '' }),
      choose: t('school.fileChoose'), none: t('school.fileNone')
    }
  ];
}

function colourBlock(t: Site['t'], field: TextField): Block {
  const colour = readColour(field.value);
  const contrast = colour === null ? null : contrastOf(colour, white);
  const readable = contrast !== null && contrast >= leastContrast;
  return {
    kind: 'colour', field, good: t('school.colourGood'), bad: t('school.colourBad'), sample: t('school.colourSample'), look: t('school.colourLook'),
    theme: { readable, words: contrast === null ? '' : t(readable ? 'school.colourGood' : 'school.colourBad', { contrast: contrastInWords(contrast) }) }
  };
}
