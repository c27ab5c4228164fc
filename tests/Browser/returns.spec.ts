import { begin, find, member } from './counter';
import { issue, publishCoupons, shot, someKinds } from './coupons';
import { expect, test } from './fixtures';

test('what a return pays back is on its button, where a coupon falls away too; the focus finds its way after a dialog', async ({ page, world }) => {
  await publishCoupons(world, someKinds);
  const who = await member(world);
  const [number] = await issue(world, who.id, 'full-300', 2);
  await world.server.ask('POST', '/v1/purchases', {
    customer: { id: who.id }, store: world.member.otherStore, receipt: 'COUPON-BACK', coupons: [number], lines: [{ line: 1, product: 'HF-1002', category: '护肤', quantity: 1, priceMinor: 200_00 }, { line: 2, product: 'GJ-5002', quantity: 1, priceMinor: 100_00 }],
  }, 'COUPON-BACK');

  // 250.00 were paid. The 200.00 had cost 166.67; what is kept costs 100.00 without the coupon, so 150.00 go back.
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('t');
  await expect(page.getByTestId('return-sale').first()).toBeFocused();
  await page.keyboard.press('1');
  await page.getByTestId('return-line').first().getByRole('checkbox').click();
  await expect(page.getByTestId('confirm')).toContainText('¥150.00');
  await expect(page.getByTestId('return-adjustment')).toContainText('优惠券重新核算');
  await expect(page.getByTestId('return-adjustment')).toContainText('−¥16.67');
  await expect(page.getByTestId('return-effects')).toContainText('满300减50');
  await shot(page, '13-return-1920x1080-zh');
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('result-main')).toHaveText('¥150.00');
  await expect(page.getByTestId('result-done')).toContainText('应退金额');
  await expect(page.getByTestId('coupon-adjusted')).toContainText('−¥16.67');
  await shot(page, '14-returned-1920x1080-zh');

  await page.goto(`${world.server.url}/members/${who.id}`);
  const tickets = page.getByTestId('member-coupon');
  await expect(tickets).toHaveCount(2);
  await tickets.first().getByTestId('revoke').click();
  await page.getByRole('button', { name: '取消' }).click();
  await expect(tickets.first().getByTestId('revoke')).toBeFocused();
  await tickets.first().getByTestId('revoke').click();
  await page.keyboard.press('Escape');
  await expect(tickets.first().getByTestId('revoke')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '发错了' }).click();
  await page.getByTestId('act-confirm').click();
  await expect(tickets).toHaveCount(1);
  await expect(page.getByTestId('member-coupons').getByRole('heading')).toBeFocused();
  await page.getByTestId('issue').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('issue')).toBeFocused();
});
