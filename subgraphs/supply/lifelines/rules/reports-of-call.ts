import type {
  Lifeline,
  LifelineKind,
  LifelineMovement,
  LifelineReport,
} from '../../generated/prisma/client.js';
import { type ComparedReport, contradictionOf } from './contradictions.js';
import type { KnownDemand } from './loads.js';
import { movedByKind } from './moved-quantities.js';
import { byMains, isNewer, lifelineBy, withFailure } from './reports.js';

/** A facility whose lifelines are reported. */
interface ReportedFacility extends KnownDemand {
  /** Its lifelines; those that are set here are saved. */
  lifelines: Map<LifelineKind, Lifeline>;
  /** Quantities that arrived or were passed on, in the order of time. */
  movements: readonly LifelineMovement[];
}

/** The facts beside the reports of a call. */
interface KnownOfCall {
  /** Returns the most that the facility observed itself in the minutes before a report; undefined where it observed nothing. */
  mostBefore: (report: LifelineReport) => number | undefined;
  /** Returns the newest report of each source on a lifeline that is compared, those of the call included. */
  freshOf: (kind: LifelineKind) => readonly ComparedReport[];
  /** Returns the id of a lifeline that is reported for the first time. */
  newId: () => string;
}

/**
 * Applies the reports of one call to the lifelines of a facility, in their order. Sources are compared once for each lifeline, behind its last
 * report: a call may bring a thousand.
 */
export function applyReports(
  { lifelines, movements, ...demand }: ReportedFacility,
  reports: readonly LifelineReport[],
  { mostBefore, freshOf, newId }: KnownOfCall,
  now: Date,
): void {
  const movedOf = movedByKind(movements);
  const last = new Map(reports.map((report) => [report.kind, report]));
  for (const report of reports) {
    const { kind } = report;
    const current = lifelines.get(kind);
    if (!current || isNewer(report, current)) {
      const mains = lifelines.get('MAINS_POWER');
      const mostReported = mostBefore(report) ?? null;
      const known = { ...demand, current, mains, movements: movedOf(kind), mostReported };
      const lifeline = lifelineBy(current?.id ?? newId(), report, known, now);
      lifelines.set(kind, lifeline);
      if (kind === 'MAINS_POWER') drawByMains(lifelines, lifeline, now);
    }
    if (last.get(kind) !== report) continue;
    const inForce = lifelines.get(kind)!;
    const contradictedUntil = contradictionOf(inForce, freshOf(kind), movedOf(kind), now);
    if (Number(contradictedUntil) === Number(inForce.contradictedUntil)) continue;
    lifelines.set(kind, { ...inForce, contradictedUntil });
  }
}

function drawByMains(lifelines: Map<LifelineKind, Lifeline>, mains: Lifeline, now: Date): void {
  const fuel = lifelines.get('GENERATOR_FUEL');
  if (!fuel) return;
  const fuelNow = byMains(fuel, mains);
  if (fuelNow !== fuel) lifelines.set('GENERATOR_FUEL', withFailure(fuelNow, now));
}
