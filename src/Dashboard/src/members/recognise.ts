import type { CustomerKey } from '@/api/types';

export type KeyKind = keyof CustomerKey;

// Ids of members: c and 16 letters of Crockford's alphabet.
const memberId = /^c[0-9a-hjkmnp-tv-z]{16}$/;

/** The ways a typed text may identify a member, likeliest first; tried in this order until one is found. */
export function recognise(text: string): CustomerKey[] {
  const typed = text.trim();
  if (typed === '') return [];
  if (memberId.test(typed.toLowerCase())) return [{ id: typed.toLowerCase() }];
  const digits = typed.replace(/[\s\-().]/g, '');
  const isPhone = /^(\+|00)\d{8,15}$/.test(digits) || /^(86)?1[3-9]\d{9}$/.test(digits);
  return isPhone ? [{ phone: typed }, { card: typed }, { externalId: typed }] : [{ card: typed }, { externalId: typed }];
}

export function keyOf(kind: KeyKind, text: string): CustomerKey[] {
  const typed = text.trim();
  return typed === '' ? [] : [{ [kind]: typed } as CustomerKey];
}
