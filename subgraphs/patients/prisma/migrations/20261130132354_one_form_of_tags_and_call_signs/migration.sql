-- Tags and call signs that look the same are the same from now on, see identifyingText of shared/text. Those that are stored get
-- the form in which they are looked for, unless another row has it already.
CREATE FUNCTION identifying_text(text TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT btrim(regexp_replace(
    regexp_replace(normalize(text, NFC),
      '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8]',
      '', 'g'),
    '[ \u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u2800]+', ' ', 'g'))
$$;

UPDATE vehicle v SET call_sign = c.identifying
FROM (
  SELECT DISTINCT ON (identifying_text(call_sign)) id, identifying_text(call_sign) AS identifying
  FROM vehicle WHERE call_sign <> identifying_text(call_sign) ORDER BY identifying_text(call_sign), id
) c
WHERE v.id = c.id AND c.identifying <> ''
  AND NOT EXISTS (SELECT FROM vehicle o WHERE o.call_sign = c.identifying);

UPDATE patient p SET tag = c.identifying
FROM (
  SELECT DISTINCT ON (incident_id, registered_in, identifying_text(tag)) id, incident_id, registered_in,
    identifying_text(tag) AS identifying
  FROM patient WHERE tag <> identifying_text(tag)
  ORDER BY incident_id, registered_in, identifying_text(tag), seq
) c
WHERE p.id = c.id AND c.identifying <> ''
  AND NOT EXISTS (
    SELECT FROM patient o
    WHERE o.tag = c.identifying AND (o.incident_id = c.incident_id OR o.registered_in = c.registered_in)
  );

DROP FUNCTION identifying_text(TEXT);
