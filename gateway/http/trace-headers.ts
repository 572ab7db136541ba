/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;
const LONGEST_STATE = 512;

/**
 * Returns the headers of a request, or the extensions of a message, that are forwarded to the subgraphs to continue the trace.
 * They do not identify the caller.
 */
export function traceHeaders(
  carrier: object | null | undefined,
): Record<string, string> | undefined {
  const { traceparent, tracestate } = (carrier ?? {}) as Record<string, unknown>;
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  const isState = typeof tracestate === 'string' && /^[\x20-\x7e]+$/.test(tracestate);
  return isState && tracestate.length <= LONGEST_STATE
    ? { traceparent, tracestate }
    : { traceparent };
}
