import {
  patientsWorld,
  type PatientsWorld,
} from '../../subgraphs/patients/testing/patients-world.js';
import type { Caller } from '../client/caller.js';
import { closingTable } from './closing-table.js';
import { runExercise, stepsOf, type Exercise, type ExerciseResult } from './exercise.js';
import { RequestTransferDocument } from './generated/operations.js';
import type { SendAs } from '../client/requests.js';
import { readRoster, SHIPPED_ROSTER, type RosterPatient } from './roster.js';
import { sceneIn } from '../client/scene.js';

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

const CAPACITY_FIELDS = ['places', 'declareIntake'];

/** Sends an operation to the subgraph that knows its fields: the two subgraphs of the test have no gateway. */
const send: SendAs = (caller, document, variables) =>
  sendText(caller, document.toString(), variables);

async function sendText<Data>(caller: Caller, query: string, variables: object): Promise<Data> {
  const isOfCapacity = CAPACITY_FIELDS.some((field) => query.includes(`${field}(`));
  const response = await world[isOfCapacity ? 'requestCapacity' : 'request'](
    query,
    variables,
    caller,
  );
  if (response.errors) throw new Error(JSON.stringify(response.errors));
  return response.data as Data;
}

/** Every reading of the clock advances it by a second. */
const now = () => world.later(1 / 60);
/** Each exercise has a Kreis of its own, so that two exercises share no facility. */
const exercise = (area: string, changes: Partial<Exercise> = {}): Exercise => ({
  roster,
  scene: sceneIn(area),
  send,
  now,
  due: async () => true,
  progress: { done: (line) => void lines.push(line), stop: () => undefined },
  ...changes,
});

interface IncidentRow {
  status: string;
  estimatedCasualties: number | null;
  casualties: { category: string; count: number }[];
  patients: { nodes: PatientRow[] };
}
interface PatientRow {
  category: string;
  triagedByPhysician: boolean;
  triageHistory: { method: string }[];
  transfer: { status: string; steps: { status: string }[] } | null;
  location: { facility: { id: string } | null };
}

const INCIDENTS = `query ($area: String!) { incidents(filter: { area: $area }) { nodes {
  status estimatedCasualties casualties { category count }
  patients(first: 100) { nodes { category triagedByPhysician triageHistory { method }
    transfer { status steps { status } } location { facility { id } } } } } } }`;

/** Returns the incident of an area, as its control room sees it. */
async function incidentIn(area: string) {
  const caller = { role: 'dispatch', areas: [area], subject: 'control room' };
  const { incidents } = await sendText<{ incidents: { nodes: IncidentRow[] } }>(caller, INCIDENTS, {
    area,
  });
  expect(incidents.nodes).toHaveLength(1);
  return incidents.nodes[0]!;
}

describe('a whole roster', () => {
  const COLOGNE = '05315';
  let result: ExerciseResult;
  let shown: string[];
  beforeAll(async () => {
    lines = [];
    result = await runExercise(exercise(COLOGNE));
    shown = lines;
  });

  test('a roster is declared, triaged, transported and handed over, and the dead stay', async () => {
    const { broughtTo, stayed, finished } = result;
    expect([broughtTo.length, stayed.length, finished]).toEqual([42, 2, true]);
    const incident = await incidentIn(COLOGNE);
    expect(incident).toMatchObject({ status: 'CLOSED', estimatedCasualties: 44 });
    const counts = incident.casualties.filter(({ count }) => count > 0);
    expect(counts).toEqual([
      { category: 'SK_I', count: 14 },
      { category: 'SK_II', count: 14 },
      { category: 'SK_III', count: 14 },
      { category: 'EX', count: 2 },
    ]);
  });

  test('every patient is triaged twice, and the living pass every step to the hand-over', async () => {
    const { patients } = await incidentIn(COLOGNE);
    for (const patient of patients.nodes) {
      expect(patient.triagedByPhysician).toBe(true);
      expect(patient.triageHistory).toEqual([{ method: 'MSTART' }, { method: 'PHYSICIAN' }]);
      const isDead = patient.category === 'EX';
      expect(patient.location.facility === null).toBe(isDead);
      expect(patient.transfer?.steps.map(({ status }) => status)).toEqual(
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

  test('the most urgent patients go first, and no facility receives more than its intake', () => {
    const order = result.broughtTo.map(({ patient }) => patient.patient.category);
    expect(order).toEqual(['SK_I', 'SK_II', 'SK_III'].flatMap((one) => Array(14).fill(one)));
    const perFacility = new Map<string, number>();
    for (const { destination, patient } of result.broughtTo) {
      const key = `${destination.id} ${patient.patient.category}`;
      perFacility.set(key, (perFacility.get(key) ?? 0) + 1);
    }
    const most = (category: string) =>
      Math.max(
        ...[...perFacility].flatMap(([key, count]) =>
          key.endsWith(` ${category}`) ? [count] : [],
        ),
      );
    expect(most('SK_I')).toBe(1);
    expect(most('SK_II')).toBeLessThanOrEqual(2);
    expect(most('SK_III')).toBeLessThanOrEqual(7);
  });

  test('the exercise shows as many steps as announced, and the sums by facility at the end', () => {
    expect(shown).toHaveLength(stepsOf(roster));
    const table = closingTable(result).split('\n');
    expect(table[0]).toMatch(/^Facility +km +SK_I +SK_II +SK_III +all$/);
    expect(table).toContainEqual(expect.stringMatching(/^All facilities +14 +14 +14 +42$/));
    expect(table.at(-1)).toBe('Done: 42 patients handed over, 2 stayed at the scene.');
  });
});

test('a stopped exercise sends no further patient and brings those under way', async () => {
  let steps = 0;
  const few = roster.slice(0, 8);
  // Two triages each, then three depart.
  const due = async () => (steps += 1) <= 19;
  const result = await runExercise(exercise('09162', { roster: few, due }));
  expect(result.finished).toBe(false);
  expect([result.broughtTo.length, result.stayed.length]).toEqual([3, 5]);
  const incident = await incidentIn('09162');
  expect(incident.status).toBe('OPEN');
  const transfers = incident.patients.nodes.flatMap(({ transfer }) => transfer ?? []);
  expect(transfers.map(({ status }) => status)).toEqual(Array(3).fill('HANDED_OVER'));
  expect(closingTable(result)).toContain('Stopped: 3 patients handed over, 5 stayed at the scene.');
});

test('a patient stays when the last intake slot of each requested facility is reserved meanwhile', async () => {
  const slight = roster.find(({ category, needs }) => category === 'SK_III' && needs.length === 0)!;
  const eight = Array.from({ length: 8 }, (_, index) => ({ ...slight, tag: `${index}` }));
  let full: string | undefined;
  /** Between the request and the facility's decision another caller reserves all of its slots. */
  const rival: SendAs = async (caller, document, variables) => {
    const data = await send(caller, document, variables);
    if (full === undefined && String(document) === String(RequestTransferDocument)) {
      full = (variables as unknown as { input: { to: string } }).input.to;
      await reserveAll(full);
    }
    return data;
  };
  const { broughtTo, stayed } = await runExercise(
    exercise('02000', { roster: eight, send: rival }),
  );
  expect(broughtTo[0]!.destination.id).not.toBe(full);
  const { patients } = await incidentIn('02000');
  const steps = patients.nodes.flatMap(({ transfer }) => transfer?.steps ?? []);
  expect(steps.filter(({ status }) => status === 'REFUSED')).toHaveLength(1);
  // Seven of fourteen slots went to the rival: none is left for the eighth patient, who stays.
  expect(broughtTo).toHaveLength(7);
  expect(stayed).toMatchObject([{ reason: 'no facility with free intake' }]);
});

async function reserveAll(facility: string): Promise<void> {
  const input = {
    kind: 'PRIMARY',
    items: [{ facility, intake: 'SK_III', count: 7 }],
    idempotencyKey: 'rival',
  };
  const response = await world.requestCapacity(
    'mutation ($input: ReserveBedsInput!) { reserveBeds(input: $input) { __typename ... on Refusal { message } } }',
    { input },
  );
  expect(response).toMatchObject({ data: { reserveBeds: { __typename: 'Reservation' } } });
}
