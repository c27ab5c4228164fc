import { request } from '@/api/http';

interface Step { atLeastMinor: number; giftMinor: number }

/** What a counter needs to know of the running programme. */
export interface Terms {
  /** Worth of one point in minor units; 0 where points pay for nothing. */
  pointMinor: number;
  /** Null where nobody tops up. */
  topUps: readonly Step[] | null;
  /** Goods have prices for members, or come to some first: what a sale comes to is asked for. */
  hasPrices: boolean;
}

interface ProgrammeReply { document?: { memberPrices?: unknown[]; earlyAccess?: unknown[]; points?: { valueMinor?: number }; storedValue?: { topUps?: Step[] } | null } }

export function termsOf(reply: ProgrammeReply): Terms {
  const { points, storedValue, memberPrices, earlyAccess } = reply.document ?? {};
  // A document that leaves the worth of a point out means the smallest coin.
  return { pointMinor: points?.valueMinor ?? 1, topUps: storedValue ? storedValue.topUps ?? [] : null, hasPrices: (memberPrices ?? []).length + (earlyAccess ?? []).length > 0 };
}

export const loadTerms = async (signal?: AbortSignal): Promise<Terms> => termsOf(await request<ProgrammeReply>('GET', '/v1/programme', undefined, signal));

/** The gift of a top-up: that of the highest step it reaches. */
export function giftOf(topUps: readonly Step[], amountMinor: number): number {
  return topUps.filter((step) => step.atLeastMinor <= amountMinor).at(-1)?.giftMinor ?? 0;
}

/** The next step and what is missing for it; null at the highest. */
export function nextStep(topUps: readonly Step[], amountMinor: number): { missingMinor: number; giftMinor: number } | null {
  const next = topUps.find((step) => step.atLeastMinor > amountMinor);
  return next ? { missingMinor: next.atLeastMinor - amountMinor, giftMinor: next.giftMinor } : null;
}
