import { describe, expect, it } from 'vitest';
import { i18n } from '@/i18n';
import type { Language } from '@/lib/format';
import { differences, meaning, sameRules } from '@/rules/difference';
import { errorsAt, errorsByRule, errorsElsewhere } from '@/rules/errors';
import { newRuleId } from '@/rules/ids';
import { keepDraft, readDraft } from '@/rules/kept';
import { move, newRule, withEarning, type Condition, type Rule } from '@/rules/model';
import { rebase } from '@/rules/rebase';
import { sentence, sentenceText, suggestName, withSuggestedNames, type Speech } from '@/rules/sentence';
import { addTo, conditionOf, factNode, fieldsOf, groupNode, isGroup, setFact, setKind, treeOf, without, type GroupNode } from '@/rules/tree';
import { plainNumber, shownOver, typedTimes } from '@/rules/units';
import { typedDay, typedTime } from '@/rules/moments';
import { basketOf, momentIn } from '@/rules/basket';

const tiers = new Map([['gold', { zh: '金卡会员', en: 'Gold' }], ['silver', { zh: '银卡会员', en: 'Silver' }]]);
const stores = new Map([['S001', '上海静安店'], ['S002', '上海徐汇店']]);
const speech = (language: Language): Speech => ({
  t: (key, values) => i18n.global.t(key, values ?? {}, { locale: language }), language, currency: 'CNY',
  tier: (id) => tiers.get(id), store: (id) => stores.get(id), tag: (id) => new Map([['vip', { zh: '贵宾', en: 'VIP' }]]).get(id),
});
const zh = speech('zh');
const en = speech('en');

const skincare: Rule = {
  id: 'rule-1', nameZh: '', nameEn: '', enabled: true,
  when: { all: [{ fact: 'tier', in: ['gold'] }, { fact: 'category', in: ['护肤'] }, { fact: 'weekday', in: ['sun', 'sat'] }, { fact: 'region', in: ['华东'] }] },
  give: { kind: 'multiply', percent: 200 }, caps: [{ per: 'month', points: 500 }],
};
const rule = (id: string, change: Partial<Rule> = {}): Rule => ({ ...newRule(id), nameZh: id, nameEn: id, ...change });

describe('a rule as a sentence', () => {
  it('reads as somebody of the trade would say it, in both languages', () => {
    expect(sentenceText(skincare, zh)).toBe('当 会员等级 是 金卡会员 且 商品类目 属于 护肤，在 周末，于 华东 门店：积分 ×2，每人每月最多 500');
    expect(sentenceText(skincare, en)).toBe('When tier is Gold and category is 护肤, at weekends, in stores of 华东: points ×2, at most 500 per member and month');
  });

  it('emphasises the values and nothing else', () => {
    expect(sentence(skincare, zh).filter((part) => part.strong).map((part) => part.text)).toEqual(['金卡会员', '护肤', '周末', '华东', '×2', '500']);
  });

  it('says groups, thresholds, a group of rules and a cap that refuses', () => {
    const when: Condition = { any: [{ fact: 'crossStore', is: true }, { all: [{ fact: 'store', in: ['S001'] }, { not: { fact: 'product', in: ['p1'] } }] }] };
    expect(sentenceText({ ...skincare, when, minimum: { amountMinor: 20_000, quantity: 2 }, give: { kind: 'perUnit', points: 0.5 }, caps: [{ per: 'purchase', points: 50, over: 'refuse' }], group: 'spring' }, zh))
      .toBe('当 在归属门店以外消费 或（于 上海静安店 且 不满足（商品 是 p1）），满 ¥200，满 2 件：每 ¥1 加 0.5 积分，每笔最多 50（超出则整笔不给），与互斥组 spring 只取最高');
  });

  it('says days and times, also over midnight and with one end', () => {
    const said = (when: Condition): string => sentenceText({ ...newRule('r'), when }, zh).split('：')[0]!;
    expect(said({ fact: 'day', from: '2026-12-01', to: '2026-12-31' })).toBe('从 2026-12-01 到 2026-12-31');
    expect(said({ fact: 'day', to: '2026-12-31' })).toBe('到 2026-12-31 为止');
    expect(said({ fact: 'time', from: '22:00', to: '02:00' })).toBe('在每天 22:00 到次日 02:00');
    expect(said({ fact: 'weekday', in: ['mon', 'tue', 'wed', 'thu', 'fri'] })).toBe('在 工作日');
    expect(said({ fact: 'weekday', in: ['wed', 'mon'] })).toBe('在 周一、周三');
    expect(sentenceText({ ...newRule('r') }, en)).toBe('Every purchase: points ×2');
  });

  it('calls tags by their names, and one that left the dictionary by its id', () => {
    const tagged: Rule = { ...newRule('r'), when: { fact: 'tag', in: ['vip', 'tag-gone'] } };
    expect(sentenceText(tagged, zh)).toBe('当 会员 带有标签 贵宾、tag-gone：积分 ×2');
    expect(sentenceText(tagged, en)).toBe('When the member is tagged VIP, tag-gone: points ×2');
  });

  it('counts a long list instead of naming it, and names all of it where differences are told', () => {
    const many: Rule = { ...newRule('r'), when: { fact: 'product', in: ['a', 'b', 'c', 'd', 'e', 'f'] } };
    expect(sentenceText(many, zh)).toContain('a、b、c 及另外 3 个');
    expect(sentenceText(many, zh, 1_000)).toContain('a、b、c、d、e、f');
  });

  it('a value that looks like a place to fill, or like a mark, stays what it is', () => {
    expect(sentenceText({ ...newRule('r'), when: { fact: 'category', in: ['{b}', '\uE000x'] } }, zh)).toContain('属于 {b}、x');
  });

  it('suggests a name, which follows the rule until somebody types one', () => {
    expect(suggestName(skincare, zh)).toBe('金卡会员 护肤 周末 华东 积分 ×2');
    expect(suggestName(skincare, en)).toBe('Gold 护肤 weekends 华东 points ×2');
    const followed = withSuggestedNames(skincare, skincare, zh, en);
    const next = withSuggestedNames(followed, { ...followed, give: { kind: 'fixed', points: 50 } }, zh, en);
    expect(next.nameZh).toBe('金卡会员 护肤 周末 华东 每笔加 50 积分');
    const typed = withSuggestedNames(next, { ...next, nameZh: '双倍护肤' }, zh, en);
    const after = withSuggestedNames(typed, { ...typed, give: { kind: 'multiply', percent: 300 } }, zh, en);
    expect(after.nameZh).toBe('双倍护肤');
    expect(after.nameEn).toBe('Gold 护肤 weekends 华东 points ×3');
  });
});

describe('the tree of conditions', () => {
  const forms: Condition[] = [
    { all: [{ fact: 'tier', in: ['gold'] }] },
    { any: [{ fact: 'tier', in: ['gold'] }, { all: [{ fact: 'city', in: ['上海'] }, { fact: 'crossStore', is: false }] }] },
    { not: { fact: 'tier', in: ['gold'] } },
    { not: { any: [{ fact: 'tier', in: ['gold'] }, { fact: 'city', in: ['上海'] }] } },
    { not: { all: [{ fact: 'tier', in: ['gold'] }, { fact: 'city', in: ['上海'] }] } },
    { not: { not: { any: [{ fact: 'tier', in: ['gold'] }, { fact: 'city', in: ['上海'] }] } } },
    { not: { any: [{ any: [{ fact: 'tier', in: ['gold'] }, { fact: 'city', in: ['上海'] }] }] } },
  ];

  it('writes back what it read', () => {
    for (const form of forms) expect(conditionOf(treeOf(form))).toEqual(form);
    expect(conditionOf(treeOf(null))).toBeUndefined();
  });

  it('knows where each node stands in the document', () => {
    const at = (document: unknown, path: string): unknown => path.split(/[.[\]]+/).filter(Boolean).reduce((value, key) => (value as Record<string, unknown>)[key], document);
    for (const form of forms) {
      const tree = treeOf(form);
      const fields = fieldsOf(tree);
      const visit = (group: GroupNode): void => group.children.forEach((child) => {
        if (isGroup(child)) visit(child);
        else expect(at({ when: conditionOf(tree) }, fields.get(child.key)!)).toEqual(child.condition);
      });
      visit(tree);
    }
  });

  it('adds, changes and removes, and an emptied group goes', () => {
    let tree = treeOf(null);
    const inner = groupNode('any');
    tree = addTo(tree, tree.key, inner);
    const fact = factNode({ fact: 'tier', in: [] });
    tree = addTo(tree, inner.key, fact);
    tree = setFact(tree, fact.key, { fact: 'tier', in: ['gold'] });
    tree = setKind(tree, inner.key, 'none');
    expect(conditionOf(tree)).toEqual({ all: [{ not: { fact: 'tier', in: ['gold'] } }] });
    expect(conditionOf(without(tree, fact.key))).toBeUndefined();
    expect(without(tree, fact.key).key).toBe(tree.key);
  });
});

describe('differences', () => {
  it('tells what was added, changed, switched, renamed and removed', () => {
    const before = [rule('a'), rule('b'), rule('c'), rule('d')];
    const after = [rule('a', { give: { kind: 'fixed', points: 5 } }), rule('b', { enabled: false }), rule('c', { nameZh: '新名' }), rule('e')];
    expect(differences(before, after).map(({ kind, id }) => `${kind} ${id}`)).toEqual(['changed a', 'off b', 'renamed c', 'added e', 'removed d']);
  });

  it('names the fewest rules that moved', () => {
    const list = ['a', 'b', 'c', 'd'].map((id) => rule(id));
    const moved = (order: string): string[] => differences(list, [...order].map((id) => rule(id))).map(({ id }) => id);
    expect(moved('dabc')).toEqual(['d']);
    expect(moved('abcd')).toEqual([]);
    expect(differences(list, ['d', 'x', 'a'].map((id) => rule(id))).filter(({ kind }) => kind === 'moved')).toHaveLength(1);
  });

  it('sees through two ways of writing the same', () => {
    const short = rule('a', { when: { fact: 'tier', in: ['gold', 'silver'] } });
    const long = rule('a', { when: { all: [{ fact: 'tier', in: ['silver', 'gold'] }] }, minimum: { amountMinor: 0 }, group: null, caps: [] });
    expect(sameRules([short], [long])).toBe(true);
    expect(meaning(short)).not.toBe(meaning({ ...short, caps: [{ per: 'day', points: 1 }] }));
    expect(meaning({ ...short, caps: [{ per: 'day', points: 1 }] })).not.toBe(meaning({ ...short, caps: [{ per: 'day', points: 1, over: 'refuse' }] }));
  });
});

describe('my changes on top of a newer version', () => {
  const ids = (rules: readonly Rule[]): string => rules.map(({ id, nameZh }) => (id === nameZh ? id : `${id}=${nameZh}`)).join(' ');
  const base = [rule('a'), rule('b'), rule('c')];

  it('keep what each side did', () => {
    const mine = [rule('a', { nameZh: 'mine' }), rule('n'), rule('b')];
    const theirs = [rule('a'), rule('b', { nameZh: 'theirs' }), rule('c'), rule('t')];
    const merged = rebase(base, mine, theirs);
    expect(ids(merged.rules)).toBe('a=mine n b=theirs t');
    expect(merged.both).toEqual([]);
  });

  it('name the rules that both sides changed', () => {
    const merged = rebase(base, [rule('a', { nameZh: 'mine' }), rule('c', { nameZh: 'mine' })], [rule('a', { nameZh: 'theirs' }), rule('b', { nameZh: 'theirs' })]);
    expect(ids(merged.rules)).toBe('a=mine c=mine b=theirs');
    expect(merged.both.sort()).toEqual(['a', 'b', 'c']);
  });

  it('keep my order where I changed it', () => {
    expect(ids(rebase(base, [rule('c'), rule('a'), rule('b')], [rule('t'), rule('a'), rule('b'), rule('c')]).rules)).toBe('t c a b');
    expect(ids(rebase(base, base, [rule('c'), rule('b'), rule('a')]).rules)).toBe('c b a');
  });
});

describe('ids, places and units', () => {
  it('an id is short, allowed and never one that is taken', () => {
    const given = [7, 7, 35];
    expect(newRuleId(['rule-7'], () => given.shift()!)).toBe('rule-z');
    expect(newRuleId([])).toMatch(/^rule-[0-9a-z]{1,7}$/);
  });

  it('moves by one place and never over an end', () => {
    expect(move(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
    expect(move(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
    expect(move(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  });

  it('yuan become minor units and factors percent without a rounding error', () => {
    expect(typedTimes('19.99', 2)).toBe(1999);
    expect(typedTimes('1.15', 2)).toBe(115);
    expect(typedTimes('１，２００', 2)).toBe(120_000);
    expect(typedTimes('×1.5', 2)).toBe(150);
    expect(typedTimes('1.005', 2)).toBe(100.5);
    expect(typedTimes('12', 0)).toBe(12);
    expect(typedTimes(' ', 2)).toBeUndefined();
    expect(typedTimes('两倍', 2)).toBe('两倍');
    expect(plainNumber('1.2.3')).toBeNull();
    expect(shownOver(150, 2)).toBe('1.5');
    expect(shownOver(1999, 2)).toBe('19.99');
    expect(shownOver('两倍', 2)).toBe('两倍');
    expect(shownOver(undefined, 2)).toBe('');
  });

  it('the rest of the document stays untouched', () => {
    const document = { name: '店', earning: { other: 1, rules: [] }, later: { x: 1 } };
    expect(withEarning(document, { ...document.earning, rules: [rule('a')] })).toEqual({ ...document, earning: { other: 1, rules: [rule('a')] } });
    const bare = { name: '店' };
    expect(withEarning(bare, { rules: [] })).toBe(bare);
  });
});

describe('errors', () => {
  const errors = [
    { status: 422, code: 407, field: 'earning.rules[2].give.percent' },
    { status: 422, code: 404, field: 'earning.rules[2].when.all[1].in[0]' },
    { status: 422, code: 410, field: 'tiers' },
    { status: 422, code: 405, field: 'earning.rules[12]' },
  ];

  it('stand at their rule and at their field', () => {
    const found = errorsByRule(errors);
    expect([...found.keys()]).toEqual([2, -1, 12]);
    const second = found.get(2)!;
    expect(errorsAt(second, 'give.percent').map(({ code }) => code)).toEqual([407]);
    expect(errorsAt(second, 'when.all[1].in').map(({ code }) => code)).toEqual([404]);
    expect(errorsAt(second, 'when.all[1]')).toHaveLength(1);
    expect(errorsAt(second, 'give.per')).toEqual([]);
    expect(errorsElsewhere(second, ['give']).map(({ code }) => code)).toEqual([404]);
  });
});

describe('the kept draft', () => {
  const storage = new Map<string, string>();
  const shelf = { getItem: (key: string) => storage.get(key) ?? null, setItem: (key: string, value: string) => void storage.set(key, value), removeItem: (key: string) => void storage.delete(key) };

  it('comes back for its chain only, and goes when it is published', () => {
    expect(keepDraft('c1', { version: 3, earning: { rules: [rule('a')] } }, shelf)).toBe(true);
    expect(readDraft('c1', shelf)).toEqual({ version: 3, earning: { rules: [rule('a')] } });
    expect(readDraft('c2', shelf)).toBeNull();
    keepDraft('c1', null, shelf);
    expect(readDraft('c1', shelf)).toBeNull();
  });

  it('is nothing where the storage holds something else or is forbidden', () => {
    storage.set('chaincrm.rules.c1', '{"version":"x"}');
    expect(readDraft('c1', shelf)).toBeNull();
    const forbidden = { getItem: () => { throw new Error('no'); }, setItem: () => { throw new Error('no'); }, removeItem: () => undefined };
    expect(readDraft('c1', forbidden)).toBeNull();
    expect(keepDraft('c1', { version: 1, earning: {} }, forbidden)).toBe(false);
  });
});

describe('the example basket', () => {
  const basket = { store: 'S001', tier: 'gold', channel: '', tags: ['vip'], crossStore: false, day: '2026-11-28', time: '15:00', lines: [{ key: 1, category: '护肤', brand: ' 青禾', product: '', quantity: '2', price: '99.50' }, { key: 2, category: '', brand: '', product: 'p', quantity: '', price: '1' }] };

  it('goes out in minor units, with the clock of the chain, without lines that are not finished', () => {
    expect(basketOf(basket, 'Asia/Shanghai', 2)).toEqual({
      store: 'S001', tier: 'gold', tags: ['vip'], occurredAt: '2026-11-28T15:00:00+08:00', lines: [{ line: 1, product: 'item-1', category: '护肤', brand: '青禾', quantity: 2, priceMinor: 19_900 }],
    });
    expect(basketOf({ ...basket, lines: [] }, 'Asia/Shanghai', 2)).toBeNull();
  });

  it('knows the offset of a zone on that day', () => {
    expect(momentIn('2026-07-01', '08:30', 'Europe/Berlin')).toBe('2026-07-01T08:30:00+02:00');
    expect(momentIn('2026-12-01', '08:30', 'Europe/Berlin')).toBe('2026-12-01T08:30:00+01:00');
    expect(momentIn('2026-12-01', '23:30', 'America/St_Johns')).toBe('2026-12-01T23:30:00-03:30');
    expect(momentIn('', '08:30', 'Asia/Shanghai')).toBeNull();
  });
});

describe('days and times as typed', () => {
  it('come out in the form of the document', () => {
    for (const typed of ['2026-12-01', '2026/12/1', '20261201', '2026年12月1日', ' 2026.12.01 ', '２０２６-12-01']) expect(typedDay(typed), typed).toBe('2026-12-01');
    for (const typed of ['9:30', '930', '0930', '09：30', '09:30']) expect(typedTime(typed), typed).toBe('09:30');
    expect(typedTime('9')).toBe('09:00');
  });

  it('are refused when there is no such day or time', () => {
    for (const typed of ['', '2026-02-30', '2026-13-01', '12-01', 'x']) expect(typedDay(typed), typed).toBeNull();
    for (const typed of ['', '24:00', '9:60', '99', 'x']) expect(typedTime(typed), typed).toBeNull();
  });
});
