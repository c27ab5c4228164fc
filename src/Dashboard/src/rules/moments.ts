/** Days and times as people type them, in the form of the document. What is neither stays as typed, for the server to refuse at its field. */

const two = (value: number): string => String(value).padStart(2, '0');
const plain = (text: string): string => text.normalize('NFKC').trim();

/** 2026-12-01 from 2026-12-1, 2026/12/1, 2026.12.1, 20261201 and their like in Chinese; null when it is no day. */
export function typedDay(text: string): string | null {
  const match = /^(\d{4})\D{0,2}?(\d{2})\D{0,2}?(\d{2})\D?$/.exec(plain(text)) ?? /^(\d{4})\D(\d{1,2})\D(\d{1,2})\D?$/.exec(plain(text));
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const found = new Date(Date.UTC(year, month - 1, day));
  // 31 April would roll over into May.
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day ? `${match[1]}-${two(month)}-${two(day)}` : null;
}

/** 09:30 from 9:30, 930, 0930 and 9; null when it is no time of day. */
export function typedTime(text: string): string | null {
  const match = /^(\d{1,2})(?:\D(\d{2}))?$/.exec(plain(text)) ?? /^(\d{1,2})(\d{2})$/.exec(plain(text));
  if (!match) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
  return hour < 24 && minute < 60 ? `${two(hour)}:${two(minute)}` : null;
}
