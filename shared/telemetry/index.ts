/** Traces of requests, statements and events (OpenTelemetry). */
export { currentSpan, within } from './current-span.js';
export { faultOf, operationFacts } from './operation-facts.js';
export { traceStatements } from './statements.js';
export { type Span, type TraceCarrier, type Tracing, tracingTo } from './tracing.js';
