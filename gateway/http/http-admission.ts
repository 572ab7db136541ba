import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { Cancellation } from '../../shared/cancellation/cancellation.js';
import { refuseDeepNesting } from '../../shared/http/nesting.js';
import { refuseSubscription, refuseUnreadable } from './refuse-subscriptions.js';
import { traceHeaders } from './trace-headers.js';
import type { IdentitySettings } from '../access/authentication/authentication.js';
import { requireSchemaQuestion } from '../access/authentication/introspection-operations.js';
import type { SecurityEvents } from '../monitoring/security-events.js';
import type { RequestContext } from '../core/request-context.js';
import type { Admission } from '../limits/admission.js';
import { bodyFees } from '../limits/bodies.js';
import { callerOf, type Caller } from '../core/caller.js';
import type { AuthenticateFrom } from '../limits/charged-authentication.js';
import type { SentOperation } from '../limits/operation-list.js';

interface SentOverHttp extends SentOperation {
  operationName?: unknown;
}

/** Puts the text of a listed operation where the client sent its id, before anybody looks at the request. */
export function resolveOverHttp(admission: Admission) {
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

/** Throws BAD_USER_INPUT for parameters with JSON that is nested too deep; bodies are looked at when they are read. */
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
 * Who asks, and whether they may ask now; all that is refused here is refused before it is validated. What is no GraphQL
 * request at all pays like one that is refused.
 */
export async function admittedOverHttp(
  { admission, authenticate, events, settings, schema }: HttpAdmission,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RequestContext> {
  const { authorization } = request.headers;
  const identity =
    authorization === undefined ? undefined : await authenticate(authorization, request.ip);
  const caller = callerOf(identity, request.ip);
  const sent = request.method === 'GET' ? request.query : request.body;
  const isObject = typeof sent === 'object' && sent !== null && !Array.isArray(sent);
  if (!isObject) await admission.refused(caller);
  const operation: SentOverHttp = isObject ? sent : {};
  try {
    const { paid, due } = bodyFees(request);
    const spending = await admission.arrive(caller, operation.query, due);
    spending.cost += paid;
    await orFined(admission, caller, () => {
      refuseSubscription(operation);
      if (!identity) requireSchemaQuestion(settings, operation);
      refuseUnreadable(schema(), operation);
    });
    const forwarded = traceHeaders(request.headers);
    const cancellation = cancelledWhenGone(reply.raw);
    const facts = { caller, spending, cancellation };
    return { ...facts, ...(identity && { identity }), ...(forwarded && { forwarded }) };
  } catch (error) {
    events.thrown(caller, error);
    throw error;
  }
}

async function orFined(admission: Admission, caller: Caller, check: () => void): Promise<void> {
  try {
    check();
  } catch (error) {
    await admission.refused(caller);
    throw error;
  }
}

/** Cancelled when the client goes away before the whole response is sent. */
export function cancelledWhenGone(response: ServerResponse): Cancellation {
  const cancellation = new Cancellation();
  response.once('close', () => {
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
