// Crockford's alphabet: nothing in it is misread on a slip of paper.
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const chanceByte = (): number => crypto.getRandomValues(new Uint8Array(1))[0]!;

function chanceText(length: number, chance: () => number): string {
  return Array.from({ length }, () => letters[chance() & 31]).join('');
}

/**
 * The number of a receipt that this page writes: the day, and 60 bits of chance. Made of no counter, so that two tabs, two tills or a browser whose
 * storage was cleared never count the same number twice.
 */
export const newReceipt = (day: string, chance: () => number = chanceByte): string =>
  `${day.replaceAll('-', '').slice(2)}-${chanceText(6, chance)}-${chanceText(6, chance)}`;

/** The key of any other write. */
export const newKey = (kind: string, day: string, chance: () => number = chanceByte): string => `${kind}-${newReceipt(day, chance)}`;
