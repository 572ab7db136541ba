/** The open job of transfer $1 whose outcome the acceptance for its destination number $2 waits for. */
export const OPEN_CLAIM = {
  name: 'open-claim',
  text: `
SELECT id FROM job
WHERE subject = $1 AND done_at IS NULL AND kind = 'transfer.reservation' AND (input ->> 'attempt')::int = $2
  AND input ->> 'operation' IN ('RESERVE', 'CONFIRM')`,
};
