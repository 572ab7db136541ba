/**
 * Returns the fault of the period of a filter of the audit; undefined if it has none. The list for a mistyped filter must not look as if
 * nobody had read anything.
 */
export function periodFault(
  from: Date | null | undefined,
  until: Date | null | undefined,
): string | undefined {
  if (from == null || until == null || from < until) return undefined;
  return `from lies before until; received ${from.toISOString()} and ${until.toISOString()}.`;
}
