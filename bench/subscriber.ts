import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { TypedDocument } from '../shared/graphql-client/typed-document.js';

export interface Subscriber {
  close(): Promise<void>;
}

export interface MessageListener<Data> {
  received(message: Data): void;
  /** The subscription ended although nobody closed it. */
  failed(error: Error): void;
}

/** Subscribes over a connection of its own. A message with an error ends the subscription. */
export function subscribe<Data, Variables extends Record<string, unknown>>(
  url: string,
  token: string,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  { received, failed }: MessageListener<Data>,
): Subscriber {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  let closed = false;
  const end = client.subscribe<Data>(
    { query: document.toString(), variables },
    {
      next: ({ data, errors }) => {
        if (data && !errors) received(data);
        else failed(new Error(`A message with errors: ${JSON.stringify(errors)}`));
      },
      error: (problem) => failed(new Error(`The subscription failed: ${JSON.stringify(problem)}`)),
      complete: () => closed || failed(new Error('The hub ended the subscription.')),
    },
  );
  return {
    async close() {
      closed = true;
      end();
      await client.dispose();
    },
  };
}
