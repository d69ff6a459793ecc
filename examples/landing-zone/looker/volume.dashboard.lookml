- dashboard: volume
  title: Daily volume
  layout: newspaper
  elements:
  - title: Nominal by day
    name: nominal_by_day
    model: landing_zone
    explore: trades
    type: looker_column
    fields: [trades.trade_date, trades.nominal]
    filters:
      trades.trade_date: 30 days
    sorts: [trades.trade_date]
  - title: Trades by currency
    name: trades_by_currency
    model: landing_zone
    explore: trades
    type: looker_pie
    fields: [trades.currency, trades.trades]
    filters:
      trades.trade_date: 30 days
