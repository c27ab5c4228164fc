import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { useSaleCoupons, type SaleCoupons } from '@/counter/useSaleCoupons';
import { couponDifferences, rebaseCoupons } from '@/coupons/difference';
import { inHand, lastMoment, sorted, usableNow } from '@/coupons/hand';
import { batchesOf, forCopy, newBatch, newIssue, presetKind, presets, tidyIssue, tidyKind, withCoupons, type CouponKind } from '@/coupons/model';
import { faceOf, giveText, issueSentence, kindSentence, plain, suggestKindName, termsText, withNames } from '@/coupons/words';
import type { CouponOffer, CouponView, Quote } from '@/coupons/wire';
import { i18n } from '@/i18n';
import { errorsOfAllCoupons, errorsOfCoupons } from '@/rules/errors';
import { partsOf, type Speech } from '@/rules/sentence';

const speech = (language: 'zh' | 'en'): Speech => ({
  t: (key, values) => i18n.global.t(key, values ?? {}, { locale: language }), language, currency: 'CNY',
  tier: (id) => (id === 'gold' ? { zh: '金卡', en: 'Gold' } : undefined), store: () => undefined, tag: () => undefined,
});
const [zh, en] = [speech('zh'), speech('en')];
const kind = (by: Partial<CouponKind> = {}): CouponKind => ({ id: 'k', nameZh: '券', nameEn: 'Coupon', give: { kind: 'amount', minor: 5_000 }, ...by });
const say = (by: Partial<CouponKind>): string => plain(partsOf(giveText(kind(by), zh)));
const at = Date.parse('2026-11-26T12:00:00+08:00');
const coupon = (number: number, until?: string, from = '2026-11-01T00:00:00+08:00'): CouponView => ({ coupon: number, kind: 'k', from, ...(until ? { until } : {}) });

describe('a kind in words', () => {
  it('says all six ways to give, with what must be bought', () => {
    expect(say({ minimum: { amountMinor: 30_000 } })).toBe('满 ¥300 减 ¥50');
    expect(say({ give: { kind: 'percent', percent: 15, mostMinor: 3_000 } })).toBe('打 8.5 折，最多减 ¥30');
    expect(say({ give: { kind: 'percent', percent: 100 } })).toBe('全免');
    expect(say({ give: { kind: 'perFull', eachMinor: 20_000, minor: 2_000, times: 3 } })).toBe('每满 ¥200 减 ¥20，最多 3 次');
    expect(say({ give: { kind: 'free', items: 2 }, minimum: { quantity: 3 } })).toBe('满 3 件 免费得 2 件');
    expect(say({ give: { kind: 'second', percent: 50 } })).toBe('第二件 5 折');
    expect(say({ give: { kind: 'price', minor: 990 }, minimum: { receiptMinor: 10_000 } })).toBe('整单满 ¥100 1 件换购价各 ¥9.90');
    expect(say({ give: { kind: 'percent', percent: 120 } }), 'what is no percentage is a gap').toBe('打 … 折');
  });

  it('is one sentence with every part, in both languages', () => {
    const full = kind({
      minimum: { amountMinor: 30_000 }, when: { all: [{ fact: 'category', in: ['护肤'] }, { fact: 'region', in: ['华东'] }] }, valid: { days: 30 }, perCustomer: { count: 2, per: 'month' },
      category: 'amount', bearer: 'supplier', onReturn: 'share', campaign: 'double11',
    });
    const categories = [{ id: 'amount' }, { id: 'extra', perReceipt: 2 }];
    expect(plain(kindSentence(full, categories, zh))).toBe('满 ¥300 减 ¥50，限 护肤 商品，在 华东 门店，领取后 30 天有效，每单 1 张，每人每月 2 张，可与 叠加类 同用，费用由 供应商 承担，退货后 按件分摊，计入活动 double11');
    expect(plain(kindSentence({ ...full, alone: true }, categories, zh))).toContain('不可与其他券同用');
    expect(plain(kindSentence(full, categories, en))).toMatch(/^From ¥300: ¥50 off, on goods of 护肤, in stores of 华东, good for 30 days after issue/);
    expect(termsText(full, zh)).toBe('满 ¥300 减 ¥50，限 护肤 商品，在 华东 门店');
  });

  it('has one figure on its stub', () => {
    expect(faceOf(kind({ minimum: { amountMinor: 30_000 } }), zh)).toEqual({ big: '¥50', small: '满 ¥300 可用' });
    expect(faceOf(kind({ give: { kind: 'percent', percent: 20 } }), zh)).toEqual({ big: '8 折', small: '无门槛' });
    expect(faceOf(kind({ give: { kind: 'second', percent: 50 } }), en)).toEqual({ big: '50% off', small: 'second one' });
  });

  it('has all digits of a round amount, in yen as in yuan', () => {
    expect(faceOf(kind({ give: { kind: 'amount', minor: 1_000 } }), { ...zh, currency: 'JPY' }).big).toBe('¥1,000');
    expect(faceOf(kind({ give: { kind: 'amount', minor: 100_000 } }), zh).big).toBe('¥1,000');
    expect(faceOf(kind({ give: { kind: 'amount', minor: 1_050 } }), en).big).toBe('¥10.50');
  });

  it('says until when, that day included, and how many codes are printed', () => {
    expect(plain(kindSentence(kind({ valid: { to: '2026-12-31' } }), [], zh))).toContain('有效至 2026-12-31（含当日）');
    expect(plain(kindSentence(kind({ codes: { batch: 7, count: 5_000 } }), [], zh))).toMatch(/凭券码领取，印 5,?000 个（第 7 批）$/);
    expect(plain(kindSentence(kind(), [], zh))).not.toContain('券码');
  });

  it('names itself until somebody names it', () => {
    const before = kind({ nameZh: '', nameEn: '' });
    const named = withNames(before, before, suggestKindName, zh, en);
    expect(named.nameZh).toBe('减 ¥50');
    const changed = withNames(named, { ...named, when: { fact: 'category', in: ['护肤'] } }, suggestKindName, zh, en);
    expect(changed.nameZh).toBe('护肤 减 ¥50');
    expect(withNames(changed, { ...changed, nameZh: '我的券', give: { kind: 'free' } }, suggestKindName, zh, en)).toMatchObject({ nameZh: '我的券', nameEn: '护肤 1 free' });
  });

  it('and a rule of issue says when, what and how many', () => {
    const rule = { ...newIssue('i', 'k'), on: 'tierReached' as const, tier: 'gold', count: 2 };
    expect(plain(issueSentence(rule, [kind()], zh))).toBe('消费后升到 金卡，发 2 张 券');
    expect(plain(issueSentence({ ...newIssue('i', 'k'), on: 'topUp', minimumMinor: 50_000 }, [kind()], en))).toBe('With each top-up, from ¥500, issue 1 of Coupon');
  });
});

describe('the document', () => {
  it('holds only what was chosen', () => {
    expect(tidyKind(kind({ when: null, minimum: {}, valid: {}, alone: false, perReceipt: 1, bearer: 'headquarters', onReturn: 'recheck', campaign: '', perCustomer: null }))).toEqual(kind());
    expect(tidyIssue({ ...newIssue('i', 'k'), on: 'enrolment', when: { fact: 'tier', in: ['gold'] }, minimumMinor: 5, tier: 'gold', count: 1 })).toEqual(newIssue('i', 'k'));
    expect(presets.map((preset) => presetKind('k', preset).give.kind)).toEqual(presets);
    const document = { name: '店' };
    expect(withCoupons(document, { kinds: [] })).toBe(document);
    expect(withCoupons(document, { kinds: [kind()] })).toEqual({ name: '店', coupons: { kinds: [kind()] } });
  });

  it('differs by kinds, rules of issue and categories; defaults written out are no difference', () => {
    const before = { kinds: [kind({ id: 'a' }), kind({ id: 'b' })], issue: [newIssue('i', 'a')] };
    expect(couponDifferences(before, { ...before, categories: [{ id: 'coupon', perReceipt: 1 }], kinds: [kind({ id: 'a', perReceipt: 1, bearer: 'headquarters' }), kind({ id: 'b' })] })).toEqual([]);
    const told = couponDifferences(before, { categories: [{ id: 'x' }], kinds: [kind({ id: 'b', enabled: false }), kind({ id: 'c' })], issue: [{ ...newIssue('i', 'a'), count: 3 }] });
    expect(told.map(({ of, kind: how, id }) => `${of} ${how} ${id}`)).toEqual(['categories changed categories', 'kind off b', 'kind added c', 'kind removed a', 'issue changed i']);
  });

  it('takes own changes on top of another version', () => {
    const base = { kinds: [kind({ id: 'a' }), kind({ id: 'b' })] };
    const mine = { kinds: [kind({ id: 'a', alone: true }), kind({ id: 'b' })] };
    const theirs = { kinds: [kind({ id: 'a', bearer: 'issuer' as const }), kind({ id: 'b' }), kind({ id: 'c' })], categories: [{ id: 'x' }] };
    const { coupons, both } = rebaseCoupons(base, mine, theirs);
    expect(both).toEqual(['a']);
    expect(coupons.kinds!.map(({ id, alone }) => [id, alone ?? false])).toEqual([['a', true], ['b', false], ['c', false]]);
    expect(coupons.categories).toEqual([{ id: 'x' }]);
  });

  it('has its mistakes at their place', () => {
    const wrong = (field: string) => ({ status: 422, code: 407, field });
    const errors = [wrong('coupons.kinds[1].give.minor'), wrong('coupons.issue[0].kind'), wrong('coupons.kinds'), wrong('earning.rules[0].give')];
    expect([...errorsOfCoupons(errors, 'kinds')].map(([place, [error]]) => [place, error!.field])).toEqual([[1, 'give.minor']]);
    expect(errorsOfAllCoupons(errors).map(({ field }) => field)).toEqual(['coupons.kinds']);
  });
});

describe('printed codes', () => {
  const codes = (count: number): CouponKind => kind({ codes: { batch: 7, count } });

  it('are a change of their kind, and a colleague\'s change of them is not lost', () => {
    expect(couponDifferences({ kinds: [codes(5)] }, { kinds: [codes(6)] })).toMatchObject([{ of: 'kind', kind: 'changed', id: 'k' }]);
    expect(couponDifferences({ kinds: [kind()] }, { kinds: [codes(5)] })).toHaveLength(1);
    // I changed something else; theirs comes along.
    expect(rebaseCoupons({ kinds: [codes(5)] }, { kinds: [codes(5)], issue: [newIssue('i', 'k')] }, { kinds: [codes(6)] }).coupons.kinds).toEqual([codes(6)]);
    // Both changed the kind: mine stands, and it is told.
    expect(rebaseCoupons({ kinds: [codes(5)] }, { kinds: [{ ...codes(5), alone: true }] }, { kinds: [codes(6)] }).both).toEqual(['k']);
  });

  it('belong to one kind: a copy has none, and a new batch is none that was there', () => {
    expect(forCopy(codes(5))).toEqual(kind());
    const chances = [6 / 4_095, 6 / 4_095, 8 / 4_095].values();
    expect(newBatch([7], () => chances.next().value!)).toBe(9);
    expect(newBatch([], () => 0)).toBe(1);
    expect(newBatch([], () => 0.999_999_9)).toBe(4_095);
    expect(batchesOf({ kinds: [codes(5), kind(), kind({ codes: { batch: 'x' } })] })).toEqual([7]);
  });

  it('that are switched off leave nothing in the document', () => {
    expect(tidyKind(kind({ codes: null }))).toEqual(tidyKind(kind()));
    expect(tidyKind(codes(5)).codes).toEqual({ batch: 7, count: 5 });
  });
});

describe('coupons in hand', () => {
  it('stand by their end; what is over, held or has not begun is not for now', () => {
    const all = [coupon(1), coupon(2, '2026-12-01T00:00:00+08:00'), coupon(3, '2026-11-20T00:00:00+08:00'), coupon(4, '2026-11-28T00:00:00+08:00', '2026-11-27T00:00:00+08:00'), { ...coupon(5, '2026-11-29T00:00:00+08:00'), held: true }];
    expect(inHand(all, at).map((one) => one.coupon)).toEqual([4, 5, 2, 1]);
    expect(usableNow(all, at).map((one) => one.coupon)).toEqual([2, 1]);
    expect(new Date(lastMoment(coupon(2, '2026-12-01T00:00:00+08:00'))!).toISOString()).toBe('2026-11-30T15:59:59.999Z');
  });

  it('are offered by what they do', () => {
    const why = (code: number) => ({ coupon: 0, code, zh: '', en: '' });
    const offers: CouponOffer[] = [{ coupon: coupon(1), discountMinor: 500, missingMinor: 0 }, { coupon: coupon(2), discountMinor: 0, missingMinor: 100, why: why(186) }, { coupon: coupon(3), discountMinor: 0, missingMinor: 0, why: why(184) }];
    const { apply, near, others } = sorted(offers);
    expect([apply, near, others].map((list) => list.map((offer) => offer.coupon.coupon))).toEqual([[1], [2], [3]]);
  });
});

describe('coupons of a sale', () => {
  let scope: EffectScope;
  let asked: { coupons?: number[]; lines: { priceMinor: number }[] }[];
  let answer: (coupons: number[]) => Partial<Quote>;
  const price = ref(100);
  const line = () => ({ line: 1, product: 'P', quantity: 1, priceMinor: price.value });

  beforeEach(() => {
    vi.useFakeTimers();
    scope = effectScope();
    asked = [];
    price.value = 100;
    answer = (coupons) => ({ coupons: { used: coupons.map((one) => ({ coupon: one, kind: 'k', discountMinor: 10, bearer: 'headquarters' })), discountMinor: coupons.length * 10, lines: [], skipped: [] } });
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      const body = JSON.parse(init.body as string) as (typeof asked)[number];
      asked.push(body);
      return new Response(JSON.stringify({ amountMinor: 0, offers: [], ...answer(body.coupons ?? []) }), { status: 200 });
    });
  });
  afterEach(() => {
    scope.stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
  const begin = (first: number | null = null): SaleCoupons => scope.run(() => useSaleCoupons(() => ({ customer: { id: 'c' }, store: 's', lines: [line()], memberPrices: true }), first))!;
  const later = async (ms = 500): Promise<void> => { await nextTick(); await vi.advanceTimersByTimeAsync(ms); await nextTick(); };

  it('are asked for once the typing stops, and at once when one is touched', async () => {
    const coupons = begin();
    for (price.value = 101; price.value < 105; price.value++) await later(50);
    await later();
    expect(asked.map((body) => body.lines[0]!.priceMinor)).toEqual([105]);
    coupons.toggle(7);
    await later(0);
    expect(asked.at(-1)).toMatchObject({ coupons: [7], skipCoupons: true });
    expect(coupons.offMinor.value).toBe(10);
    expect(coupons.sent.value).toEqual([7]);
    coupons.toggle(7);
    await later();
    expect(coupons.offMinor.value).toBe(0);
  });

  it('that do not go together: the one that was touched last is put back, with the names of the others', async () => {
    const coupons = begin(1);
    await later();
    answer = (chosen) => (chosen.length < 2 ? { coupons: { used: [{ coupon: chosen[0]!, kind: 'k', discountMinor: 10, bearer: 'issuer' }], discountMinor: 10, lines: [], skipped: [] } }
      : { coupons: { used: [{ coupon: 2, kind: 'k', discountMinor: 20, bearer: 'issuer' }], discountMinor: 20, lines: [], skipped: [{ coupon: 1, code: 188, zh: '', en: '' }] } });
    coupons.toggle(2);
    await later();
    expect(coupons.chosen.value).toEqual([1]);
    expect(coupons.clash.value).toEqual({ tapped: 2, others: [1] });
    coupons.swap();
    await later();
    expect(coupons.chosen.value).toEqual([2]);
    expect(coupons.clash.value).toBeNull();
  });

  it('that take nothing off any more stay chosen, and are not sent', async () => {
    const coupons = begin(1);
    await later();
    answer = () => ({ coupons: { used: [], discountMinor: 0, lines: [], skipped: [{ coupon: 1, code: 186, zh: '', en: '' }] } });
    price.value = 50;
    await later();
    expect(coupons.chosen.value).toEqual([1]);
    expect(coupons.idle.value).toHaveLength(1);
    expect(coupons.sent.value).toEqual([]);
  });
});
