import type { Page, Route } from '@playwright/test';
import { expect, expectNoOverflow, sizes, test, texts, type World } from './fixtures';
import { begin, settled, shot, weekend } from './rules';

const [desktop, phone] = sizes;
const route = '**/v1/programme/rehearsals**';
const everything = { id: 'all', nameZh: '每笔加赠', nameEn: 'More on everything', give: { kind: 'fixed', points: 20 }, caps: [{ per: 'day', points: 30 }] };

interface View { id: string; state: string; done: number; of: number; seconds: number; customers: number; different: number; [other: string]: unknown }
const usual = { from: '2026-08-28T00:00:00Z', until: '2026-11-26T00:00:00Z', hasDraft: false, gain: 0, lose: 0, bookedPoints: 0, livedPoints: 0, costMinor: 0, bookedBalance: 0, livedBalance: 0, liabilityMinor: 0, higherTier: 0, lowerTier: 0, refused: 0, stores: [], rules: [], tiers: [], most: [] };
const view = (change: Partial<View> = {}): View => ({ id: 'r1', state: 'running', done: 400, of: 1_000, seconds: 1.2, customers: 300, different: 0, ...usual, ...change });
const answer = (to: Route, status: number, body: unknown): Promise<void> => to.fulfill({ status, json: body });

/** Makes a draft of the rules: every purchase gives 20 more, at most 30 a day. */
async function withDraft(page: Page, world: World): Promise<void> {
  await begin(page, world, [{ ...everything, enabled: false }]);
  await page.getByTestId('rule-switch').click();
  await expect(page.getByTestId('changes-count')).toHaveText('未发布的修改 1 处');
  await settled(page);
}
const ended = async (page: Page): Promise<void> => { await expect(page.getByTestId('rehearsal-progress')).toHaveAttribute('aria-valuetext', /已算完/, { timeout: 60_000 }); };

test('what was booked is checked without a draft, and comes out exactly', async ({ page, world }) => {
  await begin(page, world, [weekend('a', '周末一倍半')]);
  await page.getByTestId('tab-rehearsal').click();
  await expect(page.getByTestId('rehearsal')).toContainText('发布之前');
  await shot(page, 'rehearsal-0-empty-1920x1080-zh');
  await expect(page.getByTestId('rehearse')).toHaveText('核对');
  await page.getByTestId('rehearse-days').selectOption('30');
  await page.getByTestId('rehearse').click();
  await ended(page);
  await expect(page.getByTestId('rehearsal-headline')).toContainText('与实际入账完全一致：过去 30 天');
  await expect(page.getByTestId('rehearsal-end')).toContainText('与实际入账完全一致');
  await expect(page.getByTestId('figure-different')).toContainText('0');
  await expect(page.getByTestId('rehearsal-stores-row')).not.toHaveCount(0);
  await expect(page.getByTestId('rehearsal-outdated')).toHaveCount(0);
  await shot(page, 'rehearsal-1-same-1920x1080-zh');

  // A draft that is made afterwards is not what was checked.
  await page.getByTestId('tab-rules').click();
  await page.getByTestId('rule-switch').click();
  await page.getByTestId('tab-rehearsal').click();
  await expect(page.getByTestId('rehearsal-outdated')).toContainText('现在有了未发布的修改');
  await page.getByTestId('tab-rules').click();
  await page.getByTestId('discard').click();
  await page.getByTestId('tab-rehearsal').click();
  await expect(page.getByTestId('rehearsal-outdated')).toHaveCount(0);
});

test('a draft shows what it would have cost, store by store, and is marked once it has changed', async ({ page, world }) => {
  await withDraft(page, world);
  await page.getByTestId('rehearse').click();
  await ended(page);
  await expect(page.getByTestId('rehearsal-headline')).toHaveText(/^若按此草稿执行，过去 90 天会多发 [\d,]+ 分，约 ¥[\d,.]+；[\d,]+ 位会员受益/);
  await expect(page.getByTestId('rehearsal-about')).toContainText(/草稿：第 \d+ 版，加上 1 处修改/);
  await expect(page.getByTestId('figure-points').locator('.value')).toHaveText(/^\+[\d,]+$/);
  await expect(page.locator('[data-test=rehearsal-bars] canvas')).toBeVisible();
  const rows = page.getByTestId('rehearsal-stores-row');
  await expect(rows.first().locator('.difference')).toHaveText(/^\+[\d,]+$/);
  expect(world.stores.map(({ name }) => name)).toContain(await rows.first().locator('th').textContent());
  await expect(page.getByTestId('rehearsal-rules-row')).toContainText('每笔加赠');
  await expect(page.getByTestId('rehearsal-rules-row').locator('.withheld')).not.toHaveText('0');
  await shot(page, 'rehearsal-2-draft-1920x1080-zh');
  await page.screenshot({ path: 'artifacts/rules-rehearsal-3-draft-whole-zh.png', fullPage: true });

  const numbers = async (): Promise<number[]> => (await rows.locator('td.sales').allTextContents()).map((text) => Number(text.replace(/,/g, '')));
  await page.getByTestId('rehearsal-stores-sort-sales').click();
  const falling = await numbers();
  expect(falling).toEqual([...falling].sort((a, b) => b - a));
  await page.getByTestId('rehearsal-stores-sort-sales').click();
  const rising = await numbers();
  expect(rising).toEqual([...rising].sort((a, b) => a - b));
  await expect(page.getByTestId('rehearsal-stores').locator('th[aria-sort=ascending]')).toHaveText(/消费笔数/);

  await page.locator('[data-test=rehearsal-bars] canvas').hover({ position: { x: 400, y: 20 } });
  await expect(page.getByTestId('rehearsal-bars')).toContainText(/相差 \+[\d,]+/);
  const opened = page.context().waitForEvent('page');
  await page.getByTestId('rehearsal-most').locator('a').first().click();
  const member = await opened;
  await expect(member).toHaveURL(/\/members\//);
  await member.close();

  const english = (await texts(page, /[A-Za-z]{2,}/)).filter((text) => !/^(EN|ChainCrm)$/.test(text) && !/^会员 /.test(text) && !world.stores.some(({ id }) => text.includes(id)));
  expect(english).toEqual([]);
  await page.getByTestId('language').filter({ visible: true }).click();
  await expect(page.getByTestId('rehearsal-headline')).toContainText('Under this draft the last 90 days');
  await shot(page, 'rehearsal-4-draft-1920x1080-en');
  await page.getByTestId('language').filter({ visible: true }).click();

  await page.getByTestId('tab-rules').click();
  await page.getByTestId('rule-edit').click();
  await page.getByTestId('cap-points').fill('25');
  await page.getByTestId('editor-done').click();
  await page.getByTestId('tab-rehearsal').click();
  await expect(page.getByTestId('rehearsal-outdated')).toContainText('草稿已修改，结果对应修改前');
  await shot(page, 'rehearsal-5-outdated-1920x1080-zh');
  await page.getByTestId('rehearsal-again').click();
  await ended(page);
  await expect(page.getByTestId('rehearsal-outdated')).toHaveCount(0);
  await page.getByTestId('publish').click();
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  await expect(page.getByTestId('rehearsal-outdated'), 'what was published is what was rehearsed').toHaveCount(0);
});

test('a mistake in the draft says why it cannot be rehearsed', async ({ page, world }) => {
  await withDraft(page, world);
  await page.getByTestId('rule-edit').click();
  await page.getByTestId('cap-points').fill('很多');
  await expect(page.getByTestId('rehearse-blocked')).toContainText('还有 1 处要改，改好后才能试算');
  await expect(page.getByTestId('rehearse')).toBeDisabled();
  await page.getByTestId('cap-points').fill('30');
  await expect(page.getByTestId('rehearse')).toBeEnabled();
});

test('the keyboard begins it, ends it, and finds its way', async ({ page, world }) => {
  const asked: string[] = [];
  let state = 'running';
  await begin(page, world, [weekend('a', '周末一倍半')]);
  await page.route(route, (to) => {
    asked.push(to.request().method());
    if (to.request().method() === 'DELETE') state = 'cancelled';
    return answer(to, 200, view({ state }));
  });
  await page.getByTestId('rehearse').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#rehearsal-title')).toBeFocused();
  await expect(page.getByTestId('tab-rehearsal')).toHaveText('试算 40%');
  const bar = page.getByRole('progressbar', { name: '试算进度' });
  await expect(bar).toHaveAttribute('aria-valuenow', '400');
  await expect(bar).toHaveAttribute('aria-valuemax', '1000');
  await expect(page.getByTestId('rehearse')).toBeDisabled();
  await shot(page, 'rehearsal-6-running-1920x1080-zh');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('rehearsal-cancel')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('rehearsal-headline')).toContainText('已取消');
  await expect(page.getByTestId('rehearsal-end')).toContainText('已取消');
  expect(asked).toContain('DELETE');
  await expect(page.locator('#rehearsal-title'), 'the button is gone: its heading has the focus').toBeFocused();
  await shot(page, 'rehearsal-7-cancelled-1920x1080-zh');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('rehearsal-again')).toBeFocused();
  await page.getByTestId('tab-rehearsal').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('tab-versions')).toBeFocused();
});

test('gains and losses stand beside each other, with the exact difference of each', async ({ page, world }) => {
  await begin(page, world, [weekend('a', '周末一倍半')]);
  const stores = [['S1', '上海静安店', 123_456], ['S2', '上海徐汇店', 98_000], ['S3', '杭州西湖店', 0], ['S4', '成都太古里店', -1_250], ['S5', '呼和浩特新城万达广场店', -84_321]] as const;
  const lines = stores.map(([id, name, difference]) => ({ id, name: { zh: name, en: name }, sales: 10, bookedPoints: 200_000, livedPoints: 200_000 + difference, withheld: 0 }));
  await page.route(route, (to) => answer(to, 200, view({ state: 'done', done: 1_000, hasDraft: true, different: 40, bookedPoints: 1_000_000, livedPoints: 1_135_885, costMinor: 135_885, gain: 30, lose: 7, stores: lines })));
  await page.getByTestId('rehearse').click();
  await expect(page.getByTestId('rehearsal-headline')).toHaveText('若按此草稿执行，过去 90 天会多发 135,885 分，约 ¥1,358.85；30 位会员受益，7 位减少');
  await expect(page.getByRole('img', { name: '各门店积分差额：上海静安店 +123,456 分、上海徐汇店 +98,000 分、成都太古里店 −1,250 分、呼和浩特新城万达广场店 −84,321 分' })).toBeVisible();
  await expect(page.getByTestId('rehearsal-stores-row').last()).toContainText('−84,321');
  await shot(page, 'rehearsal-10-losses-1920x1080-zh');
  await page.setViewportSize(phone.viewport);
  await expectNoOverflow(page);
  await page.getByTestId('rehearsal-bars').evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await page.waitForTimeout(400);
  await shot(page, `rehearsal-losses-${phone.name}-zh`);
});

test('leaving the page ends it, a broken line does not, and another one in the way is told', async ({ page, world, watched }) => {
  watched.allow.push(/rehearsals/);
  const asked: string[] = [];
  let reply: (to: Route) => Promise<void> = (to) => answer(to, 200, view());
  await begin(page, world, [weekend('a', '周末一倍半')]);
  await page.route(route, (to) => {
    asked.push(to.request().method());
    return reply(to);
  });
  await page.getByTestId('rehearse').click();
  await expect(page.getByTestId('rehearsal-progress')).toHaveAttribute('aria-valuenow', '400');
  reply = (to) => to.abort('internetdisconnected');
  await expect(page.getByTestId('rehearsal-broken')).toContainText('正在重试');
  reply = (to) => answer(to, 200, view({ done: 500 }));
  await expect(page.getByTestId('rehearsal-broken')).toHaveCount(0);
  await expect(page.getByTestId('rehearsal-progress')).toHaveAttribute('aria-valuenow', '500');
  expect(asked).not.toContain('DELETE');
  await page.getByRole('navigation').getByRole('link', { name: '会员', exact: true }).filter({ visible: true }).click();
  await expect.poll(() => asked.filter((method) => method === 'DELETE').length).toBe(1);

  reply = (to) => answer(to, 409, { code: 1053, titleZh: '另一次试算正在进行，请等待结束或先取消。', title: 'Another one.' });
  await page.getByRole('navigation').getByRole('link', { name: '规则' }).filter({ visible: true }).click();
  await page.getByTestId('rehearse').click();
  await expect(page.getByTestId('rehearsal')).toContainText('另一次试算正在进行');
  await expect(page.getByTestId('rehearsal')).toContainText('编号 1053');
  await shot(page, 'rehearsal-8-under-way-1920x1080-zh');
  reply = (to) => answer(to, 200, view({ state: 'done', done: 1_000, customers: 0 }));
  await page.getByTestId('retry').click();
  await expect(page.getByTestId('rehearsal')).toContainText('过去 90 天没有会员消费');
  await shot(page, 'rehearsal-9-nobody-1920x1080-zh');
  reply = (to) => answer(to, 200, view({ state: 'done', done: 1_000, different: 7 }));
  await page.getByTestId('rehearsal-again').click();
  await expect(page.getByTestId('rehearsal-headline')).toHaveText('过去 90 天有 7 笔与实际入账不一致');
  reply = (to) => answer(to, 200, view({ state: 'failed' }));
  await page.getByTestId('rehearsal-again').click();
  await expect(page.getByTestId('rehearsal-headline')).toContainText('试算没有完成');
});

test('on a phone nothing is wider than the screen, and every target is large enough', async ({ page, world }) => {
  await page.setViewportSize(phone.viewport);
  await withDraft(page, world);
  await shot(page, `rehearsal-bar-${phone.name}-zh`);
  await page.getByTestId('rehearse').click();
  await ended(page);
  await expect(page.locator('[data-test=rehearsal-bars] canvas')).toBeVisible();
  await expectNoOverflow(page);
  const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.rules-page :is(button, select, summary, a)')]
    .filter((element) => element.checkVisibility())
    .map((element) => ({ text: element.textContent?.trim().slice(0, 20), height: element.getBoundingClientRect().height }))
    .filter((element) => element.height < 47.5));
  expect(small).toEqual([]);
  await shot(page, `rehearsal-top-${phone.name}-zh`);
  await page.screenshot({ path: `artifacts/rules-rehearsal-whole-${phone.name}-zh.png`, fullPage: true });
  for (const part of ['figure-points', 'rehearsal-stores', 'rehearsal-rules', 'rehearsal-most']) {
    await page.getByTestId(part).evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await shot(page, `rehearsal-${part.replace('rehearsal-', '')}-${phone.name}-zh`);
  }
  for (const width of [1366, 1024, 800]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoOverflow(page);
  }
  await page.setViewportSize(desktop.viewport);
});
