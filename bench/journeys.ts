import { randomUUID } from 'node:crypto';
import { GraphQLEndpoint } from '../demo/client/graphql-endpoint.js';
import { Hub } from '../demo/replay/hub.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import type { RunningHub } from '../tests/running-hub.js';

/** The Kreis of the incident, whose control room sends everybody off: Cologne. */
const KREIS = '05315';
const POSITION = { latitude: 50.94, longitude: 6.96 };
const HOUSES = 100;
/** As many as one call may register. */
const CASUALTIES = 5_000;
/** More than all patients need together, so that every house has a place for each it is asked to take. */
const OPERABLE = 5_000;
const CATEGORY = 'ICU_UNSPECIFIED';

/** One patient on the way to one house by a vehicle of his own. */
export interface Journey {
  patient: string;
  house: string;
  vehicle: string;
  /** Empty before the first step. */
  transfer: string;
  /** How many of the steps are taken. */
  taken: number;
}

interface Step {
  /** Where the transfer stands after it. */
  status: string;
  mutation: string;
  by: 'control room' | 'house';
  input(journey: Journey): object;
}

const step = (
  field: string,
  by: Step['by'],
  status: string,
  input: (journey: Journey) => object,
  selection = '',
): Step => {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const outcome = `__typename ${selection} ... on Refusal { message }`;
  const mutation = `mutation Bench($input: ${type}!) { outcome: ${field}(input: $input) { ${outcome} } }`;
  return { status, mutation, by, input };
};
const transferOf = ({ transfer }: Journey) => ({ transfer });
const radio = (status: number) =>
  step(
    'reportVehicleStatus',
    'control room',
    status === 7 ? 'UNDER_WAY' : 'ARRIVED',
    ({ vehicle }) => ({ vehicle, status, at: new Date().toISOString() }),
  );

/** The way of every patient, from the wish to the hand-over. */
export const STEPS: readonly Step[] = [
  step(
    'requestTransfer',
    'control room',
    'DESTINATION_REQUESTED',
    ({ patient, house: to }) => ({
      ...{ patient, to, kind: 'PRIMARY', bedCategory: CATEGORY },
      idempotencyKey: randomUUID(),
    }),
    '... on Transfer { id }',
  ),
  step('acceptTransfer', 'house', 'ACCEPTED', transferOf),
  step('assignTransport', 'control room', 'TRANSPORT_ASSIGNED', ({ transfer, vehicle }) => ({
    ...{ transfers: [transfer], vehicle, means: 'RTW', area: KREIS, physician: true },
    idempotencyKey: randomUUID(),
  })),
  radio(7),
  radio(8),
  step('handOver', 'house', 'HANDED_OVER', transferOf),
];

type Outcome = { __typename: string; id?: string; message?: string };

/** Patients of one incident, sent to houses by its control room and taken by their staff, each with a token of its own. */
export class Journeys {
  readonly #running: RunningHub;
  readonly #endpoint: GraphQLEndpoint;
  readonly #tokens = new Map<string, Promise<string>>();
  #patients: string[] = [];
  #houses: string[] = [];
  #begun = 0;

  private constructor(running: RunningHub, concurrency: number) {
    this.#running = running;
    this.#endpoint = new GraphQLEndpoint(running.url, concurrency, '');
  }

  /** Reports places, declares the incident and registers its casualties. */
  static async open(running: RunningHub, concurrency: number): Promise<Journeys> {
    const journeys = new Journeys(running, concurrency);
    const hub = new Hub(running.url, running.token);
    const all = (await hub.facilities()).map(({ id }) => id);
    journeys.#houses = all.filter((_, n) => n % Math.floor(all.length / HOUSES) === 0);
    const refusals = await hub.report(journeys.#houses.map(withPlaces));
    await hub.close();
    if (refusals.length > 0) throw new Error(`The hub refused a report: ${refusals[0]}`);
    await journeys.#register();
    return journeys;
  }

  /** A token of the control room, or of the staff of a house. */
  token(house?: string): Promise<string> {
    const name = house ?? 'control room';
    const identity = house
      ? { role: 'hospital', areas: [], facilities: [house] }
      : { role: 'dispatch', areas: [KREIS], facilities: [] };
    const dataFolder = this.#running.environment['VIERBLATT_DATA']!;
    const issue = () =>
      issueDevelopmentToken(dataFolder, 'vierblatt', { ...identity, subject: name, ttl: 3600 });
    const token = this.#tokens.get(name) ?? issue();
    this.#tokens.set(name, token);
    return token;
  }

  /** The journey of the next patient, before its first step. */
  begin(): Journey {
    const number = this.#begun++;
    const patient = this.#patients[number];
    if (patient === undefined) throw new Error(`All ${CASUALTIES} patients have been sent off.`);
    const house = this.#houses[number % this.#houses.length]!;
    return { patient, house, vehicle: `Bench ${number}`, transfer: '', taken: 0 };
  }

  /** Takes the next step of a journey. */
  async advance(journey: Journey): Promise<void> {
    const { mutation, by, input } = STEPS[journey.taken]!;
    const house = by === 'house' ? journey.house : undefined;
    const { outcome } = await this.#ask<{ outcome: Outcome }>(mutation, input(journey), house);
    const { __typename: name, id, message } = outcome;
    if (name !== 'Transfer' && name !== 'Vehicle')
      throw new Error(`The hub refused a step: ${message}`);
    if (id !== undefined) journey.transfer = id;
    journey.taken += 1;
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }

  async #register(): Promise<void> {
    const { declareIncident } = await this.#ask<{ declareIncident: { id: string } }>(
      `mutation Bench($input: DeclareIncidentInput!) {
         declareIncident(input: $input) { ... on Incident { id } } }`,
      {
        ...{ name: 'Bench', hazard: 'MASS_CASUALTY', position: POSITION, area: KREIS },
        idempotencyKey: randomUUID(),
      },
    );
    const casualties = Array.from({ length: CASUALTIES }, (_, number) => ({
      ...{ tag: String(number), category: 'SK_II', physician: true },
    }));
    const { registerCasualties } = await this.#ask<{
      registerCasualties: { outcomes: { id: string }[] };
    }>(
      `mutation Bench($input: RegisterCasualtiesInput!) { registerCasualties(input: $input) {
         ... on RegisteredCasualties { outcomes { ... on Patient { id } } } } }`,
      { incident: declareIncident.id, casualties, idempotencyKey: randomUUID() },
    );
    this.#patients = registerCasualties.outcomes.map(({ id }) => id);
  }

  #ask<Data>(query: string, input: object, house?: string): Promise<Data> {
    return this.#endpoint.ask<Data>(() => this.token(house), query, { input });
  }
}

function withPlaces(facility: string) {
  return {
    ...{ facility, category: CATEGORY, operable: OPERABLE, occupied: 0, blocked: 0 },
    ...{ status: 'AVAILABLE', limitations: [], source: 'bench', method: 'REPORTED' },
    observedAt: new Date().toISOString(),
  };
}
