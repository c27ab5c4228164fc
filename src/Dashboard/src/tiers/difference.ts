import { differencesOf, isSame, type ChangeOf } from '@/rules/difference';
import { rebaseOf } from '@/rules/rebase';
import { tierList, downgradeOf, type Tier, type Tiers } from './model';

/** What publishing would do to the tiers: each by itself, and how they are reached and end together. */
export type TierChange =
  | (ChangeOf<Tier> & { of: 'tier'; from: Tiers; to: Tiers })
  | { of: 'tierTerms'; kind: 'changed'; id: string; before: Tiers; after: Tiers };

export function tierDifferences(before: Tiers, after: Tiers): TierChange[] {
  return [
    ...(termsMeaning(before) === termsMeaning(after) ? [] : [{ of: 'tierTerms' as const, kind: 'changed' as const, id: 'tierTerms', before, after }]),
    ...differencesOf(tierList(before), tierList(after), tierMeaning).map((change) => ({ ...change, of: 'tier' as const, from: before, to: after })),
  ];
}

/** What a tier asks for and brings, in one form however it was written. */
export const tierMeaning = (tier: Tier): string => JSON.stringify([tier.spendMinor || 0, tier.points || 0, tier.visits || 0, tier.multiplierPercent ?? 100, tier.lasting ?? false]);

/** How tiers are reached and end, in one form however it was written. */
export function termsMeaning(part: Tiers): string {
  const validity = part.tierValidity;
  const ends = validity && downgradeOf(part) !== 'none'
    ? [validity.months ?? 12, validity.roundUpTo ?? 'none', validity.graceDays ?? 0, validity.noticeDays ?? 30, downgradeOf(part)] : null;
  const window = part.qualifyingWindow ?? 'rolling';
  return JSON.stringify([part.qualify ?? 'all', window, window === 'rolling' ? part.qualifyingMonths ?? 12 : null, ends]);
}

/** My changes to the tiers since a version, made again on top of another one; and what both sides changed. */
export function rebaseTiers(base: Tiers, mine: Tiers, theirs: Tiers): { tiers: Tiers; both: string[] } {
  const list = rebaseOf(tierList(base), tierList(mine), tierList(theirs), (one, other) => isSame(one, other, tierMeaning));
  const { tiers: _, ...terms } = termsMeaning(base) === termsMeaning(mine) ? theirs : mine;
  return { tiers: { ...terms, ...(list.rules.length > 0 || theirs.tiers ? { tiers: list.rules } : {}) }, both: list.both };
}
