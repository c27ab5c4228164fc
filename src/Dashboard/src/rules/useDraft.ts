import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { api } from '@/api/endpoints';
import { ApiError } from '@/api/http';
import type { ProgrammeVersion } from '@/api/types';
import { couponDifferences, rebaseCoupons } from '@/coupons/difference';
import { couponsOf, type Coupons } from '@/coupons/model';
import { rebasePrices, priceDifferences } from '@/prices/difference';
import { pricesOf, type Prices } from '@/prices/model';
import { rebaseTags, tagsOf, type Tag } from '@/tags/model';
import { rebaseTiers, tierDifferences } from '@/tiers/difference';
import { tiersOf, type Tiers } from '@/tiers/model';
import type { Change } from './difference';
import { expiryDifferences, expiryOf, type Expiry } from './expiry';
import { keepDraft, readDraft } from './kept';
import { earningOf, rulesOf, type Earning, type ProgrammeDocument, type Rule } from './model';
import { changesBetween, partsOf, withParts, type DraftParts } from './parts';
import { rebase } from './rebase';
import { referralDifferences, referralOf, type Referral } from './referral';
import { transferDifferences, transferOf, type Transfer } from './transfer';

export interface Draft {
  /** The version the draft began from; null until it is here. */
  base: Readonly<ShallowRef<ProgrammeVersion | null>>;
  /** A version that somebody published meanwhile. */
  newer: Readonly<ShallowRef<ProgrammeVersion | null>>;
  failure: Readonly<ShallowRef<ApiError | null>>;
  rules: ComputedRef<Rule[]>;
  coupons: Readonly<ShallowRef<Coupons>>;
  expiry: Readonly<ShallowRef<Expiry>>;
  transfer: Readonly<ShallowRef<Transfer>>;
  tiers: Readonly<ShallowRef<Tiers>>;
  tags: Readonly<ShallowRef<Tag[]>>;
  prices: Readonly<ShallowRef<Prices>>;
  referral: Readonly<ShallowRef<Referral | null>>;
  document: ComputedRef<ProgrammeDocument>;
  changes: ComputedRef<Change[]>;
  restored: Ref<boolean>;
  isKept: Readonly<Ref<boolean>>;
  load: () => Promise<void>;
  setRules: (rules: Rule[]) => void;
  setCoupons: (coupons: Coupons) => void;
  setExpiry: (expiry: Expiry) => void;
  setTransfer: (transfer: Transfer) => void;
  setTiers: (tiers: Tiers) => void;
  setTags: (tags: Tag[]) => void;
  setPrices: (prices: Prices) => void;
  setReferral: (referral: Referral | null) => void;
  parts: () => DraftParts;
  setParts: (parts: DraftParts) => void;
  /** Learns which version runs now; called when publishing was refused because of it. */
  findNewer: () => Promise<void>;
  /** Goes on from the newer version, with own changes or without; names the rules that both sides changed. */
  takeNewer: (keepMine: boolean) => string[];
  begin: (version: ProgrammeVersion) => void;
}

/** The rules while they are edited: begun from a version, kept in this browser until they are published. */
export function useDraft(chain: string): Draft {
  const base = shallowRef<ProgrammeVersion | null>(null);
  const newer = shallowRef<ProgrammeVersion | null>(null);
  const failure = shallowRef<ApiError | null>(null);
  const earning = shallowRef<Earning>({});
  const coupons = shallowRef<Coupons>({});
  const expiry = shallowRef<Expiry>({});
  const transfer = shallowRef<Transfer>({});
  const tiers = shallowRef<Tiers>({});
  const tags = shallowRef<Tag[]>([]);
  const prices = shallowRef<Prices>({});
  const referral = shallowRef<Referral | null>(null);
  const restored = ref(false);
  const isKept = ref(true);
  const alive = new AbortController();

  const rules = computed(() => rulesOf(earning.value));
  const baseRules = computed(() => (base.value ? rulesOf(earningOf(base.value.document)) : []));
  const baseCoupons = computed(() => couponsOf(base.value?.document ?? {}));
  const baseExpiry = computed(() => expiryOf(base.value?.document ?? {}));
  const baseTransfer = computed(() => transferOf(base.value?.document ?? {}));
  const baseTiers = computed(() => tiersOf(base.value?.document ?? {}));
  const baseTags = computed(() => tagsOf(base.value?.document ?? {}));
  const baseReferral = computed(() => referralOf(base.value?.document ?? {}));
  const basePrices = computed(() => pricesOf(base.value?.document ?? {}));
  const own = computed<DraftParts>(() => ({ earning: earning.value, coupons: coupons.value, expiry: expiry.value, transfer: transfer.value, tiers: tiers.value, tags: tags.value, prices: prices.value, referral: referral.value }));
  const document = computed(() => withParts(base.value?.document ?? {}, own.value));
  const changes = computed<Change[]>(() => changesBetween(partsOf(base.value?.document ?? {}), own.value));

  function begin(version: ProgrammeVersion): void {
    base.value = version;
    newer.value = null;
    earning.value = earningOf(version.document);
    coupons.value = couponsOf(version.document);
    expiry.value = expiryOf(version.document);
    transfer.value = transferOf(version.document);
    tiers.value = tiersOf(version.document);
    tags.value = tagsOf(version.document);
    prices.value = pricesOf(version.document);
    referral.value = referralOf(version.document);
    restored.value = false;
  }

  async function load(): Promise<void> {
    failure.value = null;
    try {
      const running = await api.programme(alive.signal);
      const kept = readDraft(chain, localStorage);
      const began = kept && kept.version !== running.version ? await versionOf(kept.version) : null;
      begin(began ?? running);
      if (!kept) return;
      earning.value = kept.earning;
      // A draft that was kept before coupons, tiers, tags or prices were edited here says nothing of them.
      if (kept.coupons) coupons.value = kept.coupons;
      if (kept.expiry) expiry.value = kept.expiry;
      if (kept.transfer) transfer.value = kept.transfer;
      if (kept.tiers) tiers.value = kept.tiers;
      if (kept.tags) tags.value = kept.tags;
      if (kept.prices) prices.value = kept.prices;
      if (kept.referral !== undefined) referral.value = kept.referral;
      restored.value = changes.value.length > 0;
      if (began && restored.value) newer.value = running;
      else if (began) begin(running);
    } catch (error) {
      if (alive.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  /** The version a kept draft began from; null where it is not told any more, and the draft is then compared with what runs. */
  async function versionOf(version: number): Promise<ProgrammeVersion | null> {
    // The built-in rules are no published version.
    if (version === 0) return null;
    try {
      return await api.programmeVersion(version, alive.signal);
    } catch (error) {
      if (error instanceof ApiError && error.notFound) return null;
      throw error;
    }
  }

  function takeNewer(keepMine: boolean): string[] {
    const running = newer.value;
    if (!running) return [];
    const merged = rebase(baseRules.value, rules.value, rulesOf(earningOf(running.document)));
    const mergedCoupons = rebaseCoupons(baseCoupons.value, coupons.value, couponsOf(running.document));
    const myExpiry = expiryDifferences(baseExpiry.value, expiry.value)[0]?.after;
    const myTransfer = transferDifferences(baseTransfer.value, transfer.value)[0]?.after;
    const hadCoupons = couponDifferences(baseCoupons.value, coupons.value).length > 0;
    const mergedTiers = rebaseTiers(baseTiers.value, tiers.value, tiersOf(running.document));
    const myReferral = referralDifferences(baseReferral.value, referral.value)[0];
    const mergedTags = rebaseTags(baseTags.value, tags.value, tagsOf(running.document));
    const hadTiers = tierDifferences(baseTiers.value, tiers.value).length > 0;
    const mergedPrices = rebasePrices(basePrices.value, prices.value, pricesOf(running.document));
    const hadPrices = priceDifferences(basePrices.value, prices.value).length > 0;
    begin(running);
    if (!keepMine) return [];
    earning.value = { ...earningOf(running.document), rules: merged.rules };
    if (hadCoupons) coupons.value = mergedCoupons.coupons;
    if (myExpiry) expiry.value = myExpiry;
    if (myTransfer) transfer.value = myTransfer;
    if (hadTiers) tiers.value = mergedTiers.tiers;
    if (hadPrices) prices.value = mergedPrices.prices;
    tags.value = mergedTags.tags;
    if (myReferral) referral.value = myReferral.after;
    return [...merged.both, ...(hadCoupons ? mergedCoupons.both : []), ...(hadTiers ? mergedTiers.both : []), ...(hadPrices ? mergedPrices.both : []), ...mergedTags.both];
  }

  watch([own, base], () => {
    const from = base.value;
    if (!from) return;
    isKept.value = keepDraft(chain, changes.value.length > 0 ? { version: from.version, ...own.value, earning: { ...earning.value, rules: rules.value } } : null, localStorage);
  });
  onScopeDispose(() => alive.abort());

  return {
    base, newer, failure, rules, coupons, expiry, transfer, tiers, tags, prices, referral, document, changes, restored, isKept, load, begin, takeNewer,
    setRules: (next) => { earning.value = { ...earning.value, rules: next }; },
    setCoupons: (next) => { coupons.value = next; },
    setExpiry: (next) => { expiry.value = next; },
    setTransfer: (next) => { transfer.value = next; },
    setTiers: (next) => { tiers.value = next; },
    setTags: (next) => { tags.value = next; },
    setReferral: (next) => { referral.value = next; },
    setPrices: (next) => { prices.value = next; },
    parts: () => ({ ...own.value, earning: { ...earningOf(document.value) } }),
    setParts: (parts) => {
      earning.value = parts.earning;
      coupons.value = parts.coupons;
      expiry.value = parts.expiry;
      transfer.value = parts.transfer;
      tiers.value = parts.tiers;
      tags.value = parts.tags;
      prices.value = parts.prices;
      referral.value = parts.referral;
    },
    findNewer: async () => { newer.value = await api.programme(alive.signal); },
  };
}
