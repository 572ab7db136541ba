import { randomUUID } from 'node:crypto';
import { GraphQLEndpoint } from '../demo/client/graphql-endpoint.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, rounded } from './figures.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import { sized } from './shortened.js';
import { subscribe } from './subscriber.js';

/** As many as one call may register. */
const CASUALTIES = sized(5_000, 200);
const ROUNDS = sized(5, 1);
/** The Kreis of the incident: Cologne. */
const KREIS = '05315';
/** A watcher who has not heard of everybody by then never will. */
const PATIENCE_MS = 60_000;

const DECLARE = `mutation Bench($input: DeclareIncidentInput!) { outcome: declareIncident(input: $input) {
  ... on Incident { id } } }`;
const REGISTER = `mutation Bench($input: RegisterCasualtiesInput!) { outcome: registerCasualties(input: $input) {
  ... on RegisteredCasualties { outcomes { ... on Patient { id } } } } }`;

type Ask = <Data>(query: string, input?: object) => Promise<Data>;

interface Round {
  /** Until the caller has his answer. */
  seconds: number;
  /** Until a watcher of the incident has heard of every casualty. */
  heardSeconds: number;
  /** Of every process of the hub, until both are done; undefined where nobody says. */
  processor: number | undefined;
}

/** The largest call of an incident: all of its casualties at once, while its control room watches them come. */
export async function casualties(running: RunningHub): Promise<Figures> {
  const endpoint = new GraphQLEndpoint(running.url, 1, '');
  const identity = { role: 'dispatch', areas: [KREIS], facilities: [], ttl: 3600 };
  const dataFolder = running.environment['VIERBLATT_DATA']!;
  const token = await issueDevelopmentToken(dataFolder, 'vierblatt', identity);
  const ask: Ask = (query, input) => endpoint.ask(() => Promise.resolve(token), query, { input });
  try {
    await round(running, ask, token); // warms up
    const rounds: Round[] = [];
    for (let number = 1; number <= ROUNDS; number++) {
      const measured = await round(running, ask, token);
      rounds.push(measured);
      const { seconds, heardSeconds } = measured;
      say(
        `Round ${number} of ${ROUNDS}: answered after ${rounded(seconds, 2)} s, all heard of after ${rounded(heardSeconds, 2)} s.`,
      );
    }
    const isKnown = rounds.every(({ processor }) => processor !== undefined);
    const times = rounds.map(({ seconds }) => seconds);
    return {
      seconds: rounded(median(times), 2),
      slowest: rounded(Math.max(...times), 2),
      heardSeconds: rounded(median(rounds.map(({ heardSeconds }) => heardSeconds)), 2),
      processorSeconds: isKnown
        ? rounded(median(rounds.map(({ processor }) => processor!)), 2)
        : null,
      ...{ casualties: CASUALTIES, rounds: ROUNDS },
    };
  } finally {
    await endpoint.close();
  }
}

async function round(running: RunningHub, ask: Ask, token: string): Promise<Round> {
  const incident = await declared(ask);
  const input = { incident, casualties: newCasualties(), idempotencyKey: randomUUID() };
  const { patientsCursor } = await ask<{ patientsCursor: string }>('{ patientsCursor }');
  const roots = [running.pid, running.postmaster];
  const before = processorSeconds(roots);
  const start = performance.now();
  const heard = allHeardOf(running.url, token, incident, patientsCursor);
  const [seconds, heardSeconds] = await Promise.all([
    registered(ask, input).then(() => (performance.now() - start) / 1000),
    heard.then(() => (performance.now() - start) / 1000),
  ]);
  const after = processorSeconds(roots);
  const processor = before === undefined || after === undefined ? undefined : after - before;
  return { seconds, heardSeconds, processor };
}

async function declared(ask: Ask): Promise<string> {
  const position = { latitude: 50.94, longitude: 6.96 };
  const { outcome } = await ask<{ outcome: { id: string } }>(DECLARE, {
    ...{ name: 'Bench', hazard: 'MASS_CASUALTY', position, area: KREIS },
    idempotencyKey: randomUUID(),
  });
  return outcome.id;
}

function newCasualties(): object[] {
  return Array.from({ length: CASUALTIES }, (_, number) => ({
    ...{ tag: String(number), category: 'SK_II', physician: true },
  }));
}

async function registered(ask: Ask, input: object): Promise<void> {
  const { outcome } = await ask<{ outcome: { outcomes: { id?: string }[] } }>(REGISTER, input);
  const stored = outcome.outcomes.filter(({ id }) => id !== undefined).length;
  if (stored !== CASUALTIES) throw new Error(`Only ${stored} of ${CASUALTIES} were registered.`);
}

/** Ends when a watcher of the incident has been told of as many patients as are registered. */
async function allHeardOf(url: string, token: string, incident: string, after: string) {
  const query = `subscription { patientChanged(incident: "${incident}", after: "${after}") {
    patient { id category } } }`;
  const patients = new Set<string>();
  let end = (): void => undefined;
  let broke = (_: Error): void => undefined;
  const all = new Promise<void>((resolve, reject) => {
    end = resolve;
    broke = reject;
  });
  const subscriber = subscribe<{ patientChanged: { patient: { id: string } } }>(url, token, query, {
    heard({ patientChanged: { patient } }) {
      if (patients.add(patient.id).size === CASUALTIES) end();
    },
    broke: (error) => broke(error),
  });
  const late = () => broke(new Error(`A watcher heard of ${patients.size} of ${CASUALTIES}.`));
  const timer = setTimeout(late, PATIENCE_MS);
  try {
    await all;
  } finally {
    clearTimeout(timer);
    await subscriber.close();
  }
}
