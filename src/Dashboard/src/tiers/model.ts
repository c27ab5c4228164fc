import type { ProgrammeDocument, Typed } from '@/rules/model';

/** The tiers of a programme document, as docs/domain/tiers.md writes them down. What is being typed may not be valid yet. */

export interface Tier {
  id: string;
  nameZh: string;
  nameEn: string;
  spendMinor?: Typed;
  points?: Typed;
  visits?: Typed;
  multiplierPercent?: Typed;
  lasting?: boolean;
}

export const roundings = ['none', 'month', 'year'] as const;
export type Rounding = (typeof roundings)[number];
export const downgrades = ['none', 'full', 'oneLevel'] as const;
export type Downgrade = (typeof downgrades)[number];
export const qualifies = ['all', 'any'] as const;
export type Qualify = (typeof qualifies)[number];
export const windows = ['rolling', 'year', 'halfYear', 'quarter', 'month'] as const;
export type WindowKind = (typeof windows)[number];
export interface Validity { months?: Typed; roundUpTo?: Rounding; graceDays?: Typed; noticeDays?: Typed; downgrade?: Downgrade }

/** What the document says of tiers. A part that is left out there is left out here. */
export interface Tiers { tiers?: Tier[]; qualify?: Qualify; qualifyingWindow?: WindowKind; qualifyingMonths?: Typed; tierValidity?: Validity }

export const tierFields = ['tiers', 'qualify', 'qualifyingWindow', 'qualifyingMonths', 'tierValidity'] as const;

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

/** What tiers can ask for, in the order in which it is said. */
export const measures = ['spendMinor', 'points', 'visits'] as const;
export type Measure = (typeof measures)[number];

/** What a tier asks for; nothing typed yet is asked for, 0 is not. */
export const askedOf = (tier: Tier): Measure[] => measures.filter((measure) => tier[measure] !== undefined && tier[measure] !== 0);

/** What the tiers ask for among them; spend where none asks for anything yet. */
export function measuresOf(part: Tiers): Measure[] {
  const asked = measures.filter((measure) => tierList(part).some((tier) => askedOf(tier).includes(measure)));
  return asked.length > 0 ? asked : ['spendMinor'];
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
  const { lasting, points, visits, spendMinor, ...rest } = tier;
  const more = { ...(points === undefined ? {} : { points }), ...(visits === undefined ? {} : { visits }) };
  // Who asks for points or visits need not ask for spend; a tier that asks for nothing has a gap to fill.
  const spend = spendMinor === '' && Object.keys(more).length > 0 ? {} : { ...(spendMinor === undefined ? {} : { spendMinor }) };
  return { ...rest, ...spend, ...more, ...(lasting ? { lasting } : {}) };
}
