import { describe, expect, it } from 'vitest';
import { addDays, ago, businessDay, clock, slotLabel, slotOf } from '@/lib/time';

const shanghai = 'Asia/Shanghai';

describe('times of the chain', () => {
  it('a day begins at the midnight of the chain, not of the browser', () => {
    const at = Date.parse('2026-11-21T16:30:00Z');
    expect(businessDay(at, shanghai)).toBe('2026-11-22');
    expect(businessDay(at, 'UTC')).toBe('2026-11-21');
    expect(clock(at, shanghai)).toBe('00:30:00');
    expect(slotOf(at, shanghai)).toBe(6);
  });

  it('slots are five minutes long', () => {
    expect(slotLabel(0)).toBe('00:00');
    expect(slotLabel(287)).toBe('23:55');
    expect(slotOf(Date.parse('2026-11-22T15:59:59Z'), shanghai)).toBe(287);
  });

  it('days are counted over the ends of months and years', () => {
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });

  it('relative within a day, absolute after', () => {
    const now = 1_000_000_000_000;
    expect(ago(now - 20_000, now)).toEqual({ unit: 'now' });
    expect(ago(now - 5 * 60_000, now)).toEqual({ unit: 'minutes', value: 5 });
    expect(ago(now - 3 * 3_600_000, now)).toEqual({ unit: 'hours', value: 3 });
    expect(ago(now - 24 * 3_600_000, now)).toEqual({ unit: 'date' });
  });
});
