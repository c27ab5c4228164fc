import { useText } from '@/i18n';
import { count, money } from '@/lib/format';
import { hourMinute } from '@/lib/time';
import { useWall } from '@/wall/store';
import type { Act } from './acts';

/** An act in a few words: 14:32 · 消费 · ¥128.00. */
export function useActText(): (act: Act) => string {
  const { t, language } = useText();
  const wall = useWall();
  return (act) => [
    hourMinute(act.atMs, wall.timeZone),
    t(`counter.kind.${act.kind}`),
    act.amountMinor !== null ? money(act.amountMinor, wall.currency, language.value) : '',
    act.points !== null ? t('event.points', { n: count(act.points, language.value) }) : '',
  ].filter(Boolean).join(' · ');
}
