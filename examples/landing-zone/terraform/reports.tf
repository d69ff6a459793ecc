# Turnover by day and currency, for everybody who needs no single trades; the last three days.
resource "google_bigquery_data_transfer_config" "turnover" {
  display_name           = "Turnover"
  data_source_id         = "scheduled_query"
  location               = var.location
  schedule               = "every day 05:10"
  destination_dataset_id = google_bigquery_dataset.operations.dataset_id
  service_account_name   = google_service_account.reports.email

  params = {
    destination_table_name_template = "turnover"
    write_disposition               = "WRITE_TRUNCATE"
    query                           = <<-SQL
      SELECT trade_date, currency, SUM(quantity * price / 100) AS turnover
      FROM raw.trades
      WHERE trade_date >= DATE_SUB(CURRENT_DATE(), INTERVAL 3 DAY)
      GROUP BY trade_date, currency
    SQL
  }
}

resource "google_service_account" "reports" {
  account_id   = "reports"
  display_name = "Runs the scheduled queries"
}
