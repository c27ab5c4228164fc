import type { Page } from '@playwright/test';
import { begin, find, member } from './counter';
import { issue, quoted, someKinds } from './coupons';
import { expect, expectNoOverflow, open, test, texts, type World } from './fixtures';
import { settled, type Version } from './rules';

let write = 0;
const shot = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: `artifacts/prices-${name}.png` });

interface Priced { memberPrices?: unknown[]; earlyAccess?: unknown[]; coupons?: unknown }
/** Publishes prices as headquarters, around the page; the rest of the document stays. */
async function publishPrices(world: World, by: Priced): Promise<void> {
  const { version, document } = await world.server.ask<Version>('GET', '/v1/programme');
  await world.server.ask('PUT', '/v1/programme', { document: { ...document, ...by }, basedOnVersion: version }, `prices-${Date.now()}-${write++}`);
}
const somePrices = {
  memberPrices: [
    { id: 'skin', nameZh: '护肤会员九折', nameEn: 'Skincare for members', give: { kind: 'percent', percent: 10 }, when: { fact: 'category', in: ['护肤'] } },
    { id: 'mask', nameZh: '面膜会员价', nameEn: 'Masks for members', give: { kind: 'price', minor: 1_990 }, when: { fact: 'product', in: ['HF-9'] }, onDiscounted: false },
  ],
  earlyAccess: [{ id: 'serum', nameZh: '新品精华', nameEn: 'The new serum', goods: { fact: 'product', in: ['HF-NEW'] }, who: { fact: 'tier', in: ['gold'] }, publicFrom: '2999-01-01' }],
};


async function addLine(page: Page, index: number, product: string, category: string, price: string): Promise<void> {
  if (index > 0) await page.getByTestId('line-add').click();
  const line = page.getByTestId('sale-line').nth(index);
  await line.getByTestId('line-product').fill(product);
  await line.getByTestId('line-category').fill(category);
  await line.getByTestId('line-price').fill(price);
}

test('a member price and an early access are made on the rules page, tried on the basket, and told before publishing', async ({ page, world }) => {
  test.setTimeout(120_000);
  await publishPrices(world, { memberPrices: [], earlyAccess: [] });
  await open(page, world, '/rules');
  await page.getByTestId('tab-prices').click();
  const work = page.getByTestId('prices-work');
  await expect(work).toContainText('还没有会员价');
  await page.getByTestId('add-price').click();
  await expect(page.getByTestId('price-editor').locator('h2')).toBeFocused();
  await expect(page.getByTestId('editor-sentence')).toContainText('会员价 9 折，已打折商品也适用');

  // A mistake stands at its field, at its entry and in the tab.
  await page.getByTestId('price-percent').fill('120');
  await expect(page.getByTestId('price-editor').getByTestId('field-error')).toContainText('应在 1 到 100 之间');
  await expect(page.getByTestId('tab-prices')).toHaveText('会员价 1 处要改');
  await expect(page.getByTestId('rule-mistakes')).toHaveCount(1);
  await shot(page, '1-mistake-1920x1080-zh');
  await page.getByTestId('price-percent').fill('15');
  await page.getByTestId('price-discounted').uncheck();
  await expect(page.getByTestId('editor-sentence')).toContainText('会员价 8.5 折，已打折商品除外');
  await expect(page.getByTestId('tab-prices')).toHaveText('会员价');

  // The example basket: the highest tier has it, the lowest has not.
  const basket = work.getByTestId('basket');
  await basket.getByTestId('basket-tier').selectOption({ index: 0 });
  await settled(page);
  await expect(page.getByTestId('trial-prices')).toContainText('没有适用的会员价');
  const tiers = await basket.getByTestId('basket-tier').locator('option').count();
  await basket.getByTestId('basket-tier').selectOption({ index: tiers - 1 });
  await expect(page.getByTestId('trial-price')).toContainText('−¥45.00');
  await expect(page.getByTestId('trial-price-after')).toHaveText('¥255.00');
  await shot(page, '2-price-1920x1080-zh');
  await page.getByTestId('editor-done').click();

  await page.getByTestId('add-access').click();
  await expect(page.getByTestId('access-editor').locator('h2')).toBeFocused();
  await page.getByTestId('access-goods').getByRole('combobox').first().focus();
  await page.keyboard.type('HF-NEW');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByTestId('access-earlyFrom').fill('2999-01-02');
  await page.getByTestId('access-publicFrom').fill('2999-01-01');
  await expect(page.getByTestId('access-editor').getByTestId('field-error')).toContainText('424');
  await page.getByTestId('access-earlyFrom').fill('2998-12-25');
  await expect(page.getByTestId('editor-sentence')).toContainText('限商品 HF-NEW');
  await expect(page.getByTestId('editor-sentence')).toContainText('2998-12-25 起优先购买，2999-01-01 起公开发售');
  await basket.getByTestId('line-product').fill('HF-NEW');
  await expect(page.getByTestId('trial-not-on-sale')).toContainText('第 1 件尚未对该等级开售');
  await settled(page);
  await shot(page, '3-access-1920x1080-zh');
  await page.getByTestId('editor-done').click();
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('change')).toHaveCount(2);
  await expect(page.getByTestId('changes')).toContainText('新品优先购');
  await shot(page, '4-publish-1920x1080-zh');
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  const { document } = await world.server.ask<{ document: Priced }>('GET', '/v1/programme');
  expect(document.memberPrices).toMatchObject([{ give: { kind: 'percent', percent: 15 }, onDiscounted: false, when: { fact: 'tier' } }]);
  expect(document.earlyAccess).toMatchObject([{ goods: { all: [{ fact: 'product', in: ['HF-NEW'] }] }, earlyFrom: '2998-12-25', publicFrom: '2999-01-01' }]);

  // The list of versions tells it, and restoring takes both away again.
  await page.getByTestId('tab-versions').click();
  await page.getByTestId('version').nth(1).click();
  await expect(page.getByTestId('version-detail').getByTestId('change')).toHaveCount(2);
  await page.getByTestId('restore').click();
  await expect(page.getByTestId('publish-dialog').getByTestId('change')).toHaveCount(2);
});

test('the counter shows each member price at its line, in the total and in the result; goods of others are refused at theirs', async ({ page, world, watched }) => {
  watched.allow.push(/status of 422/);
  await publishPrices(world, { ...somePrices, coupons: someKinds });
  const who = await member(world);
  await issue(world, who.id, 'full-100');
  await begin(page, world);
  await find(page, who.phone);
  await page.keyboard.press('j');
  await page.getByTestId('by-lines').click();
  await addLine(page, 0, 'HF-1', '护肤', '100');
  await addLine(page, 1, 'GJ-2', '工具', '50');
  await quoted(page);
  const lines = page.getByTestId('sale-line');
  await expect(lines.first().getByTestId('line-member-price')).toHaveText('会员价「护肤会员九折」 −¥10.00');
  await expect(lines.nth(1).getByTestId('line-member-price')).toHaveCount(0);
  await expect(page.getByTestId('prices-off')).toHaveText('−¥10.00');
  await expect(page.getByTestId('confirm')).toContainText('¥140.00');
  await page.getByTestId('offer').first().click();
  await expect(page.getByTestId('confirm')).toContainText('¥130.00');
  await shot(page, '5-sale-1920x1080-zh');

  await addLine(page, 2, 'HF-NEW', '护肤', '300');
  await expect(lines.nth(2).getByTestId('field-problem')).toContainText('该商品尚未对这位会员开售');
  await expect(page.getByTestId('confirm')).toBeDisabled();
  await shot(page, '6-not-on-sale-1920x1080-zh');
  await lines.nth(2).getByRole('button', { name: /去掉|移除|删除/ }).click();
  await expect(page.getByTestId('confirm')).toContainText('¥130.00');
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('result-main')).toHaveText('¥130.00');
  await expect(page.getByTestId('figure-priceOff')).toContainText('−¥10.00');
  await shot(page, '7-result-1920x1080-zh');
});

test.describe('with one thumb', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  for (const language of ['zh', 'en'] as const) {
    test(`member prices on a phone in ${language}: one language, no wider than the phone`, async ({ page, world, watched }) => {
      test.setTimeout(120_000);
      watched.allow.push(/status of 422/);
      await publishPrices(world, { ...somePrices, coupons: { kinds: [] } });
      const who = await member(world);
      const look = async (name: string): Promise<void> => {
        await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
        await expectNoOverflow(page);
        const foreign = language === 'zh'
          ? (await texts(page, /[A-Za-z]{2,}/)).filter((text) => !/^(EN|Enter|Esc)$/.test(text) && !/^(小票|经手|收银台)/.test(text) && !/COUNTER-|AMOUNT|HF-|price-|early-/.test(text) && text !== who.id)
          : (await texts(page, /[\u4e00-\u9fff]/)).filter((text) => !/林|欧|中$|¥|护肤/.test(text) && !world.stores.some((store) => text.includes(store.name)) && !/会员$|测试/.test(text));
        expect(foreign, `${name} in ${language}`).toEqual([]);
        await shot(page, `phone-${name}-390x844-${language}`);
      };
      await begin(page, world, language);
      await find(page, who.phone);
      await page.getByTestId('act-sale').tap();
      await page.getByTestId('by-lines').tap();
      await addLine(page, 0, 'HF-1', '护肤', '100');
      await expect(page.getByTestId('line-member-price')).toBeVisible();
      await expect(page.getByTestId('confirm')).toContainText('90.00');
      await look('sale');
      await page.getByTestId('sale-line').getByTestId('line-product').fill('HF-NEW');
      await expect(page.getByTestId('field-problem')).toBeVisible();
      await look('not-on-sale');
      await page.getByTestId('sale-line').getByTestId('line-product').fill('HF-1');
      await expect(page.getByTestId('confirm')).toContainText('90.00');
      await page.getByTestId('confirm').tap();
      await expect(page.getByTestId('figure-priceOff')).toBeVisible();
      await expect(page.getByTestId('counter-face')).toBeVisible();
      await look('result');

      await page.goto(`${world.server.url}/rules`);
      await page.getByTestId('tab-prices').tap();
      await expect(page.getByTestId('rule-row')).toHaveCount(3);
      await settled(page);
      await expectNoOverflow(page);
      await shot(page, `phone-rules-390x844-${language}`);
      await page.getByTestId('rule-edit').first().tap();
      await expect(page.getByTestId('price-editor')).toBeVisible();
      await expectNoOverflow(page);
      await shot(page, `phone-price-390x844-${language}`);
      await page.getByTestId('editor-done').tap();
      await page.getByTestId('rule-edit').last().tap();
      await expect(page.getByTestId('access-editor')).toBeVisible();
      await expectNoOverflow(page);
      await shot(page, `phone-access-390x844-${language}`);
    });
  }
});
