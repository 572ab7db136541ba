import { omit, selectionOf } from '../../../shared/database/index.js';
import { professionalColumns, qualificationColumns } from '../generated/columns.js';

/** Whether chambers, or a health office of areas, oversee the professional `p`; both are parameters. */
const competent = (chambers: string, offices: string) => `EXISTS (SELECT FROM qualification q
  WHERE q.professional_id = p.id AND (q.chamber = ANY (${chambers}::uuid[])
    OR (q.chamber IS NULL AND EXISTS (SELECT FROM unnest(${offices}::text[]) AS office WHERE starts_with(p.home_area, office)))))`;

/** $4 chambers and $5 areas of the caller. */
const COMPETENT = competent('$4', '$5');

/** Whether a caller sees the professional `p`: $1 facilities, $2 organisations, $3 their own record, $4 and $5 as in COMPETENT. */
const VISIBLE = `p.erased_at IS NULL AND (p.employer_facility = ANY ($1::uuid[]) OR p.employer_organisation = ANY ($2::uuid[])
  OR p.registrant = ANY ($2::uuid[]) OR p.id = $3::uuid OR ${COMPETENT})`;

const SHOWN = selectionOf(
  omit(
    professionalColumns,
    'person',
    'nameDigest',
    'registryDigest',
    'registeredBy',
    'erasedAt',
    'withdrawnAt',
  ),
  'p',
);

/** $6 the id. */
export const PROFESSIONAL_WITH_ID = `SELECT ${SHOWN}, ${COMPETENT} AS "isCompetent" FROM professional p WHERE p.id = $6::uuid AND ${VISIBLE}`;

/** $6 area, $7 facility, $8 organisation, $9 profession. */
const MATCHING = `${VISIBLE}
  AND ($6::text IS NULL OR starts_with(p.home_area, $6))
  AND ($7::uuid IS NULL OR p.employer_facility = $7) AND ($8::uuid IS NULL OR p.employer_organisation = $8)
  AND ($9::text IS NULL OR EXISTS (SELECT FROM qualification q WHERE q.professional_id = p.id AND q.profession = $9))`;

/** $10 and $11 instant and id of the record before the page; $12 the length of the page. */
export const PROFESSIONALS_PAGE = `
SELECT ${SHOWN}, ${COMPETENT} AS "isCompetent" FROM professional p WHERE ${MATCHING}
  AND ($10::timestamptz IS NULL OR (p.registered_at, p.id) < ($10, $11::uuid))
ORDER BY p.registered_at DESC, p.id DESC LIMIT $12`;

export const PROFESSIONALS_COUNTED = `SELECT count(*)::int AS count FROM professional p WHERE ${MATCHING}`;

/** $1 ids of professionals. */
export const QUALIFICATIONS = `
SELECT ${selectionOf(qualificationColumns, 'q')} FROM qualification q WHERE q.professional_id = ANY ($1::uuid[])
ORDER BY q.professional_id, q.profession, q.id`;

/** The qualifications $1 that chambers $2, or a health office of areas $3, oversee, locked in one order. */
export const OVERSEEN_QUALIFICATIONS = `
SELECT q.id, q.professional_id AS professional FROM qualification q JOIN professional p ON p.id = q.professional_id
WHERE q.id = ANY ($1::uuid[]) AND p.erased_at IS NULL AND (q.chamber = ANY ($2::uuid[])
  OR (q.chamber IS NULL AND EXISTS (SELECT FROM unnest($3::text[]) AS office WHERE starts_with(p.home_area, office))))
ORDER BY q.id FOR UPDATE OF q`;

/** $1 qualifications, $2 status of each, $3 instant, $4 pseudonym. */
export const VERIFY_QUALIFICATIONS = `
UPDATE qualification q SET status = g.status::"QualificationStatus", verified_at = $3, verified_by = $4
FROM unnest($1::uuid[], $2::text[]) AS g (id, status) WHERE q.id = g.id`;

/** $1 ids of professionals. Each possible duplicate is a row for each of its two records. */
export const POSSIBLE_DUPLICATES = `
SELECT own.id AS professional, d.id, d.ground::text AS ground, d.found_at AS "foundAt", d.is_same AS "isSame", d.decided_at AS "decidedAt",
  CASE own.id WHEN d.a THEN d.b ELSE d.a END AS other
FROM unnest($1::uuid[]) AS own (id) JOIN possible_duplicate d ON own.id IN (d.a, d.b)
ORDER BY own.id, d.found_at, d.id`;

/** One registration or decision at a time changes which records count as one person; held until the transaction ends. */
export const LOCK_PERSONS = `SELECT pg_advisory_xact_lock(hashtext('personnel.persons'))`;

/** The records that count and have the digest `g`; each branch is read from the index of its column. */
const WITH_DIGEST = `
  SELECT n.id, n.registrant, n.registered_by FROM professional n
  WHERE NOT g.is_registry AND n.name_digest = decode(g.digest, 'hex') AND n.withdrawn_at IS NULL
  UNION ALL
  SELECT r.id, r.registrant, r.registered_by FROM professional r
  WHERE g.is_registry AND r.registry_digest = decode(g.digest, 'hex') AND r.withdrawn_at IS NULL`;

/**
 * Records of the same registrant that have one of the digests: $1 position, $2 digest in hexadecimal, $3 whether it is of a registry number,
 * $4 registrant, $5 pseudonym of a person who registers themselves.
 */
export const OWN_RECORDS = `
SELECT g.position, min(p.id::text) AS id
FROM unnest($1::int[], $2::text[], $3::boolean[], $4::uuid[]) AS g (position, digest, is_registry, registrant)
CROSS JOIN LATERAL (${WITH_DIGEST}) AS p
WHERE p.registrant IS NOT DISTINCT FROM g.registrant AND (g.registrant IS NOT NULL OR p.registered_by = $5)
GROUP BY g.position`;

/** $1 a JSON list of records, $2 instant, $3 pseudonym. A new record counts as a person of its own. */
export const STORE_PROFESSIONALS = `
INSERT INTO professional (id, person, home_area, reachability, method, registrant_kind, registrant, employer_facility, employer_organisation,
  name_digest, registry_digest, key_id, nonce, sealed, consent_at, registered_at, registered_by)
SELECT g.id, g.id, g."homeArea", g.reachability, 'REPORTED', g."registrantKind", g.registrant, g.facility, g.organisation,
  decode(g."nameDigest", 'hex'), decode(g."registryDigest", 'hex'), g."keyId", decode(g.nonce, 'hex'), decode(g.sealed, 'hex'), g."consentAt",
  $2::timestamptz, $3::text
FROM jsonb_to_recordset($1::jsonb) AS g (id uuid, "homeArea" text, reachability "Reachability", "registrantKind" "RegistrantKind",
  registrant uuid, facility uuid, organisation uuid, "nameDigest" text, "registryDigest" text, "keyId" text, nonce text, sealed text,
  "consentAt" timestamptz)`;

/** $1 a JSON list of qualifications. */
export const STORE_QUALIFICATIONS = `
INSERT INTO qualification (professional_id, profession, specialty, chamber)
SELECT g.professional, g.profession, g.specialty, g.chamber
FROM jsonb_to_recordset($1::jsonb) AS g (professional uuid, profession text, specialty text, chamber uuid)`;

/**
 * Finds records of other registrants that have the same digest: $1 records, $2 digest in hexadecimal, $3 whether it is of a registry
 * number, $4 instant. Returns the records of each new pair.
 */
export const STORE_DUPLICATES = `
INSERT INTO possible_duplicate (a, b, ground, found_at)
SELECT least(g.id, p.id), greatest(g.id, p.id),
  CASE WHEN bool_or(g.is_registry) THEN 'REGISTRY_NUMBER' ELSE 'NAME' END::"DuplicateGround", $4::timestamptz
FROM unnest($1::uuid[], $2::text[], $3::boolean[]) AS g (id, digest, is_registry)
CROSS JOIN LATERAL (${WITH_DIGEST}) AS p
WHERE p.id <> g.id
GROUP BY 1, 2
ON CONFLICT (a, b) DO NOTHING
RETURNING a, b`;

/** The records that count as the same persons as the records $1 do. */
export const COUNTED_RECORDS = `
SELECT p.id, p.person FROM professional p
WHERE p.person IN (SELECT o.person FROM professional o WHERE o.id = ANY ($1::uuid[]))`;

/** The pairs among the records $1 that count as one person: nobody has said that they are two, and both still count. */
export const COUNTED_PAIRS = `
SELECT d.a, d.b FROM possible_duplicate d
JOIN professional a ON a.id = d.a AND a.withdrawn_at IS NULL
JOIN professional b ON b.id = d.b AND b.withdrawn_at IS NULL
WHERE d.a = ANY ($1::uuid[]) AND d.b = ANY ($1::uuid[]) AND d.is_same IS DISTINCT FROM false`;

/** $1 records, $2 the person as whom each counts. */
export const SET_PERSONS = `
UPDATE professional p SET person = g.person FROM unnest($1::uuid[], $2::uuid[]) AS g (id, person) WHERE p.id = g.id`;

/**
 * The facilities whose numbers the records $1 can change, with the AGS of their Kreise and whether one of the records $2, which are registered or
 * erased, is of an employee.
 */
export const CONCERNED_FACILITIES = `
SELECT f.id, f.area, bool_or(c.professional_id = ANY ($2::uuid[])) AS "isEmployer"
FROM commitment c JOIN facility f ON f.id = c.facility_id WHERE c.professional_id = ANY ($1::uuid[])
GROUP BY f.id ORDER BY f.id`;

/** The possible duplicate $1, with whether a record of it is the caller's own ($2), and whether $3 and $4 oversee both. */
export const DUPLICATE_WITH_ID = `
SELECT d.a, d.b, d.is_final AS "isFinal", d.decided_at AS "decidedAt", coalesce($2::uuid IN (d.a, d.b), false) AS "isOwn",
  (SELECT count(*) = 2 FROM professional p WHERE p.id IN (d.a, d.b) AND ${competent('$3', '$4')}) AS "isCompetent"
FROM possible_duplicate d WHERE d.id = $1::uuid`;

/** $1 the duplicate, $2 whether it is one person, $3 instant, $4 pseudonym, $5 whether a chamber or an authority decides. */
export const DECIDE_DUPLICATE = `
UPDATE possible_duplicate SET is_same = $2, decided_at = $3, decided_by = $4, is_final = $5 WHERE id = $1::uuid`;

/** The record $4, locked, if it is the caller's own ($3), or registered by a facility $1 or an organisation $2 of theirs. */
export const ERASABLE = `
SELECT p.id FROM professional p
WHERE p.id = $4::uuid AND (p.id = $3::uuid OR p.registrant = ANY ($1::uuid[]) OR p.registrant = ANY ($2::uuid[]))
FOR NO KEY UPDATE`;

/**
 * The record $3, locked, with whether it is the caller's own ($2); none unless it is, or an organisation $1 of the caller's employs or has
 * registered the person.
 */
export const RECORD_TO_BIND = `
SELECT p.id, p.id IS NOT DISTINCT FROM $2::uuid AS "isOwn" FROM professional p
WHERE p.id = $3::uuid AND p.erased_at IS NULL AND p.withdrawn_at IS NULL
  AND (p.id = $2::uuid OR p.registrant = ANY ($1::uuid[]) OR p.employer_organisation = ANY ($1::uuid[]))
FOR NO KEY UPDATE`;

/** The person of the record $1 counts no longer from $2 on, and works nowhere; of their home the Land is left. */
export const WITHDRAW = `
UPDATE professional SET withdrawn_at = coalesce(withdrawn_at, $2), erased_at = coalesce(erased_at, $2), home_area = left(home_area, 2),
  employer_facility = NULL, employer_organisation = NULL
WHERE id = $1::uuid`;
