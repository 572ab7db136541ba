import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector gets it over OTLP/HTTP, as JSON. */
export interface CollectedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** 1 internal, 2 server, 3 client. */
  kind: number;
  facts: Record<string, string | number | boolean>;
  follows: string[];
  milliseconds: number;
}

/** Takes what an exporter sends, as an OpenTelemetry collector does. */
export async function collector() {
  const spans: CollectedSpan[] = [];
  const texts: string[] = [];
  const state = { status: 200 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (state.status === 200) {
        texts.push(text);
        spans.push(...spansIn(JSON.parse(text) as TraceRequest));
      }
      response.writeHead(state.status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    spans,
    /** Everything that was received, as it was sent. */
    texts,
    /** With another status than 200 it takes nothing. */
    respondWith: (status: number) => (state.status = status),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A request of an exporter over OTLP/HTTP, as far as it is read. */
interface TraceRequest {
  resourceSpans: {
    resource: { attributes?: Attribute[] };
    scopeSpans: { spans: SentSpan[] }[];
  }[];
}

interface SentSpan extends Pick<CollectedSpan, 'name' | 'traceId' | 'spanId' | 'kind'> {
  parentSpanId?: string;
  attributes?: Attribute[];
  links?: { spanId: string }[];
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

/** A value is an object with one member, which names its type. */
interface Attribute {
  key: string;
  value: Record<string, string | number | boolean>;
}

function spansIn({ resourceSpans }: TraceRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: String(factsOf(resource.attributes)['service.name']),
        name: span.name,
        traceId: span.traceId,
        spanId: span.spanId,
        ...(span.parentSpanId ? { parentSpanId: span.parentSpanId } : {}),
        kind: span.kind,
        facts: factsOf(span.attributes),
        follows: (span.links ?? []).map(({ spanId }) => spanId),
        milliseconds: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
      })),
    ),
  );
}

function factsOf(attributes: Attribute[] = []): CollectedSpan['facts'] {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]!]));
}
