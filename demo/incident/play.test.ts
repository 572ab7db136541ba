import {
  patientsWorld,
  type PatientsWorld,
} from '../../subgraphs/patients/testing/patients-world.js';
import { closingTable } from './closing-table.js';
import { play, stepsOf, type Exercise, type Played } from './play.js';
import { readRoster, SHIPPED_ROSTER, type RosterPatient } from './roster.js';
import { sceneIn } from './scene.js';
import type { Ask } from './speaking.js';

let world: PatientsWorld;
let roster: RosterPatient[];
let lines: string[];
beforeAll(async () => {
  world = await patientsWorld();
  roster = await readRoster(SHIPPED_ROSTER);
});
beforeEach(() => {
  lines = [];
});
afterAll(() => world.close());

/** Two subgraphs without a gateway: whoever knows the field answers. */
const ask: Ask = async (speaker, query, variables) => {
  const isOfCapacity = /\b(places|declareIntake)\(/.test(query);
  const answer = await world[isOfCapacity ? 'askCapacity' : 'ask'](query, variables, speaker);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
};

/** Everything that is asked for the time takes a second. */
const now = () => world.later(1 / 60);
/** Each in a Kreis of its own, so that no exercise takes another's houses. */
const exercise = (area: string, changes: Partial<Exercise> = {}): Exercise => ({
  roster,
  scene: sceneIn(area),
  ask,
  now,
  due: async () => true,
  progress: { done: (line) => void lines.push(line), stop: () => undefined },
  ...changes,
});

const INCIDENTS = `query ($area: String!) { incidents(filter: { area: $area }) { nodes {
  status estimatedCasualties casualties { category count }
  patients(first: 100) { nodes { category triagedByPhysician triageHistory { method }
    transfer { status steps { status } } location { facility { id } } } } } } }`;

/** The incident of an area, as its control room sees it. */
async function incidentIn(area: string) {
  const speaker = { role: 'dispatch', areas: [area], subject: 'control room' };
  const { incidents } = await ask<any>(speaker, INCIDENTS, { area });
  expect(incidents.nodes).toHaveLength(1);
  return incidents.nodes[0];
}

describe('a whole roster', () => {
  const COLOGNE = '05315';
  let played: Played;
  let told: string[];
  beforeAll(async () => {
    lines = [];
    played = await play(exercise(COLOGNE));
    told = lines;
  });

  test('is declared, triaged, transported and handed over, and the dead stay', async () => {
    const { broughtTo, stayed, finished } = played;
    expect([broughtTo.length, stayed.length, finished]).toEqual([42, 2, true]);
    const incident = await incidentIn(COLOGNE);
    expect(incident).toMatchObject({ status: 'CLOSED', estimatedCasualties: 44 });
    const counts = incident.casualties.filter(({ count }: any) => count > 0);
    expect(counts).toEqual([
      { category: 'SK_I', count: 14 },
      { category: 'SK_II', count: 14 },
      { category: 'SK_III', count: 14 },
      { category: 'EX', count: 2 },
    ]);
  });

  test('everyone is triaged twice, and the living pass every step to the hand-over', async () => {
    const { patients } = await incidentIn(COLOGNE);
    for (const patient of patients.nodes) {
      expect(patient.triagedByPhysician).toBe(true);
      expect(patient.triageHistory).toEqual([{ method: 'MSTART' }, { method: 'PHYSICIAN' }]);
      const isDead = patient.category === 'EX';
      expect(patient.location.facility === null).toBe(isDead);
      expect(patient.transfer?.steps.map(({ status }: any) => status)).toEqual(
        isDead
          ? undefined
          : [
              'REQUESTED',
              'DESTINATION_REQUESTED',
              'ACCEPTED',
              'TRANSPORT_ASSIGNED',
              'PICKED_UP',
              'UNDER_WAY',
              'ARRIVED',
              'HANDED_OVER',
            ],
      );
    }
  });

  test('the worst go first, and no house gets more than it takes', () => {
    const order = played.broughtTo.map(({ patient }) => patient.patient.category);
    expect(order).toEqual(['SK_I', 'SK_II', 'SK_III'].flatMap((one) => Array(14).fill(one)));
    const perHouse = new Map<string, number>();
    for (const { destination, patient } of played.broughtTo) {
      const key = `${destination.id} ${patient.patient.category}`;
      perHouse.set(key, (perHouse.get(key) ?? 0) + 1);
    }
    const most = (category: string) =>
      Math.max(
        ...[...perHouse].flatMap(([key, count]) => (key.endsWith(` ${category}`) ? [count] : [])),
      );
    expect(most('SK_I')).toBe(1);
    expect(most('SK_II')).toBeLessThanOrEqual(2);
    expect(most('SK_III')).toBeLessThanOrEqual(7);
  });

  test('shows as many steps as it announced, and sums house by house at the end', () => {
    expect(told).toHaveLength(stepsOf(roster));
    const table = closingTable(played).split('\n');
    expect(table[0]).toMatch(/^House +km +SK_I +SK_II +SK_III +all$/);
    expect(table).toContainEqual(expect.stringMatching(/^All houses +14 +14 +14 +42$/));
    expect(table.at(-1)).toBe('Done: 42 patients handed over, 2 stayed at the scene.');
  });
});

test('told to stop it sends nobody else and brings those on the way', async () => {
  let steps = 0;
  const few = roster.slice(0, 8);
  // Two triages each, then three depart.
  const due = async () => (steps += 1) <= 19;
  const played = await play(exercise('09162', { roster: few, due }));
  expect(played.finished).toBe(false);
  expect([played.broughtTo.length, played.stayed.length]).toEqual([3, 5]);
  const incident = await incidentIn('09162');
  expect(incident.status).toBe('OPEN');
  const transfers = incident.patients.nodes.flatMap(({ transfer }: any) => transfer ?? []);
  expect(transfers.map(({ status }: any) => status)).toEqual(Array(3).fill('HANDED_OVER'));
  expect(closingTable(played)).toContain('Stopped: 3 patients handed over, 5 stayed at the scene.');
});

test('a house whose last place went to another meanwhile refuses, the next is asked, and who gets none stays', async () => {
  const slight = roster.find(({ category, needs }) => category === 'SK_III' && needs.length === 0)!;
  const eight = Array.from({ length: 8 }, (_, index) => ({ ...slight, tag: `${index}` }));
  let taken: string | undefined;
  /** Between the request and the house's word somebody else gets all of its places. */
  const rival: Ask = async (speaker, query, variables) => {
    const answer = await ask<any>(speaker, query, variables);
    if (taken === undefined && /requestTransfer\(/.test(query)) {
      taken = (variables as { input: { to: string } }).input.to;
      await reserveAll(taken);
    }
    return answer;
  };
  const { broughtTo, stayed } = await play(exercise('02000', { roster: eight, ask: rival }));
  expect(broughtTo[0]!.destination.id).not.toBe(taken);
  const { patients } = await incidentIn('02000');
  const steps = patients.nodes.flatMap(({ transfer }: any) => transfer?.steps ?? []);
  expect(steps.filter(({ status }: any) => status === 'REFUSED')).toHaveLength(1);
  // Seven of fourteen places went to the rival: for the eighth patient none is left, and he is said to have stayed.
  expect(broughtTo).toHaveLength(7);
  expect(stayed).toMatchObject([{ why: 'no house with a place' }]);
});

async function reserveAll(facility: string): Promise<void> {
  const input = {
    kind: 'PRIMARY',
    items: [{ facility, intake: 'SK_III', count: 7 }],
    idempotencyKey: 'rival',
  };
  const answer = await world.askCapacity(
    'mutation ($input: ReserveBedsInput!) { reserveBeds(input: $input) { __typename ... on Refusal { message } } }',
    { input },
  );
  expect(answer).toMatchObject({ data: { reserveBeds: { __typename: 'Reservation' } } });
}
