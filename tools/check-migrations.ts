import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentWith, SUBGRAPHS, type SubgraphName } from '../shared/env.js';
import { projectPath } from '../shared/root.js';
import { startCluster, type Cluster } from '../start/postgres/cluster.js';

/** Prisma's exit status when migrations and the models differ. */
const DRIFT = 2;

/** Replays each subgraph's migrations into an empty database and compares the result with its prisma/schema. */
const folder = mkdtempSync(join(tmpdir(), 'vierblatt-migrations-'));
try {
  const cluster = await startCluster(folder);
  try {
    for (const name of SUBGRAPHS) await check(cluster, name);
  } finally {
    await cluster.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check(cluster: Cluster, name: SubgraphName): Promise<void> {
  await cluster.ensureDatabase(name);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      projectPath('node_modules/prisma/build/index.js'),
      'migrate',
      'diff',
      '--exit-code',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema',
    ],
    {
      cwd: projectPath('subgraphs', name),
      env: environmentWith({ [`${name.toUpperCase()}_DATABASE_URL`]: cluster.url(name) }),
      encoding: 'utf8',
    },
  );
  if (status === 0) return;
  process.exitCode = 1;
  console.error(
    status === DRIFT
      ? `${name}: the migrations do not lead to prisma/schema; what is missing:\n${stdout}`
      : `${name}: the migrations could not be replayed.\n${stdout}${stderr}`,
  );
}
