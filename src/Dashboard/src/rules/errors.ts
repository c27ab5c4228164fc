import type { Problem } from '@/api/types';

/** Which error belongs to which field. The server names fields by their path in the document: `earning.rules[2].give.percent`. */

const ofRule = /^earning\.rules\[(\d+)\](?:\.(.*))?$/;

/** Errors by the place of their rule, each with its field below the rule; what belongs to no rule is under -1. */
export function errorsByRule(errors: readonly Problem[]): Map<number, Problem[]> {
  const found = new Map<number, Problem[]>();
  for (const error of errors) {
    const match = ofRule.exec(error.field ?? '');
    const place = match ? Number(match[1]) : -1;
    const field = match ? match[2] ?? '' : error.field;
    found.set(place, [...(found.get(place) ?? []), { ...error, field }]);
  }
  return found;
}

/** Errors at a field or below it. */
export function errorsAt(errors: readonly Problem[], field: string): Problem[] {
  return errors.filter((error) => {
    const at = error.field ?? '';
    return at === field || (at.startsWith(field) && /^[.[]/.test(at.slice(field.length)));
  });
}

/** Errors of a rule that no field of the editor shows, so that none is lost. */
export function errorsElsewhere(errors: readonly Problem[], fields: readonly string[]): Problem[] {
  return errors.filter((error) => !fields.some((field) => errorsAt([error], field).length > 0));
}

export type CouponSection = 'categories' | 'kinds' | 'issue';
const ofCoupon = /^coupons\.(categories|kinds|issue)\[(\d+)\](?:\.(.*))?$/;
export const isOfCoupons = (error: Problem): boolean => /^coupons(\.|$)/.test(error.field ?? '');

/** Errors of one list of the coupons by place, each with its field below the entry. */
export function errorsOfCoupons(errors: readonly Problem[], section: CouponSection): Map<number, Problem[]> {
  const found = new Map<number, Problem[]>();
  for (const error of errors) {
    const match = ofCoupon.exec(error.field ?? '');
    if (match?.[1] !== section) continue;
    const place = Number(match[2]);
    found.set(place, [...(found.get(place) ?? []), { ...error, field: match[3] ?? '' }]);
  }
  return found;
}

const ofTier = /^tiers\[(\d+)\](?:\.(.*))?$/;
export const isOfTiers = (error: Problem): boolean => /^(tiers|qualify|qualifyingWindow|qualifyingMonths|tierValidity)([.[]|$)/.test(error.field ?? '');

/** Errors of tiers by place, each with its field below the tier. */
export function errorsOfTiers(errors: readonly Problem[]): Map<number, Problem[]> {
  const found = new Map<number, Problem[]>();
  for (const error of errors) {
    const match = ofTier.exec(error.field ?? '');
    if (!match) continue;
    const place = Number(match[1]);
    found.set(place, [...(found.get(place) ?? []), { ...error, field: match[2] ?? '' }]);
  }
  return found;
}

export type PriceSection = 'memberPrices' | 'earlyAccess';
const ofPrice = /^(memberPrices|earlyAccess)\[(\d+)\](?:\.(.*))?$/;
export const isOfPrices = (error: Problem): boolean => /^(memberPrices|earlyAccess)([.[]|$)/.test(error.field ?? '');

/** Errors of one list of prices by place, each with its field below the entry. */
export function errorsOfPrices(errors: readonly Problem[], section: PriceSection): Map<number, Problem[]> {
  const found = new Map<number, Problem[]>();
  for (const error of errors) {
    const match = ofPrice.exec(error.field ?? '');
    if (match?.[1] !== section) continue;
    const place = Number(match[2]);
    found.set(place, [...(found.get(place) ?? []), { ...error, field: match[3] ?? '' }]);
  }
  return found;
}
/** Errors of a list as a whole, such as too many entries. */
export const errorsOfPriceList = (errors: readonly Problem[], section: PriceSection): Problem[] => errors.filter(({ field }) => field === section);

/** Errors of the coupons that belong to no entry of a list. */
export const errorsOfAllCoupons = (errors: readonly Problem[]): Problem[] => errors.filter((error) => isOfCoupons(error) && !ofCoupon.test(error.field ?? ''));
