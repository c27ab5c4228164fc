import type { WallEvent, WallFlow, WallMessage, WallSnapshot, WallStore, WallTick, WallTotals } from '@/api/types';
import { limits } from '@/lib/limits';

/** What the wall knows. Replaced, never changed in place, so a picture drawn from it is of one moment. */
export interface WallState {
  run: string;
  sequence: number;
  atMs: number;
  newestEntryMs: number;
  chainName: string;
  demo: boolean;
  currency: string;
  day: string;
  today: WallTotals;
  yesterday: WallTotals;
  stores: ReadonlyMap<string, WallStore>;
  salesToday: readonly number[];
  salesYesterday: readonly number[];
  flows: readonly WallFlow[];
  /** Newest first. */
  events: readonly WallEvent[];
  eventsNotShown: number;
}

/** applied: the state moved on. duplicate: seen before. gap: something in between is missing, only a snapshot helps. */
export type FoldOutcome = 'applied' | 'duplicate' | 'gap';

/** Folds one message of the server. Ticks carry absolute values, so the fold only replaces; it never adds up. */
export function fold(state: WallState | null, message: WallMessage): { state: WallState | null; outcome: FoldOutcome } {
  if (message.snapshot) {
    return { state: fromSnapshot(message, message.snapshot), outcome: 'applied' };
  }
  if (!message.tick) return { state, outcome: 'duplicate' };
  if (!state || message.run !== state.run) return { state, outcome: 'gap' };
  if (message.sequence <= state.sequence) return { state, outcome: 'duplicate' };
  if (message.sequence !== state.sequence + 1) return { state, outcome: 'gap' };
  // At midnight every figure starts anew; the snapshot of the new day says so at once.
  if (message.tick.day !== state.day) return { state, outcome: 'gap' };
  return { state: withTick(state, message, message.tick), outcome: 'applied' };
}

function fromSnapshot(message: WallMessage, snapshot: WallSnapshot): WallState {
  return {
    run: message.run,
    sequence: message.sequence,
    atMs: message.atMs,
    newestEntryMs: message.newestEntryMs,
    chainName: snapshot.chainName,
    demo: snapshot.demo,
    currency: snapshot.currency,
    day: snapshot.day,
    today: snapshot.today,
    yesterday: snapshot.yesterdaySameTime,
    stores: new Map((snapshot.stores ?? []).map((store) => [store.id, store])),
    salesToday: slots(snapshot.salesToday),
    salesYesterday: slots(snapshot.salesYesterday),
    flows: snapshot.flows ?? [],
    events: (snapshot.events ?? []).slice(0, limits.eventsKept),
    eventsNotShown: 0,
  };
}

function withTick(state: WallState, message: WallMessage, tick: WallTick): WallState {
  let stores = state.stores;
  if (tick.stores?.length) {
    const changed = new Map(stores);
    for (const store of tick.stores) changed.set(store.id, store);
    stores = changed;
  }

  let salesToday = state.salesToday;
  if (tick.slots?.length) {
    const changed = [...salesToday];
    for (const { slot, salesMinor } of tick.slots) {
      if (slot >= 0 && slot < limits.slotsPerDay) changed[slot] = salesMinor;
    }
    salesToday = changed;
  }

  return {
    ...state,
    sequence: message.sequence,
    atMs: message.atMs,
    newestEntryMs: Math.max(state.newestEntryMs, message.newestEntryMs),
    today: tick.today,
    yesterday: tick.yesterdaySameTime,
    stores,
    salesToday,
    flows: tick.flows ?? state.flows,
    events: mergeEvents(tick.events ?? [], state.events),
    eventsNotShown: state.eventsNotShown + (tick.eventsNotShown ?? 0),
  };
}

/** Newest first, each position once, bounded. */
function mergeEvents(arrived: readonly WallEvent[], kept: readonly WallEvent[]): readonly WallEvent[] {
  if (arrived.length === 0) return kept;
  const seen = new Set(kept.map((event) => event.position));
  const fresh = arrived.filter((event) => !seen.has(event.position));
  if (fresh.length === 0) return kept;
  return [...fresh, ...kept].sort((a, b) => b.position - a.position).slice(0, limits.eventsKept);
}

/** A day always has its 288 slots, whatever the server left out. */
function slots(values: readonly number[] | undefined): readonly number[] {
  return Array.from({ length: limits.slotsPerDay }, (_, slot) => values?.[slot] ?? 0);
}
