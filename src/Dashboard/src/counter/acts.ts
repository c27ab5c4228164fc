import type { Problem } from '@/api/types';
import type { ApiError } from '@/api/http';

export type ActKind = 'sale' | 'redeem' | 'topUp' | 'return' | 'freeze' | 'freezePoints';

/**
 * A write of the counter as it was first sent, kept until the server has answered. Sent again it is the same key and the same body, so it takes
 * effect once. It names the member by id only: nothing personal lies in the browser.
 */
export interface Act {
  key: string;
  kind: ActKind;
  path: string;
  body: unknown;
  chain: string;
  /** Whose space of keys it was sent in: a till's store, or headquarters. Sent by another it would be another write. */
  scope: string;
  customer: string;
  /** What it is about, for whoever reads it later. */
  amountMinor: number | null;
  points: number | null;
  atMs: number;
  /** Why it did not take effect; kept until somebody has read it. */
  refused: Problem | null;
}

type ReadStorage = Pick<Storage, 'getItem' | 'key' | 'length'>;

const prefixOf = (chain: string, scope: string): string => `chaincrm.counter.act.${chain}.${scope}/`;
const nameOf = (act: Act): string => prefixOf(act.chain, act.scope) + act.key;

function isAct(value: unknown): value is Act {
  const act = value as Partial<Act> | null;
  return typeof act?.key === 'string' && typeof act.path === 'string' && typeof act.customer === 'string' && typeof act.atMs === 'number' && act.body !== undefined;
}

/** Each act has a place of its own: two tabs never write over one another. False when this browser keeps nothing. */
export function keepAct(act: Act, storage: Pick<Storage, 'setItem'>): boolean {
  try {
    storage.setItem(nameOf(act), JSON.stringify(act));
    return true;
  } catch {
    return false;
  }
}

export function dropAct(act: Act, storage: Pick<Storage, 'removeItem'>): void {
  try {
    storage.removeItem(nameOf(act));
  } catch {
    // What could not be kept need not be dropped.
  }
}

/** The acts of a chain and a space of keys that are still kept, oldest first. */
export function readActs(chain: string, scope: string, storage: ReadStorage): Act[] {
  const prefix = prefixOf(chain, scope);
  const found: Act[] = [];
  try {
    for (let i = 0; i < storage.length; i++) {
      const name = storage.key(i);
      const act = name?.startsWith(prefix) ? readOne(storage.getItem(name)) : null;
      if (act) found.push(act);
    }
  } catch {
    // Storage may be forbidden: nothing is kept there then.
  }
  return found.sort((a, b) => a.atMs - b.atMs);
}

function readOne(text: string | null): Act | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isAct(value) ? value : null;
  } catch {
    return null;
  }
}

const keyReused = 902;

/**
 * Whether an error leaves open what became of a write: no answer, a server that could not record it now, or a session that has ended. Everything
 * else is an answer.
 */
export function leavesOpen(error: ApiError): boolean {
  const { status, code } = error.problem;
  if (code === keyReused) return false;
  return error.offline || status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
}

/** Milliseconds until the next attempt: 1 s, doubled up to the longest. */
export const waitOf = (tries: number, firstMs: number, longestMs: number): number => Math.min(longestMs, firstMs * 2 ** Math.min(tries, 16));
