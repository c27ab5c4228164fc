import type { LocalName } from '@/api/types';

type Text = (key: string, values?: Record<string, unknown>) => string;

// The names that src/Domain writes into an entry (Programme.RulesFor, TierRules), and the sentence for each.
const rules: Record<string, string> = {
  'points.earned': 'rule.earned',
  'cross-store.bonus': 'rule.crossStore',
  'cross-store.bonus-capped': 'rule.crossStoreCapped',
  'cross-store.cooling-down': 'rule.crossStoreCooling',
};
const reasons: Record<string, string> = {
  'spend-reached': 'rule.spendReached',
  'spend-returned': 'rule.spendReturned',
};

/** A rule's name as a sentence; one that this page does not know yet keeps its name, so that someone can ask about it. */
export function ruleText(rule: string, t: Text, tierName: (id: string) => LocalName | undefined, named: (name: LocalName) => string): string {
  const key = rules[rule];
  if (key) return t(key);
  if (rule.startsWith('tier.')) {
    const tier = tierName(rule.slice('tier.'.length));
    return tier ? t('rule.tierOf', { tier: named(tier) }) : t('rule.tier');
  }
  return t('rule.other', { name: rule });
}

/** A note of the rules themselves as a sentence; a note that a person wrote stays as it is. */
export function noteText(note: string, t: Text): { text: string; quoted: boolean } {
  const key = reasons[note];
  return key ? { text: t(key), quoted: false } : { text: note, quoted: true };
}
