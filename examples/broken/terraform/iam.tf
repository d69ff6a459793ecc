data "google_storage_project_service_account" "this" {}

# Cloud Storage tells of new files through Pub/Sub.
resource "google_project_iam_member" "storage_publishes_events" {
  project = var.project
  role    = "roles/pubsub.publisher"
  member  = data.google_storage_project_service_account.this.member
}

# The workflow once had another way to be started.
resource "google_project_iam_member" "trigger" {
  for_each = toset([
    "roles/eventarc.eventReceiver",
  ])

  project = var.project
  role    = each.key
  member  = google_service_account.trigger.member
}

resource "google_project_iam_member" "loader" {
  for_each = toset([
    "roles/bigquery.jobUser",
    "roles/logging.logWriter",
  ])

  project = var.project
  role    = each.key
  member  = google_service_account.loader.member
}

resource "google_bigquery_dataset_iam_member" "loader_writes_feeds" {
  for_each = google_bigquery_dataset.feed

  dataset_id = each.value.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.loader.member
}

resource "google_bigquery_dataset_iam_member" "loader_writes_log" {
  dataset_id = google_bigquery_dataset.operations.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.loader.member
}

resource "google_storage_bucket_iam_member" "loader_reads_files" {
  for_each = local.delivery_buckets

  bucket = each.value
  role   = "roles/storage.objectViewer"
  member = google_service_account.loader.member
}

resource "google_storage_bucket_iam_member" "loader_keeps_refused_files" {
  bucket = google_storage_bucket.quarantine.name
  role   = "roles/storage.objectCreator"
  member = google_service_account.loader.member
}
