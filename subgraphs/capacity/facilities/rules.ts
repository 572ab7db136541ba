import { positionFault } from '../../../shared/validation/rules.js';
import type { FacilityFilter, FacilityKind } from '../generated/graphql.js';
export { unknownFacility } from '../../../shared/validation/rules.js';

/** Circles up to this radius hold a few dozen facilities. */
const NEAR_KM = 100;

/**
 * Whether a list may take in more than a part of a Land: such lists are read with the connections for heavy reads, so that
 * searches for a facility nearby do not wait for them.
 */
export function isWide({ area, near }: Pick<FacilityFilter, 'area' | 'near'>): boolean {
  const isPartOfLand = (area ?? '').length > 2;
  const isNearby = near != null && near.km <= NEAR_KM;
  return !isPartOfLand && !isNearby;
}

/** Returns what is wrong with a filter, as a sentence for the caller; undefined when nothing is. */
export function faultIn(filter: FacilityFilter | null | undefined): string | undefined {
  if (!filter) return undefined;
  const { minFree, near } = filter;
  if (minFree != null && minFree < 0)
    return `minFree is a number of beds from 0; received ${minFree}.`;
  if (!near) return undefined;
  if (near.km > 0) return positionFault(near);
  return positionFault(near) ?? `km is a radius above 0; received ${near.km}.`;
}

/**
 * The Landschaftsverbände of North Rhine-Westphalia and the Bezirke of Bavaria run the psychiatric hospitals there, whose
 * names often say no more than that; of their other facilities the orthopaedic ones say so.
 */
const OF_A_DISTRICT = /\b(LVR|LWL)\b|bezirks(krankenhaus|klinik)/i;

/** Psychiatry and addiction by other words; the Fachkliniken and Fachklinika of these operators are psychiatric ones. */
const PSYCHIATRIC =
  /psychiatr|psychosom|psychoth|psychogen|nervenklinik|verhaltensmedizin|\bKJP\b|\bZfP\b|entwöhnung|suchtklinik|suchtkrank|asklepios fachklinikum|fachklinikum (uchtspringe|bernburg)|rheinhessen-fachklinik|rhein-mosel-fachklinik/i;

/**
 * Hospitals of one field that need no intensive care as a rule. Hospitals for hearts, lungs and children are not among them:
 * they run intensive care.
 */
const ONE_FIELD =
  /fach-? ?(klinik|krankenhaus)|spezialklinik|augen-?(klinik|heil)|charlottenklinik|haut-?klinik|dermatolog|phlebolog|venen-?(zentrum|clinic|klinik)|\bHNO\b|schmerz-?(klinik|zentrum)|kopfschmerz|rheuma-?(klinik|zentrum)|schlaf(medizin|störung)|naturheil|homöopath|chinesische medizin|manuelle therapie|praxis-?klinik|parkinson|epilepsie|sozialpädiatrie|kinderzentrum|zahn-, ?mund|hospiz|sport-?klinik|ästhetisch|(?<!herz- und )diabetes-?(klinik|zentrum)|gefäßklinik/i;

/**
 * Returns the kind of a hospital site by the words of its name: the only thing that the Standortverzeichnis says of it.
 * A day clinic is a SPECIALIST_CLINIC, because it keeps nobody overnight.
 */
export function kindFromName(name: string): FacilityKind {
  if (/bundeswehr/i.test(name)) return 'BUNDESWEHR_HOSPITAL';
  if (/tagesklinik|tagesst[äa]tte|ambulan/i.test(name)) return 'SPECIALIST_CLINIC';
  if (PSYCHIATRIC.test(name)) return 'PSYCHIATRIC_HOSPITAL';
  if (OF_A_DISTRICT.test(name) && !/orthop/i.test(name)) return 'PSYCHIATRIC_HOSPITAL';
  if (/\breha|rehabilitation/i.test(name)) return 'REHABILITATION_CLINIC';
  return ONE_FIELD.test(name) ? 'SPECIALIST_CLINIC' : 'HOSPITAL';
}
