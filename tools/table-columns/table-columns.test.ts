import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../shared/root.js';
import { runToEnd } from '../../tests/run-to-end.js';

const folder = mkdtempSync(join(tmpdir(), 'table-columns-'));
const file = join(folder, 'generated/columns.ts');
afterAll(() => rmSync(folder, { recursive: true }));

/** Sends the generator a model with the fields, as `prisma generate` does, and returns its response. */
async function generate(
  fields: object[],
): Promise<{ result?: unknown; error?: { message: string } }> {
  const request = {
    jsonrpc: '2.0',
    id: 1,
    method: 'generate',
    params: {
      dmmf: { datamodel: { models: [{ name: 'BedReport', fields }] } },
      generator: { output: { value: file } },
    },
  };
  const { stderr } = await runToEnd([projectPath('tools/table-columns.mjs')], {
    input: `${JSON.stringify(request)}\n`,
  });
  return JSON.parse(stderr) as Awaited<ReturnType<typeof generate>>;
}

const field = (changes: object) => ({
  name: 'id',
  kind: 'scalar',
  type: 'String',
  isList: false,
  ...changes,
});

test('the generator writes each stored field with its column, a reserved word in quotes, and no relation', async () => {
  const response = await generate([
    field({ name: 'facilityId', dbName: 'facility_id', nativeType: ['Uuid', []] }),
    field({ name: 'observedAt', type: 'DateTime', nativeType: ['Timestamptz', ['3']] }),
    field({ name: 'limitations', kind: 'enum', type: 'Limitation', isList: true }),
    field({ name: 'limit', type: 'Int' }),
    field({ name: 'facility', kind: 'object', type: 'Facility' }),
  ]);
  expect(response.result).toBeNull();
  expect(readFileSync(file, 'utf8')).toContain(`
export const bedReportColumns = {
  facilityId: { name: 'facility_id', type: 'uuid', isList: false },
  observedAt: { name: 'observedAt', type: 'timestamptz', isList: false },
  limitations: { name: 'limitations', type: '"Limitation"', isList: true },
  limit: { name: '"limit"', type: 'int', isList: false },
} as const;
`);
});

test('a type without a name in PostgreSQL stops the build and says where to add it', async () => {
  const { error } = await generate([field({ name: 'address', type: 'Unsupported' })]);
  expect(error?.message).toMatch(/BedReport\.address has the type Unsupported.*TYPES/);
});
