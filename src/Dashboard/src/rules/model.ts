/** The earning rules of a programme document, as docs/domain/earning-rules.md writes them down. What is being typed may not be valid yet. */

/** A number while somebody types it: what cannot be read as one stays text, so that the server can refuse it at its field. */
export type Typed = number | string;

export const listFacts = ['tier', 'tag', 'category', 'brand', 'product', 'channel', 'weekday', 'region', 'city', 'store'] as const;
export type ListFact = (typeof listFacts)[number];
export const facts = ['tier', 'tag', 'category', 'brand', 'product', 'weekday', 'day', 'time', 'region', 'city', 'store', 'channel', 'crossStore'] as const;
export type FactName = (typeof facts)[number];

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const workdays: readonly string[] = weekdays.slice(0, 5);
export const weekend: readonly string[] = weekdays.slice(5);
export const knownChannels = ['store', 'mini-program', 'app', 'online'] as const;

export interface ListCondition { fact: ListFact; in: string[] }
export interface DayCondition { fact: 'day'; from?: string; to?: string }
export interface TimeCondition { fact: 'time'; from: string; to: string }
export interface CrossStoreCondition { fact: 'crossStore'; is: boolean }
export type FactCondition = ListCondition | DayCondition | TimeCondition | CrossStoreCondition;
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | FactCondition;

export const giveKinds = ['multiply', 'perUnit', 'perItem', 'fixed'] as const;
export type GiveKind = (typeof giveKinds)[number];
export interface Give { kind: GiveKind; percent?: Typed; points?: Typed }

export const capTimes = ['purchase', 'day', 'month', 'year', 'ever'] as const;
export type CapTime = (typeof capTimes)[number];
export interface Cap { per: CapTime; points: Typed; over?: 'reduce' | 'refuse' }

export interface Rule {
  id: string;
  nameZh: string;
  nameEn: string;
  enabled?: boolean;
  when?: Condition | null;
  minimum?: { amountMinor?: Typed; quantity?: Typed } | null;
  give: Give;
  group?: string | null;
  caps?: Cap[] | null;
}

/** The `earning` part of the document; fields of it that this page does not know are kept as they are. */
export interface Earning { rules?: Rule[]; [other: string]: unknown }
export interface ProgrammeDocument { earning?: Earning; [other: string]: unknown }

export const isOn = (rule: { enabled?: boolean }): boolean => rule.enabled !== false;
export const earningOf = (document: ProgrammeDocument): Earning => document.earning ?? {};
export const rulesOf = (earning: Earning): Rule[] => earning.rules ?? [];

/** The whole document with another `earning`; everything else stays as it was. No rules where there was no `earning` either writes none. */
export function withEarning(document: ProgrammeDocument, earning: Earning): ProgrammeDocument {
  const empty = Object.keys(earning).every((key) => key === 'rules') && rulesOf(earning).length === 0;
  return document.earning === undefined && empty ? document : { ...document, earning };
}

/** A condition of a fact as it begins, before anything is chosen. */
export function emptyFact(fact: FactName): FactCondition {
  if (fact === 'day') return { fact };
  if (fact === 'time') return { fact, from: '09:00', to: '12:00' };
  if (fact === 'crossStore') return { fact, is: true };
  return { fact, in: [] };
}

/** Without the fields that say nothing: a document reads best with only what was chosen. */
export function tidy(rule: Rule): Rule {
  const { minimum, caps, group, ...rest } = rule;
  return { ...rest, ...(minimum ? { minimum } : {}), ...(group ? { group } : {}), ...(caps && caps.length > 0 ? { caps } : {}) };
}

/** What a rule gives when its kind is chosen: the most usual value, so that one click gives something valid. */
export function usualGive(kind: GiveKind): Give {
  if (kind === 'multiply') return { kind, percent: 200 };
  return { kind, points: kind === 'perUnit' ? 1 : kind === 'perItem' ? 10 : 100 };
}

export function newRule(id: string): Rule {
  return { id, nameZh: '', nameEn: '', enabled: true, give: usualGive('multiply') };
}

export function move<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const to = index + by;
  if (index < 0 || index >= list.length || to < 0 || to >= list.length) return [...list];
  const moved = [...list];
  [moved[index], moved[to]] = [moved[to]!, moved[index]!];
  return moved;
}

export function insertAt<T>(list: readonly T[], index: number, item: T): T[] {
  const at = Math.max(0, Math.min(index, list.length));
  return [...list.slice(0, at), item, ...list.slice(at)];
}
