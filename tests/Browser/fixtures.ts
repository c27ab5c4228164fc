import { test as base, expect, type Page } from '@playwright/test';
import { Server } from './server';

export interface Member { id: string; card: string; phone: string; store: string; otherStore: string }
interface Programme { version: number; document: unknown }
export interface World { server: Server; member: Member; stores: { id: string; name: string; region: string; city: string }[] }

const phone = { width: 390, height: 844 };
export const sizes = [{ name: '1920x1080', viewport: { width: 1920, height: 1080 } }, { name: '390x844', viewport: phone }] as const;

/** A member with a history: purchases at two stores, so that the card and the statement have something to say. */
async function furnish(server: Server): Promise<Omit<World, 'server'>> {
  await server.filled();
  const { stores } = await server.ask<{ stores: World['stores'] }>('GET', '/v1/stores');
  const [home, other] = stores;
  if (!home || !other) throw new Error('The generated chain has fewer than two stores.');
  const member = { card: '9900112233445566', phone: '13912345678', store: home.id, otherStore: other.id };
  const { id } = await server.ask<{ id: string }>('POST', '/v1/customers', { store: home.id, staff: 'e7', name: '欧阳晓月', phone: member.phone, card: member.card, birthday: '1992-08-16' }, 'browser-enrol-1');
  await server.purchase(id, home.id, 'B-0001', 128_00);
  await server.purchase(id, other.id, 'B-0002', 3_560_00);
  await server.purchase(id, home.id, 'B-0003', 59_90);
  return { member: { id, ...member }, stores };
}

export const test = base.extend<{ watched: { allow: RegExp[] }; restored: void }, { world: World }>({
  world: [async ({}, use) => {
    const server = await Server.start();
    try {
      await use({ server, ...await furnish(server) });
    } finally {
      await server.dispose();
    }
  }, { scope: 'worker', timeout: 300_000 }],

  // Every test begins with the demo chain's programme: what one publishes is taken back when it ends.
  restored: [async ({ world }, use) => {
    const before = await world.server.ask<Programme>('GET', '/v1/programme');
    await use();
    const { version } = await world.server.ask<Programme>('GET', '/v1/programme');
    if (version !== before.version) await world.server.ask('PUT', '/v1/programme', { document: before.document, basedOnVersion: version }, `restore-${version}`);
  }, { auto: true }],

  // Every page of every test is watched: an error in the console fails it, unless the test has said that it expects it.
  watched: [async ({ page }, use) => {
    const said: string[] = [];
    const allow: RegExp[] = [];
    page.on('console', (message) => { if (message.type() === 'error') said.push(`${message.text()} ${message.location().url}`); });
    page.on('pageerror', (error) => said.push(`${error.name}: ${error.message}`));
    await use({ allow });
    expect(said.filter((line) => !allow.some((pattern) => pattern.test(line)))).toEqual([]);
  }, { auto: true }],
});

export { expect };

export async function open(page: Page, world: World, path = '/', language: 'zh' | 'en' = 'zh'): Promise<void> {
  await page.addInitScript((chosen) => localStorage.setItem('chaincrm.language', chosen), language);
  await page.goto(`${world.server.url}/#key=${world.server.key}`);
  await expect(page.getByTestId('wall')).toBeVisible();
  if (path !== '/') await page.goto(world.server.url + path);
}

/** The page is no wider than its window. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const { inner, scroll } = await page.evaluate(() => ({ inner: document.documentElement.clientWidth, scroll: document.documentElement.scrollWidth }));
  expect(scroll, 'the page scrolls sideways').toBeLessThanOrEqual(inner);
}

/** The visible texts of the page that match a pattern. */
export async function texts(page: Page, pattern: RegExp): Promise<string[]> {
  return page.evaluate((source) => {
    const wanted = new RegExp(source);
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? '';
      const parent = node.parentElement;
      if (text !== '' && wanted.test(text) && parent && parent.checkVisibility() && !/^(SCRIPT|STYLE)$/.test(parent.tagName)) found.push(text);
    }
    for (const element of document.querySelectorAll<HTMLElement>('[placeholder],[aria-label],[title]')) {
      for (const name of ['placeholder', 'aria-label', 'title']) {
        const text = element.getAttribute(name) ?? '';
        if (wanted.test(text)) found.push(text);
      }
    }
    return found;
  }, pattern.source);
}
