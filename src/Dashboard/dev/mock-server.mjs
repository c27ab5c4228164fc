// A stand-in for the server while the pages are being drawn: a random chain of 50 stores behind the same addresses and the same hub.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const port = Number(process.env.PORT ?? 5080);
const rs = '\x1e';
const regions = { 华北: ['北京', '天津', '石家庄'], 华东: ['上海', '杭州', '南京', '苏州', '宁波'], 华中: ['武汉', '长沙', '郑州'], 华南: ['广州', '深圳', '厦门'], 西南: ['成都', '重庆', '昆明'], 西北: ['西安', '兰州'], 东北: ['沈阳', '大连'] };
const sizes = { 华北: 8, 华东: 16, 华中: 7, 华南: 9, 西南: 6, 西北: 2, 东北: 2 };
const places = ['中央大街', '静安', '万象城', '大悦城', '天街', '吾悦', '银泰', '太古里', '国金', '新天地', '龙湖', '恒隆', '环球港', '正佳', '来福士', '合生汇'];
let seed = 7;
const random = () => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff);
const pick = (list) => list[Math.floor(random() * list.length)];
const stores = [];
for (const [region, n] of Object.entries(sizes)) for (let i = 0; i < n; i++) {
  const city = regions[region][i % regions[region].length];
  stores.push({ id: `s${String(stores.length + 1).padStart(2, '0')}`, name: `${city}${places[(stores.length * 5 + i) % places.length]}店`, region, city, open: stores.length !== 17, salesMinor: Math.floor(random() ** 2 * 6_000_000) + 400_000, visits: Math.floor(random() * 300) + 20, newMembers: Math.floor(random() * 12), crossStoreVisits: Math.floor(random() * 30), lastActivityMs: 0, weight: random() ** 2 });
}
if (process.env.MANY) { stores.length = 0; for (let i = 0; i < Number(process.env.MANY); i++) stores.push({ id: String(300 + i), name: `Store ${300 + i}`, region: '', city: '', open: true, salesMinor: Math.floor(random() ** 2 * 6_000_000), visits: 20, newMembers: 2, crossStoreVisits: 3, lastActivityMs: 0 }); }
const shape = (slot) => { const h = slot / 12; return h < 9.5 || h > 22 ? 0 : Math.max(0, Math.exp(-((h - 13) ** 2) / 5) + 1.3 * Math.exp(-((h - 19) ** 2) / 5) + 0.25); };
const nowSlot = () => { const d = new Date(Date.now() + 8 * 3600e3); return process.env.SLOT ? Number(process.env.SLOT) : d.getUTCHours() * 12 + Math.floor(d.getUTCMinutes() / 5); };
const salesYesterday = Array.from({ length: 288 }, (_, s) => Math.floor(shape(s) * 1_150_000 * (0.85 + random() * 0.3)));
const salesToday = Array.from({ length: 288 }, (_, s) => (s > nowSlot() ? 0 : Math.floor(shape(s) * 1_230_000 * (0.85 + random() * 0.3))));
const sum = (list) => list.reduce((a, b) => a + b, 0);
const today = { salesMinor: sum(salesToday), visits: 8214, pointsGiven: 128_400, pointsUsed: 42_310, newMembers: 312, activeMembers: 5_630, crossStoreVisits: 641, crossStoreMinor: 9_812_000, returnsMinor: 1_210_000 };
const yesterday = { salesMinor: Math.floor(today.salesMinor / 1.062), visits: 8034, pointsGiven: 131_000, pointsUsed: 40_010, newMembers: 288, activeMembers: 5_630, crossStoreVisits: 590, crossStoreMinor: 9_000_000, returnsMinor: 900_000 };
const flows = Array.from({ length: 30 }, (_, i) => { const a = pick(stores.slice(0, 12)); let b = pick(stores.slice(0, 12)); while (b === a) b = pick(stores); return { from: a.id, to: b.id, count: 30 - i + Math.floor(random() * 6) }; });
const names = ['王**', '李**', '张*', '陈**', '刘*', '欧阳**', '赵**', '周*'];
let position = 1000;
let events = [];
let sequence = 100;
const run = `r${Date.now()}`;
const day = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
const message = (extra) => ({ sequence, atMs: Date.now(), newestEntryMs: Date.now() - 120, run, ...extra });
const clean = ({ weight, ...store }) => store;
const snapshot = () => message({ snapshot: { chainName: '花颜美妆', demo: true, currency: 'CNY', day, today, yesterdaySameTime: yesterday, stores: stores.map(clean), salesToday, salesYesterday, flows, events } });

const watchers = new Set();
let shownThisSecond = 0;
setInterval(() => { shownThisSecond = 0; }, 1000);
setInterval(() => {
  const touched = new Set();
  const lines = [];
  let hidden = 0;
  for (let i = 0; i < 1 + Math.floor(random() * 3); i++) {
    let store = pick(stores); if (!store.open) continue;
    const amount = 3_000 + Math.floor(random() ** 2 * 60_000);
    const cross = random() < 0.08;
    store.salesMinor += amount; store.visits++; store.lastActivityMs = Date.now() - 100; touched.add(store);
    today.salesMinor += amount; today.visits++; today.pointsGiven += Math.floor(amount / 100); salesToday[nowSlot()] += amount;
    if (random() < 0.04) { today.newMembers++; store.newMembers++; }
    if (random() < 0.5) today.activeMembers++;
    if (cross) { today.crossStoreVisits++; today.crossStoreMinor += amount; store.crossStoreVisits++; }
    const kind = random() < 0.82 ? 'purchase' : pick(['return', 'enrolled', 'tier', 'redeemed']);
    const event = { position: ++position, atMs: Date.now(), kind, store: store.id, name: random() < 0.25 && kind === 'purchase' ? null : pick(names), amountMinor: kind === 'purchase' || kind === 'return' ? amount : null, points: kind === 'redeemed' ? 500 : null, tier: kind === 'tier' ? { zh: '金卡', en: 'Gold' } : null, crossStore: cross };
    if (shownThisSecond < 2) { shownThisSecond++; lines.push(event); } else hidden++;
  }
  lines.reverse(); events = [...lines, ...events].slice(0, 20);
  if (random() < 0.1) { flows[Math.floor(random() * 12)].count++; }
  sequence++;
  const item = message({ tick: { day, today, yesterdaySameTime: yesterday, stores: [...touched].map(clean), slots: [{ slot: nowSlot(), salesMinor: salesToday[nowSlot()] }], flows: sequence % 5 === 0 ? flows : null, events: lines, eventsNotShown: hidden } });
  for (const watcher of watchers) watcher(item);
}, 220);

const card = (id) => ({ id, name: '王**', phone: '138****1234', card: '8800****0192', birthday: '**-08-**', externalId: null, masked: true, homeStore: 's03', homeStoreName: stores[2].name, memberSince: '2024-03-08T10:21:00+08:00', tier: { id: 'gold', name: { zh: '金卡', en: 'Gold' }, multiplierPercent: 150, qualifyingSpendMinor: 632_500, nextId: 'diamond', nextName: { zh: '钻石卡', en: 'Diamond' }, nextInMinor: 367_500 }, points: { balance: 4_820, spendable: 4_620, pending: 200, debt: 0, expiring: [{ at: '2026-12-31T23:59:59+08:00', points: 620 }, { at: '2027-01-31T23:59:59+08:00', points: 310 }, { at: '2027-03-31T23:59:59+08:00', points: 1_050 }] }, visits: stores.slice(0, 5).map((s, i) => ({ store: s.id, storeName: s.name, at: new Date(Date.now() - (i * i * 5 + 0.2) * 86400e3 / 4).toISOString(), amountMinor: 12_800 + i * 5_310, receipt: `R2026112${i}-00${i}41` })), lifetimeSpendMinor: 1_894_200, purchaseCount: 47, version: 96 });
const lines = Array.from({ length: 96 }, (_, i) => { const v = 96 - i; const kind = v === 1 ? 'enrolled' : pick(['purchase', 'purchase', 'purchase', 'purchase', 'return', 'redeemed', 'adjusted', 'expired', 'tier']); const s = pick(stores); return { version: v, at: new Date(Date.now() - i * 31 * 3600e3).toISOString(), kind, store: kind === 'expired' ? null : s.id, staff: kind === 'expired' ? null : `e${v % 9}`, till: 't1', receipt: kind === 'purchase' || kind === 'return' ? `R${20261100 + v}-${v}` : null, amountMinor: kind === 'purchase' ? 18_900 + v * 70 : kind === 'return' ? -5_900 : null, points: kind === 'purchase' ? 283 : kind === 'return' ? -59 : kind === 'redeemed' ? -500 : kind === 'adjusted' ? 100 : kind === 'expired' ? -120 : 0, balance: 4_820 - i * 10, tier: kind === 'tier' ? 'gold' : null, note: kind === 'adjusted' ? '活动补偿' : null, rules: kind === 'purchase' ? ['earn.base', 'tier.multiplier', 'cross-store.bonus'] : [], programmeVersion: 1 }; });

const view = (s) => ({ id: s.id, name: s.name, region: s.region, city: s.city, status: s.open ? 'open' : 'closed', revenueMinor: s.salesMinor * 90, purchases: s.visits * 90, walkIns: s.visits * 27 });
let signedIn = process.env.OPEN === '1';
const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x');
  let body = ''; for await (const chunk of request) body += chunk;
  const json = (value, status = 200) => { response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' }); response.end(JSON.stringify(value)); };
  const path = url.pathname; const parts = path.split('/').filter(Boolean);
  if (path === '/v1/session') {
    if (request.method === 'POST') { const ok = JSON.parse(body).key?.startsWith('ck_'); if (!ok) return json({ code: 1001, status: 401, title: 'This key is not known.', titleZh: '密钥无效或已停用。' }, 401); signedIn = true; }
    if (request.method === 'DELETE') { signedIn = false; response.writeHead(204); return response.end(); }
    return signedIn ? json({ role: 'office', chain: 'main', chainName: '花颜美妆', currency: 'CNY', timeZone: 'Asia/Shanghai', demo: true, seesPersonal: false }) : json({ code: 1001, status: 401 }, 401);
  }
  if (path === '/hub/wall/negotiate') return json({ connectionId: 'c', connectionToken: 'c', negotiateVersion: 1, availableTransports: [{ transport: 'WebSockets', transferFormats: ['Text'] }] });
  if (path === '/v1/programme') return json({ version: 1, document: { tiers: [{ id: 'gold', nameZh: '金卡', nameEn: 'Gold' }] } });
  if (path === '/v1/stats') return json({ position: 9, head: 9, members: 48_210, stores: 50, purchases: 913_201, walkIns: 301_222, returns: 4_120, revenueMinor: 18_340_120_034, pointsGiven: 20_120_400, pointsUsed: 8_120_400, crossStorePurchases: 70_120, customersAtTwoStores: 17_200, customersWithPurchase: 45_100 });
  if (path === '/v1/stores') return json({ stores: stores.map(view) });
  if (parts[1] === 'stores') { const s = stores.find((x) => x.id === parts[2]); if (!s) return json({ code: 201, status: 404, titleZh: '没有这家门店。', title: 'There is no such store.' }, 404); const days = []; for (let d = new Date(url.searchParams.get('to')); d >= new Date(url.searchParams.get('from')); d = new Date(+d - 86400e3)) days.push({ day: d.toISOString().slice(0, 10), revenueMinor: Math.floor((d.getUTCDay() % 6 === 0 ? 1.6 : 1) * (3e6 + random() * 1e6)), purchases: 140, walkIns: 40, newMembers: 4, crossStoreVisits: 12, pointsGiven: 9000, pointsUsed: 2000 }); return json({ store: view(s), days }); }
  if (path === '/v1/identify') { const key = JSON.parse(body); return key.card === '0000' || key.externalId ? json({ code: 301, status: 404, titleZh: '没有找到这位会员,请核对号码。', title: 'No such member. Check the number.' }, 404) : json(card('c7h2k9m4p1q8r3t5x')); }
  if (path === '/v1/customers') return json({ customers: Array.from({ length: 12 }, (_, i) => card(`c7h2k9m4p1q8r3t${i + 10}`)), nextAfter: 'c7h2k9m4p1q8r3t21' });
  if (parts[3] === 'statement') { const before = Number(url.searchParams.get('before') ?? 1e9); const page = lines.filter((l) => l.version < before).slice(0, Number(url.searchParams.get('limit'))); return json({ lines: page, nextBefore: page.at(-1)?.version > 1 ? page.at(-1).version : null }); }
  if (parts[1] === 'customers') return json(card(parts[2]));
  return json({ code: 1000, status: 404 }, 404);
});
const sockets = new WebSocketServer({ server, path: '/hub/wall' });
sockets.on('connection', (socket) => {
  const mine = new Map();
  socket.on('message', (data) => {
    for (const text of String(data).split(rs).filter(Boolean)) {
      const m = JSON.parse(text);
      if (m.protocol) { socket.send(`{}${rs}`); continue; }
      if (m.type === 4) {
        const send = (item) => socket.send(JSON.stringify({ type: 2, invocationId: m.invocationId, item }) + rs);
        send(snapshot()); watchers.add(send); mine.set(m.invocationId, send);
      }
      if (m.type === 5) watchers.delete(mine.get(m.invocationId));
    }
  });
  const ping = setInterval(() => socket.send(`{"type":6}${rs}`), 5000);
  socket.on('close', () => { clearInterval(ping); for (const send of mine.values()) watchers.delete(send); });
});
server.listen(port, '127.0.0.1', () => console.log(`mock on ${port}`));
