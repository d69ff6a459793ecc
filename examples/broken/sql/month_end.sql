-- What the desk asks for at the end of a month.
SELECT
  currency,
  SUM(quantity * price / 100) AS turnover
FROM
  raw.trades
WHERE
  FORMAT_DATE('%Y%m', trade_date) = '202607'
GROUP BY
  currency;

-- One bond, however its code is spelled.
SELECT
  trade_date,
  price
FROM
  raw.trades
WHERE
  trade_date >= DATE_SUB(CURRENT_DATE(), INTERVAL 31 DAY)
  AND LOWER(isin) = 'fr0014007l00';

-- Fills of the month.
SELECT
  isin,
  AVG(price) AS average_price
FROM
  `archive.fills_*`
GROUP BY
  isin;

-- Fills of the newest day.
SELECT
  isin,
  price
FROM
  `archive.fills_*`
WHERE
  _TABLE_SUFFIX = (SELECT MAX(text) FROM archive.messages);

-- Calls, of which there is a view for the desk.
CREATE OR REPLACE VIEW archive.calls_of_desk AS
SELECT isin, price FROM archive.calls_20260731;

SELECT
  isin,
  price
FROM
  `archive.calls_*`
WHERE
  _TABLE_SUFFIX = '20260731';

-- Corrections.
UPDATE
  archive.desk_turnover
SET
  turnover = 0
WHERE
  desk = 'closed';

-- The turnover anew.
CREATE OR REPLACE TABLE archive.desk_turnover AS
SELECT
  counterparty.desk,
  trade_date AS day,
  CAST(SUM(quantity) AS FLOAT64) AS turnover
FROM
  raw.trades
WHERE
  trade_date >= '2026-07-01'
GROUP BY
  desk,
  day;

-- One bond after the other.
FOR bond IN (SELECT isin FROM archive.calls_20260731)
DO
  INSERT INTO archive.fills_20260731 (isin, price)
  SELECT
    bond.isin,
    COUNT(text)
  FROM
    archive.messages
  WHERE
    message_id = bond.isin;

  INSERT INTO archive.fills_20260731 (isin, price) VALUES (bond.isin, 0);
END FOR;

-- Bonds by their number of fills.
WITH dear AS (
  SELECT
    isin,
    price
  FROM
    archive.fills_20260731
  ORDER BY
    price DESC
)
SELECT
  isin,
  COUNT(*) AS fills
FROM
  dear
GROUP BY
  isin;

-- Messages about fills.
SELECT
  fill.isin,
  message.text
FROM
  archive.fills_20260731 AS fill,
  archive.messages AS message;

-- What messages look like.
SELECT
  message_id,
  text
FROM
  archive.messages
LIMIT 10;
