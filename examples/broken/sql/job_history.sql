-- Who started most jobs.
SELECT
  user_email,
  COUNT(*) AS jobs
FROM
  `region-eu`.INFORMATION_SCHEMA.JOBS
GROUP BY
  user_email
ORDER BY
  jobs DESC
LIMIT 20
