import { shortMoney } from '@/lib/format';
import type { Condition, Typed } from '@/rules/model';
import { amountOf, conditionText, folded, listed, localName, partsOf, pointsOf, strong, valuesOf, type Part, type Speech } from '@/rules/sentence';
import { usualCategory, type CouponCategory, type CouponGive, type CouponKind, type IssueRule } from './model';

/** Coupons in words: on a ticket in a glance, in the rules as a sentence whose values are emphasised. */

const minor = (value: Typed | undefined, speech: Speech): string => strong(value === undefined ? '…' : amountOf(value, speech));
/** 20 percent off is 8 in a Chinese shop, and 20% in an English one. */
function off(percent: Typed | undefined, speech: Speech): string {
  if (typeof percent !== 'number' || percent < 1 || percent > 100) return '…';
  return speech.language === 'zh' ? String(Number(((100 - percent) / 10).toFixed(1))) : String(percent);
}

/** What it takes off, with what must be bought for it. */
export function giveText(kind: Pick<CouponKind, 'give' | 'minimum'>, speech: Speech): string {
  const { t } = speech;
  const { give, minimum } = kind;
  const value = minor(give.minor, speech);
  const least = [
    ...(minimum?.amountMinor ? [t('coupon.say.least', { value: minor(minimum.amountMinor, speech) })] : []),
    ...(minimum?.quantity ? [t('coupon.say.leastPieces', { value: strong(String(minimum.quantity)) })] : []),
    ...(minimum?.receiptMinor ? [t('coupon.say.leastReceipt', { value: minor(minimum.receiptMinor, speech) })] : []),
  ];
  const what = said(give, value, speech);
  return least.length > 0 ? t('coupon.say.leastThen', { least: folded(least, 'say.list', t), what }) : what;
}

function said(give: CouponGive, value: string, speech: Speech): string {
  const { t } = speech;
  const items = strong(pointsOf(give.items ?? 1));
  if (give.kind === 'amount') return t('coupon.say.amount', { value });
  if (give.kind === 'percent') {
    const what = t(give.percent === 100 ? 'coupon.say.percentAll' : 'coupon.say.percent', { value: strong(off(give.percent, speech)) });
    return give.mostMinor === undefined ? what : t('coupon.say.most', { what, value: minor(give.mostMinor, speech) });
  }
  if (give.kind === 'perFull') {
    const what = t('coupon.say.perFull', { each: minor(give.eachMinor, speech), value });
    return give.times === undefined ? what : t('coupon.say.times', { what, value: strong(pointsOf(give.times)) });
  }
  if (give.kind === 'free') return t('coupon.say.free', { items });
  if (give.kind === 'second') {
    const what = t(give.percent === 100 ? 'coupon.say.secondFree' : 'coupon.say.second', { value: strong(off(give.percent, speech)) });
    return (give.pairs ?? 1) === 1 ? what : t('coupon.say.pairs', { what, value: strong(pointsOf(give.pairs)) });
  }
  return t('coupon.say.price', { items, value });
}

/** For what and for whom, where and when: one clause for each fact. */
export function forClauses(when: Condition | null | undefined, speech: Speech, most = 4): string[] {
  if (!when) return [];
  return ('all' in when ? when.all : [when]).map((child) => forClause(child, speech, most));
}

function forClause(condition: Condition, speech: Speech, most: number): string {
  const { t } = speech;
  if ('fact' in condition && 'in' in condition && condition.fact !== 'weekday') return t(`coupon.for.${condition.fact}`, { values: listed(valuesOf(condition, speech), most, t) });
  if ('fact' in condition && condition.fact !== 'crossStore') return conditionText(condition, speech, most, false);
  return t('coupon.for.other', { what: conditionText(condition, speech, most, false) });
}

function validClauses(kind: CouponKind, speech: Speech): string[] {
  const { t } = speech;
  const { days, afterDays, from, to } = kind.valid ?? {};
  const found: string[] = [];
  if (from && to) found.push(t('coupon.say.validBetween', { from: strong(from), to: strong(to) }));
  else if (from) found.push(t('coupon.say.validFrom', { from: strong(from) }));
  else if (to) found.push(t('coupon.say.validTo', { to: strong(to) }));
  if (afterDays) found.push(t('coupon.say.validAfter', { n: strong(String(afterDays)) }));
  if (days !== undefined) found.push(t(afterDays ? 'coupon.say.validThen' : 'coupon.say.validDays', { n: strong(String(days)) }));
  return found.length > 0 ? found : [t('coupon.say.validEver')];
}

/** Categories have ids only; those that this page makes, and those of the templates, have a name. */
export function categoryName(id: string, speech: Pick<Speech, 't'>): string {
  if (id === usualCategory) return speech.t('coupon.usualCategory');
  if (id === 'amount') return speech.t('coupon.amountCategory');
  if (id === 'extra') return speech.t('coupon.extraCategory');
  const made = /^c(\d+)$/.exec(id);
  return made ? speech.t('coupon.categoryN', { n: made[1] }) : id;
}

/** Which others it goes with on one receipt. */
function stackClauses(kind: CouponKind, categories: readonly CouponCategory[], speech: Speech): string[] {
  const { t } = speech;
  if (kind.alone) return [t('coupon.say.alone')];
  const own = categories.find((category) => category.id === kind.category) ?? categories[0];
  const names = [...categories.filter((category) => category !== own).map((category) => categoryName(category.id, speech)), ...((own?.perReceipt ?? 1) === 1 || !own ? [] : [categoryName(own.id, speech)])];
  return names.length > 0 ? [t('coupon.say.with', { values: listed(names, 4, t) })] : [];
}

function limitClauses(kind: CouponKind, speech: Speech): string[] {
  const { t } = speech;
  const per = kind.perCustomer;
  return [
    t('coupon.say.perReceipt', { n: strong(pointsOf(kind.perReceipt ?? 1)) }),
    ...(per ? [t(`coupon.say.perCustomer.${per.per ?? 'ever'}`, { n: strong(pointsOf(per.count)) })] : []),
  ];
}

const finished = (text: string, speech: Speech): Part[] => partsOf(speech.language === 'en' ? text.charAt(0).toUpperCase() + text.slice(1) : text);

/** The whole kind as one sentence. */
export function kindSentence(kind: CouponKind, categories: readonly CouponCategory[], speech: Speech, most = 4): Part[] {
  const { t } = speech;
  const clauses = [
    giveText(kind, speech), ...forClauses(kind.when, speech, most), ...validClauses(kind, speech), ...limitClauses(kind, speech), ...stackClauses(kind, categories, speech),
    t('coupon.say.bearer', { who: strong(t(`coupon.bearer.${kind.bearer ?? 'headquarters'}`)) }),
    t('coupon.say.onReturn', { what: strong(t(`coupon.onReturn.${kind.onReturn ?? 'recheck'}`)) }),
    ...(kind.campaign ? [t('coupon.say.campaign', { value: strong(kind.campaign) })] : []),
    ...(kind.codes ? [t('coupon.say.codes', { n: strong(pointsOf(kind.codes.count)), batch: strong(String(kind.codes.batch ?? '…')) })] : []),
  ];
  return finished(folded(clauses, 'say.then', t), speech);
}

export function issueSentence(rule: IssueRule, kinds: readonly CouponKind[], speech: Speech, most = 4): Part[] {
  const { t } = speech;
  const kind = kinds.find((one) => one.id === rule.kind);
  const what = t('coupon.say.issue', { n: strong(pointsOf(rule.count ?? 1)), name: strong(kind ? nameOf(kind, speech) || kind.id : rule.kind || '…') });
  const least = rule.minimumMinor ? [t('coupon.say.least', { value: minor(rule.minimumMinor, speech) })] : [];
  const tier = rule.tier ? strong(localName(speech.tier(rule.tier), speech.language) ?? rule.tier) : strong(t('coupon.say.anyTier'));
  const begin = rule.on === 'tierReached' ? t('coupon.say.on.tierReached', { tier }) : t(`coupon.say.on.${rule.on}`);
  return finished(folded([begin, ...(rule.on === 'purchase' ? forClauses(rule.when, speech, most) : []), ...least, what], 'say.then', t), speech);
}

export const plain = (parts: readonly Part[]): string => parts.map((part) => part.text).join('');
const nameOf = (kind: { nameZh: string; nameEn: string }, speech: Speech): string => (speech.language === 'zh' ? kind.nameZh : kind.nameEn);

/** A name made of what the coupon does: 护肤满 ¥300 减 ¥50. */
export function suggestKindName(kind: CouponKind, speech: Speech): string {
  const goods = 'all' in (kind.when ?? {}) ? (kind.when as { all: Condition[] }).all : kind.when ? [kind.when] : [];
  const of = goods.flatMap((one) => ('fact' in one && 'in' in one && one.fact === 'category' ? one.in : [])).slice(0, 2).join(speech.t('coupon.nameAnd'));
  const what = plain(partsOf(giveText(kind, speech)));
  return (of === '' ? what : `${of} ${what}`).slice(0, 120);
}
export const suggestIssueName = (rule: IssueRule, kinds: readonly CouponKind[], speech: Speech): string => plain(issueSentence(rule, kinds, speech)).slice(0, 120);

/** Names follow what is said as long as nobody typed one. */
export function withNames<T extends { nameZh: string; nameEn: string }>(before: T, after: T, suggest: (one: T, speech: Speech) => string, zh: Speech, en: Speech): T {
  const follow = (name: string, speech: Speech): string => (name === '' || name === suggest(before, speech) ? suggest(after, speech) : name);
  return { ...after, nameZh: follow(after.nameZh, zh), nameEn: follow(after.nameEn, en) };
}

/** What stands on the stub of a ticket: one figure that is read at arm's length, and a word under it. */
export interface Face { big: string; small: string }
export function faceOf(kind: Pick<CouponKind, 'give' | 'minimum'>, speech: Speech): Face {
  const { t } = speech;
  const { give, minimum } = kind;
  const round = (value: Typed | undefined): string => (typeof value === 'number' ? shortMoney(value, speech.currency, speech.language) : String(value ?? '…'));
  const least = minimum?.amountMinor ?? minimum?.receiptMinor;
  const under = least ? t('coupon.face.least', { value: round(least) }) : t('coupon.face.always');
  if (give.kind === 'amount') return { big: round(give.minor), small: under };
  if (give.kind === 'percent') return { big: t('coupon.face.percent', { value: off(give.percent, speech) }), small: under };
  if (give.kind === 'perFull') return { big: round(give.minor), small: t('coupon.face.perFull', { value: round(give.eachMinor) }) };
  if (give.kind === 'free') return { big: t('coupon.face.free'), small: under };
  if (give.kind === 'second') return { big: give.percent === 100 ? t('coupon.face.free') : t('coupon.face.percent', { value: off(give.percent, speech) }), small: t('coupon.face.second') };
  return { big: round(give.minor), small: t('coupon.face.price') };
}

/** What it gives and for what, in one line without marks. */
export const termsText = (kind: CouponKind, speech: Speech): string =>
  plain(finished(folded([giveText(kind, speech), ...forClauses(kind.when, speech, 3), ...(kind.alone ? [speech.t('coupon.say.alone')] : [])], 'say.then', speech.t), speech));

