import type { ProgrammeDocument, Typed } from '@/rules/model';

/** The tiers of a programme document, as docs/domain/tiers.md writes them down. What is being typed may not be valid yet. */

export interface Tier {
  id: string;
  nameZh: string;
  nameEn: string;
  spendMinor?: Typed;
  multiplierPercent?: Typed;
  lasting?: boolean;
}

export const roundings = ['none', 'month', 'year'] as const;
export type Rounding = (typeof roundings)[number];
export const downgrades = ['none', 'full', 'oneLevel'] as const;
export type Downgrade = (typeof downgrades)[number];
export interface Validity { months?: Typed; roundUpTo?: Rounding; graceDays?: Typed; noticeDays?: Typed; downgrade?: Downgrade }

/** What the document says of tiers. A part that is left out there is left out here. */
export interface Tiers { tiers?: Tier[]; qualifyingMonths?: Typed; tierValidity?: Validity }

export const tierFields = ['tiers', 'qualifyingMonths', 'tierValidity'] as const;

export const tierList = (part: Tiers): Tier[] => part.tiers ?? [];

export function tiersOf(document: ProgrammeDocument): Tiers {
  return Object.fromEntries(tierFields.filter((field) => document[field] !== undefined).map((field) => [field, document[field]])) as Tiers;
}

/** The whole document with other tiers; everything else stays as it was, and where it stood. */
export function withTiers(document: ProgrammeDocument, part: Tiers): ProgrammeDocument {
  const all: ProgrammeDocument = { ...document, ...part };
  for (const field of tierFields) if (part[field] === undefined) delete all[field];
  return all;
}

/** What a tier that is left for ever falls to: nothing. A programme without the section lets tiers last. */
export const downgradeOf = (part: Tiers): Downgrade => (part.tierValidity ? part.tierValidity.downgrade ?? 'full' : 'none');

/** Tiers end another way. For ever is no section at all: its other fields would say nothing. */
export function withDowngrade(part: Tiers, downgrade: Downgrade): Tiers {
  const { tierValidity, ...rest } = part;
  if (downgrade === 'none') return rest;
  return { ...rest, tierValidity: { months: 12, ...tierValidity, downgrade } };
}

/** A tier above the highest: what it asks for and brings is more than that, so that one click gives something valid. */
export function newTier(id: string, list: readonly Tier[]): Tier {
  const top = list.at(-1);
  const spend = typeof top?.spendMinor === 'number' && top.spendMinor > 0 ? top.spendMinor * 2 : 100_000;
  return { id, nameZh: '', nameEn: '', spendMinor: spend, multiplierPercent: typeof top?.multiplierPercent === 'number' ? top.multiplierPercent + 10 : 100 };
}

/** Without the fields that say nothing. */
export function tidyTier(tier: Tier): Tier {
  const { lasting, ...rest } = tier;
  return lasting ? { ...rest, lasting } : rest;
}
