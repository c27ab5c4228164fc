import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import type { MemberCard } from '@/api/types';
import { limits } from '@/lib/limits';
import { useSession } from '@/session';

/** Who was served here since the page was opened: in memory only, gone with the session. */
export const useRecent = defineStore('recent', () => {
  const cards = shallowRef<readonly MemberCard[]>([]);

  function add(card: MemberCard): void {
    cards.value = [card, ...cards.value.filter((other) => other.id !== card.id)].slice(0, limits.recentMembers);
  }

  watch(() => useSession().current, (current) => { if (!current) cards.value = []; });

  return { cards, add };
});

/** Those whose phone or card ends with these digits. */
export function endingWith(cards: readonly MemberCard[], digits: string): MemberCard[] {
  return cards.filter((card) => Boolean(card.phone?.endsWith(digits)) || Boolean(card.card?.endsWith(digits)));
}

export const isLastDigits = (text: string): boolean => new RegExp(`^\\d{${limits.lastDigits}}$`).test(text.trim());

/** A name as it may stand in a list that others can see over the counter; what is masked already stays. */
export const maskedName = (name: string | null | undefined): string => (!name ? '' : name.includes('*') ? name : `${[...name.trim()][0]}**`);

/** The last four digits of a phone. */
export const lastDigitsOf = (phone: string | null | undefined): string => (phone ?? '').slice(-limits.lastDigits);

/** +8613912345678 as people say it, 139 1234 5678; others, and masked ones, as they are. */
export const shownPhone = (phone: string | null | undefined): string => (phone ?? '').replace(/^\+86(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3');
