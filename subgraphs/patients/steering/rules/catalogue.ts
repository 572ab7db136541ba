import type { AllocationParameter } from '../../generated/graphql.js';
import { MOST_CASUALTIES } from './faults.js';
import {
  DEFAULTS,
  DOWNGRADE,
  isParameterFault,
  NUMBERS,
  parametersFrom,
  type NumberParameter,
  type ParameterFault,
  type Parameters,
} from './parameters.js';

/** Everything a plan is made by: the parameters of the model, and how many patients can be flown. */
export type ChosenParameters = Parameters & { flights: number };

/** Unknown to the hub, so nobody is flown unless the control room says so. */
const FLIGHTS: NumberParameter = {
  unit: 'patients',
  default: 0,
  least: 0,
  most: MOST_CASUALTIES,
  whole: true,
  says: 'How many patients can be flown in this wave; 0 at night, in bad weather, or without helicopters.',
  source: 'stated by the control room',
};

export const USUAL: ChosenParameters = { ...DEFAULTS, flights: FLIGHTS.default };

/** Returns the chosen parameters, with the default for those left out or null; or the first choice that is out of range. */
export function chosenFrom(
  given: Readonly<Record<string, unknown>>,
): ChosenParameters | ParameterFault {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
  const { flights = FLIGHTS.default, ...others } = said;
  if (!isFlights(flights)) {
    const message = `flights is a whole number from 0 to ${FLIGHTS.most} (patients); received ${String(flights)}.`;
    return { parameter: 'flights', message };
  }
  const parameters = parametersFrom(others);
  return isParameterFault(parameters) ? parameters : { ...parameters, flights };
}

export function isChoiceFault(
  verdict: ChosenParameters | ParameterFault,
): verdict is ParameterFault {
  return 'parameter' in verdict;
}

/** The parameters with what they are, for people. */
export function catalogueOf(chosen: ChosenParameters): AllocationParameter[] {
  const numbers = Object.entries({ ...NUMBERS, flights: FLIGHTS });
  return [
    ...numbers.map(([name, parameter]) =>
      ofNumber(name as keyof typeof NUMBERS, parameter, chosen),
    ),
    {
      name: 'downgrade',
      ...NO_NUMBER,
      choice: chosen.downgrade,
      defaultChoice: DOWNGRADE.default,
      description: DOWNGRADE.says,
      source: DOWNGRADE.source,
    },
  ];
}

const NO_NUMBER = { number: null, unit: '', defaultNumber: null, least: null, most: null };

function ofNumber(
  name: keyof typeof NUMBERS | 'flights',
  { unit, default: defaultNumber, least, most, says, source }: NumberParameter,
  chosen: ChosenParameters,
): AllocationParameter {
  const isAbout = { name, number: chosen[name], unit, defaultNumber, least, most };
  return { ...isAbout, choice: null, defaultChoice: null, description: says, source };
}

function isFlights(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= FLIGHTS.most;
}
