import { nextTick } from 'vue';

/** Puts the focus on the field that was refused, and it with its sentence in sight. */
export async function showInvalid(): Promise<void> {
  await nextTick();
  const field = document.querySelector<HTMLInputElement>('[aria-invalid]');
  field?.focus({ preventScroll: true });
  field?.closest('[data-field]')?.scrollIntoView({ block: 'nearest' });
}
