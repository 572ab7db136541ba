import {
  noneWithId,
  numberFault,
  reasonFault,
  textFault,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type {
  RegisterReserveInput,
  ReserveCover,
  ReserveReadiness,
  UnknownReserve,
} from '../generated/graphql.js';
import type { Reserve } from '../generated/prisma/client.js';

/** A reserve as it is read, with the AGS of the Kreis where it is kept. */
export type ReserveRow = Omit<Reserve, 'registeredBy' | 'registeredAt'> & {
  area: string;
  /** Packets that are there now. */
  packets: number;
};

/** The patients whom one packet treats. */
export type PacketCover = Pick<Reserve, 'severePatients' | 'lightPatients' | 'days'>;

/** The basic packet of the federal Sanitätsmaterialbevorratung: 250 patients, 150 severe and 100 light, for 3 days (BBK). */
const MEDICAL_PACKET: PacketCover = { severePatients: 150, lightPatients: 100, days: 3 };

const LONGEST_NAME = 200;
const LONGEST_RULE = 500;
const MOST_HOURS = 720;
const MOST_PACKETS = 10_000;
const MOST_PATIENTS = 10_000;
const MOST_DAYS = 365;

/** Returns the fault of a registration, as a sentence for the caller; undefined if it has none. */
export function registrationFault(input: RegisterReserveInput): string | undefined {
  const { name, releaseRule, readinessHours, packets } = input;
  const { severePatients, lightPatients, days } = packetCover(input);
  return (
    textFault('name', name, LONGEST_NAME) ??
    textFault('releaseRule', releaseRule, LONGEST_RULE) ??
    numberFault('readinessHours', readinessHours, { minimum: 0, maximum: MOST_HOURS }) ??
    packetsFault(packets) ??
    numberFault('severePatients', severePatients, { minimum: 0, maximum: MOST_PATIENTS }) ??
    numberFault('lightPatients', lightPatients, { minimum: 0, maximum: MOST_PATIENTS }) ??
    numberFault('severePatients and lightPatients together', severePatients + lightPatients, {
      minimum: 1,
      maximum: MOST_PATIENTS,
    }) ??
    numberFault('days', days, { minimum: 1, maximum: MOST_DAYS })
  );
}

/** Returns whom one packet treats: as stated, or for a packet of the federal government as BBK describes it. */
export function packetCover(
  input: Pick<RegisterReserveInput, 'kind' | 'severePatients' | 'lightPatients' | 'days'>,
): PacketCover {
  const usual = input.kind === 'MEDICAL_PACKET' ? MEDICAL_PACKET : undefined;
  return {
    severePatients: input.severePatients ?? usual?.severePatients ?? 0,
    lightPatients: input.lightPatients ?? usual?.lightPatients ?? 0,
    days: input.days ?? usual?.days ?? 0,
  };
}

export function releaseFault({
  packets,
  reason,
}: {
  packets: number;
  reason: string;
}): string | undefined {
  return packetsFault(packets) ?? reasonFault(reason);
}

export function packetsFault(packets: number): string | undefined {
  return numberFault('packets', packets, { minimum: 1, maximum: MOST_PACKETS });
}

/** Refuses a release of what nobody has confirmed, and of more than is there; undefined for one that is possible. */
export function judgeRelease(reserve: ReserveRow, packets: number) {
  if (reserve.modelledPackets !== null) return notConfirmed(reserve);
  return packets <= reserve.packets ? undefined : notEnoughPackets(reserve, packets);
}

function notConfirmed(reserve: ReserveRow) {
  return {
    __typename: 'ReserveNotConfirmed',
    message: `${reserve.name} is modelled by a rule: nobody has said that it is there. Register what is really kept with \`registerReserve\`, and release that.`,
    reserve,
  } as const;
}

export function notEnoughPackets(reserve: ReserveRow, packets: number) {
  return {
    __typename: 'NotEnoughPackets',
    message: `${reserve.name} has ${reserve.packets} ${reserve.packets === 1 ? 'packet' : 'packets'} now; received a release of ${packets}. Release at most ${reserve.packets}, and the others from another reserve.`,
    reserve,
    availablePackets: reserve.packets,
    requestedPackets: packets,
  } as const;
}

/** Refuses more packets than are missing, and any in a reserve that nobody has confirmed; undefined for what is possible. */
export function judgeReplenishment(reserve: ReserveRow, packets: number) {
  if (reserve.modelledPackets !== null) return notConfirmed(reserve);
  const missing = Math.max(0, reserve.target - reserve.packets);
  if (packets <= missing) return undefined;
  return {
    __typename: 'TooManyPackets',
    message: `${reserve.name} lacks ${missing} of its ${reserve.target} packets; received ${packets}. Put in at most ${missing}, and register others as a reserve of their own.`,
    reserve,
    missingPackets: missing,
  } as const;
}

export function readinessOf({
  packets,
  target,
}: Pick<ReserveRow, 'packets' | 'target'>): ReserveReadiness {
  return packets < target ? 'REPLENISH' : 'READY';
}

/** Returns whom a number of packets treats: each other patients, all for the same days. */
export function coverOf(
  { severePatients, lightPatients, days }: PacketCover,
  packets: number,
): ReserveCover {
  return {
    severePatients: severePatients * packets,
    lightPatients: lightPatients * packets,
    patients: (severePatients + lightPatients) * packets,
    days,
  };
}

/** Refuses to send packets to a line that requests something else. */
export function lineOfOtherItem(itemId: string) {
  return {
    __typename: 'LineOfOtherItem',
    message:
      'The line requests another item than the packets of the reserve. Name a line that requests them, or none and have them picked up.',
    item: { id: itemId },
  } as const;
}

export function unknownReserve(id: string): WithTypename<UnknownReserve> {
  return noneWithId('reserve', id, '`reserves`');
}

export function reserveExists(reserve: ReserveRow) {
  return {
    __typename: 'ReserveExists',
    message: `The organisation keeps a reserve ${reserve.name} already. Use it, or give the new one another name.`,
    reserve,
  } as const;
}
