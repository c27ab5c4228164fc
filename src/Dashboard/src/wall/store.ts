import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { WallMessage } from '@/api/types';
import { limits } from '@/lib/limits';
import { useSession } from '@/session';
import { Delay } from './delay';
import { WallFeed } from './feed';
import { fold, type WallState } from './fold';

export type Link = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** The live figures, shared by every page that shows them: one connection however many pages look. */
export const useWall = defineStore('wall', () => {
  const shown = shallowRef<WallState | null>(null);
  const link = ref<Link>('connecting');
  /** Milliseconds between an entry and its arrival here while live; age of the figures otherwise. */
  const ageMs = ref<number | null>(null);
  const nowMs = ref(Date.now());

  let latest: WallState | null = null;
  let frame = 0;
  let users = 0;
  let linger: ReturnType<typeof setTimeout> | null = null;
  let lastArrivalMs = 0;
  let lostAtMs = 0;
  const delay = new Delay();

  const feed = new WallFeed({
    position: () => ({ after: latest?.sequence ?? 0, run: latest?.run ?? null }),
    message: receive,
    connected: () => undefined,
    lost: () => {
      if (lostAtMs === 0) lostAtMs = Date.now();
      if (link.value !== 'offline') link.value = latest ? 'reconnecting' : 'connecting';
    },
    refused: (signedOut) => {
      if (signedOut) useSession().forget();
      else link.value = 'offline';
    },
  });

  function receive(message: WallMessage): boolean {
    const now = Date.now();
    const folded = fold(latest, message);
    if (folded.outcome === 'gap') return false;
    delay.arrived(message.atMs, message.newestEntryMs, now, Boolean(message.snapshot));
    lastArrivalMs = now;
    lostAtMs = 0;
    link.value = 'live';
    latest = folded.state;
    // At most one drawing per frame, and none while nobody can see it.
    if (frame === 0) frame = requestAnimationFrame(draw);
    return true;
  }

  function draw(): void {
    frame = 0;
    shown.value = latest;
  }

  setInterval(() => {
    const now = Date.now();
    nowMs.value = delay.serverNow(now);
    if (lostAtMs > 0 && now - lostAtMs > limits.offlineAfterMs) link.value = 'offline';
    const sinceArrival = lastArrivalMs === 0 ? null : now - lastArrivalMs;
    // While live the stream is known to stand (the server says so every few seconds), so silence means that nothing happened.
    ageMs.value = link.value === 'live' ? delay.ms : sinceArrival;
  }, 500);

  function open(): void {
    users++;
    if (linger !== null) clearTimeout(linger);
    linger = null;
    feed.start();
  }

  function close(): void {
    users--;
    if (users > 0) return;
    linger = setTimeout(() => feed.stop(), limits.lingerMs);
  }

  /** Signed out: nothing of the chain may stay in memory. */
  function clear(): void {
    feed.stop();
    delay.reset();
    latest = null;
    shown.value = null;
    lastArrivalMs = 0;
    lostAtMs = 0;
    link.value = 'connecting';
  }

  const session = useSession();
  const currency = computed(() => shown.value?.currency ?? session.current?.currency ?? 'CNY');
  const timeZone = computed(() => session.current?.timeZone ?? 'Asia/Shanghai');
  const chainName = computed(() => shown.value?.chainName ?? session.current?.chainName ?? '');
  const demo = computed(() => shown.value?.demo ?? session.current?.demo ?? false);

  return { state: shown, link, ageMs, nowMs, currency, timeZone, chainName, demo, open, close, clear, retry: () => feed.hurry() };
});
