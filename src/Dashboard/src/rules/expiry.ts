import type { Problem } from '@/api/types';
import type { ProgrammeDocument, Typed } from './model';
import type { Part } from './sentence';

/** When points end: the `points.expiry` part of a programme document, as docs/domain/programme.md writes it down. */

export const expiryKinds = ['rolling', 'calendar', 'inactivity', 'never'] as const;
export type ExpiryKind = (typeof expiryKinds)[number];
export const roundings = ['month', 'day', 'none'] as const;
export type Rounding = (typeof roundings)[number];
/** Fields of it that this page does not know are kept as they are. */
export interface Expiry { kind?: ExpiryKind; months?: Typed; roundUpTo?: Rounding; days?: string[]; minimumDays?: Typed; [other: string]: unknown }
export interface ExpiryChange { of: 'expiry'; kind: 'changed'; id: 'expiry'; before: Expiry; after: Expiry }

interface Points { expiry?: Expiry; [other: string]: unknown }
const pointsOf = (document: ProgrammeDocument): Points => (document['points'] as Points | undefined) ?? {};
export const expiryOf = (document: ProgrammeDocument): Expiry => pointsOf(document).expiry ?? {};

/** The whole document with another end of points; untouched where nothing is said in either. */
export function withExpiry(document: ProgrammeDocument, expiry: Expiry): ProgrammeDocument {
  if (sameExpiry(expiryOf(document), expiry)) return document;
  return { ...document, points: { ...pointsOf(document), expiry } };
}

export const kindOf = (expiry: Expiry): ExpiryKind => expiry.kind ?? 'rolling';

/** Another kind with what is usual for it: fields of one kind say nothing of another, and the server refuses them. */
export function ofKind(expiry: Expiry, kind: ExpiryKind): Expiry {
  if (kind === 'never') return { kind };
  if (kind === 'calendar') return { kind, days: ['12-31'], minimumDays: 0 };
  return { kind, months: expiry.months ?? 12, roundUpTo: expiry.roundUpTo ?? 'month' };
}

/** What it means, in one form however it was written: defaults filled in. */
export function expiryMeaning(expiry: Expiry): string {
  const kind = kindOf(expiry);
  if (kind === 'never') return kind;
  if (kind === 'calendar') return JSON.stringify([kind, [...(expiry.days ?? [])].sort(), expiry.minimumDays ?? 0]);
  return JSON.stringify([kind, expiry.months ?? 12, expiry.roundUpTo ?? 'month']);
}
export const sameExpiry = (one: Expiry, other: Expiry): boolean => expiryMeaning(one) === expiryMeaning(other);

export const expiryDifferences = (before: Expiry, after: Expiry): ExpiryChange[] =>
  (sameExpiry(before, after) ? [] : [{ of: 'expiry', kind: 'changed', id: 'expiry', before, after }]);

/** Days as they are typed: 06-30, 12-31. */
export const daysTyped = (text: string): string[] => text.split(/[\s,，、;；]+/).filter((day) => day !== '');
export const daysShown = (days: readonly string[] | undefined): string => (days ?? []).join(', ');

/** The sentence of it, in the words of the page. */
export function expirySentence(expiry: Expiry, t: (key: string, values?: Record<string, unknown>) => string): Part[] {
  const kind = kindOf(expiry);
  const text = kind === 'calendar' ? t('expiry.sayCalendar', { days: daysShown([...(expiry.days ?? [])].sort()) || '?' }) + (Number(expiry.minimumDays ?? 0) > 0 ? t('expiry.sayMinimum', { n: expiry.minimumDays }) : '')
    : kind === 'never' ? t('expiry.sayNever')
      : t(`expiry.say.${kind}`, { n: expiry.months ?? 12 }) + t(`expiry.sayRound.${expiry.roundUpTo ?? 'month'}`);
  return [{ text, strong: true }];
}

/** Errors of these fields, and of the wait for points when it is too long for their life. */
export const isOfExpiry = (error: Problem): boolean => /^points\.(expiry(\.|$)|activeAfterDays$)/.test(error.field ?? '');
