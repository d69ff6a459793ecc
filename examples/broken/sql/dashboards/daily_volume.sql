-- Dashboard "Daily volume": turnover by day, sector and currency over the last 30 days.
SELECT
  trade.trade_date,
  bond.issuer.sector AS sector,
  trade.currency,
  COUNT(*) AS trades,
  SUM(trade.quantity) AS nominal,
  SUM(trade.quantity * trade.price / 100) AS turnover
FROM
  raw.trades AS trade
LEFT JOIN
  raw.reference_data AS bond
  ON bond.isin = trade.isin
WHERE
  trade.trade_date >= DATE_SUB(CURRENT_DATE(), INTERVAL 30 DAY)
GROUP BY
  trade.trade_date,
  sector,
  trade.currency
