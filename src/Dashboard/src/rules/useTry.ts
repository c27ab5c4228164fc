import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { api } from '@/api/endpoints';
import { ApiError } from '@/api/http';
import type { TryReply, TryRequest } from '@/api/types';
import { limits } from '@/lib/limits';

export interface Trial {
  reply: Readonly<ShallowRef<TryReply | null>>;
  failure: Readonly<ShallowRef<ApiError | null>>;
  /** The reply belongs to what was typed before. */
  isStale: Readonly<Ref<boolean>>;
  again: () => void;
}

/** Asks the server what the basket earns, shortly after the last key; an older answer never replaces a newer one. */
export function useTry(request: () => TryRequest | null): Trial {
  const reply = shallowRef<TryReply | null>(null);
  const failure = shallowRef<ApiError | null>(null);
  const isStale = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  async function ask(): Promise<void> {
    asking.abort();
    const mine = (asking = new AbortController());
    const wanted = request();
    if (!wanted) return;
    isStale.value = true;
    try {
      const answer = await api.tryProgramme(wanted, mine.signal);
      if (mine.signal.aborted) return;
      reply.value = answer;
      failure.value = null;
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
    isStale.value = false;
  }

  function soon(): void {
    clearTimeout(timer);
    isStale.value = true;
    timer = setTimeout(() => void ask(), limits.tryDelayMs);
  }

  // Compared as text: fields that are set to what they were ask nothing.
  watch(() => JSON.stringify(request()), (wanted) => { if (wanted !== 'null') soon(); }, { immediate: true });
  onScopeDispose(() => {
    clearTimeout(timer);
    asking.abort();
  });
  return { reply, failure, isStale, again: () => void ask() };
}
