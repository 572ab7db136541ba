import { randomUUID } from 'node:crypto';
import { inTransaction } from '../../../shared/database/index.js';
import { eraseWords } from '../../../shared/personal-data/index.js';
import {
  namesOfColumns,
  textColumnsOfDatabase,
} from '../../../shared/personal-data/testing/columns.js';
import { personnelWorld, type PersonnelWorld } from '../testing/personnel-world.js';
import { TEXT_COLUMNS } from './text-columns.js';

let world: PersonnelWorld;
beforeAll(async () => {
  world = await personnelWorld();
});
afterAll(() => world.close());

test('every column that can hold a text is in the list', async () => {
  expect(namesOfColumns(TEXT_COLUMNS)).toEqual((await textColumnsOfDatabase(world.pool)).sort());
});

test('the statements of the list erase who a person is and nobody else', async () => {
  const [erased, kept] = [randomUUID(), randomUUID()];
  const mark = Buffer.from('Erika');
  for (const id of [erased, kept]) {
    await world.pool.query(
      `INSERT INTO professional (id, person, home_area, reachability, method, registrant_kind, name_digest, registry_digest, key_id,
        nonce, sealed, registered_at, registered_by)
       VALUES ($1, $1, '05315', 'ALWAYS', 'REPORTED', 'PERSON', $2, $2, 'key', $2, $2, $3, 'x')`,
      [id, mark, world.clock.now],
    );
  }
  await inTransaction(world.pool, (db) => eraseWords(db, TEXT_COLUMNS, [erased]));
  const { rows } = await world.pool.query<{ id: string }>(
    `SELECT id FROM professional p WHERE p::text LIKE '%' || encode($1, 'hex') || '%' AND key_id IS NOT NULL`,
    [mark],
  );
  expect(rows.map(({ id }) => id)).toEqual([kept]);
  const left = await world.pool.query(
    'SELECT num_nonnulls(name_digest, registry_digest, key_id, nonce, sealed) AS left FROM professional WHERE id = $1',
    [erased],
  );
  expect(left.rows).toEqual([{ left: 0 }]);
});
