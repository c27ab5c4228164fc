import type { WallStore } from '@/api/types';

/** One region of the schematic grid: a box of equal cells. No outline map: places are told by order, not by shape. */
export interface RegionBox {
  region: string;
  stores: WallStore[];
  columns: number;
}

/** A row of regions; widths within a row follow the columns. */
export interface RegionRow { boxes: RegionBox[]; columns: number; cellRows: number }

// From north to south and west to east, as people of the trade list them; others follow by name.
const order = ['东北', '华北', '西北', '华东', '华中', '西南', '华南', '港澳台'];

const rank = (region: string): number => {
  const found = order.findIndex((name) => region.includes(name));
  return found < 0 ? order.length : found;
};

/** Stores by region, regions in schematic order, stores by city and name. The order depends on names only, so cells stay where they are. */
export function groupByRegion(stores: Iterable<WallStore>): { region: string; stores: WallStore[] }[] {
  const groups = new Map<string, WallStore[]>();
  for (const store of stores) {
    const group = groups.get(store.region);
    if (group) group.push(store);
    else groups.set(store.region, [store]);
  }
  return [...groups.entries()]
    .map(([region, list]) => ({
      region,
      stores: list.sort((a, b) => a.city.localeCompare(b.city, 'zh-CN') || a.name.localeCompare(b.name, 'zh-CN', { numeric: true })),
    }))
    .sort((a, b) => rank(a.region) - rank(b.region) || a.region.localeCompare(b.region, 'zh-CN', { numeric: true }));
}

/** What is left of a store's name where a cell has room for three or four letters: its number, or its last two letters without 店. */
export function shortName(name: string): string {
  const number = /(\d{1,5})\D*$/.exec(name)?.[1];
  if (number) return number;
  const bare = name.replace(/店$/, '').trim();
  return /[\u4e00-\u9fff]/.test(bare) ? bare.slice(-2) : bare.split(/\s+/).at(-1)!.slice(0, 4);
}

/** The width to height a cell should have so that a name and a figure fit. */
const cellAspect = 1.9;

/** Above this many regions only one way of cutting them into rows is tried: the number of ways doubles with each region. */
const regionsTriedFully = 12;

/**
 * Chooses how the regions are cut into rows and how many cells stand upon each other, so that cells come nearest to their best shape,
 * are about equally wide everywhere, and as few places as possible stay empty.
 */
export function arrange(stores: Iterable<WallStore>, width: number, height: number, headerHeight: number): RegionRow[] {
  const groups = groupByRegion(stores);
  if (groups.length === 0 || width <= 0 || height <= 0) return [];
  const used = groups.reduce((sum, group) => sum + group.stores.length, 0);

  let best: { rows: RegionRow[]; cost: number } | null = null;
  for (const cut of cuts(groups)) {
    for (let columnsWanted = 2; columnsWanted <= 40; columnsWanted++) {
      const rows = cut.map((part) => toRow(part, columnsWanted));
      const cellRows = rows.reduce((sum, row) => sum + row.cellRows, 0);
      const cellHeight = (height - rows.length * headerHeight) / cellRows;
      if (cellHeight <= 2) continue;
      const columns = rows.map((row) => row.columns);
      const widest = Math.max(...columns);
      const cellWidth = width / widest;
      const places = rows.reduce((sum, row) => sum + widest * row.cellRows, 0);
      const cost = Math.abs(Math.log(cellWidth / cellHeight / cellAspect)) + (places / used - 1) * 1.5 + (widest / Math.min(...columns) - 1) * 0.5;
      if (!best || cost < best.cost) best = { rows, cost };
    }
  }
  return best?.rows ?? [toRow(groups, 40)];
}

type Group = { region: string; stores: WallStore[] };

/** All ways to cut a list into consecutive rows; for long lists only the even ones. */
function cuts(groups: Group[]): Group[][][] {
  const found: Group[][][] = [];
  if (groups.length > regionsTriedFully) {
    for (let rows = 1; rows <= 6; rows++) {
      const size = Math.ceil(groups.length / rows);
      found.push(Array.from({ length: Math.ceil(groups.length / size) }, (_, row) => groups.slice(row * size, (row + 1) * size)));
    }
    return found;
  }
  for (let mask = 0; mask < 1 << (groups.length - 1); mask++) {
    const rows: Group[][] = [[]];
    groups.forEach((group, index) => {
      rows.at(-1)!.push(group);
      if (index < groups.length - 1 && mask & (1 << index)) rows.push([]);
    });
    if (rows.length <= 6) found.push(rows);
  }
  return found;
}

/** The lowest row of these regions that is at most so many columns wide. */
function toRow(groups: Group[], columnsWanted: number): RegionRow {
  const tallest = Math.max(...groups.map((group) => group.stores.length));
  const widthAt = (cellRows: number): number => groups.reduce((sum, group) => sum + Math.ceil(group.stores.length / cellRows), 0);
  let cellRows = 1;
  while (cellRows < tallest && widthAt(cellRows) > columnsWanted) cellRows++;
  const boxes = groups.map(({ region, stores }) => ({ region, stores, columns: Math.ceil(stores.length / cellRows) }));
  return { boxes, columns: widthAt(cellRows), cellRows };
}
