/** How long a client may take. A connection that exceeds one of these is closed. */
export interface ConnectionTimeouts {
  /** From the connection, or the first byte of a further request on it, to the end of the headers. */
  headersMs: number;
  /** From the first byte of a request to the end of its body. */
  bodyMs: number;
  /** Between two requests on one connection. */
  keepAliveMs: number;
  /** For which nothing of a response could be sent, because its client does not read. */
  writeMs: number;
}

/** The defaults of the settings `HEADERS_`, `BODY_` and `WRITE_TIMEOUT_SECONDS` and `KEEP_ALIVE_SECONDS`. */
export const USUAL_TIMEOUTS: ConnectionTimeouts = {
  headersMs: 10_000,
  bodyMs: 30_000,
  keepAliveMs: 65_000,
  writeMs: 30_000,
};
