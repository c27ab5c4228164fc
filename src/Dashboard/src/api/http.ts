import type { Problem } from './types';
import { limits } from '@/lib/limits';

/** A refusal or a failure to reach the server, in the form every page shows: what happened, what to do next, its number. */
export class ApiError extends Error {
  constructor(readonly problem: Problem, readonly offline = false) {
    super(problem.name ?? `http-${problem.status}`);
    this.name = 'ApiError';
  }

  get notFound(): boolean { return this.problem.status === 404; }
  get signedOut(): boolean { return this.problem.status === 401; }
}

type SignedOutListener = () => void;
let whenSignedOut: SignedOutListener = () => undefined;

/** Called when any request learns that the session is over. */
export function onSignedOut(listener: SignedOutListener): void { whenSignedOut = listener; }

/** Sends one request and reads its JSON answer; refusals and broken lines become {@link ApiError}. */
export async function request<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, signal?: AbortSignal, idempotencyKey?: string): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  if (method !== 'GET') headers['X-ChainCrm'] = '1';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;

  const timeout = AbortSignal.timeout(limits.requestTimeoutMs);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      // What a page ends when it is left must reach the server after the page is gone.
      keepalive: method === 'DELETE',
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: 0 }, true);
  }

  if (response.ok) {
    if (response.status === 204) return undefined as T;
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  const error = new ApiError(await readProblem(response));
  if (error.signedOut && path !== '/v1/session') whenSignedOut();
  throw error;
}

async function readProblem(response: Response): Promise<Problem> {
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return { ...problem, status: response.status, code: problem.code ?? 0 };
  } catch {
    // A proxy in between may answer with something that is not JSON; the status still tells what to say.
    return { status: response.status, code: 0 };
  }
}
