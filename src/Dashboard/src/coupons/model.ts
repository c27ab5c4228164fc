import { isOn, type Condition, type ProgrammeDocument, type Typed } from '@/rules/model';

/** The coupons of a programme document, as docs/domain/coupons.md writes them down. What is being typed may not be valid yet. */

export const giveKinds = ['amount', 'percent', 'perFull', 'free', 'second', 'price'] as const;
export type CouponGiveKind = (typeof giveKinds)[number];
export interface CouponGive {
  kind: CouponGiveKind;
  minor?: Typed;
  percent?: Typed;
  mostMinor?: Typed;
  eachMinor?: Typed;
  times?: Typed;
  items?: Typed;
  pairs?: Typed;
}

export const bearers = ['headquarters', 'issuer', 'redeemer', 'supplier'] as const;
export type Bearer = (typeof bearers)[number];
export const returnPolicies = ['recheck', 'share'] as const;
export type ReturnPolicy = (typeof returnPolicies)[number];
export const periods = ['ever', 'day', 'month', 'year'] as const;
export type Period = (typeof periods)[number];

export interface CouponMinimum { amountMinor?: Typed; quantity?: Typed; receiptMinor?: Typed }
export interface CouponValid { days?: Typed; afterDays?: Typed; from?: string; to?: string }

export interface CouponKind {
  id: string;
  nameZh: string;
  nameEn: string;
  enabled?: boolean;
  campaign?: string | null;
  give: CouponGive;
  when?: Condition | null;
  minimum?: CouponMinimum | null;
  valid?: CouponValid | null;
  category?: string | null;
  alone?: boolean;
  perReceipt?: Typed;
  perCustomer?: { count?: Typed; per?: Period } | null;
  onReturn?: ReturnPolicy;
  bearer?: Bearer;
  /** Printed codes: a batch, named for ever by its number, and how many. */
  codes?: { batch?: Typed; count?: Typed } | null;
}

export interface CouponCategory { id: string; perReceipt?: Typed }

export const occasions = ['purchase', 'enrolment', 'tierReached', 'topUp'] as const;
export type Occasion = (typeof occasions)[number];
export interface IssueRule {
  id: string;
  nameZh: string;
  nameEn: string;
  enabled?: boolean;
  on: Occasion;
  kind: string;
  count?: Typed;
  when?: Condition | null;
  minimumMinor?: Typed;
  tier?: string | null;
}

/** The `coupons` part of the document; fields of it that this page does not know are kept as they are. */
export interface Coupons { categories?: CouponCategory[]; kinds?: CouponKind[]; issue?: IssueRule[]; [other: string]: unknown }

/** The category of a document that names none. */
export const usualCategory = 'coupon';

export const couponsOf = (document: ProgrammeDocument): Coupons => (document['coupons'] ?? {}) as Coupons;
export const kindsOf = (coupons: Coupons): CouponKind[] => coupons.kinds ?? [];
export const issueOf = (coupons: Coupons): IssueRule[] => coupons.issue ?? [];
export const categoriesOf = (coupons: Coupons): CouponCategory[] => (coupons.categories && coupons.categories.length > 0 ? coupons.categories : [{ id: usualCategory, perReceipt: 1 }]);
export { isOn };

/** The whole document with other coupons; none where there were none writes none. */
export function withCoupons(document: ProgrammeDocument, coupons: Coupons): ProgrammeDocument {
  const empty = Object.values(coupons).every((part) => Array.isArray(part) && part.length === 0);
  return document['coupons'] === undefined && empty ? document : { ...document, coupons };
}

const said = (part: object | null | undefined): boolean => part !== null && part !== undefined && Object.keys(part).length > 0;

/** Without the fields that say nothing: a document reads best with only what was chosen. */
export function tidyKind(kind: CouponKind): CouponKind {
  const { when, minimum, valid, campaign, category, alone, perReceipt, perCustomer, onReturn, bearer, codes, ...rest } = kind;
  return {
    ...rest,
    ...(when ? { when } : {}),
    ...(said(minimum) ? { minimum } : {}),
    ...(said(valid) ? { valid } : {}),
    ...(category ? { category } : {}),
    ...(alone ? { alone } : {}),
    ...(perReceipt === undefined || perReceipt === 1 ? {} : { perReceipt }),
    ...(perCustomer ? { perCustomer } : {}),
    ...(onReturn && onReturn !== 'recheck' ? { onReturn } : {}),
    ...(bearer && bearer !== 'headquarters' ? { bearer } : {}),
    ...(campaign ? { campaign } : {}),
    ...(codes ? { codes } : {}),
  };
}

/** Without what cannot be in a document twice: a batch of printed codes belongs to one kind for ever. */
export function forCopy<T extends object>(one: T): T {
  const { codes: _, ...rest } = one as T & { codes?: unknown };
  return rest as T;
}

const batchMax = 4_095;
/** A batch that no kind has had as far as this page knows; made here and never typed, as ids are. */
export function newBatch(taken: Iterable<number>, chance: () => number = Math.random): number {
  const used = new Set(taken);
  for (;;) {
    const batch = 1 + Math.floor(chance() * batchMax);
    // Every number used is refused by the server at its field.
    if (!used.has(batch) || used.size >= batchMax) return batch;
  }
}
export const batchesOf = (coupons: Coupons): number[] => kindsOf(coupons).flatMap(({ codes }) => (typeof codes?.batch === 'number' ? [codes.batch] : []));

export function tidyIssue(rule: IssueRule): IssueRule {
  const { when, minimumMinor, tier, count, ...rest } = rule;
  return {
    ...rest,
    ...(rule.on === 'purchase' && when ? { when } : {}),
    ...((rule.on === 'purchase' || rule.on === 'topUp') && minimumMinor !== undefined ? { minimumMinor } : {}),
    ...(rule.on === 'tierReached' && tier ? { tier } : {}),
    ...(count === undefined || count === 1 ? {} : { count }),
  };
}

/** What a kind gives when another way is chosen: the most usual value, so that one click gives something valid. */
export function usualGive(kind: CouponGiveKind): CouponGive {
  if (kind === 'amount') return { kind, minor: 5_000 };
  if (kind === 'percent') return { kind, percent: 20 };
  if (kind === 'perFull') return { kind, minor: 2_000, eachMinor: 20_000 };
  if (kind === 'second') return { kind, percent: 50 };
  if (kind === 'price') return { kind, minor: 990 };
  return { kind };
}

/** How a new kind begins; 30 days, as most chains give. */
export const presets = ['amount', 'percent', 'second', 'free', 'price', 'perFull'] as const;
export function presetKind(id: string, preset: CouponGiveKind): CouponKind {
  const minimum = preset === 'amount' ? { amountMinor: 30_000 } : preset === 'price' ? { receiptMinor: 20_000 } : null;
  return { id, nameZh: '', nameEn: '', enabled: true, give: usualGive(preset), ...(minimum ? { minimum } : {}), valid: { days: 30 } };
}

export const newIssue = (id: string, kind: string): IssueRule => ({ id, nameZh: '', nameEn: '', enabled: true, on: 'enrolment', kind });
