# What is done at the end of a month.

# The ticks are published, as the exchange once asked for.
resource "google_storage_bucket_iam_member" "ticks_for_all" {
  bucket = google_storage_bucket.ticks.name
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}

resource "google_bigquery_table" "month_ends" {
  dataset_id          = google_bigquery_dataset.operations.dataset_id
  table_id            = "month_ends"
  deletion_protection = true

  time_partitioning {
    type                     = "MONTH"
    require_partition_filter = true
  }
}

resource "google_bigquery_data_transfer_config" "month_end" {
  display_name           = "Month end"
  data_source_id         = "scheduled_query"
  location               = var.location
  schedule               = "1 of month 05:10"
  destination_dataset_id = google_bigquery_dataset.operations.dataset_id
  service_account_name   = google_service_account.reports.email

  params = {
    destination_table_name_template = "month_ends"
    query                           = "INSERT INTO operations.month_ends (day) SELECT LAST_DAY(CURRENT_DATE())"
  }
}

resource "google_bigquery_data_transfer_config" "month_end_sums" {
  display_name           = "Sums of the month"
  data_source_id         = "scheduled_query"
  location               = var.location
  schedule               = "1 of month 05:20"
  destination_dataset_id = "operation"
  service_account_name   = google_service_account.reports.email

  params = {
    destination_table_name_template = "month_end_sums"
    write_disposition               = "WRITE_TRUNCATE"
    query                           = "SELECT CURRENT_DATE() AS summed_on"
  }
}

# Reports that are delivered late start the loader again.
resource "google_eventarc_trigger" "late_report" {
  name            = "late-report"
  location        = lower(var.location)
  service_account = google_service_account.trigger.email

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }

  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.settlement_reports.name
  }

  destination {
    workflow = "projects/acme-prod/locations/europe-west1/workflows/load-feeds"
  }

  depends_on = [
    google_project_iam_member.storage_publishes_events,
    google_project_iam_member.trigger,
  ]
}

resource "google_cloud_quotas_quota_preference" "month_end" {
  parent        = "projects/acme-month-end"
  name          = "month-end"
  service       = "bigquery.googleapis.com"
  quota_id      = "QueryUsagePerUserDay"
  contact_email = "finops@example.com"

  quota_config {
    preferred_value = 1048576
  }
}

resource "google_billing_budget" "month_end" {
  billing_account = var.billing_account
  display_name    = "Month end ${var.environment}"

  amount {
    specified_amount {
      units = "149.90"
    }
  }

  threshold_rules {
    threshold_percent = 1.0
  }
}
