import type { Problem } from '@/api/types';
import type { ProgrammeDocument, Typed } from './model';
import type { Part } from './sentence';

/** Points that customers give to each other: the `points.transfer` part of a programme document, as docs/domain/programme.md writes it down. */

/** Fields of it that this page does not know are kept as they are. */
export interface Transfer { to?: 'nobody' | 'anybody'; leastPoints?: Typed; mostPointsPerDay?: Typed | null; mostPointsPerYear?: Typed | null; [other: string]: unknown }
export interface TransferChange { of: 'transfer'; kind: 'changed'; id: 'transfer'; before: Transfer; after: Transfer }

interface Points { transfer?: Transfer; [other: string]: unknown }
const pointsOf = (document: ProgrammeDocument): Points => (document['points'] as Points | undefined) ?? {};
export const transferOf = (document: ProgrammeDocument): Transfer => pointsOf(document).transfer ?? {};

/** The whole document with other rules of transfers; untouched where they mean the same. */
export function withTransfer(document: ProgrammeDocument, transfer: Transfer): ProgrammeDocument {
  if (sameTransfer(transferOf(document), transfer)) return document;
  return { ...document, points: { ...pointsOf(document), transfer } };
}

export const isOffered = (transfer: Transfer): boolean => transfer.to === 'anybody';

/** One field more or less: a limit that is left empty is none. */
export function changed(transfer: Transfer, field: 'leastPoints' | 'mostPointsPerDay' | 'mostPointsPerYear', value: Typed | undefined): Transfer {
  const { [field]: _, ...rest } = transfer;
  return value === undefined ? rest : { ...rest, [field]: value };
}

/** What it means, in one form however it was written: defaults filled in. */
export const transferMeaning = (transfer: Transfer): string =>
  JSON.stringify([transfer.to ?? 'nobody', transfer.leastPoints ?? 1, transfer.mostPointsPerDay ?? null, transfer.mostPointsPerYear ?? null]);
export const sameTransfer = (one: Transfer, other: Transfer): boolean => transferMeaning(one) === transferMeaning(other);

export const transferDifferences = (before: Transfer, after: Transfer): TransferChange[] =>
  (sameTransfer(before, after) ? [] : [{ of: 'transfer', kind: 'changed', id: 'transfer', before, after }]);

/** The sentence of it, in the words of the page. */
export function transferSentence(transfer: Transfer, t: (key: string, values?: Record<string, unknown>) => string): Part[] {
  if (!isOffered(transfer)) return [{ text: t('transfer.sayNobody'), strong: true }];
  const least = transfer.leastPoints ?? 1;
  const text = (least === 1 ? t('transfer.sayAnybody') : t('transfer.sayLeast', { n: least }))
    + (transfer.mostPointsPerDay ? t('transfer.sayDay', { n: transfer.mostPointsPerDay }) : '') + (transfer.mostPointsPerYear ? t('transfer.sayYear', { n: transfer.mostPointsPerYear }) : '');
  return [{ text, strong: true }];
}

export const isOfTransfer = (error: Problem): boolean => /^points\.transfer(\.|$)/.test(error.field ?? '');
