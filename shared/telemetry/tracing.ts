import type { Logger } from 'pino';

/**
 * Facts of a span: words of ours, of the schema or of a program, and numbers. Never what somebody sent or what a
 * database holds, and no message of an error, which may quote either.
 */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** Where `traceparent` and `tracestate` may stand: headers of a request, or the extensions of a message. */
export type TraceCarrier = object;

/** The side of a request that a span is on: the service that receives it, the one that sends it, or neither. */
export type SpanSide = 'server' | 'client' | 'internal';

/** One thing that is being done, as a part of a trace. */
export interface Span {
  /** Something that is done for it. */
  begin(name: string, facts?: Facts, side?: SpanSide): Span;
  /** Adds facts that are known only now. */
  add(facts: Facts, name?: string): void;
  /** For another process that does a part of it; https://www.w3.org/TR/trace-context/ */
  readonly headers: Readonly<Record<string, string>>;
  /** `fault` is the code of what went wrong. */
  end(fault?: string): void;
}

export interface Beginning {
  facts?: Facts;
  side?: SpanSide;
  /** The span that it follows from without being a part of it. */
  follows?: TraceCarrier | undefined;
}

/** Reports to an OpenTelemetry collector what a service does, and how long it takes. Undefined where no collector is set. */
export interface Tracing {
  /** The first span of this service in a trace, which is another service's if the carrier names one. */
  begin(name: string, from?: TraceCarrier, beginning?: Beginning): Span;
  /** Sends what was not sent yet, if that can be done soon. */
  close(): Promise<void>;
}

/** The libraries are loaded only where spans are wanted: elsewhere they cost neither time nor memory. */
export async function tracingTo(
  url: string | undefined,
  service: string,
  log: Logger,
): Promise<Tracing | undefined> {
  if (url === undefined) return undefined;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  return new OpenTelemetry(url, service, log);
}
