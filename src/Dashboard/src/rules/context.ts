import { computed, inject, provide, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import type { LocalName, StoreView } from '@/api/types';
import { i18n } from '@/i18n';
import { currencyDigits, type Language } from '@/lib/format';
import type { Condition, ListFact, ProgrammeDocument } from './model';
import { tagsOf } from '@/tags/model';
import type { Speech } from './sentence';

/** What every part of the page needs to name things: tiers, stores, currency, and the words of both languages. */
export interface RulesContext {
  tiers: ComputedRef<{ id: string; name: LocalName }[]>;
  tags: ComputedRef<{ id: string; name: LocalName }[]>;
  stores: Readonly<Ref<StoreView[]>>;
  currency: ComputedRef<string>;
  digits: ComputedRef<number>;
  speech: (language: Language) => Speech;
  /** What the rules already name for a fact, to choose from where the chain keeps no list of its own. */
  named: (fact: ListFact) => string[];
}

const key: InjectionKey<RulesContext> = Symbol('rules');

export function provideRules(document: () => ProgrammeDocument, stores: Readonly<Ref<StoreView[]>>, rules: () => readonly { when?: Condition | null }[]): RulesContext {
  const tiers = computed(() => ((document()['tiers'] ?? []) as { id: string; nameZh: string; nameEn: string }[])
    .map((tier) => ({ id: tier.id, name: { zh: tier.nameZh, en: tier.nameEn } })));
  const tags = computed(() => tagsOf(document()).map((tag) => ({ id: tag.id, name: { zh: tag.nameZh, en: tag.nameEn } })));
  const currency = computed(() => (typeof document()['currency'] === 'string' ? document()['currency'] as string : 'CNY'));
  const tierNames = computed(() => new Map(tiers.value.map((tier) => [tier.id, tier.name])));
  const tagNames = computed(() => new Map(tags.value.map((tag) => [tag.id, tag.name])));
  const storeNames = computed(() => new Map(stores.value.map((store) => [store.id, store.name])));
  const context: RulesContext = {
    tiers, tags, stores, currency,
    digits: computed(() => currencyDigits(currency.value)),
    speech: (language) => ({
      t: (text, values) => i18n.global.t(text, values ?? {}, { locale: language }),
      language, currency: currency.value,
      tier: (id) => tierNames.value.get(id), store: (id) => storeNames.value.get(id), tag: (id) => tagNames.value.get(id),
    }),
    named: (fact) => [...new Set(rules().flatMap((rule) => (rule.when ? valuesOf(rule.when, fact) : [])))].sort((a, b) => a.localeCompare(b, 'zh-CN', { numeric: true })),
  };
  provide(key, context);
  return context;
}

function valuesOf(condition: Condition, fact: ListFact): string[] {
  if ('all' in condition) return condition.all.flatMap((inner) => valuesOf(inner, fact));
  if ('any' in condition) return condition.any.flatMap((inner) => valuesOf(inner, fact));
  if ('not' in condition) return valuesOf(condition.not, fact);
  return condition.fact === fact && 'in' in condition ? condition.in : [];
}

export function useRules(): RulesContext {
  const found = inject(key);
  if (!found) throw new Error('This part stands outside the page of the rules.');
  return found;
}
