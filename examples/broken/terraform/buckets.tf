# Files that our own systems deliver. Nobody can delete or overwrite a file before its 180 days are over.
# feedgate: ignore[bucket-without-versioning] reason="retention keeps every file already"
resource "google_storage_bucket" "landing" {
  name                        = var.landing_bucket
  location                    = var.location
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  retention_policy {
    retention_period = 15552000 # 180 days
    is_locked        = var.environment == "prod"
  }

  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
    condition {
      age = 30
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 90
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }
}

# The vendor of reference data knows one bucket, and the licence allows one copy: only PROD has it.
resource "google_storage_bucket" "vendor_drop" {
  count = var.environment == "prod" ? 1 : 0

  name                        = "acme-vendor-drop"
  location                    = "EU"
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  retention_policy {
    retention_period = 15552000 # 180 days
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 400
    }
  }
}

# Copies of files that the load refused, with the reason beside them.
resource "google_storage_bucket" "quarantine" {
  name                        = var.quarantine_bucket
  location                    = var.location
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  retention_policy {
    retention_period = 180
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 365
    }
  }
}

# Reports that the settlement desk downloads in the morning.
resource "google_storage_bucket" "settlement_reports" {
  name                        = "acme-settlement-reports"
  location                    = var.location
  storage_class               = "COLDLINE"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  retention_policy {
    retention_period = 2592000 # 30 days
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 60
    }
  }
}

# What Terraform remembers of all this.
resource "google_storage_bucket" "state" {
  name                        = "acme-tfstate"
  location                    = var.location
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  labels                      = local.labels

  retention_policy {
    retention_period = 15552000 # 180 days
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 365
    }
  }
}

# End-of-day prices that the valuation desk computes, and computes again.
resource "google_storage_bucket" "valuations" {
  name                        = "acme-valuations"
  location                    = var.location
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 30
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age        = 60
      with_state = "LIVE"
    }
  }

  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "ARCHIVE"
    }
    condition {
      days_since_noncurrent_time = 0
      matches_suffix             = [".json"]
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age                = 7
      num_newer_versions = 1
    }
  }
}
