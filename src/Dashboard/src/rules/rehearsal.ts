import type { RehearsalLine, RehearsalView } from '@/api/types';
import { count, money, type Language } from '@/lib/format';
import { differences, type Change } from './difference';
import { earningOf, rulesOf, type ProgrammeDocument } from './model';
import type { Text } from './sentence';

/** What a rehearsal found, in the words and orders in which it is shown. */

/** What was rehearsed: the draft as it stood, or nothing but what was booked. */
export interface Subject {
  hasDraft: boolean;
  document: ProgrammeDocument;
  changes: readonly Change[];
  /** The version that the draft changes; 0 for the built-in rules. */
  basedOn: number;
  days: number;
  atMs: number;
}

export const differenceOf = (line: RehearsalLine): number => line.livedPoints - line.bookedPoints;

export interface Words { t: Text; language: Language; currency: string }

/** How it ended; empty while it has not. */
export function outcome(view: RehearsalView | null, days: number, words: Words): string {
  const { t } = words;
  if (view === null || view.state === 'running') return '';
  if (view.state !== 'done') return t(view.state === 'cancelled' ? 'rehearse.cancelled' : 'rehearse.failed');
  return view.customers === 0 ? t('rehearse.nobodyThere', { n: days }) : headline(view, days, words);
}

/** The result in one sentence. */
export function headline(view: RehearsalView, days: number, words: Words): string {
  const { t, language, currency } = words;
  const n = (value: number): string => count(value, language);
  if (!view.hasDraft) return view.different === 0 ? t('rehearse.checkSame', { days, n: n(view.customers) }) : t('rehearse.checkDiffers', { days, n: n(view.different) });
  if (view.different === 0) return t('rehearse.same', { days });
  const points = view.livedPoints - view.bookedPoints;
  const who = whoOf(view, t, n);
  if (points === 0) return t('rehearse.equal', { days, n: n(view.different), who });
  // Where a point is worth nothing there is nothing to say of money.
  const worth = view.costMinor === 0 ? '' : t('rehearse.worth', { money: money(Math.abs(view.costMinor), currency, language) });
  return t(points > 0 ? 'rehearse.more' : 'rehearse.fewer', { days, points: n(Math.abs(points)), worth, who });
}

function whoOf(view: RehearsalView, t: Text, n: (value: number) => string): string {
  if (view.gain === 0 && view.lose === 0) return t('rehearse.nobody');
  if (view.lose === 0) return t('rehearse.gainOnly', { gain: n(view.gain) });
  if (view.gain === 0) return t('rehearse.loseOnly', { lose: n(view.lose) });
  return t('rehearse.gainLose', { gain: n(view.gain), lose: n(view.lose) });
}

/** Share of the members that were looked at, 0 to 1. */
export const shareOf = (view: Pick<RehearsalView, 'state' | 'done' | 'of'> | null): number =>
  (view === null ? 0 : view.state === 'done' ? 1 : view.of <= 0 ? 0 : Math.min(1, view.done / view.of));

/** What is now would come out otherwise than what was rehearsed. Names change nothing; a draft that was published since is what was rehearsed. */
export function isOutdated(subject: Subject, now: { hasDraft: boolean; document: ProgrammeDocument }): boolean {
  if (!subject.hasDraft) return now.hasDraft;
  const changes = differences(rulesOf(earningOf(subject.document)), rulesOf(earningOf(now.document)));
  return changes.some(({ kind }) => kind !== 'renamed') || restOf(subject.document) !== restOf(now.document);
}

/** Everything but the rules, in one form whatever the order of the fields. */
function restOf(document: ProgrammeDocument): string {
  const { rules: _, ...earning } = earningOf(document);
  const { earning: __, ...rest } = document;
  return JSON.stringify(ordered({ ...rest, earning }));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, ordered(inner)]));
}

export const columns = ['name', 'sales', 'booked', 'lived', 'difference', 'withheld'] as const;
export type Column = (typeof columns)[number];
export interface Order { column: Column; down: boolean }

const values: Readonly<Record<Exclude<Column, 'name'>, (line: RehearsalLine) => number>> = {
  sales: (line) => line.sales, booked: (line) => line.bookedPoints, lived: (line) => line.livedPoints, difference: differenceOf, withheld: (line) => line.withheld,
};
export const valueOf = (line: RehearsalLine, column: Exclude<Column, 'name'>): number => values[column](line);

/** Equal ones by name, so that the order never depends on chance. */
export function sortLines(lines: readonly RehearsalLine[], order: Order, nameOf: (line: RehearsalLine) => string): RehearsalLine[] {
  const byName = (a: RehearsalLine, b: RehearsalLine): number => nameOf(a).localeCompare(nameOf(b), 'zh-CN', { numeric: true }) || a.id.localeCompare(b.id);
  const { column, down } = order;
  if (column === 'name') return [...lines].sort((a, b) => (down ? byName(b, a) : byName(a, b)));
  const value = values[column];
  return [...lines].sort((a, b) => (down ? value(b) - value(a) : value(a) - value(b)) || byName(a, b));
}

/** A column begins with its largest values, names with A; pressed again it turns round. */
export const nextOrder = (order: Order, column: Column): Order => (order.column === column ? { column, down: !order.down } : { column, down: column !== 'name' });

/** Those that differ most, from the largest gain down to the largest loss. Neither side crowds out the other. */
export function barsOf(lines: readonly RehearsalLine[], most: number): RehearsalLine[] {
  const falling = [...lines].filter((line) => differenceOf(line) !== 0).sort((a, b) => differenceOf(b) - differenceOf(a) || a.id.localeCompare(b.id));
  const gains = falling.filter((line) => differenceOf(line) > 0);
  const losses = falling.filter((line) => differenceOf(line) < 0);
  const lost = Math.min(losses.length, Math.max(Math.floor(most / 2), most - gains.length));
  return [...gains.slice(0, most - lost), ...losses.slice(losses.length - lost)];
}
