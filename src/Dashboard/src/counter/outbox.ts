import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { request, ApiError } from '@/api/http';
import { limits } from '@/lib/limits';
import { useSession } from '@/session';
import { dropAct, keepAct, leavesOpen, readActs, waitOf, type Act } from './acts';
import type { ActReply } from './wire';

export type Outcome = { state: 'done'; reply: ActReply } | { state: 'refused'; error: ApiError } | { state: 'waiting' };

/**
 * Every write of the counter goes through here: kept before it is sent, sent again with the same key until the server has answered, let go only
 * after that. A page that is closed in between finds it again.
 */
export const useOutbox = defineStore('outbox', () => {
  const session = useSession();
  const acts = shallowRef<readonly Act[]>([]);
  /** What became of acts that were answered after their view was told to wait; the view that waits takes it from here. */
  const answers = shallowRef<ReadonlyMap<string, Outcome>>(new Map());
  /** No answer to the last attempt of anything. */
  const offline = ref(false);
  /** What the server said last while it could not record. */
  const said = shallowRef<ApiError | null>(null);
  /** False where this browser keeps nothing: then an act lives as long as the page. */
  const keeps = ref(true);
  const waiting = computed(() => acts.value.filter((act) => act.refused === null));
  const refused = computed(() => acts.value.filter((act) => act.refused !== null));

  const flying = new Set<string>();
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const scope = (): string => session.current?.store ?? 'hq';

  function put(act: Act): void {
    keeps.value = keepAct(act, localStorage);
    acts.value = [...acts.value.filter((other) => other.key !== act.key), act];
  }

  function drop(act: Act): void {
    dropAct(act, localStorage);
    acts.value = acts.value.filter((other) => other.key !== act.key);
  }

  /** Takes up what an earlier page left unanswered. */
  function begin(): void {
    const chain = session.current?.chain;
    if (chain === undefined) return;
    const known = new Set(acts.value.map((act) => act.key));
    const left = readActs(chain, scope(), localStorage).filter((act) => !known.has(act.key));
    acts.value = [...left, ...acts.value];
    if (waiting.value.length > 0) hurry();
  }

  async function attempt(act: Act): Promise<Outcome> {
    flying.add(act.key);
    try {
      const reply = await request<ActReply>('POST', act.path, act.body, undefined, act.key);
      drop(act);
      offline.value = false;
      said.value = null;
      return { state: 'done', reply };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      offline.value = error.offline;
      if (leavesOpen(error)) {
        said.value = error.offline ? null : error;
        return { state: 'waiting' };
      }
      return { state: 'refused', error };
    } finally {
      flying.delete(act.key);
    }
  }

  /** Sends an act for the first time. A refusal goes back to the form that is still open; without an answer the act stays here. */
  async function send(act: Act): Promise<Outcome> {
    firsts.value = new Set([act.key]);
    put(act);
    const outcome = await attempt(act).finally(() => { firsts.value = new Set(); });
    if (outcome.state === 'refused') drop(act);
    if (outcome.state === 'waiting') later();
    return outcome;
  }

  /** On its way for the first time: its form tells about it, so nobody else need. */
  const firsts = shallowRef<ReadonlySet<string>>(new Set());
  const isFirst = (act: Act): boolean => firsts.value.has(act.key);

  /** Whether another act may begin. */
  const full = computed(() => acts.value.length >= limits.actsKept);

  async function again(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const act of waiting.value) {
      if (!session.current) return;
      if (flying.has(act.key)) continue;
      const outcome = await attempt(act);
      if (outcome.state === 'waiting') break;
      tries = 0;
      if (outcome.state === 'refused') put({ ...act, refused: outcome.error.problem });
      answers.value = new Map([...answers.value, [act.key, outcome] as const].slice(-limits.actsKept));
    }
    if (waiting.value.length > 0) later();
  }

  function later(): void {
    if (timer !== null || !session.current) return;
    timer = setTimeout(() => void again(), waitOf(tries++, limits.actFirstMs, limits.actLongestMs));
  }

  /** Tries at once: the button, or the network that is back. */
  function hurry(): void {
    tries = 0;
    void again();
  }

  /** Somebody has read why it did not take effect. */
  function dismiss(act: Act): void { if (act.refused) drop(act); }

  window.addEventListener('online', hurry);
  // Signed out: nothing is sent, and nothing stays in memory. What is unanswered stays in the browser for the next who signs in to the same place.
  watch(() => session.current, (current) => {
    if (current) return;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    acts.value = [];
    answers.value = new Map();
    said.value = null;
  });

  return { acts, waiting, refused, answers, offline, said, keeps, full, isFirst, begin, send, hurry, dismiss, scope };
});
