import { describe, expect, it } from 'vitest';
import { axisMoney, change, compactCount, compactMoney, compactMoneyParts, count, money, percent, signed, signedMoney } from '@/lib/format';

describe('numbers', () => {
  it('money carries its symbol, thousands and all decimals', () => {
    expect(money(123_450, 'CNY', 'zh')).toBe('¥1,234.50');
    expect(money(-590, 'CNY', 'zh')).toBe('-¥5.90');
    expect(money(123_450, 'CNY', 'en')).toBe('¥1,234.50');
  });

  it('a currency without decimals shows none', () => {
    expect(money(1_234, 'JPY', 'zh')).toBe('¥1,234');
  });

  it('Chinese counts in 万 and 亿, English in K, M and B', () => {
    expect(compactMoney(128_493_000, 'CNY', 'zh')).toBe('¥128.49万');
    expect(compactMoney(18_340_120_034, 'CNY', 'zh')).toBe('¥1.83亿');
    expect(compactMoney(128_493_000, 'CNY', 'en')).toBe('¥1.28M');
    expect(compactCount(12_345, 'zh')).toBe('1.23万');
    expect(compactCount(12_345, 'en')).toBe('12.35K');
    expect(compactCount(3_200_000_000, 'en')).toBe('3.20B');
  });

  it('below ten thousand the number stands as it is', () => {
    expect(compactCount(9_999, 'zh')).toBe('9,999');
    expect(compactMoney(999_900, 'CNY', 'zh')).toBe('¥9,999');
    expect(compactCount(10_000, 'zh')).toBe('1.00万');
  });

  it('a thousand units and more need one decimal only', () => {
    expect(compactMoney(1_284_930_000, 'CNY', 'zh')).toBe('¥1,284.9万');
  });

  it('a negative sum keeps its sign in front of the symbol', () => {
    expect(compactMoney(-2_500_000, 'CNY', 'zh')).toBe('-¥2.50万');
  });

  it('parts add up to the text', () => {
    expect(compactMoneyParts(128_493_000, 'CNY', 'zh')).toEqual({ prefix: '¥', digits: '128.49', unit: '万' });
  });

  it('marks of an axis have no empty decimals', () => {
    expect(axisMoney(4_000_000, 'CNY', 'zh')).toBe('¥4万');
    expect(axisMoney(2_500_000, 'CNY', 'zh')).toBe('¥2.5万');
    expect(axisMoney(0, 'CNY', 'en')).toBe('¥0');
  });

  it('signs, counts and shares', () => {
    expect(signed(12, 'zh')).toBe('+12');
    expect(signed(-1_200, 'en')).toBe('−1,200');
    expect(signed(0, 'zh')).toBe('0');
    expect(count(8_214, 'zh')).toBe('8,214');
    expect(percent(0.0784, 'zh')).toBe('7.8%');
  });

  it('a change has a direction, is flat when nobody would see it, and is none without a base', () => {
    expect(change(1062, 1000).direction).toBe('up');
    expect(change(900, 1000)).toEqual({ direction: 'down', share: -0.1 });
    expect(change(1_000_001, 1_000_000).direction).toBe('flat');
    expect(change(5, 0).direction).toBe('none');
  });
});

describe('money that moves', () => {
  it('has its sign in front of the currency', () => {
    expect(signedMoney(123450, 'CNY', 'zh')).toBe('+¥1,234.50');
    expect(signedMoney(-5, 'CNY', 'zh')).toBe('−¥0.05');
    expect(signedMoney(0, 'CNY', 'zh')).toBe('¥0.00');
  });
});
