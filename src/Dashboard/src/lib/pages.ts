import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '@/api/http';

export interface Pages<T, K> {
  items: Readonly<ShallowRef<readonly T[]>>;
  /** Where the next page begins; null at the end and before the first. */
  next: Readonly<Ref<K | null>>;
  state: Readonly<Ref<'loading' | 'ready' | 'error'>>;
  failure: Readonly<ShallowRef<ApiError | null>>;
  /** Fetches the next page, or the first; also again after it failed. */
  load: () => Promise<void>;
}

/** A list that comes page by page and is let go with the page that shows it. */
export function usePages<T, K>(fetch: (next: K | null, signal: AbortSignal) => Promise<{ items: readonly T[]; next?: K | null }>): Pages<T, K> {
  const items = shallowRef<readonly T[]>([]);
  const next = shallowRef<K | null>(null);
  const state = ref<'loading' | 'ready' | 'error'>('loading');
  const failure = shallowRef<ApiError | null>(null);
  const alive = new AbortController();

  async function load(): Promise<void> {
    state.value = 'loading';
    failure.value = null;
    try {
      const page = await fetch(next.value, alive.signal);
      items.value = [...items.value, ...page.items];
      next.value = page.next ?? null;
      state.value = 'ready';
    } catch (error) {
      if (alive.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
      state.value = 'error';
    }
  }

  onScopeDispose(() => alive.abort());
  return { items, next, state, failure, load };
}
