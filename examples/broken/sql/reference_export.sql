-- The whole list of bonds, as the settlement system takes it over every morning.
SELECT
  * -- feedgate: ignore[select-star]
FROM
  raw.reference_data
