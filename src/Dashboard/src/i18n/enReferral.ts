export const enReferral = {
  referral: {
    title: 'Referrals',
    on: 'Reward referrals',
    referrerPoints: 'Points for the referrer',
    friendPoints: 'Points for the friend',
    least: 'Least purchase of the friend',
    within: 'Within so many days of enrolment',
    most: 'Rewards of a referrer in a year, at most',
    mostHint: 'Empty: no limit',
    hint: 'A friend enrols with the code; the first purchase that is large enough brings points to both. When it comes back and is not large enough any more, both rewards are taken back.',
    sayOff: 'Off',
    say: 'For the friend’s first purchase of {amount} within {days} days of enrolment the referrer gets {referrer} points and the friend {friend}',
    sayMost: ', a referrer at most {n} times a year',
    code: 'Referral code',
    codeOptional: 'Referral code (optional)',
  },
};
