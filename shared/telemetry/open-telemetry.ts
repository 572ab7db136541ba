import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span as ApiSpan,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import { Outlet } from './outlet.js';
import type { Beginning, Facts, Span, SpanSide, TraceCarrier, Tracing } from './tracing.js';

/** An end that waits for a collector would look like one that hangs. */
const LONGEST_CLOSE_MS = 1_000;

const KINDS: Record<SpanSide, SpanKind> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

const w3c = new W3CTraceContextPropagator();

/**
 * Spans by the OpenTelemetry SDK, sent in batches over OTLP/HTTP. Nothing is registered for the whole process: packages that
 * would record more than we want, among them the gateway's, find no tracer.
 */
export class OpenTelemetry implements Tracing {
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;

  constructor(url: string, service: string, log: Logger) {
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        'service.namespace': 'vierblatt',
        'service.name': `vierblatt-${service}`,
      }),
      spanProcessors: [new BatchSpanProcessor(new Outlet(url, log))],
    });
    this.#tracer = this.#provider.getTracer('vierblatt');
  }

  begin(name: string, from?: TraceCarrier, { facts, side, follows }: Beginning = {}): Span {
    const followed = follows && trace.getSpanContext(contextIn(follows));
    return spanOf(this.#tracer, contextIn(from), name, facts, side, followed && [followed]);
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_CLOSE_MS);
    });
    await Promise.race([this.#provider.shutdown().catch(() => undefined), patience]);
    clearTimeout(timer);
  }
}

function contextIn(carrier: TraceCarrier | undefined): Context {
  return carrier ? w3c.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter) : ROOT_CONTEXT;
}

function spanOf(
  tracer: Tracer,
  parent: Context,
  name: string,
  attributes: Facts = {},
  side: SpanSide = 'internal',
  followed: ReturnType<ApiSpan['spanContext']>[] = [],
): Span {
  const links = followed.map((context) => ({ context }));
  const span = tracer.startSpan(name, { attributes, kind: KINDS[side], links }, parent);
  const own = trace.setSpan(parent, span);
  return {
    begin: (child, facts, childSide) => spanOf(tracer, own, child, facts, childSide),
    add(facts, newName) {
      span.setAttributes(facts);
      if (newName !== undefined) span.updateName(newName);
    },
    get headers() {
      const headers: Record<string, string> = {};
      w3c.inject(own, headers, defaultTextMapSetter);
      return headers;
    },
    end(fault) {
      if (fault !== undefined) {
        span.setAttribute('error.type', fault);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}
