# Ticks have a bucket of their own, which nobody told the trigger in workflow.tf of.
resource "google_storage_bucket" "ticks" {
  name                        = "acme-ticks"
  location                    = "europe-west2"
  uniform_bucket_level_access = false
  public_access_prevention    = "inherited"

  retention_policy {
    retention_period = 15552000 # 180 days
  }
}

# Only files of orders are meant, so it says a path; and it lies where the workflow lies.
resource "google_eventarc_trigger" "orders" {
  name     = "orders-arrived"
  location = var.region

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }

  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.landing.name
  }

  matching_criteria {
    attribute = "objectName"
    operator  = "match-path-pattern"
    value     = "orders/*"
  }

  destination {
    workflow = google_workflows_workflow.load_feed.id
  }
}

resource "google_eventarc_trigger" "refused" {
  name     = "file-refused"
  location = lower(var.location)

  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.quarantine.name
  }

  destination {
    workflow = google_workflows_workflow.load_feed.id
  }
}

# One for each venue, on the bucket that all of them deliver to.
resource "google_eventarc_trigger" "venues" {
  for_each = toset(["xams", "xbru", "xdub", "xlis", "xlon", "xmil", "xosl", "xpar", "xstu", "xswx"])

  name     = "file-of-${each.key}"
  location = lower(var.location)

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }

  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.landing.name
  }

  destination {
    workflow = google_workflows_workflow.load_feed.id
  }
}
