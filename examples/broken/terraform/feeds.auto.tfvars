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

  positions = {
    description              = "Positions of every book at the close of business"
    owner                    = "risk-data"
    dataset                  = "raw"
    partition_field          = "position_date"
    partition_expiration_ms  = 31536000000 # 365 days
    require_partition_filter = true
    clustering               = ["book"]
    write_disposition        = "WRITE_APPEND"
  }

  counterparties = {
    description       = "Everybody we may trade with, the whole list once a day"
    owner             = "client-data"
    dataset           = "raw"
    clustering        = ["lei"]
    write_disposition = "WRITE_TRUNCATE"
  }

  ratings = {
    description              = "Changes of bond ratings"
    owner                    = "reference-data"
    dataset                  = "raw"
    partition_field          = "rated_on"
    partition_expiration_ms  = 63072000000 # 730 days
    require_partition_filter = true
    clustering               = ["isin"]
    write_disposition        = "WRITE_APPEND"
  }

  corporate_actions = {
    description              = "Announced calls, exchanges and defaults"
    owner                    = "reference-data"
    dataset                  = "raw"
    partition_field          = "announced_on"
    partition_expiration_ms  = 63072000000 # 730 days
    require_partition_filter = true
    clustering               = ["isin"]
    write_disposition        = "WRITE_APPEND"
  }

  fx_rates = {
    description       = "Official exchange rates of the day"
    owner             = "treasury-data"
    dataset           = "raw"
    clustering        = ["currency"]
    write_disposition = "WRITE_APPEND"
  }

  orders = {
    description              = "Orders that clients sent"
    owner                    = "fixed-income-data"
    dataset                  = "raw"
    partition_field          = "order_day"
    partition_expiration_ms  = 63072000000 # 730 days
    require_partition_filter = true
    clustering               = ["isin"]
    write_disposition        = "WRITE_APPEND"
  }

  settlements = {
    description              = "Settlement instructions and how they ended"
    owner                    = "settlement-data"
    dataset                  = "raw"
    partition_field          = "settlement_date"
    partition_expiration_ms  = 63072000000 # 730 days
    require_partition_filter = true
    clustering               = ["isin"]
    write_disposition        = "WRITE_APPEND"
  }
}
