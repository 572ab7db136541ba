/** The request of a line, of a commitment: it is locked before them, and never another one. */
export const REQUEST_OF_LINE = {
  name: 'supply-request-of-line',
  text: `SELECT request_id AS "requestId" FROM supply_line WHERE id = $1`,
};

export const REQUEST_OF_COMMITMENT = {
  name: 'supply-request-of-commitment',
  text: `SELECT request_id AS "requestId" FROM supply_commitment WHERE id = $1`,
};

export const STORE_COMMITMENT = {
  name: 'store-supply-commitment',
  text: `
INSERT INTO supply_commitment (request_id, line_id, organisation_id, facility_id, offer_id, quantity, expected_at, committed_at, committed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
};
