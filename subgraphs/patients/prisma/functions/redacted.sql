-- Rule: erasure replaces a person's words, such as a name, by "[erased]" wherever they stand as whole words, in upper or lower
-- case.
-- Tests: subgraphs/patients/erasure/erasing.test.ts
CREATE OR REPLACE FUNCTION redacted(content TEXT, words TEXT[]) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  word TEXT;
BEGIN
  FOREACH word IN ARRAY words LOOP
    content := regexp_replace(content,
      '(?<![[:alnum:]])' || regexp_replace(word, '([][\\^$.*+?(){}|])', '\\\1', 'g') || '(?![[:alnum:]])', '[erased]', 'gi');
  END LOOP;
  RETURN content;
END
$$;
