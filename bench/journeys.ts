import { randomUUID } from 'node:crypto';
import { HubClient, type TokenSource } from '../demo/client/hub-client.js';
import { Hub, type CapacityReport } from '../demo/replay/hub.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import type { RunningHub } from '../tests/running-hub.js';
import {
  AcceptTransferDocument,
  AssignTransportDocument,
  DeclareIncidentDocument,
  HandOverDocument,
  RegisterCasualtiesDocument,
  ReportVehicleStatusDocument,
  RequestTransferDocument,
  type TransferStatus,
} from './generated/operations.js';
import { incidentOf, patientsOf } from './outcomes.js';

/** The Kreis of the incident, whose control room sends all patients: Cologne. */
const KREIS = '05315';
const POSITION = { latitude: 50.94, longitude: 6.96 };
const FACILITIES = 100;
/** As many as one request may register. */
const CASUALTIES = 5_000;
/** More beds than all patients need together, so that every facility can accept every transfer. */
const OPERABLE = 5_000;
const CATEGORY = 'ICU_UNSPECIFIED';

/** The transfer of one patient to one facility by a vehicle of its own. */
export interface Journey {
  patient: string;
  facility: string;
  vehicle: string;
  /** Empty before the first step. */
  transfer: string;
  /** Number of the steps that are done. */
  steps: number;
}

interface Outcome {
  readonly __typename: string;
  readonly id?: string;
  readonly message?: string;
}

interface JourneyStep {
  /** Status of the transfer after the step. */
  status: TransferStatus;
  by: 'control room' | 'facility';
  send(client: HubClient, tokens: TokenSource, journey: Journey): Promise<Outcome | null>;
}

const radioStep = (radio: 7 | 8, status: TransferStatus): JourneyStep => ({
  status,
  by: 'control room',
  send: async (client, tokens, { vehicle }) =>
    (
      await client.request(tokens, ReportVehicleStatusDocument, {
        input: { vehicle, status: radio, at: new Date().toISOString() },
      })
    ).reportVehicleStatus,
});

/** The steps of every patient, from the request to the hand-over. */
export const STEPS: readonly JourneyStep[] = [
  {
    status: 'DESTINATION_REQUESTED',
    by: 'control room',
    send: async (client, tokens, { patient, facility: to }) =>
      (
        await client.request(tokens, RequestTransferDocument, {
          input: {
            patient,
            to,
            kind: 'PRIMARY',
            bedCategory: CATEGORY,
            idempotencyKey: randomUUID(),
          },
        })
      ).requestTransfer,
  },
  {
    status: 'ACCEPTED',
    by: 'facility',
    send: async (client, tokens, { transfer }) =>
      (await client.request(tokens, AcceptTransferDocument, { input: { transfer } }))
        .acceptTransfer,
  },
  {
    status: 'TRANSPORT_ASSIGNED',
    by: 'control room',
    send: async (client, tokens, { transfer, vehicle }) =>
      (
        await client.request(tokens, AssignTransportDocument, {
          input: {
            transfers: [transfer],
            vehicle,
            means: 'RTW',
            area: KREIS,
            physician: true,
            idempotencyKey: randomUUID(),
          },
        })
      ).assignTransport,
  },
  radioStep(7, 'UNDER_WAY'),
  radioStep(8, 'ARRIVED'),
  {
    status: 'HANDED_OVER',
    by: 'facility',
    send: async (client, tokens, { transfer }) =>
      (await client.request(tokens, HandOverDocument, { input: { transfer } })).handOver,
  },
];

/** Transfers the patients of one incident: its control room and the staff of the facilities each have a token. */
export class Journeys {
  readonly #running: RunningHub;
  readonly #client: HubClient;
  readonly #tokens = new Map<string, Promise<string>>();
  #patients: string[] = [];
  #facilities: string[] = [];
  #begun = 0;

  private constructor(running: RunningHub, concurrency: number) {
    this.#running = running;
    this.#client = new HubClient(running.url, concurrency, '');
  }

  /** Reports free beds, declares the incident and registers its casualties. */
  static async open(running: RunningHub, concurrency: number): Promise<Journeys> {
    const journeys = new Journeys(running, concurrency);
    const hub = new Hub(running.url, running.token);
    const all = (await hub.facilities()).map(({ id }) => id);
    journeys.#facilities = all.filter((_, n) => n % Math.floor(all.length / FACILITIES) === 0);
    const refusals = await hub.report(journeys.#facilities.map(withFreeBeds));
    await hub.close();
    if (refusals.length > 0) throw new Error(`The hub refused a report: ${refusals[0]}`);
    await journeys.#register();
    return journeys;
  }

  /** Returns a token of the control room, or of the staff of a facility. */
  token(facility?: string): Promise<string> {
    const name = facility ?? 'control room';
    const identity = facility
      ? { role: 'hospital', areas: [], facilities: [facility] }
      : { role: 'dispatch', areas: [KREIS], facilities: [] };
    const dataFolder = this.#running.environment['VIERBLATT_DATA']!;
    const issue = () =>
      issueDevelopmentToken(dataFolder, 'vierblatt', { ...identity, subject: name, ttl: 3600 });
    const token = this.#tokens.get(name) ?? issue();
    this.#tokens.set(name, token);
    return token;
  }

  /** Returns the journey of the next patient, before its first step. */
  begin(): Journey {
    const number = this.#begun++;
    const patient = this.#patients[number];
    if (patient === undefined) throw new Error(`All ${CASUALTIES} patients are under way.`);
    const facility = this.#facilities[number % this.#facilities.length]!;
    return { patient, facility, vehicle: `Bench ${number}`, transfer: '', steps: 0 };
  }

  /** Sends the request of the next step of a journey. */
  async advance(journey: Journey): Promise<void> {
    const { by, send } = STEPS[journey.steps]!;
    const facility = by === 'facility' ? journey.facility : undefined;
    const outcome = await send(this.#client, () => this.token(facility), journey);
    if (outcome?.__typename !== 'Transfer' && outcome?.__typename !== 'Vehicle')
      throw new Error(`The hub refused a step: ${outcome?.message}`);
    if (outcome.id !== undefined) journey.transfer = outcome.id;
    journey.steps += 1;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #register(): Promise<void> {
    const tokens = () => this.token();
    const declared = await this.#client.request(tokens, DeclareIncidentDocument, {
      input: {
        name: 'Bench',
        hazard: 'MASS_CASUALTY',
        position: POSITION,
        area: KREIS,
        idempotencyKey: randomUUID(),
      },
    });
    const casualties = Array.from({ length: CASUALTIES }, (_, number) => ({
      tag: String(number),
      category: 'SK_II' as const,
      physician: true,
    }));
    const registered = await this.#client.request(tokens, RegisterCasualtiesDocument, {
      input: { incident: incidentOf(declared).id, casualties, idempotencyKey: randomUUID() },
    });
    this.#patients = patientsOf(registered);
  }
}

function withFreeBeds(facility: string): CapacityReport {
  return {
    facility,
    category: CATEGORY,
    operable: OPERABLE,
    occupied: 0,
    blocked: 0,
    status: 'AVAILABLE',
    limitations: [],
    source: 'bench',
    method: 'REPORTED',
    observedAt: new Date().toISOString(),
  };
}
