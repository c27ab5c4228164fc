import { describe, expect, it } from 'vitest';
import { readDraft } from '@/rules/kept';
import { changed, isOfTransfer, transferDifferences, transferMeaning, transferOf, transferSentence, withTransfer } from '@/rules/transfer';

const t = (key: string, values?: Record<string, unknown>): string => key + (values ? JSON.stringify(values) : '');

describe('points given to others', () => {
  it('are read from the document, and what nobody touched stays as it was', () => {
    const document = { name: '店', points: { perUnit: 2, transfer: { to: 'anybody' as const, leastPoints: 10 } } };
    expect(transferOf(document)).toEqual({ to: 'anybody', leastPoints: 10 });
    expect(transferOf({})).toEqual({});
    expect(withTransfer(document, { ...transferOf(document) })).toBe(document);
    expect(withTransfer({ name: '店' }, {})).toEqual({ name: '店' });
    expect(withTransfer(document, { to: 'nobody' })).toEqual({ name: '店', points: { perUnit: 2, transfer: { to: 'nobody' } } });
  });

  it('are compared by what they mean', () => {
    expect(transferMeaning({})).toBe(transferMeaning({ to: 'nobody', leastPoints: 1, mostPointsPerDay: null }));
    expect(transferDifferences({}, { to: 'nobody' })).toEqual([]);
    expect(transferDifferences({}, { to: 'anybody' })).toMatchObject([{ of: 'transfer', kind: 'changed' }]);
  });

  it('have no limit where the field is left empty', () => {
    expect(changed({ to: 'anybody', mostPointsPerDay: 5 }, 'mostPointsPerDay', undefined)).toEqual({ to: 'anybody' });
    expect(changed({ to: 'anybody' }, 'mostPointsPerYear', 'x')).toEqual({ to: 'anybody', mostPointsPerYear: 'x' });
  });

  it('are said in one sentence', () => {
    expect(transferSentence({}, t)[0]!.text).toBe('transfer.sayNobody');
    expect(transferSentence({ to: 'anybody' }, t)[0]!.text).toBe('transfer.sayAnybody');
    expect(transferSentence({ to: 'anybody', leastPoints: 10, mostPointsPerDay: 100, mostPointsPerYear: 500 }, t)[0]!.text).toBe('transfer.sayLeast{"n":10}transfer.sayDay{"n":100}transfer.sayYear{"n":500}');
  });

  it('know which mistakes are their own', () => {
    const of = (field: string): boolean => isOfTransfer({ field } as never);
    expect(['points.transfer', 'points.transfer.leastPoints'].map(of)).toEqual([true, true]);
    expect(['points.transferX', 'points.expiry'].map(of)).toEqual([false, false]);
  });

  it('are kept with the draft', () => {
    const storage = { getItem: () => JSON.stringify({ version: 1, earning: { rules: [] }, transfer: { to: 'anybody' } }) };
    expect(readDraft('c', storage)?.transfer).toEqual({ to: 'anybody' });
  });
});
