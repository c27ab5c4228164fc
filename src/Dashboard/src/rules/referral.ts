import type { Problem } from '@/api/types';
import type { ProgrammeDocument, Typed } from './model';
import { amountOf, strong, partsOf, pointsOf, type Part, type Speech } from './sentence';

/** What recommending the chain brings: the `referral` part of a programme document, as docs/domain/referral.md writes it down. */
export interface Referral { enabled?: boolean; referrerPoints?: Typed; friendPoints?: Typed; leastMinor?: Typed; withinDays?: Typed; mostPerYear?: Typed | null }
export interface ReferralChange { of: 'referral'; kind: 'changed' | 'on' | 'off'; id: 'referral'; before: Referral | null; after: Referral | null }

export const referralOf = (document: ProgrammeDocument): Referral | null => (document['referral'] as Referral | undefined) ?? null;
export const isOn = (referral: Referral | null): boolean => referral !== null && referral.enabled !== false;

/** The whole document with another section; untouched where nothing is said in either. */
export function withReferral(document: ProgrammeDocument, referral: Referral | null): ProgrammeDocument {
  if (referral) return { ...document, referral };
  const { referral: _, ...rest } = document;
  return document['referral'] === undefined ? document : rest;
}

/** Switched on for the first time: what is usual, so that one click gives something valid. */
export const usualReferral = (): Referral => ({ enabled: true, referrerPoints: 200, friendPoints: 100, leastMinor: 10_000, withinDays: 30, mostPerYear: 20 });

/** What it does, in one form however it was written; off is off, whatever else it says. */
export function referralMeaning(referral: Referral | null): string {
  return referral && isOn(referral) ? JSON.stringify([referral.referrerPoints ?? null, referral.friendPoints ?? 0, referral.leastMinor ?? 1, referral.withinDays ?? 30, referral.mostPerYear ?? null]) : '';
}

export function referralDifferences(before: Referral | null, after: Referral | null): ReferralChange[] {
  if (referralMeaning(before) === referralMeaning(after)) return [];
  const kind = isOn(before) === isOn(after) ? 'changed' : isOn(after) ? 'on' : 'off';
  return [{ of: 'referral', kind, id: 'referral', before, after }];
}

/** The sentence of it. */
export function referralSentence(referral: Referral | null, speech: Speech): Part[] {
  const { t } = speech;
  if (!referral || !isOn(referral)) return [{ text: t('referral.sayOff'), strong: false }];
  const said = t('referral.say', {
    days: strong(pointsOf(referral.withinDays ?? 30)), amount: strong(amountOf(referral.leastMinor ?? 1, speech)), referrer: strong(pointsOf(referral.referrerPoints)), friend: strong(pointsOf(referral.friendPoints ?? 0)),
  });
  return partsOf(said + (referral.mostPerYear ? t('referral.sayMost', { n: strong(pointsOf(referral.mostPerYear)) }) : ''));
}

export const isOfReferral = (error: Problem): boolean => /^referral(\.|$)/.test(error.field ?? '');
