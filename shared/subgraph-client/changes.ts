import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TypedDocument } from '../graphql-client/index.js';
import { subgraphClaims } from '../identity/index.js';
import type { SubgraphName } from '../env.js';
import { type SubgraphAddress, SubgraphUnavailable } from './client.js';

/** How long the missed changes may take to arrive; a cut one is read again from the last cursor. */
const TIMEOUT_MS = 20_000;

/** One message of a resumable subscription. */
interface ChangeMessage {
  cursor: string;
  caughtUp: boolean;
}

/** The cursor is too old, or of another database: what it stands for must be read as a whole again. */
export class ExpiredCursorError extends Error {}

/** The changes since a cursor, and the cursor behind them. */
export interface MissedChanges<Message> {
  changes: Message[];
  cursor: string;
}

/**
 * Reads what changed in another subgraph since a cursor: subscribes, and leaves at the mark that says that nothing is missing. Repeated
 * by a timer it follows that subgraph through outages without a connection of its own to watch over. Throws SubgraphUnavailable and
 * ExpiredCursorError.
 */
export async function readChanges<Data, Message extends ChangeMessage>(
  name: SubgraphName,
  { url, mint }: SubgraphAddress,
  document: TypedDocument<Data, { after: string }>,
  after: string,
  messageOf: (data: Data) => Message | null | undefined,
): Promise<MissedChanges<Message>> {
  const authorization = `Bearer ${await mint({ claims: subgraphClaims() }, name)}`;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
  });
  const timeout = setTimeout(() => client.terminate(), TIMEOUT_MS);
  const changes: Message[] = [];
  try {
    const messages = client.iterate<Data>({
      query: document.toString(),
      variables: { after },
      extensions: { authorization },
    });
    for await (const { data, errors } of messages) {
      if (errors) throw refusalOf(errors);
      const message = data ? messageOf(data) : undefined;
      if (!message) throw new SubgraphUnavailable(`${name} sent a change without its cursor`);
      if (message.caughtUp) return { changes, cursor: message.cursor };
      changes.push(message);
    }
    throw new SubgraphUnavailable(`${name} ended the subscription before its mark`);
  } catch (error) {
    throw error instanceof ExpiredCursorError || error instanceof SubgraphUnavailable
      ? error
      : failureOf(name, error);
  } finally {
    clearTimeout(timeout);
    await client.dispose();
  }
}

interface CodedError {
  message: string;
  extensions?: { code?: unknown };
}

function failureOf(name: SubgraphName, error: unknown): Error {
  if (Array.isArray(error)) return refusalOf(error as CodedError[]);
  return new SubgraphUnavailable(`${name} did not deliver its changes`, { cause: error });
}

function refusalOf(errors: readonly CodedError[]): Error {
  const [first] = errors;
  if (first?.extensions?.code === 'CURSOR_EXPIRED') return new ExpiredCursorError(first.message);
  return new SubgraphUnavailable(first?.message ?? 'the subscription failed');
}
