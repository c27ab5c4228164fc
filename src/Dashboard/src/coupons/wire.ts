// Coupons on the wire, from src/Client/Wire/Coupons.cs. Amounts in minor units.

import type { LocalName } from '@/api/types';

export interface CouponView { coupon: number; kind: string; name?: LocalName | null; from: string; until?: string | null; held?: boolean | null }
export interface CouponUse { coupon: number; kind: string; name?: LocalName | null; discountMinor: number; bearer: string }
export interface CouponSkipped { coupon: number; code: number; zh: string; en: string }
export interface CouponOffer { coupon: CouponView; discountMinor: number; missingMinor: number; why?: CouponSkipped | null }
export interface SaleCoupons { used: CouponUse[]; discountMinor: number; lines: { line: number; discountMinor: number }[]; skipped: CouponSkipped[] }
export interface ReturnCoupons { back: CouponView[]; withdrawn: number[]; adjustmentMinor: number }
export interface CouponsReply { customer: string; coupons: CouponView[]; version: number }

/** What a member price takes off a line: from src/Client/Wire/MemberPrices.cs. */
export interface MemberPriceView { line: number; price: string; name?: LocalName | null; offMinor: number; amountMinor: number }

/** What the counter reads of a quote. */
export interface Quote { amountMinor: number; memberPrices?: MemberPriceView[] | null; coupons?: SaleCoupons | null; couponsIssued?: CouponView[] | null; offers: CouponOffer[] }
