resource "google_service_account" "loader" {
  account_id   = "feed-loader"
  display_name = "Loads delivered files into BigQuery"
}

resource "google_service_account" "trigger" {
  account_id   = "feed-trigger"
  display_name = "Starts the load workflow when a file arrives"
}

resource "google_workflows_workflow" "load_feed" {
  name                = "load-feed"
  region              = var.region
  description         = "Loads one delivered file into the table of its feed"
  service_account     = google_service_account.loader.id
  call_log_level      = "LOG_ERRORS_ONLY"
  deletion_protection = true
  labels              = local.labels

  # Read with file(), not templatefile(): the expressions in it belong to Workflows and stay as they are.
  source_contents = file("${path.module}/../workflows/load_feed.yaml")

  user_env_vars = {
    LOCATION          = var.location
    QUARANTINE_BUCKET = google_storage_bucket.quarantine.name
    FEEDS = jsonencode({
      for name, feed in var.feeds : name => { dataset = feed.dataset, write = feed.write_disposition }
    })
  }

  depends_on = [google_project_service.enabled]
}

locals {
  delivery_buckets = merge(
    { landing = google_storage_bucket.landing.name },
    { for bucket in google_storage_bucket.vendor_drop : "vendor-drop" => bucket.name },
  )
}

# One trigger for each bucket, not for each feed: storage events cannot be filtered by path, and a bucket takes ten
# notifications at most. The workflow finds the feed by the file's name.
resource "google_eventarc_trigger" "file_arrived" {
  for_each = local.delivery_buckets

  name            = "file-arrived-${each.key}"
  location        = lower(var.location)
  service_account = google_service_account.trigger.email
  labels          = local.labels

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }

  matching_criteria {
    attribute = "bucket"
    value     = each.value
  }

  destination {
    workflow = google_workflows_workflow.load_feed.id
  }

  depends_on = [
    google_project_iam_member.storage_publishes_events,
    google_project_iam_member.trigger,
  ]
}
