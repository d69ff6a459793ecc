-- What the readers of the raw tables spent, by person.
SELECT
  user_email,
  SUM(total_bytes_billed) / POW(2, 40) AS billed_tib
FROM
  INFORMATION_SCHEMA.JOBS_BY_PROJECT,
  UNNEST(referenced_tables) AS read
WHERE
  creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)
  AND (statement_type IS NULL OR statement_type != 'SCRIPT')
  AND read.dataset_id = 'raw'
GROUP BY
  user_email
