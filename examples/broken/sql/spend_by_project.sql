-- What was spent on queries, by project, at the price of the contract.
SELECT
  project_id,
  SUM(total_bytes_billed) / POW(2, 40) * 5.5 AS cost_usd,
  COUNTIF(total_bytes_billed IS NULL) AS jobs_of_unknown_bytes
FROM
  `region-eu`.INFORMATION_SCHEMA.JOBS_BY_ORGANIZATION
WHERE
  creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)
  AND statement_type = 'SELECT'
  AND reservation_id IS NULL
GROUP BY
  project_id
