import { isParameterFault, parametersFrom } from './parameters.js';
import type { Position, SteeringInput } from './input.js';

/** The farthest that is steered: all of Germany from anywhere in it. */
export const MOST_KM = 1_000;
export const MOST_WAVES = 20;
export const MOST_CASUALTIES = 100_000;

/** Returns the fault of an input, as a sentence for the caller; undefined when there is none. */
export function faultIn(input: SteeringInput): string | undefined {
  return faultInNumbers(input) ?? faultInScenes(input) ?? faultInParameters(input);
}

function faultInNumbers({
  radiusKm,
  wave,
  flights,
  casualties,
}: SteeringInput): string | undefined {
  if (!(radiusKm > 0 && radiusKm <= MOST_KM)) {
    return `radiusKm is a distance above 0 and up to ${MOST_KM} km; received ${radiusKm}.`;
  }
  if (!isCount(wave, 1, MOST_WAVES)) {
    return `wave is a whole number from 1 to ${MOST_WAVES}; received ${wave}.`;
  }
  if (!isCount(flights, 0, MOST_CASUALTIES)) {
    return `flights is a whole number from 0 to ${MOST_CASUALTIES}; received ${flights}.`;
  }
  if (!isCount(casualties.length, 1, MOST_CASUALTIES)) {
    return `A plan is for 1 to ${MOST_CASUALTIES} patients without a slot; received ${casualties.length}. Register casualties first, or split the incident.`;
  }
  return undefined;
}

function faultInScenes({ scenes, casualties, facilities }: SteeringInput): string | undefined {
  const lost = [...scenes, ...facilities].find(({ position }) => !isOnEarth(position));
  if (lost) return `Every scene and facility has a position, WGS 84; that of ${lost.id} is none.`;
  const known = new Set(scenes.map(({ id }) => id));
  const stray = casualties.find(({ scene }) => !known.has(scene));
  if (stray) return `The patient ${stray.id} is at the scene ${stray.scene}, which is not given.`;
  return undefined;
}

function faultInParameters({ parameters }: SteeringInput): string | undefined {
  const verdict = parametersFrom({ ...parameters });
  return isParameterFault(verdict) ? verdict.message : undefined;
}

function isOnEarth({ latitude, longitude }: Position): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

function isCount(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
