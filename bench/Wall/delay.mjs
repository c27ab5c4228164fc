// How long a committed entry takes to reach a browser: node bench/Wall/delay.mjs ADDRESS KEY_FILE SECONDS
// Opens the wall in Chromium while somebody else makes load (chaincrm load or replay) and compares each message's newest commit time with
// the clock when its frame arrives; browser and server must share the machine's clock. The first message, the page's own start, is left out.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../tests/Browser/', import.meta.url))
const { chromium } = require('@playwright/test')
const [, , address, keyFile, seconds] = process.argv
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN' })
const delays = []
let first = true
let bytesMax = 0
page.on('websocket', (socket) => socket.on('framereceived', (frame) => {
  const now = Date.now()
  for (const part of String(frame.payload).split('\x1e')) {
    const message = part.startsWith('{"type":2') ? JSON.parse(part).item : null
    if (!message?.newestEntryMs) continue
    if (message.tick) bytesMax = Math.max(bytesMax, part.length)
    if (!first) delays.push(now - message.newestEntryMs)
    first = false
  }
}))
await page.goto(`${address}/#key=${readFileSync(keyFile, 'utf8').trim()}`)
await page.waitForTimeout(Number(seconds) * 1000)
await browser.close()
delays.sort((a, b) => a - b)
const at = (share) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))]
console.log(JSON.stringify({ messages: delays.length, perSecond: delays.length / Number(seconds), p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1), tickBytesMax: bytesMax }))
