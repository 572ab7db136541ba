import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { projectPath } from '../../shared/root.js';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { runToEnd } from '../../tests/run-to-end.js';

/** A project that Prisma's command line works on, with a database of its own. */
let project: string;
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  project = mkdtempSync(join(tmpdir(), 'vierblatt-schema-'));
  mkdirSync(join(project, 'prisma'));
  writeFileSync(
    join(project, 'prisma.config.mjs'),
    `export default {
      schema: 'prisma/schema.prisma',
      migrations: { path: 'prisma/migrations' },
      datasource: { url: ${JSON.stringify(database.url)} },
    };`,
  );
});

afterAll(async () => {
  rmSync(project, { recursive: true });
  await database.drop();
});

function schemaWith(field: string) {
  writeFileSync(
    join(project, 'prisma/schema.prisma'),
    `datasource db {
      provider = "postgresql"
    }
    model Bed {
      id   Int @id
      ${field}
    }`,
  );
}

async function prisma(...args: string[]) {
  const { status, stdout, stderr } = await runToEnd(
    [projectPath('node_modules/prisma/build/index.js'), ...args],
    {
      cwd: project,
      variables: {
        PRISMA_SCHEMA_ENGINE_BINARY: projectPath('tools/schema-engine.mjs'),
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  return { status, output: stdout + stderr };
}

const drift = () =>
  prisma(
    ...['migrate', 'diff', '--exit-code'],
    ...['--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma'],
  );

const migrations = () =>
  readdirSync(join(project, 'prisma/migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

describe('the schema engine', () => {
  it('writes and applies the first migration, then finds nothing to do', async () => {
    schemaWith('name String');
    expect(await prisma('migrate', 'dev', '--name', 'first')).toMatchObject({ status: 0 });
    expect(migrations()).toEqual([expect.stringMatching(/^\d{14}_first$/)]);
    expect(await drift()).toMatchObject({ status: 0 });
  });

  it('reports what the migrations lack', async () => {
    schemaWith('name String\n ward String?');
    const { status, output } = await drift();
    expect(status).toBe(2);
    expect(output).toContain('Added column `ward`');
  });

  it('applies a later migration whose function bodies hold semicolons', async () => {
    expect(await prisma('migrate', 'dev', '--create-only', '--name', 'second')).toMatchObject({
      status: 0,
    });
    appendFileSync(
      join(project, 'prisma/migrations', migrations()[1]!, 'migration.sql'),
      `CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;`,
    );
    expect(await prisma('migrate', 'deploy')).toMatchObject({ status: 0 });
    expect(await drift()).toMatchObject({ status: 0 });

    const session = new pg.Client(database.url);
    await session.connect();
    expect(
      (
        await session.query(
          'SELECT two() FROM (SELECT ward FROM "Bed") w RIGHT JOIN (SELECT 1) o ON true',
        )
      ).rows,
    ).toEqual([{ two: 2 }]);
    const shadows = await session.query(
      `SELECT datname FROM pg_database WHERE datname LIKE '%shadow%'`,
    );
    expect(shadows.rows).toEqual([]);
    await session.end();
  });

  it('warns before a migration that loses data', async () => {
    schemaWith('name String');
    const { status, output } = await prisma('migrate', 'dev', '--name', 'third');
    // Without a terminal Prisma cannot ask, and so refuses.
    expect(status).not.toBe(0);
    expect(output).toContain('non-interactive');
  });
});
