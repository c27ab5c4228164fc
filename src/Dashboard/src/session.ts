import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { api } from '@/api/endpoints';
import { ApiError } from '@/api/http';
import type { Session } from '@/api/types';

/** Who looks. The key itself is never kept here: the server holds the session in a cookie that scripts cannot read. */
export const useSession = defineStore('session', () => {
  const current = shallowRef<Session | null>(null);
  /** Why the open link did not work; shown by the sign-in page. */
  const failure = shallowRef<ApiError | null>(null);

  const mayLookUpCustomers = computed(() => current.value?.role === 'office' || current.value?.role === 'till');

  async function signIn(key: string): Promise<void> {
    const answer = await api.signIn(key);
    current.value = answer?.role ? answer : await api.session();
    failure.value = null;
  }

  /** Reads `#key=...` out of the open link, takes it from the address bar before anything else, and signs in with it. */
  async function begin(): Promise<void> {
    const key = takeKeyFromAddress(window.location, window.history);
    try {
      if (key !== null) await signIn(key);
      else current.value = await api.session();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // No session yet is the ordinary case of a first visit, not a failure to tell about.
      if (key !== null || !error.signedOut) failure.value = error;
    }
  }

  async function signOut(): Promise<void> {
    await api.signOut();
    forget();
  }

  function forget(): void { current.value = null; }

  return { current, failure, mayLookUpCustomers, signIn, begin, signOut, forget };
});

/** The key of an open link, removed from the address bar and from the history entry. */
export function takeKeyFromAddress(location: Pick<Location, 'hash' | 'pathname' | 'search'>, history: Pick<History, 'replaceState'>): string | null {
  if (!location.hash.startsWith('#key=')) return null;
  const key = decodeURIComponent(location.hash.slice('#key='.length));
  history.replaceState(null, '', location.pathname + location.search);
  return key === '' ? null : key;
}
