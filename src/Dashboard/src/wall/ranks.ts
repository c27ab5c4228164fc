import type { WallFlow, WallStore } from '@/api/types';
import { limits } from '@/lib/limits';

export interface Ranking { top: WallStore[]; bottom: WallStore[] }

/** The best and the weakest open stores of today by sales; the two lists never share a store. */
export function rankStores(stores: Iterable<WallStore>, shown: number = limits.rankShown): Ranking {
  const sorted = [...stores].filter((store) => store.open)
    .sort((a, b) => b.salesMinor - a.salesMinor || a.id.localeCompare(b.id));
  const top = sorted.slice(0, shown);
  return { top, bottom: sorted.slice(Math.max(top.length, sorted.length - shown)) };
}

/** A band of the flow picture, in shares of its height. */
export interface FlowBand { from: string; to: string; count: number; fromY: number; toY: number; height: number }
export interface FlowNode { store: string; y: number; height: number; count: number }
export interface FlowPicture { bands: FlowBand[]; from: FlowNode[]; to: FlowNode[] }

/** Lays the top pairs out as bands from the left (last visit) to the right (today); heights follow the counts, nodes keep a gap. */
export function layFlows(flows: readonly WallFlow[], shown: number = limits.flowsShown, gap = 0.022): FlowPicture {
  const top = [...flows].filter((flow) => flow.from !== flow.to && flow.count > 0)
    .sort((a, b) => b.count - a.count || a.from.localeCompare(b.from) || a.to.localeCompare(b.to)).slice(0, shown);
  const total = top.reduce((sum, flow) => sum + flow.count, 0);
  if (total === 0) return { bands: [], from: [], to: [] };

  const sums = (key: 'from' | 'to'): Map<string, number> => {
    const found = new Map<string, number>();
    for (const flow of top) found.set(flow[key], (found.get(flow[key]) ?? 0) + flow.count);
    return found;
  };
  const stack = (counts: Map<string, number>): FlowNode[] => {
    const nodes = [...counts.entries()].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
    const room = 1 - gap * (nodes.length - 1);
    let y = 0;
    return nodes.map(([store, count]) => {
      const node = { store, y, height: (count / total) * room, count };
      y += node.height + gap;
      return node;
    });
  };

  const from = stack(sums('from'));
  const to = stack(sums('to'));
  const nextFrom = new Map(from.map((node) => [node.store, node.y]));
  const nextTo = new Map(to.map((node) => [node.store, node.y]));
  const fromRank = new Map(from.map((node, index) => [node.store, index]));
  const toRank = new Map(to.map((node, index) => [node.store, index]));
  const roomFrom = 1 - gap * (from.length - 1);
  const roomTo = 1 - gap * (to.length - 1);
  const heightOf = (flow: WallFlow): number => (flow.count / total) * Math.min(roomFrom, roomTo);

  // Bands leave and arrive in the order of the other side, so that they cross as little as they can.
  const placedFrom = new Map<WallFlow, number>();
  for (const flow of [...top].sort((a, b) => fromRank.get(a.from)! - fromRank.get(b.from)! || toRank.get(a.to)! - toRank.get(b.to)!)) {
    placedFrom.set(flow, nextFrom.get(flow.from)!);
    nextFrom.set(flow.from, nextFrom.get(flow.from)! + (flow.count / total) * roomFrom);
  }
  const bands: FlowBand[] = [];
  for (const flow of [...top].sort((a, b) => toRank.get(a.to)! - toRank.get(b.to)! || fromRank.get(a.from)! - fromRank.get(b.from)!)) {
    const toY = nextTo.get(flow.to)!;
    nextTo.set(flow.to, toY + (flow.count / total) * roomTo);
    bands.push({ from: flow.from, to: flow.to, count: flow.count, fromY: placedFrom.get(flow)!, toY, height: heightOf(flow) });
  }
  return { bands, from, to };
}
