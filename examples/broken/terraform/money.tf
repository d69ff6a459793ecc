# Caps on what queries may read in a day. Both values are MiB.
resource "google_cloud_quotas_quota_preference" "query_usage_per_day" {
  parent               = "projects/${var.project}"
  name                 = "bigquery-query-usage-per-day"
  service              = "bigquery.googleapis.com"
  quota_id             = "QueryUsagePerDay"
  contact_email        = "finops@example.com"
  ignore_safety_checks = "QUOTA_DECREASE_PERCENTAGE_TOO_HIGH"

  quota_config {
    preferred_value = var.query_mib_per_day
  }
}

resource "google_cloud_quotas_quota_preference" "query_usage_per_user_per_day" {
  parent               = "projects/${var.project}"
  name                 = "bigquery-query-usage-per-user-per-day"
  service              = "bigquery.googleapis.com"
  quota_id             = "QueryUsagePerUserPerDay"
  contact_email        = "finops@example.com"
  ignore_safety_checks = "QUOTA_DECREASE_PERCENTAGE_TOO_HIGH"

  quota_config {
    preferred_value = var.query_mib_per_user_per_day
  }
}

# The project of the ticks has its cap from the older resource.
resource "google_service_usage_consumer_quota_override" "ticks" {
  project        = "acme-ticks"
  service        = "bigquery.googleapis.com"
  metric         = urlencode("bigquery.googleapis.com/quota/query/usage")
  limit          = "1/d/{project}"
  override_value = "10995116277760" # 10 TiB
  force          = true
}

resource "google_billing_budget" "project" {
  billing_account = var.billing_account
  display_name    = "Landing zone ${var.environment}"

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }

  amount {
    specified_amount {
      units = var.monthly_budget
    }
  }

  threshold_rules {
    threshold_percent = 0.5
  }

  threshold_rules {
    threshold_percent = 90
  }

  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }
}

# The billing account writes its export here; switching the export on is a click in the console.
resource "google_bigquery_dataset" "billing_export" {
  count = var.environment == "prod" ? 1 : 0

  dataset_id                 = "billing_export"
  location                   = "EU"
  description                = "Standard usage cost of the billing account"
  delete_contents_on_destroy = false
  labels                     = local.labels
}
