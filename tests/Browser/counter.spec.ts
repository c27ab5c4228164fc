import type { Page } from '@playwright/test';
import { begin, card, find, member, statement, tapPad } from './counter';
import { expect, open, test, type World } from './fixtures';

const purchases = async (world: World, id: string): Promise<{ receipt?: string; amountMinor?: number; staff?: string }[]> => (await statement(world, id)).filter(({ kind }) => kind === 'purchase');
/** What this browser keeps. */
const kept = (page: Page): Promise<string> => page.evaluate(() => JSON.stringify({ ...localStorage }));

test('a sale from the search to the next customer with the keyboard alone, in the store that was chosen once', async ({ page, world }) => {
  const who = await member(world);
  await open(page, world, '/counter');
  await expect(page.getByTestId('place-filter')).toBeFocused();
  await page.keyboard.type(world.stores[0]!.name);
  await expect(page.getByTestId('place-store')).toHaveCount(1);
  await page.keyboard.press('Tab');
  await page.keyboard.type('e9');
  await page.keyboard.press('Enter');

  await expect(page.getByTestId('find-text')).toBeFocused();
  await page.keyboard.type(who.phone);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('act-sale')).toBeFocused();
  const outline = await page.getByTestId('act-sale').evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline, 'the focus can be seen').toBe('solid');
  await page.keyboard.press('t');
  await expect(page.getByTestId('empty')).toContainText('没有可退的消费');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('act-sale')).toBeFocused();
  await page.keyboard.press('j');
  await expect(page.getByTestId('amount')).toBeFocused();
  await page.keyboard.type('1x28.5');
  await expect(page.getByTestId('amount')).toHaveValue('128.5');
  await page.keyboard.press('Enter');

  await expect(page.getByTestId('result-main')).toHaveText('¥128.50');
  await expect(page.getByTestId('figure-earned')).toContainText('+128');
  await expect(page.getByTestId('figure-balance')).toContainText('128');
  await expect(page.getByTestId('counter-face')).toContainText('升为银卡会员');
  await page.keyboard.press('w');
  await expect(page.getByTestId('reasons')).toContainText('复算一致');
  await expect(page.getByTestId('next')).toBeFocused();
  await expect(async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('find-text')).toBeFocused({ timeout: 300 });
  }).toPass();

  expect(await purchases(world, who.id)).toMatchObject([{ amountMinor: 12_850, staff: 'e9' }]);
  // The choice outlives the page; who was served does not.
  await page.reload();
  await expect(page.getByTestId('place-change')).toContainText(world.stores[0]!.name);
  await expect(page.getByTestId('candidate')).toHaveCount(0);
});

test('goods one by one, paid with points and stored value: the rest is charged', async ({ page, world }) => {
  const who = await member(world, { saleMinor: 300_00, topUpMinor: 500_00 });
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('j');
  await page.keyboard.press('m');
  await page.keyboard.type('HF-1001');
  await page.getByTestId('line-category').fill('护肤');
  await page.getByTestId('line-price').fill('89');
  await page.getByTestId('line-quantity').fill('2');
  await page.getByTestId('line-discount').fill('8');
  await page.getByTestId('line-add').click();
  await page.keyboard.type('CZ-2001');
  await page.getByTestId('line-price').nth(1).fill('189');
  await expect(page.getByTestId('confirm')).toContainText('¥359.00');
  await page.getByTestId('pay-points').click();
  await expect(page.getByTestId('pay-points-amount')).toHaveValue('300');
  await page.getByTestId('pay-stored').click();
  await expect(page.getByTestId('pay-stored-amount')).toHaveValue('356');
  // What was proposed follows the total until somebody changes it.
  await page.getByTestId('line-discount').first().fill('18');
  await expect(page.getByTestId('pay-stored-amount')).toHaveValue('346');
  await page.getByTestId('pay-stored-amount').fill('300');
  await expect(page.getByTestId('confirm')).toContainText('¥46.00');
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('result-main')).toHaveText('¥46.00');
  await expect(page.getByTestId('figure-used')).toContainText('−300');
  await expect(page.getByTestId('figure-stored')).toContainText('¥230.00');
  expect(await purchases(world, who.id)).toMatchObject([{ amountMinor: 34_900 }, { amountMinor: 30_000 }]);
});

test.describe('with one thumb', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('a sale, and what the thumb needs is within its reach', async ({ page, world }) => {
    const who = await member(world);
    await begin(page, world);
    await tapPad(page, who.phone);
    await page.getByTestId('find-go-thumb').tap();
    await expect(page.getByTestId('counter-member')).toBeVisible();
    for (const verb of ['sale', 'redeem', 'topUp', 'return']) {
      const box = (await page.getByTestId(`act-${verb}`).boundingBox())!;
      expect(box.height).toBeGreaterThanOrEqual(48);
      expect(box.y, `${verb} lies in the lower half`).toBeGreaterThan(422);
      expect(box.y + box.height).toBeLessThanOrEqual(844 - 64);
    }
    await page.getByTestId('act-sale').tap();
    await tapPad(page, '88.8');
    await expect(page.getByTestId('amount')).toHaveValue('88.8');
    expect(await page.getByTestId('amount').getAttribute('inputmode'), 'the phone keeps its own keyboard down').toBe('none');
    await page.getByTestId('confirm').tap();
    await expect(page.getByTestId('result-main')).toHaveText('¥88.80');
    await page.getByTestId('next').tap();
    await expect(page.getByTestId('find')).toBeVisible();
    expect(await purchases(world, who.id)).toMatchObject([{ amountMinor: 8_880 }]);
  });
});

test('a top-up tells its gift before and after', async ({ page, world }) => {
  const who = await member(world);
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('c');
  await expect(page.getByTestId('step')).toHaveCount(3);
  await page.getByTestId('top-up-amount').fill('900');
  await expect(page.getByTestId('coming')).toContainText('¥930.00');
  await expect(page.getByText('再充 ¥100.00 可得赠金 ¥80.00')).toBeVisible();
  await page.getByTestId('step').nth(1).click();
  await expect(page.getByTestId('coming')).toContainText('¥1,080.00');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result-main')).toHaveText('¥1,000.00');
  await expect(page.getByTestId('figure-gift')).toContainText('+¥80.00');
  await expect(page.getByTestId('figure-stored')).toContainText('¥1,080.00');
  expect((await card(world, who.id)).storedValue).toMatchObject({ principalMinor: 100_000, giftMinor: 8_000 });

  // A lost card: frozen, and released again.
  await page.getByTestId('same-member').click();
  for (const frozen of [true, false]) {
    await page.keyboard.press('d');
    await page.getByTestId('confirm').click();
    await expect(page.getByTestId('result-done')).toContainText(frozen ? '储值已冻结' : '储值已解冻');
    await page.getByTestId('same-member').click();
    await expect(page.getByTestId('act-freeze')).toContainText(frozen ? '解冻储值' : '冻结储值');
    expect((await card(world, who.id)).storedValue?.frozen ?? false).toBe(frozen);
  }
});

test('points are frozen, pay for nothing meanwhile, and are released', async ({ page, world, watched }) => {
  watched.allow.push(/status of 422/);
  const who = await member(world, { saleMinor: 500_00 });
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('f');
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('result-done')).toContainText('积分已冻结');
  await page.getByTestId('same-member').click();
  await expect(page.getByTestId('counter-points')).toHaveText('0');
  await expect(page.getByTestId('counter-points-frozen')).toContainText('余额 500');
  await page.keyboard.press('y');
  await page.keyboard.type('120');
  await page.keyboard.press('Enter');
  await expect(page.getByText('编号 144')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('f');
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('result-done')).toContainText('积分已解冻');
  await page.getByTestId('same-member').click();
  await expect(page.getByTestId('counter-points')).toHaveText('500');
});

test('points buy a gift', async ({ page, world }) => {
  const who = await member(world, { saleMinor: 500_00 });
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('y');
  await page.keyboard.type('120');
  await expect(page.getByText('用后还剩 380 分')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result-main')).toHaveText('120');
  await expect(page.getByTestId('figure-balance')).toContainText('380');
  expect((await card(world, who.id)).points.spendable).toBe(380);
});

test('one of three pieces comes back, then the rest of the receipt in one touch', async ({ page, world }) => {
  const who = await member(world);
  await world.server.ask('POST', '/v1/purchases', {
    customer: { id: who.id }, store: world.member.otherStore, receipt: 'COUNTER-BACK', lines: [{ line: 1, product: 'HF-1002', category: '护肤', quantity: 3, priceMinor: 300_00 }, { line: 2, product: 'GJ-5002', quantity: 1, priceMinor: 29_00 }],
  }, 'COUNTER-BACK');
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('t');
  await expect(page.getByTestId('return-sale')).toBeFocused();
  await page.keyboard.press('1');
  const lines = page.getByTestId('return-line');
  await expect(lines).toHaveCount(2);
  await lines.first().getByRole('checkbox').click();
  await page.getByTestId('return-quantity').fill('1');
  await expect(page.getByTestId('confirm')).toContainText('¥100.00');
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('result-main')).toHaveText('¥100.00');
  await expect(page.getByTestId('figure-takenBack')).toContainText('−');

  await page.getByTestId('same-member').click();
  await page.keyboard.press('t');
  await expect(page.getByTestId('return-sale')).toContainText('已退 ¥100.00');
  await page.keyboard.press('Enter');
  await expect(lines.first()).toContainText('剩 2 / 3 件');
  await page.keyboard.press('z');
  await expect(page.getByTestId('confirm')).toBeFocused();
  await expect(page.getByTestId('confirm')).toContainText('¥229.00');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result-main')).toHaveText('¥229.00');
  expect((await card(world, who.id)).points.spendable).toBe(0);
  await page.getByTestId('same-member').click();
  await page.keyboard.press('t');
  await expect(page.getByTestId('return-sale')).toBeDisabled();
});

test('a sale whose answer is lost is kept, tried again over a reload, and counts once', async ({ page, world, watched }) => {
  watched.allow.push(/ERR_FAILED/);
  const who = await member(world);
  await begin(page, world);
  let lost = true;
  const sent: string[] = [];
  await page.route('**/v1/purchases', async (route) => {
    sent.push(`${route.request().headers()['idempotency-key']} ${route.request().postData()}`);
    // The server gets it and records it; its answer never arrives.
    const answer = await route.fetch();
    if (lost) await route.abort();
    else await route.fulfill({ response: answer });
  });
  await find(page, who.phone);
  await page.keyboard.press('j');
  await page.keyboard.type('66');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result-waiting')).toContainText('正在确认');
  expect(await kept(page)).not.toContain(who.phone);
  await page.keyboard.press('s');
  await expect.poll(() => sent.length).toBeGreaterThan(1);

  await page.reload();
  await expect(page.getByTestId('pending')).toContainText('1 笔正在确认');
  await find(page, who.phone);
  await expect(page.getByTestId('member-waiting')).toContainText('请勿重复录入');
  lost = false;
  await page.getByTestId('pending').click();
  await page.getByTestId('pending-retry').click();
  await expect(page.getByTestId('pending')).toHaveCount(0);
  await expect(page.getByTestId('member-waiting')).toHaveCount(0);
  expect(new Set(sent).size, 'every attempt is the same to the byte').toBe(1);
  expect(await purchases(world, who.id)).toMatchObject([{ amountMinor: 6_600 }]);
  expect(await kept(page)).not.toContain('counter.act');
});

test('an answer that comes while the counter waits turns into the result', async ({ page, world, watched }) => {
  watched.allow.push(/ERR_FAILED|ERR_INTERNET_DISCONNECTED/);
  const who = await member(world);
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('c');
  await page.keyboard.type('500');
  await page.context().setOffline(true);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result-waiting')).toContainText('¥500.00');
  await page.context().setOffline(false);
  await expect(page.getByTestId('result-done')).toBeVisible();
  await expect(page.getByTestId('figure-stored')).toContainText('¥530.00');
  expect((await card(world, who.id)).storedValue).toMatchObject({ principalMinor: 50_000, giftMinor: 3_000 });
});

test('a refusal stands at its field with what to do and its number, and the next try is another sale', async ({ page, world, watched }) => {
  watched.allow.push(/status of 422/);
  const who = await member(world, { topUpMinor: 100_00 });
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('j');
  await page.keyboard.type('300');
  await page.keyboard.press('c');
  await expect(page.getByTestId('pay-stored-amount')).toBeFocused();
  await page.keyboard.type('200');
  await page.keyboard.press('Enter');
  const field = page.locator('[data-field]', { has: page.getByTestId('pay-stored-amount') });
  await expect(field.getByTestId('field-problem')).toHaveText('储值余额不足。 请改小，差额改用其他方式付款。 编号 164');
  await expect(page.getByTestId('pay-stored-amount')).toBeFocused();
  await expect(page.getByTestId('pay-stored-amount')).toHaveAttribute('aria-invalid', 'true');
  await page.getByTestId('pay-stored-amount').fill('100');
  await expect(page.getByTestId('field-problem')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result-main')).toHaveText('¥200.00');
  expect(await purchases(world, who.id)).toHaveLength(1);
});

test('a phone that nobody knows is enrolled on the spot, and stays out of addresses and storage', async ({ page, world, watched }) => {
  watched.allow.push(/status of 40[04]/);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const phone = '13611112222';
  await begin(page, world);
  await page.keyboard.type(phone);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('enrol')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('enrol-phone')).toHaveValue(phone);
  await expect(page.getByTestId('enrol-name')).toBeFocused();
  await page.keyboard.type('周天天');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1399');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-field]', { has: page.getByTestId('enrol-birthday') }).getByTestId('field-problem')).toContainText('编号 1021');
  await page.getByTestId('enrol-birthday').fill('0816');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('welcome')).toBeVisible();
  await expect(page.getByTestId('counter-name')).toHaveText('周天天');
  const found = await world.server.ask<{ homeStore: string; birthday: string }>('POST', '/v1/identify', { phone });
  expect(found).toMatchObject({ homeStore: world.member.store, birthday: '--08-16' });
  expect(asked.filter((url) => url.includes(phone))).toEqual([]);
  expect(await kept(page)).not.toMatch(/13611112222|周天天/);

  // The same phone again is refused, and the refusal says where to go.
  await page.keyboard.press('x');
  await page.keyboard.type('13611113333');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('enrol')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByTestId('enrol-phone').fill(phone);
  watched.allow.push(/status of 409/);
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('field-problem')).toContainText('请返回，用这个号码查找会员。');
});

test('a till sells in its own store with masked names, and the last four digits choose among those it served', async ({ page, world, watched }) => {
  watched.allow.push(/status of 40[34]/);
  const [one, other] = [await member(world, { saleMinor: 50_00 }), await member(world)];
  const till = { role: 'till', store: world.member.otherStore, till: 'T1' };
  const { key } = await world.server.ask<{ key: string }>('POST', '/v1/keys', till, 'counter-till-key');
  await page.goto(`${world.server.url}/#key=${key}`);
  await expect(page.getByTestId('nav-counter')).toBeVisible();
  await page.getByTestId('nav-counter').click();
  await expect(page.getByTestId('place-change')).toContainText(world.stores[1]!.name);
  for (const who of [one, other]) {
    await find(page, who.phone);
    await expect(page.getByTestId('counter-name')).toHaveText('林**');
    await expect(page.getByTestId('counter-face')).not.toContainText(who.phone.slice(3, 7));
    await page.keyboard.press('x');
  }
  const digits = one.phone.slice(-4);
  await page.keyboard.type(digits);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('candidate')).toHaveCount(1);
  await expect(page.getByTestId('candidate')).toContainText(`尾号 ${digits}`);
  await expect(page.getByTestId('candidate')).toBeFocused();
  await page.keyboard.press('1');
  await expect(page.getByTestId('counter-points')).toHaveText('50');
  await page.keyboard.press('j');
  await page.keyboard.type('10');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result-main')).toHaveText('¥10.00');
  expect((await statement(world, one.id))[0]).toMatchObject({ kind: 'purchase', store: world.member.otherStore });
});

test('a viewer has no counter', async ({ page, world }) => {
  const { key } = await world.server.ask<{ key: string }>('POST', '/v1/keys', { role: 'viewer' }, 'counter-viewer-key');
  await page.goto(`${world.server.url}/#key=${key}`);
  await expect(page.getByTestId('nav-members')).toBeVisible();
  await expect(page.getByTestId('nav-counter')).toHaveCount(0);
  await page.goto(`${world.server.url}/counter`);
  await expect(page.getByTestId('empty')).toContainText('收银台需要收银或总部密钥');
});
