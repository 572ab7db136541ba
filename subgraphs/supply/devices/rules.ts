import { DAY_MS, MINUTE_MS } from '../../../shared/time/rules.js';
import {
  invalid,
  noneWithId,
  numberFault,
  outOfRange,
  textFault,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type {
  DeviceFaultTimeOutOfRange,
  FaultBedsInput,
  FaultOfLifeline,
  InvalidDeviceFault,
  ReportDeviceFaultInput,
  UnknownDeviceFault,
} from '../generated/graphql.js';

/** More than any hospital has of one kind. */
const MOST_DEVICES = 10_000;
/** As for reports of beds. */
const MOST_BEDS = 5_000;
const LONGEST_SOURCE = 200;
const LONGEST_TEXT = 500;

/** As for every report: clocks differ, and what is older says nothing about today. */
const MINUTES_AHEAD = 5;
const DAYS_BACK = 7;
/** Devices may have been broken for long when a facility begins to report them. */
const DAYS_BROKEN = 366;
const DAYS_OF_REPAIR = 366;
const DAYS_UNDER_WAY = 30;

export type FaultInputRefusal = WithTypename<
  DeviceFaultTimeOutOfRange | FaultOfLifeline | InvalidDeviceFault
>;

/** Refuses a report that cannot be, by itself; undefined where it can. */
export function reportRefusal(
  input: ReportDeviceFaultInput,
  now: Date,
): FaultInputRefusal | undefined {
  const { kind, failedDevices, devices, beds = [] } = input;
  if (kind === 'MEDICAL_GAS_PLANT' && beds.length > 0) return faultOfLifeline();
  return (
    numberRefusal('devices', devices, 1, MOST_DEVICES) ??
    numberRefusal('failedDevices', failedDevices, 1, devices) ??
    bedsRefusal(beds) ??
    textRefusal('source', input.source, LONGEST_SOURCE) ??
    noteRefusal('description', input.description) ??
    timesRefusal(input, now)
  );
}

/** Refuses a time that lies outside of what a step may say; undefined where none is given. */
export function expectedRefusal(
  field: 'expectedAt' | 'expectedRepairAt',
  expectedAt: Date | null | undefined,
  now: Date,
): WithTypename<DeviceFaultTimeOutOfRange> | undefined {
  if (expectedAt == null) return undefined;
  const days = field === 'expectedAt' ? DAYS_UNDER_WAY : DAYS_OF_REPAIR;
  return timeRefusal(field, expectedAt, now.getTime() - MINUTES_AHEAD * MINUTE_MS, days, now);
}

/** Returns the fault of a text that may be left out, as a sentence for the caller. */
export function noteFault(note: string | null | undefined): string | undefined {
  return note == null ? undefined : textFault('note', note, LONGEST_TEXT);
}

export function unknownFault(id: string): WithTypename<UnknownDeviceFault> {
  return noneWithId('deviceFault', id, '`deviceFaults`');
}

export function notServicePartner(organisation: { id: string; kind: string; name: string }) {
  return {
    __typename: 'NotServicePartner',
    message: `${organisation.name} is a ${organisation.kind}; expected a SERVICE_PARTNER. Register the organisation as one, or leave servicePartner out.`,
    organisation: { id: organisation.id },
  } as const;
}

function faultOfLifeline(): FaultInputRefusal {
  return {
    __typename: 'FaultOfLifeline',
    message:
      'A plant for medical gases takes beds by its lifelines, whose level and load say when it fails: report them with reportLifeline, and this case without beds.',
    lifelineKinds: ['LIQUID_OXYGEN', 'BOTTLED_OXYGEN', 'COMPRESSED_AIR'],
  };
}

function bedsRefusal(beds: readonly FaultBedsInput[]): FaultInputRefusal | undefined {
  for (const [position, { category, beds: missing }] of beds.entries()) {
    const fault = numberRefusal(`beds[${position}].beds`, missing, 1, MOST_BEDS);
    if (fault) return fault;
    if (beds.findIndex((one) => one.category === category) !== position) {
      const field = `beds[${position}].category`;
      return invalid(
        'InvalidDeviceFault',
        field,
        `${field}: each category once; received ${category} again. Leave one of the two out.`,
      );
    }
  }
  return undefined;
}

function timesRefusal(
  { observedAt, since, expectedRepairAt }: ReportDeviceFaultInput,
  now: Date,
): WithTypename<DeviceFaultTimeOutOfRange> | undefined {
  const at = now.getTime();
  const begin = since ?? observedAt;
  return (
    timeRefusal(
      'observedAt',
      observedAt,
      at - DAYS_BACK * DAY_MS,
      MINUTES_AHEAD / (24 * 60),
      now,
    ) ??
    timeRefusal('since', begin, observedAt.getTime() - DAYS_BROKEN * DAY_MS, 0, observedAt) ??
    (expectedRepairAt == null
      ? undefined
      : timeRefusal('expectedRepairAt', expectedRepairAt, begin.getTime(), DAYS_OF_REPAIR, now))
  );
}

function timeRefusal(
  field: string,
  given: Date,
  earliestAt: number,
  daysAhead: number,
  from: Date,
): WithTypename<DeviceFaultTimeOutOfRange> | undefined {
  return outOfRange('DeviceFaultTimeOutOfRange', field, given, {
    earliest: new Date(earliestAt),
    latest: new Date(from.getTime() + daysAhead * DAY_MS),
    advice: 'Give an instant in between.',
  });
}

function numberRefusal(field: string, value: number, minimum: number, maximum: number) {
  return invalid('InvalidDeviceFault', field, numberFault(field, value, { minimum, maximum }));
}

function noteRefusal(field: string, text: string | null | undefined) {
  return text == null ? undefined : textRefusal(field, text, LONGEST_TEXT);
}

function textRefusal(field: string, text: string, most: number) {
  return invalid('InvalidDeviceFault', field, textFault(field, text, most));
}
