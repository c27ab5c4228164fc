import type { Page } from '@playwright/test';
import { member } from './counter';
import { expect, expectNoOverflow, open, test, texts, type World } from './fixtures';
import { settled, type Version } from './rules';

interface Tiers { tiers: { id: string; nameZh: string; spendMinor: number }[]; tierValidity?: unknown; qualifyingMonths?: number }
let write = 0;
const shot = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: `artifacts/tiers-${name}.png`, fullPage: true });

/** Publishes other tiers as headquarters, around the page; the rest of the document stays. */
async function publishTiers(world: World, by: Partial<Tiers>): Promise<void> {
  const { version, document } = await world.server.ask<Version & { document: Tiers }>('GET', '/v1/programme');
  const { tierValidity: _, ...rest } = document;
  await world.server.ask('PUT', '/v1/programme', { document: { ...rest, ...by }, basedOnVersion: version }, `tiers-${Date.now()}-${write++}`);
}
async function begin(page: Page, world: World, language: 'zh' | 'en' = 'zh'): Promise<void> {
  await open(page, world, '/rules', language);
  await page.getByTestId('tab-tiers').click();
  await expect(page.getByTestId('tier').first()).toBeVisible();
}

test('tiers that end are made with forms, mistakes stand at their field, and publishing says what changes', async ({ page, world }) => {
  await publishTiers(world, { qualifyingMonths: 12 });
  await begin(page, world);
  const meaning = page.getByTestId('tier-meaning');
  await expect(meaning).toContainText('等级达到后永久有效');
  await page.getByTestId('tier-downgrade').selectOption('oneLevel');
  await page.getByTestId('tier-months').fill('1');
  await page.getByTestId('tier-notice').fill('45');
  const terms = page.getByTestId('tier-terms');
  await expect(terms.getByTestId('field-error')).toContainText('编号 429');
  await expect(page.getByTestId('tier-notice')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('tab-tiers')).toHaveText('等级 1 处要改');
  await page.getByTestId('tier-notice').fill('20');
  await page.getByTestId('tier-months').fill('12');
  await page.getByTestId('tier-round').selectOption('month');
  await page.getByTestId('tier-grace').fill('15');
  await expect(meaning).toContainText('达到或保住后有效 12 个月，并延到当月月底，之后还有 15 天宽限期，期内补足仍可保住。到期前 20 天提醒会员还差多少。到期时没有再次满足条件的，最多降一级。');
  await expect(terms.getByTestId('field-error')).toHaveCount(0);

  // A spend that does not ascend is refused at its own tier.
  const silver = page.getByTestId('tier').nth(1);
  const gold = page.getByTestId('tier').nth(2);
  await gold.getByTestId('tier-spend').fill('1');
  await expect(gold.getByTestId('field-error')).toContainText('编号 413');
  await expect(gold.getByTestId('tier-mistakes')).toHaveText('1 处要改');
  await shot(page, 'wrong-1920x1080-zh');
  await gold.getByTestId('tier-spend').fill('6000');
  await gold.getByTestId('tier-lasting').check();
  await expect(gold.getByTestId('tier-sentence')).toContainText('消费满 ¥6,000 即可达到');
  await expect(gold.getByTestId('tier-sentence')).toContainText('终身有效');
  await silver.getByTestId('tier-multiplier').fill('1.2');
  await silver.getByTestId('tier-nameZh').fill('白银会员');
  await settled(page);
  await expect(page.getByTestId('field-error')).toHaveCount(0);
  await shot(page, 'edited-1920x1080-zh');
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('change')).toHaveCount(3);
  await expect(page.getByTestId('changes')).toContainText('等级达到后永久有效');
  await expect(page.getByTestId('changes')).toContainText('最多降一级');
  await page.screenshot({ path: 'artifacts/tiers-publish-1920x1080-zh.png' });
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  const { document } = await world.server.ask<{ document: Tiers }>('GET', '/v1/programme');
  expect(document.tierValidity).toEqual({ months: 12, noticeDays: 20, roundUpTo: 'month', graceDays: 15, downgrade: 'oneLevel' });
  expect(document.tiers[1]).toMatchObject({ nameZh: '白银会员', multiplierPercent: 120 });
  expect(document.tiers[2]).toMatchObject({ spendMinor: 600_000, lasting: true });

  // One more tier, taken away again and brought back; a closed tab loses nothing.
  const count = await page.getByTestId('tier').count();
  await page.getByTestId('add-tier').click();
  await page.keyboard.type('钻石会员');
  await page.getByTestId('tier').last().getByTestId('tier-nameEn').fill('Diamond');
  await page.getByTestId('tier').last().getByTestId('tier-remove').click();
  await expect(page.getByTestId('tier')).toHaveCount(count);
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('tier')).toHaveCount(count + 1);
  await page.reload();
  await expect(page.getByTestId('restored')).toBeVisible();
  await page.getByTestId('tab-tiers').click();
  await expect(page.getByTestId('tier').last().getByTestId('tier-nameZh')).toHaveValue('钻石会员');
  await page.getByTestId('discard').click();
  await expect(page.getByTestId('tier')).toHaveCount(count);
});

test('tiers by visits and the calendar are made with forms, and the member sees what is missing of each', async ({ page, world }) => {
  await publishTiers(world, { qualifyingMonths: 12 });
  await begin(page, world);
  await page.getByTestId('tier-window').selectOption('quarter');
  await page.getByTestId('tier-qualify').selectOption('any');
  const silver = page.getByTestId('tier').nth(1);
  await silver.getByTestId('tier-visits').fill('40');
  const gold = page.getByTestId('tier').nth(2);
  await gold.getByTestId('tier-visits').fill('39');
  await expect(gold.getByTestId('field-error')).toContainText('编号 413');
  await gold.getByTestId('tier-visits').fill('80');
  await gold.getByTestId('tier-points').fill('9000');
  await settled(page);
  await expect(page.getByTestId('field-error')).toHaveCount(0);
  await expect(page.getByTestId('tier-meaning')).toContainText('按自然季内的消费、积分、到店次数定级，退货会扣除。等级所列条件满足任一项即可。');
  await expect(gold.getByTestId('tier-sentence')).toContainText('或获得积分满 9000 或到店满 80 次即可达到');
  await shot(page, 'more-1920x1080-zh');
  await page.getByTestId('publish').click();
  await expect(page.getByTestId('changes')).toContainText('到店满 40 次');
  await page.getByTestId('publish-confirm').click();
  await expect(page.getByTestId('said')).toContainText('已发布第');
  const who = await member(world, { saleMinor: 10_000 });
  await page.goto(`${world.server.url}/members/${who.id}`);
  await expect(page.getByTestId('card-face')).toContainText('或 39 次到店');
  await expect(page.getByTestId('card-face')).toContainText('到店 1 次');
  await page.screenshot({ path: 'artifacts/tiers-member-1920x1080-zh.png' });
  // What the other stories begin with.
  const { version, document } = await world.server.ask<Version & { document: Tiers & { qualify?: string; qualifyingWindow?: string } }>('GET', '/v1/programme');
  const { qualify: _, qualifyingWindow: __, ...rest } = document;
  const tiers = rest.tiers.map(({ visits: ___, points: ____, ...tier }: Tiers['tiers'][number] & { visits?: number; points?: number }) => tier);
  await world.server.ask('PUT', '/v1/programme', { document: { ...rest, tiers }, basedOnVersion: version }, `tiers-${Date.now()}-${write++}`);
});

test.describe('with one thumb', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  for (const language of ['zh', 'en'] as const) {
    test(`tiers on a phone in ${language}: one language, no wider than the phone, targets of 48`, async ({ page, world }) => {
      await publishTiers(world, { tierValidity: { months: 12, roundUpTo: 'year', graceDays: 30, noticeDays: 30, downgrade: 'oneLevel' } });
      await begin(page, world, language);
      await settled(page);
      await expectNoOverflow(page);
      const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('[data-test="tiers-work"] button, [data-test="tiers-work"] select')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 47.5).map((one) => one.outerHTML.slice(0, 120)));
      expect(small).toEqual([]);
      const work = language === 'zh' ? /[A-Za-z]{3,}/ : /[\u4e00-\u9fff]/;
      const foreign = (await texts(page, work)).filter((text) => !world.stores.some((store) => text.includes(store.name)) && !/^(EN|中)$/.test(text));
      expect(foreign).toEqual([]);
      await shot(page, `phone-390x844-${language}`);
    });
  }
});
