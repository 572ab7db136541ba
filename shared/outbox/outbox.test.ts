import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { pino } from 'pino';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { projectPath } from '../root.js';
import { HOUR_MS } from '../time/rules.js';
import { isAfter, type Position } from './cursor.js';
import { watch, type Change } from './feed.js';
import { Outbox, RETENTION_DAYS, type OutboxEvent } from './outbox.js';
import { Tail } from './tail.js';

let database: TestDatabase;
let pool: Pool;
let outbox: Outbox;
let tail: Tail;

beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url, max: 20 });
  pool.on('error', () => undefined);
  await pool.query(readFileSync(projectPath('shared/outbox/outbox.sql'), 'utf8'));
  outbox = await Outbox.open(pool, 'test');
  tail = new Tail(database.url, outbox, pino({ level: 'silent' }));
  await tail.start();
});
afterEach(async () => {
  await tail.close();
  await pool.end();
  await database.drop();
});

/** One transaction that writes an event for each entity. */
async function write(...entities: string[]): Promise<void> {
  await pool.query(
    `INSERT INTO outbox_event (batch, topic, entity, area, tags, at)
     SELECT outbox_batch(), 'test.changed', e, '05', '{}', now() FROM unnest($1::text[]) e`,
    [entities],
  );
}
const START: Position = { pos: 0, seq: 0 };
const everything = { matches: () => true };
const entitiesOf = (events: OutboxEvent[]) => events.map(({ entity }) => entity);

test('a reader with a cursor misses no event and meets none out of order, whatever the writers do', async () => {
  const writers = 19; // and one reader share the 20 connections
  const rounds = 25;
  const writeRounds = async (writer: number) => {
    const client = await pool.connect();
    for (let round = 0; round < rounds; round++) {
      await client.query('BEGIN');
      const event = (part: string) =>
        client.query(
          `INSERT INTO outbox_event (batch, topic, entity, area, tags, at)
           VALUES (outbox_batch(), 'test.changed', $1, '05', '{}', now())`,
          [`${writer}/${round}/${part}`],
        );
      await event('a');
      await event('b');
      await client.query((writer + round) % 10 === 0 ? 'ROLLBACK' : 'COMMIT');
    }
    client.release();
  };

  const seen: OutboxEvent[] = [];
  let writing = true;
  const reader = (async () => {
    let position = START;
    for (;;) {
      const done = !writing; // looked at before reading: the last read comes after the last commit
      const events = await outbox.read(position, 100);
      seen.push(...events);
      if (events.length > 0) position = events.at(-1)!.position;
      else if (done) return;
    }
  })();
  await Promise.all(Array.from({ length: writers }, (_, writer) => writeRounds(writer)));
  writing = false;
  await reader;

  const expected = new Set<string>();
  for (let writer = 0; writer < writers; writer++) {
    for (let round = 0; round < rounds; round++) {
      if ((writer + round) % 10 === 0) continue;
      expected.add(`${writer}/${round}/a`).add(`${writer}/${round}/b`);
    }
  }
  expect(seen).toHaveLength(expected.size);
  expect(new Set(entitiesOf(seen))).toEqual(expected);
  for (let n = 1; n < seen.length; n++) {
    expect(isAfter(seen[n]!.position, seen[n - 1]!.position)).toBe(true);
  }
});

test('a watcher is woken by the commit', async () => {
  const changes = await watch({ outbox, tail }, everything);
  const next = changes.next();
  await write('a');
  expect((await next).value).toMatchObject({ entity: 'a' });
  await changes.return!();
});

test('a watcher goes on after the listening connection was cut', async () => {
  const changes = await watch({ outbox, tail }, everything);
  const next = changes.next();
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN outbox' AND datname = current_database()`,
  );
  await write('a');
  await admin.end();
  expect((await next).value).toMatchObject({ entity: 'a' });
  await changes.return!();
});

test('resuming anywhere gives every entity changed since exactly once, then what is live', async () => {
  await write('a', 'b', 'c');
  await write('b');
  const all = await outbox.read(START, 100);
  for (const { position } of all) {
    const changes = await watch(
      { outbox, tail },
      { ...everything, after: outbox.cursorOf(position) },
    );
    const missed = new Set(entitiesOf(all.filter((event) => isAfter(event.position, position))));
    const delivered = [];
    for (let n = 0; n < missed.size; n++) delivered.push((await changes.next()).value!.entity!);
    expect(delivered.sort()).toEqual([...missed].sort());
    await changes.return!();
  }
});

test('between catching up and live nothing is lost and nothing comes twice, while others write', async () => {
  const from = outbox.cursorOf(await outbox.head());
  const count = 200;
  const writing = (async () => {
    for (let n = 0; n < count; n++) await write(`e${n}`);
  })();
  const delivered: string[][] = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const changes = await watch({ outbox, tail }, { ...everything, after: from });
      const entities: string[] = [];
      while (entities.length < count) {
        const { entity } = (await changes.next()).value!;
        if (entity !== null) entities.push(entity);
      }
      await changes.return!();
      return entities;
    }),
  );
  await writing;
  for (const entities of delivered) expect(new Set(entities).size).toBe(count);
});

test('a watcher that reads nothing for long gets the newest change of each entity, and its memory stays bounded', async () => {
  const slow = await watch({ outbox, tail }, everything);
  const counter = await watch({ outbox, tail }, everything);
  const many = Array.from({ length: 6_000 }, (_, n) => `e${n}`);
  await write(...many);
  await write(...many);
  for (let n = 0; n < 12_000; n++) await counter.next();
  await write('last');
  await counter.next();
  const delivered: string[] = [];
  while (delivered.at(-1) !== 'last') delivered.push((await slow.next()).value!.entity!);
  expect(delivered.length).toBeLessThanOrEqual(10_001);
  expect(new Set(delivered).size).toBe(6_001);
  await Promise.all([slow.return!(), counter.return!()]);
});

describe('a mark', () => {
  const marks = async (changes: AsyncIterator<Change>) => {
    const { value } = (await changes.next()) as { value: Change };
    return [value.entity, value.caughtUp];
  };

  test('follows what was missed, before what is live', async () => {
    const from = outbox.cursorOf(await outbox.head());
    await write('a', 'b');
    const changes = await watch({ outbox, tail }, { ...everything, after: from });
    expect(await marks(changes)).toEqual(['a', false]);
    expect(await marks(changes)).toEqual(['b', false]);
    expect(await marks(changes)).toEqual([null, true]);
    await write('c');
    expect(await marks(changes)).toEqual(['c', false]);
    await changes.return!();
  });

  test('follows a catch-up in which nothing was missed, and nothing but a catch-up', async () => {
    const after = outbox.cursorOf(await outbox.head());
    const resumed = await watch({ outbox, tail }, { ...everything, after });
    expect(await marks(resumed)).toEqual([null, true]);
    const fresh = await watch({ outbox, tail }, everything);
    await write('a');
    expect(await marks(fresh)).toEqual(['a', false]);
    await Promise.all([resumed.return!(), fresh.return!()]);
  });

  test('comes to all who watch when the clock says so, also to those whose events are elsewhere', async () => {
    const quiet = await watch({ outbox, tail }, { matches: () => false });
    const busy = await watch({ outbox, tail }, everything);
    await write('a');
    expect(await marks(busy)).toEqual(['a', false]);
    tail.markAll();
    const [first, other] = await Promise.all([quiet.next(), busy.next()]);
    expect(first.value).toMatchObject({ entity: null, caughtUp: true, cursor: expect.any(String) });
    expect(other.value).toMatchObject({ entity: null, caughtUp: true });
    await Promise.all([quiet.return!(), busy.return!()]);
  });

  test('is never sent because of an event: a subscriber who sees none of the events receives nothing', async () => {
    const quiet = await watch({ outbox, tail }, { matches: () => false });
    const busy = await watch({ outbox, tail }, everything);
    for (let n = 0; n < 20; n++) {
      await write(`e${n}`);
      expect(await marks(busy)).toEqual([`e${n}`, false]);
    }
    const next = quiet.next();
    await quiet.return!();
    expect(await next).toEqual({ value: undefined, done: true });
    await busy.return!();
  });

  test('has a cursor that differs from mark to mark, whether or not anything happened between', async () => {
    await write('a');
    const changes = await watch({ outbox, tail }, { matches: () => false });
    const cursors: string[] = [];
    for (const happens of [false, false, true, false]) {
      if (happens) await write('b');
      tail.markAll();
      cursors.push((await changes.next()).value!.cursor);
    }
    expect(new Set(cursors).size).toBe(4);
    expect(new Set(cursors.map(({ length }) => length)).size).toBe(1);
    await changes.return!();
  });

  test('keeps the cursor of a quiet subscription alive beyond the retention', async () => {
    const quiet = await watch({ outbox, tail }, { matches: ({ entity }) => entity === 'mine' });
    const old = outbox.cursorOf(await outbox.head());
    await write('others');
    tail.markAll();
    const { cursor } = (await quiet.next()).value!;
    await quiet.return!();
    await outbox.prune(new Date(Date.now() + (RETENTION_DAYS * 24 + 1) * HOUR_MS));
    await expect(watch({ outbox, tail }, { ...everything, after: old })).rejects.toMatchObject({
      extensions: { code: 'CURSOR_EXPIRED' },
    });
    await write('mine');
    const resumed = await watch({ outbox, tail }, { ...everything, after: cursor });
    expect(await marks(resumed)).toEqual(['mine', false]);
    await resumed.return!();
  });

  test('comes after all of a bulk, and resumes exactly behind it', async () => {
    const changes = await watch({ outbox, tail }, everything);
    const many = Array.from({ length: 1_200 }, (_, n) => `e${n}`);
    await write(...many);
    tail.markAll();
    const delivered: string[] = [];
    let change = (await changes.next()).value!;
    for (; change.entity !== null; change = (await changes.next()).value!)
      delivered.push(change.entity);
    await changes.return!();
    expect(delivered).toEqual(many);
    await write('later');
    const resumed = await watch({ outbox, tail }, { ...everything, after: change.cursor });
    expect(await marks(resumed)).toEqual(['later', false]);
    await resumed.return!();
  });

  test('replaces those before it for a watcher that reads nothing', async () => {
    const slow = await watch({ outbox, tail }, everything);
    const counter = await watch({ outbox, tail }, everything);
    for (let n = 0; n < 5; n++) {
      tail.markAll();
      expect(await marks(counter)).toEqual([null, true]);
    }
    await write('a');
    expect(await marks(counter)).toEqual(['a', false]);
    expect(await marks(slow)).toEqual([null, true]);
    expect(await marks(slow)).toEqual(['a', false]);
    await Promise.all([slow.return!(), counter.return!()]);
  });
});

test('a watcher that leaves while it waits is removed at once', async () => {
  const changes = await watch({ outbox, tail }, everything);
  const next = changes.next();
  await changes.return!();
  expect(await next).toEqual({ value: undefined, done: true });
});

test('events are kept for the retention and then forgotten, and older cursors with them', async () => {
  await write('a');
  const old = outbox.cursorOf(START);
  const [first] = await outbox.read(START, 1);
  await outbox.prune(new Date());
  expect(await outbox.read(START, 10)).toHaveLength(1);
  await outbox.prune(new Date(Date.now() + (RETENTION_DAYS * 24 + 1) * HOUR_MS));
  expect(await outbox.read(START, 10)).toEqual([]);
  const { rows } = await pool.query('SELECT FROM outbox_event');
  expect(rows).toHaveLength(0);
  await expect(outbox.positionOf(old)).rejects.toMatchObject({
    extensions: { code: 'CURSOR_EXPIRED' },
  });
  // Everything up to this event was delivered to its holder: nothing that they need is removed.
  expect(await outbox.positionOf(outbox.cursorOf(first!.position))).toEqual(first!.position);
});

test('the head stays where it was when everything before it is forgotten', async () => {
  await write('a');
  const head = await outbox.head();
  await outbox.prune(new Date(Date.now() + (RETENTION_DAYS * 24 + 1) * HOUR_MS));
  expect(await outbox.head()).toEqual(head);
});

test('a transaction that fails leaves no event', async () => {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO outbox_event (batch, topic, entity, area, tags, at) VALUES (outbox_batch(), 't', 'x', '', '{}', now())`,
  );
  await client.query('ROLLBACK');
  client.release();
  await write('a');
  expect(entitiesOf(await outbox.read(START, 10))).toEqual(['a']);
});

test('every subgraph begins with this outbox', () => {
  const outboxes = readdirSync(projectPath('subgraphs')).flatMap((subgraph) => {
    const migrations = projectPath('subgraphs', subgraph, 'prisma/migrations');
    const [first] = readdirSync(migrations).sort();
    return readFileSync(join(migrations, first!, 'migration.sql'), 'utf8');
  });
  expect(outboxes.length).toBeGreaterThan(0);
  const outbox = readFileSync(projectPath('shared/outbox/outbox.sql'), 'utf8');
  expect(new Set(outboxes)).toEqual(new Set([outbox]));
});
