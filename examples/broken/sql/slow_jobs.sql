-- The jobs of yesterday that took the most slot time.
SELECT
  job_id,
  total_slot_ms
FROM
  `region-eu`.INFORMATION_SCHEMA.JOBS_BY_PROJECTS
WHERE
  creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)
ORDER BY
  total_slot_ms DESC
LIMIT 20
