import { begin as counter, find, member, statement } from './counter';
import { expect, expectNoOverflow, open, sizes, test } from './fixtures';
import { begin, settled, type Version } from './rules';

test('贵宾双倍: a tag enters the dictionary, a rule asks for it, a member gets it, the counter shows it, and it is taken off', async ({ page, world, watched }) => {
  test.setTimeout(120_000);
  // One day is refused on purpose.
  watched.allow.push(/422 \(Unprocessable Entity\).*\/tags$/);
  const who = await member(world, { saleMinor: 50_00 });
  await begin(page, world);
  await page.getByTestId('tags').locator('summary').click();
  await expect(page.getByTestId('tags-said')).toHaveText('还没有标签');
  await page.getByTestId('new-tag').click();
  await expect(page.getByTestId('tag-nameZh')).toBeFocused();
  await page.getByTestId('tag-nameZh').fill('贵宾');
  await expect(page.getByTestId('tag').getByTestId('field-error').last()).toContainText('编号 406');
  await page.getByTestId('tag-nameEn').fill('VIP');
  await expect(page.getByTestId('tag').getByTestId('field-error')).toHaveCount(0);

  await page.getByTestId('add-rule').click();
  await expect(page.getByTestId('add-tag')).toBeVisible();
  await page.getByTestId('add-tag').click();
  await page.keyboard.type('贵宾');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('fact-tag')).toContainText('贵宾');
  await expect(page.getByTestId('editor-sentence')).toContainText('当 会员 带有标签 贵宾：积分 ×2');
  await page.getByTestId('editor-done').click();

  // The example member carries it, or not.
  await page.getByTestId('line-price').fill('100');
  const plain = 100;
  await expect(page.getByTestId('points-draft')).toHaveText(String(plain));
  await page.getByTestId('basket-tags').locator('.el-select__wrapper').click();
  await page.keyboard.type('贵宾');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await settled(page);
  await expect(page.getByTestId('points-draft')).toHaveText(String(2 * plain));
  await page.screenshot({ path: 'artifacts/tags-rules-1920x1080-zh.png', fullPage: true });
  await page.setViewportSize(sizes[1].viewport);
  await expectNoOverflow(page);
  await page.screenshot({ path: 'artifacts/tags-rules-390x844-zh.png', fullPage: true });
  await page.setViewportSize(sizes[0].viewport);

  await page.getByTestId('publish').click();
  await expect(page.getByTestId('changes')).toContainText('会员标签字典');
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  const { document } = await world.server.ask<Version & { document: { tags: { id: string; nameZh: string; nameEn: string }[] } }>('GET', '/v1/programme');
  expect(document.tags).toMatchObject([{ nameZh: '贵宾', nameEn: 'VIP' }]);
  expect(document.earning?.rules).toMatchObject([{ when: { all: [{ fact: 'tag', in: [document.tags[0]!.id] }] } }]);

  await page.goto(`${world.server.url}/members/${who.id}`);
  await expect(page.getByTestId('tags-none')).toBeVisible();
  await page.getByTestId('tag-add').click();
  await expect(page.getByTestId('tag-which')).toHaveValue(document.tags[0]!.id);
  await page.getByTestId('tag-last').fill('2020-01-01');
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('tag-dialog')).toContainText('标签的最后一天应为今天');
  await page.getByTestId('tag-last').fill('2030-06-30');
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('held-tag')).toContainText('贵宾');
  await expect(page.getByTestId('held-tag')).toContainText('2030');
  await expect(page.getByTestId('timeline')).toContainText('打上标签“贵宾”，至');
  await page.screenshot({ path: 'artifacts/tags-member-1920x1080-zh.png', fullPage: true });
  await page.setViewportSize(sizes[1].viewport);
  await expectNoOverflow(page);
  await page.setViewportSize(sizes[0].viewport);

  await world.server.purchase(who.id, world.member.store, 'TAGGED-1', 100_00);
  const [sold] = await statement(world, who.id);
  expect(sold).toMatchObject({ receipt: 'TAGGED-1', points: 2 * plain });
  await counter(page, world);
  await find(page, who.phone);
  await expect(page.getByTestId('counter-tags')).toContainText('贵宾');
  await page.screenshot({ path: 'artifacts/tags-counter-1920x1080-zh.png' });

  await open(page, world, `/members/${who.id}`);
  await page.getByTestId('tag-off').click();
  await expect(page.getByTestId('untag-dialog')).toContainText('已记的积分不变');
  await page.getByTestId('act-confirm').click();
  await expect(page.getByTestId('tags-none')).toBeVisible();
  await expect(page.getByTestId('timeline')).toContainText('移除标签“贵宾”');
});
