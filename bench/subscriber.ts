import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const CHANGES = /* GraphQL */ `
  subscription BenchChanges {
    capacityChanged(category: ICU_UNSPECIFIED) {
      cursor
      at
      facility {
        id
        name
        beds(category: ICU_UNSPECIFIED) {
          operable
          occupied
          free
          status
          provenance {
            source
            observedAt
          }
        }
      }
    }
  }
`;

interface Change {
  capacityChanged: { facility: { beds: { provenance: { source: string } | null }[] } };
}

export interface Subscriber {
  close(): Promise<void>;
}

export interface Listener {
  /** Gets the source of the report behind a message. */
  heard(source: string): void;
  /** The subscription ended, which nobody asked for. */
  broke(error: Error): void;
}

/** Watches all of Germany over a connection of its own. */
export function subscribe(url: string, token: string, { heard, broke }: Listener): Subscriber {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  let closed = false;
  const end = client.subscribe<Change>(
    { query: CHANGES },
    {
      next: ({ data, errors }) => {
        if (data) heard(data.capacityChanged.facility.beds[0]?.provenance?.source ?? '');
        else broke(new Error(`A message without data: ${JSON.stringify(errors)}`));
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
