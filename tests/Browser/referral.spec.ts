import { begin as counter, find, member } from './counter';
import { expect, expectNoOverflow, open, sizes, test } from './fixtures';
import { begin, settled } from './rules';

test('推荐有礼: switched on with its terms, a friend enrols with the code, and both get their points', async ({ page, world, watched }) => {
  test.setTimeout(120_000);
  const ann = await member(world);
  await begin(page, world);
  await page.getByTestId('referral').locator('summary').click();
  await expect(page.getByTestId('referral-sentence')).toHaveText('未开通');
  await page.getByTestId('referral-on').check();
  await expect(page.getByTestId('referral-sentence')).toContainText('好友入会后 30 天内首笔满 ¥100 的消费，推荐人得 200 分，好友得 100 分，推荐人每年最多 20 次');
  await page.getByTestId('referral-days').fill('400');
  await expect(page.getByTestId('referral').getByTestId('field-error')).toContainText('编号 407');
  await page.getByTestId('referral-days').fill('60');
  await page.getByTestId('referral-friend').fill('50');
  await settled(page);
  await expect(page.getByTestId('referral').getByTestId('field-error')).toHaveCount(0);
  await page.screenshot({ path: 'artifacts/referral-rules-1920x1080-zh.png', fullPage: true });
  await page.setViewportSize(sizes[1].viewport);
  await expectNoOverflow(page);
  await page.setViewportSize(sizes[0].viewport);
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('changes')).toContainText('推荐有礼');
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');

  await open(page, world, `/members/${ann.id}`);
  const code = (await page.getByTestId('referral-code').textContent())!;
  expect(code).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
  await page.screenshot({ path: 'artifacts/referral-member-1920x1080-zh.png', fullPage: true });

  // At the counter: a code that is nobody's is refused at its field, the right one enrols.
  watched.allow.push(/422 \(Unprocessable Entity\).*\/v1\/customers$/, /404 \(Not Found\).*\/v1\/identify$/);
  await counter(page, world);
  await page.getByTestId('find-text').fill('13711110099');
  await page.keyboard.press('Enter');
  await page.getByTestId('enrol').click();
  await page.getByTestId('enrol-code').fill('0000-0000-0000-0000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('没有这个推荐码')).toBeVisible();
  await page.getByTestId('enrol-code').fill(code.toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('counter-member')).toBeVisible();
  await expect(page.getByTestId('counter-referral')).toBeVisible();
  await page.screenshot({ path: 'artifacts/referral-counter-1920x1080-zh.png' });

  const friend = await world.server.ask<{ id: string }>('POST', '/v1/identify', { phone: '13711110099' });
  await world.server.purchase(friend.id, world.member.store, 'REFERRED-1', 120_00);
  await open(page, world, `/members/${ann.id}`);
  await expect(page.getByTestId('timeline')).toContainText('推荐有礼：推荐人奖励');
  await expect(page.getByTestId('timeline')).toContainText('+200');
  await open(page, world, `/members/${friend.id}`);
  await expect(page.getByTestId('timeline')).toContainText('推荐有礼：好友奖励');
  await page.screenshot({ path: 'artifacts/referral-friend-1920x1080-zh.png', fullPage: true });
  await counter(page, world);
  await find(page, ann.phone);
  await expect(page.getByTestId('counter-points')).toHaveText('200');
});
