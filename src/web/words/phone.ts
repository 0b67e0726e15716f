/** Gives the number as a tel: link wants it: digits, and a plus in front; null without a digit. "050- 5274500" gives "0505274500". */
export function telOf(phone: string | null | undefined): string | null {
  const digits = phone?.replace(/[^\d]/g, '') ?? '';
  if (digits === '') return null;
  return phone?.trim().startsWith('+') === true ? `+${digits}` : digits;
}
