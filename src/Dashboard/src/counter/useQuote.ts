import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { request, ApiError } from '@/api/http';
import type { Quote } from '@/coupons/wire';
import { limits } from '@/lib/limits';
import type { LineBody } from './sale';

export interface QuoteBody { customer: { id: string }; store: string; lines: readonly LineBody[]; coupons?: readonly number[]; skipCoupons?: boolean }

export interface Quoting {
  /** The last answer; null before the first, and while there is nothing to ask. */
  quote: Readonly<ShallowRef<Quote | null>>;
  failure: Readonly<ShallowRef<ApiError | null>>;
  /** The answer belongs to what was in the form before. */
  isStale: Readonly<Ref<boolean>>;
  again: () => void;
}

/** Asks what a sale would come to, shortly after the last key; what is no longer wanted is cancelled, and an older answer never replaces a newer one. */
export function useQuote(body: () => QuoteBody | null, answered: (quote: Quote) => void): Quoting {
  const quote = shallowRef<Quote | null>(null);
  const failure = shallowRef<ApiError | null>(null);
  const isStale = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  async function ask(): Promise<void> {
    asking.abort();
    const mine = (asking = new AbortController());
    const wanted = body();
    if (!wanted) return;
    try {
      const answer = await request<Quote>('POST', '/v1/baskets/quote', wanted, mine.signal);
      if (mine.signal.aborted) return;
      quote.value = answer;
      failure.value = null;
      isStale.value = false;
      answered(answer);
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
      isStale.value = false;
    }
  }

  // Compared as text: what is set to what it was asks nothing. A coupon that was touched is asked for at once, a key that was typed waits for the next.
  watch(() => ({ all: JSON.stringify(body()), lines: JSON.stringify(body()?.lines ?? null) }), (now, before) => {
    if (now.all === before?.all) return;
    clearTimeout(timer);
    asking.abort();
    failure.value = null;
    isStale.value = now.all !== 'null';
    if (now.all === 'null') quote.value = null;
    else timer = setTimeout(() => void ask(), now.lines === before?.lines ? 0 : limits.quoteDelayMs);
  }, { immediate: true });
  onScopeDispose(() => {
    clearTimeout(timer);
    asking.abort();
  });
  return { quote, failure, isStale, again: () => { isStale.value = true; failure.value = null; void ask(); } };
}
