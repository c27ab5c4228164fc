import type { Page } from '@playwright/test';
import { expect, open, test, type World } from './fixtures';

const figure = async (page: Page, name: string): Promise<number> => Number(await page.getByTestId(`kpi-${name}`).getAttribute('data-value'));

const leftOut = async (page: Page): Promise<number> => Number(await page.getByTestId('events').getAttribute('data-left-out'));

/** Makes a sale; true when the ticker told it. Two lines a second are told: of sales that come together one may be left out, and then the wall counts it. */
async function sell(page: Page, world: World, minor: number, text: string): Promise<boolean> {
  const before = await leftOut(page);
  await world.server.purchase(null, world.member.store, `W-${Date.now()}`, minor);
  const line = page.getByTestId('events').getByText(text);
  await expect.poll(async () => await line.count() > 0 || await leftOut(page) > before, { message: 'a sale is told, or counted as left out' }).toBe(true);
  return await line.count() > 0;
}

test('a purchase at a till changes the wall by exactly its amount', async ({ page, world }) => {
  await open(page, world);
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live');
  await expect(page.getByTestId('kpi-visits')).toHaveAttribute('data-value', /\d+/);
  await expect(page.getByTestId('demo')).toBeVisible();
  const before = await figure(page, 'sales');
  const amount = 777_777_77;
  let told = await sell(page, world, amount, '¥777,777.77');
  // The generated chain may trade meanwhile: the figure grows by this amount at least, and by no second one of this size.
  await expect.poll(() => figure(page, 'sales')).toBeGreaterThanOrEqual(before + amount);
  expect(await figure(page, 'sales')).toBeLessThan(before + 2 * amount);
  for (let more = 1; !told; more++) {
    expect(more, 'sales that the ticker left out').toBeLessThan(5);
    told = await sell(page, world, 777_000_00 + more * 100, `¥777,00${more}.00`);
  }
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

test('a wall that lost its connection resumes by sequence number: the missed ticks, no snapshot, no gap, no duplicate', async ({ page, world, watched }) => {
  watched.allow.push(/WebSocket/);
  const connections: { asked: string[]; got: string[]; cut: () => Promise<void> }[] = [];
  await page.routeWebSocket(/\/hub\/wall/, (socket) => {
    const server = socket.connectToServer();
    const connection = { asked: [] as string[], got: [] as string[], cut: async (): Promise<void> => { await server.close(); await socket.close({ code: 1012 }); } };
    connections.push(connection);
    socket.onMessage((message) => { connection.asked.push(String(message)); server.send(message); });
    server.onMessage((message) => { connection.got.push(String(message)); socket.send(message); });
  });
  await open(page, world);
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live');
  const before = await figure(page, 'sales');
  const amount = 555_555_55;
  await world.server.purchase(null, world.member.store, `N-${Date.now()}`, amount);
  await expect.poll(() => figure(page, 'sales')).toBeGreaterThanOrEqual(before + amount);

  await connections.at(-1)!.cut();
  await world.server.purchase(null, world.member.store, `M-${Date.now()}`, amount);
  await expect.poll(() => figure(page, 'sales')).toBeGreaterThanOrEqual(before + 2 * amount);
  expect(await figure(page, 'sales')).toBeLessThan(before + 3 * amount);

  expect(connections).toHaveLength(2);
  const watch = parts(connections[1]!.asked).find((part) => part.target === 'Watch')!;
  const [after, run] = watch.arguments as [number, string];
  const items = parts(connections[1]!.got).filter((part) => part.type === 2).map((part) => part.item!);
  expect(after).toBeGreaterThan(0);
  expect(items.length).toBeGreaterThan(0);
  expect(items.filter((item) => item.snapshot)).toEqual([]);
  expect(items.map((item) => item.sequence)).toEqual(items.map((_, index) => after + 1 + index));
  expect(new Set(items.map((item) => item.run))).toEqual(new Set([run]));
});

interface HubPart { type?: number; target?: string; arguments?: unknown[]; item?: { sequence: number; run: string; snapshot?: unknown } }

/** The messages of the JSON hub protocol in some frames: each ends with the record separator. */
const parts = (frames: string[]): HubPart[] => frames.join('').split('\x1e').filter((text) => text !== '').map((text) => JSON.parse(text) as HubPart);
