-- What each user spent on queries, by day and by month of the bill, in the last 30 days.
--
-- Bytes are those that are billed, per TiB of 2^40, at the price of this location. A job counts on the day on which it ends,
-- in Pacific time, as on the bill; the view is partitioned by creation_time, so that the filter on it leaves a margin of two days.
-- Not billed are jobs that failed, unless somebody stopped them, and jobs that a reservation pays. A script is the sum of its statements, which
-- are listed too. Training of models has a price of its own, 50 times as high at the most. The first TiB of a month is free for the whole
-- billing account, so it is not taken off anybody's days here. Only the FinOps team may run this, because it names people.
WITH billed AS (
  SELECT
    user_email,
    DATE(end_time, 'America/Los_Angeles') AS billing_day,
    total_bytes_billed,
    IF(statement_type = 'CREATE_MODEL', 50, 1) * 6.25 AS usd_per_tib
  FROM
    `region-eu`.INFORMATION_SCHEMA.JOBS
  WHERE
    creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 33 DAY)
    AND job_type = 'QUERY'
    AND state = 'DONE'
    AND (statement_type IS NULL OR statement_type != 'SCRIPT')
    AND (error_result IS NULL OR error_result.reason = 'stopped')
    AND reservation_id IS NULL
),
days AS (
  SELECT
    user_email,
    billing_day,
    COUNT(*) AS jobs,
    SUM(total_bytes_billed) / POW(2, 40) AS billed_tib,
    SUM(total_bytes_billed / POW(2, 40) * usd_per_tib) AS cost_usd
  FROM
    billed
  WHERE
    billing_day >= DATE_SUB(CURRENT_DATE('America/Los_Angeles'), INTERVAL 30 DAY)
  GROUP BY
    user_email,
    billing_day
)
SELECT
  user_email,
  billing_day,
  DATE_TRUNC(billing_day, MONTH) AS billing_month,
  jobs,
  billed_tib,
  ROUND(cost_usd, 2) AS cost_usd,
  ROUND(SUM(cost_usd) OVER (PARTITION BY user_email, DATE_TRUNC(billing_day, MONTH)), 2) AS cost_usd_of_month
FROM
  days
ORDER BY
  billing_day DESC,
  cost_usd DESC
