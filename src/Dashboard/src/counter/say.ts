import type { MemberCard } from '@/api/types';

export interface Hint { key: string; values: Record<string, string | number>; money?: string; date?: string }

const dayMs = 86_400_000;
const soonDays = 30;
const longDays = 90;
/** The next tier is worth a word when less than this share of the way is left. */
const nearShare = 0.3;
const hintsMost = 3;

/** What to say to a member, the warmest first: three at most, since nobody reads more with somebody in front of them. */
export function hintsFor(card: MemberCard, store: string, nowMs: number, month: string): Hint[] {
  const hints: Hint[] = [];
  if (monthOf(card.birthday) === month) hints.push({ key: 'birthday', values: {} });
  if (card.points.frozen) hints.push({ key: 'pointsFrozen', values: {} });
  if (card.storedValue?.frozen) hints.push({ key: 'frozen', values: {} });
  if (card.purchaseCount === 0) hints.push({ key: 'first', values: {} });
  const near = nearTier(card);
  if (near !== null) hints.push({ key: 'near', values: { tier: '' }, money: String(near) });
  const soon = card.points.expiring.find((entry) => Date.parse(entry.at) - nowMs < soonDays * dayMs);
  if (soon) hints.push({ key: 'expiring', values: { n: soon.points }, date: soon.at });
  const last = card.visits[0];
  if (last && nowMs - Date.parse(last.at) > longDays * dayMs) hints.push({ key: 'away', values: { n: Math.floor((nowMs - Date.parse(last.at)) / dayMs) } });
  if (card.homeStore !== store) hints.push({ key: 'guest', values: { store: card.homeStoreName || card.homeStore } });
  return hints.slice(0, hintsMost);
}

/** Minor units to the next tier when it is near. */
function nearTier({ tier }: MemberCard): number | null {
  if (!tier.nextName || tier.nextInMinor === null || tier.nextInMinor === undefined || tier.nextInMinor <= 0) return null;
  // Where all is asked for, money alone would not do.
  if (tier.qualify === 'all' && (tier.nextInPoints || tier.nextInVisits)) return null;
  const goal = tier.qualifyingSpendMinor + tier.nextInMinor;
  return tier.nextInMinor / goal <= nearShare ? tier.nextInMinor : null;
}

/** MM of yyyy-MM-dd, --MM-dd, or the masked --MM. */
function monthOf(birthday: string | null | undefined): string | null {
  return /^(?:\d{4}-|--)(\d{2})/.exec(birthday ?? '')?.[1] ?? null;
}
