import { onBeforeUnmount, ref, watch, type Ref } from 'vue';
import { limits } from './limits';

/** The shown value runs to the new one once, within 300 ms, and stands still after; with reduced motion it is there at once. */
export function useCountUp(source: () => number | null): Readonly<Ref<number | null>> {
  const shown = ref<number | null>(source());
  const still = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null;
  let frame = 0;

  watch(source, (target) => {
    cancelAnimationFrame(frame);
    const from = shown.value;
    if (target === null || from === null || still?.matches || document.hidden) {
      shown.value = target;
      return;
    }
    const begin = performance.now();
    const step = (now: number): void => {
      const share = Math.min(1, (now - begin) / limits.motionMs);
      shown.value = share === 1 ? target : Math.round(from + (target - from) * (1 - (1 - share) ** 3));
      if (share < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  });

  onBeforeUnmount(() => cancelAnimationFrame(frame));
  return shown;
}
