/** Numbers as people of the trade read them: 万 and 亿 in Chinese, K, M and B in English, the exact value always at hand. */

export type Language = 'zh' | 'en';

/** A number split for typesetting: the digits stand large, what is around them small. */
export interface NumberParts { prefix: string; digits: string; unit: string }

const locale = (language: Language): string => (language === 'zh' ? 'zh-CN' : 'en-GB');

const formatters = new Map<string, Intl.NumberFormat>();
function formatter(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.NumberFormat(locale(language), options)));
  return found;
}

const plain = (value: number, language: Language, digits: number): string =>
  formatter(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** Decimals of a currency: 2 for CNY, 0 for JPY. */
export function currencyDigits(currency: string): number {
  return formatter('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** ¥, $ or the code. */
export function currencySymbol(currency: string, language: Language): string {
  const parts = formatter(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0);
  return parts.find((part) => part.type === 'currency')?.value ?? currency;
}

/** ¥1,234.50 */
export function money(minor: number, currency: string, language: Language): string {
  const digits = currencyDigits(currency);
  return formatter(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: digits })
    .format(minor / 10 ** digits);
}

/** ¥1,234 where no part of a yuan is left over, ¥1,234.50 where one is. */
export function shortMoney(minor: number, currency: string, language: Language): string {
  const digits = currencyDigits(currency);
  const shown = minor % 10 ** digits === 0 ? 0 : digits;
  return formatter(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: shown, maximumFractionDigits: shown })
    .format(minor / 10 ** digits);
}

/** Whole number with thousands separators. */
export const count = (value: number, language: Language): string => plain(value, language, 0);

/** With a sign in front: +12, −3, 0. */
export function signed(value: number, language: Language): string {
  if (value === 0) return '0';
  return (value > 0 ? '+' : '−') + count(Math.abs(value), language);
}

/** Money with a sign in front: +¥12.00, −¥3.50. */
export function signedMoney(minor: number, currency: string, language: Language): string {
  return (minor > 0 ? '+' : minor < 0 ? '−' : '') + money(Math.abs(minor), currency, language);
}

/** One decimal: 6.2%. */
export const percent = (share: number, language: Language): string => `${plain(share * 100, language, 1)}%`;

const scales: Record<Language, readonly (readonly [number, string])[]> = {
  zh: [[1e8, '亿'], [1e4, '万']],
  en: [[1e9, 'B'], [1e6, 'M'], [1e4, 'K']],
};

function scaled(value: number, language: Language, smallDigits: number): { digits: string; unit: string } {
  const size = Math.abs(value);
  for (const [from, unit] of scales[language]) {
    if (size < from) continue;
    const inUnit = value / (unit === 'K' ? 1e3 : from);
    // Four or five figures that change are read at a glance; more are noise at three metres.
    return { digits: plain(inUnit, language, Math.abs(inUnit) >= 1_000 ? 1 : 2), unit };
  }
  return { digits: plain(value, language, smallDigits), unit: '' };
}

/** 128.49 万 as parts; below ten thousand whole major units. */
export function compactMoneyParts(minor: number, currency: string, language: Language): NumberParts {
  const { digits, unit } = scaled(minor / 10 ** currencyDigits(currency), language, 0);
  return { prefix: currencySymbol(currency, language), digits, unit };
}

export function compactMoney(minor: number, currency: string, language: Language): string {
  const parts = compactMoneyParts(minor, currency, language);
  return parts.digits.startsWith('-') ? `-${parts.prefix}${parts.digits.slice(1)}${parts.unit}` : parts.prefix + parts.digits + parts.unit;
}

/** For the marks of an axis: 4万, 2.5万, ¥0; no more digits than the mark needs. */
export function axisMoney(minor: number, currency: string, language: Language): string {
  const value = minor / 10 ** currencyDigits(currency);
  const [from, unit] = scales[language].find(([size]) => Math.abs(value) >= size) ?? [1, ''];
  const inUnit = value / (unit === 'K' ? 1e3 : from);
  return currencySymbol(currency, language) + formatter(language, { maximumFractionDigits: 2 }).format(inUnit) + unit;
}

export function compactCountParts(value: number, language: Language): NumberParts {
  return { prefix: '', ...scaled(value, language, 0) };
}

export function compactCount(value: number, language: Language): string {
  const { digits, unit } = compactCountParts(value, language);
  return digits + unit;
}

export interface Change { direction: 'up' | 'down' | 'flat' | 'none'; share: number }

/** The change against a base; none when the base says nothing. */
export function change(now: number, base: number): Change {
  if (base <= 0) return { direction: 'none', share: 0 };
  const share = (now - base) / base;
  const rounded = Math.round(share * 1000);
  return { direction: rounded === 0 ? 'flat' : rounded > 0 ? 'up' : 'down', share };
}
