import { seesArea } from '../access/index.js';
import type { ConcernedPatient, ConcernedTransfer } from './concerned.js';
import type { ReadContext } from './read-context.js';
import type { RecordedRefusal } from './recorded-refusal.js';
import type { Relation } from './rules.js';

/** A patient whom an object discloses, with the relation by which the reader sees the patient. */
export interface DisclosedPatient extends Omit<Relation, 'byVehicle'> {
  patient: string;
  /** The transfer by which the reader sees the patient, if it is one. */
  transfer: string | null;
}

export type DisclosedPatients =
  DisclosedPatient | readonly (DisclosedPatient | undefined)[] | undefined;
type Relate<Row> = (
  row: Row,
  context: ReadContext,
) => DisclosedPatients | Promise<DisclosedPatients>;

/** Functions by `relation` of `@recorded`: each returns the patients whom an object discloses; undefined if it discloses none. */
export const RELATIONS = {
  patient: ofPatient satisfies Relate<ConcernedPatient>,

  transfer: ofTransfer satisfies Relate<ConcernedTransfer>,

  refusedStep: (({ transfer }, context) =>
    transfer ? ofTransfer(transfer, context) : undefined) satisfies Relate<{
    transfer: ConcernedTransfer | null;
  }>,

  refused: (({ concerns }, context) =>
    Promise.all(
      concerns.map(async (one) =>
        'fromFacility' in one ? ofTransfer(one, context) : ofRefused(one.id, context),
      ),
    )) satisfies Relate<RecordedRefusal>,

  wearer: (({ patient }, context) =>
    patient ? ofRefused(patient.id, context) : undefined) satisfies Relate<{
    patient: ConcernedPatient | null;
  }>,

  arrival: (({ patient, id, area }, { visibility }) => ({
    patient,
    transfer: id,
    ...relationTo(area, visibility),
  })) satisfies Relate<{ patient: string; id: string; area: string }>,

  /** A plan names patients also to callers who do not see them. */
  planned: (({ patientId: patient }, { visibility }) => ({
    patient,
    transfer: null,
    leadsThere: visibility.areas.length > 0,
    forFacility: visibility.facilities.length > 0,
  })) satisfies Relate<{ patientId: string }>,
};

async function ofPatient(
  { id }: ConcernedPatient,
  context: ReadContext,
): Promise<DisclosedPatient | undefined> {
  const { disclosures, patients, visibility } = context;
  if (disclosures?.covers(id)) return undefined;
  const row = await patients.find(id);
  return row && { patient: id, transfer: null, ...relationTo(row.area, visibility) };
}

/** A refusal discloses a patient also to a caller who does not see them. */
async function ofRefused(id: string, context: ReadContext): Promise<DisclosedPatient | undefined> {
  if (context.disclosures?.covers(id)) return undefined;
  const { areas, facilities } = context.visibility;
  const hidden = { leadsThere: areas.length > 0, forFacility: facilities.length > 0 };
  return (await ofPatient({ id }, context)) ?? { patient: id, transfer: null, ...hidden };
}

function relationTo(area: string, visibility: ReadContext['visibility']) {
  const leadsThere = seesArea(visibility, area);
  return { leadsThere, forFacility: !leadsThere };
}

/** A caller who does not see the patient sees the transfer to approve it, or as the facility that handed the patient over. */
function ofTransfer(transfer: ConcernedTransfer, { visibility }: ReadContext): DisclosedPatient {
  const { id, patientId: patient, patientArea, seesPatient, fromFacility, toFacility } = transfer;
  const isOwn = [fromFacility, toFacility].some((one) => visibility.facilities.includes(one ?? ''));
  const relation = seesPatient
    ? relationTo(patientArea, visibility)
    : { leadsThere: false, forFacility: isOwn };
  return { patient, transfer: id, ...relation };
}
