import type { Page } from '@playwright/test';
import { expect, open, type World } from './fixtures';

export const shot = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: `artifacts/counter-${name}.png` });
let serial = 0;

/** A member of the spec's own, so that figures are known: with a sale, points and stored value as wanted. */
export async function member(world: World, has: { saleMinor?: number; topUpMinor?: number } = {}): Promise<{ id: string; phone: string }> {
  const number = ++serial;
  const phone = `1370000${String(number).padStart(4, '0')}`;
  const store = world.member.store;
  const { id } = await world.server.ask<{ id: string }>('POST', '/v1/customers', { store, name: '林小满', phone }, `counter-enrol-${number}`);
  if (has.saleMinor) await world.server.purchase(id, store, `COUNTER-${number}`, has.saleMinor);
  if (has.topUpMinor) await world.server.ask('POST', '/v1/stored-value/top-ups', { customer: { id }, store, amountMinor: has.topUpMinor }, `counter-in-${number}`);
  return { id, phone };
}

export interface Line { kind: string; receipt?: string; amountMinor?: number; points: number; staff?: string }
export const statement = async (world: World, id: string): Promise<Line[]> =>
  (await world.server.ask<{ lines: Line[] }>('GET', `/v1/customers/${id}/statement`)).lines;
export const card = (world: World, id: string): Promise<{ points: { spendable: number }; storedValue?: { principalMinor: number; giftMinor: number; frozen?: boolean } }> =>
  world.server.ask('GET', `/v1/customers/${id}`);

/** The counter as it is once its store was chosen. */
export async function begin(page: Page, world: World, language: 'zh' | 'en' = 'zh'): Promise<void> {
  const { chain } = await world.server.ask<{ chain: string }>('GET', '/v1/session');
  await page.addInitScript(({ chain, store }) => {
    if (localStorage.getItem(`chaincrm.counter.place.${chain}`) === null) localStorage.setItem(`chaincrm.counter.place.${chain}`, JSON.stringify({ store, staff: 'e7' }));
  }, { chain, store: world.member.store });
  await open(page, world, '/counter', language);
  await expect(page.getByTestId('find')).toBeVisible();
}

export async function find(page: Page, phone: string): Promise<void> {
  await page.getByTestId('find-text').fill(phone);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('counter-member')).toBeVisible();
}

/** Presses keys of the pad with a finger. */
export async function tapPad(page: Page, keys: string): Promise<void> {
  for (const key of keys) await page.getByTestId('pad').getByRole('button', { name: key === '.' ? '小数点' : key, exact: true }).tap();
}
