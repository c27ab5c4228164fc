import { onBeforeUnmount, ref, type Ref } from 'vue';

/** True while the window is as the query says. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query);
  const matches = ref(list.matches);
  const hear = (event: MediaQueryListEvent): void => { matches.value = event.matches; };
  list.addEventListener('change', hear);
  onBeforeUnmount(() => list.removeEventListener('change', hear));
  return matches;
}
