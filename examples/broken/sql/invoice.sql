-- Net costs by project, by the day on which they were exported.
SELECT
  DATE(export_time) AS day,
  project.id AS project_id,
  SUM(cost) + SUM(credit.amount) AS net_cost
FROM
  `acme-prod.billing_export.gcp_billing_export_resource_v1_01A2B3_C4D5E6_F7A8B9`
LEFT JOIN
  UNNEST(credits) AS credit
WHERE
  usage_start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)
GROUP BY
  day,
  project_id
