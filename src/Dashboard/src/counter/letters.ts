import { computed, type ComputedRef } from 'vue';
import { useText } from '@/i18n';

/** The letter of each verb: the first of its word, in Chinese of its pinyin. Shown on the button, pressed anywhere but in a text. */
const letters = {
  zh: { sale: 'J', redeem: 'Y', topUp: 'C', return: 'T', freeze: 'D', freezePoints: 'F', next: 'X', enrol: 'R', lines: 'M', points: 'D', stored: 'C', whole: 'Z', why: 'W', retry: 'S', again: 'H', coupons: 'Q' },
  en: { sale: 'S', redeem: 'P', topUp: 'T', return: 'R', freeze: 'F', freezePoints: 'B', next: 'N', enrol: 'E', lines: 'L', points: 'P', stored: 'V', whole: 'W', why: 'Y', retry: 'R', again: 'M', coupons: 'C' },
} as const;

export type Verb = keyof (typeof letters)['zh'];

export function useLetters(): { letter: ComputedRef<Record<Verb, string>>; code: (verb: Verb) => string } {
  const { language } = useText();
  const letter = computed<Record<Verb, string>>(() => letters[language.value]);
  return { letter, code: (verb) => `Key${letter.value[verb]}` };
}
