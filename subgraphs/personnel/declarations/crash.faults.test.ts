import { randomUUID } from 'node:crypto';
import { crashEverywhere } from '../../../shared/testing/crash-everywhere.js';
import { SECOND_MS } from '../../../shared/time/rules.js';
import { crashingAct } from '../testing/crashing.js';
import { declare, endCommitment } from '../testing/declarations.js';
import { facilitiesIn } from '../testing/people.js';
import { personnelWorld, type PersonnelWorld } from '../testing/personnel-world.js';
import { person, registered } from '../testing/registrations.js';

let world: PersonnelWorld;
let facility: string;
beforeAll(async () => {
  world = await personnelWorld();
  facility = (await facilitiesIn(world, '05', 1))[0]!;
});
afterAll(() => world.close());

/** How often each record was bound, how often that ended, and how many entries of the audit say so. */
async function stored(records: readonly string[]) {
  const { rows } = await world.pool.query<{
    id: string;
    declared: number;
    ended: number;
    entries: number;
  }>(
    `SELECT p.id, (SELECT count(*)::int FROM commitment c WHERE c.professional_id = p.id AND c.kind = 'THW') AS declared,
       (SELECT count(*)::int FROM commitment c WHERE c.professional_id = p.id AND c.ended_at IS NOT NULL) AS ended,
       (SELECT count(*)::int FROM audit_entry e WHERE e.people = ARRAY[p.id] AND e.action <> 'REGISTER') AS entries
     FROM unnest($1::uuid[]) WITH ORDINALITY AS p (id, n) ORDER BY p.n`,
    [records],
  );
  return rows;
}

test(
  'killed at every await, a declaration is stored with its entry and event or not at all, and its repetition stores it once',
  async () => {
    const keys = new Map<string, string>();
    const before = await world.eventCount();
    const records = await crashEverywhere(
      async () => {
        const id = await registered(world, { facility });
        keys.set(id, randomUUID());
        return id;
      },
      (professional, killAt) =>
        crashingAct(world, person(professional), {
          store: 'declarations',
          method: 'declare',
          input: { professional, kind: 'THW', idempotencyKey: keys.get(professional) },
          killAt,
        }),
    );
    expect(records.length).toBeGreaterThan(8);
    for (const { declared, entries } of await stored(records)) expect(entries).toBe(declared);
    for (const professional of records) {
      const commitment = { professional, kind: 'THW' };
      const outcome = await declare(
        world,
        commitment,
        person(professional),
        keys.get(professional),
      );
      expect(outcome.__typename).toBe('CommitmentDeclared');
    }
    expect(await stored(records)).toEqual(
      records.map((id) => ({ id, declared: 1, ended: 0, entries: 1 })),
    );
    // One event of the registration and one of the declaration.
    expect(await world.eventCount()).toBe(before + 2 * records.length);
  },
  300 * SECOND_MS,
);

test(
  'killed at every await, an end is stored whole or not at all, and its repetition ends it once',
  async () => {
    const commitments = new Map<string, { id: string; key: string }>();
    const records = await crashEverywhere(
      async () => {
        const professional = await registered(world, { facility });
        const { commitmentId } = await declare(
          world,
          { professional, kind: 'THW' },
          person(professional),
        );
        commitments.set(professional, { id: commitmentId, key: randomUUID() });
        return professional;
      },
      (professional, killAt) => {
        const { id, key } = commitments.get(professional)!;
        return crashingAct(world, person(professional), {
          store: 'declarations',
          method: 'end',
          input: { commitment: id, idempotencyKey: key },
          killAt,
        });
      },
    );
    for (const { ended, entries } of await stored(records)) expect(entries).toBe(1 + ended);
    for (const professional of records) {
      const { id, key } = commitments.get(professional)!;
      const outcome = await endCommitment(world, id, person(professional), key);
      expect(outcome.__typename).toBe('CommitmentEnded');
    }
    expect(await stored(records)).toEqual(
      records.map((id) => ({ id, declared: 1, ended: 1, entries: 2 })),
    );
  },
  300 * SECOND_MS,
);
