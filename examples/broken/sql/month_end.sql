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
