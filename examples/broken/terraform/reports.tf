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

# What the venues did, appended each morning.
resource "google_bigquery_data_transfer_config" "fills" {
  display_name           = "Fills"
  data_source_id         = "scheduled_query"
  location               = var.location
  schedule               = "every day 06:00"
  destination_dataset_id = google_bigquery_dataset.operations.dataset_id

  params = {
    destination_table_name_template = "fills_{day}"
    write_disposition               = "WRITE_APPEND"
    query                           = "SELECT CURRENT_DATE() AS counted_on"
  }
}

resource "google_bigquery_data_transfer_config" "heartbeat" {
  display_name           = "Heartbeat"
  data_source_id         = "scheduled_query"
  location               = var.location
  schedule               = "every 1 minutes"
  destination_dataset_id = google_bigquery_dataset.operations.dataset_id
  service_account_name   = google_service_account.reports.email

  params = {
    destination_table_name_template = "heartbeat"
    write_disposition               = "WRITE_EMPTY"
    query                           = "SELECT CURRENT_TIMESTAMP() AS beat_at"
  }
}

resource "google_bigquery_table" "currencies" {
  dataset_id = google_bigquery_dataset.operations.dataset_id
  table_id   = "currencies"

  view {
    query = "SELECT 'EUR' AS currency"
  }
}

# Steps of the loader, by the hour.
resource "google_bigquery_table" "load_steps" {
  dataset_id = google_bigquery_dataset.operations.dataset_id
  table_id   = "load_steps"

  time_partitioning {
    type = "HOUR"
  }
}

# How many updates of the book there ever were.
resource "google_bigquery_data_transfer_config" "book_updates" {
  display_name           = "Book updates"
  data_source_id         = "scheduled_query"
  location               = var.location
  schedule               = "every day 04:10"
  destination_dataset_id = google_bigquery_dataset.operations.dataset_id
  service_account_name   = google_service_account.reports.email

  params = {
    destination_table_name_template = "book_updates"
    write_disposition               = "WRITE_TRUNCATE"
    query                           = "SELECT MAX(update_id) AS last_update FROM archive.book_updates"
  }
}
