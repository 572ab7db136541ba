import { HOUR_MS } from '../../shared/time/rules.js';
import { accepted, staffOf, type SendAs, withKey } from '../client/requests.js';
import {
  BlackoutCancelRequestDocument,
  BlackoutReportDocument,
  BlackoutRequestDocument,
  type ReportLifelineInput,
} from './generated/operations.js';
import { type Hospital, hoursLeft } from './hospital.js';

const SOURCE = 'Exercise: blackout';
/** A request is for a day. */
const REQUESTED_HOURS = 24;

/** The technicians of the hospitals, as clients of the hub's public API. Throws PlayerError. */
export class HospitalStaff {
  readonly #send: SendAs;

  constructor(send: SendAs) {
    this.#send = send;
  }

  /** Reports whether the grid is on, if that changed, and what is in the tanks. */
  async report(
    { id: facility, fuel, load }: Hospital,
    now: Date,
    { grid }: { grid?: 'ON' | 'OFF' } = {},
  ): Promise<void> {
    const observed = { facility, source: SOURCE, observedAt: now.toISOString() };
    const level: ReportLifelineInput = {
      ...observed,
      kind: 'GENERATOR_FUEL',
      unit: 'LITRE',
      stock: Math.round(fuel),
      load,
      supplied: grid === 'ON',
    };
    const mains: ReportLifelineInput[] =
      grid === undefined ? [] : [{ ...observed, kind: 'MAINS_POWER', supplied: grid === 'ON' }];
    const { reportLifelines } = await this.#send(staffOf(facility), BlackoutReportDocument, {
      input: { reports: [...mains, level] },
    });
    for (const outcome of reportLifelines?.outcomes ?? []) {
      accepted(outcome, 'Lifeline', 'report the fuel of a hospital');
    }
  }

  /** Requests diesel for a day from the depots. */
  async request(
    hospital: Hospital,
    { diesel, organisations, now }: { diesel: string; organisations: string[]; now: Date },
  ): Promise<NonNullable<Hospital['request']>> {
    const hours = hoursLeft(hospital);
    const litres = Math.max(1, Math.ceil(REQUESTED_HOURS * hospital.load));
    // Fuel that has run out is needed at once; a request states a time ahead.
    const neededUntil = new Date(now.getTime() + Math.max(hours, 0.25) * HOUR_MS).toISOString();
    const { requestSupply } = await this.#send(
      staffOf(hospital.id),
      BlackoutRequestDocument,
      withKey({
        facility: hospital.id,
        neededUntil,
        reason: `ÜBUNG: the grid has failed, fuel for ${hours.toFixed(1)} h`,
        lines: [{ item: diesel, quantity: litres, unit: 'LITRE', organisations }],
      }),
    );
    const { id, lines } = accepted(requestSupply, 'SupplyRequest', 'request fuel');
    return { id, line: lines[0]!.id, litres };
  }

  async cancel({ id: facility, request }: Hospital): Promise<void> {
    if (!request) return;
    const { cancelSupplyRequest } = await this.#send(
      staffOf(facility),
      BlackoutCancelRequestDocument,
      withKey({ request: request.id, reason: 'ÜBUNG: the grid is back' }),
    );
    accepted(cancelSupplyRequest, 'SupplyRequest', 'cancel a request');
  }
}
