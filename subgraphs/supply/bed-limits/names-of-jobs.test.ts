import { readdirSync, readFileSync } from 'node:fs';
import { projectPath } from '../../../shared/root.js';
import { supplyWorld } from '../testing/supply-world.js';

const FOLDER = projectPath('subgraphs/supply/prisma/migrations');

test('jobs that the release before stored get the present names of their kinds', async () => {
  const world = await supplyWorld();
  try {
    for (const kind of ['declare-sustainable-beds', 'assess-device-fault']) {
      await world.pool.query(
        `INSERT INTO job (kind, subject, input, actor, created_at, run_at, attempt)
         VALUES ($1, gen_random_uuid(), '{}', 'supply', now(), 'infinity', 1)`,
        [kind],
      );
    }
    const migration = readdirSync(FOLDER).find((name) => name.endsWith('_names_of_jobs'))!;
    await world.pool.query(readFileSync(`${FOLDER}/${migration}/migration.sql`, 'utf8'));
    const { rows } = await world.pool.query('SELECT kind FROM job ORDER BY seq');
    expect(rows).toEqual([{ kind: 'bed-limit.declare' }, { kind: 'device-fault.assess' }]);
  } finally {
    await world.close();
  }
});
