import { api } from '@/api/endpoints';
import { useWall } from '@/wall/store';

let asked: Promise<ReadonlyMap<string, string>> | null = null;

/** Names of the stores by id: from the live figures when they are here, otherwise asked once. */
export function storeNames(): Promise<ReadonlyMap<string, string>> {
  const live = useWall().state?.stores;
  if (live) return Promise.resolve(new Map([...live.values()].map((store) => [store.id, store.name])));
  asked ??= api.stores()
    .then((list) => new Map(list.stores.map((store) => [store.id, store.name])))
    // A line then shows the store's id; the next visit asks again.
    .catch(() => {
      asked = null;
      return new Map();
    });
  return asked;
}
