import type { Typed } from './model';

/** Between what people write (yuan, ×1.5) and what the document holds (minor units, percent): the decimal point moves, nothing is rounded. */

/** A typed number in plain form: full-width digits, spaces, separators, ¥ and × are forgiven. Null when it is none. */
export function plainNumber(text: string): string | null {
  const plain = text.normalize('NFKC').replace(/[\s,¥×x]/gi, '').replace(/。/g, '.');
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? plain : null;
}

/** What was typed, with its point moved to the right; undefined when nothing was typed, the text itself when it is no number. */
export function typedTimes(text: string, digits: number): Typed | undefined {
  if (text.trim() === '') return undefined;
  const plain = plainNumber(text);
  if (plain === null) return text.trim();
  const sign = plain.startsWith('-') ? '-' : '';
  const [whole = '', part = ''] = plain.replace('-', '').split('.');
  const moved = part.padEnd(digits, '0');
  return Number(`${sign}${whole}${moved.slice(0, digits)}.${moved.slice(digits) || '0'}`);
}

/** A stored number as people write it: 20000 is 200, 150 is 1.5. */
export function shownOver(value: Typed | undefined | null, digits: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return Number((value / 10 ** digits).toFixed(digits + 4)).toString();
}
