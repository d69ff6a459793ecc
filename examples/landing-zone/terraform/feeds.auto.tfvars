# The same feeds in every environment. The definitions for people are in ../feeds.
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
}
