# The exchange delivers to a bucket of its own, and a workflow of its own loads its files.
resource "google_storage_bucket" "exchange" {
  name                        = "acme-exchange"
  location                    = var.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  retention_policy {
    retention_period = 15552000 # 180 days
  }
}

resource "google_workflows_workflow" "load_exchange" {
  name                = "load-exchange"
  region              = var.region
  description         = "Loads the files of the exchange"
  service_account     = google_service_account.loader.id
  deletion_protection = var.environment == "prod"
  labels              = local.labels

  source_contents = file("${path.module}/../workflows/load_exchange.yaml")

  depends_on = [google_project_service.enabled]
}

resource "google_eventarc_trigger" "exchange_file_arrived" {
  name            = "exchange-file-arrived"
  location        = lower(var.location)
  service_account = google_service_account.trigger.email
  labels          = local.labels

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }

  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.exchange.name
  }

  destination {
    workflow = google_workflows_workflow.load_exchange.id
  }

  depends_on = [
    google_project_iam_member.storage_publishes_events,
    google_project_iam_member.trigger,
  ]
}

# A copy of the fills of each month, by an account of its own.
resource "google_service_account" "archiver" {
  account_id   = "feed-archiver"
  display_name = "Copies what was settled"
}

resource "google_project_iam_member" "archiver" {
  project = var.project
  role    = "roles/bigquery.dataEditor"
  member  = google_service_account.archiver.member
}

resource "google_workflows_workflow" "archive" {
  name                = "archive"
  region              = var.region
  description         = "Copies the fills of a month"
  service_account     = google_service_account.archiver.id
  deletion_protection = var.environment == "prod"
  labels              = local.labels

  source_contents = file("${path.module}/../workflows/archive.yaml")

  depends_on = [google_project_service.enabled]
}

# Says every minute that the platform is there.
resource "google_workflows_workflow" "heartbeat" {
  name                = "heartbeat"
  region              = var.region
  deletion_protection = var.environment == "prod"
  labels              = local.labels

  source_contents = file("${path.module}/../workflows/heartbeat.yaml")

  depends_on = [google_project_service.enabled]
}
