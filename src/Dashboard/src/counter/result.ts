import type { Act } from './acts';
import type { ActReply, PointsReply, ReturnReply, SaleReply, StoredValueReply, TierChange } from './wire';

/** One figure of a result; the texts are `counter.figure.<key>`. */
export interface Figure { key: string; money?: number; points?: number; signed?: boolean }

export interface Result {
  /** What one glance must catch; null where nothing is counted. */
  main: Figure | null;
  rest: Figure[];
  tier: TierChange | null;
  version: number;
}

const sumOf = (value: { principalMinor: number; giftMinor: number }): number => value.principalMinor + value.giftMinor;
const some = (figure: Figure): Figure[] => ((figure.money ?? figure.points ?? 0) === 0 ? [] : [figure]);

/** The answer to an act in the order in which a counter needs it: the money to take or give first. */
export function resultOf(act: Pick<Act, 'kind'>, reply: ActReply): Result {
  if (act.kind === 'sale') return ofSale(reply as SaleReply);
  if (act.kind === 'return') return ofReturn(reply as ReturnReply);
  if (act.kind === 'redeem') return ofRedemption(reply as PointsReply);
  return ofStored(act.kind, reply as StoredValueReply);
}

function ofSale(sale: SaleReply): Result {
  return {
    main: { key: 'charge', money: sale.chargeMinor },
    rest: [
      { key: 'earned', points: sale.pointsEarned, signed: true },
      { key: 'balance', points: sale.balance },
      ...some({ key: 'priceOff', money: -(sale.memberPrices ?? []).reduce((sum, one) => sum + one.offMinor, 0), signed: true }),
      ...some({ key: 'bonus', points: sale.pointsBonus, signed: true }),
      ...some({ key: 'used', points: -sale.pointsUsed, signed: true }),
      ...(sale.storedValue ? [{ key: 'storedUsed', money: -sumOf(sale.storedValue.moved), signed: true }, { key: 'stored', money: sumOf(sale.storedValue.balance) }] : []),
    ],
    tier: sale.tierChanged ?? null,
    version: sale.version,
  };
}

function ofReturn(back: ReturnReply): Result {
  return {
    main: { key: 'payBack', money: back.payBackMinor },
    rest: [
      ...some({ key: 'givenBack', points: back.pointsGivenBack, signed: true }),
      ...some({ key: 'takenBack', points: -back.pointsTakenBack, signed: true }),
      { key: 'balance', points: back.balance },
      ...(back.storedValue ? [...some({ key: 'storedBack', money: sumOf(back.storedValue.moved), signed: true }), { key: 'stored', money: sumOf(back.storedValue.balance) }] : []),
    ],
    tier: back.tierChanged ?? null,
    version: back.version,
  };
}

function ofRedemption(redeemed: PointsReply): Result {
  return { main: { key: 'redeemed', points: redeemed.points }, rest: [{ key: 'balance', points: redeemed.balance }], tier: null, version: redeemed.version };
}

function ofStored(kind: Act['kind'], moved: StoredValueReply): Result {
  if (kind === 'freeze' || kind === 'freezePoints' || !moved.balance) return { main: null, rest: [], tier: null, version: moved.version };
  return {
    main: { key: 'paidIn', money: moved.moved.principalMinor },
    rest: [{ key: 'gift', money: moved.moved.giftMinor, signed: true }, { key: 'stored', money: sumOf(moved.balance) }],
    tier: null,
    version: moved.version,
  };
}
