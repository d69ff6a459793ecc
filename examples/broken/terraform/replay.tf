# Loads delivered files again. Somebody starts it by hand.
resource "google_workflows_workflow" "replay" {
  name                = "replay"
  region              = var.region
  description         = "Loads the files of one feed and day again"
  service_account     = google_service_account.loader.id
  deletion_protection = var.environment == "prod"
  labels              = local.labels

  source_contents = templatefile("${path.module}/../workflows/replay.yaml", {
    bucket = google_storage_bucket.landing.name
  })

  depends_on = [google_project_service.enabled]
}
