import { onBeforeUnmount, onMounted } from 'vue';

export type KeyMap = Partial<Record<string, () => void>>;

/** True while a key belongs to the text that is being typed. A field of digits takes no letters, so they stay shortcuts there. */
export function typesText(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (!target.isContentEditable && !/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return false;
  return code !== 'Escape' && !(target.dataset['digits'] !== undefined && code.startsWith('Key'));
}

/**
 * The keys of a view, by the place of the key on the board (KeyJ, Digit1, Escape) and not by its letter, so that a Chinese input method that is
 * switched on changes nothing.
 */
export function useKeys(keys: () => KeyMap): void {
  function hear(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (typesText(event.target, event.code)) return;
    const act = keys()[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  }
  onMounted(() => document.addEventListener('keydown', hear));
  onBeforeUnmount(() => document.removeEventListener('keydown', hear));
}
