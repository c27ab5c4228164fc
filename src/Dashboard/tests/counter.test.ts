import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPinia, setActivePinia } from 'pinia';
import { ApiError } from '@/api/http';
import type { MemberCard, Session, StatementLine } from '@/api/types';
import { dropAct, keepAct, leavesOpen, readActs, waitOf, type Act } from '@/counter/acts';
import { cleanAmount, parseAmount, parseCount, parseQuantity, press, typed, type PadKey } from '@/counter/money';
import { newKey, newReceipt } from '@/counter/numbers';
import { keepPlace, readPlace } from '@/counter/place';
import { endingWith, isLastDigits, maskedName, shownPhone } from '@/counter/recent';
import { at, besides, todoOf } from '@/counter/refusals';
import { resultOf } from '@/counter/result';
import { everything, isEverything, linesOf, purchasesOf, returnOf } from '@/counter/returns';
import { amountOf, chargeOf, lineOf, newLine, pointsMost } from '@/counter/sale';
import { hintsFor } from '@/counter/say';
import { giftOf, nextStep, termsOf } from '@/counter/terms';
import type { ReceiptLine, SaleReply } from '@/counter/wire';

/** A browser's storage, as far as the counter uses it. */
function memory(): Storage {
  const map = new Map<string, string>();
  return {
    get length() { return map.size; },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (name) => map.get(name) ?? null,
    setItem: (name, text) => { map.set(name, text); },
    removeItem: (name) => { map.delete(name); },
    clear: () => { map.clear(); },
  };
}

const refusal = (status: number, code: number, field?: string): ApiError => new ApiError({ status, code, ...(field ? { field } : {}) });
const act = (key: string, part: Partial<Act> = {}): Act => ({
  key, kind: 'sale', path: '/v1/purchases', body: { receipt: key }, chain: 'main', scope: 'S1', customer: 'c1', amountMinor: 100, points: null, atMs: 1, refused: null, ...part,
});

describe('amounts', () => {
  it('are read to the smallest coin, and anything finer or larger is none', () => {
    expect(['128', '128.5', '0.07', '.5', '1,280.00', '¥１２８', '19.99'].map((text) => parseAmount(text, 2))).toEqual([12800, 12850, 7, 50, 128000, 12800, 1999]);
    expect(['', '.', '1.234', '-5', '1.2.3', 'abc', '1234567890'].map((text) => parseAmount(text, 2))).toEqual([null, null, null, null, null, null, null]);
    expect([parseAmount('500', 0), parseAmount('5.0', 0), parseCount('320'), parseQuantity('1.25')]).toEqual([500, null, 320, 1.25]);
  });

  it('never round: every typed cent comes back as it was typed', () => {
    for (let minor = 0; minor < 30_000; minor += 7) expect(parseAmount(typed(minor, 2), 2), typed(minor, 2)).toBe(minor);
  });

  it('grow by the pad as they would by a keyboard', () => {
    const after = (keys: string[], digits = 2): string => keys.reduce((text, key) => press(text, key as PadKey, digits), '');
    expect(after(['1', '2', '8', '.', '5'])).toBe('128.5');
    expect(after(['0', '0', '5'])).toBe('5');
    expect(after(['.', '5', '0', '9'])).toBe('0.50');
    expect(after(['1', '.', '.', '2'])).toBe('1.2');
    expect(after(['00'])).toBe('0');
    expect(after(['5', '00'], 0)).toBe('500');
    expect(after(['5', '.', '2'], 0)).toBe('52');
    expect(after(['1', '2', 'back', '3'])).toBe('13');
    expect(after(['1', '2', 'clear'])).toBe('');
    expect(after([...'12345678901'])).toBe('123456789');
    expect(after(['1', '.', '5', '00'])).toBe('1.50');
  });

  it('take no letters', () => expect(['j12', '1e5', '12.345', '007'].map((text) => cleanAmount(text, 2))).toEqual(['12', '15', '12.34', '7']));
});

describe('numbers of receipts', () => {
  it('hold the day and never come twice', () => {
    const many = new Set(Array.from({ length: 20_000 }, () => newReceipt('2026-11-26')));
    expect(many.size).toBe(20_000);
    for (const receipt of [...many].slice(0, 50)) expect(receipt).toMatch(/^261126-[0-9A-HJKMNP-TV-Z]{6}-[0-9A-HJKMNP-TV-Z]{6}$/);
    expect(newKey('topUp', '2026-11-26', () => 0)).toBe('topUp-261126-000000-000000');
    expect(newKey('redeem', '2026-11-26').length).toBeLessThanOrEqual(64);
  });
});

describe('acts that wait', () => {
  it('are kept each in its place, by chain and by whose keys they are, oldest first', () => {
    const storage = memory();
    keepAct(act('b', { atMs: 2 }), storage);
    keepAct(act('a', { atMs: 1 }), storage);
    keepAct(act('c', { scope: 'hq' }), storage);
    keepAct(act('d', { chain: 'other' }), storage);
    storage.setItem('chaincrm.counter.act.main.S1/broken', '{');
    expect(readActs('main', 'S1', storage).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(readActs('main', 'hq', storage).map(({ key }) => key)).toEqual(['c']);
    dropAct(act('a'), storage);
    expect(readActs('main', 'S1', storage).map(({ key }) => key)).toEqual(['b']);
    expect(readActs('main', 'S1', storage)[0]!.body).toEqual({ receipt: 'b' });
  });

  it('say so when the browser keeps nothing', () => {
    expect(keepAct(act('a'), { setItem: () => { throw new Error('full'); } })).toBe(false);
    expect(readActs('main', 'S1', { length: 1, key: () => { throw new Error('forbidden'); }, getItem: () => null })).toEqual([]);
  });

  it('stay open only where nobody knows what became of them', () => {
    expect([new ApiError({ status: 0, code: 0 }, true), refusal(401, 1033), refusal(429, 900), refusal(503, 901), refusal(500, 1099), refusal(507, 904)].every(leavesOpen)).toBe(true);
    expect([refusal(422, 164), refusal(409, 902), refusal(403, 1035), refusal(404, 1040), refusal(400, 1009)].some(leavesOpen)).toBe(false);
  });

  it('are tried again later and later', () => expect([0, 1, 2, 5, 40].map((tries) => waitOf(tries, 1_000, 30_000))).toEqual([1_000, 2_000, 4_000, 30_000, 30_000]));
});

describe('the outbox', () => {
  const session: Session = { role: 'till', chain: 'main', chainName: 'x', currency: 'CNY', timeZone: 'Asia/Shanghai', store: 'S1', demo: false, seesPersonal: false };
  const sent: { key: string; body: string }[] = [];
  let answers: (() => Response)[] = [];

  async function outbox(): Promise<ReturnType<typeof import('@/counter/outbox').useOutbox>> {
    setActivePinia(createPinia());
    const { useSession } = await import('@/session');
    useSession().current = session;
    return (await import('@/counter/outbox')).useOutbox();
  }

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('localStorage', memory());
    vi.stubGlobal('window', { addEventListener: () => undefined });
    sent.length = 0;
    vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
      sent.push({ key: (init.headers as Record<string, string>)['Idempotency-Key']!, body: init.body as string });
      const answer = answers.shift();
      return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('no network'));
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    answers = [];
  });
  const good = (): Response => new Response('{"version":2}');
  const refused = (status: number, code: number): Response => new Response(JSON.stringify({ code, titleZh: 'x' }), { status });

  it('sends the same key and the same body until there is an answer, and then never again', async () => {
    const box = await outbox();
    answers = [];
    expect((await box.send(act('R-1'))).state).toBe('waiting');
    expect(readActs('main', 'S1', localStorage)).toHaveLength(1);
    answers = [() => refused(503, 901), good];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.map(({ key }) => key)).toEqual(['R-1', 'R-1', 'R-1']);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    expect(box.answers.get('R-1')).toEqual({ state: 'done', reply: { version: 2 } });
    expect(readActs('main', 'S1', localStorage)).toEqual([]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sent).toHaveLength(3);
  });

  it('takes up what a page that was closed left behind', async () => {
    keepAct(act('R-2'), localStorage);
    keepAct(act('R-3', { scope: 'hq' }), localStorage);
    answers = [good];
    const box = await outbox();
    box.begin();
    await vi.advanceTimersByTimeAsync(1);
    // The one of headquarters would be another write under this key.
    expect(sent.map(({ key }) => key)).toEqual(['R-2']);
    expect(box.waiting).toEqual([]);
  });

  it('gives a refusal to the form that is open, and keeps one that came later until it was read', async () => {
    const box = await outbox();
    answers = [() => refused(422, 164)];
    expect(await box.send(act('R-4'))).toMatchObject({ state: 'refused' });
    expect([box.acts.length, readActs('main', 'S1', localStorage).length]).toEqual([0, 0]);
    answers = [];
    await box.send(act('R-5'));
    answers = [() => refused(422, 141)];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(box.refused.map(({ key, refused: why }) => [key, why!.code])).toEqual([['R-5', 141]]);
    expect(readActs('main', 'S1', localStorage)).toHaveLength(1);
    box.dismiss(box.refused[0]!);
    expect(readActs('main', 'S1', localStorage)).toEqual([]);
  });

  it('sends nothing once signed out, and forgets nothing', async () => {
    const box = await outbox();
    await box.send(act('R-6'));
    const { useSession } = await import('@/session');
    useSession().forget();
    answers = [good];
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect([box.acts.length, readActs('main', 'S1', localStorage).length]).toEqual([0, 1]);
  });
});

describe('a sale', () => {
  it('is worked out in minor units, line by line', () => {
    const line = lineOf({ ...newLine(1), product: ' P-1 ', category: '护肤', quantity: '3', price: '19.9', discount: '5' }, 1, 2)!;
    expect(line).toEqual({ line: 1, product: 'P-1', category: '护肤', quantity: 3, priceMinor: 5970, discountMinor: 500 });
    const weighed = lineOf({ ...newLine(2), quantity: '0.333', price: '10' }, 2, 2)!;
    expect(weighed).toEqual({ line: 2, product: 'AMOUNT-2', quantity: 0.333, priceMinor: 333 });
    expect(amountOf([line, weighed])).toBe(5803);
    expect(lineOf({ ...newLine(3), price: '' }, 3, 2)).toBeNull();
  });

  it('is paid by points first, then by stored value, then in money', () => {
    expect([pointsMost(10_000, 1, 300), pointsMost(250, 1, 300), pointsMost(10_050, 100, 300), pointsMost(100, 0, 300)]).toEqual([300, 250, 100, 0]);
    expect(chargeOf(32_850, 1_280, 1, 10_000)).toBe(21_570);
  });

  it('tells what to charge first and leaves out what was not used', () => {
    const reply: SaleReply = { store: 'S1', receipt: 'R', amountMinor: 10_000, pointsUsed: 0, pointsValueMinor: 0, chargeMinor: 10_000, pointsEarned: 100, pointsBonus: 0, balance: 220, crossStore: false, version: 4 };
    expect(resultOf({ kind: 'sale' }, reply)).toMatchObject({ main: { key: 'charge', money: 10_000 }, tier: null, version: 4 });
    expect(resultOf({ kind: 'sale' }, reply).rest.map(({ key }) => key)).toEqual(['earned', 'balance']);
    const used = { ...reply, pointsUsed: 50, storedValue: { moved: { principalMinor: 900, giftMinor: 100 }, balance: { principalMinor: 0, giftMinor: 5 } } };
    expect(resultOf({ kind: 'sale' }, used).rest.slice(2)).toEqual([{ key: 'used', points: -50, signed: true }, { key: 'storedUsed', money: -1_000, signed: true }, { key: 'stored', money: 5 }]);
    const cheaper = { ...reply, memberPrices: [{ line: 1, price: 'p', offMinor: 300, amountMinor: 700 }, { line: 2, price: 'p', offMinor: 50, amountMinor: 1 }] };
    expect(resultOf({ kind: 'sale' }, cheaper).rest).toContainEqual({ key: 'priceOff', money: -350, signed: true });
    expect(resultOf({ kind: 'freeze' }, { customer: 'c', moved: { principalMinor: 0, giftMinor: 0 }, version: 1 }).main).toBeNull();
  });
});

describe('a return', () => {
  const line = (part: Partial<ReceiptLine>): ReceiptLine => ({ line: 1, product: 'P', quantity: 3, amountMinor: 10_000, backQuantity: 0, backMinor: 0, back: false, ...part });
  const lines = [line({}), line({ line: 2, quantity: 0, amountMinor: 500 }), line({ line: 3, quantity: 1, backQuantity: 1, backMinor: 10_000, back: true })];

  it('of everything leaves out what came back, and names no lines', () => {
    expect(everything(lines)).toEqual({ 1: '3', 2: '0' });
    expect(isEverything(lines, everything(lines))).toBe(true);
    expect(isEverything(lines, { 1: '2', 2: '0' })).toBe(false);
  });

  it('of a part names its lines, and only what another store sold names the store', () => {
    expect(linesOf(lines, { 1: '1', 2: '0' })).toEqual([{ line: 1, quantity: 1 }, { line: 2, quantity: 0 }]);
    expect(linesOf(lines, { 1: '0' })).toEqual([]);
    const receipt = { store: 'S1', receipt: 'R1' };
    expect(returnOf(receipt, 'S1', [])).toEqual({ purchaseReceipt: 'R1' });
    expect(returnOf(receipt, 'S2', [{ line: 1, quantity: 1 }])).toEqual({ purchaseStore: 'S1', purchaseReceipt: 'R1', lines: [{ line: 1, quantity: 1 }] });
  });

  it('knows of a statement what came back of which receipt', () => {
    const entry = (part: Partial<StatementLine>): StatementLine => ({ version: 1, at: '2026-11-26T10:00:00+08:00', kind: 'purchase', points: 0, rules: [], programmeVersion: 1, ...part });
    const found = purchasesOf([entry({ kind: 'return', receipt: 'S1/R1', amountMinor: -300 }), entry({ kind: 'tier' }), entry({ store: 'S1', receipt: 'R1', amountMinor: 1_000 }), entry({ store: 'S2', receipt: 'R1', amountMinor: 1_000 })]);
    expect(found.map(({ backMinor }) => backMinor)).toEqual([300, 0]);
  });
});

describe('what the counter knows and says', () => {
  it('terms, gifts and the next step come from the programme', () => {
    const topUps = [{ atLeastMinor: 50_000, giftMinor: 3_000 }, { atLeastMinor: 100_000, giftMinor: 8_000 }];
    expect(termsOf({ document: { points: { valueMinor: 2 }, storedValue: { topUps } } })).toEqual({ pointMinor: 2, topUps, hasPrices: false });
    expect([termsOf({ document: { memberPrices: [{}] } }).hasPrices, termsOf({ document: { memberPrices: [], earlyAccess: [{}] } }).hasPrices]).toEqual([true, true]);
    expect([termsOf({ document: {} }), termsOf({ document: { storedValue: {} } }).topUps]).toEqual([{ pointMinor: 1, topUps: null, hasPrices: false }, []]);
    expect([0, 49_999, 50_000, 250_000].map((amount) => giftOf(topUps, amount))).toEqual([0, 0, 3_000, 8_000]);
    expect([nextStep(topUps, 60_000), nextStep(topUps, 100_000)]).toEqual([{ missingMinor: 40_000, giftMinor: 8_000 }, null]);
  });

  it('a refusal stands at its field, whatever is inside it', () => {
    const error = refusal(422, 116, 'lines[2].priceMinor');
    expect([at(error, 'lines'), at(error, 'lines[2]'), at(error, 'lines[2].priceMinor')].every((found) => found === error)).toBe(true);
    expect([at(error, 'lines[1]'), at(error, 'line'), at(null, 'lines'), besides(error, ['lines'])]).toEqual([null, null, null, null]);
    expect(besides(error, ['usePoints'])).toBe(error);
    expect([todoOf(refusal(422, 164)), todoOf(refusal(422, 116))]).toEqual(['c164', null]);
  });

  it('members of a moment ago are found by the last four digits, with names that others may read', () => {
    const cards = [{ id: 'a', phone: '+8613812345678' }, { id: 'b', phone: '138****5678' }, { id: 'c', phone: '+8613800000000', card: '99005678' }, { id: 'd' }] as MemberCard[];
    expect(endingWith(cards, '5678').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(['5678', ' 5678 ', '567', '56789', '56a8'].map(isLastDigits)).toEqual([true, true, false, false, false]);
    expect(['王小明', '王**', '', null].map(maskedName)).toEqual(['王**', '王**', '', '']);
    expect(['+8613812345678', '138****5678', null].map(shownPhone)).toEqual(['138 1234 5678', '138****5678', '']);
  });

  it('says three things at most, the warmest first', () => {
    const now = Date.parse('2026-11-26T10:00:00+08:00');
    const card = {
      birthday: '--11', homeStore: 'S2', purchaseCount: 3, points: { expiring: [{ at: '2026-12-01T00:00:00+08:00', points: 40 }] },
      tier: { nextName: { zh: '金卡', en: 'Gold' }, nextInMinor: 20_000, qualifyingSpendMinor: 80_000 }, visits: [{ at: '2026-01-01T10:00:00+08:00' }],
    } as unknown as MemberCard;
    expect(hintsFor(card, 'S1', now, '11').map(({ key }) => key)).toEqual(['birthday', 'near', 'expiring']);
    expect(hintsFor({ ...card, points: { ...card.points, frozen: true } }, 'S1', now, '11').map(({ key }) => key)).toEqual(['birthday', 'pointsFrozen', 'near']);
    expect(hintsFor({ ...card, birthday: '1990-05-17', points: { ...card.points, expiring: [] } }, 'S1', now, '11').map(({ key }) => key)).toEqual(['near', 'away', 'guest']);
    const far = { ...card, birthday: null, homeStore: 'S1', purchaseCount: 0, visits: [], points: { ...card.points, expiring: [] }, tier: { ...card.tier, nextInMinor: 900_000 } } as MemberCard;
    expect(hintsFor(far, 'S1', now, '11').map(({ key }) => key)).toEqual(['first']);
  });

  it('remembers its store', () => {
    const storage = memory();
    expect(readPlace('main', storage)).toBeNull();
    keepPlace('main', { store: 'S1', staff: 'e7' }, storage);
    expect(readPlace('main', storage)).toEqual({ store: 'S1', staff: 'e7' });
    storage.setItem('chaincrm.counter.place.main', '{"staff":1}');
    expect(readPlace('main', storage)).toBeNull();
  });
});
