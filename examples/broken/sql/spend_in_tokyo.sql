-- What the desk in Tokyo spent on queries, by person.
SELECT
  user_email,
  SUM(total_bytes_billed) / POW(2, 40) * 6.25 AS cost_usd,
  COUNTIF(total_bytes_billed IS NULL) AS jobs_of_unknown_bytes
FROM
  `region-asia-northeast1`.INFORMATION_SCHEMA.JOBS
WHERE
  creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)
  AND statement_type = 'SELECT'
  AND reservation_id IS NULL
GROUP BY
  user_email
