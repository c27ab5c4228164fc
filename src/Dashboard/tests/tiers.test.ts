import { describe, expect, it } from 'vitest';
import { i18n } from '@/i18n';
import { errorsOfTiers, isOfTiers } from '@/rules/errors';
import type { Part, Speech } from '@/rules/sentence';
import { rebaseTiers, tierDifferences } from '@/tiers/difference';
import { downgradeOf, newTier, tidyTier, tiersOf, withDowngrade, withTiers, type Tier, type Tiers } from '@/tiers/model';
import { progressOf, toNextText } from '@/tiers/way';
import { termsSentence, tierSentence } from '@/tiers/words';

const speech = (language: 'zh' | 'en'): Speech => ({
  t: (key, values) => i18n.global.t(key, values ?? {}, { locale: language }), language, currency: 'CNY', tier: () => undefined, store: () => undefined, tag: () => undefined,
});
const [zh, en] = [speech('zh'), speech('en')];
const plain = (parts: readonly Part[]): string => parts.map(({ text }) => text).join('');
const tier = (id: string, spendMinor: number, by: Partial<Tier> = {}): Tier => ({ id, nameZh: id, nameEn: id, spendMinor, multiplierPercent: 100, ...by });
const [member, silver, gold] = [tier('member', 0), tier('silver', 200_000, { multiplierPercent: 110 }), tier('gold', 1_000_000, { multiplierPercent: 125, lasting: true })];
const said = (before: Tiers, after: Tiers): string => tierDifferences(before, after).map(({ of, kind, id }) => `${of} ${kind} ${id}`).join();

describe('tiers in words', () => {
  it('say what reaches them and what they bring', () => {
    expect(plain(tierSentence(member, true, {}, zh))).toBe('人人都是，积分 ×1');
    expect(plain(tierSentence(gold, false, {}, zh))).toBe('消费满 ¥10,000 即可达到，积分 ×1.25，终身有效');
    expect(plain(tierSentence(gold, false, {}, en))).toBe('Reached with a spend of ¥10,000, points ×1.25, for life');
    expect(plain(tierSentence({ ...silver, spendMinor: '' }, false, {}, zh)), 'what is missing is a gap').toContain('消费满 … ');
  });

  it('say what the settings of all of them mean', () => {
    expect(plain(termsSentence({}, zh))).toBe('按最近 12 个月内的消费定级，退货会扣除。等级达到后永久有效，不因时间降级。');
    const ends: Tiers = { qualifyingMonths: 6, tierValidity: { months: 12, roundUpTo: 'month', graceDays: 15, noticeDays: 45, downgrade: 'oneLevel' } };
    expect(plain(termsSentence(ends, zh))).toBe('按最近 6 个月内的消费定级，退货会扣除。达到或保住后有效 12 个月，并延到当月月底，之后还有 15 天宽限期，期内补足仍可保住。到期前 45 天提醒会员还差多少。到期时没有再次满足条件的，最多降一级。');
    expect(plain(termsSentence({ tierValidity: { noticeDays: 0 } }, en))).toBe('What counts is the spend of the last 12 months, less returns. A tier lasts 12 months after it was reached or kept. Members are not told before the end. Who did not reach it again falls to the tier reached by then.');
    expect(plain(termsSentence({ tierValidity: { downgrade: 'none' } }, en))).toContain('Tiers last for ever');
  });
});

describe('tiers that ask for more than spend', () => {
  const more: Tier = { ...silver, points: 300, visits: 5 };

  it('say all of it, joined as the programme joins it', () => {
    expect(plain(tierSentence(more, false, {}, zh))).toBe('消费满 ¥2,000 且获得积分满 300 且到店满 5 次即可达到，积分 ×1.1');
    expect(plain(tierSentence({ ...more, points: 0 }, false, { qualify: 'any' }, en))).toBe('Reached with a spend of ¥2,000 or 5 visits, points ×1.1');
    expect(plain(termsSentence({ tiers: [member, more], qualify: 'any', qualifyingWindow: 'year' }, zh))).toBe('按自然年内的消费、积分、到店次数定级，退货会扣除。等级所列条件满足任一项即可。同一天在同一家店的消费算到店一次。等级达到后永久有效，不因时间降级。');
  });

  it('need not ask for spend, and differ by what they ask for', () => {
    expect(tidyTier({ ...more, spendMinor: '', points: undefined } as unknown as Tier)).toEqual({ id: 'silver', nameZh: 'silver', nameEn: 'silver', multiplierPercent: 110, visits: 5 });
    expect(tidyTier({ ...silver, spendMinor: '' })).toHaveProperty('spendMinor', '');
    expect(said({ tiers: [member, silver] }, { tiers: [member, more] })).toBe('tier changed silver');
    expect(said({ tiers: [member, silver] }, { tiers: [member, silver], qualify: 'all', qualifyingWindow: 'rolling' }), 'defaults are no difference').toBe('');
    expect(said({ tiers: [], qualifyingWindow: 'year', qualifyingMonths: 6 }, { tiers: [], qualifyingWindow: 'year' }), 'months are of a rolling window').toBe('');
    expect(said({ tiers: [] }, { tiers: [], qualify: 'any' })).toBe('tierTerms changed tierTerms');
  });

  it('tell the way to them measure by measure', () => {
    const words = { t: zh.t, language: 'zh' as const, currency: 'CNY' };
    const view = { id: 'member', name: { zh: '会员', en: 'Member' }, multiplierPercent: 100, qualifyingSpendMinor: 40_000, qualifyingPoints: 0, qualifyingVisits: 4, nextInMinor: 60_000, nextInVisits: 1 };
    expect(toNextText({ ...view, qualify: 'all' }, '银卡', words)).toBe('还差 ¥600.00、1 次到店 升为银卡');
    expect(toNextText({ ...view, qualify: 'any' }, '银卡', words)).toBe('还差 ¥600.00 或 1 次到店 升为银卡');
    expect(toNextText({ ...view, qualify: 'any', nextInMinor: 0, nextInVisits: 0 }, '银卡', words)).toBe('下次消费即升为银卡');
    expect(toNextText(view, '银卡', words)).toBe('再消费 ¥600.00 升为银卡');
    expect([progressOf({ ...view, qualify: 'all' }), progressOf({ ...view, qualify: 'any' })]).toEqual([0.4, 0.8]);
    expect(progressOf({ ...view, nextInMinor: null, nextInVisits: null }), 'at the top').toBe(1);
  });
});

describe('tiers in the document', () => {
  const document = { name: '店', tiers: [member, silver], qualifyingMonths: 12, purchases: {} };

  it('are taken out of it and put back, and nothing else changes', () => {
    expect(withTiers(document, tiersOf(document))).toEqual(document);
    expect(Object.keys(withTiers(document, { ...tiersOf(document), qualifyingMonths: 6 }))).toEqual(Object.keys(document));
    expect(withTiers({ name: '店' }, {})).toEqual({ name: '店' });
    expect(withTiers({ ...document, tierValidity: {} }, tiersOf(document))).toEqual(document);
  });

  it('last for ever without a section, and end with the usual terms when that is chosen', () => {
    expect(downgradeOf({})).toBe('none');
    expect(downgradeOf({ tierValidity: {} })).toBe('full');
    expect(withDowngrade({}, 'oneLevel')).toEqual({ tierValidity: { months: 12, downgrade: 'oneLevel' } });
    expect(withDowngrade({ tierValidity: { months: 24, graceDays: 5 } }, 'full')).toEqual({ tierValidity: { months: 24, graceDays: 5, downgrade: 'full' } });
    expect(withDowngrade({ qualifyingMonths: 6, tierValidity: { months: 24 } }, 'none')).toEqual({ qualifyingMonths: 6 });
  });

  it('begin valid above the highest, and leave out what says nothing', () => {
    expect(newTier('t', [member, gold])).toMatchObject({ spendMinor: 2_000_000, multiplierPercent: 135 });
    expect(newTier('t', [member])).toMatchObject({ spendMinor: 100_000 });
    expect(tidyTier({ ...gold, lasting: false })).not.toHaveProperty('lasting');
  });
});

describe('differences of tiers', () => {
  it('are told tier by tier, and the terms together', () => {
    const base: Tiers = { tiers: [member, silver], qualifyingMonths: 12 };
    expect(said(base, { tiers: [{ ...member, multiplierPercent: 100 }, silver] }), 'defaults are no difference').toBe('');
    expect(said(base, { ...base, tiers: [member, { ...silver, spendMinor: 300_000 }, gold] })).toBe('tier changed silver,tier added gold');
    expect(said(base, { ...base, tiers: [member] })).toBe('tier removed silver');
    expect(said(base, { ...base, tiers: [member, { ...silver, nameZh: '银' }] })).toBe('tier renamed silver');
    expect(said(base, { ...base, tierValidity: {} })).toBe('tierTerms changed tierTerms');
    expect(said(base, { ...base, tierValidity: { downgrade: 'none', months: 3 } }), 'tiers that never end have no terms').toBe('');
  });

  it('are made again on top of a newer version, tier by tier', () => {
    const base: Tiers = { tiers: [member, silver], qualifyingMonths: 12 };
    const mine: Tiers = { ...base, tiers: [member, { ...silver, spendMinor: 300_000 }] };
    const theirs: Tiers = { tiers: [member, silver, gold], qualifyingMonths: 6 };
    expect(rebaseTiers(base, mine, theirs)).toEqual({ tiers: { tiers: [member, { ...silver, spendMinor: 300_000 }, gold], qualifyingMonths: 6 }, both: [] });
    const both = rebaseTiers(base, mine, { ...base, tiers: [member, { ...silver, spendMinor: 400_000 }] });
    expect(both).toMatchObject({ both: ['silver'], tiers: { tiers: [{ id: 'member' }, { spendMinor: 300_000 }] } });
    expect(rebaseTiers(base, { ...base, qualifyingMonths: 24 }, theirs).tiers).toMatchObject({ qualifyingMonths: 24, tiers: [{}, {}, { id: 'gold' }] });
  });
});

it('a mistake of a tier stands at its field, and no other is taken for one', () => {
  const errors = [{ code: 413, field: 'tiers[2].spendMinor' }, { code: 429, field: 'tierValidity.noticeDays' }, { code: 407, field: 'qualifyingMonths' }, { code: 404, field: 'earning.rules[0].id' }] as never[];
  expect(errorsOfTiers(errors).get(2)).toMatchObject([{ code: 413, field: 'spendMinor' }]);
  expect(errors.filter(isOfTiers)).toHaveLength(3);
});
