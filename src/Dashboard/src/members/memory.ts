import { shallowRef } from 'vue';
import type { MemberCard } from '@/api/types';

/** The card that a search just found, so that its page need not ask for it again. Forgotten once shown. */
export const foundCard = shallowRef<MemberCard | null>(null);
