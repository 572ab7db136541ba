import type { FormattedExecutionResult } from 'graphql';
import type { Caller } from '../core/index.js';
import type { SecurityEvents } from './security-events.js';

/** Checks the result of one query or mutation for signs of an attack. */
export function recordSecurityEvents(
  events: SecurityEvents,
  caller: Caller,
  { data, errors }: FormattedExecutionResult,
): void {
  if (errors) events.recordErrors(caller, errors);
  const misses = data ? nullsWithoutErrors(data, errors ?? []) : 0;
  if (misses > 0) events.countMisses(caller, misses);
}

function nullsWithoutErrors(
  data: Readonly<Record<string, unknown>>,
  errors: readonly { path?: readonly (string | number)[] | undefined }[],
): number {
  let nulls = 0;
  for (const name in data) {
    if (data[name] === null && !errors.some(({ path }) => path?.[0] === name)) nulls += 1;
  }
  return nulls;
}
