import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { Cancellation } from '../../shared/cancellation/index.js';
import { refuseDeepNesting } from '../../shared/http/index.js';
import { refuseSubscription, refuseUndecidable } from './refuse-subscriptions.js';
import { traceHeaders } from './trace-headers.js';
import { type IdentitySettings, requireIntrospectionOnly } from '../access/index.js';
import type { SecurityEvents } from '../monitoring/index.js';
import { type RequestContext, callerOf } from '../core/index.js';
import {
  type Admission,
  bodyFees,
  type AuthenticateFrom,
  type SentOperation,
} from '../limits/index.js';

interface SentOverHttp extends SentOperation {
  operationName?: unknown;
}

/** Replaces the id of a listed operation by its text before the request is processed. */
export function resolveListedOperation(admission: Admission) {
  return async (request: FastifyRequest): Promise<void> => {
    if (request.method === 'GET') {
      const { query, extensions } = request.query as Record<string, string | undefined>;
      const resolved = admission.resolve({ query, extensions: parsedOrNot(extensions) });
      if (resolved.query === query) return;
      request.query = { ...(request.query as object), ...resolved, extensions: undefined };
    } else if (request.body !== null && typeof request.body === 'object') {
      request.body = admission.resolve(request.body);
    }
  };
}

/** Throws BAD_USER_INPUT for parameters with JSON that is nested too deep; bodies are checked when they are read. */
export async function refuseDeepParameters({ method, query }: FastifyRequest): Promise<void> {
  if (method !== 'GET') return;
  const { variables, extensions } = query as Record<string, string | undefined>;
  for (const json of [variables, extensions]) refuseDeepNesting(parsedOrNot(json));
}

export interface HttpAdmission {
  admission: Admission;
  authenticate: AuthenticateFrom;
  events: SecurityEvents;
  settings: IdentitySettings;
  schema: () => GraphQLSchema;
}

/**
 * Authenticates the caller and decides whether the request may continue; everything refused here is refused before validation. A
 * body that is no GraphQL request is charged like a refused one.
 */
export async function admitHttpRequest(
  { admission, authenticate, events, settings, schema }: HttpAdmission,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RequestContext> {
  const { authorization } = request.headers;
  const address = request.ip;
  const identity =
    authorization === undefined ? undefined : await authenticate(authorization, address);
  const caller = callerOf(identity, address);
  const sent = request.method === 'GET' ? request.query : request.body;
  const isObject = typeof sent === 'object' && sent !== null && !Array.isArray(sent);
  if (!isObject) await admission.chargeRefusal(caller);
  const operation: SentOverHttp = isObject ? sent : {};
  try {
    const { paid, due } = bodyFees(request);
    const spending = await admission.chargeRequest(caller, operation.query, due);
    spending.cost += paid;
    try {
      refuseSubscription(operation);
      if (!identity) requireIntrospectionOnly(settings, operation);
      refuseUndecidable(schema(), operation);
    } catch (error) {
      await admission.chargeRefusal(caller);
      throw error;
    }
    const forwarded = traceHeaders(request.headers);
    const cancellation = cancelledOnDisconnect(reply.raw);
    const facts = { caller, spending, cancellation };
    return { ...facts, ...(identity && { identity }), ...(forwarded && { forwarded }) };
  } catch (error) {
    events.recordThrown(caller, error);
    throw error;
  }
}

/** Returns a cancellation that is cancelled when the client disconnects before the whole response is sent. */
export function cancelledOnDisconnect(response: ServerResponse): Cancellation {
  const cancellation = new Cancellation();
  response.on('close', () => {
    if (!response.writableFinished) cancellation.cancel();
  });
  return cancellation;
}

function parsedOrNot(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return undefined;
  }
}
