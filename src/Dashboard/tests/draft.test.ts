import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import type { ProgrammeVersion, TryReply, TryRequest } from '@/api/types';
import { newRule, type Rule } from '@/rules/model';
import { useDraft, type Draft } from '@/rules/useDraft';
import { useTry } from '@/rules/useTry';

const rule = (id: string, points = 1): Rule => ({ ...newRule(id), nameZh: id, nameEn: id, give: { kind: 'fixed', points } });
const version = (number: number, rules: Rule[]): ProgrammeVersion => ({ version: number, document: { name: '店', earning: { rules } } });
const reply = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

// The server in memory: its versions, the last of which runs.
let published: ProgrammeVersion[];
const shelf = new Map<string, string>();
let scope: EffectScope;

beforeEach(() => {
  shelf.clear();
  scope = effectScope();
  vi.stubGlobal('localStorage', { getItem: (key: string) => shelf.get(key) ?? null, setItem: (key: string, value: string) => void shelf.set(key, value), removeItem: (key: string) => void shelf.delete(key) });
  vi.stubGlobal('fetch', async (path: string) => {
    if (path === '/v1/programme') return reply(200, published.at(-1));
    const found = published.find(({ version: number }) => path.endsWith(`/versions/${number}`));
    return found ? reply(200, found) : reply(404, { code: 1049 });
  });
});
afterEach(() => {
  scope.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function loaded(): Promise<Draft> {
  const draft = scope.run(() => useDraft('chain'))!;
  await draft.load();
  await nextTick();
  return draft;
}
const said = (draft: Draft): string => draft.changes.value.map(({ kind, id }) => `${kind} ${id}`).join();

describe('the draft', () => {
  it('comes back after the tab was closed, and is forgotten once it is published', async () => {
    published = [version(1, [rule('a')])];
    const first = await loaded();
    first.setRules([rule('a', 2), rule('b')]);
    await nextTick();
    const second = await loaded();
    expect(second.restored.value).toBe(true);
    expect(said(second)).toBe('changed a,added b');
    expect(second.document.value).toMatchObject({ name: '店' });
    second.begin(version(2, second.rules.value));
    await nextTick();
    expect(shelf.size).toBe(0);
  });

  it('of an older version stands on that version until the newer one is taken', async () => {
    published = [version(1, [rule('a'), rule('b')])];
    const first = await loaded();
    first.setRules([rule('a', 2), rule('b')]);
    await nextTick();
    published.push(version(2, [rule('a'), rule('b', 7)]));
    const second = await loaded();
    expect(second.base.value?.version).toBe(1);
    expect(second.newer.value?.version).toBe(2);
    expect(second.takeNewer(true)).toEqual([]);
    expect(second.base.value?.version).toBe(2);
    expect(said(second)).toBe('changed a');
    expect(second.rules.value[1]).toEqual(rule('b', 7));
  });

  it('of a version that is not told any more is compared with what runs', async () => {
    published = [version(5, [rule('a')])];
    shelf.set('chaincrm.rules.chain', JSON.stringify({ version: 2, earning: { rules: [rule('a'), rule('b')] } }));
    const draft = await loaded();
    expect(draft.base.value?.version).toBe(5);
    expect(draft.newer.value).toBeNull();
    expect(said(draft)).toBe('added b');
  });

  it('that a browser cannot keep says so', async () => {
    published = [version(1, [])];
    const draft = await loaded();
    vi.stubGlobal('localStorage', { setItem: () => { throw new Error('full'); }, removeItem: () => undefined });
    draft.setRules([rule('a')]);
    await nextTick();
    expect(draft.isKept.value).toBe(false);
  });
});

describe('trying', () => {
  const answer = (points: number): TryReply => ({ valid: true, errors: [], running: { version: 1, amountMinor: 0, pointsEarned: points, pointsBase: 0, pointsBonus: 0, rules: [] } });
  const basket = (priceMinor: number): TryRequest => ({ basket: { lines: [{ line: 1, product: 'p', quantity: 1, priceMinor }] } });

  it('waits for the last key, and an older answer never replaces a newer one', async () => {
    vi.useFakeTimers();
    const asked: { price: number; answer: (points: number) => void }[] = [];
    vi.stubGlobal('fetch', (_: string, init: RequestInit) => new Promise<Response>((done) => {
      asked.push({ price: (JSON.parse(String(init.body)) as TryRequest).basket.lines[0]!.priceMinor, answer: (points) => done(reply(200, answer(points))) });
    }));
    const price = ref(1);
    const trial = scope.run(() => useTry(() => basket(price.value)))!;
    for (const typed of [12, 123]) {
      price.value = typed;
      await nextTick();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(asked.map(({ price: sent }) => sent)).toEqual([123]);

    price.value = 456;
    await nextTick();
    await vi.advanceTimersByTimeAsync(300);
    asked[1]!.answer(456);
    await vi.advanceTimersByTimeAsync(0);
    asked[0]!.answer(123);
    await vi.advanceTimersByTimeAsync(0);
    expect(trial.reply.value?.running.pointsEarned).toBe(456);
    expect(trial.isStale.value).toBe(false);
  });
});
