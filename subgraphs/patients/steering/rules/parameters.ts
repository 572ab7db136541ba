/** When a patient whose needs no facility meets may go to a facility that meets fewer of them. */
export type Downgrade = 'NEVER' | 'WHEN_NONE_IN_REACH' | 'WHEN_NONE_FREE';

/** The parameters of a plan. A plan keeps the ones it used. */
export interface Parameters {
  weightSkI: number;
  weightSkII: number;
  weightSkIII: number;
  priorityFactor: number;
  detourFactor: number;
  roadKmPerHour: number;
  airKmPerHour: number;
  ringKm: number;
  waveSkI: number;
  waveSkII: number;
  waveSkIII: number;
  walkInSkI: number;
  walkInSkII: number;
  walkInSkIII: number;
  ambulatoryMinutes: number;
  skIMinutes: number;
  busFrom: number;
  downgrade: Downgrade;
  downgradeMinutes: number;
  unallocatedMinutes: number;
  rejectedAlternatives: number;
  solverMilliseconds: number;
}

/** One parameter that is a number. */
export interface NumberParameter {
  unit: string;
  default: number;
  least: number;
  most: number;
  whole: boolean;
  /** Description for a duty officer. */
  says: string;
  source: string;
}

/** One parameter that is one of a few words. */
export interface ChoiceParameter<Choice extends string> {
  default: Choice;
  choices: readonly Choice[];
  says: string;
  source: string;
}

/** A parameter out of its range or of no known name. */
export interface ParameterFault {
  parameter: string;
  message: string;
}

const OUR_POLICY = 'policy of this hub; there is no German norm';
const CONSENSUS = 'order of the categories: Sichtungs-Konsensus-Konferenzen (bbk.bund.de)';
const ULM =
  'average intake of 29 clinics around Ulm: 45, 121 and 333 in all (doi 10.1007/s00101-019-00670-z)';
const WALK_INS =
  'self-presenters fill the nearest facility (doi 10.1007/s00101-019-00670-z); the share itself is an assumption';

/** Every number, with its unit, range and source. */
export const NUMBERS: Readonly<Record<Exclude<keyof Parameters, 'downgrade'>, NumberParameter>> = {
  weightSkI: number('', 10, 0.1, 1_000, 'Weight of a minute of an SK I patient.', CONSENSUS),
  weightSkII: number('', 3, 0.1, 1_000, 'Weight of a minute of an SK II patient.', CONSENSUS),
  weightSkIII: number('', 1, 0.1, 1_000, 'Weight of a minute of an SK III patient.', CONSENSUS),
  priorityFactor: number(
    '',
    1.5,
    1,
    10,
    'How much more a minute weighs of a patient with transport priority (the a of SK IIa).',
    OUR_POLICY,
  ),
  detourFactor: number(
    '',
    1.3,
    1,
    3,
    'How much longer the road is than the great circle.',
    'usual ratio of road to straight line; an assumption until a router is connected',
  ),
  roadKmPerHour: number('km/h', 60, 10, 130, 'Mean speed by road.', 'assumption'),
  airKmPerHour: number(
    'km/h',
    220,
    100,
    300,
    'Mean speed of a rescue helicopter, straight.',
    'cruising speed of the usual types; an assumption',
  ),
  ringKm: number(
    'km',
    30,
    5,
    200,
    'Width of a ring around the scene. A second helping counts as if the facility lay one ring farther out.',
    'Wellenplan (Sefrin/Messerer, Anästhesiologie & Intensivmedizin 11/2011); the width is our policy',
  ),
  waveSkI: number('patients', 2, 0, 1_000, 'SK I patients per facility and wave.', ULM, true),
  waveSkII: number('patients', 4, 0, 1_000, 'SK II patients per facility and wave.', ULM, true),
  waveSkIII: number('patients', 12, 0, 1_000, 'SK III patients per facility and wave.', ULM, true),
  walkInSkI: number(
    'share',
    0.02,
    0,
    1,
    'SK I patients expected to reach the nearest facility by themselves, as a share of those at the scene. Slots for them are kept free.',
    WALK_INS,
  ),
  walkInSkII: number(
    'share',
    0.1,
    0,
    1,
    'SK II patients expected to reach the nearest facility by themselves, as a share of those at the scene.',
    WALK_INS,
  ),
  walkInSkIII: number(
    'share',
    0.5,
    0,
    1,
    'SK III patients expected to reach the nearest facility by themselves, as a share of those at the scene.',
    WALK_INS,
  ),
  ambulatoryMinutes: number(
    'min',
    20,
    0,
    120,
    'How much longer SK III drives to a practice that takes them, so that hospitals keep room.',
    OUR_POLICY,
  ),
  skIMinutes: number(
    'min',
    60,
    0,
    600,
    'Within how many minutes an SK I patient reaches a facility. Only where none that fits lies so near may they go to one that cannot sustain its care for long.',
    'SK I in hospital within 1 h (mSTaRT)',
  ),
  busFrom: number(
    'patients',
    6,
    2,
    100,
    'From how many SK III patients on one way a bus goes instead of ambulances.',
    OUR_POLICY,
    true,
  ),
  downgradeMinutes: number(
    'min',
    1_000,
    100,
    5_000,
    'Minutes that count for each need that the facility does not meet.',
    OUR_POLICY,
  ),
  unallocatedMinutes: number(
    'min',
    10_000,
    10_000,
    100_000,
    'Minutes that count for a patient who is left at the scene. Far more than any way, so that nobody is left to save minutes.',
    OUR_POLICY,
  ),
  rejectedAlternatives: number(
    'facilities',
    5,
    0,
    5,
    'How many facilities that were not chosen are named per patient.',
    OUR_POLICY,
    true,
  ),
  solverMilliseconds: number(
    'ms',
    5_000,
    0,
    6_000,
    'How long the solver may compute, time in the queue included. After that the best plan found counts, or nearest fit, and the plan says so.',
    OUR_POLICY,
    true,
  ),
};

export const DOWNGRADE: ChoiceParameter<Downgrade> = {
  default: 'WHEN_NONE_IN_REACH',
  choices: ['NEVER', 'WHEN_NONE_IN_REACH', 'WHEN_NONE_FREE'],
  says: 'When a patient may go to a facility that does not meet all their needs: never; when no facility in reach meets them; or also when none of those has a free slot. The plan always says so.',
  source: 'Fit comes before distance (TraumaNetzwerk DGU).',
};

export const DEFAULTS: Parameters = {
  ...(Object.fromEntries(
    Object.entries(NUMBERS).map(([name, { default: value }]) => [name, value]),
  ) as Record<keyof typeof NUMBERS, number>),
  downgrade: DOWNGRADE.default,
};

/** Returns the given parameters with the default for the rest; or the first that is out of range. */
export function parametersFrom(
  given: Readonly<Record<string, unknown>>,
): Parameters | ParameterFault {
  for (const [name, value] of Object.entries(given)) {
    const message = faultOf(name, value);
    if (message) return { parameter: name, message };
  }
  const parameters = { ...DEFAULTS, ...given };
  return faultInOrder(parameters) ?? parameters;
}

export function isParameterFault(verdict: Parameters | ParameterFault): verdict is ParameterFault {
  return 'parameter' in verdict;
}

function faultOf(name: string, value: unknown): string | undefined {
  if (name === 'downgrade') {
    if (DOWNGRADE.choices.some((choice) => choice === value)) return undefined;
    return `downgrade is one of ${DOWNGRADE.choices.join(', ')}; received ${String(value)}.`;
  }
  if (!Object.hasOwn(NUMBERS, name)) {
    return `There is no parameter ${name.slice(0, 50)}. There are ${Object.keys(DEFAULTS).join(', ')}.`;
  }
  const { least, most, whole, unit } = NUMBERS[name as keyof typeof NUMBERS];
  const isFit =
    typeof value === 'number' &&
    value >= least &&
    value <= most &&
    (!whole || Number.isInteger(value));
  if (isFit) return undefined;
  const kind = whole ? 'a whole number' : 'a number';
  return `${name} is ${kind} from ${least} to ${most}${unit && ` (${unit})`}; received ${String(value)}.`;
}

/** SK IIa goes before SK IIb, but never before SK I. */
function faultInOrder(parameters: Parameters): ParameterFault | undefined {
  const { weightSkI, weightSkII, weightSkIII, priorityFactor } = parameters;
  if (weightSkI >= weightSkII * priorityFactor && weightSkII >= weightSkIII * priorityFactor) {
    return undefined;
  }
  return {
    parameter: 'priorityFactor',
    message: `SK I weighs at least priorityFactor times SK II, and SK II at least priorityFactor times SK III; received ${weightSkI}, ${weightSkII} and ${weightSkIII} with a factor of ${priorityFactor}.`,
  };
}

function number(
  unit: string,
  standard: number,
  least: number,
  most: number,
  says: string,
  source: string,
  whole = false,
): NumberParameter {
  return { unit, default: standard, least, most, whole, says, source };
}
