-- Replaced by sees_reserved_slot. Replicas of the release before call it while they are replaced; the release after drops it.
COMMENT ON FUNCTION sees_reserved_place(UUID, TEXT, TEXT, BOOLEAN, UUID[], TEXT[], TEXT[]) IS
  'Replaced by sees_reserved_slot; called by the release before alone.';
