import type { Page } from '@playwright/test';
import { expect, type World } from './fixtures';
import type { Version } from './rules';

let write = 0;
export const shot = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: `artifacts/coupons-${name}.png` });

/** Publishes coupons as headquarters, around the page; the rest of the document stays. */
export async function publishCoupons(world: World, coupons: unknown): Promise<void> {
  const { version, document } = await world.server.ask<Version>('GET', '/v1/programme');
  await world.server.ask('PUT', '/v1/programme', { document: { ...document, coupons }, basedOnVersion: version }, `coupons-${Date.now()}-${write++}`);
}

export async function issue(world: World, customer: string, kind: string, count = 1): Promise<number[]> {
  const { coupons } = await world.server.ask<{ coupons: { coupon: number }[] }>('POST', '/v1/coupons', { customer: { id: customer }, kind, count, reason: '测试' }, `issue-${Date.now()}-${write++}`);
  return coupons.map(({ coupon }) => coupon);
}

export const held = async (world: World, customer: string): Promise<{ coupon: number; kind: string }[]> =>
  (await world.server.ask<{ coupons: { coupon: number; kind: string }[] }>('GET', `/v1/customers/${customer}`)).coupons;

/** The offers belong to what is in the form now. */
export const quoted = async (page: Page): Promise<void> => { await expect(page.getByTestId('offers')).toHaveAttribute('aria-busy', 'false'); };

/** Kinds that stack in two categories, one that stacks with none, one that most baskets do not fit. */
export const someKinds = {
  categories: [{ id: 'amount', perReceipt: 1 }, { id: 'extra', perReceipt: 2 }],
  kinds: [
    { id: 'full-100', nameZh: '满100减10', nameEn: '10 off from 100', give: { kind: 'amount', minor: 1_000 }, minimum: { receiptMinor: 10_000 }, category: 'amount', valid: { days: 30 } },
    { id: 'full-300', nameZh: '满300减50', nameEn: '50 off from 300', give: { kind: 'amount', minor: 5_000 }, minimum: { amountMinor: 30_000 }, category: 'amount', valid: { days: 2 } },
    { id: 'tenth', nameZh: '九折券', nameEn: '10% off', give: { kind: 'percent', percent: 10 }, category: 'extra', valid: { days: 7 } },
    { id: 'skin', nameZh: '护肤第二件半价', nameEn: 'Second half price', give: { kind: 'second', percent: 50 }, when: { fact: 'category', in: ['护肤'] }, category: 'extra', valid: { days: 14 } },
  ],
};
