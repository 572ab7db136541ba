-- shared/database/grants.sql goes by this comment.
COMMENT ON TABLE "audit_entry" IS 'append-only: the runtime role reads and inserts, and neither changes nor deletes';
