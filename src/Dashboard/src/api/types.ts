// The wire as TypeScript, from src/Client/Wire. Dates are ISO texts, amounts minor units, points whole.

import type { MemberPriceView } from '@/coupons/wire';
import type { CouponSkipped, CouponView } from '@/coupons/wire';
import type { ProgrammeDocument } from '@/rules/model';
import type { TryBasket } from '@/rules/basket';
import type { HeldTag } from '@/tags/model';

export interface LocalName { zh: string; en: string }

export interface Problem {
  status: number;
  code: number;
  title?: string | null;
  titleZh?: string | null;
  name?: string | null;
  field?: string | null;
  mayPassLater?: boolean;
  /** Every mistake of a document at once, each with its field. */
  errors?: Problem[] | null;
}

export interface Session {
  role: 'till' | 'office' | 'viewer';
  chain: string;
  chainName: string;
  currency: string;
  /** IANA name of the zone in which business days begin and end. */
  timeZone: string;
  store?: string | null;
  demo: boolean;
  seesPersonal: boolean;
}

export interface WallTotals {
  salesMinor: number;
  visits: number;
  pointsGiven: number;
  pointsUsed: number;
  newMembers: number;
  activeMembers: number;
  crossStoreVisits: number;
  crossStoreMinor: number;
  returnsMinor: number;
}

export interface WallStore {
  id: string;
  name: string;
  region: string;
  city: string;
  open: boolean;
  salesMinor: number;
  visits: number;
  newMembers: number;
  crossStoreVisits: number;
  lastActivityMs: number;
}

export interface WallSlot { slot: number; salesMinor: number }
export interface WallFlow { from: string; to: string; count: number }

export type WallEventKind = 'purchase' | 'return' | 'enrolled' | 'tier' | 'redeemed';

export interface WallEvent {
  position: number;
  atMs: number;
  kind: WallEventKind;
  store: string;
  name?: string | null;
  amountMinor?: number | null;
  points?: number | null;
  tier?: LocalName | null;
  crossStore: boolean;
}

export interface WallSnapshot {
  chainName: string;
  demo: boolean;
  currency: string;
  day: string;
  today: WallTotals;
  yesterdaySameTime: WallTotals;
  stores: WallStore[];
  salesToday: number[];
  salesYesterday: number[];
  flows: WallFlow[];
  events: WallEvent[];
}

export interface WallTick {
  day: string;
  today: WallTotals;
  yesterdaySameTime: WallTotals;
  stores?: WallStore[];
  slots?: WallSlot[];
  flows?: WallFlow[] | null;
  events?: WallEvent[];
  eventsNotShown?: number;
}

export interface WallMessage {
  sequence: number;
  atMs: number;
  newestEntryMs: number;
  run: string;
  snapshot?: WallSnapshot | null;
  tick?: WallTick | null;
}

export interface TierView {
  id: string;
  name: LocalName;
  multiplierPercent: number;
  qualifyingSpendMinor: number;
  nextId?: string | null;
  nextName?: LocalName | null;
  nextInMinor?: number | null;
  /** When the tier ends unless its spend is reached again. */
  until?: string | null;
  /** What is missing by then; 0 when nothing is. */
  keepInMinor?: number | null;
  /** Of tiers that ask for points or visits too: all of it or any, what counts by now, and what is missing. */
  qualify?: 'all' | 'any' | null;
  qualifyingPoints?: number | null;
  qualifyingVisits?: number | null;
  nextInPoints?: number | null;
  nextInVisits?: number | null;
  keepInPoints?: number | null;
  keepInVisits?: number | null;
}

export interface ExpiringPoints { at: string; points: number }

export interface PointsView {
  balance: number;
  /** None is spent or held until they are released. */
  frozen?: boolean | null;
  spendable: number;
  pending: number;
  debt: number;
  expiring: ExpiringPoints[];
}

export interface VisitView { store: string; storeName?: string | null; at: string; amountMinor: number; receipt: string }

export interface MemberCard {
  id: string;
  name?: string | null;
  phone?: string | null;
  card?: string | null;
  birthday?: string | null;
  externalId?: string | null;
  masked: boolean;
  homeStore: string;
  homeStoreName?: string | null;
  memberSince: string;
  tier: TierView;
  storedValue?: StoredValue | null;
  points: PointsView;
  /** Left out by a server that knows no tags. */
  tags?: HeldTag[] | null;
  /** Left out by a server that knows no coupons. */
  coupons?: CouponView[] | null;
  visits: VisitView[];
  lifetimeSpendMinor: number;
  purchaseCount: number;
  version: number;
}

export interface CustomerPage { customers: MemberCard[]; nextAfter?: string | null }

export interface CustomerKey { id?: string; phone?: string; card?: string; externalId?: string }

export interface StatementLine {
  version: number;
  at: string;
  kind: string;
  store?: string | null;
  staff?: string | null;
  till?: string | null;
  receipt?: string | null;
  amountMinor?: number | null;
  points: number;
  balance?: number | null;
  tier?: string | null;
  note?: string | null;
  /** What a forecast finds missing beside the amount. */
  missingPoints?: number | null;
  missingVisits?: number | null;
  anyIsEnough?: boolean | null;
  rules: string[];
  /** To whom points went, or from whom they came. */
  otherCustomer?: string | null;
  /** When points that were extended end now, or a tag that was put on. */
  endsAt?: string | null;
  storedValue?: StoredValue | null;
  /** The tag that was put on or taken off. */
  tag?: LocalName | null;
  /** Names of the coupons that came, went or were used. */
  coupons?: LocalName[] | null;
  programmeVersion: number;
}

/** Money paid in beforehand: principal and the chain's gift, minor units. */
export interface StoredValue { principalMinor: number; giftMinor: number; frozen?: boolean | null }

/** A reason behind an entry; the codes are in docs/domain/why.md. */
export interface WhyReason { code: string; rule?: string | null; points?: number | null; zh: string; en: string }

export interface WhyReply { version: number; programmeVersion: number; agrees?: boolean | null; reasons: WhyReason[] }

export interface StatementPage { lines: StatementLine[]; nextBefore?: number | null }

export interface StoreView {
  id: string;
  name: string;
  region: string;
  city: string;
  status: string;
  revenueMinor: number;
  purchases: number;
  walkIns: number;
}

export interface StoreDay {
  day: string;
  revenueMinor: number;
  purchases: number;
  walkIns: number;
  newMembers: number;
  crossStoreVisits: number;
  pointsGiven: number;
  pointsUsed: number;
}

export interface StoreDetail { store: StoreView; days: StoreDay[] }

export interface Stats {
  members: number;
  stores: number;
  purchases: number;
  walkIns: number;
  returns: number;
  revenueMinor: number;
  pointsGiven: number;
  pointsUsed: number;
  crossStorePurchases: number;
  customersAtTwoStores: number;
  customersWithPurchase: number;
}

export interface ProgrammeVersion { version: number; document: ProgrammeDocument; publishedAt?: string | null; note?: string | null }
export interface ProgrammePublish { document: ProgrammeDocument; basedOnVersion: number; note?: string }
export interface VersionLine { version: number; publishedAt?: string | null; note?: string | null }
export interface VersionPage { versions: VersionLine[]; next?: number | null }

export type RuleOutcome = 'given' | 'reduced' | 'capped' | 'other-won' | 'not-met' | 'no-line' | 'below-minimum' | 'nothing' | 'off';

export interface TriedRule {
  id: string;
  name: LocalName;
  outcome: RuleOutcome;
  points: number;
  /** Points that a cap left out. */
  withheld: number;
  lines: number[];
  /** Why, as a sentence. */
  zh: string;
  en: string;
}

export interface TriedCoupon { kind: string; name?: LocalName | null; discountMinor: number; lines: { line: number; discountMinor: number }[]; missingMinor: number; why?: CouponSkipped | null }
export interface TryResult { version: number; amountMinor: number; pointsEarned: number; pointsBase: number; pointsBonus: number; rules: TriedRule[]; coupons?: TriedCoupon[] | null; memberPrices?: MemberPriceView[] | null; notOnSale?: number[] | null }
export interface TryRequest { document?: ProgrammeDocument; basket: TryBasket; coupons?: readonly string[] }
export interface TryReply { valid: boolean; errors: Problem[]; running: TryResult; draft?: TryResult | null }

/** Points of a store, a rule or a tier: as booked, and as rehearsed. */
export interface RehearsalLine { id: string; name?: LocalName | null; sales: number; bookedPoints: number; livedPoints: number; withheld: number }
export interface RehearsalGain { customer: string; points: number }
export interface RehearsalRequest { document?: ProgrammeDocument; days: number }

export interface RehearsalView {
  id: string;
  state: 'running' | 'done' | 'cancelled' | 'failed';
  hasDraft: boolean;
  from: string;
  until: string;
  /** Members looked at, of so many. */
  done: number;
  of: number;
  seconds: number;
  /** Members with an entry in the window. */
  customers: number;
  gain: number;
  lose: number;
  bookedPoints: number;
  livedPoints: number;
  costMinor: number;
  bookedBalance: number;
  livedBalance: number;
  liabilityMinor: number;
  higherTier: number;
  lowerTier: number;
  refused: number;
  /** Sales and returns with other points than booked. */
  different: number;
  stores: RehearsalLine[];
  rules: RehearsalLine[];
  tiers: RehearsalLine[];
  most: RehearsalGain[];
}
