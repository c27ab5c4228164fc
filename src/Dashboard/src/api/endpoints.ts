import { request } from './http';
import type { CouponsReply } from '@/coupons/wire';
import type { EnrolReply, EnrolRequest, ReceiptReply } from '@/counter/wire';
import type { CustomerKey, CustomerPage, MemberCard, ProgrammePublish, ProgrammeVersion, RehearsalRequest, RehearsalView, Session, StatementPage, Stats, StoreDetail, StoreView, TryReply, TryRequest, VersionPage, WhyReply } from './types';

const id = encodeURIComponent;

export const api = {
  signIn: (key: string) => request<Session | undefined>('POST', '/v1/session', { key }),
  session: () => request<Session>('GET', '/v1/session'),
  signOut: () => request<void>('DELETE', '/v1/session'),

  customer: (customer: string, signal?: AbortSignal) => request<MemberCard>('GET', `/v1/customers/${id(customer)}`, undefined, signal),
  identify: (key: CustomerKey, signal?: AbortSignal) => request<MemberCard>('POST', '/v1/identify', key, signal),
  why: (customer: string, version: number, signal?: AbortSignal) => request<WhyReply>('GET', `/v1/customers/${id(customer)}/entries/${version}/why`, undefined, signal),
  statement: (customer: string, before: number | null, limit: number, signal?: AbortSignal) =>
    request<StatementPage>('GET', `/v1/customers/${id(customer)}/statement?limit=${limit}${before === null ? '' : `&before=${before}`}`, undefined, signal),
  /** The lines of a sale, by the version of its entry, and what came back of each. */
  receipt: (customer: string, version: number, signal?: AbortSignal) =>
    request<ReceiptReply>('GET', `/v1/customers/${id(customer)}/entries/${version}/receipt`, undefined, signal),
  enrol: (member: EnrolRequest, idempotencyKey: string) => request<EnrolReply>('POST', '/v1/customers', member, undefined, idempotencyKey),
  issueCoupons: (issue: { customer: { id: string }; kind: string; count: number; reason: string }, idempotencyKey: string) =>
    request<CouponsReply>('POST', '/v1/coupons', issue, undefined, idempotencyKey),
  transferPoints: (transfer: { from: { id: string }; to: { id: string }; points: number; reason: string }, idempotencyKey: string) =>
    request<{ points: number; balance: number }>('POST', '/v1/points/transfers', transfer, undefined, idempotencyKey),
  extendPoints: (customer: string, extension: { lastDay: string; endingBefore?: string; reason: string }, idempotencyKey: string) =>
    request<{ points: number; endsAt: string }>('POST', `/v1/customers/${id(customer)}/points/extensions`, extension, undefined, idempotencyKey),
  revokeCoupon: (revoke: { customer: { id: string }; coupon: number; reason: string }, idempotencyKey: string) =>
    request<unknown>('POST', '/v1/coupons/revocations', revoke, undefined, idempotencyKey),
  addTag: (customer: string, tag: { tag: string; lastDay?: string }, idempotencyKey: string) =>
    request<unknown>('POST', `/v1/customers/${id(customer)}/tags`, tag, undefined, idempotencyKey),
  removeTag: (customer: string, tag: string, idempotencyKey: string) =>
    request<unknown>('POST', `/v1/customers/${id(customer)}/tags/removals`, { tag }, undefined, idempotencyKey),
  /** Member cards in the order of their ids. */
  customers: (after: string | null, limit: number, signal?: AbortSignal) =>
    request<CustomerPage>('GET', `/v1/customers?limit=${limit}${after === null ? '' : `&after=${id(after)}`}`, undefined, signal),

  stores: (signal?: AbortSignal) => request<{ stores: StoreView[] }>('GET', '/v1/stores', undefined, signal),
  store: (store: string, from: string, to: string, signal?: AbortSignal) =>
    request<StoreDetail>('GET', `/v1/stores/${id(store)}?from=${from}&to=${to}`, undefined, signal),
  /** The running version of the chain's rules. */
  programme: (signal?: AbortSignal) => request<ProgrammeVersion>('GET', '/v1/programme', undefined, signal),
  programmeVersions: (before: number | null, limit: number, signal?: AbortSignal) =>
    request<VersionPage>('GET', `/v1/programme/versions?limit=${limit}${before === null ? '' : `&before=${before}`}`, undefined, signal),
  programmeVersion: (version: number, signal?: AbortSignal) => request<ProgrammeVersion>('GET', `/v1/programme/versions/${version}`, undefined, signal),
  /** What a basket would earn now and with a draft, and everything that is wrong with the draft. Records nothing. */
  tryProgramme: (trial: TryRequest, signal?: AbortSignal) => request<TryReply>('POST', '/v1/programme/try', trial, signal),
  /** A draft on the chain's own last days; without one, what was booked worked out again. Books nothing. */
  beginRehearsal: (rehearsal: RehearsalRequest) => request<RehearsalView>('POST', '/v1/programme/rehearsals', rehearsal),
  rehearsal: (rehearsal: string) => request<RehearsalView>('GET', `/v1/programme/rehearsals/${id(rehearsal)}`),
  cancelRehearsal: (rehearsal: string) => request<RehearsalView>('DELETE', `/v1/programme/rehearsals/${id(rehearsal)}`),
  publishProgramme: (publish: ProgrammePublish, idempotencyKey: string) =>
    request<ProgrammeVersion>('PUT', '/v1/programme', publish, undefined, idempotencyKey),

  stats: (signal?: AbortSignal) => request<Stats>('GET', '/v1/stats', undefined, signal),
};
