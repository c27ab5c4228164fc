/** Amounts as a till types them: text while it is typed, minor units once it is meant. No rounding, no fractions of binary numbers in between. */

/** The server takes no amount above 100 million. */
const wholeDigitsMost = 9;

export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '00' | '.' | 'back' | 'clear';

const plain = (text: string): string => text.normalize('NFKC').replace(/[\s,¥$]/g, '').replace(/。/g, '.');

/** Minor units of what was typed; null when it is no amount, or finer than the currency. */
export function parseAmount(text: string, digits: number): number | null {
  const found = /^(\d*)(?:\.(\d*))?$/.exec(plain(text));
  const [, whole = '', part = ''] = found ?? [];
  if (!found || whole + part === '' || whole.length > wholeDigitsMost || part.length > digits) return null;
  return Number(`${whole}${part.padEnd(digits, '0')}`);
}

/** A whole number that was typed; null when it is none. */
export const parseCount = (text: string): number | null => parseAmount(text, 0);

/** A quantity with at most three decimals; null when it is none. */
export function parseQuantity(text: string): number | null {
  const milli = parseAmount(text, 3);
  return milli === null ? null : milli / 1000;
}

/** What is left of a typed text that may stand in a field: digits and one point. Letters are shortcuts there and never get in. */
export function cleanAmount(text: string, digits: number): string {
  const [whole = '', ...rest] = plain(text).replace(/[^\d.]/g, '').split('.');
  const short = whole.replace(/^0+(?=\d)/, '').slice(0, wholeDigitsMost);
  return digits === 0 || rest.length === 0 ? short : `${short === '' ? '0' : short}.${rest.join('').slice(0, digits)}`;
}

/** The text after a key of the pad; one that would make no amount changes nothing. */
export function press(text: string, key: PadKey, digits: number): string {
  if (key === 'clear') return '';
  if (key === 'back') return text.slice(0, -1);
  if (key === '.') return digits === 0 || text.includes('.') ? text : `${text === '' ? '0' : text}.`;
  if (key === '00' && (text === '' || text === '0')) return text === '' ? '0' : text;
  const [, part] = text.split('.');
  if (part !== undefined && part.length + key.length > digits) return part.length < digits ? press(text, '0', digits) : text;
  return cleanAmount(text + key, digits);
}

/** Minor units as somebody would type them: 12800 is 128, 12850 is 128.5. */
export function typed(minor: number, digits: number): string {
  const text = String(minor).padStart(digits + 1, '0');
  const whole = digits === 0 ? text : text.slice(0, -digits);
  const part = digits === 0 ? '' : text.slice(-digits).replace(/0+$/, '');
  return part === '' ? whole : `${whole}.${part}`;
}
