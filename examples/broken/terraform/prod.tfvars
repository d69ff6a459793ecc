project           = "acme-prod"
environment       = "prod"
landing_bucket    = "acme-landing"
quarantine_bucket = "acme-quarantine"
billing_account   = "01A2B3-C4D5E6-F7A8B9"
monthly_budget    = "4000"

query_mib_per_day          = 20971520 # 20 TiB
query_mib_per_user_per_day = 31457280 # 30 TiB

archive_seconds = 22075200 # 7 years
