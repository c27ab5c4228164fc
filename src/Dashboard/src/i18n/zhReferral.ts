/** Referrals: the terms on the rules page, the code, and the words of the statement. */
export const zhReferral = {
  referral: {
    title: '推荐有礼',
    on: '开通推荐有礼',
    referrerPoints: '推荐人得积分',
    friendPoints: '好友得积分',
    least: '好友单笔消费满',
    within: '入会后多少天内',
    most: '推荐人每年最多（次）',
    mostHint: '不填为不限',
    hint: '好友用推荐码入会，首次达标消费后双方得积分；该笔退货不再达标时，双方的奖励一并收回。',
    sayOff: '未开通',
    say: '好友入会后 {days} 天内首笔满 {amount} 的消费，推荐人得 {referrer} 分，好友得 {friend} 分',
    sayMost: '，推荐人每年最多 {n} 次',
    code: '推荐码',
    codeOptional: '推荐码（选填）',
  },
};
