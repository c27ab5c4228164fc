import { describe, expect, it } from 'vitest';
import type { WallEvent, WallStore } from '@/api/types';
import { limits } from '@/lib/limits';
import { Delay } from '@/wall/delay';
import { arrange, groupByRegion, shortName } from '@/wall/layout';
import { EventPace } from '@/wall/pace';
import { layFlows, rankStores } from '@/wall/ranks';

const store = (id: string, region: string, salesMinor = 0, open = true): WallStore => ({
  id, name: `店${id}`, region, city: '城', open, salesMinor, visits: 0, newMembers: 0, crossStoreVisits: 0, lastActivityMs: 0,
});
const chain = (sizes: Record<string, number>): WallStore[] => Object.entries(sizes).flatMap(([region, size]) =>
  Array.from({ length: size }, (_, index) => store(`${region}${index}`, region)));
const event = (position: number): WallEvent => ({ position, atMs: position, kind: 'purchase', store: 's', crossStore: false });

describe('the grid of regions', () => {
  it('keeps the regions in their schematic order and every store once', () => {
    const stores = chain({ 华南: 9, 东北: 2, 华东: 16, 华北: 8, 西南: 6, 华中: 7, 西北: 2 });
    expect(groupByRegion(stores).map((group) => group.region)).toEqual(['东北', '华北', '西北', '华东', '华中', '西南', '华南']);
    const rows = arrange(stores, 1240, 400, 36);
    const placed = rows.flatMap((row) => row.boxes.flatMap((box) => box.stores.map((found) => found.id)));
    expect(placed).toHaveLength(50);
    expect(new Set(placed).size).toBe(50);
    for (const row of rows) for (const box of row.boxes) expect(box.columns * row.cellRows).toBeGreaterThanOrEqual(box.stores.length);
  });

  it('does not move when only figures change', () => {
    const stores = chain({ 华东: 5, 华北: 4 });
    const before = arrange(stores, 1240, 400, 36).map((row) => row.boxes.map((box) => [box.region, box.stores.map((found) => found.id)]));
    const after = arrange(stores.map((found, index) => ({ ...found, salesMinor: 1_000 - index })), 1240, 400, 36)
      .map((row) => row.boxes.map((box) => [box.region, box.stores.map((found) => found.id)]));
    expect(after).toEqual(before);
  });

  it('finds a place for one store, for a thousand, and for thirty regions', () => {
    expect(arrange([store('1', '东区')], 1240, 400, 36)[0]!.boxes[0]!.stores).toHaveLength(1);
    for (const many of [chain({ 东区: 500, 西区: 500 }), chain(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`区${n}`, 5])))]) {
      expect(arrange(many, 1240, 400, 36).flatMap((row) => row.boxes.flatMap((box) => box.stores))).toHaveLength(many.length);
    }
  });

  it('a short name keeps what tells stores apart', () => {
    expect(['静安店', '上海静安店', 'Store 367', '300 号店', 'Main St'].map(shortName)).toEqual(['静安', '静安', '367', '300', 'St']);
  });

  it('has nothing to draw without stores or without room', () => {
    expect(arrange([], 1240, 400, 36)).toEqual([]);
    expect(arrange([store('1', '东区')], 0, 0, 36)).toEqual([]);
  });
});

describe('the ranking', () => {
  it('shows five from each end, none twice, none that is closed', () => {
    const stores = Array.from({ length: 12 }, (_, index) => store(String(index).padStart(2, '0'), '东区', index * 100, index !== 11));
    const { top, bottom } = rankStores(stores);
    expect(top.map((found) => found.id)).toEqual(['10', '09', '08', '07', '06']);
    expect(bottom.map((found) => found.id)).toEqual(['04', '03', '02', '01', '00']);
  });

  it('with few stores the lists share none', () => {
    const { top, bottom } = rankStores(Array.from({ length: 7 }, (_, index) => store(String(index), '东区', index)));
    expect(top).toHaveLength(5);
    expect(bottom).toHaveLength(2);
  });
});

describe('the flow picture', () => {
  it('bands fill both sides without overlapping', () => {
    const { bands, from, to } = layFlows([{ from: 'a', to: 'b', count: 6 }, { from: 'b', to: 'a', count: 3 }, { from: 'a', to: 'c', count: 1 }]);
    expect(bands).toHaveLength(3);
    for (const side of [from, to]) {
      side.forEach((node, index) => expect(node.y).toBeGreaterThanOrEqual(index === 0 ? 0 : side[index - 1]!.y + side[index - 1]!.height));
      expect(side.at(-1)!.y + side.at(-1)!.height).toBeLessThanOrEqual(1.0001);
    }
  });

  it('shows the strongest pairs only, and nothing for nobody', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ from: `a${index}`, to: `b${index}`, count: index + 1 }));
    expect(layFlows(many).bands).toHaveLength(limits.flowsShown);
    expect(Math.min(...layFlows(many).bands.map((band) => band.count))).toBe(30 - limits.flowsShown + 1);
    expect(layFlows([]).bands).toEqual([]);
    expect(layFlows([{ from: 'a', to: 'a', count: 4 }]).bands).toEqual([]);
  });
});

describe('the pace of the ticker', () => {
  it('lets two lines a second in, the newest first, whatever arrives', () => {
    const pace = new EventPace();
    pace.take([event(1)], 0);
    let shown: readonly WallEvent[] = [];
    let seen = 0;
    for (let ms = 100; ms <= 10_000; ms += 100) {
      const before = new Set(shown.map((line) => line.position));
      shown = pace.take(Array.from({ length: 20 }, (_, index) => event(ms - index)), ms);
      seen += shown.filter((line) => !before.has(line.position)).length;
    }
    expect(seen).toBeGreaterThan(10);
    expect(seen).toBeLessThanOrEqual(23);
    expect(shown.length).toBeLessThanOrEqual(limits.eventsKept);
  });

  it('shows the first lines at once', () => {
    expect(new EventPace().take([event(3), event(2), event(1)], 50)).toHaveLength(3);
  });
});

describe('the delay', () => {
  it('does not depend on how far the two clocks are apart', () => {
    const delay = new Delay();
    for (let n = 0; n < 50; n++) delay.arrived(1_000_000 + n * 200, 1_000_000 + n * 200 - 150, 5_000_000 + n * 200 + (n % 5) * 10, false);
    expect(delay.ms).toBeGreaterThan(150);
    expect(delay.ms).toBeLessThan(200);
    expect(delay.serverNow(5_000_000)).toBe(1_000_000);
  });

  it('a snapshot says nothing about the way of a message', () => {
    const delay = new Delay();
    delay.arrived(1_000_000, 400_000, 1_000_020, true);
    expect(delay.ms).toBeNull();
  });
});
