project           = "acme-uat"
environment       = "uat"
landing_bucket    = "acme-landing-uat"
quarantine_bucket = "acme-quarantine-uat"
billing_account   = "01A2B3-C4D5E6-F7A8B9"
monthly_budget    = "500"

query_mib_per_day          = 2097152 # 2 TiB
query_mib_per_user_per_day = 524288  # 512 GiB

archive_seconds = 220752000 # 7 years
