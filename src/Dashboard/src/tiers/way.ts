import type { TierView } from '@/api/types';
import { money } from '@/lib/format';
import { folded, type Text } from '@/rules/sentence';
import type { Language } from '@/lib/format';

/** How far it is to a tier, in words and as a share, for tiers by spend alone and for those that ask for more. */

export interface WayWords { t: Text; language: Language; currency: string }
interface Missing { minor?: number | null | undefined; points?: number | null | undefined; visits?: number | null | undefined; any: boolean }

/** ¥600.00 and 2 visits; empty when nothing is missing. */
export function missingText(missing: Missing, { t, language, currency }: WayWords): string {
  const parts = [
    ...(missing.minor ? [money(missing.minor, currency, language)] : []),
    ...(missing.points ? [t('member.way.points', { n: missing.points })] : []),
    ...(missing.visits ? [t('member.way.visits', { n: missing.visits })] : []),
  ];
  return parts.length > 0 ? folded(parts, missing.any ? 'member.way.or' : 'member.way.and', t) : '';
}

export const nextMissing = (tier: TierView): Missing => ({ minor: tier.nextInMinor, points: tier.nextInPoints, visits: tier.nextInVisits, any: tier.qualify === 'any' });
export const keepMissing = (tier: TierView): Missing => ({ minor: tier.keepInMinor, points: tier.keepInPoints, visits: tier.keepInVisits, any: tier.qualify === 'any' });

/** What would reach the next tier. */
export function toNextText(tier: TierView, name: string, words: WayWords): string {
  const { t, language, currency } = words;
  if (!tier.qualify) return t('member.toNext', { amount: money(tier.nextInMinor ?? 0, currency, language), tier: name });
  const what = missingText(nextMissing(tier), words);
  return what ? t('member.way.toNext', { what, tier: name }) : t('member.way.ready', { tier: name });
}

/** The share of the way to the next tier that is done: of the measure that lacks most, or least where any is enough. */
export function progressOf(tier: TierView): number {
  const shares = ([[tier.qualifyingSpendMinor, tier.nextInMinor], [tier.qualifyingPoints, tier.nextInPoints], [tier.qualifyingVisits, tier.nextInVisits]] as const)
    .flatMap(([held, missing]) => (missing === null || missing === undefined ? [] : [shareOf(held ?? 0, missing)]));
  if (shares.length === 0) return 1;
  return tier.qualify === 'any' ? Math.max(...shares) : Math.min(...shares);
}

function shareOf(held: number, missing: number): number {
  const goal = held + missing;
  return goal <= 0 ? 0 : Math.min(1, Math.max(0, held / goal));
}
