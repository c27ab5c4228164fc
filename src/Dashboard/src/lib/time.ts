import type { Language } from './format';

/** Times in the chain's zone, whatever the browser's: a shop's day begins at its own midnight. */

const locale = (language: Language): string => (language === 'zh' ? 'zh-CN' : 'en-GB');

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(language: Language, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + zone + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.DateTimeFormat(locale(language), { timeZone: zone, hourCycle: 'h23', ...options })));
  return found;
}

export const clock = (ms: number, zone: string): string =>
  formatter('en', zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(ms);

export const hourMinute = (ms: number, zone: string): string =>
  formatter('en', zone, { hour: '2-digit', minute: '2-digit' }).format(ms);

export const dayAndWeekday = (ms: number, zone: string, language: Language): string =>
  formatter(language, zone, { month: language === 'zh' ? 'long' : 'short', day: 'numeric', weekday: language === 'zh' ? 'long' : 'short' }).format(ms);

export const date = (ms: number, zone: string, language: Language): string =>
  formatter(language, zone, { year: 'numeric', month: language === 'zh' ? 'long' : 'short', day: 'numeric' }).format(ms);

/** yyyy-MM-dd of a moment in the chain's zone. */
export const businessDay = (ms: number, zone: string): string => {
  const parts = formatter('en', zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(ms);
  const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
};

/** Another day, counted from a yyyy-MM-dd. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The 5-minute slot of a moment within its day, 0 to 287. */
export const slotOf = (ms: number, zone: string): number => {
  const [hour = 0, minute = 0] = hourMinute(ms, zone).split(':').map(Number);
  return hour * 12 + Math.floor(minute / 5);
};

export const slotLabel = (slot: number): string =>
  `${String(Math.floor(slot / 12)).padStart(2, '0')}:${String((slot % 12) * 5).padStart(2, '0')}`;

export type Ago = { unit: 'now' } | { unit: 'minutes' | 'hours'; value: number } | { unit: 'date' };

/** Relative within a day, absolute after. */
export function ago(atMs: number, nowMs: number): Ago {
  const minutes = Math.floor((nowMs - atMs) / 60_000);
  if (minutes < 1) return { unit: 'now' };
  if (minutes < 60) return { unit: 'minutes', value: minutes };
  if (minutes < 24 * 60) return { unit: 'hours', value: Math.floor(minutes / 60) };
  return { unit: 'date' };
}
