variable "project" {
  type    = string
  default = "acme-data"
}

# One table for each kind of file that somebody delivers.
variable "tables" {
  type = map(object({
    bucket            = string
    dataset           = string
    partition_field   = string
    write_disposition = string
  }))

  default = {
    trades = {
      bucket            = "acme-landing"
      dataset           = "raw"
      partition_field   = "trade_date"
      write_disposition = "WRITE_APPEND"
    }
    quotes = {
      bucket            = "acme-landing"
      dataset           = "raw"
      partition_field   = "quote_date"
      write_disposition = "WRITE_APPEND"
    }
  }
}

resource "google_storage_bucket" "landing" {
  name                        = "acme-landing"
  project                     = var.project
  location                    = "EU"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
}

resource "google_bigquery_dataset" "raw" {
  dataset_id = "raw"
  project    = var.project
  location   = "EU"
}

resource "google_bigquery_table" "raw" {
  for_each = var.tables

  dataset_id               = google_bigquery_dataset.raw.dataset_id
  table_id                 = each.key
  project                  = var.project
  schema                   = file("${path.module}/../tables/${each.key}.json")
  require_partition_filter = true
  deletion_protection      = true

  time_partitioning {
    type  = "DAY"
    field = each.value.partition_field
  }
}

resource "google_service_account" "loader" {
  account_id = "loader"
  project    = var.project
}

resource "google_project_iam_member" "loader" {
  for_each = toset(["roles/bigquery.jobUser", "roles/eventarc.eventReceiver", "roles/logging.logWriter", "roles/workflows.invoker"])

  project = var.project
  role    = each.key
  member  = google_service_account.loader.member
}

resource "google_bigquery_dataset_iam_member" "loader" {
  dataset_id = google_bigquery_dataset.raw.dataset_id
  project    = var.project
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.loader.member
}

resource "google_storage_bucket_iam_member" "loader" {
  bucket = google_storage_bucket.landing.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.loader.member
}

data "google_storage_project_service_account" "storage" {
  project = var.project
}

resource "google_project_iam_member" "storage_publishes_events" {
  project = var.project
  role    = "roles/pubsub.publisher"
  member  = data.google_storage_project_service_account.storage.member
}

resource "google_workflows_workflow" "load" {
  name                = "load"
  project             = var.project
  region              = "europe-west1"
  service_account     = google_service_account.loader.id
  call_log_level      = "LOG_ERRORS_ONLY"
  deletion_protection = true
  source_contents     = file("${path.module}/../workflows/load.yaml")

  user_env_vars = {
    TABLES = jsonencode(var.tables)
  }
}

resource "google_eventarc_trigger" "file_arrived" {
  name            = "file-arrived"
  project         = var.project
  location        = "eu"
  service_account = google_service_account.loader.email

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }

  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.landing.name
  }

  destination {
    workflow = google_workflows_workflow.load.id
  }

  depends_on = [google_project_iam_member.storage_publishes_events]
}
