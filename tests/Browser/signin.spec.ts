import { expect, open, test } from './fixtures';

test('the open link signs in, leaves the address bar and goes to the wall', async ({ page, world }) => {
  await page.goto(`${world.server.url}/#key=${world.server.key}`);
  await expect(page.getByTestId('wall')).toBeVisible();
  expect(page.url()).toBe(`${world.server.url}/`);
  await page.goto(`${world.server.url}/stores`);
  await expect(page.getByTestId('stores'), 'the session outlives the page').toBeVisible();
});

test('a wrong key is refused with its number, and the right one typed after it enters', async ({ page, world, watched }) => {
  watched.allow.push(/status of 40[01]/);
  await page.goto(`${world.server.url}/#key=ck_wrong`);
  await expect(page.getByTestId('problem')).toBeVisible();
  await expect(page.getByTestId('problem-code')).toHaveText(/^编号 \d{3,4}$/);
  expect(page.url()).not.toContain('ck_wrong');

  await page.getByTestId('key').fill('ck_also_wrong');
  await page.getByTestId('sign-in').click();
  await expect(page.getByTestId('problem-code')).toHaveText(/^编号 \d{3,4}$/);

  await page.getByTestId('key').fill(world.server.key);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('wall')).toBeVisible();
});

test('signing out ends the session', async ({ page, world, watched }) => {
  watched.allow.push(/status of 401/);
  await open(page, world);
  await page.getByTestId('sign-out').click();
  await expect(page.getByTestId('key')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('key')).toBeVisible();
});

test('an open link pasted into an open tab signs in with its key and leaves the address bar too', async ({ page, world }) => {
  await open(page, world, '/stores');
  await expect(page.getByTestId('stores')).toBeVisible();
  await page.evaluate((key) => { window.location.hash = `#key=${key}`; }, world.server.key);
  await expect(page.getByTestId('wall')).toBeVisible();
  expect(page.url()).toBe(`${world.server.url}/`);
});

test('a view-only key sees the wall and the stores, and is told about members', async ({ page, world }) => {
  const { key } = await world.server.ask<{ key: string }>('POST', '/v1/keys', { role: 'viewer', label: 'hall' }, 'browser-viewer-key');
  await page.goto(`${world.server.url}/#key=${key}`);
  await expect(page.getByTestId('kpi-sales')).toHaveAttribute('data-value', /\d+/);
  await page.getByTestId('nav-members').click();
  await expect(page.getByTestId('empty')).toContainText('当前密钥只能看大屏和门店');
  await page.getByTestId('nav-stores').click();
  await expect(page.getByTestId('store-row').first()).toBeVisible();
});
