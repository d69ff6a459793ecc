-- feedgate: runs=20/month
-- What each person and each service account spent on queries in the last 30 days on which Google billed.
--
-- Google bills a job on the day it ends, counted in Pacific time, so that is the day we group by. The view is
-- partitioned by creation_time: the filter on it keeps a margin of two days for jobs that ended later than they began.
-- Only the FinOps team may run this, because it names people.
WITH jobs AS (
  SELECT
    user_email,
    DATE(end_time, 'America/Los_Angeles') AS billing_day,
    IFNULL(cache_hit, FALSE) AS is_cached,
    error_result IS NOT NULL AND IFNULL(error_result.reason, '') != 'stopped' AS has_failed,
    total_bytes_billed,
    total_slot_ms
  FROM
    `region-eu`.INFORMATION_SCHEMA.JOBS
  WHERE
    creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 33 DAY)
    AND job_type = 'QUERY'
    AND state = 'DONE'
    -- A script is the sum of its statements, which are listed too. Some jobs have no statement type: they count.
    AND (statement_type IS NULL OR statement_type != 'SCRIPT')
    -- Jobs in a reservation are paid by the slot, not by the byte.
    AND reservation_id IS NULL
)
SELECT
  user_email,
  COUNT(*) AS jobs,
  COUNTIF(is_cached) AS cached_jobs,
  COUNTIF(has_failed) AS failed_jobs,
  -- Bytes are hidden for tables with row-level security: the cost of these jobs is missing below.
  COUNTIF(total_bytes_billed IS NULL AND NOT is_cached AND NOT has_failed) AS jobs_with_hidden_bytes,
  SUM(IF(is_cached OR has_failed, 0, IFNULL(total_bytes_billed, 0))) / POW(2, 40) AS billed_tib,
  ROUND(SUM(IF(is_cached OR has_failed, 0, IFNULL(total_bytes_billed, 0))) / POW(2, 40) * 6.25, 2) AS cost_usd,
  SUM(total_slot_ms) / 1000 / 3600 AS slot_hours
FROM
  jobs
WHERE
  billing_day >= DATE_SUB(CURRENT_DATE('America/Los_Angeles'), INTERVAL 30 DAY)
GROUP BY
  user_email
ORDER BY
  cost_usd DESC
LIMIT 200
