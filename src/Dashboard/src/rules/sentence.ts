import type { LocalName } from '@/api/types';
import { money, type Language } from '@/lib/format';
import { facts, weekdays, weekend, workdays, type Cap, type Condition, type FactCondition, type Give, type Rule, type Typed } from './model';
import { shownOver } from './units';

/** A rule as one sentence, whose values are emphasised. All words come from the language files. */

export type Text = (key: string, values?: Record<string, unknown>) => string;
export interface Speech {
  t: Text;
  language: Language;
  currency: string;
  tier: (id: string) => LocalName | undefined;
  store: (id: string) => string | undefined;
  tag: (id: string) => LocalName | undefined;
}
export interface Part { text: string; strong: boolean }

// Values travel through the texts between two marks that nobody types, and are told apart at the end.
const open = '\uE000';
const close = '\uE001';
export const strong = (text: string): string => open + text.replaceAll(open, '').replaceAll(close, '') + close;

export function partsOf(marked: string): Part[] {
  return marked.split(open).flatMap((piece, index) => {
    if (index === 0) return [{ text: piece, strong: false }];
    const [value = '', rest = ''] = piece.split(close);
    return [{ text: value, strong: true }, { text: rest, strong: false }];
  }).filter((part) => part.text !== '');
}

/** The sentence in parts. Lists longer than `most` are counted instead of named. */
export function sentence(rule: Rule, speech: Speech, most = 4): Part[] {
  return partsOf(sentenceOf(rule, speech, most));
}

export const sentenceText = (rule: Rule, speech: Speech, most = 4): string => sentence(rule, speech, most).map((part) => part.text).join('');

function sentenceOf(rule: Rule, speech: Speech, most: number): string {
  const { t } = speech;
  const clauses = conditionClauses(rule.when ?? null, speech, most);
  const amount = rule.minimum?.amountMinor;
  const quantity = rule.minimum?.quantity;
  if (clauses.length === 0) clauses.push(t('say.always'));
  if (amount) clauses.push(t('say.minimumAmount', { value: strong(amountOf(amount, speech)) }));
  if (quantity) clauses.push(t('say.minimumQuantity', { value: strong(String(quantity)) }));
  const given = [giveText(rule.give, speech), ...(rule.caps ?? []).map((cap) => capText(cap, speech))];
  if (rule.group) given.push(t('say.group', { value: strong(rule.group) }));
  const said = t('say.rule', { conditions: folded(clauses, 'say.then', t), give: folded(given, 'say.then', t) });
  // Full-width brackets bring their own space.
  return speech.language === 'en' ? said.charAt(0).toUpperCase() + said.slice(1) : said.replace(/ ?（/g, '（').replace(/） /g, '）');
}

export const folded = (texts: readonly string[], key: string, t: Text): string => texts.reduce((a, b) => t(key, { a, b }));

// What is bought by whom comes first, then when, then where, as a person would say it.
const whenFacts: readonly string[] = ['weekday', 'day', 'time'];
const whereFacts: readonly string[] = ['region', 'city', 'store'];

function conditionClauses(when: Condition | null, speech: Speech, most: number): string[] {
  if (!when) return [];
  const { t } = speech;
  const children = 'all' in when ? when.all : [when];
  const of = (wanted: (fact: string) => boolean): string[] =>
    children.filter((child) => wanted('fact' in child ? child.fact : '')).map((child) => conditionText(child, speech, most, children.length > 1));
  const what = of((fact) => !whenFacts.includes(fact) && !whereFacts.includes(fact));
  return [
    ...(what.length > 0 ? [t('say.when', { what: folded(what, 'say.and', t) })] : []),
    ...of((fact) => whenFacts.includes(fact)),
    ...of((fact) => whereFacts.includes(fact)),
  ];
}

export function conditionText(condition: Condition, speech: Speech, most: number, inner: boolean): string {
  const { t } = speech;
  if ('not' in condition) return t('say.not', { what: conditionText(condition.not, speech, most, false) });
  if ('fact' in condition) return factText(condition, speech, most);
  const children = 'all' in condition ? condition.all : condition.any;
  if (children.length === 0) return t('say.nothing');
  const said = folded(children.map((child) => conditionText(child, speech, most, children.length > 1)), 'all' in condition ? 'say.and' : 'say.or', t);
  return inner && children.length > 1 ? t('say.brackets', { what: said }) : said;
}

function factText(condition: FactCondition, speech: Speech, most: number): string {
  const { t } = speech;
  if (condition.fact === 'crossStore') return strong(t(condition.is ? 'say.away' : 'say.home'));
  if (condition.fact === 'day') {
    const from = condition.from && strong(condition.from);
    const to = condition.to && strong(condition.to);
    if (from && to) return t('say.days', { from, to });
    return from ? t('say.since', { from }) : to ? t('say.until', { to }) : t('say.anyDay');
  }
  if (condition.fact === 'time') {
    return t(condition.from > condition.to ? 'say.night' : 'say.time', { from: strong(condition.from || '…'), to: strong(condition.to || '…') });
  }
  if (!('in' in condition)) return t('say.unknown');
  if (condition.fact === 'weekday') return weekdayText(condition.in, t);
  return t(`say.${condition.fact}`, { values: listed(valuesOf(condition, speech), most, t) });
}

function weekdayText(days: readonly string[], t: Text): string {
  if (isWeekend(days)) return t('say.onWeekend', { values: strong(t('say.weekend')) });
  if (isWorkdays(days)) return t('say.onWorkdays', { values: strong(t('say.workdays')) });
  return t('say.onDays', { values: listed(weekdays.filter((day) => days.includes(day)).map((day) => t(`say.${day}`)), 7, t) });
}

export const isWeekend = (days: readonly string[]): boolean => sameSet(days, weekend);
export const isWorkdays = (days: readonly string[]): boolean => sameSet(days, workdays);
const sameSet = (some: readonly string[], all: readonly string[]): boolean => some.length === all.length && all.every((one) => some.includes(one));

export function listed(values: readonly string[], most: number, t: Text): string {
  if (values.length === 0) return strong('…');
  const shown = values.length > most ? values.slice(0, Math.max(1, most - 1)) : values;
  const said = folded(shown.map(strong), 'say.list', t);
  return shown.length < values.length ? t('say.more', { values: said, n: values.length - shown.length }) : said;
}

export function valuesOf(condition: Extract<FactCondition, { in: string[] }>, speech: Speech): string[] {
  return condition.in.map((value) => {
    if (condition.fact === 'tier') return localName(speech.tier(value), speech.language) ?? value;
    if (condition.fact === 'tag') return localName(speech.tag(value), speech.language) ?? value;
    if (condition.fact === 'store') return speech.store(value) ?? value;
    if (condition.fact === 'channel') return channelName(value, speech.t);
    return value;
  });
}

export const localName = (name: LocalName | undefined, language: Language): string | undefined => name && ((language === 'zh' ? name.zh : name.en) || name.zh);

const channels: Readonly<Record<string, string>> = { store: 'say.channelStore', 'mini-program': 'say.channelMini', app: 'say.channelApp', online: 'say.channelOnline' };

/** A channel in words; one that the chain named itself keeps its name. */
export function channelName(channel: string, t: Text): string {
  const key = channels[channel];
  return key ? t(key) : channel;
}

function giveText(give: Give, speech: Speech): string {
  const { t } = speech;
  if (give.kind === 'multiply') return t('say.multiply', { value: strong(`×${shownOver(give.percent, 2) || '…'}`) });
  const value = strong(pointsOf(give.points));
  if (give.kind === 'perUnit') return t('say.perUnit', { value, amount: amountOf(100, speech) });
  return t(give.kind === 'perItem' ? 'say.perItem' : 'say.fixed', { value });
}

function capText(cap: Cap, speech: Speech): string {
  const said = speech.t(`say.cap.${cap.per}`, { value: strong(pointsOf(cap.points)) });
  return cap.over === 'refuse' ? speech.t('say.capRefuses', { cap: said }) : said;
}

/** A number as typed; one that is missing is a gap to fill. */
export const pointsOf = (points: Typed | undefined): string => (points === undefined || points === null || points === '' ? '…' : String(points));

/** ¥200 rather than ¥200.00: a round amount is said round. */
export function amountOf(amount: Typed, speech: Speech): string {
  return typeof amount === 'number' ? money(amount, speech.currency, speech.language).replace(/[.,]0+$/, '') : amount;
}

/** A short name made of what the rule says: 金卡会员 护肤 周末 积分 ×2. */
export function suggestName(rule: Rule, speech: Speech): string {
  const { t } = speech;
  const words: [number, string][] = [];
  const visit = (condition: Condition): void => {
    if ('all' in condition) condition.all.forEach(visit);
    else if ('any' in condition) condition.any.forEach(visit);
    else if ('fact' in condition && !('in' in condition && condition.in.length === 0)) words.push([facts.indexOf(condition.fact), nameWord(condition, speech)]);
  };
  if (rule.when) visit(rule.when);
  words.sort(([a], [b]) => a - b);
  const begin = words.length === 0 ? [t('say.everything')] : words.map(([, word]) => word);
  return [...begin, partsOf(giveText(rule.give, speech)).map((part) => part.text).join('')].filter((word) => word !== '').join(' ').slice(0, 120);
}

function nameWord(condition: FactCondition, speech: Speech): string {
  const { t } = speech;
  if (condition.fact === 'weekday') {
    if (isWeekend(condition.in)) return t('say.weekend');
    if (isWorkdays(condition.in)) return t('say.workdays');
  }
  const plain = (marked: string): string => partsOf(marked).map((part) => part.text).join('');
  if (condition.fact === 'weekday') return plain(listed(weekdays.filter((day) => condition.in.includes(day)).map((day) => t(`say.${day}`)), 7, t));
  if ('in' in condition) return plain(listed(valuesOf(condition, speech), 3, t));
  if (condition.fact === 'day') return [condition.from, condition.to].filter(Boolean).join('–');
  if (condition.fact === 'time') return `${condition.from}–${condition.to}`;
  return t(condition.is ? 'say.awayShort' : 'say.homeShort');
}

/** The rule with its names following what it says, where they were never typed: a name that equals the old suggestion, or is empty, is one. */
export function withSuggestedNames(before: Rule, after: Rule, zh: Speech, en: Speech): Rule {
  const follow = (name: string, speech: Speech): string => (name === '' || name === suggestName(before, speech) ? suggestName(after, speech) : name);
  return { ...after, nameZh: follow(after.nameZh, zh), nameEn: follow(after.nameEn, en) };
}
