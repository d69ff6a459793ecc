resource "google_bigquery_dataset" "feed" {
  for_each = toset([for feed in values(var.feeds) : feed.dataset])

  dataset_id                 = each.key
  location                   = var.location
  description                = "Feeds as they were delivered"
  delete_contents_on_destroy = false
  labels                     = local.labels
}

# One table for each feed. The columns are in ../tables/<feed>.json.
resource "google_bigquery_table" "feed" {
  for_each = var.feeds

  dataset_id               = google_bigquery_dataset.feed[each.value.dataset].dataset_id
  table_id                 = each.key
  description              = each.value.description
  schema                   = file("${path.module}/../tables/${each.key}.json")
  clustering               = each.value.clustering
  require_partition_filter = each.value.require_partition_filter
  deletion_protection      = true
  labels                   = merge(local.labels, { owner = each.value.owner })

  dynamic "time_partitioning" {
    for_each = each.value.partition_field == null ? [] : [each.value.partition_field]

    content {
      type          = "DAY"
      field         = time_partitioning.value
      expiration_ms = each.value.partition_expiration_ms
    }
  }
}

resource "google_bigquery_dataset" "operations" {
  dataset_id  = "operations"
  location    = var.location
  description = "What the platform writes about itself"
  labels      = local.labels
}

# One row for each file that the workflow handled.
resource "google_bigquery_table" "load_log" {
  dataset_id               = google_bigquery_dataset.operations.dataset_id
  table_id                 = "load_log"
  schema                   = file("${path.module}/../tables/load_log.json")
  clustering               = ["feed"]
  require_partition_filter = true
  deletion_protection      = true
  labels                   = local.labels

  time_partitioning {
    type          = "DAY"
    field         = "loaded_at"
    expiration_ms = 34560000000 # 400 days
  }
}

# The ticks of the last month, in a project of their own.
resource "google_bigquery_table" "ticks" {
  project             = "acme-ticks"
  dataset_id          = "raw"
  table_id            = "ticks"
  deletion_protection = false

  time_partitioning {
    type          = "HOUR"
    field         = "ticked_at"
    expiration_ms = 2592000000 # 30 days
  }
}

# What the venues send; the feeds of them make their tables themselves.
resource "google_bigquery_dataset" "venues" {
  dataset_id                  = "venues"
  location                    = var.location
  description                 = "Fees and rules of the venues"
  default_table_expiration_ms = 7776000000 # 90 days
  max_time_travel_hours       = "7"
  labels                      = local.labels
}

# Fees until they are booked.
resource "google_bigquery_table" "open_fees" {
  dataset_id          = google_bigquery_dataset.venues.dataset_id
  table_id            = "open_fees"
  expiration_time     = 2592000000 # 30 days
  deletion_protection = false
  labels              = local.labels
}

# What the desk in Singapore works on.
resource "google_bigquery_dataset" "singapore" {
  dataset_id  = "singapore"
  location    = "asia-southeast1"
  description = "Drafts of the desk"
  labels      = local.labels
}
