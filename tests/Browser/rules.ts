import type { Page } from '@playwright/test';
import { expect, open, type World } from './fixtures';

export interface Version { version: number; document: { earning?: { rules?: unknown[] }; points?: { expiry?: unknown } } }
let write = 0;

/** Publishes as headquarters, around the page. */
export async function publish(world: World, rules: unknown[]): Promise<void> {
  const { version, document } = await world.server.ask<Version>('GET', '/v1/programme');
  const { earning: _, ...rest } = document;
  await world.server.ask('PUT', '/v1/programme', { document: rules.length > 0 ? { ...rest, earning: { rules } } : rest, basedOnVersion: version }, `rules-${Date.now()}-${write++}`);
}
export const weekend = (id: string, nameZh: string): unknown => ({ id, nameZh, nameEn: id, when: { fact: 'weekday', in: ['sat', 'sun'] }, give: { kind: 'multiply', percent: 150 } });

export async function begin(page: Page, world: World, rules: unknown[] = []): Promise<void> {
  await publish(world, rules);
  await open(page, world, '/rules');
  await expect(page.getByTestId('basket')).toBeVisible();
  await expect(page.getByTestId('rule-row')).toHaveCount(rules.length);
}
/** The answer belongs to what is in the fields now. */
export const settled = async (page: Page): Promise<void> => { await expect(page.getByTestId('trial').first()).toHaveAttribute('aria-busy', 'false'); };
export const shot = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: `artifacts/rules-${name}.png` });
