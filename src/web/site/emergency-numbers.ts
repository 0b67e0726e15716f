import type { PartnerMap } from '../../definitions/content.ts';
import type { PartnerStore } from '../../partners/partner-store.ts';
import type { Translate } from '../../texts.ts';
import { telOf } from '../words/phone.ts';
import type { EmergencyNumber } from '../views/view-models.ts';

export type EmergencyNumbers = {
  /** The numbers of a school, the national emergency number first; null: nobody is signed in. */
  of(school: string | null): Promise<EmergencyNumber[]>;
  /** The directory of a school was changed. */
  forget(): void;
};

/** Numbers on a page may be this old: other instances change the directory too. */
const keptForMs = 30_000;

/**
 * Gives the numbers for the bar on every page: the national number from texts/, then the emergency partners of the school.
 * Before sign-in those of the only school there is; without one, of the starter map. A directory that cannot be read leaves the national number.
 */
export function makeEmergencyNumbers({ partners, onlySchool, starter, t, nowMs }: {
  partners: PartnerStore; onlySchool: () => Promise<string | null>; starter: PartnerMap | null; t: Translate; nowMs: () => number;
}): EmergencyNumbers {
  const national: EmergencyNumber = { name: t('web.emergency.national'), phone: t('web.emergency.nationalNumber'), tel: t('web.emergency.nationalNumber'), purpose: null, note: null };
  const kept = new Map<string | null, { until: number; numbers: EmergencyNumber[] }>();
  const read = async (school: string | null): Promise<EmergencyNumber[]> => {
    const id = school ?? await onlySchool();
    const own = id === null ? [] : (await partners.list(id)).filter(({ emergency }) => emergency).map(({ organisation, phone, purpose, notes }) => ({ name: organisation, phone, purpose, note: shortNote(notes) }));
    const found = own.length > 0 ? own : (starter?.partners ?? []).filter(({ emergency }) => emergency === true).map(({ organisation, phone, purpose, notes }) => ({ name: organisation, phone: phone ?? null, purpose: purpose ?? null, note: shortNote(notes) }));
    return [national, ...found.flatMap(({ name, phone, purpose, note }) => {
      const tel = telOf(phone);
      return phone === null || tel === null || tel === national.tel ? [] : [{ name, phone, tel, purpose, note }];
    })];
  };
  return {
    of: async (school) => {
      const known = kept.get(school);
      if (known !== undefined && known.until > nowMs()) return known.numbers;
      const numbers = await read(school).catch(() => [national]);
      kept.set(school, { until: nowMs() + keptForMs, numbers });
      return numbers;
    },
    forget: () => { kept.clear(); }
  };
}

/** The first sentence of the notes when it fits in the bar, without a capital and a full stop: "dag en nacht, gratis". */
function shortNote(notes: string | null | undefined): string | null {
  const [first = ''] = (notes ?? '').split(/[.!?](?:\s|$)/);
  return first === '' || first.length > 30 ? null : first.charAt(0).toLocaleLowerCase('nl') + first.slice(1);
}
