connection: "acme_prod"

include: "*.view.lkml"
include: "*.dashboard.lookml"

explore: trades {
  # The table refuses queries without a filter on its partition column.
  always_filter: {
    filters: [trades.trade_date: "30 days"]
  }
}

explore: order_book {
  join: bonds {
    sql_on: ${order_book.isin} = ${bonds.isin} ;;
  }
}

include: "/desks/*.view.lkml"
