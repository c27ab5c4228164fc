import { describe, expect, it } from 'vitest';
import type { WallMessage, WallSnapshot, WallStore, WallTick, WallTotals } from '@/api/types';
import { limits } from '@/lib/limits';
import { fold, type WallState } from '@/wall/fold';

const totals = (salesMinor: number): WallTotals => ({
  salesMinor, visits: 1, pointsGiven: 0, pointsUsed: 0, newMembers: 0, activeMembers: 1, crossStoreVisits: 0, crossStoreMinor: 0, returnsMinor: 0,
});
const store = (id: string, salesMinor: number): WallStore => ({
  id, name: id, region: '华东', city: '上海', open: true, salesMinor, visits: 1, newMembers: 0, crossStoreVisits: 0, lastActivityMs: 1,
});
const event = (position: number) => ({ position, atMs: position, kind: 'purchase' as const, store: 's1', crossStore: false });
const snapshot = (extra: Partial<WallSnapshot> = {}): WallSnapshot => ({
  chainName: '某某连锁', demo: true, currency: 'CNY', day: '2026-11-22', today: totals(100), yesterdaySameTime: totals(90),
  stores: [store('s1', 60), store('s2', 40)], salesToday: [1, 2, 3], salesYesterday: [], flows: [], events: [event(5)], ...extra,
});
const message = (sequence: number, part: Pick<WallMessage, 'snapshot' | 'tick'>, run = 'a'): WallMessage => ({ sequence, atMs: sequence, newestEntryMs: sequence, run, ...part });
const tick = (extra: Partial<WallTick> = {}): WallTick => ({ day: '2026-11-22', today: totals(150), yesterdaySameTime: totals(95), ...extra });
const begun = (): WallState => fold(null, message(7, { snapshot: snapshot() })).state!;

describe('folding the wall', () => {
  it('a snapshot fills everything and pads the day to 288 slots', () => {
    const state = begun();
    expect(state.sequence).toBe(7);
    expect(state.stores.size).toBe(2);
    expect(state.salesToday).toHaveLength(limits.slotsPerDay);
    expect(state.salesToday.slice(0, 4)).toEqual([1, 2, 3, 0]);
  });

  it('a tick replaces figures by their absolute values and leaves the rest as it was', () => {
    const { state, outcome } = fold(begun(), message(8, { tick: tick({ stores: [store('s1', 110)], slots: [{ slot: 1, salesMinor: 52 }] }) }));
    expect(outcome).toBe('applied');
    expect(state!.today.salesMinor).toBe(150);
    expect(state!.stores.get('s1')!.salesMinor).toBe(110);
    expect(state!.stores.get('s2')!.salesMinor).toBe(40);
    expect(state!.salesToday.slice(0, 3)).toEqual([1, 52, 3]);
  });

  it('never changes the state that a picture may still be drawn from', () => {
    const before = begun();
    fold(before, message(8, { tick: tick({ stores: [store('s1', 999)], slots: [{ slot: 0, salesMinor: 999 }], events: [event(6)] }) }));
    expect(before.stores.get('s1')!.salesMinor).toBe(60);
    expect(before.salesToday[0]).toBe(1);
    expect(before.events).toHaveLength(1);
  });

  it('the same tick twice changes nothing the second time', () => {
    const first = fold(begun(), message(8, { tick: tick({ eventsNotShown: 3 }) })).state;
    const second = fold(first, message(8, { tick: tick({ eventsNotShown: 3 }) }));
    expect(second.outcome).toBe('duplicate');
    expect(second.state).toBe(first);
  });

  it('a missing number is a gap and leaves the state alone', () => {
    const before = begun();
    const { state, outcome } = fold(before, message(9, { tick: tick() }));
    expect(outcome).toBe('gap');
    expect(state).toBe(before);
  });

  it('a tick of another run, of another day, or before any snapshot is a gap', () => {
    expect(fold(begun(), message(8, { tick: tick() }, 'b')).outcome).toBe('gap');
    expect(fold(begun(), message(8, { tick: tick({ day: '2026-11-23' }) })).outcome).toBe('gap');
    expect(fold(null, message(8, { tick: tick() })).outcome).toBe('gap');
  });

  it('a snapshot of a new run starts anew, even with a smaller number', () => {
    const { state, outcome } = fold(begun(), message(1, { snapshot: snapshot({ stores: [store('s9', 5)] }) }, 'b'));
    expect(outcome).toBe('applied');
    expect(state!.run).toBe('b');
    expect([...state!.stores.keys()]).toEqual(['s9']);
  });

  it('flows stay when a tick brings none, and go when it brings an empty list', () => {
    const withFlows = fold(null, message(7, { snapshot: snapshot({ flows: [{ from: 's1', to: 's2', count: 3 }] }) })).state;
    expect(fold(withFlows, message(8, { tick: tick({ flows: null }) })).state!.flows).toHaveLength(1);
    expect(fold(withFlows, message(8, { tick: tick({ flows: [] }) })).state!.flows).toHaveLength(0);
  });

  it('lines stand newest first, each once, and never more than the limit over a long day', () => {
    let state = begun();
    for (let sequence = 8; sequence < 2_000; sequence++) {
      state = fold(state, message(sequence, { tick: tick({ events: [event(sequence), event(sequence - 1)] }) })).state!;
    }
    expect(state.events).toHaveLength(limits.eventsKept);
    expect(state.events.map((line) => line.position)).toEqual([...new Set(state.events.map((line) => line.position))].sort((a, b) => b - a));
    expect(state.events[0]!.position).toBe(1_999);
  });

  it('a slot outside the day is not kept', () => {
    const { state } = fold(begun(), message(8, { tick: tick({ slots: [{ slot: 288, salesMinor: 1 }, { slot: -1, salesMinor: 1 }] }) }));
    expect(state!.salesToday).toHaveLength(limits.slotsPerDay);
  });
});
