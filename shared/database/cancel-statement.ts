import { connect } from 'node:net';
import type { PoolClient } from 'pg';

/** From PostgreSQL's protocol, message formats, CancelRequest. */
const CANCEL_REQUEST = 80_877_102;
const LENGTH_BYTES = 16;
const LONGEST_MS = 2_000;

/** Properties of pg's connections that its types leave out. */
interface Backend {
  host: string;
  port: number;
  processID: number;
  secretKey: number;
}

/**
 * Requests that the server stops the statement of a connection. Resolves when the server has done what it will do: from then on no
 * later statement of the connection can be met. Never rejects; a server that cannot be reached runs no statement either.
 */
export function cancelStatement(client: PoolClient): Promise<void> {
  const { host, port, processID, secretKey } = client as unknown as Backend;
  return new Promise((resolve) => {
    const socket = host.startsWith('/')
      ? connect({ path: `${host}/.s.PGSQL.${port}` })
      : connect({ host, port });
    socket.setTimeout(LONGEST_MS, () => socket.destroy());
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => resolve());
    socket.on('connect', () => socket.end(cancelRequest(processID, secretKey)));
    socket.resume();
  });
}

function cancelRequest(processId: number, secretKey: number): Buffer {
  const message = Buffer.alloc(LENGTH_BYTES);
  [LENGTH_BYTES, CANCEL_REQUEST, processId, secretKey].forEach((part, index) => {
    message.writeInt32BE(part, index * 4);
  });
  return message;
}
