/** Ids are made here and never typed: `rule-` and base 36 of chance, until no other has it. */
export function newRuleId(taken: Iterable<string>, chance: () => number = random32, word = 'rule'): string {
  const used = new Set(taken);
  for (;;) {
    const id = `${word}-${(chance() >>> 0).toString(36)}`;
    if (!used.has(id)) return id;
  }
}

/** For one write, repeated with it after a lost answer. Not randomUUID: browsers withhold that where a chain serves its pages without TLS. */
export const newIdempotencyKey = (): string => `web-${Array.from({ length: 4 }, () => random32().toString(36)).join('')}`;

function random32(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}
