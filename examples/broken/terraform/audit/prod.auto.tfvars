project = "acme-prod"
