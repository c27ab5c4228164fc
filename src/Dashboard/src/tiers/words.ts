import { amountOf, folded, partsOf, pointsOf, strong, type Part, type Speech } from '@/rules/sentence';
import { shownOver } from '@/rules/units';
import { askedOf, downgradeOf, measuresOf, type Tier, type Tiers } from './model';

/** Tiers in words: what reaches each and what it brings, and what the settings of all of them mean. */

export function tierSentence(tier: Tier, isLowest: boolean, part: Tiers, speech: Speech): Part[] {
  const { t } = speech;
  const clauses = [
    isLowest ? t('tierSay.everybody') : t('tierSay.reached', { what: measuresText(tier, part, speech) }),
    t('tierSay.earns', { value: strong(`×${shownOver(tier.multiplierPercent ?? 100, 2) || '…'}`) }),
    ...(tier.lasting ? [t('tierSay.lasting')] : []),
  ];
  return finished(folded(clauses, 'tierSay.then', t), speech);
}

function measuresText(tier: Tier, part: Tiers, speech: Speech): string {
  const asked = askedOf(tier);
  const said = (asked.length > 0 ? asked : (['spendMinor'] as const)).map((measure) => {
    const value = tier[measure];
    return speech.t(`tierSay.${measure}`, { value: strong(value === undefined || value === '' ? '…' : measure === 'spendMinor' ? amountOf(value, speech) : pointsOf(value)) });
  });
  return folded(said, `tierSay.join.${part.qualify ?? 'all'}`, speech.t);
}

/** How tiers are reached, how long they last, and what then: one sentence each. */
export function termsSentence(part: Tiers, speech: Speech): Part[] {
  const { t } = speech;
  const window = part.qualifyingWindow ?? 'rolling';
  const asked = measuresOf(part);
  const what = folded(asked.map((measure) => t(`tierSay.counts.${measure}`)), 'tierSay.list', t);
  const found = [t(`tierSay.window.${window}`, { n: strong(pointsOf(part.qualifyingMonths ?? 12)), what })];
  if (asked.length > 1) found.push(t(`tierSay.qualify.${part.qualify ?? 'all'}`));
  if (asked.includes('visits')) found.push(t('tierSay.visitMeans'));
  const validity = part.tierValidity;
  const downgrade = downgradeOf(part);
  if (!validity || downgrade === 'none') return finished([...found, t('tierSay.forEver')].join(t('tierSay.stop')), speech);
  const lasts = [t('tierSay.months', { n: strong(pointsOf(validity.months ?? 12)) })];
  const rounding = validity.roundUpTo ?? 'none';
  if (rounding !== 'none') lasts.push(t(`tierSay.round.${rounding}`));
  if (isSome(validity.graceDays)) lasts.push(t('tierSay.grace', { n: strong(pointsOf(validity.graceDays)) }));
  found.push(folded(lasts, 'tierSay.then', t));
  const notice = validity.noticeDays ?? 30;
  found.push(notice === 0 ? t('tierSay.noNotice') : t('tierSay.notice', { n: strong(pointsOf(notice)) }));
  found.push(t(`tierSay.downgrade.${downgrade}`));
  return finished(found.join(t('tierSay.stop')), speech);
}

const isSome = (value: unknown): boolean => value !== undefined && value !== 0;

function finished(text: string, speech: Speech): Part[] {
  if (speech.language === 'zh') return partsOf(text);
  return partsOf(text.charAt(0).toUpperCase() + text.slice(1));
}
