import { describe, expect, it } from 'vitest';
import { keyOf, recognise } from '@/members/recognise';
import { noteText, reasonsOf, splitReasons } from '@/members/rules';
import { takeKeyFromAddress } from '@/session';
import { filterStores, sortStores } from '@/stores/list';
import type { StoreView } from '@/api/types';

describe('recognising what was typed', () => {
  it('a mobile number in the forms people type is tried as a phone first', () => {
    for (const typed of ['13800138000', '138 0013 8000', '138-0013-8000', '+86 138 0013 8000', '8613800138000']) {
      expect(recognise(typed)[0], typed).toEqual({ phone: typed });
    }
  });

  it('a member id is only that', () => {
    expect(recognise('  C7H2K9M4P1Q8R3T5X ')).toEqual([{ id: 'c7h2k9m4p1q8r3t5x' }]);
  });

  it('anything else is a card, then an external id', () => {
    expect(recognise('880012340192')).toEqual([{ card: '880012340192' }, { externalId: '880012340192' }]);
  });

  it('nothing asks for nothing', () => {
    expect(recognise('   ')).toEqual([]);
    expect(keyOf('phone', ' ')).toEqual([]);
    expect(keyOf('externalId', ' ab ')).toEqual([{ externalId: 'ab' }]);
  });
});

describe('why', () => {
  const t = (key: string, values?: Record<string, unknown>): string => key + (values ? JSON.stringify(values) : '');
  const all = ['points.expired', 'points.base', 'rule.given', 'rule.not-met', 'rule.capped', 'stored-value.used', 'points.life', 'tier.spend-reached'].map((code) => ({ code, zh: code, en: code }));
  const codes = (reasons: readonly { code: string }[]): string[] => reasons.map((reason) => reason.code);

  it('each line of an entry answers for its own part', () => {
    expect(codes(reasonsOf('purchase', all))).toEqual(['points.base', 'rule.given', 'rule.not-met', 'rule.capped', 'stored-value.used', 'points.life']);
    expect(codes(reasonsOf('tier', all))).toEqual(['tier.spend-reached']);
    expect(codes(reasonsOf('expired', all))).toEqual(['points.expired']);
    expect(codes(reasonsOf('adjusted', all))).toEqual(codes(all));
  });

  it('rules that did not apply stand apart', () => {
    const { told, silent } = splitReasons(reasonsOf('purchase', all));
    expect(codes(told)).toEqual(['points.base', 'rule.given', 'rule.capped', 'stored-value.used', 'points.life']);
    expect(codes(silent)).toEqual(['rule.not-met']);
  });

  it('keeps a note that a person wrote', () => {
    expect(noteText('spend-reached', t)).toEqual({ text: 'rule.spendReached', quoted: false });
    expect(noteText('活动补偿', t)).toEqual({ text: '活动补偿', quoted: true });
  });
});

describe('the open link', () => {
  const replaced: string[] = [];
  const history = { replaceState: (_: unknown, __: string, url?: string | URL | null): void => { replaced.push(String(url)); } };

  it('gives its key once and takes it out of the address', () => {
    expect(takeKeyFromAddress({ hash: '#key=ck_abc%2B', pathname: '/', search: '?a=1' }, history)).toBe('ck_abc+');
    expect(replaced).toEqual(['/?a=1']);
  });

  it('leaves any other address alone', () => {
    expect(takeKeyFromAddress({ hash: '#content', pathname: '/', search: '' }, history)).toBeNull();
    expect(replaced).toHaveLength(1);
  });
});

describe('the list of stores', () => {
  const view = (id: string, name: string, region: string, revenueMinor: number): StoreView => ({ id, name, region, city: '上海', status: 'open', revenueMinor, purchases: 1, walkIns: 0 });
  const stores = [view('s1', '静安店', '华东', 5), view('s2', '万象城店', '华南', 9), view('s10', '静安二店', '华东', 9)];

  it('filters by text and region together', () => {
    expect(filterStores(stores, '静安', '').map((store) => store.id)).toEqual(['s1', 's10']);
    expect(filterStores(stores, 'S1', '华东').map((store) => store.id)).toEqual(['s1', 's10']);
    expect(filterStores(stores, '', '华南').map((store) => store.id)).toEqual(['s2']);
  });

  it('equal figures stand in the order of names', () => {
    expect(sortStores(stores, 'revenue', null).map((store) => store.id)).toEqual(['s10', 's2', 's1']);
  });
});
