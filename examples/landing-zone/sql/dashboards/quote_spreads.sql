-- Dashboard "Quote spreads": average spread and number of quotes by dealer, the last seven days.
SELECT
  quote_date,
  dealer,
  currency,
  COUNT(*) AS quotes,
  COUNTIF(status = 'FIRM') AS firm_quotes,
  AVG(ask_price - bid_price) AS average_spread,
  AVG(SAFE_DIVIDE(ask_price - bid_price, (ask_price + bid_price) / 2)) * 10000 AS average_spread_bp
FROM
  raw.quotes
WHERE
  quote_date BETWEEN DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY) AND CURRENT_DATE()
  AND bid_price IS NOT NULL
  AND ask_price IS NOT NULL
GROUP BY
  quote_date,
  dealer,
  currency
