import { begin, find, member, shot } from './counter';
import { expect, expectNoOverflow, sizes, test, texts } from './fixtures';

// At 200 % a screen of 1920 by 1080 is one of 960 by 540.
for (const size of [...sizes, { name: '960x540', viewport: { width: 960, height: 540 } }]) {
  for (const language of ['zh', 'en'] as const) {
    test(`every view at ${size.name} in ${language}: a picture, no wider than its window, buttons for a thumb, one language`, async ({ page, world, watched }) => {
      test.setTimeout(120_000);
      watched.allow.push(/status of 4\d\d|ERR_FAILED/);
      await page.setViewportSize(size.viewport);
      const who = await member(world, { saleMinor: 1_280_00, topUpMinor: 500_00 });
      await begin(page, world, language);
      const look = async (name: string): Promise<void> => {
        await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
        await expectNoOverflow(page);
        if (size.name === '390x844') {
          const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.counter button')].filter((button) => button.checkVisibility() && button.getBoundingClientRect().height < 47.5).map((button) => button.textContent));
          expect(small, name).toEqual([]);
        }
        const foreign = language === 'zh'
          ? (await texts(page, /[A-Za-z]{2,}/)).filter((text) => !/^(EN|Enter|Esc)$/.test(text) && !/^(小票|经手)/.test(text) && !/COUNTER-|AMOUNT/.test(text))
          : (await texts(page, /[\u4e00-\u9fff]/)).filter((text) => !/林|欧|中$|¥/.test(text) && !world.stores.some((store) => text.includes(store.name)) && !/会员$/.test(text) && !/member\.|银卡|金卡|^[ -~]* on goods of 彩妆$/.test(text)); // a category has the chain's own name
        expect(foreign, `${name} in ${language}`).toEqual([]);
        await shot(page, `${name}-${size.name}-${language}`);
      };
      await look('1-find');
      await find(page, who.phone);
      await look('2-member');
      await page.getByTestId('act-sale').click();
      await page.keyboard.type('328.5');
      await page.getByTestId('pay-stored').click();
      await look('3-sale');
      await page.getByTestId('pay-stored-amount').fill('9999');
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('field-problem')).toBeInViewport({ ratio: 1 });
      await look('4-refused');
      await page.getByTestId('pay-stored-amount').fill('100');
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('counter-face')).toBeVisible();
      await look('5-result');
      await page.getByTestId('same-member').click();
      await page.getByTestId('act-sale').click();
      await page.getByTestId('by-lines').click();
      await page.getByTestId('line-price').fill('89');
      await page.getByTestId('line-add').click();
      await look('5-goods');
      await page.getByTestId('back').click();
      await page.getByTestId('act-topUp').click();
      await page.getByTestId('step').first().click();
      await look('6-top-up');
      await page.getByTestId('back').click();
      await page.getByTestId('act-redeem').click();
      await page.keyboard.type('50');
      await look('7-redeem');
      await page.getByTestId('back').click();
      await page.getByTestId('act-return').click();
      await page.getByTestId('return-sale').first().click();
      await page.getByTestId('return-all').click();
      await look('8-return');
      await page.getByTestId('back').click();
      await page.getByTestId('back').click();
      await page.getByTestId('act-freezePoints').click();
      await look('8-freeze');
      await page.getByTestId('confirm').click();
      await page.getByTestId('same-member').click();
      await expect(page.getByTestId('counter-points-frozen')).toBeVisible();
      await look('8-frozen');
      await page.getByTestId('act-freezePoints').click();
      await page.getByTestId('confirm').click();
      await page.getByTestId('same-member').click();
      await page.route('**/v1/redemptions', (route) => route.abort());
      await page.getByTestId('act-redeem').click();
      await page.keyboard.type('10');
      await page.getByTestId('confirm').click();
      await expect(page.getByTestId('result-waiting')).toBeVisible();
      await look('9-waiting');
    });
  }
}
