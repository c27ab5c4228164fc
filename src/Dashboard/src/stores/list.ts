import type { StoreView, WallStore } from '@/api/types';

export const sortKeys = ['today', 'revenue', 'purchases', 'name'] as const;
export type SortKey = (typeof sortKeys)[number];

export const regionsOf = (stores: readonly StoreView[]): string[] => [...new Set(stores.map((store) => store.region))].sort((a, b) => a.localeCompare(b, 'zh-CN', { numeric: true }));

/** Stores of a region ('' for all) whose name, id or city contains a text. */
export function filterStores(stores: readonly StoreView[], text: string, region: string): StoreView[] {
  const wanted = text.trim().toLowerCase();
  return stores.filter((store) => (region === '' || store.region === region)
    && (wanted === '' || [store.name, store.id, store.city].some((field) => field.toLowerCase().includes(wanted))));
}

/** Highest first; names from A. Equal ones by name, so that the order never depends on chance. */
export function sortStores(stores: readonly StoreView[], key: SortKey, live: ReadonlyMap<string, WallStore> | null): StoreView[] {
  const byName = (a: StoreView, b: StoreView): number => a.name.localeCompare(b.name, 'zh-CN', { numeric: true }) || a.id.localeCompare(b.id);
  const value = (store: StoreView): number => {
    if (key === 'today') return live?.get(store.id)?.salesMinor ?? 0;
    return key === 'revenue' ? store.revenueMinor : store.purchases;
  };
  return [...stores].sort((a, b) => (key === 'name' ? 0 : value(b) - value(a)) || byName(a, b));
}
