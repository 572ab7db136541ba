/** The open job of transfer $1 whose outcome the acceptance for its destination number $2 waits for. */
export const OPEN_CLAIM = {
  name: 'open-claim',
  text: `
SELECT id FROM job
WHERE subject = $1 AND done_at IS NULL AND (input ->> 'attempt')::int = $2
  AND input ->> 'operation' IN ('RESERVE', 'CONFIRM')`,
};

/**
 * Up to $3 transfers with a slot that is reserved until after $2, in the order of the items: those behind item $1, null
 * for the first.
 */
export const SLOTS_RELIED_ON = {
  name: 'slots-relied-on',
  text: `
SELECT id, reservation_id AS reservation, reservation_item AS item FROM transfer
WHERE reservation_item > COALESCE($1::uuid, '00000000-0000-0000-0000-000000000000') AND place_until > $2
  AND status NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED')
  AND status IN ('ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY')
ORDER BY reservation_item LIMIT $3`,
};
