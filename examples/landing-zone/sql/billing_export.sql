-- feedgate: schedule="every day 07:00"
-- Net cost by invoice month, project and service, from the standard billing export.
--
-- The export is partitioned by the time its rows arrived, and by nothing else. Rows come late: 100 days of arrivals
-- hold the last three months of usage. Credits are negative and repeat within a row, so they are summed inside the row;
-- a join with them would count the cost once for each credit.
SELECT
  invoice.month AS invoice_month,
  project.id AS project_id,
  service.description AS service_name,
  currency,
  SUM(CAST(cost AS NUMERIC)) AS cost_before_credits,
  SUM(IFNULL((SELECT SUM(CAST(credit.amount AS NUMERIC)) FROM UNNEST(credits) AS credit), 0)) AS credits_applied,
  SUM(CAST(cost AS NUMERIC))
    + SUM(IFNULL((SELECT SUM(CAST(credit.amount AS NUMERIC)) FROM UNNEST(credits) AS credit), 0)) AS net_cost
FROM
  `acme-prod.billing_export.gcp_billing_export_v1_01A2B3_C4D5E6_F7A8B9`
WHERE
  _PARTITIONTIME >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), DAY), INTERVAL 100 DAY)
GROUP BY
  invoice_month,
  project_id,
  service_name,
  currency
ORDER BY
  invoice_month DESC,
  net_cost DESC
LIMIT 500
