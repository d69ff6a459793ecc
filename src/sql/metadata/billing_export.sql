-- What Cloud Billing exports, by the beginnings of the names of its tables, as
-- https://docs.cloud.google.com/billing/docs/how-to/export-data-bigquery-tables and the pages below it list the columns.
-- Read: 2026-08-22. The tables of usage are partitioned by ingestion time.

CREATE TABLE gcp_billing_export_v1_ (
  billing_account_id STRING, service STRUCT<id STRING, description STRING>, sku STRUCT<id STRING, description STRING>,
  usage_start_time TIMESTAMP, usage_end_time TIMESTAMP,
  project STRUCT<id STRING, number STRING, name STRING, labels ARRAY<STRUCT<key STRING, value STRING>>,
    ancestry_numbers STRING, ancestors ARRAY<STRUCT<resource_name STRING, display_name STRING>>>,
  labels ARRAY<STRUCT<key STRING, value STRING>>, system_labels ARRAY<STRUCT<key STRING, value STRING>>,
  location STRUCT<location STRING, country STRING, region STRING, zone STRING>,
  tags ARRAY<STRUCT<key STRING, value STRING, inherited BOOL, namespace STRING>>, export_time TIMESTAMP, cost FLOAT64,
  currency STRING, currency_conversion_rate FLOAT64,
  usage STRUCT<amount FLOAT64, unit STRING, amount_in_pricing_units FLOAT64, pricing_unit STRING>,
  credits ARRAY<STRUCT<name STRING, amount FLOAT64, full_name STRING, id STRING, type STRING>>,
  invoice STRUCT<month STRING, publisher_type STRING>, cost_type STRING,
  adjustment_info STRUCT<id STRING, description STRING, mode STRING, type STRING>, cost_at_list FLOAT64,
  transaction_type STRING, seller_name STRING, subscription STRUCT<instance_id STRING>,
  price STRUCT<effective_price NUMERIC, tier_start_amount NUMERIC, unit STRING, pricing_unit_quantity NUMERIC,
    list_price NUMERIC, effective_price_default NUMERIC, list_price_consumption_model NUMERIC>,
  cost_at_effective_price_default NUMERIC, cost_at_list_consumption_model NUMERIC,
  consumption_model STRUCT<id STRING, description STRING>
) PARTITION BY _PARTITIONDATE;

CREATE TABLE gcp_billing_export_resource_v1_ (
  billing_account_id STRING, service STRUCT<id STRING, description STRING>, sku STRUCT<id STRING, description STRING>,
  usage_start_time TIMESTAMP, usage_end_time TIMESTAMP,
  project STRUCT<id STRING, number STRING, name STRING, labels ARRAY<STRUCT<key STRING, value STRING>>,
    ancestry_numbers STRING, ancestors ARRAY<STRUCT<resource_name STRING, display_name STRING>>>,
  labels ARRAY<STRUCT<key STRING, value STRING>>, system_labels ARRAY<STRUCT<key STRING, value STRING>>,
  location STRUCT<location STRING, country STRING, region STRING, zone STRING>,
  resource STRUCT<name STRING, global_name STRING>,
  tags ARRAY<STRUCT<key STRING, value STRING, inherited BOOL, namespace STRING>>, export_time TIMESTAMP, cost FLOAT64,
  currency STRING, currency_conversion_rate FLOAT64,
  usage STRUCT<amount FLOAT64, unit STRING, amount_in_pricing_units FLOAT64, pricing_unit STRING>,
  credits ARRAY<STRUCT<name STRING, amount FLOAT64, full_name STRING, id STRING, type STRING>>,
  invoice STRUCT<month STRING, publisher_type STRING>, cost_type STRING,
  adjustment_info STRUCT<id STRING, description STRING, mode STRING, type STRING>, cost_at_list FLOAT64,
  transaction_type STRING, seller_name STRING, subscription STRUCT<instance_id STRING>,
  price STRUCT<effective_price NUMERIC, tier_start_amount NUMERIC, unit STRING, pricing_unit_quantity NUMERIC,
    list_price NUMERIC, effective_price_default NUMERIC, list_price_consumption_model NUMERIC>,
  cost_at_effective_price_default NUMERIC, cost_at_list_consumption_model NUMERIC,
  consumption_model STRUCT<id STRING, description STRING>
) PARTITION BY _PARTITIONDATE;

CREATE TABLE cloud_pricing_export (
  export_time TIMESTAMP, pricing_as_of_time TIMESTAMP, billing_account_id STRING, billing_account_name STRING,
  business_entity_name STRING, service STRUCT<id STRING, description STRING>, sku STRUCT, product_taxonomy ARRAY<STRING>,
  geo_taxonomy STRUCT<type STRING, regions ARRAY<STRING>>, pricing_unit STRING, pricing_unit_description STRING,
  account_currency_code STRING, currency_conversion_rate FLOAT64, list_price STRUCT, billing_account_price STRUCT,
  price_info STRUCT, price_reason STRUCT, consumption_model_prices ARRAY<STRUCT>
) PARTITION BY _PARTITIONDATE;
