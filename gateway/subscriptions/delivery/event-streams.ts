import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHandler, TOKEN_HEADER_KEY, TOKEN_QUERY_KEY, type Request } from 'graphql-sse';
import { maskFault } from '../../faults/mask.js';
import type { ClientIdentity } from '../../identity/authentication.js';
import { isSubscription } from '../planning/operation-kind.js';
import type { OperationRequest } from '../planning/prepare.js';
import { runSingle, type SingleResult } from './single-operation.js';
import { StreamBacklog } from './stream-backlog.js';
import { StreamMember } from './stream-member.js';
import type { StreamingEndpoint } from './streaming-endpoint.js';
import { OperationRefused } from '../planning/valid-documents.js';

interface StreamContext {
  identity: ClientIdentity;
  backlog: StreamBacklog;
}

type StreamRequest = Request<FastifyRequest, StreamContext>;

/** GraphQL over Server-Sent Events: one stream per operation, or one reserved stream for several. */
export class EventStreams {
  readonly #endpoint: StreamingEndpoint;
  readonly #open = new Set<ServerResponse>();
  /** Of reserved streams, by their token. */
  readonly #backlogs = new Map<string, StreamBacklog>();
  readonly #handler = createHandler<FastifyRequest, StreamContext>({
    authenticate: ({ raw }) => presentedToken(raw) ?? randomUUID(),
    onSubscribe: async (request, operation) => (await this.#start(request, operation)) as never,
  });

  constructor(endpoint: StreamingEndpoint) {
    this.#endpoint = endpoint;
  }

  async handle(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const identity = await this.#endpoint.authenticate(request.headers.authorization);
    const token = presentedToken(request);
    const backlog = (token !== undefined && this.#backlogs.get(token)) || new StreamBacklog();
    const [body, { status, statusText, headers }] = await this.#handler({
      method: request.method,
      url: request.url,
      headers: { get: (name) => single(request.headers[name]) },
      body: (request.body ?? null) as Record<string, unknown> | null,
      raw: request,
      context: { identity, backlog },
    });
    reply.hijack();
    const response = reply.raw;
    response.writeHead(status, statusText, headers);
    if (body === null || typeof body === 'string') {
      const reserved = request.method === 'PUT' && status === 201 ? body : null;
      if (reserved !== null) this.#backlogs.set(reserved, backlog);
      response.end(body);
      return;
    }
    await this.#send(body, response, backlog);
    if (token !== undefined) this.#backlogs.delete(token);
  }

  /** Cuts the streams without completing them: their clients connect again. */
  close(): void {
    for (const response of this.#open) response.destroy();
  }

  async #start({ method, context }: StreamRequest, operation: OperationRequest) {
    const { apollo, hub, log, preparation } = this.#endpoint;
    const { identity, backlog } = context;
    try {
      if (!isSubscription(operation.query, operation.operationName)) {
        const allowed = method === 'GET' ? 'GET' : 'POST';
        return only(await runSingle(apollo, operation, identity, allowed));
      }
      const prepared = preparation.prepare(operation);
      return new StreamMember(backlog, (member) => hub.join(prepared, identity, member));
    } catch (error) {
      if (error instanceof OperationRefused)
        return only({ errors: error.errors.map((refused) => refused.toJSON()) });
      return only({ errors: [maskFault(log, error)] });
    }
  }

  async #send(
    body: AsyncGenerator<string, void, undefined>,
    response: ServerResponse,
    backlog: StreamBacklog,
  ): Promise<void> {
    this.#open.add(response);
    response.once('close', () => {
      this.#open.delete(response);
      void body.return();
    });
    for await (const chunk of body) {
      // Also called, with an error, when the client has gone; 'close' then ends the loop.
      await new Promise<unknown>((resolve) => response.write(chunk, resolve));
      backlog.sent(Buffer.byteLength(chunk));
    }
    response.end();
  }
}

async function* only(result: SingleResult) {
  yield result;
}

/** The token of a reserved stream. It is made here and cannot be guessed; a reservation never takes one the client chose. */
function presentedToken({ method, headers, query }: FastifyRequest): string | undefined {
  if (method === 'PUT') return undefined;
  const inQuery = (query as Record<string, unknown>)[TOKEN_QUERY_KEY];
  return single(headers[TOKEN_HEADER_KEY]) ?? (typeof inQuery === 'string' ? inQuery : undefined);
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
