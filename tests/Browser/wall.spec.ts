import type { Page } from '@playwright/test';
import { expect, open, test } from './fixtures';

const figure = async (page: Page, name: string): Promise<number> => Number(await page.getByTestId(`kpi-${name}`).getAttribute('data-value'));

test('a purchase at a till changes the wall by exactly its amount', async ({ page, world }) => {
  await open(page, world);
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live');
  await expect(page.getByTestId('kpi-visits')).toHaveAttribute('data-value', /\d+/);
  await expect(page.getByTestId('demo')).toBeVisible();
  const before = await figure(page, 'sales');
  const amount = 777_777_77;
  await world.server.purchase(null, world.member.store, `W-${Date.now()}`, amount);
  // The generated chain may trade meanwhile: the figure grows by this amount at least, and by no second one of this size.
  await expect.poll(() => figure(page, 'sales')).toBeGreaterThanOrEqual(before + amount);
  expect(await figure(page, 'sales')).toBeLessThan(before + 2 * amount);
  await expect(page.getByTestId('events')).toContainText('¥777,777.77');
});

test('every store has its cell, and the pictures are drawn', async ({ page, world }) => {
  await open(page, world);
  await expect(page.getByTestId('regions').locator('a')).toHaveCount(world.stores.length);
  await expect(page.getByTestId('slots').locator('canvas')).toBeVisible();
  await expect(page.getByTestId('ranks').locator('li')).toHaveCount(10);
  await expect(page.getByTestId('flow').locator('path.band').first()).toBeVisible();
});

test('a server that is killed and comes back: reconnecting, then live, and nothing lost or counted twice', async ({ page, world, watched }) => {
  test.setTimeout(180_000);
  watched.allow.push(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_SOCKET|WebSocket|ERR_EMPTY_RESPONSE|status of 50[23]/);
  await open(page, world);
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live');
  const before = await figure(page, 'visits');

  await world.server.kill();
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'reconnecting');
  await expect(page.getByTestId('link')).toContainText('重连中');
  expect(await figure(page, 'visits'), 'the last figures stay on the screen').toBeGreaterThanOrEqual(before);

  await world.server.run();
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live', { timeout: 30_000 });
  await expect.poll(() => figure(page, 'visits'), { timeout: 30_000 }).toBeGreaterThanOrEqual(before);

  const resumed = await figure(page, 'sales');
  const amount = 888_888_88;
  await world.server.purchase(null, world.member.store, `R-${Date.now()}`, amount);
  await expect.poll(() => figure(page, 'sales')).toBeGreaterThanOrEqual(resumed + amount);
  expect(await figure(page, 'sales')).toBeLessThan(resumed + 2 * amount);
});

test('a wall that lost its network resumes by sequence number, without a gap', async ({ page, context, world, watched }) => {
  watched.allow.push(/ERR_INTERNET_DISCONNECTED|WebSocket|ERR_NETWORK/);
  await open(page, world);
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live');
  const before = await figure(page, 'sales');
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await context.setOffline(true);
  const amount = 555_555_55;
  await world.server.purchase(null, world.member.store, `O-${Date.now()}`, amount);
  await context.setOffline(false);
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live');
  await expect.poll(() => figure(page, 'sales')).toBeGreaterThanOrEqual(before + amount);
  expect(await figure(page, 'sales')).toBeLessThan(before + 2 * amount);
});
