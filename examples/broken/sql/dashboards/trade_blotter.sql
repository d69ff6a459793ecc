-- Dashboard "Trade blotter": every trade of yesterday and today.
SELECT
  * -- feedgate: ignore[select-star] until=2025-12-31 reason="the list of columns is agreed with the desk in December"
FROM
  raw.trades
WHERE
  trade_date >= DATE_SUB(CURRENT_DATE(), INTERVAL 1 DAY)
