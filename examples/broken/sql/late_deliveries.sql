-- Files that came after the hour at which they were due, yesterday and today.
SELECT
  feed,
  object_name,
  loaded_at,
  TIME(DATETIME(loaded_at, 'Europe/London') AS loaded_time
FROM
  operations.load_log
WHERE
  loaded_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 DAY)
