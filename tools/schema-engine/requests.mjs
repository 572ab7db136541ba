// JavaScript, because Prisma runs it while the build generates code, before anything is compiled.
import { createInterface } from 'node:readline';
import { createDatabase, databaseOf } from './database.mjs';

/** The native engine's JSON-RPC code for every failure; the reason stands in `data`. */
const FAILED = 4466;

/** Answers JSON-RPC requests, one a line, one after the other, until Prisma closes stdin. */
export async function respondToRequests(call, datasource) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    // Prisma's answer to our `print` has no method.
    if (method !== undefined)
      send({ id, ...(await outcome(call, datasource, { id, method, params })) });
  }
}

async function outcome(call, datasource, { id, method, params }) {
  try {
    if (method === 'createDatabase') {
      const databaseName = databaseOf(datasource.url);
      await createDatabase(datasource.url, databaseName);
      return { result: { databaseName } };
    }
    const result = (await call(method, params)) ?? {};
    if (method !== 'diff' || result.stdout == null) return { result };
    // The native engine prints a diff through a request of its own; the response holds the exit code only.
    send({ id: `print-${id}`, method: 'print', params: { content: result.stdout } });
    return { result: { exitCode: result.exitCode } };
  } catch (error) {
    return {
      error: {
        code: FAILED,
        message: 'An error happened. Check the data field for details.',
        data: {
          is_panic: error instanceof WebAssembly.RuntimeError,
          message: error.message,
          error_code: error.code,
          meta: error.meta ?? {},
        },
      },
    };
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}
