import type { WallEvent } from '@/api/types';
import { limits } from '@/lib/limits';

/**
 * Lets at most two new lines a second onto the screen, newest first. The server keeps to the same pace; this holds it after a
 * reconnect too, when the missed ticks arrive at once.
 */
export class EventPace {
  private shown: WallEvent[] = [];
  private credit: number = limits.eventsPerSecond;
  private lastMs: number | null = null;

  /** The lines to show at a moment. */
  take(events: readonly WallEvent[], nowMs: number): readonly WallEvent[] {
    const first = this.lastMs === null;
    if (!first) {
      const earned = ((nowMs - this.lastMs!) / 1000) * limits.eventsPerSecond;
      this.credit = Math.min(limits.eventsPerSecond, this.credit + Math.max(0, earned));
    }
    this.lastMs = nowMs;
    if (first) {
      this.shown = events.slice(0, limits.eventsKept);
      return this.shown;
    }

    const newest = this.shown[0]?.position ?? -1;
    const fresh = events.filter((event) => event.position > newest);
    const room = Math.floor(this.credit);
    if (fresh.length === 0 || room === 0) return this.shown;
    const allowed = fresh.slice(0, room);
    this.credit -= allowed.length;
    this.shown = [...allowed, ...this.shown].slice(0, limits.eventsKept);
    return this.shown;
  }

  reset(): void {
    this.shown = [];
    this.credit = limits.eventsPerSecond;
    this.lastMs = null;
  }
}
