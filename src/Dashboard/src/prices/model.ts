import type { Condition, ProgrammeDocument, Typed } from '@/rules/model';

/** Member prices and goods that come to some members first, as docs/domain/member-prices.md and early-access.md write them down. What is being typed may not be valid yet. */

export const priceKinds = ['percent', 'price'] as const;
export type PriceKind = (typeof priceKinds)[number];
export interface PriceGive { kind: PriceKind; percent?: Typed; minor?: Typed }

export interface MemberPrice {
  id: string;
  nameZh: string;
  nameEn: string;
  enabled?: boolean;
  when?: Condition | null;
  give: PriceGive;
  /** Also for lines that the till has discounted itself; true when left out. */
  onDiscounted?: boolean;
}

export interface EarlyAccess {
  id: string;
  nameZh: string;
  nameEn: string;
  enabled?: boolean;
  goods?: Condition | null;
  who?: Condition | null;
  earlyFrom?: string | null;
  publicFrom?: string;
}

/** What the document says of prices. A part that is left out there is left out here. */
export interface Prices { memberPrices?: MemberPrice[]; earlyAccess?: EarlyAccess[] }

const fields = ['memberPrices', 'earlyAccess'] as const;
export const pricesOf = (document: ProgrammeDocument): Prices => Object.fromEntries(fields.filter((field) => document[field] !== undefined).map((field) => [field, document[field]])) as Prices;
export const priceList = (part: Prices): MemberPrice[] => part.memberPrices ?? [];
export const accessList = (part: Prices): EarlyAccess[] => part.earlyAccess ?? [];

/** The whole document with other prices; none where there were none writes none. */
export function withPrices(document: ProgrammeDocument, part: Prices): ProgrammeDocument {
  const all: ProgrammeDocument = { ...document };
  for (const field of fields) {
    const list = part[field];
    if (list === undefined || (list.length === 0 && document[field] === undefined)) delete all[field];
    else all[field] = list;
  }
  return all;
}

/** All conditions of both lists, from which the page takes the words that a chain already uses. */
export const conditionsOf = (part: Prices): { when?: Condition | null }[] =>
  [...priceList(part), ...accessList(part).flatMap(({ goods, who }) => [{ when: goods ?? null }, { when: who ?? null }])];

/** Without the fields that say nothing: a document reads best with only what was chosen. */
export function tidyPrice(price: MemberPrice): MemberPrice {
  const { when, onDiscounted, ...rest } = price;
  return { ...rest, ...(when ? { when } : {}), ...(onDiscounted === false ? { onDiscounted } : {}) };
}
export function tidyAccess(access: EarlyAccess): EarlyAccess {
  const { goods, who, earlyFrom, publicFrom, ...rest } = access;
  return { ...rest, ...(goods ? { goods } : {}), ...(who ? { who } : {}), ...(earlyFrom ? { earlyFrom } : {}), ...(publicFrom ? { publicFrom } : {}) };
}

/** What a price gives when another way is chosen: the most usual value, so that one click gives something valid. */
export const usualPrice = (kind: PriceKind): PriceGive => (kind === 'percent' ? { kind, percent: 10 } : { kind, minor: 9_900 });

/** A new price for the highest tier: without a condition it would be for every sale to a member. */
export const newPrice = (id: string, tier: string | undefined): MemberPrice =>
  ({ id, nameZh: '', nameEn: '', enabled: true, give: usualPrice('percent'), ...(tier === undefined ? {} : { when: { fact: 'tier', in: [tier] } }) });

export const newAccess = (id: string, tier: string | undefined, publicFrom: string): EarlyAccess =>
  ({ id, nameZh: '', nameEn: '', enabled: true, goods: { fact: 'product', in: [] }, ...(tier === undefined ? {} : { who: { fact: 'tier', in: [tier] } }), publicFrom });
