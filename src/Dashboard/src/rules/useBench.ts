import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { Problem } from '@/api/types';
import { businessDay, hourMinute } from '@/lib/time';
import { useWall } from '@/wall/store';
import { basketOf, type Basket } from './basket';
import type { RulesContext } from './context';
import type { Draft } from './useDraft';
import { useTry, type Trial } from './useTry';

export interface Bench {
  basket: Ref<Basket>;
  /** Kinds of coupons that are tried on it. */
  kinds: Ref<string[]>;
  trial: Trial;
  hasLines: ComputedRef<boolean>;
  hasDraft: ComputedRef<boolean>;
  /** What is wrong with the draft, by the last answer. */
  errors: ComputedRef<readonly Problem[]>;
}

/** The example basket of the page and what the server answers to it: for the rules, with coupons or member prices where those are edited. */
export function useBench(draft: Draft, context: RulesContext, triesCoupons: () => boolean, triesPrices: () => boolean): Bench {
  const wall = useWall();
  const now = Date.now();
  const basket = ref<Basket>({
    store: '', tier: '', channel: '', tags: [], crossStore: false, day: businessDay(now, wall.timeZone), time: hourMinute(now, wall.timeZone),
    lines: [{ key: 1, category: '', brand: '', product: '', quantity: '1', price: '300' }],
  });
  const kinds = ref<string[]>([]);
  watch([context.stores, context.tiers], ([stores, tiers]) => {
    if (basket.value.store === '') basket.value.store = stores[0]?.id ?? '';
    if (basket.value.tier === '') basket.value.tier = tiers[0]?.id ?? '';
  }, { immediate: true });

  const hasDraft = computed(() => draft.changes.value.length > 0);
  const asked = computed(() => basketOf(basket.value, wall.timeZone, context.digits.value));
  const trial = useTry(() => {
    // Nothing to ask before the rules are here. Without a finished line the draft is checked all the same, with the smallest basket there is.
    if (!draft.base.value) return null;
    const lines = asked.value ?? { lines: [{ line: 1, product: 'item-1', quantity: 1, priceMinor: 0 }] };
    const coupons = triesCoupons() ? kinds.value : [];
    const bought = triesPrices() ? { ...lines, memberPrices: true } : lines;
    return { ...(hasDraft.value ? { document: draft.document.value } : {}), basket: bought, ...(coupons.length > 0 ? { coupons } : {}) };
  });
  const errors = computed(() => (hasDraft.value && trial.reply.value && !trial.reply.value.valid ? trial.reply.value.errors : []));
  return { basket, kinds, trial, hasLines: computed(() => asked.value !== null), hasDraft, errors };
}
