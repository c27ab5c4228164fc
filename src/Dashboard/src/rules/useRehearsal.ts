import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { api } from '@/api/endpoints';
import { ApiError } from '@/api/http';
import type { RehearsalView } from '@/api/types';
import { limits } from '@/lib/limits';
import type { Subject } from './rehearsal';

export interface Rehearsing {
  /** What is or was rehearsed; null before the first time. */
  subject: Readonly<ShallowRef<Subject | null>>;
  view: Readonly<ShallowRef<RehearsalView | null>>;
  /** It was refused, or is not told any more. */
  failure: Readonly<ShallowRef<ApiError | null>>;
  isRunning: ComputedRef<boolean>;
  isCancelling: Readonly<Ref<boolean>>;
  /** The server can't be reached at the moment; it is asked again. */
  isBroken: Readonly<Ref<boolean>>;
  begin: (subject: Subject) => Promise<void>;
  cancel: () => void;
}

/** One rehearsal after the other: begun, looked at until it ends, and ended with the page that wanted it. */
export function useRehearsal(): Rehearsing {
  const subject = shallowRef<Subject | null>(null);
  const view = shallowRef<RehearsalView | null>(null);
  const failure = shallowRef<ApiError | null>(null);
  const isCancelling = ref(false);
  const isBroken = ref(false);
  const isRunning = computed(() => subject.value !== null && failure.value === null && (view.value === null || view.value.state === 'running'));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isLeft = false;

  async function begin(next: Subject): Promise<void> {
    if (isRunning.value) return;
    subject.value = next;
    view.value = null;
    failure.value = null;
    isCancelling.value = false;
    isBroken.value = false;
    try {
      take(await api.beginRehearsal({ days: next.days, ...(next.hasDraft ? { document: next.document } : {}) }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  function take(next: RehearsalView): void {
    view.value = next;
    isBroken.value = false;
    if (isLeft) end();
    else if (next.state === 'running') timer = setTimeout(() => void ask(), isCancelling.value ? limits.rehearsalEndMs : limits.rehearsalPollMs);
    else isCancelling.value = false;
  }

  async function ask(): Promise<void> {
    const id = view.value?.id;
    if (id === undefined) return;
    isAsking = true;
    try {
      // To be told again to end does no harm: an answer that was lost needs nothing else.
      const next = await (isCancelling.value ? api.cancelRehearsal(id) : api.rehearsal(id));
      if (isLeft) return;
      take(next);
    } catch (error) {
      if (isLeft) return;
      if (!(error instanceof ApiError)) throw error;
      const { status } = error.problem;
      if (status >= 400 && status < 500 && status !== 429) {
        failure.value = error;
        return;
      }
      isBroken.value = true;
      timer = setTimeout(() => void ask(), limits.rehearsalPollMs);
    } finally {
      isAsking = false;
    }
  }

  function cancel(): void {
    if (!isRunning.value || isCancelling.value) return;
    isCancelling.value = true;
    // What is being asked, or begun, goes on with it.
    if (isAsking || view.value === null) return;
    clearTimeout(timer);
    void ask();
  }

  /** Nobody waits for the answer. */
  function end(): void {
    if (view.value?.state === 'running') void api.cancelRehearsal(view.value.id).catch(() => undefined);
  }
  globalThis.addEventListener?.('pagehide', end);
  onScopeDispose(() => {
    isLeft = true;
    clearTimeout(timer);
    globalThis.removeEventListener?.('pagehide', end);
    end();
  });

  return { subject, view, failure, isRunning, isCancelling, isBroken, begin, cancel };
}
