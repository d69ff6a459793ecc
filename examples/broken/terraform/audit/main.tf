# Who reads delivered files is told to the audit team, in each environment.
variable "project" {
  description = "Project of this environment"
  type        = string
}

resource "google_pubsub_topic" "reads" {
  project = var.project
  name    = "file-reads-dev"
}
