import pg from 'pg';
import { createDatabase } from './database.js';

const rowsOf = async (url: string, statement: string) => {
  const session = new pg.Client(url);
  await session.connect();
  try {
    return (await session.query(statement)).rows;
  } finally {
    await session.end();
  }
};

test('the databases of the tests are copies of a template that do not touch each other', async () => {
  const template = await createDatabase();
  await rowsOf(template.url, 'CREATE TABLE bed AS SELECT 1 AS number');
  const name = new URL(template.url).pathname.slice(1);
  const [one, other] = [await createDatabase(name), await createDatabase(name)];

  await rowsOf(one.url, 'UPDATE bed SET number = 2');

  expect(await rowsOf(other.url, 'SELECT number FROM bed')).toEqual([{ number: 1 }]);
  await Promise.all([one.drop(), other.drop(), template.drop()]);
  await expect(rowsOf(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
});
