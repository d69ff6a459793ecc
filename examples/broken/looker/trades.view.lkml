view: trades {
  sql_table_name: `acme-prod.raw.trades` ;;

  dimension_group: trade {
    type: time
    timeframes: [date, week, month]
    datatype: date
    sql: ${TABLE}.trade_date ;;
  }

  dimension: currency {
    type: string
    sql: ${TABLE}.ccy ;;
  }

  dimension: side {
    type: string
    sql: ${TABLE}.side ;;
  }

  measure: trades {
    type: count
  }

  measure: nominal {
    type: sum
    sql: ${TABLE}.quantity ;;
  }
}

view: order_book {
  sql_table_name: `acme-prod.raw.order_books` ;;

  dimension: isin {
    type: string
    sql: ${TABLE}.isin ;;
  }
}
