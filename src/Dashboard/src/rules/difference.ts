import type { CouponChange } from '@/coupons/difference';
import type { TagChange } from '@/tags/model';
import type { TierChange } from '@/tiers/difference';
import type { PriceChange } from '@/prices/difference';
import type { ExpiryChange } from './expiry';
import type { TransferChange } from './transfer';
import { isOn, type Condition, type Rule } from './model';

export type ChangeKind = 'added' | 'removed' | 'changed' | 'on' | 'off' | 'renamed' | 'moved';
export interface ChangeOf<T> { kind: ChangeKind; id: string; before?: T; after?: T }
/** What is told of both lists by itself: a rule, a kind of coupon, a rule of issue. */
export interface Listed { id: string; nameZh: string; nameEn: string; enabled?: boolean }
export type RuleChange = ChangeOf<Rule> & { of?: undefined };
export type Change = RuleChange | CouponChange | ExpiryChange | TransferChange | TagChange | TierChange | PriceChange;

/** What publishing would do to the earning rules. */
export const differences = (before: readonly Rule[], after: readonly Rule[]): RuleChange[] => differencesOf(before, after, meaning);

/** What publishing would do to a list, one by one in the order of the new list; removed ones last. */
export function differencesOf<T extends Listed>(before: readonly T[], after: readonly T[], meaning: (one: T) => string): ChangeOf<T>[] {
  const old = new Map(before.map((rule) => [rule.id, rule]));
  const kept = new Set(after.map((rule) => rule.id));
  const moved = movedIds(before.filter((rule) => kept.has(rule.id)).map((rule) => rule.id), after.filter((rule) => old.has(rule.id)).map((rule) => rule.id));
  const found: ChangeOf<T>[] = [];
  for (const rule of after) {
    const was = old.get(rule.id);
    if (!was) {
      found.push({ kind: 'added', id: rule.id, after: rule });
      continue;
    }
    const pair = { id: rule.id, before: was, after: rule };
    const changed = meaning(was) !== meaning(rule);
    if (changed) found.push({ kind: 'changed', ...pair });
    if (isOn(was) !== isOn(rule)) found.push({ kind: isOn(rule) ? 'on' : 'off', ...pair });
    // A name follows its sentence by itself; it is worth a line only where it is all that changed.
    if (!changed && (was.nameZh !== rule.nameZh || was.nameEn !== rule.nameEn)) found.push({ kind: 'renamed', ...pair });
    if (moved.has(rule.id)) found.push({ kind: 'moved', ...pair });
  }
  for (const rule of before) if (!kept.has(rule.id)) found.push({ kind: 'removed', id: rule.id, before: rule });
  return found;
}

/** True when nothing at all differs, not even a name or the order. */
export const sameRules = (one: readonly Rule[], other: readonly Rule[]): boolean => differences(one, other).length === 0;

export const sameRule = (one: Rule, other: Rule): boolean => isSame(one, other, meaning);

export const isSame = <T extends Listed>(one: T, other: T, meaning: (one: T) => string): boolean =>
  meaning(one) === meaning(other) && isOn(one) === isOn(other) && one.nameZh === other.nameZh && one.nameEn === other.nameEn;

/** What a rule does, in one form however it was written: defaults left out, values without their order. */
export function meaning(rule: Rule): string {
  return JSON.stringify([
    rule.when ? plain(rule.when) : null,
    rule.minimum?.amountMinor || 0, rule.minimum?.quantity || 0,
    rule.give.kind, rule.give.percent ?? null, rule.give.points ?? null,
    rule.group || null,
    (rule.caps ?? []).map((cap) => [cap.per, cap.points, cap.over ?? 'reduce']),
  ]);
}

/** A condition in one form: groups of one left out, values without their order. */
export function plain(condition: Condition): unknown {
  if ('all' in condition) return condition.all.length === 1 ? plain(condition.all[0]!) : ['all', ...condition.all.map(plain)];
  if ('any' in condition) return condition.any.length === 1 ? plain(condition.any[0]!) : ['any', ...condition.any.map(plain)];
  if ('not' in condition) return ['not', plain(condition.not)];
  if ('in' in condition) return [condition.fact, ...[...condition.in].sort()];
  if (condition.fact === 'crossStore') return [condition.fact, condition.is];
  return [condition.fact, condition.from ?? null, condition.to ?? null];
}

/** The fewest ids that must move for one order to become the other: all that are not in the longest common run. */
function movedIds(before: readonly string[], after: readonly string[]): Set<string> {
  const place = new Map(before.map((id, index) => [id, index]));
  const order = after.map((id) => place.get(id) ?? 0);
  const length = order.map(() => 1);
  const from = order.map(() => -1);
  let end = -1;
  order.forEach((value, index) => {
    for (let earlier = 0; earlier < index; earlier++) {
      if (order[earlier]! < value && length[earlier]! + 1 > length[index]!) {
        length[index] = length[earlier]! + 1;
        from[index] = earlier;
      }
    }
    if (end < 0 || length[index]! > length[end]!) end = index;
  });
  const stays = new Set<number>();
  for (let at = end; at >= 0; at = from[at]!) stays.add(at);
  return new Set(after.filter((_, index) => !stays.has(index)));
}
