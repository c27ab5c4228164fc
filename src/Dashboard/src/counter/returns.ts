import type { StatementLine } from '@/api/types';
import { parseQuantity } from './money';
import type { ReceiptLine, ReceiptReply } from './wire';

/** A purchase that goods may come back from, with what came back already as far as the statement was read. */
export interface Bought { line: StatementLine; backMinor: number }

/** The purchases of a statement. A return names its receipt with the store in front. */
export function purchasesOf(lines: readonly StatementLine[]): Bought[] {
  const back = new Map<string, number>();
  for (const line of lines) if (line.kind === 'return' && line.receipt) back.set(line.receipt, (back.get(line.receipt) ?? 0) - (line.amountMinor ?? 0));
  return lines.filter((line) => line.kind === 'purchase').map((line) => ({ line, backMinor: back.get(`${line.store ?? ''}/${line.receipt ?? ''}`) ?? 0 }));
}

/** How much of each line comes back, as typed; the numbers of the lines are the keys. */
export type Chosen = Readonly<Record<number, string>>;

const tidy = (value: number): number => Math.round(value * 1000) / 1000;

/** What of a line has not come back yet. */
export const leftOf = (line: ReceiptLine): number => tidy(line.quantity - line.backQuantity);

export const everything = (lines: readonly ReceiptLine[]): Chosen =>
  Object.fromEntries(lines.filter((line) => !line.back).map((line) => [line.line, String(leftOf(line))]));

/** The lines for the server; what is typed wrongly goes as it was meant and is refused there. A line without quantity comes back whole, with 0. */
export function linesOf(lines: readonly ReceiptLine[], chosen: Chosen): { line: number; quantity: number }[] {
  return lines.flatMap((line) => {
    const text = chosen[line.line];
    if (text === undefined) return [];
    const quantity = parseQuantity(text);
    return quantity === null || (quantity === 0 && line.quantity !== 0) ? [] : [{ line: line.line, quantity: line.quantity === 0 ? 0 : quantity }];
  });
}

/** The body of a return, and of the question what it would pay back. Everything names no lines, which the server takes as all that is left. */
export function returnOf(receipt: Pick<ReceiptReply, 'store' | 'receipt'>, store: string | undefined, lines: readonly { line: number; quantity: number }[]): { purchaseStore?: string; purchaseReceipt: string; lines?: readonly { line: number; quantity: number }[] } {
  return { ...(receipt.store === store ? {} : { purchaseStore: receipt.store }), purchaseReceipt: receipt.receipt, ...(lines.length > 0 ? { lines } : {}) };
}

/** Everything that has not come back yet: then the request names no lines, which the server takes as all. */
export function isEverything(lines: readonly ReceiptLine[], chosen: Chosen): boolean {
  return lines.filter((line) => !line.back).every((line) => chosen[line.line] !== undefined && (line.quantity === 0 || parseQuantity(chosen[line.line]!) === leftOf(line)));
}
