import { describe, expect, it } from 'vitest';
import { plain } from '@/coupons/words';
import { i18n } from '@/i18n';
import { priceDifferences, rebasePrices } from '@/prices/difference';
import { conditionsOf, newAccess, newPrice, pricesOf, tidyAccess, tidyPrice, withPrices, type EarlyAccess, type MemberPrice } from '@/prices/model';
import { accessSentence, priceSentence, suggestPriceName } from '@/prices/words';
import { errorsOfPriceList, errorsOfPrices, isOfPrices } from '@/rules/errors';
import { changesBetween, partsOf, withParts } from '@/rules/parts';
import type { Speech } from '@/rules/sentence';
import { fieldsOf, treeOf } from '@/rules/tree';

const speech = (language: 'zh' | 'en'): Speech => ({
  t: (key, values) => i18n.global.t(key, values ?? {}, { locale: language }), language, currency: 'CNY',
  tier: (id) => (id === 'gold' ? { zh: '金卡', en: 'Gold' } : undefined), store: () => undefined, tag: () => undefined,
});
const [zh, en] = [speech('zh'), speech('en')];
const price = (by: Partial<MemberPrice> = {}): MemberPrice => ({ id: 'p', nameZh: '价', nameEn: 'Price', give: { kind: 'percent', percent: 10 }, ...by });
const access = (by: Partial<EarlyAccess> = {}): EarlyAccess => ({ id: 'a', nameZh: '新品', nameEn: 'New', goods: { fact: 'product', in: ['X'] }, publicFrom: '2026-12-08', ...by });
const say = (by: Partial<MemberPrice>, words = zh): string => plain(priceSentence(price(by), words));

describe('a member price', () => {
  it('is one sentence in both languages', () => {
    expect(say({})).toBe('全部商品和会员，会员价 9 折，已打折商品也适用');
    expect(say({ when: { all: [{ fact: 'category', in: ['护肤'] }, { fact: 'tier', in: ['gold'] }] }, onDiscounted: false })).toBe('限 护肤 商品，限 金卡，会员价 9 折，已打折商品除外');
    expect(say({ give: { kind: 'price', minor: 9_900 } })).toBe('全部商品和会员，会员价每件 ¥99，已打折商品也适用');
    expect(say({ give: { kind: 'percent', percent: 100 } })).toContain('会员免费');
    expect(say({ give: { kind: 'percent' } })).toContain('会员价 … 折');
    expect(say({ when: { fact: 'tier', in: ['gold'] } }, en)).toBe('For Gold, 10% off for members, also on discounted goods');
    expect(suggestPriceName(newPrice('p', 'gold'), zh)).toBe('限 金卡，会员价 9 折');
  });

  it('and an early access say who, what and from when', () => {
    expect(plain(accessSentence(access({ who: { fact: 'tier', in: ['gold'] }, earlyFrom: '2026-12-01' }), zh))).toBe('限商品 X，限 金卡，2026-12-01 起优先购买，2026-12-08 起公开发售');
    expect(plain(accessSentence(access(), en))).toBe('On products X, every member, first from now on, public from 2026-12-08');
    expect(plain(accessSentence(access({ publicFrom: '' }), zh))).toContain('… 起公开发售');
  });
});

describe('prices in the document', () => {
  it('hold only what was chosen, and stay out where there are none', () => {
    expect(tidyPrice(price({ when: null, onDiscounted: true }))).toEqual(price());
    expect(tidyPrice(price({ onDiscounted: false })).onDiscounted).toBe(false);
    expect(tidyAccess(access({ who: null, earlyFrom: '' }))).toEqual(access());
    expect(withPrices({ name: '店' }, { memberPrices: [], earlyAccess: [] })).toEqual({ name: '店' });
    expect(withPrices({ memberPrices: [price()] }, { memberPrices: [] })).toEqual({ memberPrices: [] });
    expect(pricesOf(withPrices({ name: '店' }, { memberPrices: [price()], earlyAccess: [access()] }))).toEqual({ memberPrices: [price()], earlyAccess: [access()] });
    expect(conditionsOf({ earlyAccess: [access()] })).toEqual([{ when: { fact: 'product', in: ['X'] } }, { when: null }]);
    expect(newAccess('a', undefined, '2026-12-08').who).toBeUndefined();
  });

  it('differ by what they do, however they are written, and come with a version that is restored', () => {
    expect(priceDifferences({ memberPrices: [price({ onDiscounted: true })] }, { memberPrices: [price()] })).toEqual([]);
    expect(priceDifferences({ memberPrices: [price()] }, { memberPrices: [price({ give: { kind: 'percent', percent: 20 } })] })).toMatchObject([{ of: 'price', kind: 'changed' }]);
    expect(priceDifferences({ earlyAccess: [access()] }, { earlyAccess: [access({ publicFrom: '2026-12-09', enabled: false })] }).map(({ kind }) => kind)).toEqual(['changed', 'off']);
    const old = { memberPrices: [price()] };
    expect(changesBetween(partsOf({}), partsOf(old))).toMatchObject([{ of: 'price', kind: 'added' }]);
    expect(withParts({}, partsOf(old))['memberPrices']).toEqual([price()]);
  });

  it('of both sides are kept, mine where both changed one', () => {
    const theirs = { memberPrices: [price({ give: { kind: 'percent', percent: 30 } }), price({ id: 'q' })] };
    const merged = rebasePrices({ memberPrices: [price()] }, { memberPrices: [price({ onDiscounted: false })], earlyAccess: [access()] }, theirs);
    expect(merged.both).toEqual(['p']);
    expect(merged.prices).toEqual({ memberPrices: [price({ onDiscounted: false }), price({ id: 'q' })], earlyAccess: [access()] });
  });

  it('have their mistakes at their entry and its field', () => {
    const error = (field: string) => ({ type: '', status: 422, title: '', titleZh: '', code: 400, name: '', field, mayPassLater: false });
    const errors = [error('memberPrices[1].give.percent'), error('earlyAccess[0].goods'), error('memberPrices'), error('coupons.kinds[0]')];
    expect(errors.filter(isOfPrices)).toHaveLength(3);
    expect([...errorsOfPrices(errors, 'memberPrices')].map(([place, found]) => [place, found[0]!.field])).toEqual([[1, 'give.percent']]);
    expect(errorsOfPrices(errors, 'earlyAccess').get(0)![0]!.field).toBe('goods');
    expect(errorsOfPriceList(errors, 'memberPrices')).toHaveLength(1);
    const root = treeOf({ fact: 'product', in: ['X'] });
    expect([...fieldsOf(root, 'goods').values()].every((field) => field.startsWith('goods'))).toBe(true);
  });
});
