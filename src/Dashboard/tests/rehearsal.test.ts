import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import type { RehearsalLine, RehearsalView } from '@/api/types';
import { i18n } from '@/i18n';
import type { Language } from '@/lib/format';
import { limits } from '@/lib/limits';
import { newRule, type Rule } from '@/rules/model';
import { barsOf, headline, isOutdated, nextOrder, outcome, shareOf, sortLines, type Subject, type Words } from '@/rules/rehearsal';
import { useRehearsal, type Rehearsing } from '@/rules/useRehearsal';

const words = (language: Language): Words => ({ t: (key, values) => i18n.global.t(key, values ?? {}, { locale: language }), language, currency: 'CNY' });
const view = (change: Partial<RehearsalView> = {}): RehearsalView => ({
  id: 'r1', state: 'done', hasDraft: true, from: '2026-08-28T00:00:00Z', until: '2026-11-26T00:00:00Z', done: 10, of: 10, seconds: 1, customers: 8, gain: 0, lose: 0,
  bookedPoints: 0, livedPoints: 0, costMinor: 0, bookedBalance: 0, livedBalance: 0, liabilityMinor: 0, higherTier: 0, lowerTier: 0, refused: 0, different: 0, stores: [], rules: [], tiers: [], most: [], ...change,
});
const line = (id: string, bookedPoints: number, livedPoints: number, sales = 1): RehearsalLine => ({ id, sales, bookedPoints, livedPoints, withheld: 0 });
const nameOf = (one: RehearsalLine): string => one.id;
const ids = (lines: readonly RehearsalLine[]): string => lines.map(({ id }) => id).join();

describe('the result in one sentence', () => {
  const more = { different: 900, bookedPoints: 100_000, livedPoints: 112_340, costMinor: 12_340 };

  it('tells points, money, and who gains and loses', () => {
    expect(headline(view({ ...more, gain: 1_204, lose: 33 }), 90, words('zh'))).toBe('若按此草稿执行，过去 90 天会多发 12,340 分，约 ¥123.40；1,204 位会员受益，33 位减少');
    expect(headline(view({ ...more, gain: 1_204, lose: 33 }), 90, words('en'))).toBe('Under this draft the last 90 days would have given 12,340 more points, about ¥123.40; 1,204 members gain, 33 lose');
  });

  it('turns round where fewer are given, and says nobody where there is nobody', () => {
    const fewer = { different: 3, bookedPoints: 500, livedPoints: 300, costMinor: -200 };
    expect(headline(view({ ...fewer, lose: 2 }), 30, words('zh'))).toBe('若按此草稿执行，过去 30 天会少发 200 分，约 ¥2.00；2 位会员减少，没有人受益');
    expect(headline(view({ ...more, gain: 5 }), 30, words('zh'))).toContain('5 位会员受益，没有人减少');
    expect(headline(view({ ...more, costMinor: 0, gain: 5 }), 30, words('zh'))).toContain('多发 12,340 分；');
  });

  it('tells the same total apart from the same points', () => {
    expect(headline(view({ different: 4, gain: 1, lose: 1 }), 90, words('zh'))).toBe('若按此草稿执行，过去 90 天发出的积分总数不变，其中 4 笔有增有减；1 位会员受益，1 位减少');
    expect(headline(view({ different: 4 }), 90, words('zh'))).toContain('每位会员的合计不变');
    expect(headline(view(), 90, words('zh'))).toBe('若按此草稿执行，过去 90 天每一笔的积分都不变');
  });

  it('of a check says that all is as booked, or warns', () => {
    expect(headline(view({ hasDraft: false }), 90, words('zh'))).toContain('与实际入账完全一致');
    expect(headline(view({ hasDraft: false, different: 7 }), 90, words('zh'))).toBe('过去 90 天有 7 笔与实际入账不一致');
  });

  it('is told only once it has ended, and says that a part is a part', () => {
    expect(outcome(null, 90, words('zh'))).toBe('');
    expect(outcome(view({ state: 'running', ...more }), 90, words('zh'))).toBe('');
    expect(outcome(view({ state: 'cancelled', ...more }), 90, words('zh'))).toContain('已取消');
    expect(outcome(view({ state: 'failed', ...more }), 90, words('zh'))).toContain('没有完成');
    expect(outcome(view({ customers: 0 }), 90, words('zh'))).toBe('过去 90 天没有会员消费');
  });
});

describe('what is shown of it', () => {
  it('is sorted by any column, equal ones by name', () => {
    const lines = [line('b', 10, 20, 3), line('a', 10, 20, 5), line('c', 30, 5, 4)];
    expect(ids(sortLines(lines, { column: 'difference', down: true }, nameOf))).toBe('a,b,c');
    expect(ids(sortLines(lines, { column: 'difference', down: false }, nameOf))).toBe('c,a,b');
    expect(ids(sortLines(lines, { column: 'sales', down: true }, nameOf))).toBe('a,c,b');
    expect(ids(sortLines(lines, { column: 'booked', down: true }, nameOf))).toBe('c,a,b');
    expect(ids(sortLines(lines, { column: 'name', down: true }, nameOf))).toBe('c,b,a');
    expect(nextOrder({ column: 'name', down: false }, 'sales')).toEqual({ column: 'sales', down: true });
    expect(nextOrder({ column: 'sales', down: true }, 'sales')).toEqual({ column: 'sales', down: false });
    expect(nextOrder({ column: 'sales', down: true }, 'name')).toEqual({ column: 'name', down: false });
  });

  it('draws the largest gains and losses, and leaves out what is the same', () => {
    const gains = [1, 2, 3, 4, 5, 6, 7].map((n) => line(`g${n}`, 0, n));
    const losses = [1, 2, 3].map((n) => line(`l${n}`, n, 0));
    expect(ids(barsOf([...gains, ...losses, line('same', 5, 5)], 6))).toBe('g7,g6,g5,l1,l2,l3');
    expect(ids(barsOf(gains, 4))).toBe('g7,g6,g5,g4');
    expect(ids(barsOf([...gains, ...losses], 100))).toBe('g7,g6,g5,g4,g3,g2,g1,l1,l2,l3');
    expect(ids(barsOf([line('g', 0, 1), ...losses], 3))).toBe('g,l2,l3');
    expect(barsOf([line('same', 5, 5)], 10)).toEqual([]);
  });

  it('never shows more progress than there is', () => {
    expect(shareOf(null)).toBe(0);
    expect(shareOf({ state: 'running', done: 0, of: 0 })).toBe(0);
    expect(shareOf({ state: 'running', done: 5, of: 10 })).toBe(0.5);
    expect(shareOf({ state: 'running', done: 12, of: 10 })).toBe(1);
    expect(shareOf({ state: 'done', done: 0, of: 0 })).toBe(1);
  });
});

const rule = (points: number, change: Partial<Rule> = {}): Rule => ({ ...newRule('a'), nameZh: 'a', nameEn: 'a', give: { kind: 'fixed', points }, ...change });
const subject = (change: Partial<Subject> = {}): Subject => ({ hasDraft: true, document: { tiers: [1], earning: { rules: [rule(1)] } }, changes: [], basedOn: 1, days: 90, atMs: 0, ...change });

describe('a result is outdated', () => {
  const now = (rules: Rule[], rest: Record<string, unknown> = { tiers: [1] }): Parameters<typeof isOutdated>[1] => ({ hasDraft: true, document: { ...rest, earning: { rules } } });

  it('when what the draft does has changed since', () => {
    expect(isOutdated(subject(), now([rule(2)]))).toBe(true);
    expect(isOutdated(subject(), now([rule(1, { enabled: false })]))).toBe(true);
    expect(isOutdated(subject(), now([]))).toBe(true);
    expect(isOutdated(subject(), now([rule(1)], { tiers: [2] }))).toBe(true);
  });

  it('but not by a name, by the order of fields, or by publishing it', () => {
    expect(isOutdated(subject(), now([rule(1, { nameZh: '别的名字' })]))).toBe(false);
    expect(isOutdated(subject({ document: { a: 1, b: { c: 1, d: 2 }, earning: { rules: [rule(1)] } } }), now([rule(1)], { b: { d: 2, c: 1 }, a: 1 }))).toBe(false);
    expect(isOutdated(subject(), { ...now([rule(1)]), hasDraft: false })).toBe(false);
  });

  it('of a check only once there is a draft', () => {
    expect(isOutdated(subject({ hasDraft: false }), { ...now([rule(9)]), hasDraft: false })).toBe(false);
    expect(isOutdated(subject({ hasDraft: false }), now([rule(1)]))).toBe(true);
  });
});

describe('a rehearsal', () => {
  let asked: string[];
  let answers: ((path: string) => Response | Promise<Response>)[];
  let scope: EffectScope;
  let run: Rehearsing;
  const reply = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  const wait = (ms: number): Promise<void> => vi.advanceTimersByTimeAsync(ms).then(() => undefined);

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    answers = [];
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
      asked.push(`${init.method} ${path.replace('/v1/programme/rehearsals', '')}${init.body ? ` ${String(init.body)}` : ''}`);
      const next = answers.length > 1 ? answers.shift()! : answers[0]!;
      return next(path);
    });
    scope = effectScope();
    run = scope.run(() => useRehearsal())!;
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is looked at until it ends, and a broken line in between does no harm', async () => {
    answers = [
      () => reply(200, view({ state: 'running', done: 0 })),
      () => { throw new TypeError('offline'); },
      () => reply(200, view({ state: 'running', done: 4 })),
      () => reply(200, view()),
    ];
    await run.begin(subject({ hasDraft: false, days: 30 }));
    expect(asked).toEqual(['POST  {"days":30}']);
    await wait(limits.rehearsalPollMs);
    expect(run.isBroken.value).toBe(true);
    expect(run.isRunning.value).toBe(true);
    await wait(limits.rehearsalPollMs);
    expect(run.isBroken.value).toBe(false);
    expect(run.view.value?.done).toBe(4);
    await wait(limits.rehearsalPollMs);
    expect(run.isRunning.value).toBe(false);
    await wait(limits.rehearsalPollMs * 5);
    expect(asked.slice(1)).toEqual(['GET /r1', 'GET /r1', 'GET /r1']);
  });

  it('sends the draft, and what refuses it stands until it is begun again', async () => {
    answers = [() => reply(409, { code: 1053 }), () => reply(200, view())];
    await run.begin(subject());
    expect(asked[0]).toContain('"document":{"tiers":[1]');
    expect(run.failure.value?.problem.code).toBe(1053);
    expect(run.isRunning.value).toBe(false);
    await run.begin(subject());
    expect(run.failure.value).toBeNull();
    expect(run.view.value?.state).toBe('done');
  });

  it('is told to end until it has ended, also when it was only just begun', async () => {
    let begun: (response: Response) => void = () => undefined;
    answers = [
      () => new Promise<Response>((done) => { begun = done; }),
      () => { throw new TypeError('offline'); },
      () => reply(200, view({ state: 'running' })),
      () => reply(200, view({ state: 'cancelled' })),
    ];
    const beginning = run.begin(subject());
    run.cancel();
    begun(reply(200, view({ state: 'running' })));
    await beginning;
    await wait(limits.rehearsalPollMs * 3);
    expect(asked.slice(1)).toEqual(['DELETE /r1', 'DELETE /r1', 'DELETE /r1']);
    expect(run.view.value?.state).toBe('cancelled');
    expect(run.isCancelling.value).toBe(false);
  });

  it('ends with the page when it runs, and is left alone when it has ended', async () => {
    answers = [() => reply(200, view({ state: 'running' }))];
    await run.begin(subject());
    scope.stop();
    await wait(limits.rehearsalPollMs * 3);
    expect(asked.slice(1)).toEqual(['DELETE /r1']);

    asked = [];
    answers = [() => reply(200, view())];
    const other = effectScope();
    await other.run(() => useRehearsal())!.begin(subject());
    other.stop();
    await wait(limits.rehearsalPollMs * 3);
    expect(asked).toHaveLength(1);
  });

  it('ends also when the page is left before it is known', async () => {
    let begun: (response: Response) => void = () => undefined;
    answers = [() => new Promise<Response>((done) => { begun = done; }), () => reply(200, view({ state: 'cancelled' }))];
    const beginning = run.begin(subject());
    scope.stop();
    begun(reply(200, view({ state: 'running' })));
    await beginning;
    expect(asked.slice(1)).toEqual(['DELETE /r1']);
  });

  it('that the server forgot is told', async () => {
    answers = [() => reply(200, view({ state: 'running' })), () => reply(404, { code: 1054 })];
    await run.begin(subject());
    await wait(limits.rehearsalPollMs * 3);
    expect(run.failure.value?.problem.code).toBe(1054);
    expect(run.isRunning.value).toBe(false);
    expect(asked).toHaveLength(2);
  });
});
