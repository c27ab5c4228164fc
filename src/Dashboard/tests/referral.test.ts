import { describe, expect, it } from 'vitest';
import { i18n } from '@/i18n';
import { isOfReferral, referralDifferences, referralOf, referralSentence, usualReferral, withReferral } from '@/rules/referral';
import type { Speech } from '@/rules/sentence';

const speech = (language: 'zh' | 'en'): Speech => ({
  t: (key, values) => i18n.global.t(key, values ?? {}, { locale: language }), language, currency: 'CNY', tier: () => undefined, store: () => undefined, tag: () => undefined,
});
const said = (referral: Parameters<typeof referralSentence>[0], language: 'zh' | 'en'): string => referralSentence(referral, speech(language)).map(({ text }) => text).join('');

describe('the terms of referrals', () => {
  it('are said in one sentence, in both languages', () => {
    expect(said(usualReferral(), 'zh')).toBe('好友入会后 30 天内首笔满 ¥100 的消费，推荐人得 200 分，好友得 100 分，推荐人每年最多 20 次');
    expect(said({ referrerPoints: 50 }, 'en')).toBe('For the friend’s first purchase of ¥0.01 within 30 days of enrolment the referrer gets 50 points and the friend 0');
    expect(said({ ...usualReferral(), enabled: false }, 'zh')).toBe('未开通');
    expect(said(null, 'en')).toBe('Off');
  });

  it('differ when what they do differs, and off is off', () => {
    expect(referralDifferences(null, { ...usualReferral(), enabled: false })).toEqual([]);
    expect(referralDifferences(null, usualReferral()).map(({ kind }) => kind)).toEqual(['on']);
    expect(referralDifferences(usualReferral(), null).map(({ kind }) => kind)).toEqual(['off']);
    expect(referralDifferences({ referrerPoints: 5 }, { referrerPoints: 5, friendPoints: 0, leastMinor: 1, withinDays: 30, mostPerYear: null })).toEqual([]);
    expect(referralDifferences({ referrerPoints: 5 }, { referrerPoints: 6 }).map(({ kind }) => kind)).toEqual(['changed']);
  });

  it('are written only where there are any', () => {
    expect(withReferral({ name: 'a' }, null)).toEqual({ name: 'a' });
    expect(withReferral({ name: 'a', referral: usualReferral() }, null)).toEqual({ name: 'a' });
    expect(referralOf(withReferral({ name: 'a' }, usualReferral()))).toEqual(usualReferral());
    expect(['referral', 'referral.leastMinor', 'referrals', 'tags[0].id'].map((field) => isOfReferral({ field } as never))).toEqual([true, true, false, false]);
  });
});
