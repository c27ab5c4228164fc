import { typedTimes } from './units';

/** The example basket as it stands in its fields. */
export interface BasketLine { key: number; category: string; brand: string; product: string; quantity: string; price: string }
export interface Basket { store: string; tier: string; channel: string; tags: string[]; crossStore: boolean; day: string; time: string; lines: BasketLine[] }

export interface TryBasket {
  store?: string;
  channel?: string;
  occurredAt?: string;
  tier?: string;
  tags?: string[];
  crossStore?: boolean;
  /** Member prices are taken off. */
  memberPrices?: boolean;
  lines: { line: number; product: string; category?: string; brand?: string; quantity: number; priceMinor: number }[];
}

/** The basket for the server; null while no line has a quantity and a price. Half-typed lines wait. */
export function basketOf(basket: Basket, zone: string, digits: number): TryBasket | null {
  const lines = basket.lines.flatMap((line, index) => {
    const quantity = typedTimes(line.quantity, 0);
    const price = typedTimes(line.price, digits);
    if (typeof quantity !== 'number' || quantity <= 0 || typeof price !== 'number' || price < 0) return [];
    // The price of a line is that of all its pieces.
    const [category, brand] = [line.category.trim(), line.brand.trim()];
    return [{ line: index + 1, product: line.product.trim() || `item-${index + 1}`, ...(category ? { category } : {}), ...(brand ? { brand } : {}), quantity, priceMinor: Math.round(price * quantity) }];
  });
  if (lines.length === 0) return null;
  const occurredAt = momentIn(basket.day, basket.time, zone);
  return {
    ...(basket.store ? { store: basket.store } : {}),
    ...(basket.channel ? { channel: basket.channel } : {}),
    ...(basket.tier ? { tier: basket.tier } : {}),
    ...(basket.tags.length > 0 ? { tags: basket.tags } : {}),
    ...(basket.crossStore ? { crossStore: true } : {}),
    ...(occurredAt ? { occurredAt } : {}),
    lines,
  };
}

/** A day and a time of the chain's own clock, with the offset that holds there; null when one is missing. */
export function momentIn(day: string, time: string, zone: string): string | null {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  // The offset before and after a change of clocks differs: asked again at the moment itself.
  const offset = offsetMinutes(asUtc - offsetMinutes(asUtc, zone) * 60_000, zone);
  const size = Math.abs(offset);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day}T${time}:00${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function offsetMinutes(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(ms);
  const part = (type: string): number => Number(parts.find((found) => found.type === type)?.value ?? 0);
  return Math.round((Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) - Math.floor(ms / 60_000) * 60_000) / 60_000);
}
