-- What the desk asks for at the end of a quarter.
CREATE TABLE stg.quarter_turnover AS
SELECT
  desk,
  day,
  turnover
FROM
  archive.desk_turnover
WHERE
  day >= '2019-01-01';

SELECT
  desk,
  AVG(turnover) AS average_turnover
FROM
  stg.quarter_turnover
GROUP BY
  desk;

DROP TABLE stg.quarter_turnover;
