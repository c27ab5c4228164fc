import { computed, type ComputedRef } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import type { LocalName } from '@/api/types';
import type { Language } from '@/lib/format';
import { en } from './en';
import { zh } from './zh';

type Same<T> = { [Key in keyof T]: T[Key] extends string ? string : Same<T[Key]> };

/** Every text of the product; the compiler holds both languages to the same keys. */
export type Messages = Same<typeof zh>;

const kept = 'chaincrm.language';

function remembered(): Language {
  try {
    return localStorage.getItem(kept) === 'en' ? 'en' : 'zh';
  } catch {
    // Storage may be forbidden; Chinese is the language of the house.
    return 'zh';
  }
}

export const i18n = createI18n({ legacy: false, locale: remembered() as string, fallbackLocale: false as const, messages: { zh, en } });

export function applyLanguage(language: Language): void {
  i18n.global.locale.value = language;
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  try {
    localStorage.setItem(kept, language);
  } catch {
    // Without storage the choice lasts until the page closes.
  }
}

/** The texts, the language, and names that come in both languages. */
export function useText(): {
  t: (key: string, values?: Record<string, unknown>) => string;
  language: ComputedRef<Language>;
  named: (name: LocalName | null | undefined) => string;
} {
  const { t, locale } = useI18n({ useScope: 'global' });
  const language = computed(() => locale.value as Language);
  return {
    t: (key, values) => (values ? t(key, values) : t(key)),
    language,
    named: (name) => (name ? (language.value === 'zh' ? name.zh : name.en) || name.zh : ''),
  };
}
