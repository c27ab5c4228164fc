/**
 * How old the newest figure was when it arrived. The clocks of the server and of the browser differ by an unknown offset; the smallest
 * difference seen so far is taken as that offset, so the result is the waiting in the server plus what this message took longer than the best one.
 */
export class Delay {
  private offset = Number.POSITIVE_INFINITY;
  private smoothed: number | null = null;

  /** Milliseconds, or null before the first message. */
  get ms(): number | null { return this.smoothed; }

  arrived(atMs: number, newestEntryMs: number, nowMs: number, isSnapshot: boolean): void {
    this.offset = Math.min(this.offset, nowMs - atMs);
    // A snapshot repeats old figures: its newest entry says nothing about the way of a message.
    if (isSnapshot || newestEntryMs <= 0) return;
    const measured = Math.max(0, atMs - newestEntryMs) + (nowMs - atMs - this.offset);
    this.smoothed = this.smoothed === null ? measured : this.smoothed * 0.8 + measured * 0.2;
  }

  /** The server's clock, as well as it can be known here. */
  serverNow(nowMs: number): number {
    return Number.isFinite(this.offset) ? nowMs - this.offset : nowMs;
  }

  reset(): void {
    this.offset = Number.POSITIVE_INFINITY;
    this.smoothed = null;
  }
}
