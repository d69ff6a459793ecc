terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.0"
    }
  }

  backend "gcs" {} # bucket and prefix come from -backend-config, one pair per environment
}

provider "google" {
  project               = var.project
  region                = var.region
  user_project_override = true
  billing_project       = var.project
}

data "google_project" "this" {}

locals {
  labels = {
    environment = var.environment
    platform    = "landing-zone"
  }

  services = [
    "bigquery.googleapis.com",
    "billingbudgets.googleapis.com",
    "cloudquotas.googleapis.com",
    "eventarc.googleapis.com",
    "eventarcpublishing.googleapis.com",
    "pubsub.googleapis.com",
    "workflowexecutions.googleapis.com",
    "workflows.googleapis.com",
  ]
}

resource "google_project_service" "enabled" {
  for_each = toset(local.services)

  service            = each.key
  disable_on_destroy = false
}
