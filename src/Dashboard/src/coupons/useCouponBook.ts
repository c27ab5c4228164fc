import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { api } from '@/api/endpoints';
import { ApiError } from '@/api/http';
import type { LocalName, ProgrammeVersion } from '@/api/types';
import { useText } from '@/i18n';
import type { Speech } from '@/rules/sentence';
import { tagsOf } from '@/tags/model';
import { storeNames } from '@/stores/names';
import { useWall } from '@/wall/store';
import { couponsOf, isOn, kindsOf, type CouponKind } from './model';
import { faceOf, termsText, type Face } from './words';
import type { CouponView } from './wire';

export interface CouponBook {
  kinds: Readonly<ShallowRef<readonly CouponKind[]>>;
  /** Why the kinds are not here; coupons then show their names alone. */
  failure: Readonly<ShallowRef<ApiError | null>>;
  load: () => Promise<void>;
  /** Kinds of which coupons can be issued by hand. */
  issuable: () => CouponKind[];
  nameOf: (coupon: Pick<CouponView, 'kind' | 'name'>) => string;
  faceOf: (kind: string) => Face | null;
  termsOf: (kind: string) => string;
}

/** The kinds of coupons of the running programme, to say in words what a coupon in somebody's hand gives. */
export function useCouponBook(): CouponBook {
  const { t, language, named } = useText();
  const wall = useWall();
  const kinds = shallowRef<readonly CouponKind[]>([]);
  const tiers = shallowRef<ReadonlyMap<string, LocalName>>(new Map());
  const tags = shallowRef<ReadonlyMap<string, LocalName>>(new Map());
  const stores = shallowRef<ReadonlyMap<string, string>>(new Map());
  const failure = shallowRef<ApiError | null>(null);
  const alive = new AbortController();

  async function load(): Promise<void> {
    failure.value = null;
    try {
      const [running, names] = await Promise.all([api.programme(alive.signal), storeNames()]);
      kinds.value = kindsOf(couponsOf(running.document));
      tiers.value = tiersOf(running);
      tags.value = new Map(tagsOf(running.document).map((tag) => [tag.id, { zh: tag.nameZh, en: tag.nameEn }]));
      stores.value = names;
    } catch (error) {
      if (alive.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  const find = (id: string): CouponKind | undefined => kinds.value.find((kind) => kind.id === id);
  const speech = (): Speech => ({ t, language: language.value, currency: wall.currency, tier: (id) => tiers.value.get(id), store: (id) => stores.value.get(id), tag: (id) => tags.value.get(id) });
  onScopeDispose(() => alive.abort());
  return {
    kinds, failure, load,
    issuable: () => kinds.value.filter(isOn),
    nameOf: ({ kind, name }) => {
      const known = find(kind);
      return named(name) || named(known ? { zh: known.nameZh, en: known.nameEn } : null) || t('coupon.gone');
    },
    faceOf: (id) => {
      const kind = find(id);
      return kind ? faceOf(kind, speech()) : null;
    },
    termsOf: (id) => {
      const kind = find(id);
      return kind ? termsText(kind, speech()) : '';
    },
  };
}

function tiersOf(running: ProgrammeVersion): ReadonlyMap<string, LocalName> {
  const tiers = (running.document['tiers'] ?? []) as { id: string; nameZh: string; nameEn: string }[];
  return new Map(tiers.map((tier) => [tier.id, { zh: tier.nameZh, en: tier.nameEn }]));
}
