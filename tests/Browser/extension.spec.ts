import { card, member, statement } from './counter';
import { expect, expectNoOverflow, open, sizes, test } from './fixtures';

test('延长有效期: headquarters lets the points of a member end later; a day that is over is refused at its field', async ({ page, world, watched }) => {
  watched.allow.push(/422/);
  const who = await member(world, { saleMinor: 30_000 });
  await open(page, world, `/members/${who.id}`);
  const before = (await card(world, who.id)).points.spendable;
  await page.getByTestId('extend').click();
  await expect(page.getByTestId('extend-last')).toBeFocused();
  await page.getByTestId('extend-last').fill('2020-01-01');
  await page.getByTestId('reason').fill('客诉补偿');
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('extend-dialog').getByTestId('field-problem')).toContainText('124');
  await page.getByTestId('extend-last').fill('2029-06-30');
  await page.screenshot({ path: 'artifacts/extension-1920x1080-zh.png' });
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('extend-dialog')).toHaveCount(0);
  expect((await statement(world, who.id))[0]).toMatchObject({ kind: 'points-extended' });
  expect((await card(world, who.id)).points.spendable).toBe(before);
  await expect(page.locator('.entry.points-extended')).toBeVisible();
  await expect(page.getByText('2029')).not.toHaveCount(0);
});

test('the dialog in English fits a phone and holds nothing of the other language', async ({ page, world }) => {
  const who = await member(world, { saleMinor: 30_000 });
  await page.setViewportSize(sizes[1].viewport);
  await open(page, world, `/members/${who.id}`, 'en');
  await page.getByTestId('extend').click();
  const dialog = page.getByTestId('extend-dialog');
  await expect(dialog).toContainText('Let points end later');
  await expectNoOverflow(page);
  const chinese = (await dialog.innerText()).match(/[\u4e00-\u9fff]+/g) ?? [];
  expect(chinese).toEqual([]);
  await page.screenshot({ path: 'artifacts/extension-390x844-en.png' });
});
