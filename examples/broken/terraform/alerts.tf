resource "google_monitoring_notification_channel" "data_platform" {
  display_name = "Data platform"
  type         = "email"
  labels = {
    email_address = "data-platform@example.com
  }
}
