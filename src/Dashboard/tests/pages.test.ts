import { effectScope } from 'vue';
import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/http';
import { usePages } from '@/lib/pages';

describe('a list that comes page by page', () => {
  it('goes on where the last page ended, and stops at the end', async () => {
    const asked: (number | null)[] = [];
    const scope = effectScope();
    const pages = scope.run(() => usePages<string, number>(async (next) => {
      asked.push(next);
      return next === null ? { items: ['a', 'b'], next: 7 } : { items: ['c'] };
    }))!;
    await pages.load();
    expect([pages.items.value, pages.next.value, pages.state.value]).toEqual([['a', 'b'], 7, 'ready']);
    await pages.load();
    expect([pages.items.value, pages.next.value, asked]).toEqual([['a', 'b', 'c'], null, [null, 7]]);
    scope.stop();
  });

  it('keeps what is there when a page fails, and asks for the same one again', async () => {
    let fails = false;
    const asked: (number | null)[] = [];
    const scope = effectScope();
    const pages = scope.run(() => usePages<string, number>(async (next) => {
      asked.push(next);
      if (fails) throw new ApiError({ status: 503, code: 900, name: 'busy', title: 'Busy', titleZh: '繁忙' });
      return { items: ['x'], next: (next ?? 0) + 1 };
    }))!;
    await pages.load();
    fails = true;
    await pages.load();
    expect([pages.state.value, pages.failure.value?.problem.code, pages.items.value]).toEqual(['error', 900, ['x']]);
    fails = false;
    await pages.load();
    expect([pages.failure.value, pages.items.value, asked]).toEqual([null, ['x', 'x'], [null, 1, 1]]);
    scope.stop();
  });

  it('says nothing any more when it is let go', async () => {
    const scope = effectScope();
    const pages = scope.run(() => usePages<string, number>((_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))))!;
    const loading = pages.load();
    scope.stop();
    await loading;
    expect([pages.state.value, pages.failure.value]).toEqual(['loading', null]);
  });
});
