import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { clashes } from '@/coupons/hand';
import type { CouponSkipped, MemberPriceView, Quote } from '@/coupons/wire';
import { useQuote, type QuoteBody, type Quoting } from './useQuote';

/** A coupon that was touched and does not go with those that were chosen before it. */
export interface Clash { tapped: number; others: number[] }

export interface SaleCoupons extends Quoting {
  chosen: Readonly<Ref<readonly number[]>>;
  clash: Readonly<ShallowRef<Clash | null>>;
  toggle: (coupon: number) => void;
  /** Takes the coupon that did not go together instead of those it did not go with. */
  swap: () => void;
  /** What member prices take off lines, as far as it is known. */
  prices: ComputedRef<readonly MemberPriceView[]>;
  /** What the chosen ones take off, as far as it is known. */
  offMinor: ComputedRef<number>;
  /** Chosen ones that take nothing off this sale, and why. */
  idle: ComputedRef<readonly CouponSkipped[]>;
  /** The coupons that the sale names. */
  sent: ComputedRef<readonly number[]>;
}

/** The coupons of a sale while it is entered: chosen by a touch, worked out by the server. What is chosen always goes together. */
export function useSaleCoupons(sale: () => Omit<QuoteBody, 'coupons' | 'skipCoupons'> | null, first: number | null): SaleCoupons {
  const chosen = ref<readonly number[]>(first === null ? [] : [first]);
  const clash = shallowRef<Clash | null>(null);
  let tapped: number | null = null;

  const quoting = useQuote(() => {
    const body = sale();
    return body && (chosen.value.length > 0 ? { ...body, coupons: chosen.value, skipCoupons: true } : body);
  }, (quote) => {
    const last = tapped;
    tapped = null;
    if (last === null || !chosen.value.includes(last) || clashes(quote.coupons).length === 0) return;
    chosen.value = chosen.value.filter((one) => one !== last);
    clash.value = { tapped: last, others: usedOr(quote, chosen.value) };
  });

  function toggle(coupon: number): void {
    clash.value = null;
    const isOn = chosen.value.includes(coupon);
    tapped = isOn ? null : coupon;
    chosen.value = isOn ? chosen.value.filter((one) => one !== coupon) : [...chosen.value, coupon];
  }
  function swap(): void {
    if (!clash.value) return;
    chosen.value = [clash.value.tapped];
    clash.value = null;
  }

  const known = computed(() => (quoting.failure.value ? null : quoting.quote.value?.coupons ?? null));
  const idle = computed(() => (known.value?.skipped ?? []).filter((one) => chosen.value.includes(one.coupon)));
  return {
    ...quoting, chosen, clash, toggle, swap, idle,
    prices: computed(() => (quoting.failure.value ? [] : quoting.quote.value?.memberPrices ?? [])),
    offMinor: computed(() => known.value?.discountMinor ?? 0),
    sent: computed(() => chosen.value.filter((one) => !idle.value.some((skipped) => skipped.coupon === one))),
  };
}

/** Of several that were chosen before, those that count; the others are in nobody's way. */
function usedOr(quote: Quote, chosen: readonly number[]): number[] {
  const counted = new Set([...(quote.coupons?.used ?? []).map((use) => use.coupon), ...clashes(quote.coupons).map((one) => one.coupon)]);
  const found = chosen.filter((one) => counted.has(one));
  return found.length > 0 ? found : [...chosen];
}
