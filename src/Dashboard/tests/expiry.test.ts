import { describe, expect, it } from 'vitest';
import { changesBetween, partsOf, withParts } from '@/rules/parts';
import { daysShown, daysTyped, expiryDifferences, expiryMeaning, expiryOf, expirySentence, isOfExpiry, ofKind, withExpiry } from '@/rules/expiry';
import { readDraft } from '@/rules/kept';

const t = (key: string, values?: Record<string, unknown>): string => key + (values ? JSON.stringify(values) : '');

describe('the end of points', () => {
  it('is among what a version would change, and comes with it when it is restored', () => {
    const running = { points: { expiry: { kind: 'rolling', months: 12 } }, earning: { rules: [] } };
    const old = { points: { expiry: { kind: 'never' } } };
    expect(changesBetween(partsOf(running), partsOf(old))).toMatchObject([{ of: 'expiry', kind: 'changed' }]);
    expect(withParts(running, partsOf(old)).points).toEqual({ expiry: { kind: 'never' } });
  });

  it('is read from the document, and what nobody touched stays as it was', () => {
    const document = { name: '店', points: { perUnit: 2, expiry: { kind: 'rolling' as const, months: 6, roundUpTo: 'day' as const } } };
    expect(expiryOf(document)).toEqual({ kind: 'rolling', months: 6, roundUpTo: 'day' });
    expect(expiryOf({})).toEqual({});
    expect(withExpiry(document, { ...expiryOf(document) })).toBe(document);
    expect(withExpiry({ name: '店' }, {})).toEqual({ name: '店' });
    expect(withExpiry(document, { kind: 'never' })).toEqual({ name: '店', points: { perUnit: 2, expiry: { kind: 'never' } } });
  });

  it('takes only the fields of its kind along to another', () => {
    const rolling = { kind: 'rolling' as const, months: 6, roundUpTo: 'day' as const };
    expect(ofKind(rolling, 'inactivity')).toEqual({ kind: 'inactivity', months: 6, roundUpTo: 'day' });
    expect(ofKind(rolling, 'calendar')).toEqual({ kind: 'calendar', days: ['12-31'], minimumDays: 0 });
    expect(ofKind(rolling, 'never')).toEqual({ kind: 'never' });
    expect(ofKind(ofKind(rolling, 'never'), 'rolling')).toEqual({ kind: 'rolling', months: 12, roundUpTo: 'month' });
  });

  it('is compared by what it means', () => {
    expect(expiryMeaning({})).toBe(expiryMeaning({ kind: 'rolling', months: 12, roundUpTo: 'month' }));
    expect(expiryDifferences({ kind: 'calendar', days: ['12-31', '06-30'] }, { kind: 'calendar', days: ['06-30', '12-31'], minimumDays: 0 })).toEqual([]);
    expect(expiryDifferences({}, { kind: 'inactivity', months: 12 })).toMatchObject([{ of: 'expiry', kind: 'changed' }]);
    expect(expiryDifferences({ months: 12 }, { months: '12 ' })).toHaveLength(1);
  });

  it('takes days however they are separated, and shows them so that they can be typed again', () => {
    expect(daysTyped(' 06-30，12-31、 03-15;')).toEqual(['06-30', '12-31', '03-15']);
    expect(daysTyped('')).toEqual([]);
    expect(daysShown(daysTyped('06-30 12-31'))).toBe('06-30, 12-31');
  });

  it('is said in one sentence', () => {
    expect(expirySentence({}, t)[0]!.text).toBe('expiry.say.rolling{"n":12}expiry.sayRound.month');
    expect(expirySentence({ kind: 'calendar', days: ['12-31', '06-30'], minimumDays: 30 }, t)[0]!.text).toBe('expiry.sayCalendar{"days":"06-30, 12-31"}expiry.sayMinimum{"n":30}');
    expect(expirySentence({ kind: 'calendar', days: ['12-31'] }, t)[0]!.text).toBe('expiry.sayCalendar{"days":"12-31"}');
    expect(expirySentence({ kind: 'never' }, t)[0]!.text).toBe('expiry.sayNever');
  });

  it('knows which mistakes are its own', () => {
    const of = (field: string): boolean => isOfExpiry({ field } as never);
    expect(['points.expiry', 'points.expiry.days[1]', 'points.activeAfterDays'].map(of)).toEqual([true, true, true]);
    expect(['points.perUnit', 'earning.rules[0]', 'points.expiryX'].map(of)).toEqual([false, false, false]);
  });

  it('is kept with the draft', () => {
    const storage = { getItem: () => JSON.stringify({ version: 1, earning: { rules: [] }, expiry: { kind: 'never' } }) };
    expect(readDraft('c', storage)?.expiry).toEqual({ kind: 'never' });
  });
});
