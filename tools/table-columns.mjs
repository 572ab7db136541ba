// JavaScript, because it runs before anything is compiled.
/**
 * A Prisma generator: writes the columns of every model of a subgraph to `generated/columns.ts`, so that no statement lists
 * columns by hand. `prisma generate` runs it, because `schema.prisma` names it; shared/database/columns uses the result.
 *
 * It speaks Prisma's generator protocol (JSON-RPC, one message a line, requests on stdin and responses on stderr) itself, as
 * prisma 7.10.0 does: the package `@prisma/generator-helper` adds nothing but these lines.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { columnsFile } from './table-columns/columns-file.mjs';

const METHODS = {
  getManifest: () => ({
    manifest: { prettyName: 'Columns of the tables', defaultOutput: '../../generated/columns.ts' },
  }),
  generate: async ({ dmmf, generator }) => {
    const file = generator.output.value;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, columnsFile(dmmf.datamodel));
    return null;
  },
};

async function respond({ id, method, params }) {
  try {
    return { jsonrpc: '2.0', id, result: await METHODS[method](params) };
  } catch (error) {
    return { jsonrpc: '2.0', id, error: { code: -32_000, message: error.message, data: {} } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stderr.write(`${JSON.stringify(await respond(JSON.parse(line)))}\n`);
}
