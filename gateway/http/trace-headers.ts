/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;
const LONGEST_STATE = 512;

/**
 * What of a request's headers, or of a message's extensions, goes on to the subgraphs, so that a trace does not end here.
 * Nothing in it says who asks.
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
