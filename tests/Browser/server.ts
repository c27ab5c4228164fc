import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const startTimeoutMs = 120_000;

/** The real server on a free port, with a data folder of its own and the built pages. */
export class Server {
  private child: ChildProcess | null = null;
  private output = '';
  private readonly data = mkdtempSync(join(tmpdir(), 'chaincrm-browser-'));

  private constructor(readonly port: number) {}

  get url(): string { return `http://127.0.0.1:${this.port}`; }

  /** The office key that the first run wrote. */
  get key(): string { return readFileSync(join(this.data, 'office.key'), 'utf8').trim(); }

  static async start(): Promise<Server> {
    const server = new Server(await freePort());
    await server.run();
    return server;
  }

  async run(): Promise<void> {
    const program = process.env.CHAINCRM_SILO_DLL ?? join(root, 'src/Silo/bin/Release/net10.0/ChainCrm.Silo.dll');
    const pages = process.env.CHAINCRM_DASHBOARD ?? join(root, 'src/Dashboard/dist');
    for (const needed of [program, join(pages, 'index.html')]) {
      if (!existsSync(needed)) throw new Error(`${needed} is missing: build the server and the dashboard first.`);
    }
    const child = spawn('dotnet', [program, '--port', String(this.port), '--data', this.data, '--demo', 'beauty', '--set', `dashboard.folder=${pages}`],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1' } });
    this.child = child;
    const keep = (chunk: Buffer): void => { this.output = (this.output + chunk.toString()).slice(-20_000); };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);

    const until = Date.now() + startTimeoutMs;
    while (Date.now() < until) {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${this.output}`);
      if (await this.isReady()) return;
      await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(`The server was not ready after ${startTimeoutMs / 1000} s:\n${this.output}`);
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`)).ok;
    } catch {
      // Nobody listens yet.
      return false;
    }
  }

  /** Waits until the generated chain has played yesterday and today so far, and the totals have caught up. */
  async filled(): Promise<void> {
    let before = -1;
    const until = Date.now() + startTimeoutMs;
    while (Date.now() < until) {
      const stats = await this.ask<{ position: number; head: number; purchases: number }>('GET', '/v1/stats');
      // A live chain sells a few times a second at most; while it is being filled it is hundreds.
      if (stats.purchases > 1_000 && stats.purchases - before < 20 && stats.head - stats.position < 100) return;
      before = stats.purchases;
      await new Promise((done) => setTimeout(done, 1_500));
    }
    throw new Error(`The generated chain was not filled after ${startTimeoutMs / 1000} s: ${before} purchases.\n${this.output}`);
  }

  /** Ends the process at once, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Asks the API as a till or as headquarters would. */
  async ask<T>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.key}` };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
    const response = await fetch(this.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  async purchase(customer: string | null, store: string, receipt: string, priceMinor: number): Promise<void> {
    await this.ask('POST', '/v1/purchases', {
      ...(customer === null ? {} : { customer: { id: customer } }),
      store, receipt, staff: 'e7',
      lines: [{ line: 1, product: 'p1', category: 'skin', quantity: 1, priceMinor }],
    }, receipt);
  }
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('No free port was given.'))));
    });
  });
}
