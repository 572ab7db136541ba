/** A sentence for the caller that says what is wrong with an input. It is BAD_USER_INPUT, unless it names another code. */
export type Fault = string | { code: 'FORBIDDEN' | 'TOO_MUCH'; message: string };

/** Returns the fault of a bulk with too many entries; undefined when it has at most `most`. */
export function tooManyFault(entries: string, count: number, most: number): Fault | undefined {
  if (count <= most) return undefined;
  return {
    code: 'TOO_MUCH',
    message: `One call takes up to ${most} ${entries}; received ${count}. Nothing was stored; send them in several calls.`,
  };
}
