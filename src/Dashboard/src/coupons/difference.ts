import { differencesOf, isSame, plain, type ChangeOf } from '@/rules/difference';
import { rebaseOf } from '@/rules/rebase';
import { categoriesOf, issueOf, kindsOf, type CouponCategory, type CouponKind, type Coupons, type IssueRule } from './model';

/** What publishing would do to the coupons: kinds and rules of issue one by one, the categories together. */
export type CouponChange =
  | (ChangeOf<CouponKind> & { of: 'kind' })
  | (ChangeOf<IssueRule> & { of: 'issue' })
  | { of: 'categories'; kind: 'changed'; id: string; before: CouponCategory[]; after: CouponCategory[] };

export function couponDifferences(before: Coupons, after: Coupons): CouponChange[] {
  return [
    ...(sameCategories(before, after) ? [] : [{ of: 'categories' as const, kind: 'changed' as const, id: 'categories', before: categoriesOf(before), after: categoriesOf(after) }]),
    ...differencesOf(kindsOf(before), kindsOf(after), kindMeaning).map((change) => ({ ...change, of: 'kind' as const })),
    ...differencesOf(issueOf(before), issueOf(after), issueMeaning).map((change) => ({ ...change, of: 'issue' as const })),
  ];
}

const written = (coupons: Coupons): string => JSON.stringify(categoriesOf(coupons).map(({ id, perReceipt }) => [id, perReceipt ?? 1]));
const sameCategories = (one: Coupons, other: Coupons): boolean => written(one) === written(other);

/** What a kind does, in one form however it was written: defaults left out. */
export function kindMeaning(kind: CouponKind): string {
  const { give, minimum, valid, perCustomer, codes } = kind;
  return JSON.stringify([
    give.kind, give.minor ?? null, give.percent ?? null, give.mostMinor ?? null, give.eachMinor ?? null, give.times ?? null, give.items ?? 1, give.pairs ?? 1,
    kind.when ? plain(kind.when) : null,
    minimum?.amountMinor || 0, minimum?.quantity || 0, minimum?.receiptMinor || 0,
    valid?.days ?? null, valid?.afterDays || 0, valid?.from || null, valid?.to || null,
    kind.category || null, kind.alone ?? false, kind.perReceipt ?? 1, perCustomer ? [perCustomer.count ?? null, perCustomer.per ?? 'ever'] : null,
    kind.onReturn ?? 'recheck', kind.bearer ?? 'headquarters', kind.campaign || null, codes ? [codes.batch ?? null, codes.count ?? null] : null,
  ]);
}

export function issueMeaning(rule: IssueRule): string {
  return JSON.stringify([rule.on, rule.kind, rule.count ?? 1, rule.when ? plain(rule.when) : null, rule.minimumMinor || 0, rule.tier || null]);
}

/** My changes to the coupons since a version, made again on top of another one; and what both sides changed. */
export function rebaseCoupons(base: Coupons, mine: Coupons, theirs: Coupons): { coupons: Coupons; both: string[] } {
  const kinds = rebaseOf(kindsOf(base), kindsOf(mine), kindsOf(theirs), (one, other) => isSame(one, other, kindMeaning));
  const issue = rebaseOf(issueOf(base), issueOf(mine), issueOf(theirs), (one, other) => isSame(one, other, issueMeaning));
  const categories = sameCategories(base, mine) ? theirs.categories : mine.categories;
  return { coupons: { ...theirs, kinds: kinds.rules, issue: issue.rules, ...(categories ? { categories } : {}) }, both: [...kinds.both, ...issue.both] };
}
