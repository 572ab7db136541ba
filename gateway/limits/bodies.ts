import { Transform, type Readable, type TransformCallback } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SecurityEvents } from '../monitoring/index.js';
import type { Admission } from './admission.js';
import { callerOf, type Caller } from '../core/index.js';
import type { AuthenticateFrom } from './charged-authentication.js';
import { LimitError } from './limit-error.js';
import { feeFor, FEES, LARGEST_SMALL_BODY_BYTES } from './limits.js';

interface LargeBody {
  /** Cost charged before the body was read. */
  paid: number;
  /** Counts a body whose length its sender does not declare. */
  counted?: CountedBody;
}

const largeBodies = new WeakMap<FastifyRequest, LargeBody>();

export interface BodyAdmission {
  admission: Admission;
  authenticate: AuthenticateFrom;
  events: SecurityEvents;
}

/**
 * Authenticates and charges the sender of a body of more than 16 KiB before it is read; without a token it is refused with
 * 413. A body of unknown length is read up to that limit, or, with a token, up to the largest body, and charged afterwards.
 */
export function admitBodies(app: FastifyInstance, how: BodyAdmission): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request;
    const isUnsized = headers['transfer-encoding'] !== undefined;
    if (!isUnsized && sizeOf(request) <= LARGEST_SMALL_BODY_BYTES) done();
    else admit(how, request, isUnsized).then(() => done(), done);
  });
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const counted = largeBodies.get(request)?.counted;
    done(null, counted ? counted.of(payload as Readable) : payload);
  });
}

/** Returns the part of the fee for a request that was paid before its body was read, and the part that is due now. */
export function bodyFees(request: FastifyRequest): { paid: number; due: number } {
  const large = largeBodies.get(request);
  if (!large) return { paid: 0, due: feeFor(sizeOf(request)) };
  return { paid: large.paid, due: large.counted ? feeFor(large.counted.bytes) : FEES.request };
}

async function admit(
  { admission, authenticate, events }: BodyAdmission,
  request: FastifyRequest,
  isUnsized: boolean,
): Promise<void> {
  const { authorization } = request.headers;
  const identity =
    authorization === undefined ? undefined : await authenticate(authorization, request.ip);
  const caller = callerOf(identity, request.ip);
  try {
    if (identity) {
      // For an unknown length one fee in advance, so that no body is read for a caller whose budget is used up.
      const fee = isUnsized ? FEES.request : feeFor(sizeOf(request)) - FEES.request;
      const { cost: paid } = await admission.chargeBody(caller, fee);
      largeBodies.set(request, { paid, ...(isUnsized && { counted: new CountedBody() }) });
    } else if (isUnsized) {
      largeBodies.set(request, { paid: 0, counted: new CountedBody(LARGEST_SMALL_BODY_BYTES) });
    } else {
      await refuseWithoutToken(admission, caller);
    }
  } catch (error) {
    events.recordThrown(caller, error);
    throw error;
  }
}

async function refuseWithoutToken(admission: Admission, caller: Caller): Promise<never> {
  await admission.chargeRefusal(caller);
  throw tooLargeWithoutToken();
}

function tooLargeWithoutToken(): LimitError {
  return new LimitError(
    `A request without a token may have at most ${LARGEST_SMALL_BODY_BYTES / 1024} KiB; this one has more. Send it with "authorization: Bearer <token>".`,
    { status: 413 },
  );
}

/** Passes bytes on and counts them; fails with 413 above a limit, and leaves the connection open for the response. */
class CountedBody extends Transform {
  bytes = 0;
  readonly #most: number;
  #body: Readable | undefined;

  constructor(most = Infinity) {
    super();
    this.#most = most;
    // A reader has a listener of its own; a body of another type has no reader.
    this.on('error', () => undefined);
  }

  of(body: Readable): Readable {
    body.on('error', (error) => this.destroy(error));
    this.#body = body;
    return this;
  }

  /** Begins with the first reader: the server discards a body without one. */
  override _read(size: number): void {
    this.#body?.pipe(this);
    this.#body = undefined;
    super._read(size);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes <= this.#most) done(null, chunk);
    else done(tooLargeWithoutToken());
  }
}

function sizeOf({ headers }: FastifyRequest): number {
  const { 'content-length': length } = headers;
  return length === undefined ? 0 : Number(length);
}
