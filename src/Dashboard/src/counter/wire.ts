// What the counter's writes answer, from src/Client/Wire. Amounts in minor units, points whole.

import type { LocalName, StoredValue } from '@/api/types';
import type { CouponView, MemberPriceView, ReturnCoupons, SaleCoupons } from '@/coupons/wire';

export interface TierChange { from: string; to: string; toName: LocalName }
export interface StoredValueMove { moved: StoredValue; balance: StoredValue }

export interface SaleReply {
  customer?: string | null;
  store: string;
  receipt: string;
  amountMinor: number;
  pointsUsed: number;
  pointsValueMinor: number;
  chargeMinor: number;
  pointsEarned: number;
  pointsBonus: number;
  balance: number;
  tier?: string | null;
  tierChanged?: TierChange | null;
  crossStore: boolean;
  storedValue?: StoredValueMove | null;
  coupons?: SaleCoupons | null;
  couponsIssued?: CouponView[] | null;
  memberPrices?: MemberPriceView[] | null;
  version: number;
}

export interface ReturnReply {
  customer: string;
  purchaseStore: string;
  purchaseReceipt: string;
  amountMinor: number;
  payBackMinor: number;
  pointsTakenBack: number;
  pointsGivenBack: number;
  storedValue?: StoredValueMove | null;
  balance: number;
  tierChanged?: TierChange | null;
  coupons?: ReturnCoupons | null;
  version: number;
}

/** What the counter reads of the quote of a return. */
export interface ReturnQuote { payBackMinor: number; amountMinor: number; coupons?: ReturnCoupons | null }

export interface StoredValueReply { customer: string; moved: StoredValue; balance?: StoredValue | null; couponsIssued?: CouponView[] | null; version: number }
export interface PointsReply { customer: string; points: number; balance: number; version: number }
export interface PointsFreezeReply { customer: string; frozen: boolean; version: number }
export type ActReply = SaleReply | ReturnReply | StoredValueReply | PointsReply | PointsFreezeReply;

export interface EnrolRequest { store: string; staff?: string; name?: string; phone?: string; card?: string; birthday?: string; referralCode?: string }
export interface EnrolReply { id: string; tier: string; homeStore: string; version: number }

export interface ReceiptLine {
  line: number;
  product: string;
  category?: string | null;
  brand?: string | null;
  quantity: number;
  amountMinor: number;
  backQuantity: number;
  backMinor: number;
  back: boolean;
}

export interface ReceiptReply {
  customer: string;
  version: number;
  store: string;
  storeName?: string | null;
  receipt: string;
  at: string;
  amountMinor: number;
  lines: ReceiptLine[];
}
