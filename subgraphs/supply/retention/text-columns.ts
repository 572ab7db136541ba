import {
  ACTOR,
  CODE,
  freeText,
  NAME,
  SHARED_TEXT_COLUMNS,
  type TextColumns,
} from '../../../shared/personal-data/index.js';
import { MODEL } from '../stocks/index.js';

/** A request is over when it was received or cancelled, or is needed no longer, and nothing was done in it since. */
const requestOver = (request: string) =>
  `${request}.requested_at < $1 AND (${request}.status IN ('RECEIVED', 'CANCELLED') OR ${request}.needed_until < $1)
    AND NOT EXISTS (SELECT FROM supply_step s WHERE s.request_id = ${request}.id AND s.at >= $1)`;
const STEP_OVER = `t.at < $1 AND EXISTS (
  SELECT FROM supply_request r WHERE r.id = t.request_id AND ${requestOver('r')})`;
const FAULT_STEP_OVER =
  'EXISTS (SELECT FROM device_fault f WHERE f.id = t.fault_id AND f.closed_at < $1)';
/** The model states reasons of its own bookings; those are no words of a person. */
const BOOKING_OVER = `t.recorded_at < $1 AND t.by <> '${MODEL}'`;
/** A recall is over when it was ended, or when the last of the batch has left every stock. */
const RECALL_OVER = `t.at < $1 AND (t.ended_at < $1 OR t.ended_at IS NULL AND NOT EXISTS (
  SELECT FROM stock s JOIN stock_batch b ON b.stock_id = s.id
  WHERE s.item_id = t.item_id AND b.batch = t.batch AND (b.quantity > 0 OR b.booked_to >= $1)))`;

/**
 * Every column of the supply database that can hold any text. None is about a patient, but a reason may name somebody: it is
 * removed once what it is the reason of has been over for long enough. A test fails while a column is missing.
 */
export const TEXT_COLUMNS: TextColumns = {
  ...SHARED_TEXT_COLUMNS,
  batch_recall: {
    batch: CODE,
    area: CODE,
    reason: freeText('batch_recall', 'reason', RECALL_OVER),
    by: ACTOR,
    ended_by: ACTOR,
    end_reason: freeText('batch_recall', 'end_reason', RECALL_OVER),
  },
  bed_limit: { cause: CODE, beds: CODE },
  chain_link: { country: CODE },
  device_fault: {
    area: CODE,
    description: freeText('device_fault', 'description', 't.closed_at < $1'),
    source: NAME,
  },
  device_fault_step: {
    note: freeText('device_fault_step', 'note', FAULT_STEP_OVER, 'fault_id, seq'),
    by: ACTOR,
  },
  facility: { area: CODE, site_number: CODE, ik: CODE },
  item: { name: NAME, pzn: CODE, substance: NAME, dose_form: CODE },
  item_edition: { digest: CODE },
  job: { kind: CODE, input: CODE, actor: ACTOR, outcome: CODE },
  lifeline: { source: NAME, reported_by: ACTOR },
  lifeline_report: { source: NAME, reported_by: ACTOR },
  lifeline_source: { source: NAME, reported_by: ACTOR },
  manufacturing: { declared_by: ACTOR },
  occupancy: { kind: CODE },
  occupancy_reading: { cursor: CODE },
  organisation: { area: CODE, name: NAME, name_key: NAME, registered_by: ACTOR },
  reserve: { name: NAME, release_area: CODE, release_rule: NAME, registered_by: ACTOR },
  reserve_release: {
    for_area: CODE,
    reason: freeText('reserve_release', 'reason', 't.released_at < $1'),
    released_by: ACTOR,
  },
  shortage_notice: {
    case_number: CODE,
    first_case_number: CODE,
    report_kind: CODE,
    name: NAME,
    atc_code: CODE,
    substances: NAME,
    holder: NAME,
    reason_kind: CODE,
    reason: CODE,
    comment: CODE,
    alternative: CODE,
    professional_information: CODE,
    classification: CODE,
    digest: CODE,
  },
  shortage_pack: { pzn: CODE, enr: CODE, name: NAME, dose_form: CODE },
  stock: { model_rule: CODE },
  stock_batch: { batch: CODE },
  stock_booking: {
    batch: CODE,
    reason: freeText('stock_booking', 'reason', BOOKING_OVER),
    by: ACTOR,
  },
  storage_site: { declared_by: ACTOR },
  supply_commitment: { committed_by: ACTOR },
  supply_offer: { area: CODE, offered_by: ACTOR },
  supply_request: {
    area: CODE,
    reason: freeText('supply_request', 'reason', requestOver('t')),
    requested_by: ACTOR,
  },
  supply_shipment: { batch: CODE },
  supply_step: {
    reason: freeText('supply_step', 'reason', STEP_OVER, 'request_id, seq'),
    by: ACTOR,
  },
};
