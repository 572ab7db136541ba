-- Facilities of the reader alone; `facilities` holds those of the patients as well. Unknown for earlier entries.
ALTER TABLE audit_entry ADD COLUMN reader_facilities uuid[] NOT NULL DEFAULT '{}';
