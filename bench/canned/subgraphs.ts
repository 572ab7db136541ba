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

/** More different questions than a bench asks. */
const MOST_ANSWERS = 20_000;

const ports = JSON.parse(process.argv[2]!) as Record<CannedName, number>;
const added = new AddedReviews();
for (const name of CANNED) await serve(subgraphSchema(name, added), ports[name]);
emitOnOrder((number, body) => added.tell(reviewAdded(number, body)));
process.on('disconnect', () => process.exit());
report({ ready: true });

/** Each answer is worked out once, so that it is the gateway that has the work. */
async function serve(schema: GraphQLSchema, port: number): Promise<void> {
  const documents = new Map<string, DocumentNode>();
  const answers = new Map<string, string>();
  const answer = async (question: string): Promise<string> => {
    const known = answers.get(question);
    if (known !== undefined) return known;
    const text = JSON.stringify(await answered(schema, documents, question));
    if (answers.size < MOST_ANSWERS) answers.set(question, text);
    return text;
  };
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then((body) => (body.startsWith('[') ? answerList(body, answer) : answer(body)))
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

async function answerList(
  body: string,
  answer: (question: string) => Promise<string>,
): Promise<string> {
  const questions = JSON.parse(body) as unknown[];
  const texts = await Promise.all(questions.map((question) => answer(JSON.stringify(question))));
  return `[${texts.join(',')}]`;
}

async function answered(
  schema: GraphQLSchema,
  documents: Map<string, DocumentNode>,
  question: string,
): Promise<unknown> {
  const { query, variables, operationName } = JSON.parse(question) as {
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
