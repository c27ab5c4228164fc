import type { Coupons } from '@/coupons/model';
import type { Prices } from '@/prices/model';
import type { Tag } from '@/tags/model';
import type { Tiers } from '@/tiers/model';
import type { Expiry } from './expiry';
import type { Earning } from './model';
import type { Transfer } from './transfer';

/** The unpublished rules in this browser, one set for each chain. They hold rules and the version they began from, nothing about people. */
export interface KeptDraft { version: number; earning: Earning; coupons?: Coupons | undefined; expiry?: Expiry | undefined; transfer?: Transfer | undefined; tiers?: Tiers | undefined; tags?: Tag[] | undefined; prices?: Prices | undefined }

const keyOf = (chain: string): string => `chaincrm.rules.${chain}`;

export function readDraft(chain: string, storage: Pick<Storage, 'getItem'>): KeptDraft | null {
  try {
    const kept = JSON.parse(storage.getItem(keyOf(chain)) ?? 'null') as Partial<KeptDraft> | null;
    if (!kept || typeof kept.version !== 'number' || !Array.isArray(kept.earning?.rules)) return null;
    return { version: kept.version, earning: kept.earning, ...(typeof kept.coupons === 'object' ? { coupons: kept.coupons } : {}), ...(typeof kept.expiry === 'object' ? { expiry: kept.expiry } : {}), ...(typeof kept.transfer === 'object' ? { transfer: kept.transfer } : {}), ...(typeof kept.tiers === 'object' ? { tiers: kept.tiers } : {}), ...(Array.isArray(kept.tags) ? { tags: kept.tags } : {}), ...(typeof kept.prices === 'object' ? { prices: kept.prices } : {}) };
  } catch {
    // Storage may be forbidden or hold something else; there is then nothing to restore.
    return null;
  }
}

/** False when this browser cannot keep it. */
export function keepDraft(chain: string, draft: KeptDraft | null, storage: Pick<Storage, 'setItem' | 'removeItem'>): boolean {
  try {
    if (draft) storage.setItem(keyOf(chain), JSON.stringify(draft));
    else storage.removeItem(keyOf(chain));
    return true;
  } catch {
    return false;
  }
}
