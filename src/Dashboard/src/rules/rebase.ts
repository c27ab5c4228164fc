import { sameRule } from './difference';
import { insertAt, type Rule } from './model';

interface Identified { id: string }

export interface Rebased<T> {
  rules: T[];
  /** Rules that both sides changed; mine stand, and somebody should look. */
  both: string[];
}

/** My changes since a version, made again on top of another version: each rule by its id, mine where both sides changed it. */
export const rebase = (base: readonly Rule[], mine: readonly Rule[], theirs: readonly Rule[]): Rebased<Rule> => rebaseOf(base, mine, theirs, sameRule);

/** The same of any list whose entries have ids. */
export function rebaseOf<T extends Identified>(base: readonly T[], mine: readonly T[], theirs: readonly T[], same: (one: T, other: T) => boolean): Rebased<T> {
  const was = new Map(base.map((rule) => [rule.id, rule]));
  const my = new Map(mine.map((rule) => [rule.id, rule]));
  const their = new Map(theirs.map((rule) => [rule.id, rule]));
  const both: string[] = [];
  let rules: T[] = [];
  for (const rule of theirs) {
    const before = was.get(rule.id);
    const own = my.get(rule.id);
    const theyChanged = !before || !same(before, rule);
    if (!own) {
      // I deleted it, or they added it. A rule that they changed is not deleted unseen.
      if (before && theyChanged) both.push(rule.id);
      if (!before || theyChanged) rules.push(rule);
      continue;
    }
    const iChanged = !before || !same(before, own);
    if (iChanged && theyChanged && !same(own, rule)) both.push(rule.id);
    rules.push(iChanged ? own : rule);
  }
  mine.forEach((rule, index) => {
    if (their.has(rule.id)) return;
    const before = was.get(rule.id);
    if (before && same(before, rule)) return;
    if (before) both.push(rule.id);
    // Behind the rule it stood behind.
    const previous = mine.slice(0, index).reverse().find((other) => rules.some((kept) => kept.id === other.id));
    rules = insertAt(rules, previous ? rules.findIndex((kept) => kept.id === previous.id) + 1 : 0, rule);
  });
  return { rules: inMyOrder(base, mine, rules), both };
}

/** My order, where I changed it: the rules that I have stand in the places they have together, the others keep theirs. */
function inMyOrder<T extends Identified>(base: readonly T[], mine: readonly T[], rules: T[]): T[] {
  const ids = (list: readonly T[], of: ReadonlySet<string>): string[] => list.map((rule) => rule.id).filter((id) => of.has(id));
  const common = new Set(base.map((rule) => rule.id).filter((id) => mine.some((rule) => rule.id === id)));
  if (ids(base, common).join() === ids(mine, common).join()) return rules;
  const known = new Set(ids(rules, new Set(mine.map((rule) => rule.id))));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const order = ids(mine, known).values();
  return rules.map((rule) => (known.has(rule.id) ? byId.get(order.next().value!)! : rule));
}
