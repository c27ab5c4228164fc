/** Where this browser sells: chosen once, kept in it. A till's key knows its own store, so only the staff number is kept then. */
export interface Place { store: string; staff: string }

const nameOf = (chain: string): string => `chaincrm.counter.place.${chain}`;

export function readPlace(chain: string, storage: Pick<Storage, 'getItem'>): Place | null {
  try {
    const kept = JSON.parse(storage.getItem(nameOf(chain)) ?? 'null') as Partial<Place> | null;
    return typeof kept?.store === 'string' ? { store: kept.store, staff: typeof kept.staff === 'string' ? kept.staff : '' } : null;
  } catch {
    return null;
  }
}

export function keepPlace(chain: string, place: Place, storage: Pick<Storage, 'setItem'>): void {
  try {
    storage.setItem(nameOf(chain), JSON.stringify(place));
  } catch {
    // Without storage the choice lasts until the page closes.
  }
}
