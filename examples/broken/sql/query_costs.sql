SELECT
      project_id,
      user_email,
      SPLIT(user_email, '@')[OFFSET(0)] AS Name,
      job_id,
      DateTime(creation_time) AS Date_Time,
      job_type,
      statement_type,
      priority,
      query,
      state,
      total_bytes_processed,
      total_bytes_billed,
      (total_bytes_processed / 1000000000) AS Processed_GB,
      (total_bytes_billed / 1000000000) AS Billed_GB,
      ((total_bytes_billed / 1000000000000) * 5) AS Cost
FROM region-us.INFORMATION_SCHEMA.JOBS
WHERE
    Date(creation_time) >= '2023-03-01'
ORDER BY creation_time DESC, total_bytes_billed DESC
