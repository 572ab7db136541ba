import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Subscriber {
  close(): Promise<void>;
}

export interface Listener<Data> {
  heard(message: Data): void;
  /** The subscription ended, which nobody asked for. */
  broke(error: Error): void;
}

/** Subscribes over a connection of its own. A message with an error in it breaks the subscription. */
export function subscribe<Data>(
  url: string,
  token: string,
  query: string,
  { heard, broke }: Listener<Data>,
): Subscriber {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  let closed = false;
  const end = client.subscribe<Data>(
    { query },
    {
      next: ({ data, errors }) => {
        if (data && !errors) heard(data);
        else broke(new Error(`A message with errors: ${JSON.stringify(errors)}`));
      },
      error: (problem) => broke(new Error(`The subscription broke: ${JSON.stringify(problem)}`)),
      complete: () => closed || broke(new Error('The hub ended the subscription.')),
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
