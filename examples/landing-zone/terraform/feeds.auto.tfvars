# The same feeds in every environment. The definitions for people are in ../feeds and ../contracts; calendars and venues have none but these entries.
feeds = {
  trades = {
    description              = "Executed bond trades, one record for each execution"
    owner                    = "fixed-income-data"
    dataset                  = "raw"
    partition_field          = "trade_date"
    partition_expiration_ms  = 220924800000 # 2557 days
    require_partition_filter = true
    clustering               = ["isin", "trader"]
    write_disposition        = "WRITE_APPEND"
  }

  quotes = {
    description              = "Best bid and ask of each dealer on each bond, every five minutes"
    owner                    = "fixed-income-data"
    dataset                  = "raw"
    partition_field          = "quote_date"
    partition_expiration_ms  = 34560000000 # 400 days
    require_partition_filter = true
    clustering               = ["isin", "dealer"]
    write_disposition        = "WRITE_APPEND"
  }

  reference_data = {
    description       = "Terms of every bond we quote, the whole list once a day"
    owner             = "reference-data"
    dataset           = "raw"
    clustering        = ["isin"]
    write_disposition = "WRITE_TRUNCATE"
  }

  calendars = {
    description       = "Days on which each market trades, the year ahead"
    owner             = "reference-data@example.com"
    source_contact    = "exchange-desk@example.com"
    file_name         = "calendars_{date:%Y%m}_{seq:2}.json"
    file_format       = "ndjson"
    bucket            = "acme-landing"
    prefix            = "calendars/"
    cadence           = "monthly"
    rows_per_delivery = 3000
    retention_days    = 180
    schema            = "../schemas/calendars.schema.json"
    dataset           = "raw"
    table             = "calendars"
    table_schema      = "../tables/calendars.json"
    clustering        = ["market"]
    write_disposition = "WRITE_TRUNCATE"
  }

  venues = {
    description       = "Venues that report trades, with the day on which each was closed"
    owner             = "reference-data@example.com"
    source_contact    = "exchange-desk@example.com"
    file_name         = "venues_{date:%Y%m}_{seq:2}.json"
    file_format       = "ndjson"
    bucket            = "acme-landing"
    prefix            = "venues/"
    cadence           = "monthly"
    rows_per_delivery = 400
    retention_days    = 180
    schema            = "../schemas/venues.schema.json"
    dataset           = "raw"
    table             = "venues"
    table_schema      = "../tables/venues.json"
    clustering        = ["mic"]
    write_disposition = "WRITE_TRUNCATE"
  }
}
