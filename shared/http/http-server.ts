import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { fastify, type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { readJsonBodies } from './json-body.js';
import type { ConnectionTimeouts } from '../connection-timeouts.js';
import { closeUnread } from './unread-responses.js';
import { requestsWebSocket } from './upgrades.js';

export interface HttpServerSettings {
  /** A larger body is refused with 413. */
  largestBodyBytes: number;
  timeouts: ConnectionTimeouts;
  /** Proxies whose `X-Forwarded-For` is believed; without it none. */
  trustProxy?: Exclude<FastifyServerOptions['trustProxy'], undefined>;
  /** Headers of the response to a request that did not arrive whole; without it none of its own. */
  earlyHeaders?: (request: IncomingMessage) => Readonly<Record<string, string>>;
}

/** Node looks for connections that exceed their time once in this, or more often for a shorter limit. */
const CHECK_EVERY_MS = 1_000;
const CHECKS_PER_LIMIT = 4;

/** An HTTP server without routes that reads JSON and gives up on clients that do not finish what they began. */
export function httpServer(settings: HttpServerSettings): FastifyInstance {
  const { largestBodyBytes, timeouts, trustProxy = false } = settings;
  const headersTimeout = Math.min(timeouts.headersMs, timeouts.bodyMs);
  const options = {
    headersTimeout,
    requestTimeout: timeouts.bodyMs,
    connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, headersTimeout / CHECKS_PER_LIMIT),
    // From Node 22.21 and 24.9 on, whose types are newer than ours.
    shouldUpgradeCallback: requestsWebSocket,
  };
  const app = fastify({
    bodyLimit: largestBodyBytes,
    forceCloseConnections: 'idle',
    keepAliveTimeout: timeouts.keepAliveMs,
    requestTimeout: timeouts.bodyMs,
    http: options,
    trustProxy,
    clientErrorHandler: refuseUnreadable(settings.earlyHeaders),
  });
  closeUnread(app.server, timeouts.writeMs);
  readJsonBodies(app);
  return app;
}

const UNREADABLE = new Map<string | undefined, [status: number, message: string]>([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'The request did not arrive in time. Send it again, whole.']],
  ['HPE_HEADER_OVERFLOW', [431, 'The headers are larger than 16 KiB. Send less in them.']],
]);
const NO_HTTP: [number, string] = [400, 'This is not a request of HTTP/1.1.'];

/** Responds to bytes that are not HTTP, or not in time, unless a response has begun: text in the middle of one would be part of it. */
function refuseUnreadable(earlyHeaders: HttpServerSettings['earlyHeaders']) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    const { _httpMessage: responding } = socket as { _httpMessage?: ServerResponse | null };
    if (socket.writable && !responding?.headersSent) {
      const [status, message] = UNREADABLE.get(error.code) ?? NO_HTTP;
      const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
      const headers = Object.entries({
        ...(responding && earlyHeaders?.(responding.req)),
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('')}\r\n${body}`);
    }
    socket.destroy(error);
  };
}
