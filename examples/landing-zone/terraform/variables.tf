variable "project" {
  description = "Project of this environment"
  type        = string
}

variable "environment" {
  description = "dev, uat or prod"
  type        = string

  validation {
    condition     = contains(["dev", "uat", "prod"], var.environment)
    error_message = "There are three environments: dev, uat and prod."
  }
}

variable "region" {
  description = "Region of the workflow"
  type        = string
  default     = "europe-west1"
}

variable "location" {
  description = "Multi-region of buckets and datasets; the triggers follow it"
  type        = string
  default     = "EU"
}

variable "landing_bucket" {
  description = "Bucket that our own systems deliver to"
  type        = string
}

variable "quarantine_bucket" {
  description = "Bucket of files that were refused"
  type        = string
}

variable "billing_account" {
  description = "Account that pays for the project"
  type        = string
}

variable "monthly_budget" {
  description = "What the project may cost in a month, in whole units of the account's currency"
  type        = string
}

variable "query_mib_per_day" {
  description = "What all queries of the project may read on one day, in MiB (1 TiB = 1048576)"
  type        = number
}

variable "query_mib_per_user_per_day" {
  description = "The same for one user"
  type        = number
}

variable "feeds" {
  description = "Every feed, by name: where it lands and what its table looks like"
  type = map(object({
    description              = string
    owner                    = string
    dataset                  = string
    partition_field          = optional(string)
    partition_expiration_ms  = optional(number)
    require_partition_filter = optional(bool, false)
    clustering               = list(string)
    write_disposition        = string

    # What a feed says here when it has no definition of its own.
    source_contact    = optional(string)
    file_name         = optional(string)
    file_format       = optional(string)
    bucket            = optional(string)
    prefix            = optional(string)
    cadence           = optional(string)
    rows_per_delivery = optional(number)
    retention_days    = optional(number)
    schema            = optional(string)
    table             = optional(string)
    table_schema      = optional(string)
  }))

  validation {
    condition     = alltrue([for name in keys(var.feeds) : can(regex("^[a-z][a-z0-9_]*$", name))])
    error_message = "A feed's name becomes the name of its table: small letters, digits and underscores."
  }
}
