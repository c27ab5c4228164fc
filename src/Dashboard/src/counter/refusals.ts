import type { ApiError } from '@/api/http';

/** Refusals of which the counter knows what to do next; the sentence is `counter.todo.c…`. */
const known = new Set([120, 121, 140, 141, 142, 152, 153, 155, 156, 157, 160, 161, 162, 163, 164, 165, 181, 182, 183, 184, 185, 186, 187, 188, 190, 191, 192, 193, 194, 199, 213, 303, 304, 902, 1010, 1020, 1021, 1035]);

/** The key of the sentence that says what to do about a refusal; null where the refusal says it itself. */
export const todoOf = (error: ApiError): string | null => (known.has(error.problem.code) ? `c${error.problem.code}` : null);

/** The refusal when it is of this field; fields within it count too. */
export function at(error: ApiError | null, field: string): ApiError | null {
  const path = error?.problem.field ?? null;
  return path !== null && (path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)) ? error : null;
}

/** The refusal when it is of none of these fields. */
export function besides(error: ApiError | null, fields: readonly string[]): ApiError | null {
  return error && fields.every((field) => at(error, field) === null) ? error : null;
}
