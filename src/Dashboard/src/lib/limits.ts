/** Every bound of the pages. A wall runs for weeks: nothing that grows with time may be without one. */
export const limits = {
  /** Lines of the ticker that are kept. */
  eventsKept: 20,
  /** New lines of the ticker that are shown within one second; the rest is counted. */
  eventsPerSecond: 2,
  /** Pairs of stores the flow picture shows. */
  flowsShown: 12,
  /** Stores at each end of the ranking. */
  rankShown: 5,
  /** 5-minute slots of a day. */
  slotsPerDay: 288,
  /** Milliseconds between two orders of the ranking, so that rows can be read. */
  rankIntervalMs: 2_000,
  /** A cell glows while its newest entry is younger than this. */
  glowMs: 900,
  /** First and longest wait between two attempts to reconnect. */
  reconnectFirstMs: 500,
  reconnectLongestMs: 8_000,
  /** Without a connection for longer than this the wall says offline instead of reconnecting. */
  offlineAfterMs: 20_000,
  /** Waits for an answer of the HTTP API. */
  requestTimeoutMs: 15_000,
  /** Lines of a statement per page. */
  statementPage: 20,
  /** Member cards per page of the browse list. */
  browsePage: 12,
  /** What the server accepts of earning rules: in a programme, levels of a condition, values of one fact. */
  rules: 100,
  conditionLevels: 5,
  conditionValues: 500,
  /** Versions of the rules per page. */
  versionsPage: 20,
  /** The example basket is asked again when nothing was typed for this long. */
  tryDelayMs: 300,
  /** Days that a rehearsal can go back, and those it goes back unless said. */
  rehearsalDays: [30, 90, 180, 365],
  rehearsalDaysUsual: 90,
  /** Between two looks at a rehearsal that runs, and at one that was told to end. */
  rehearsalPollMs: 700,
  rehearsalEndMs: 200,
  /** Stores in the picture of a rehearsal; rows of its tables until more are asked for. */
  rehearsalBars: 10,
  rehearsalRows: 50,
  rehearsalRowsPhone: 10,
  /** Characters of a note to a version. */
  noteMax: 200,
  /** Writes of the counter without an answer, and refused ones nobody has read; first and longest wait between two attempts. */
  actsKept: 50,
  actFirstMs: 1_000,
  actLongestMs: 30_000,
  /** Members this counter served last, in memory only; digits that choose among them. */
  recentMembers: 30,
  lastDigits: 4,
  /** What coupons take off a sale is asked for when nothing was typed for this long. */
  quoteDelayMs: 200,
  /** Coupons that one write gives at most; tickets that are shown until more are asked for. */
  couponsAtOnce: 20,
  ticketsShown: 6,
  /** What the server accepts of coupons: in a programme, kinds, rules of issue and categories. */
  couponKinds: 200,
  couponRules: 100,
  couponCategories: 20,
  /** What the server accepts of prices in a programme. */
  memberPrices: 200,
  earlyAccess: 100,
  /** What the server accepts of tags: in the dictionary, and of one member. */
  tags: 200,
  tagsPerMember: 50,
  /** What the server accepts of tiers in a programme. */
  tiers: 20,
  /** Lines of a sale at the counter. */
  saleLines: 50,
  /** A result stands at least this long, so that a key pressed twice does not take it away unread. */
  resultMs: 500,
  /** The wall's connection outlives its last page by this, so that moving between pages does not reconnect. */
  lingerMs: 5_000,
  /** Duration of every transition. */
  motionMs: 280,
} as const;
