import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';

/** For one batch, repetitions included: a collector stands nearby, and what waits for it fills memory. */
const LONGEST_SENDING_MS = 3_000;

/** Where spans go. An unavailable collector is logged once, and once when it is back; nothing else notices. */
export class Outlet implements SpanExporter {
  readonly #exporter: OTLPTraceExporter;
  readonly #log: Logger;
  #isUnavailable = false;

  constructor(url: string, log: Logger) {
    this.#exporter = new OTLPTraceExporter({ url, timeoutMillis: LONGEST_SENDING_MS });
    this.#log = log;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans, ({ code, error }) => {
      this.#received(code === ExportResultCode.SUCCESS, error);
      // Logged once already: the SDK would log it each time.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown();
  }

  #received(isThere: boolean, error: Error | undefined): void {
    if (isThere === !this.#isUnavailable) return;
    this.#isUnavailable = !isThere;
    if (isThere) this.#log.info('the collector takes spans again');
    else
      this.#log.warn({ err: error }, 'the collector takes no spans; until it does, they are lost');
  }
}
