import { modelledBeds, type ModelledFacility } from '../../facilities/rules.js';
import type { Lifeline, LifelineKind, LifelineReport } from '../../generated/prisma/client.js';
import { isOwnWord, isOxygen } from './kinds.js';
import { oxygenLoad } from './oxygen.js';
import { modelledLifelines } from './seed.js';

/** The load, and how it was found. */
export type Load = Pick<Lifeline, 'statedLoad' | 'baselineDemand' | 'load' | 'loadMethod'>;

/** The facts of a facility beside its reports, from which a load follows where nobody states it. */
export interface KnownDemand {
  /** Oxygen that the patients in all beds need, in cubic metres per hour; null where no bed is known. */
  demand: number | null;
  /** The part of it in beds that the facility reported; null where it reports none. */
  reportedDemand: number | null;
  /** The facts by which its lifelines are modelled; null where capacity knows no beds of it. */
  modelled: ModelledFacility | null;
}

/**
 * Returns the load by a report that counts: as stated; else as it was stated last, because a dipstick reads no load; of oxygen by the
 * occupied beds; else as it is modelled, so that no level that is drawn on is without an hour. A generator that stands still draws
 * nothing, and says nothing of what it will draw.
 */
export function loadBy(
  report: Pick<LifelineReport, 'kind' | 'load' | 'supplied' | 'method'>,
  current: Lifeline | undefined,
  known: KnownDemand,
): Load {
  const { kind, load, supplied, method } = report;
  const standsStill = kind === 'GENERATOR_FUEL' && load === 0 && supplied !== false;
  if (load !== null && !standsStill) {
    const baselineDemand = isOxygen(kind) ? scaleOf(known) : null;
    return { statedLoad: load, baselineDemand, load, loadMethod: method };
  }
  // Nor is that kept which an idle generator was said to draw.
  const isIdle = kind === 'GENERATOR_FUEL' && current?.statedLoad === 0;
  const stated = isIdle ? null : (current?.statedLoad ?? null);
  const isKept =
    current && stated !== null && (!isOxygen(kind) || isOwnWord(current.loadMethod ?? 'MODELLED'));
  if (isKept) {
    const { baselineDemand, loadMethod } = current;
    const now = isOxygen(kind) ? oxygenLoad(stated, baselineDemand, scaleOf(known)) : stated;
    return { statedLoad: stated, baselineDemand, load: now, loadMethod };
  }
  if (isOxygen(kind) && known.demand !== null) return loadByBeds(known);
  const assumed = current?.load || modelledLoad(kind, known.modelled);
  return { ...NOT_STATED, load: assumed, loadMethod: assumed === null ? null : 'MODELLED' };
}

/** Returns the load of oxygen with the demand as it is now. */
export function loadByDemand(lifeline: Lifeline, known: KnownDemand): Load {
  const { statedLoad, baselineDemand, loadMethod } = lifeline;
  if (statedLoad === null) return known.demand === null ? lifeline : loadByBeds(known);
  const load = oxygenLoad(statedLoad, baselineDemand, scaleOf(known));
  return { statedLoad, baselineDemand, load, loadMethod };
}

/** Beds that the facility did not report are modelled, and so is a demand of which they are a part. */
function loadByBeds({ demand, reportedDemand }: KnownDemand): Load {
  const isReported = reportedDemand !== null && reportedDemand === demand;
  return { ...NOT_STATED, load: demand, loadMethod: isReported ? 'REPORTED' : 'MODELLED' };
}

/** A metered load changes as the demand of all beds does, once the facility reports any: a model alone knows no single facility. */
function scaleOf({ demand, reportedDemand }: KnownDemand): number | null {
  return reportedDemand === null ? null : demand;
}

function modelledLoad(kind: LifelineKind, facility: ModelledFacility | null): number | null {
  if (facility === null || modelledBeds(facility).all === 0) return null;
  return modelledLifelines(facility).find((one) => one.kind === kind)?.load || null;
}

const NOT_STATED = { statedLoad: null, baselineDemand: null };
