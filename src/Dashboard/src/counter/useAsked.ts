import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { request, ApiError } from '@/api/http';
import { limits } from '@/lib/limits';

export interface Asking<Answer> {
  /** The last answer; null before the first, and while there is nothing to ask. */
  quote: Readonly<ShallowRef<Answer | null>>;
  failure: Readonly<ShallowRef<ApiError | null>>;
  /** The answer belongs to what was in the form before. */
  isStale: Readonly<Ref<boolean>>;
  again: () => void;
}

/**
 * Asks what a form would come to, shortly after the last key; what is no longer wanted is cancelled, and an older answer never replaces a newer one.
 * @param typed What of the body is typed and waits for the next key; a change of anything else was touched, and is asked for at once.
 */
export function useAsked<Body, Answer>(path: string, body: () => Body | null, typed: (body: Body) => unknown, answered: (quote: Answer) => void = () => {}): Asking<Answer> {
  const quote = shallowRef<Answer | null>(null);
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
      const answer = await request<Answer>('POST', path, wanted, mine.signal);
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

  // Compared as text: what is set to what it was asks nothing.
  const now = (): { all: string; typed: string } => {
    const wanted = body();
    return { all: JSON.stringify(wanted), typed: JSON.stringify(wanted === null ? null : typed(wanted)) };
  };
  watch(now, (after, before) => {
    if (after.all === before?.all) return;
    clearTimeout(timer);
    asking.abort();
    failure.value = null;
    isStale.value = after.all !== 'null';
    if (after.all === 'null') quote.value = null;
    else timer = setTimeout(() => void ask(), after.typed === before?.typed ? 0 : limits.quoteDelayMs);
  }, { immediate: true });
  onScopeDispose(() => {
    clearTimeout(timer);
    asking.abort();
  });
  return { quote, failure, isStale, again: () => { isStale.value = true; failure.value = null; void ask(); } };
}
