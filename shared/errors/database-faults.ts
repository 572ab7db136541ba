/**
 * State of the database by an error, where it is the database that failed and not the statement:
 * - `unavailable`: it cannot be reached or cannot work at the moment; the same call may succeed later.
 * - `inaccessible`: it refuses this service, or is not there; an operator has to correct that.
 * - `cancelled`: it stopped the statement, as a rule because the statement took longer than it may.
 */
export type DatabaseFault = 'unavailable' | 'inaccessible' | 'cancelled';

/**
 * SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html): 08 connection, 53 resources (disk, memory,
 * connections), 57 intervention of an operator (shutdown, crash, still starting), 58 system errors (input and output),
 * 25006 a server that became a standby, 25P03 and 25P04 sessions that the server ended.
 */
const UNAVAILABLE = /^(08|53|57|58)[0-9A-Z]{3}$|^25(006|P03|P04)$/;
/** 57014 query_canceled. */
const CANCELLED = '57014';
/** 28 invalid authorization, 3D000 no such database; P1000, P1003 and P1010 are Prisma's for the same. */
const INACCESSIBLE = /^28[0-9A-Z]{3}$|^3D000$|^P10(00|03|10)$/;

/** Codes of the operating system when a connection cannot be made or breaks, and of Prisma for the same things. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTCONN',
  'EPROTO',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'P1001',
  'P1002',
  'P1008',
  'P1011',
  'P1017',
  'P2024',
  'P2037',
]);

/** Kinds under which Prisma's adapter reports the errors of a socket, whose code it drops. */
const UNREACHABLE_KINDS = new Set<unknown>([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TlsConnectionError',
]);

/** The pg packages give these no code: a connection that ends, one that has ended, and a wait that took too long. */
const BROKEN = new RegExp(
  [
    '^Connection terminated',
    '^Client (has encountered a connection error|was closed) and is not queryable',
    '^timeout (expired|exceeded when trying to connect)',
    '^Query read timeout',
    '^Cannot use a pool after calling end',
    '^The server does not support SSL connections',
    '^There was an error establishing an SSL connection',
    'not currently accepting connections',
    // Prisma, of a transaction for which no connection became free in time.
    'Unable to start a transaction in the given time',
  ].join('|'),
);

/** The parts of an error that show its cause: the code of pg or of the system, and the fields in which Prisma keeps the error of its driver. */
interface Trace {
  code?: unknown;
  originalCode?: unknown;
  kind?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
  /** Of a host with several addresses: one error for each. */
  errors?: unknown;
}

/** How deep causes are looked into: GraphQL, Prisma, its driver, pg and the system are five. */
const DEPTH = 6;

/** The fault of the database that an error comes from; undefined for any other error. Nothing else knows the codes. */
export function databaseFaultOf(error: unknown, depth = DEPTH): DatabaseFault | undefined {
  if (typeof error !== 'object' || error === null || depth === 0) return undefined;
  const { code, originalCode, kind, message, cause, meta, errors } = error as Trace;
  const own = faultOfCode(originalCode) ?? faultOfCode(code);
  if (own) return own;
  if (UNREACHABLE_KINDS.has(kind)) return 'unavailable';
  if (typeof message === 'string' && BROKEN.test(message)) return 'unavailable';
  const several: unknown[] = Array.isArray(errors) ? errors : [];
  const inner = [cause, meta?.driverAdapterError, ...several];
  for (const each of inner) {
    const fault = databaseFaultOf(each, depth - 1);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfCode(code: unknown): DatabaseFault | undefined {
  if (typeof code !== 'string') return undefined;
  if (code === CANCELLED) return 'cancelled';
  if (INACCESSIBLE.test(code)) return 'inaccessible';
  return UNAVAILABLE.test(code) || UNREACHABLE.has(code) ? 'unavailable' : undefined;
}
