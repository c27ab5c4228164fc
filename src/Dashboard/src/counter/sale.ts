import { parseAmount, parseQuantity } from './money';

/** A line as it stands in its fields. */
export interface SaleLine { key: number; product: string; category: string; brand: string; quantity: string; price: string; discount: string }

export interface LineBody { line: number; product: string; category?: string; brand?: string; quantity: number; priceMinor: number; discountMinor?: number }
export interface SaleBody { customer: { id: string }; store: string; staff?: string; receipt: string; lines: LineBody[]; usePoints?: number; useStoredValueMinor?: number; coupons?: number[] }

/** The product of a sale of which only the amount is known. */
export const amountOnly = 'AMOUNT';

export const newLine = (key: number): SaleLine => ({ key, product: '', category: '', brand: '', quantity: '1', price: '', discount: '' });

/** A line in minor units; null while it says nothing that can be sold. */
export function lineOf(line: SaleLine, number: number, digits: number): LineBody | null {
  const quantity = parseQuantity(line.quantity);
  const price = parseAmount(line.price, digits);
  const discount = line.discount.trim() === '' ? 0 : parseAmount(line.discount, digits);
  if (quantity === null || price === null || discount === null) return null;
  const [category, brand] = [line.category.trim(), line.brand.trim()];
  return {
    line: number,
    product: line.product.trim() || `${amountOnly}-${number}`,
    ...(category ? { category } : {}),
    ...(brand ? { brand } : {}),
    quantity,
    // The price of a line is that of all its pieces; a weighed piece is rounded to the smallest coin.
    priceMinor: Math.round(price * quantity),
    ...(discount > 0 ? { discountMinor: discount } : {}),
  };
}

export const amountOf = (lines: readonly LineBody[]): number => lines.reduce((sum, line) => sum + line.priceMinor - (line.discountMinor ?? 0), 0);

/** Most points that can pay for an amount. */
export const pointsMost = (amountMinor: number, pointMinor: number, spendable: number): number =>
  (pointMinor <= 0 ? 0 : Math.max(0, Math.min(spendable, Math.floor(amountMinor / pointMinor))));

/** What is charged in money. Points pay first, then stored value. */
export function chargeOf(amountMinor: number, points: number, pointMinor: number, storedMinor: number): number {
  return amountMinor - points * pointMinor - storedMinor;
}
