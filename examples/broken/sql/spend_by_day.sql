-- What was spent on queries, by day.
SELECT
  DATE(creation_time) AS day,
  SUM(total_bytes_processed) / POW(2, 40) * 6.25 AS cost_usd
FROM
  `region-eu`.INFORMATION_SCHEMA.JOBS
WHERE
  creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)
  AND (statement_type IS NULL OR statement_type != 'SCRIPT')
GROUP BY
  day
