-- Venues that report no trades any longer, the last one first.
SELECT
  mic,
  name,
  closed_on
FROM
  raw.venues
WHERE
  closed_on IS NOT NULL
ORDER BY
  closed_on DESC;
