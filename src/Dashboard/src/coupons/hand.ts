import type { CouponOffer, CouponSkipped, CouponView, SaleCoupons } from './wire';

const dayMs = 86_400_000;
/** An end within these days is worth a colour. */
const soonDays = 3;

const endOf = (coupon: CouponView): number => (coupon.until ? Date.parse(coupon.until) : Infinity);

/** Those that end soon first; what has ended and is not written off yet is not shown. */
export function inHand(coupons: readonly CouponView[], nowMs: number): CouponView[] {
  return coupons.filter((coupon) => endOf(coupon) > nowMs).sort((a, b) => endOf(a) - endOf(b) || a.coupon - b.coupon);
}

export const hasBegun = (coupon: CouponView, nowMs: number): boolean => Date.parse(coupon.from) <= nowMs;
export const endsSoon = (coupon: CouponView, nowMs: number): boolean => endOf(coupon) - nowMs < soonDays * dayMs;

/** The last moment a coupon is good: its end is the midnight after its last day. */
export const lastMoment = (coupon: CouponView): number | null => (coupon.until ? Date.parse(coupon.until) - 1 : null);

/** Coupons that could be shown at a till now. */
export const usableNow = (coupons: readonly CouponView[], nowMs: number): CouponView[] => inHand(coupons, nowMs).filter((coupon) => hasBegun(coupon, nowMs) && !coupon.held);

/** The offers of a quote, sorted for somebody with a customer in front: those that apply, those that nearly do, the rest. The server sorts within. */
export function sorted(offers: readonly CouponOffer[]): { apply: CouponOffer[]; near: CouponOffer[]; others: CouponOffer[] } {
  return {
    apply: offers.filter((offer) => !offer.why),
    near: offers.filter((offer) => offer.why && offer.missingMinor > 0),
    others: offers.filter((offer) => offer.why && offer.missingMinor === 0),
  };
}

const doNotStack = 188;

/** Coupons of a quote that were chosen and do not go with the others. */
export const clashes = (coupons: SaleCoupons | null | undefined): CouponSkipped[] => (coupons?.skipped ?? []).filter((one) => one.code === doNotStack);
