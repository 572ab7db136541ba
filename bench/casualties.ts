import { randomUUID } from 'node:crypto';
import { HubClient, type TokenSource } from '../demo/client/hub-client.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { MINUTE_MS } from '../shared/time/rules.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, rounded } from './figures.js';
import {
  DeclareIncidentDocument,
  PatientChangedDocument,
  PatientsCursorDocument,
  RegisterCasualtiesDocument,
  type CasualtyInput,
} from './generated/operations.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import { sized } from './shortened.js';
import { incidentOf, patientsOf } from './outcomes.js';
import { subscribe } from './subscriber.js';

/** As many as one call may register. */
const CASUALTIES = sized(5_000, 200);
const ROUNDS = sized(5, 1);
/** The Kreis of the incident: Cologne. */
const KREIS = '05315';
/** After this time a message that has not reached the subscriber is lost. */
const PATIENCE_MS = MINUTE_MS;

interface Session {
  client: HubClient;
  tokens: TokenSource;
}

interface Round {
  /** Until the response to the caller. */
  seconds: number;
  /** Until a subscriber of the incident has received a message for every casualty. */
  heardSeconds: number;
  /** Seconds of every process of the hub, until both are done; undefined where the system does not count them. */
  processor: number | undefined;
}

/** Measures the largest request of an incident: all of its casualties at once, while its control room subscribes to them. */
export async function casualties(running: RunningHub): Promise<Figures> {
  const client = new HubClient(running.url, 1, '');
  const identity = { role: 'dispatch', areas: [KREIS], facilities: [], ttl: 3600 };
  const dataFolder = running.environment['VIERBLATT_DATA']!;
  const token = await issueDevelopmentToken(dataFolder, 'vierblatt', identity);
  const session = { client, tokens: () => Promise.resolve(token) };
  try {
    await round(running, session); // warms up
    const rounds: Round[] = [];
    for (let number = 1; number <= ROUNDS; number++) {
      const measured = await round(running, session);
      rounds.push(measured);
      const { seconds, heardSeconds } = measured;
      say(
        `Round ${number} of ${ROUNDS}: response after ${rounded(seconds, 2)} s, all messages after ${rounded(heardSeconds, 2)} s.`,
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
      casualties: CASUALTIES,
      rounds: ROUNDS,
    };
  } finally {
    await client.close();
  }
}

async function round(running: RunningHub, session: Session): Promise<Round> {
  const { client, tokens } = session;
  const incident = await declareIncident(session);
  const { patientsCursor } = await client.request(tokens, PatientsCursorDocument, {});
  const roots = [running.pid, running.postmaster];
  const before = processorSeconds(roots);
  const start = performance.now();
  const messages = allMessages(running.url, await tokens(), incident, patientsCursor!);
  const [seconds, heardSeconds] = await Promise.all([
    register(session, incident).then(() => (performance.now() - start) / 1000),
    messages.then(() => (performance.now() - start) / 1000),
  ]);
  const after = processorSeconds(roots);
  const processor = before === undefined || after === undefined ? undefined : after - before;
  return { seconds, heardSeconds, processor };
}

async function declareIncident({ client, tokens }: Session): Promise<string> {
  const data = await client.request(tokens, DeclareIncidentDocument, {
    input: {
      name: 'Bench',
      hazard: 'MASS_CASUALTY',
      area: KREIS,
      position: { latitude: 50.94, longitude: 6.96 },
      idempotencyKey: randomUUID(),
    },
  });
  return incidentOf(data).id;
}

function newCasualties(): CasualtyInput[] {
  return Array.from({ length: CASUALTIES }, (_, number) => ({
    tag: String(number),
    category: 'SK_II',
    physician: true,
  }));
}

async function register({ client, tokens }: Session, incident: string): Promise<void> {
  const data = await client.request(tokens, RegisterCasualtiesDocument, {
    input: { incident, casualties: newCasualties(), idempotencyKey: randomUUID() },
  });
  const registered = patientsOf(data).length;
  if (registered !== CASUALTIES) {
    throw new Error(`Only ${registered} of ${CASUALTIES} were registered.`);
  }
}

/** Resolves when a subscriber of the incident has received as many patients as are registered. */
async function allMessages(url: string, token: string, incident: string, after: string) {
  const patients = new Set<string>();
  let end = (): void => undefined;
  let fail = (_: Error): void => undefined;
  const all = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const variables = { incident, after };
  const subscriber = subscribe(url, token, PatientChangedDocument, variables, {
    received({ patientChanged }) {
      const patient = patientChanged?.patient;
      if (patient && patients.add(patient.id).size === CASUALTIES) end();
    },
    failed: (error) => fail(error),
  });
  const late = () =>
    fail(new Error(`A subscriber received ${patients.size} of ${CASUALTIES} patients.`));
  const timer = setTimeout(late, PATIENCE_MS);
  try {
    await all;
  } finally {
    clearTimeout(timer);
    await subscriber.close();
  }
}
