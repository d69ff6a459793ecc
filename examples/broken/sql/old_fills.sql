#legacySQL
SELECT
  isin,
  AVG(price) AS average_price
FROM
  [acme-prod:archive.fills_20260731]
GROUP BY
  isin
