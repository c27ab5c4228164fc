import { forClauses, plain } from '@/coupons/words';
import type { Condition } from '@/rules/model';
import { amountOf, folded, partsOf, strong, type Part, type Speech } from '@/rules/sentence';
import type { EarlyAccess, MemberPrice } from './model';

/** Member prices and early access as sentences whose values are emphasised. */

/** 10 percent off is 9 in a Chinese shop, and 10% in an English one. */
function giveText({ give }: MemberPrice, speech: Speech): string {
  const { t } = speech;
  if (give.kind === 'price') return t('priceSay.price', { value: strong(give.minor === undefined ? '…' : amountOf(give.minor, speech)) });
  const percent = give.percent;
  if (typeof percent !== 'number' || percent < 1 || percent > 100) return t('priceSay.percent', { value: strong('…') });
  if (percent === 100) return t('priceSay.free');
  return t('priceSay.percent', { value: strong(speech.language === 'zh' ? String(Number(((100 - percent) / 10).toFixed(1))) : String(percent)) });
}

const finished = (clauses: readonly string[], speech: Speech): Part[] => {
  const text = folded(clauses, 'say.then', speech.t);
  return partsOf(speech.language === 'en' ? text.charAt(0).toUpperCase() + text.slice(1) : text);
};
const clausesOf = (when: Condition | null | undefined, speech: Speech, most: number, none: string): string[] => {
  const found = forClauses(when, speech, most);
  return found.length > 0 ? found : [speech.t(none)];
};

export function priceSentence(price: MemberPrice, speech: Speech, most = 4): Part[] {
  return finished([
    ...clausesOf(price.when, speech, most, 'priceSay.always'), giveText(price, speech), speech.t(price.onDiscounted === false ? 'priceSay.notDiscounted' : 'priceSay.discounted'),
  ], speech);
}

export function accessSentence(access: EarlyAccess, speech: Speech, most = 4): Part[] {
  const { t } = speech;
  const early = access.earlyFrom ? t('priceSay.earlyFrom', { from: strong(access.earlyFrom) }) : t('priceSay.earlyNow');
  return finished([...clausesOf(access.goods, speech, most, 'priceSay.allGoods'), ...clausesOf(access.who, speech, most, 'priceSay.everyMember'), early, t('priceSay.publicFrom', { from: strong(access.publicFrom || '…') })], speech);
}

/** Names made of what is said: 限 金卡会员，会员价 9 折. */
export const suggestPriceName = (price: MemberPrice, speech: Speech): string => plain(finished([...clausesOf(price.when, speech, 2, 'priceSay.always'), giveText(price, speech)], speech)).slice(0, 120);
export const suggestAccessName = (access: EarlyAccess, speech: Speech): string => plain(finished([...clausesOf(access.goods, speech, 2, 'priceSay.allGoods'), speech.t('priceSay.first')], speech)).slice(0, 120);
