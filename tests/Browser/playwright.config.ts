import { defineConfig } from '@playwright/test';

// The pages against the real server, in the browser of the distribution (Playwright cannot bring its own here).
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: 'artifacts/results',
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'artifacts/browser.json' }]],
  use: {
    viewport: { width: 1920, height: 1080 },
    locale: 'zh-CN',
    testIdAttribute: 'data-test',
    // Recording every step for the few that fail takes a third of the whole run: TRACE=1 records them when somebody looks for a fault.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
  },
});
