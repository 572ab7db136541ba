import type { CapacityReport, Site } from '../demo/replay/hub.js';
import type { BedCategory } from './generated/operations.js';

export const REPORTS_PER_CALL = 1000;

const CATEGORIES: readonly BedCategory[] = [
  'ICU_UNSPECIFIED',
  'ICU_LOW_CARE',
  'ICU_HIGH_CARE',
  'ECMO',
  'INTERMEDIATE_CARE',
  'NORMAL_WARD',
  'PAEDIATRIC_ICU',
  'NEONATAL_ICU',
  'BURN',
  'ISOLATION',
  'PSYCHIATRY',
  'REHABILITATION',
];

/**
 * An endless stream of reports as hospitals send them: facility after facility, category after category, each newer than the
 * one before. Requests in flight at the same time never report the same beds.
 */
export class Reports {
  readonly #facilities: readonly Site[];
  #next = 0;

  constructor(facilities: readonly Site[]) {
    this.#facilities = facilities;
  }

  /** Requests that report no bed twice. */
  get callsPerLap(): number {
    return Math.floor((this.#facilities.length * CATEGORIES.length) / REPORTS_PER_CALL);
  }

  next(calls: number): CapacityReport[] {
    const observedAt = new Date().toISOString();
    return Array.from({ length: calls * REPORTS_PER_CALL }, () => this.#report(observedAt));
  }

  #report(observedAt: string): CapacityReport {
    const number = this.#next++;
    const facility = this.#facilities[number % this.#facilities.length]!;
    const category = Math.floor(number / this.#facilities.length) % CATEGORIES.length;
    const operable = 4 + (number % 37);
    const occupied = (number * 7) % (operable + 1);
    return {
      facility: facility.id,
      category: CATEGORIES[category]!,
      operable,
      occupied,
      blocked: 0,
      status: occupied < operable ? 'AVAILABLE' : 'UNAVAILABLE',
      limitations: [],
      source: 'bench',
      method: 'REPORTED',
      observedAt,
    };
  }
}
