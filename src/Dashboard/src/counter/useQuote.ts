import type { Quote } from '@/coupons/wire';
import type { LineBody } from './sale';
import { useAsked, type Asking } from './useAsked';

export interface QuoteBody { customer: { id: string }; store: string; lines: readonly LineBody[]; memberPrices: true; coupons?: readonly number[]; skipCoupons?: boolean }

export type Quoting = Asking<Quote>;

/** Asks what a sale would come to. A coupon that was touched is asked for at once, a key that was typed waits for the next. */
export const useQuote = (body: () => QuoteBody | null, answered: (quote: Quote) => void): Quoting =>
  useAsked<QuoteBody, Quote>('/v1/baskets/quote', body, ({ lines }) => lines, answered);
