import { errors } from 'undici';

/** The endpoint sent no whole response in time: whether the operation ran is not known, unless the connection was refused. */
export class NoResponse extends Error {
  /** Whether nobody listens at the address, so that the operation certainly did not run. */
  readonly isRefused: boolean;

  private constructor(cause: Error) {
    super(cause.message || 'the connection failed', { cause });
    this.isRefused = (cause as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  }

  /** Wraps a fault of the connection or the end of the time limit; every other error is a defect and stays as it is. */
  static from(error: unknown): unknown {
    return isConnectionFault(error) ? new NoResponse(error as Error) : error;
  }
}

/** Faults of the connection carry a code of undici or of the operating system; the time limit has a name of its own. */
function isConnectionFault(error: unknown): boolean {
  const { name, syscall, errors: attempts } = error as NodeJS.ErrnoException & { errors?: Error[] };
  return (
    error instanceof errors.UndiciError ||
    name === 'TimeoutError' ||
    syscall !== undefined ||
    // A host with several addresses fails once for each.
    (attempts?.every(isConnectionFault) ?? false)
  );
}
