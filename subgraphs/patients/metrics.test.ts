import { patientsWorld, type PatientsWorld } from './testing/patients-world.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

test('/metrics shows every kind of job without a token, and counts those that are open', async () => {
  const at = new Date(world.clock.now.getTime() - 30_000);
  await world.pool.query(
    `INSERT INTO job (kind, subject, input, actor, created_at, run_at, attempt, leased_until)
     VALUES ('transfer.update-reservation', gen_random_uuid(), '{}', 'control room', $1, $1, 1, 'infinity')`,
    [at],
  );
  const response = await fetch(new URL('/metrics', world.url));
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n');
  expect(lines).toContain('vierblatt_jobs_open{kind="transfer.update-reservation"} 1');
  expect(lines).toContain(
    'vierblatt_jobs_oldest_age_seconds{kind="transfer.update-reservation"} 30',
  );
  expect(lines.filter((line) => line.startsWith('vierblatt_jobs_open{')).length).toBeGreaterThan(1);
  expect(lines).toContainEqual(expect.stringMatching(/^process_resident_memory_bytes \d+$/));
});
