import {
  invalid,
  numberFault,
  type NumberLimits,
  type WithTypename,
} from '../../../../shared/validation/rules.js';
import {
  type ChosenParameters,
  chosenFrom,
  isChoiceFault,
  MOST_KM,
  MOST_WAVES,
  USUAL,
} from '../../steering/rules.js';
import type {
  DistributeFromInput,
  NobodyToAllocate,
  InvalidParameter,
  ProposeAllocationInput,
} from '../../generated/graphql.js';

export { mayBeMoved } from './rules/demand.js';
export { isSteered } from './rules/supply.js';

/** Most facilities that a dispatcher can leave out. */
export const MOST_WITHOUT = 500;
/** Most patients whom one plan moves from a facility. */
const MOST_MOVED = 5_000;
const LONGEST_REASON = 500;

/** Returns the parameters of a plan, or the refusal of the first value that is out of range. */
export function judgeProposal(
  input: Pick<ProposeAllocationInput, 'radiusKm' | 'wave' | 'without' | 'parameters'>,
): ChosenParameters | WithTypename<InvalidParameter> {
  const { radiusKm, wave, without, parameters } = input;
  const refused = radiusRefused(radiusKm) ?? waveRefused(wave) ?? withoutRefused(without ?? []);
  if (refused) return refused;
  const chosen = chosenFrom({ ...parameters });
  return isChoiceFault(chosen)
    ? invalid('InvalidParameter', chosen.parameter, chosen.message)
    : chosen;
}

/** Returns the parameters of a distribution from a facility, whose patients lie in beds: nobody walks anywhere. */
export function judgeDistribution({
  radiusKm,
  wave,
  count,
}: Pick<DistributeFromInput, 'radiusKm' | 'wave' | 'count'>):
  ChosenParameters | WithTypename<InvalidParameter> {
  return (
    radiusRefused(radiusKm) ??
    waveRefused(wave) ??
    numberRefused('count', count, { minimum: 1, maximum: MOST_MOVED, unit: 'patients' }) ?? {
      ...USUAL,
      walkInSkI: 0,
      walkInSkII: 0,
      walkInSkIII: 0,
    }
  );
}

/** Returns what is wrong with the reason of a discarding, as a sentence for the caller; undefined when nothing is. */
export function discardingFault(reason: string | null | undefined): string | undefined {
  if (reason == null || reason.length <= LONGEST_REASON) return undefined;
  return `reason has up to ${LONGEST_REASON} characters, not ${reason.length}.`;
}

export function nobodyAtScene(patients: number): WithTypename<NobodyToAllocate> {
  const what =
    patients === 0
      ? 'The incident has no patients yet. Register casualties first.'
      : `None of the ${patients} patients of the incident needs a facility: all are in one, have a transfer that has not ended, or are dead.`;
  return { __typename: 'NobodyToAllocate', message: what, considered: patients };
}

export function nobodyInFacility(patients: number): WithTypename<NobodyToAllocate> {
  return {
    __typename: 'NobodyToAllocate',
    message: `None of the ${patients} patients of the facility can be moved: SK I needs a physician who states that they are transportable, SK II and III no physician who states the contrary, and nobody may have a transfer that has not ended. Triage them with \`transportable\`.`,
    considered: patients,
  };
}

function radiusRefused(radiusKm: number | undefined): WithTypename<InvalidParameter> | undefined {
  if (radiusKm !== undefined && radiusKm > 0 && radiusKm <= MOST_KM) return undefined;
  return invalid(
    'InvalidParameter',
    'radiusKm',
    `radiusKm is a distance above 0 and up to ${MOST_KM} km; received ${radiusKm}.`,
  );
}

function waveRefused(wave: number | undefined): WithTypename<InvalidParameter> | undefined {
  return numberRefused('wave', wave ?? 0, { minimum: 1, maximum: MOST_WAVES });
}

function withoutRefused({ length }: readonly string[]): WithTypename<InvalidParameter> | undefined {
  if (length <= MOST_WITHOUT) return undefined;
  return invalid(
    'InvalidParameter',
    'without',
    `without names up to ${MOST_WITHOUT} facilities; received ${length}. Give \`area\` or \`radiusKm\` instead.`,
  );
}

function numberRefused(
  field: string,
  value: number,
  limits: NumberLimits,
): WithTypename<InvalidParameter> | undefined {
  return invalid('InvalidParameter', field, numberFault(field, value, limits));
}
