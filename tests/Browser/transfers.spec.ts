import type { Page } from '@playwright/test';
import { card, member, statement } from './counter';
import { expect, expectNoOverflow, open, sizes, test, texts } from './fixtures';
import { begin, settled, type Version } from './rules';

const shot = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: `artifacts/transfers-${name}.png` });

test('headquarters lets members give points, and one gives another some on the member page', async ({ page, world, watched }) => {
  // Nobody has that phone, and five points are too few.
  watched.allow.push(/404/, /422/);
  await begin(page, world);
  const form = page.getByTestId('transfer');
  await expect(page.getByTestId('transfer-sentence')).toHaveText('不支持');
  await form.locator('summary').click();
  await form.locator('label', { hasText: '可转赠给任何会员' }).first().click();
  await page.getByTestId('transfer-least').fill('10');
  await page.getByTestId('transfer-day').fill('5');
  await expect(form.getByTestId('field-error')).toContainText('不少于每次至少');
  await page.getByTestId('transfer-day').fill('500');
  await expect(form.getByTestId('field-error')).toHaveCount(0);
  await expect(page.getByTestId('transfer-sentence')).toHaveText('可转赠给任何会员，每次至少 10 分，每人每天最多 500 分');
  await settled(page);
  await expectNoOverflow(page);
  await shot(page, 'rules-1920x1080-zh');
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('changes')).toContainText('每人每天最多 500 分');
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  const { document } = await world.server.ask<Version & { document: { points: { transfer: unknown } } }>('GET', '/v1/programme');
  expect(document.points.transfer).toEqual({ to: 'anybody', leastPoints: 10, mostPointsPerDay: 500 });

  const [giver, receiver] = [await member(world, { saleMinor: 30_000 }), await member(world)];
  const before = (await card(world, giver.id)).points.spendable;
  await page.goto(`${world.server.url}/members/${giver.id}`);
  await page.getByTestId('give').click();
  await page.getByTestId('give-to').fill('13800000999');
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('give-nobody')).toBeVisible();
  await page.getByTestId('give-to').fill(receiver.phone);
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('give-receiver')).toContainText('林小满');
  await page.getByTestId('give-points').fill('5');
  await page.getByTestId('reason').fill('节日礼物');
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('field-problem')).toContainText('转赠积分少于规则要求的最低数量');
  await page.getByTestId('give-points').fill('60');
  await shot(page, 'give-1920x1080-zh');
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('give-dialog')).toHaveCount(0);
  expect([(await card(world, giver.id)).points.spendable, (await card(world, receiver.id)).points.spendable]).toEqual([before - 60, 60]);
  expect((await statement(world, receiver.id))[0]).toMatchObject({ kind: 'transfer-received', points: 60 });
  await expect(page.locator('.entry.transfer-sent')).toContainText('积分转赠');
  await page.locator('.entry.transfer-sent').getByTestId('why').click();
  await expect(page.locator('.entry.transfer-sent')).toContainText('有效期随积分转移');
  await page.getByTestId('other-customer').first().click();
  await expect(page.locator('.entry.transfer-received')).toContainText('收到转赠积分');
  await shot(page, 'received-1920x1080-zh');
});

test('the dialog in either language fits a phone and holds nothing of the other', async ({ page, world }) => {
  const { version, document } = await world.server.ask<Version & { document: { points: object } }>('GET', '/v1/programme');
  await world.server.ask('PUT', '/v1/programme', { document: { ...document, points: { ...document.points, transfer: { to: 'anybody' } } }, basedOnVersion: version }, 'transfers-phone');
  const giver = await member(world, { saleMinor: 30_000 });
  await page.setViewportSize(sizes[1].viewport);
  await open(page, world, `/members/${giver.id}`, 'en');
  await page.getByTestId('give').click();
  await page.getByTestId('give-to').fill(giver.phone);
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('give-receiver')).toBeVisible();
  await expectNoOverflow(page);
  const chinese = (await texts(page, /[\u4e00-\u9fff]/)).filter((text) => text !== '中' && !text.includes('林小满') && !world.stores.some(({ name, region, city }) => [name, region, city].some((word) => text.includes(word))));
  expect(chinese.filter((text) => !text.includes('花漾美妆'))).toEqual([]);
  await shot(page, 'give-390x844-en');
});
