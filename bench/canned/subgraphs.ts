/** All canned subgraphs in one process, on the ports that its argument names as JSON. */
import { createServer, type IncomingMessage } from 'node:http';
import { execute, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { AddedReviews } from './added-reviews.js';
import { reviewAdded } from './data.js';
import { emitOnOrder, report } from './events.js';
import { subgraphSchema } from './subgraph-schemas.js';
import { CANNED, type CannedName } from './type-defs.js';

/** More different requests than a bench sends. */
const MOST_RESPONSES = 20_000;

const ports = JSON.parse(process.argv[2]!) as Record<CannedName, number>;
const added = new AddedReviews();
for (const name of CANNED) await serve(subgraphSchema(name, added), ports[name]);
emitOnOrder((number, body) => added.add(reviewAdded(number, body)));
process.on('disconnect', () => process.exit());
report({ ready: true });

/** Each response is computed once, so that the gateway does the work. */
async function serve(schema: GraphQLSchema, port: number): Promise<void> {
  const documents = new Map<string, DocumentNode>();
  const responses = new Map<string, string>();
  const respond = async (body: string): Promise<string> => {
    const known = responses.get(body);
    if (known !== undefined) return known;
    const text = JSON.stringify(await executed(schema, documents, body));
    if (responses.size < MOST_RESPONSES) responses.set(body, text);
    return text;
  };
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then((body) => (body.startsWith('[') ? respondToList(body, respond) : respond(body)))
      .then((text) => {
        const length = Buffer.byteLength(text);
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
        response.end(text);
      });
  });
  server.keepAliveTimeout = 60_000;
  const sockets = new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false });
  useServer({ schema }, sockets);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

async function respondToList(
  body: string,
  respond: (body: string) => Promise<string>,
): Promise<string> {
  const entries = JSON.parse(body) as unknown[];
  const texts = await Promise.all(entries.map((body) => respond(JSON.stringify(body))));
  return `[${texts.join(',')}]`;
}

async function executed(
  schema: GraphQLSchema,
  documents: Map<string, DocumentNode>,
  body: string,
): Promise<unknown> {
  const { query, variables, operationName } = JSON.parse(body) as {
    query: string;
    variables?: Record<string, unknown>;
    operationName?: string;
  };
  let document = documents.get(query);
  if (!document) {
    document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    documents.set(query, document);
  }
  return execute({
    schema,
    document,
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    contextValue: {},
  });
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(Buffer.concat(chunks).toString()));
    request.once('error', reject);
  });
}
