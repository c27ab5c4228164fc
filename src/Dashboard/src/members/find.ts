import { api } from '@/api/endpoints';
import { ApiError } from '@/api/http';
import type { CustomerKey, MemberCard } from '@/api/types';

/** A way of identifying that cannot fit this text (400) says no more than "not this way"; anything else ends the search. */
const goesOn = (error: unknown): error is ApiError => error instanceof ApiError && (error.notFound || error.problem.status === 400 || error.problem.status === 422);

/** Tries each way in turn; null when none knows the member. */
export async function findMember(ways: CustomerKey[], signal: AbortSignal): Promise<MemberCard | null> {
  for (const way of ways) {
    try {
      return way.id === undefined ? await api.identify(way, signal) : await api.customer(way.id, signal);
    } catch (error) {
      if (!goesOn(error)) throw error;
      if (!error.notFound && ways.length === 1) throw error;
    }
  }
  return null;
}
