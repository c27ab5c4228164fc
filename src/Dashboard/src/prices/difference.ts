import { differencesOf, isSame, plain, type ChangeOf } from '@/rules/difference';
import { rebaseOf } from '@/rules/rebase';
import { accessList, priceList, type EarlyAccess, type MemberPrice, type Prices } from './model';

/** What publishing would do to member prices and early access, one by one. */
export type PriceChange = (ChangeOf<MemberPrice> & { of: 'price' }) | (ChangeOf<EarlyAccess> & { of: 'access' });

export function priceDifferences(before: Prices, after: Prices): PriceChange[] {
  return [
    ...differencesOf(priceList(before), priceList(after), priceMeaning).map((change) => ({ ...change, of: 'price' as const })),
    ...differencesOf(accessList(before), accessList(after), accessMeaning).map((change) => ({ ...change, of: 'access' as const })),
  ];
}

/** What a price does, in one form however it was written. */
export const priceMeaning = ({ when, give, onDiscounted }: MemberPrice): string =>
  JSON.stringify([when ? plain(when) : null, give.kind, give.percent ?? null, give.minor ?? null, onDiscounted ?? true]);

/** What an early access says, in one form however it was written. */
export const accessMeaning = ({ goods, who, earlyFrom, publicFrom }: EarlyAccess): string =>
  JSON.stringify([goods ? plain(goods) : null, who ? plain(who) : null, earlyFrom || null, publicFrom || null]);

/** My changes to prices since a version, made again on top of another one; and what both sides changed. */
export function rebasePrices(base: Prices, mine: Prices, theirs: Prices): { prices: Prices; both: string[] } {
  const prices = rebaseOf(priceList(base), priceList(mine), priceList(theirs), (one, other) => isSame(one, other, priceMeaning));
  const access = rebaseOf(accessList(base), accessList(mine), accessList(theirs), (one, other) => isSame(one, other, accessMeaning));
  return { prices: { memberPrices: prices.rules, earlyAccess: access.rules }, both: [...prices.both, ...access.both] };
}
