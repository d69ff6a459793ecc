project           = "acme-dev"
environment       = "dev"
landing_bucket    = "acme-landing-dev"
quarantine_bucket = "acme-quarantine-dev"
billing_account   = "01A2B3-C4D5E6-F7A8B9"
monthly_budget    = "200"

query_mib_per_day          = 1048576 # 1 TiB
query_mib_per_user_per_day = 262144  # 256 GiB

archive_seconds = 220752000 # 7 years
