import type { Page } from '@playwright/test';
import { expect, expectNoOverflow, sizes, test, texts, type World } from './fixtures';
import { begin, publish, settled, shot, weekend, type Version } from './rules';

const [desktop, phone] = sizes;
const threeMinutesMs = 180_000;
const saturday = '2026-11-28';
const sentence = '当 会员等级 是 金卡会员 且 商品类目 属于 护肤，在 周末，于 华东 门店：积分 ×2，每人每月最多 500';

async function choose(page: Page, fact: string, typed: string): Promise<void> {
  await page.getByTestId(`add-${fact}`).click();
  // The field of the new condition has the focus already.
  await page.keyboard.type(typed);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(`fact-${fact}`)).toContainText(typed);
}

test('a person makes double points on skincare for gold members at weekends in the east, sees it answer, and publishes it within three minutes', async ({ page, world }) => {
  test.setTimeout(threeMinutesMs);
  await begin(page, world);
  await shot(page, '1-empty-1920x1080-zh');
  const started = Date.now();

  await page.getByRole('button', { name: '新建规则' }).click();
  await expect(page.getByTestId('rule-editor').locator('h2')).toBeFocused();
  await choose(page, 'tier', '金卡会员');
  await page.getByTestId('add-condition').click();
  await choose(page, 'category', '护肤');
  await page.getByTestId('add-condition').click();
  await page.getByTestId('add-weekday').click();
  await page.getByTestId('weekend').click();
  await page.getByTestId('add-condition').click();
  await choose(page, 'region', '华东');
  await shot(page, '2-conditions-1920x1080-zh');

  await page.getByTestId('factor').fill('2');
  await page.getByTestId('add-cap').click();
  await page.getByTestId('cap-points').fill('500');
  await expect(page.getByTestId('editor-sentence')).toHaveText(sentence);
  await expect(page.getByTestId('nameZh')).toHaveValue('金卡会员 护肤 周末 华东 积分 ×2');
  await expect(page.getByTestId('changes-count')).toHaveText('未发布的修改 1 处');

  // A basket that does not fit is told why; one that does earns double; a large one finds the cap.
  const store = world.stores.find(({ region }) => region === '华东')!;
  await page.getByTestId('basket-store').click();
  await page.getByRole('option', { name: store.name }).click();
  await page.getByTestId('basket-tier').selectOption({ label: '金卡会员' });
  await page.getByTestId('basket-day').fill(saturday);
  await page.getByTestId('basket-time').fill('15:00');
  await page.getByTestId('line-category').fill('彩妆');
  await page.getByTestId('line-price').fill('100');
  await settled(page);
  await expect(page.getByTestId('points-difference')).toHaveText('0');
  await expect(page.getByTestId('trial-rule')).toContainText('商品类目');
  await shot(page, '3-does-not-fit-1920x1080-zh');
  await page.getByTestId('line-category').fill('护肤');
  await expect(page.getByTestId('points-now')).toHaveText('130');
  await expect(page.getByTestId('points-draft')).toHaveText('260');
  await expect(page.getByTestId('points-difference')).toHaveText('+130');
  await shot(page, '4-double-1920x1080-zh');
  await page.getByTestId('line-price').fill('1000');
  await expect(page.getByTestId('points-difference')).toHaveText('+500');
  await expect(page.getByTestId('trial-rule')).toContainText('上限');
  await shot(page, '5-capped-1920x1080-zh');

  await page.getByTestId('editor-done').click();
  await expect(page.getByTestId('rule-edit')).toBeFocused();
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('change')).toHaveCount(1);
  await expect(page.getByTestId('changes')).toContainText('新增');
  await expect(page.getByTestId('changes')).toContainText(sentence);
  await page.getByTestId('publish-note').fill('冬季护肤周末双倍');
  await shot(page, '6-publish-1920x1080-zh');
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  await expect(page.getByTestId('changes-count')).toHaveText('没有未发布的修改');
  await shot(page, '7-published-1920x1080-zh');

  await page.reload();
  await expect(page.getByTestId('rule-row')).toContainText(sentence);
  await expect(page.getByTestId('restored')).toHaveCount(0);
  const elapsedMs = Date.now() - started;
  test.info().annotations.push({ type: 'elapsed', description: `${(elapsedMs / 1_000).toFixed(1)} s` });
  expect(elapsedMs, 'from the empty list to the published rule').toBeLessThan(threeMinutesMs);
  await settled(page);
  await shot(page, '8-reloaded-1920x1080-zh');

  // What stands in the document is what the sentence says, and nothing else of it changed.
  const { document } = await world.server.ask<Version>('GET', '/v1/programme');
  expect(document.earning!.rules).toMatchObject([{
    when: { all: [{ fact: 'tier', in: ['gold'] }, { fact: 'category', in: ['护肤'] }, { fact: 'weekday', in: ['sat', 'sun'] }, { fact: 'region', in: ['华东'] }] },
    give: { kind: 'multiply', percent: 200 }, caps: [{ per: 'month', points: 500, over: 'reduce' }],
  }]);

  await page.getByTestId('language').filter({ visible: true }).click();
  await expect(page.getByTestId('rule-row')).toContainText('When tier is Gold and category is 护肤, at weekends, in stores of 华东: points ×2, at most 500 per member and month');
  await page.getByTestId('rule-edit').click();
  await settled(page);
  await shot(page, '9-editor-1920x1080-en');
});

test('a wrong value shows its error at its field, at its rule and with its number, and is not published', async ({ page, world }) => {
  await begin(page, world, [weekend('a', '周末一倍半'), weekend('b', '周末两倍')]);
  await page.getByTestId('rule-edit').nth(1).click();
  await page.getByTestId('factor').fill('0.5');
  const error = page.getByTestId('rule-editor').getByTestId('field-error');
  await expect(error).toContainText('倍数应在 1.01 到 10 之间');
  await expect(error).toContainText('编号 407');
  await expect(page.getByTestId('factor')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('rule-row').nth(1).getByTestId('rule-mistakes')).toHaveText('1 处要改');
  await expect(page.getByTestId('rule-row').first().getByTestId('rule-mistakes')).toHaveCount(0);
  await expect(page.getByTestId('points-draft')).toHaveText('–');
  await shot(page, 'wrong-1920x1080-zh');
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('publish-dialog')).toContainText('还有 1 处要改');
  await expect(page.getByTestId('publish-confirm')).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('publish-dialog')).toHaveCount(0);
  await expect(page.getByTestId('publish')).toBeFocused();

  await page.getByTestId('factor').fill('两倍');
  await expect(error).toContainText('编号 405');
  await page.getByTestId('factor').fill('2');
  await expect(error).toHaveCount(0);
  // A condition without a value, inside a group, is told where it stands.
  await page.getByTestId('add-condition').click();
  await page.getByTestId('add-product').click();
  await expect(page.getByTestId('fact-product').getByTestId('field-error')).toContainText('编号 419');
  await page.keyboard.type('HF-1001');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('fact-product').getByTestId('field-error')).toHaveCount(0);
  // What was typed is taken when the field is left; what was only searched for and then chosen is not.
  await page.keyboard.type('HF-1002');
  await page.getByTestId('factor').click();
  await expect(page.getByTestId('editor-sentence')).toContainText('商品 是 HF-1001、HF-1002');
  await page.getByTestId('editor-done').click();
  await page.getByTestId('rule-edit').first().click();
  await page.getByTestId('add-condition').click();
  await page.getByTestId('add-product').click();
  await page.keyboard.type('1002');
  await page.getByRole('option', { name: 'HF-1002' }).click();
  await page.getByTestId('factor').click();
  await expect(page.getByTestId('editor-sentence')).toContainText('商品 是 HF-1002，');
  // An id that has a name is shown by its name, as in the sentence.
  await page.getByTestId('add-condition').click();
  await page.getByTestId('add-channel').click();
  await page.keyboard.type('app');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('fact-channel').locator('.el-tag')).toHaveText('手机应用');
  await expect(page.getByTestId('editor-sentence')).toContainText('手机应用');
});

test('rules are switched, copied, moved and deleted with the keyboard, and a deletion is taken back', async ({ page, world }) => {
  await begin(page, world, [weekend('a', '甲'), weekend('b', '乙'), weekend('c', '丙')]);
  const rows = page.getByTestId('rule-row');
  const names = (): Promise<string[]> => rows.locator('strong').allTextContents();
  await rows.nth(2).getByTestId('rule-up').focus();
  await page.keyboard.press('Enter');
  expect(await names()).toEqual(['甲', '丙', '乙']);
  await expect(rows.nth(1).getByTestId('rule-up')).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await names()).toEqual(['丙', '甲', '乙']);
  await expect(rows.first().getByTestId('rule-down'), 'at the top the other way has the focus').toBeFocused();
  await expect(page.getByTestId('changes-count')).toHaveText('未发布的修改 1 处');

  await rows.nth(1).getByTestId('rule-switch').focus();
  await page.keyboard.press('Space');
  await expect(rows.nth(1).getByTestId('rule-switch')).toHaveAttribute('aria-checked', 'false');
  await rows.nth(1).getByTestId('rule-remove').focus();
  await page.keyboard.press('Enter');
  expect(await names()).toEqual(['丙', '乙']);
  await expect(page.getByTestId('undo')).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await names()).toEqual(['丙', '甲', '乙']);
  await expect(rows.nth(1).getByTestId('rule-switch')).toHaveAttribute('aria-checked', 'false');

  await rows.first().getByTestId('rule-copy').focus();
  await page.keyboard.press('Enter');
  expect(await names()).toEqual(['丙', '丙 副本', '甲', '乙']);
  await expect(page.getByTestId('rule-editor').locator('h2')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(rows.nth(1).getByTestId('rule-edit')).toBeFocused();
  await page.getByTestId('discard').click();
  expect(await names()).toEqual(['甲', '乙', '丙']);
});

test('a closed tab loses nothing, and a version that came in between keeps both sides', async ({ page, world }) => {
  await begin(page, world, [weekend('a', '甲'), weekend('b', '乙')]);
  await page.getByTestId('rule-edit').first().click();
  await page.getByTestId('factor').fill('3');
  await expect(page.getByTestId('changes-count')).toHaveText('未发布的修改 1 处');
  const again = await page.context().newPage();
  await page.close();
  await again.goto(`${world.server.url}/rules`);
  await goesOn(again, world);
});

/** In the tab that was opened after the first one was closed. */
async function goesOn(page: Page, world: World): Promise<void> {
  await expect(page.getByTestId('restored')).toContainText('已恢复');
  await expect(page.getByTestId('rule-row').first()).toContainText('×3');

  // Somebody else publishes; publishing is refused and offers to go on from there.
  await publish(world, [weekend('a', '甲'), weekend('b', '乙'), weekend('n', '新来的')]);
  await page.getByTestId('publish').click();
  await page.getByTestId('publish-confirm').click();
  const conflict = page.getByTestId('conflict');
  await expect(conflict).toContainText('编号 421');
  await shot(page, 'conflict-1920x1080-zh');
  await page.getByTestId('conflict-keep').click();
  await expect(page.getByTestId('rule-row')).toHaveCount(3);
  await expect(page.getByTestId('rule-row').first()).toContainText('×3');
  await page.getByTestId('publish').click();
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  await page.reload();
  await expect(page.getByTestId('rule-row').first()).toContainText('×3');
  await expect(page.getByTestId('restored')).toHaveCount(0);
}

test('an earlier version tells its differences and comes back through the same dialog', async ({ page, world }) => {
  await begin(page, world, [weekend('a', '甲')]);
  await publish(world, [weekend('a', '甲'), weekend('b', '乙')]);
  await page.reload();
  await page.getByTestId('tab-versions').click();
  await page.getByTestId('version').nth(1).click();
  await expect(page.getByTestId('version-detail').getByTestId('change')).toHaveCount(1);
  await expect(page.getByTestId('version-detail')).toContainText('删除');
  await shot(page, 'versions-1920x1080-zh');
  await page.setViewportSize(phone.viewport);
  await expectNoOverflow(page);
  await shot(page, `versions-${phone.name}-zh`);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByTestId('version').first().click();
  await expect(page.getByTestId('version-same')).toBeVisible();
  await page.getByTestId('version').nth(1).click();
  await page.getByTestId('restore').click();
  await expect(page.getByTestId('publish-note')).toHaveValue(/恢复第 \d+ 版/);
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  await expect(page.getByTestId('rule-row')).toHaveCount(1);
});

test('a rule that asks for a brand lets the example basket name one, on any screen', async ({ page, world }) => {
  await begin(page, world, [{ id: 'b', nameZh: '青禾双倍', nameEn: 'Qinghe twice', when: { fact: 'brand', in: ['青禾'] }, give: { kind: 'multiply', percent: 200 } }]);
  await expect(page.getByTestId('rule-row')).toContainText('品牌 是 青禾');
  await page.getByTestId('line-price').fill('100');
  await settled(page);
  const plain = Number(await page.getByTestId('points-now').textContent());
  await page.getByTestId('line-brand').fill('青禾');
  await settled(page);
  await expect(page.getByTestId('points-now')).toHaveText(String(2 * plain));
  await shot(page, `brand-${desktop.name}-zh`);
  await page.getByTestId('rule-edit').click();
  await expect(page.getByTestId('fact-brand')).toContainText('青禾');
  await page.setViewportSize(phone.viewport);
  await expectNoOverflow(page);
  await page.getByTestId('line-brand').scrollIntoViewIfNeeded();
  await shot(page, `brand-${phone.name}-zh`);
});

test('on a phone the editor fills the screen, nothing is wider than it, every target is large enough', async ({ page, world }) => {
  await page.setViewportSize(phone.viewport);
  await begin(page, world, [weekend('a', '周末一倍半')]);
  await settled(page);
  await expectNoOverflow(page);
  await shot(page, `list-${phone.name}-zh`);
  await page.getByTestId('rule-edit').click();
  await page.getByTestId('add-condition').click();
  await page.getByTestId('add-day').click();
  await page.getByTestId('from').fill('2026/12/1');
  await page.getByTestId('add-condition').click();
  await page.getByTestId('add-time').click();
  await page.getByTestId('add-cap').click();
  await settled(page);
  await expectNoOverflow(page);
  await expect(page.getByTestId('editor-sentence')).toContainText('从 2026-12-01 起');
  const box = await page.locator('.beside').boundingBox();
  expect(box).toMatchObject({ x: 0, y: 0, width: phone.viewport.width, height: phone.viewport.height });
  const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.beside :is(button, select, .chip, .input, .el-select__wrapper)')]
    .filter((element) => element.checkVisibility())
    .map((element) => ({ text: element.textContent?.trim().slice(0, 20), height: element.getBoundingClientRect().height }))
    .filter((element) => element.height < 47.5));
  expect(small).toEqual([]);
  await page.locator('.beside').evaluate((element) => element.scrollTo(0, 0));
  await shot(page, `editor-${phone.name}-zh`);
  await page.locator('.beside').evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await shot(page, `editor-basket-${phone.name}-zh`);
  await page.getByTestId('editor-done').click();
  await expect(page.getByTestId('rule-edit')).toBeFocused();
});

test('the editor in either language holds nothing of the other, and fits at every width', async ({ page, world }) => {
  await begin(page, world, [{ id: 'a', nameZh: '周末', nameEn: 'Weekend', give: { kind: 'fixed', points: 50 }, when: { all: [{ fact: 'crossStore', is: true }, { not: { fact: 'channel', in: ['store', 'mini-program', 'app', 'online'] } }, { fact: 'day', from: '2026-12-01' }] }, minimum: { amountMinor: 20_000, quantity: 2 }, group: 'g1', caps: [{ per: 'day', points: 10, over: 'refuse' }] }]);
  await page.getByTestId('rule-edit').click();
  await settled(page);
  const english = (await texts(page, /[A-Za-z]{2,}/)).filter((text) => !/^(EN|ChainCrm)$/.test(text) && !world.stores.some(({ id }) => text.includes(id)));
  expect(english).toEqual([]);
  for (const width of [desktop.viewport.width, 1366, 1024, 800]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoOverflow(page);
  }
  await page.setViewportSize(desktop.viewport);
  await page.getByTestId('language').filter({ visible: true }).click();
  const names = world.stores.flatMap(({ name, region, city }) => [name, region, city]);
  const chinese = (await texts(page, /[\u4e00-\u9fff]/)).filter((text) => text !== '中' && !names.some((name) => text.includes(name)) && !text.includes('花漾美妆'));
  expect(chinese).toEqual([]);
});

test('when points end is chosen among four kinds, checked while one types, said in a sentence and published', async ({ page, world }) => {
  await begin(page, world);
  const form = page.getByTestId('expiry');
  await form.locator('summary').click();
  const choose = (name: string): Promise<void> => form.locator('label', { hasText: name }).first().click();
  await choose('固定日期');
  await page.getByTestId('expiry-days').fill('06-30, 02-30');
  await expect(form.getByTestId('field-error')).toContainText('编号 430');
  await expect(page.getByTestId('expiry-days')).toHaveAttribute('aria-invalid', 'true');
  await page.getByTestId('expiry-days').fill('12-31, 06-30');
  await expect(form.getByTestId('field-error')).toHaveCount(0);
  await page.getByTestId('expiry-minimum').fill('4000');
  await expect(form.getByTestId('field-error')).toContainText('0 到 3,660');
  await page.getByTestId('expiry-minimum').fill('30');
  await expect(form.getByTestId('field-error')).toHaveCount(0);
  await expect(page.getByTestId('expiry-sentence')).toHaveText('每年 06-30, 12-31 日终到期，至少可用 30 天');
  await shot(page, 'expiry-calendar-1920x1080-zh');
  await choose('最近消费后若干月');
  await page.getByTestId('expiry-months').fill('');
  await expect(form.getByTestId('field-error')).toHaveCount(1);
  await page.getByTestId('expiry-months').fill('18');
  await expect(page.getByTestId('expiry-sentence')).toHaveText('最近一次消费后 18 个月的月底到期');
  await expect(page.getByTestId('changes-count')).toHaveText('未发布的修改 1 处');
  await settled(page);
  await expectNoOverflow(page);
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('changes')).toContainText('最近一次消费后 18 个月');
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  const { document } = await world.server.ask<Version>('GET', '/v1/programme');
  expect(document.points!.expiry).toEqual({ kind: 'inactivity', months: 18, roundUpTo: 'month' });
  await page.setViewportSize(phone.viewport);
  await form.locator('summary').click();
  await expectNoOverflow(page);
  await shot(page, `expiry-${phone.name}-zh`);
});
