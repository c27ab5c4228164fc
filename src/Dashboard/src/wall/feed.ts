import { HttpTransportType, HubConnection, HubConnectionBuilder, HubConnectionState, LogLevel, type ISubscription } from '@microsoft/signalr';
import type { WallMessage } from '@/api/types';
import { limits } from '@/lib/limits';

export interface FeedPosition { after: number; run: string | null }

export interface FeedListener {
  /** Where to resume; after 0 asks for a snapshot. */
  position(): FeedPosition;
  /** Returns false when only a snapshot can help. */
  message(message: WallMessage): boolean;
  connected(): void;
  lost(): void;
  /** The server will not let this caller watch: the session is over (true), or the key may not (false). The feed has stopped. */
  refused(signedOut: boolean): void;
}

/** Keeps one Watch stream open: connects, resumes after the last tick, asks for a snapshot after a gap, and never gives up. */
export class WallFeed {
  private connection: HubConnection | null = null;
  private subscription: ISubscription<WallMessage> | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private wait: number = limits.reconnectFirstMs;
  private wanted = false;
  private attempt = 0;
  /** Something in between is missing and cannot be guessed: the next connection asks for everything. */
  private wantsSnapshot = false;

  constructor(private readonly listener: FeedListener) {
    if (typeof window !== 'undefined') window.addEventListener('online', () => this.hurry());
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    void this.connect();
  }

  stop(): void {
    this.wanted = false;
    this.attempt++;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
    this.subscription?.dispose();
    this.subscription = null;
    const connection = this.connection;
    this.connection = null;
    // A connection that cannot be closed in order is gone anyway.
    void connection?.stop().catch(() => undefined);
  }

  /** Tries at once instead of waiting out the pause: the network is back, or someone pressed the button. */
  hurry(): void {
    if (!this.wanted || this.retry === null) return;
    clearTimeout(this.retry);
    this.retry = null;
    this.wait = limits.reconnectFirstMs;
    void this.connect();
  }

  private async connect(): Promise<void> {
    const attempt = ++this.attempt;
    const connection = new HubConnectionBuilder()
      .withUrl('/hub/wall', { transport: HttpTransportType.WebSockets | HttpTransportType.LongPolling })
      .configureLogging(LogLevel.None)
      .build();
    connection.serverTimeoutInMilliseconds = 20_000;
    connection.keepAliveIntervalInMilliseconds = 10_000;
    connection.onclose(() => { if (attempt === this.attempt) this.failed(); });
    this.connection = connection;

    try {
      await connection.start();
    } catch (error) {
      if (attempt !== this.attempt) return;
      const status = statusOf(error);
      if (status === 401 || status === 403) {
        this.stop();
        this.listener.refused(status === 401);
        return;
      }
      this.failed();
      return;
    }

    if (attempt !== this.attempt) {
      // Stopped meanwhile.
      void connection.stop().catch(() => undefined);
      return;
    }
    this.wait = limits.reconnectFirstMs;
    this.listener.connected();
    this.watch(connection, attempt);
  }

  private watch(connection: HubConnection, attempt: number): void {
    let current = true;
    const from: FeedPosition = this.wantsSnapshot ? { after: 0, run: null } : this.listener.position();
    this.wantsSnapshot = false;
    this.subscription = connection.stream<WallMessage>('Watch', from.after, from.run).subscribe({
      next: (message) => {
        if (!current || attempt !== this.attempt) return;
        if (this.listener.message(message)) return;
        // A connection watches once, so the question for everything needs a new one.
        current = false;
        this.wantsSnapshot = true;
        this.drop(connection);
      },
      error: () => { if (current && attempt === this.attempt) this.drop(connection); },
      complete: () => { if (current && attempt === this.attempt) this.drop(connection); },
    });
  }

  private drop(connection: HubConnection): void {
    if (connection.state === HubConnectionState.Disconnected) this.failed();
    else void connection.stop().catch(() => undefined);
  }

  private failed(): void {
    this.subscription = null;
    this.connection = null;
    if (!this.wanted || this.retry !== null) return;
    if (!this.wantsSnapshot) this.listener.lost();
    // Half of the wait is chance, so that a hundred walls do not come back in the same instant.
    const pause = this.wait * (0.5 + Math.random() / 2);
    this.wait = Math.min(this.wait * 2, limits.reconnectLongestMs);
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.connect();
    }, pause);
  }
}

function statusOf(error: unknown): number {
  const status = (error as { statusCode?: number } | null)?.statusCode;
  return status ?? Number(/status code '(\d{3})'/i.exec(String(error))?.[1] ?? 0);
}
