import type { WhyReason } from '@/api/types';

type Text = (key: string, values?: Record<string, unknown>) => string;

// The reasons that src/Domain writes into a tier's entry (TierRules), and the sentence for each.
const reasons: Record<string, string> = {
  'spend-reached': 'rule.spendReached',
  'spend-returned': 'rule.spendReturned',
  'spend-missed': 'rule.spendMissed',
  'spend-reached-again': 'rule.spendReachedAgain',
  'term-began': 'rule.termBegan',
};

// An entry may show as several lines; each answers for its own part of the entry.
const parts: Record<string, readonly string[]> = {
  purchase: ['points.base', 'rule.', 'cross-store.', 'points.used', 'stored-value.used', 'points.debt-paid', 'points.life', 'coupon.used', 'coupon.skipped'],
  return: ['return.'],
  tier: ['tier.'],
  'tier-kept': ['tier.'],
  'tier-forecast': ['tier.'],
  expired: ['points.expired'],
  'transfer-sent': ['transfer.'],
  'transfer-received': ['transfer.'],
  'transfer-given-back': ['transfer.'],
  'coupons-issued': ['coupons.issued', 'coupons.claimed'],
  'coupons-expired': ['coupons.expired'],
};

/** The reasons of an entry that belong to one of its lines; all of them for a line that is alone in its entry. */
export function reasonsOf(kind: string, all: readonly WhyReason[]): WhyReason[] {
  const own = parts[kind];
  // Coupons that an entry brought or ended have a line of their own.
  return all.filter((reason) => (own ? own.some((part) => reason.code.startsWith(part)) : !reason.code.startsWith('coupons.')));
}

/** The reasons that changed something first; those of rules that gave nothing apart, to be unfolded. */
export function splitReasons(all: readonly WhyReason[]): { told: WhyReason[]; silent: WhyReason[] } {
  const silent = all.filter((reason) => reason.code.startsWith('rule.') && !['rule.given', 'rule.reduced', 'rule.capped'].includes(reason.code));
  return { told: all.filter((reason) => !silent.includes(reason)), silent };
}

/** A note of the rules themselves as a sentence; a note that a person wrote stays as it is. */
export function noteText(note: string, t: Text): { text: string; quoted: boolean } {
  const key = reasons[note];
  return key ? { text: t(key), quoted: false } : { text: note, quoted: true };
}
