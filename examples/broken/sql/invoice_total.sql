-- All that was charged in the last 35 days.
SELECT
  currency,
  SUM(cost) AS cost
FROM
  `acme-prod.billing_export.gcp_billing_export_*`
WHERE
  _PARTITIONTIME >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 35 DAY)
GROUP BY
  currency
