-- Dashboard "Desk turnover": turnover by desk and rating of the bond, the last week.
SELECT
  trade.counterparty.desk,
  currency,
  SUM(trade.quantity * trade.prise / 100) AS turnover
FROM
  raw.trades AS trade
JOIN
  raw.reference_data AS bond
  ON bond.isin = trade.isin
WHERE
  trade.trade_date >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY)
GROUP BY
  1,
  2
