/** SQLSTATE of a server that ends, has ended, or is starting up (57P01 to 57P05), or of a broken connection (class 08). */
const SERVER_AWAY = /^(57P0[1-5]|08\w{3})$/;
/** Codes of the operating system, and of Prisma for the same things. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'P1001',
  'P1017',
  'P2024',
]);
/** The pg package has no code for a connection that ends under a statement. */
const BROKEN = /^Connection terminated/;

/** What of an error tells why: pg's codes, and the places where Prisma keeps what its driver said. */
interface Trace {
  code?: unknown;
  originalCode?: unknown;
  message?: unknown;
  cause?: Trace;
  meta?: { driverAdapterError?: Trace };
}

/** Whether an error only says that the database cannot be reached: trying again later may mend it. */
export function isDatabaseAway(error: unknown): boolean {
  let trace = error as Trace | null | undefined;
  for (let depth = 0; trace && depth < 5; depth++) {
    const { code, originalCode, message } = trace;
    const codes = [String(code), String(originalCode)];
    if (codes.some((text) => SERVER_AWAY.test(text) || UNREACHABLE.has(text))) return true;
    if (BROKEN.test(String(message))) return true;
    trace = trace.cause ?? trace.meta?.driverAdapterError;
  }
  return false;
}
