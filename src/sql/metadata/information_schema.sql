-- The views of INFORMATION_SCHEMA with their columns, as
-- https://docs.cloud.google.com/bigquery/docs/information-schema-intro and the pages below it list them.
-- Read: 2026-08-22. A record without fields is one whose fields are not known in full.

CREATE TABLE INFORMATION_SCHEMA.ASSIGNMENTS (
  ddl STRING, project_id STRING, project_number INT64, assignment_id STRING, reservation_name STRING, job_type STRING,
  assignee_id STRING, assignee_number INT64, assignee_type STRING
);
CREATE TABLE INFORMATION_SCHEMA.ASSIGNMENTS_BY_PROJECT LIKE INFORMATION_SCHEMA.ASSIGNMENTS;

CREATE TABLE INFORMATION_SCHEMA.ASSIGNMENT_CHANGES (
  change_timestamp TIMESTAMP, project_id STRING, project_number INT64, assignment_id STRING, reservation_name STRING,
  job_type STRING, assignee_id STRING, assignee_number INT64, assignee_type STRING, action STRING, user_email STRING,
  state STRING
);
CREATE TABLE INFORMATION_SCHEMA.ASSIGNMENT_CHANGES_BY_PROJECT LIKE INFORMATION_SCHEMA.ASSIGNMENT_CHANGES;

CREATE TABLE INFORMATION_SCHEMA.BI_CAPACITIES (
  project_id STRING, project_number INT64, bi_capacity_name STRING, size INT64, preferred_tables ARRAY<STRING>
);

CREATE TABLE INFORMATION_SCHEMA.BI_CAPACITY_CHANGES (
  change_timestamp TIMESTAMP, project_id STRING, project_number INT64, bi_capacity_name STRING, size INT64, user_email STRING,
  preferred_tables ARRAY<STRING>
);

CREATE TABLE INFORMATION_SCHEMA.CAPACITY_COMMITMENTS (
  ddl STRING, project_id STRING, project_number INT64, capacity_commitment_id STRING, commitment_plan STRING, state STRING,
  slot_count INT64, edition STRING, is_flat_rate BOOL, renewal_plan STRING
);
CREATE TABLE INFORMATION_SCHEMA.CAPACITY_COMMITMENTS_BY_PROJECT LIKE INFORMATION_SCHEMA.CAPACITY_COMMITMENTS;

CREATE TABLE INFORMATION_SCHEMA.CAPACITY_COMMITMENT_CHANGES (
  change_timestamp TIMESTAMP, project_id STRING, project_number INT64, capacity_commitment_id STRING, commitment_plan STRING,
  state STRING, slot_count INT64, action STRING, user_email STRING, commitment_start_time TIMESTAMP,
  commitment_end_time TIMESTAMP, failure_status STRUCT<code INT64, message STRING>, renewal_plan STRING, edition STRING,
  is_flat_rate BOOL
);
CREATE TABLE INFORMATION_SCHEMA.CAPACITY_COMMITMENT_CHANGES_BY_PROJECT LIKE INFORMATION_SCHEMA.CAPACITY_COMMITMENT_CHANGES;

CREATE TABLE INFORMATION_SCHEMA.COLUMNS (
  table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, ordinal_position INT64, is_nullable STRING,
  data_type STRING, is_generated STRING, generation_expression STRING, is_stored STRING, async_generation_status STRUCT,
  is_hidden STRING, is_updatable STRING, is_system_defined STRING, is_partitioning_column STRING,
  clustering_ordinal_position INT64, collation_name STRING, column_default STRING, rounding_mode STRING,
  data_policies ARRAY<STRUCT<name STRING>>, policy_tags ARRAY<STRING>
);

CREATE TABLE INFORMATION_SCHEMA.COLUMN_FIELD_PATHS (
  table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, field_path STRING, data_type STRING,
  description STRING, collation_name STRING, rounding_mode STRING, data_policies ARRAY<STRUCT<name STRING>>,
  policy_tags ARRAY<STRING>
);

CREATE TABLE INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE (
  table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, constraint_catalog STRING,
  constraint_schema STRING, constraint_name STRING
);

CREATE TABLE INFORMATION_SCHEMA.EFFECTIVE_PROJECT_OPTIONS (
  project_id STRING, project_number INT64, option_name STRING, option_description STRING, option_type STRING,
  option_set_level STRING, option_set_on_id STRING, option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.INSIGHTS (
  insight_id STRING, insight_type STRING, subtype STRING, project_id STRING, project_number STRING, description STRING,
  last_updated_time TIMESTAMP, category STRING, target_resources STRING, state STRING, severity STRING,
  associated_recommendation_ids STRING, additional_details STRUCT
);
CREATE TABLE INFORMATION_SCHEMA.INSIGHTS_BY_PROJECT LIKE INFORMATION_SCHEMA.INSIGHTS;

CREATE TABLE INFORMATION_SCHEMA.JOBS (
  bi_engine_statistics STRUCT<bi_engine_mode STRING, acceleration_mode STRING, bi_engine_reasons ARRAY<STRUCT<code STRING,
    message STRING>>>, cache_hit BOOL, creation_time TIMESTAMP,
  destination_table STRUCT<project_id STRING, dataset_id STRING, table_id STRING>,
  dml_statistics STRUCT<inserted_row_count INT64, deleted_row_count INT64, updated_row_count INT64>, end_time TIMESTAMP,
  error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>,
  job_creation_reason STRUCT<code STRING>, job_id STRING,
  job_stages ARRAY<STRUCT<name STRING, id INT64, start_ms INT64, end_ms INT64, input_stages ARRAY<INT64>,
    wait_ratio_avg FLOAT64, wait_ms_avg INT64, wait_ratio_max FLOAT64, wait_ms_max INT64, read_ratio_avg FLOAT64,
    read_ms_avg INT64, read_ratio_max FLOAT64, read_ms_max INT64, compute_ratio_avg FLOAT64, compute_ms_avg INT64,
    compute_ratio_max FLOAT64, compute_ms_max INT64, write_ratio_avg FLOAT64, write_ms_avg INT64, write_ratio_max FLOAT64,
    write_ms_max INT64, shuffle_output_bytes INT64, shuffle_output_bytes_spilled INT64, records_read INT64,
    records_written INT64, parallel_inputs INT64, completed_parallel_inputs INT64, status STRING,
    steps ARRAY<STRUCT<kind STRING, substeps ARRAY<STRING>>>, slot_ms INT64, compute_mode STRING>>, job_type STRING,
  labels ARRAY<STRUCT<key STRING, value STRING>>, parent_job_id STRING, priority STRING, project_id STRING,
  project_number INT64, query STRING, referenced_tables ARRAY<STRUCT<project_id STRING, dataset_id STRING, table_id STRING>>,
  reservation_id STRING, reservation_group_path ARRAY<STRING>, edition STRING, session_info STRUCT<session_id STRING>,
  start_time TIMESTAMP, state STRING, statement_type STRING,
  timeline ARRAY<STRUCT<elapsed_ms INT64, total_slot_ms INT64, pending_units INT64, completed_units INT64,
    active_units INT64, estimated_runnable_units INT64>>, total_bytes_billed INT64, total_bytes_processed INT64,
  total_modified_partitions INT64, total_slot_ms INT64, total_services_sku_slot_ms INT64, transaction_id STRING,
  user_email STRING, principal_subject STRING,
  query_info STRUCT<resource_warning STRING, optimization_details JSON, query_hashes STRUCT<normalized_literals STRING>,
    performance_insights STRUCT>, transferred_bytes INT64, materialized_view_statistics STRUCT,
  metadata_cache_statistics STRUCT, search_statistics STRUCT, query_dialect STRING, continuous BOOL,
  continuous_query_info STRUCT<output_watermark TIMESTAMP>, vector_search_statistics STRUCT, external_service_costs STRUCT
) PARTITION BY TIMESTAMP_TRUNC(creation_time, DAY) CLUSTER BY project_id, user_email;
CREATE TABLE INFORMATION_SCHEMA.JOBS_BY_PROJECT LIKE INFORMATION_SCHEMA.JOBS;

CREATE TABLE INFORMATION_SCHEMA.JOBS_BY_FOLDER (
  bi_engine_statistics STRUCT<bi_engine_mode STRING, acceleration_mode STRING, bi_engine_reasons ARRAY<STRUCT<code STRING,
    message STRING>>>, cache_hit BOOL, creation_time TIMESTAMP,
  destination_table STRUCT<project_id STRING, dataset_id STRING, table_id STRING>,
  dml_statistics STRUCT<inserted_row_count INT64, deleted_row_count INT64, updated_row_count INT64>, end_time TIMESTAMP,
  error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>, folder_numbers ARRAY<INT64>,
  job_creation_reason STRUCT<code STRING>, job_id STRING,
  job_stages ARRAY<STRUCT<name STRING, id INT64, start_ms INT64, end_ms INT64, input_stages ARRAY<INT64>,
    wait_ratio_avg FLOAT64, wait_ms_avg INT64, wait_ratio_max FLOAT64, wait_ms_max INT64, read_ratio_avg FLOAT64,
    read_ms_avg INT64, read_ratio_max FLOAT64, read_ms_max INT64, compute_ratio_avg FLOAT64, compute_ms_avg INT64,
    compute_ratio_max FLOAT64, compute_ms_max INT64, write_ratio_avg FLOAT64, write_ms_avg INT64, write_ratio_max FLOAT64,
    write_ms_max INT64, shuffle_output_bytes INT64, shuffle_output_bytes_spilled INT64, records_read INT64,
    records_written INT64, parallel_inputs INT64, completed_parallel_inputs INT64, status STRING,
    steps ARRAY<STRUCT<kind STRING, substeps ARRAY<STRING>>>, slot_ms INT64, compute_mode STRING>>, job_type STRING,
  labels ARRAY<STRUCT<key STRING, value STRING>>, parent_job_id STRING, priority STRING, project_id STRING,
  project_number INT64, referenced_tables ARRAY<STRUCT<project_id STRING, dataset_id STRING, table_id STRING>>,
  reservation_id STRING, reservation_group_path ARRAY<STRING>, edition STRING, session_info STRUCT<session_id STRING>,
  start_time TIMESTAMP, state STRING, statement_type STRING,
  timeline ARRAY<STRUCT<elapsed_ms INT64, total_slot_ms INT64, pending_units INT64, completed_units INT64,
    active_units INT64, estimated_runnable_units INT64>>, total_bytes_billed INT64, total_bytes_processed INT64,
  total_modified_partitions INT64, total_slot_ms INT64, total_services_sku_slot_ms INT64, transaction_id STRING,
  user_email STRING, principal_subject STRING,
  query_info STRUCT<resource_warning STRING, optimization_details JSON, query_hashes STRUCT<normalized_literals STRING>,
    performance_insights STRUCT>, transferred_bytes INT64, materialized_view_statistics STRUCT,
  metadata_cache_statistics STRUCT, search_statistics STRUCT, query_dialect STRING, continuous BOOL,
  continuous_query_info STRUCT<output_watermark TIMESTAMP>, vector_search_statistics STRUCT, external_service_costs STRUCT
) PARTITION BY TIMESTAMP_TRUNC(creation_time, DAY) CLUSTER BY project_id, user_email;

CREATE TABLE INFORMATION_SCHEMA.JOBS_BY_ORGANIZATION (
  bi_engine_statistics STRUCT<bi_engine_mode STRING, acceleration_mode STRING, bi_engine_reasons ARRAY<STRUCT<code STRING,
    message STRING>>>, cache_hit BOOL, creation_time TIMESTAMP,
  destination_table STRUCT<project_id STRING, dataset_id STRING, table_id STRING>, end_time TIMESTAMP,
  error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>,
  job_creation_reason STRUCT<code STRING>, job_id STRING,
  job_stages ARRAY<STRUCT<name STRING, id INT64, start_ms INT64, end_ms INT64, input_stages ARRAY<INT64>,
    wait_ratio_avg FLOAT64, wait_ms_avg INT64, wait_ratio_max FLOAT64, wait_ms_max INT64, read_ratio_avg FLOAT64,
    read_ms_avg INT64, read_ratio_max FLOAT64, read_ms_max INT64, compute_ratio_avg FLOAT64, compute_ms_avg INT64,
    compute_ratio_max FLOAT64, compute_ms_max INT64, write_ratio_avg FLOAT64, write_ms_avg INT64, write_ratio_max FLOAT64,
    write_ms_max INT64, shuffle_output_bytes INT64, shuffle_output_bytes_spilled INT64, records_read INT64,
    records_written INT64, parallel_inputs INT64, completed_parallel_inputs INT64, status STRING,
    steps ARRAY<STRUCT<kind STRING, substeps ARRAY<STRING>>>, slot_ms INT64, compute_mode STRING>>, job_type STRING,
  labels ARRAY<STRUCT<key STRING, value STRING>>, parent_job_id STRING, priority STRING, project_id STRING,
  project_number INT64, referenced_tables ARRAY<STRUCT<project_id STRING, dataset_id STRING, table_id STRING>>,
  reservation_id STRING, reservation_group_path ARRAY<STRING>, edition STRING, session_info STRUCT<session_id STRING>,
  start_time TIMESTAMP, state STRING, statement_type STRING,
  timeline ARRAY<STRUCT<elapsed_ms INT64, total_slot_ms INT64, pending_units INT64, completed_units INT64,
    active_units INT64, estimated_runnable_units INT64>>, total_bytes_billed INT64, total_bytes_processed INT64,
  total_modified_partitions INT64, total_slot_ms INT64, total_services_sku_slot_ms INT64, transaction_id STRING,
  user_email STRING, principal_subject STRING,
  query_info STRUCT<resource_warning STRING, optimization_details JSON, query_hashes STRUCT<normalized_literals STRING>,
    performance_insights STRUCT>, transferred_bytes INT64, materialized_view_statistics STRUCT,
  metadata_cache_statistics STRUCT, search_statistics STRUCT, query_dialect STRING, continuous BOOL,
  continuous_query_info STRUCT<output_watermark TIMESTAMP>, vector_search_statistics STRUCT, external_service_costs STRUCT
) PARTITION BY TIMESTAMP_TRUNC(creation_time, DAY) CLUSTER BY project_id, user_email;

CREATE TABLE INFORMATION_SCHEMA.JOBS_BY_USER (
  bi_engine_statistics STRUCT<bi_engine_mode STRING, acceleration_mode STRING, bi_engine_reasons ARRAY<STRUCT<code STRING,
    message STRING>>>, cache_hit BOOL, creation_time TIMESTAMP,
  destination_table STRUCT<project_id STRING, dataset_id STRING, table_id STRING>,
  dml_statistics STRUCT<inserted_row_count INT64, deleted_row_count INT64, updated_row_count INT64>, end_time TIMESTAMP,
  error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>,
  job_creation_reason STRUCT<code STRING>, job_id STRING,
  job_stages ARRAY<STRUCT<name STRING, id INT64, start_ms INT64, end_ms INT64, input_stages ARRAY<INT64>,
    wait_ratio_avg FLOAT64, wait_ms_avg INT64, wait_ratio_max FLOAT64, wait_ms_max INT64, read_ratio_avg FLOAT64,
    read_ms_avg INT64, read_ratio_max FLOAT64, read_ms_max INT64, compute_ratio_avg FLOAT64, compute_ms_avg INT64,
    compute_ratio_max FLOAT64, compute_ms_max INT64, write_ratio_avg FLOAT64, write_ms_avg INT64, write_ratio_max FLOAT64,
    write_ms_max INT64, shuffle_output_bytes INT64, shuffle_output_bytes_spilled INT64, records_read INT64,
    records_written INT64, parallel_inputs INT64, completed_parallel_inputs INT64, status STRING,
    steps ARRAY<STRUCT<kind STRING, substeps ARRAY<STRING>>>, slot_ms INT64, compute_mode STRING>>, job_type STRING,
  labels ARRAY<STRUCT<key STRING, value STRING>>, parent_job_id STRING, priority STRING, project_id STRING,
  project_number INT64, query STRING, referenced_tables ARRAY<STRUCT<project_id STRING, dataset_id STRING, table_id STRING>>,
  reservation_id STRING, reservation_group_path ARRAY<STRING>, edition STRING, session_info STRUCT<session_id STRING>,
  start_time TIMESTAMP, state STRING, statement_type STRING,
  timeline ARRAY<STRUCT<elapsed_ms INT64, total_slot_ms INT64, pending_units INT64, completed_units INT64,
    active_units INT64, estimated_runnable_units INT64>>, total_bytes_billed INT64, total_bytes_processed INT64,
  total_modified_partitions INT64, total_slot_ms INT64, total_services_sku_slot_ms INT64, transaction_id STRING,
  user_email STRING, principal_subject STRING,
  query_info STRUCT<resource_warning STRING, optimization_details JSON, query_hashes STRUCT<normalized_literals STRING>,
    performance_insights STRUCT>, transferred_bytes INT64, materialized_view_statistics STRUCT,
  metadata_cache_statistics STRUCT, search_statistics STRUCT, query_dialect STRING, continuous BOOL,
  continuous_query_info STRUCT<output_watermark TIMESTAMP>, vector_search_statistics STRUCT, external_service_costs STRUCT
) PARTITION BY TIMESTAMP_TRUNC(creation_time, DAY) CLUSTER BY project_id, user_email;

CREATE TABLE INFORMATION_SCHEMA.JOBS_TIMELINE (
  period_start TIMESTAMP, period_slot_ms INT64, project_id STRING, project_number INT64, user_email STRING,
  principal_subject STRING, job_id STRING, job_type STRING, labels ARRAY<STRUCT<key STRING, value STRING>>,
  statement_type STRING, priority STRING, parent_job_id STRING, job_creation_time TIMESTAMP, job_start_time TIMESTAMP,
  job_end_time TIMESTAMP, state STRING, reservation_id STRING, reservation_group_path ARRAY<STRING>, edition STRING,
  total_bytes_billed INT64, total_bytes_processed INT64,
  error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>, cache_hit BOOL,
  period_shuffle_ram_usage_ratio FLOAT64, period_estimated_runnable_units INT64, transaction_id STRING
) PARTITION BY TIMESTAMP_TRUNC(job_creation_time, DAY) CLUSTER BY project_id, user_email;
CREATE TABLE INFORMATION_SCHEMA.JOBS_TIMELINE_BY_PROJECT LIKE INFORMATION_SCHEMA.JOBS_TIMELINE;

CREATE TABLE INFORMATION_SCHEMA.JOBS_TIMELINE_BY_FOLDER (
  period_start TIMESTAMP, period_slot_ms INT64, project_id STRING, project_number INT64, folder_numbers ARRAY<INT64>,
  user_email STRING, principal_subject STRING, job_id STRING, job_type STRING, statement_type STRING, priority STRING,
  parent_job_id STRING, job_creation_time TIMESTAMP, job_start_time TIMESTAMP, job_end_time TIMESTAMP, state STRING,
  reservation_id STRING, reservation_group_path ARRAY<STRING>, edition STRING, total_bytes_billed INT64,
  total_bytes_processed INT64, error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>,
  cache_hit BOOL, period_shuffle_ram_usage_ratio FLOAT64, period_estimated_runnable_units INT64, transaction_id STRING
) PARTITION BY TIMESTAMP_TRUNC(job_creation_time, DAY) CLUSTER BY project_id, user_email;

CREATE TABLE INFORMATION_SCHEMA.JOBS_TIMELINE_BY_ORGANIZATION (
  period_start TIMESTAMP, period_slot_ms INT64, project_id STRING, project_number INT64, folder_numbers ARRAY<INT64>,
  user_email STRING, principal_subject STRING, job_id STRING, job_type STRING, statement_type STRING, priority STRING,
  parent_job_id STRING, job_creation_time TIMESTAMP, job_start_time TIMESTAMP, job_end_time TIMESTAMP, state STRING,
  reservation_id STRING, reservation_group_path ARRAY<STRING>, edition STRING, total_bytes_billed INT64,
  total_bytes_processed INT64, error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>,
  cache_hit BOOL, period_shuffle_ram_usage_ratio FLOAT64, period_estimated_runnable_units INT64
) PARTITION BY TIMESTAMP_TRUNC(job_creation_time, DAY) CLUSTER BY project_id, user_email;

CREATE TABLE INFORMATION_SCHEMA.JOBS_TIMELINE_BY_USER (
  period_start TIMESTAMP, period_slot_ms INT64, project_id STRING, project_number INT64, user_email STRING,
  principal_subject STRING, job_id STRING, job_type STRING, labels ARRAY<STRUCT<key STRING, value STRING>>,
  statement_type STRING, priority STRING, parent_job_id STRING, job_creation_time TIMESTAMP, job_start_time TIMESTAMP,
  job_end_time TIMESTAMP, state STRING, reservation_id STRING, reservation_group_path ARRAY<STRING>, edition STRING,
  total_bytes_billed INT64, total_bytes_processed INT64,
  error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>, cache_hit BOOL,
  period_shuffle_ram_usage_ratio FLOAT64, period_estimated_runnable_units INT64, transaction_id STRING
) PARTITION BY TIMESTAMP_TRUNC(job_creation_time, DAY) CLUSTER BY project_id, user_email;

CREATE TABLE INFORMATION_SCHEMA.KEY_COLUMN_USAGE (
  constraint_catalog STRING, constraint_schema STRING, constraint_name STRING, table_catalog STRING, table_schema STRING,
  table_name STRING, column_name STRING, ordinal_position INT64, position_in_unique_constraint INT64
);

CREATE TABLE INFORMATION_SCHEMA.MATERIALIZED_VIEWS (
  table_catalog STRING, table_schema STRING, table_name STRING, last_refresh_time TIMESTAMP, refresh_watermark TIMESTAMP,
  last_refresh_status STRUCT<reason STRING, location STRING, message STRING>
);

CREATE TABLE INFORMATION_SCHEMA.OBJECT_PRIVILEGES (
  object_catalog STRING, object_schema STRING, object_name STRING, object_type STRING, privilege_type STRING, grantee STRING
);

CREATE TABLE INFORMATION_SCHEMA.ORGANIZATION_OPTIONS (
  option_name STRING, option_description STRING, option_type STRING, option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.ORGANIZATION_OPTIONS_CHANGES (
  update_time TIMESTAMP, username STRING, updated_options JSON, project_id STRING, project_number INT64
);

CREATE TABLE INFORMATION_SCHEMA.PARAMETERS (
  specific_catalog STRING, specific_schema STRING, specific_name STRING, ordinal_position INT64, parameter_mode STRING,
  is_result STRING, parameter_name STRING, data_type STRING, parameter_default STRING, is_aggregate STRING
);

CREATE TABLE INFORMATION_SCHEMA.PARTITIONS (
  table_catalog STRING, table_schema STRING, table_name STRING, partition_id STRING, total_rows INT64,
  total_logical_bytes INT64, total_billable_bytes INT64, last_modified_time TIMESTAMP, storage_tier STRING
);

CREATE TABLE INFORMATION_SCHEMA.PROJECT_OPTIONS (
  option_name STRING, project_id STRING, project_number INT64, option_description STRING, option_type STRING,
  option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.PROJECT_OPTIONS_CHANGES (
  update_time TIMESTAMP, username STRING, updated_options JSON, project_id STRING, project_number INT64
);

CREATE TABLE INFORMATION_SCHEMA.PROPERTY_GRAPHS (
  property_graph_catalog STRING, property_graph_schema STRING, property_graph_name STRING, property_graph_metadata_json STRING,
  ddl STRING
);

CREATE TABLE INFORMATION_SCHEMA.RECOMMENDATIONS (
  recommendation_id STRING, recommender STRING, subtype STRING, project_id STRING, project_number STRING, description STRING,
  last_updated_time TIMESTAMP, target_resources STRING, state STRING, primary_impact STRUCT, priority STRING,
  associated_insight_ids STRING, additional_details STRUCT
);
CREATE TABLE INFORMATION_SCHEMA.RECOMMENDATIONS_BY_PROJECT LIKE INFORMATION_SCHEMA.RECOMMENDATIONS;

CREATE TABLE INFORMATION_SCHEMA.RECOMMENDATIONS_BY_ORGANIZATION (
  recommendation_id STRING, recommender STRING, subtype STRING, project_id STRING, project_number STRING, description STRING,
  last_updated_time TIMESTAMP, target_resources STRING, state STRING, primary_impact STRUCT, priority STRING,
  associated_insight_ids STRING, additional_details STRUCT
);

CREATE TABLE INFORMATION_SCHEMA.RESERVATIONS (
  ddl STRING, project_id STRING, project_number INT64, reservation_name STRING, ignore_idle_slots BOOL, slot_capacity INT64,
  target_job_concurrency INT64, autoscale STRUCT<current_slots INT64, max_slots INT64>, edition STRING, primary_location STRING,
  secondary_location STRING, original_primary_location STRING, labels ARRAY<STRUCT<key STRING, value STRING>>,
  reservation_group_path ARRAY<STRING>, max_slots INT64, scaling_mode STRING
);
CREATE TABLE INFORMATION_SCHEMA.RESERVATIONS_BY_PROJECT LIKE INFORMATION_SCHEMA.RESERVATIONS;

CREATE TABLE INFORMATION_SCHEMA.RESERVATIONS_TIMELINE (
  autoscale STRUCT<current_slots INT64, max_slots INT64>, edition STRING, ignore_idle_slots BOOL,
  labels ARRAY<STRUCT<key STRING, value STRING>>, reservation_group_path ARRAY<STRING>, period_start TIMESTAMP,
  per_second_details STRUCT, project_id STRING, project_number INT64, reservation_id STRING, reservation_name STRING,
  slot_capacity INT64, slots_assigned INT64, slots_max_assigned INT64, max_slots INT64, scaling_mode STRING,
  period_autoscale_slot_seconds INT64, is_creation_region BOOL
);
CREATE TABLE INFORMATION_SCHEMA.RESERVATIONS_TIMELINE_BY_PROJECT LIKE INFORMATION_SCHEMA.RESERVATIONS_TIMELINE;

CREATE TABLE INFORMATION_SCHEMA.RESERVATION_CHANGES (
  change_timestamp TIMESTAMP, project_id STRING, project_number INT64, reservation_name STRING, ignore_idle_slots BOOL,
  action STRING, slot_capacity INT64, user_email STRING, target_job_concurrency INT64,
  autoscale STRUCT<current_slots INT64, max_slots INT64>, edition STRING, primary_location STRING, secondary_location STRING,
  original_primary_location STRING, labels ARRAY<STRUCT<key STRING, value STRING>>, reservation_group_path ARRAY<STRING>,
  max_slots INT64, scaling_mode STRING
);
CREATE TABLE INFORMATION_SCHEMA.RESERVATION_CHANGES_BY_PROJECT LIKE INFORMATION_SCHEMA.RESERVATION_CHANGES;

CREATE TABLE INFORMATION_SCHEMA.ROUTINES (
  specific_catalog STRING, specific_schema STRING, specific_name STRING, routine_catalog STRING, routine_schema STRING,
  routine_name STRING, routine_type STRING, data_type STRING, routine_body STRING, routine_definition STRING,
  external_language STRING, is_deterministic STRING, security_type STRING, created TIMESTAMP, last_altered TIMESTAMP,
  ddl STRING, connection STRING
);

CREATE TABLE INFORMATION_SCHEMA.ROUTINE_OPTIONS (
  specific_catalog STRING, specific_schema STRING, specific_name STRING, option_name STRING, option_type STRING,
  option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.SCHEMATA (
  catalog_name STRING, schema_name STRING, schema_owner STRING, creation_time TIMESTAMP, last_modified_time TIMESTAMP,
  location STRING, ddl STRING, default_collation_name STRING, sync_status JSON
);

CREATE TABLE INFORMATION_SCHEMA.SCHEMATA_LINKS (
  catalog_name STRING, schema_name STRING, linked_schema_catalog_number STRING, linked_schema_catalog_name STRING,
  linked_schema_name STRING, linked_schema_creation_time TIMESTAMP, linked_schema_org_display_name STRING,
  shared_asset_id STRING, link_type STRING
);

CREATE TABLE INFORMATION_SCHEMA.SCHEMATA_OPTIONS (
  catalog_name STRING, schema_name STRING, option_name STRING, option_type STRING, option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.SCHEMATA_REPLICAS (
  catalog_name STRING, schema_name STRING, replica_name STRING, location STRING, replica_primary_assigned BOOL,
  replica_primary_assignment_complete BOOL, creation_time TIMESTAMP, creation_complete BOOL, replication_time TIMESTAMP,
  sync_status JSON, replica_primary_assignment_time TIMESTAMP, replica_primary_assignment_completion_time TIMESTAMP
);
CREATE TABLE INFORMATION_SCHEMA.SCHEMATA_REPLICAS_BY_PROJECT LIKE INFORMATION_SCHEMA.SCHEMATA_REPLICAS;

CREATE TABLE INFORMATION_SCHEMA.SCHEMATA_REPLICAS_BY_FAILOVER_RESERVATION (
  failover_reservation_project_id STRING, failover_reservation_name STRING, catalog_name STRING, schema_name STRING,
  replica_name STRING, location STRING, replica_primary_assigned BOOL, replica_primary_assignment_complete BOOL,
  creation_time TIMESTAMP, creation_complete BOOL, replication_time TIMESTAMP, sync_status JSON,
  replica_primary_assignment_time TIMESTAMP, replica_primary_assignment_completion_time TIMESTAMP
);

CREATE TABLE INFORMATION_SCHEMA.SEARCH_INDEXES (
  index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING, index_status STRING, creation_time TIMESTAMP,
  last_modification_time TIMESTAMP, last_refresh_time TIMESTAMP, disable_time TIMESTAMP, disable_reason STRING, ddl STRING,
  coverage_percentage INT64, unindexed_row_count INT64, total_logical_bytes INT64, total_storage_bytes INT64, analyzer STRING,
  last_index_alteration_info STRUCT
);

CREATE TABLE INFORMATION_SCHEMA.SEARCH_INDEXES_BY_ORGANIZATION (
  project_id STRING, project_number STRING, index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING,
  index_status STRING, index_status_details STRUCT<throttle_status STRING, message STRING>, use_background_reservation BOOL
);

CREATE TABLE INFORMATION_SCHEMA.SEARCH_INDEX_COLUMNS (
  index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING, index_column_name STRING,
  index_field_path STRING
);

CREATE TABLE INFORMATION_SCHEMA.SEARCH_INDEX_COLUMN_OPTIONS (
  index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING, index_column_name STRING, option_name STRING,
  option_type STRING, option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.SEARCH_INDEX_OPTIONS (
  index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING, option_name STRING, option_type STRING,
  option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.SESSIONS (
  creation_time TIMESTAMP, expiration_time TIMESTAMP, is_active BOOL, last_modified_time TIMESTAMP, project_id STRING,
  project_number INT64, session_id STRING, user_email STRING
) PARTITION BY TIMESTAMP_TRUNC(creation_time, DAY) CLUSTER BY project_id, user_email;
CREATE TABLE INFORMATION_SCHEMA.SESSIONS_BY_PROJECT LIKE INFORMATION_SCHEMA.SESSIONS;

CREATE TABLE INFORMATION_SCHEMA.SESSIONS_BY_USER (
  creation_time TIMESTAMP, expiration_time TIMESTAMP, is_active BOOL, last_modified_time TIMESTAMP, project_id STRING,
  project_number INT64, session_id STRING, user_email STRING
) PARTITION BY TIMESTAMP_TRUNC(creation_time, DAY) CLUSTER BY project_id, user_email;

CREATE TABLE INFORMATION_SCHEMA.SHARED_DATASET_USAGE (
  project_id STRING, dataset_id STRING, table_id STRING, data_exchange_id STRING, listing_id STRING, job_start_time TIMESTAMP,
  job_end_time TIMESTAMP, job_id STRING, job_project_number INT64, job_location STRING, linked_project_number INT64,
  linked_dataset_id STRING, subscriber_org_number INT64, subscriber_org_display_name STRING, job_principal_subject STRING,
  num_rows_processed INT64, total_bytes_processed INT64, shared_resource_id STRING, shared_resource_type STRING,
  referenced_tables ARRAY<STRUCT>
) PARTITION BY TIMESTAMP_TRUNC(job_start_time, DAY) CLUSTER BY project_id, dataset_id;

CREATE TABLE INFORMATION_SCHEMA.STREAMING_TIMELINE (
  start_timestamp TIMESTAMP, project_id STRING, project_number INT64, dataset_id STRING, table_id STRING, error_code STRING,
  total_requests INT64, total_rows INT64, total_input_bytes INT64
);
CREATE TABLE INFORMATION_SCHEMA.STREAMING_TIMELINE_BY_PROJECT LIKE INFORMATION_SCHEMA.STREAMING_TIMELINE;

CREATE TABLE INFORMATION_SCHEMA.STREAMING_TIMELINE_BY_FOLDER (
  start_timestamp TIMESTAMP, folder_numbers ARRAY<INT64>, project_id STRING, project_number INT64, dataset_id STRING,
  table_id STRING, error_code STRING, total_requests INT64, total_rows INT64, total_input_bytes INT64
);

CREATE TABLE INFORMATION_SCHEMA.STREAMING_TIMELINE_BY_ORGANIZATION (
  start_timestamp TIMESTAMP, project_id STRING, project_number INT64, dataset_id STRING, table_id STRING, error_code STRING,
  total_requests INT64, total_rows INT64, total_input_bytes INT64
);

CREATE TABLE INFORMATION_SCHEMA.TABLES (
  table_catalog STRING, table_schema STRING, table_name STRING, table_type STRING, managed_table_type STRING,
  is_insertable_into STRING, is_fine_grained_mutations_enabled STRING, is_typed STRING, is_change_history_enabled STRING,
  creation_time TIMESTAMP, base_table_catalog STRING, base_table_schema STRING, base_table_name STRING,
  snapshot_time_ms TIMESTAMP, replica_source_catalog STRING, replica_source_schema STRING, replica_source_name STRING,
  replication_status STRING, replication_error STRING, ddl STRING, default_collation_name STRING, sync_status JSON,
  upsert_stream_apply_watermark TIMESTAMP
);

CREATE TABLE INFORMATION_SCHEMA.TABLE_CONSTRAINTS (
  constraint_catalog STRING, constraint_schema STRING, constraint_name STRING, table_catalog STRING, table_schema STRING,
  table_name STRING, constraint_type STRING, is_deferrable STRING, initially_deferred STRING, enforced STRING
);

CREATE TABLE INFORMATION_SCHEMA.TABLE_OPTIONS (
  table_catalog STRING, table_schema STRING, table_name STRING, option_name STRING, option_type STRING, option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.TABLE_SNAPSHOTS (
  table_catalog STRING, table_schema STRING, table_name STRING, base_table_catalog STRING, base_table_schema STRING,
  base_table_name STRING, snapshot_time TIMESTAMP
);

CREATE TABLE INFORMATION_SCHEMA.TABLE_STORAGE (
  project_id STRING, project_number INT64, table_catalog STRING, table_schema STRING, table_name STRING,
  creation_time TIMESTAMP, total_rows INT64, total_partitions INT64, total_logical_bytes INT64, active_logical_bytes INT64,
  long_term_logical_bytes INT64, current_physical_bytes INT64, total_physical_bytes INT64, active_physical_bytes INT64,
  long_term_physical_bytes INT64, time_travel_physical_bytes INT64, storage_last_modified_time TIMESTAMP, deleted BOOL,
  table_type STRING, managed_table_type STRING, fail_safe_physical_bytes INT64, last_metadata_index_refresh_time TIMESTAMP,
  table_deletion_reason STRING, table_deletion_time TIMESTAMP
);
CREATE TABLE INFORMATION_SCHEMA.TABLE_STORAGE_BY_PROJECT LIKE INFORMATION_SCHEMA.TABLE_STORAGE;

CREATE TABLE INFORMATION_SCHEMA.TABLE_STORAGE_BY_FOLDER (
  folder_numbers ARRAY<INT64>, project_id STRING, project_number INT64, table_catalog STRING, table_schema STRING,
  table_name STRING, creation_time TIMESTAMP, total_rows INT64, total_partitions INT64, total_logical_bytes INT64,
  active_logical_bytes INT64, long_term_logical_bytes INT64, current_physical_bytes INT64, total_physical_bytes INT64,
  active_physical_bytes INT64, long_term_physical_bytes INT64, time_travel_physical_bytes INT64,
  storage_last_modified_time TIMESTAMP, deleted BOOL, table_type STRING, managed_table_type STRING,
  fail_safe_physical_bytes INT64, last_metadata_index_refresh_time TIMESTAMP, table_deletion_reason STRING,
  table_deletion_time TIMESTAMP
);

CREATE TABLE INFORMATION_SCHEMA.TABLE_STORAGE_BY_ORGANIZATION (
  project_id STRING, project_number INT64, table_catalog STRING, table_schema STRING, table_name STRING,
  creation_time TIMESTAMP, total_rows INT64, total_partitions INT64, total_logical_bytes INT64, active_logical_bytes INT64,
  long_term_logical_bytes INT64, current_physical_bytes INT64, total_physical_bytes INT64, active_physical_bytes INT64,
  long_term_physical_bytes INT64, time_travel_physical_bytes INT64, storage_last_modified_time TIMESTAMP, deleted BOOL,
  table_type STRING, managed_table_type STRING, fail_safe_physical_bytes INT64, last_metadata_index_refresh_time TIMESTAMP,
  table_deletion_reason STRING, table_deletion_time TIMESTAMP
);

CREATE TABLE INFORMATION_SCHEMA.TABLE_STORAGE_USAGE_TIMELINE (
  usage_date DATE, project_id STRING, table_catalog STRING, project_number INT64, table_schema STRING, table_name STRING,
  billable_total_logical_usage INT64, billable_active_logical_usage INT64, billable_long_term_logical_usage INT64,
  billable_total_physical_usage INT64, billable_active_physical_usage INT64, billable_long_term_physical_usage INT64
);
CREATE TABLE INFORMATION_SCHEMA.TABLE_STORAGE_USAGE_TIMELINE_BY_PROJECT LIKE INFORMATION_SCHEMA.TABLE_STORAGE_USAGE_TIMELINE;

CREATE TABLE INFORMATION_SCHEMA.TABLE_STORAGE_USAGE_TIMELINE_BY_FOLDER (
  usage_date DATE, folder_numbers ARRAY<INT64>, project_id STRING, table_catalog STRING, project_number INT64,
  table_schema STRING, table_name STRING, billable_total_logical_usage INT64, billable_active_logical_usage INT64,
  billable_long_term_logical_usage INT64, billable_total_physical_usage INT64, billable_active_physical_usage INT64,
  billable_long_term_physical_usage INT64
);

CREATE TABLE INFORMATION_SCHEMA.TABLE_STORAGE_USAGE_TIMELINE_BY_ORGANIZATION (
  usage_date DATE, project_id STRING, table_catalog STRING, project_number INT64, table_schema STRING, table_name STRING,
  billable_total_logical_usage INT64, billable_active_logical_usage INT64, billable_long_term_logical_usage INT64,
  billable_total_physical_usage INT64, billable_active_physical_usage INT64, billable_long_term_physical_usage INT64
);

CREATE TABLE INFORMATION_SCHEMA.VECTOR_INDEXES (
  index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING, index_status STRING, creation_time TIMESTAMP,
  last_modification_time TIMESTAMP, last_refresh_time TIMESTAMP, disable_time TIMESTAMP, disable_reason STRING, ddl STRING,
  coverage_percentage INT64, unindexed_row_count INT64, total_logical_bytes INT64, total_storage_bytes INT64,
  last_index_alteration_info STRUCT, last_model_build_time TIMESTAMP
);

CREATE TABLE INFORMATION_SCHEMA.VECTOR_INDEX_COLUMNS (
  index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING, index_column_name STRING,
  index_field_path STRING
);

CREATE TABLE INFORMATION_SCHEMA.VECTOR_INDEX_OPTIONS (
  index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING, option_name STRING, option_type STRING,
  option_value STRING
);

CREATE TABLE INFORMATION_SCHEMA.VIEWS (
  table_catalog STRING, table_schema STRING, table_name STRING, view_definition STRING, check_option STRING,
  use_standard_sql STRING
);

CREATE TABLE INFORMATION_SCHEMA.WRITE_API_TIMELINE (
  start_timestamp TIMESTAMP, project_id STRING, project_number INT64, dataset_id STRING, table_id STRING, stream_type STRING,
  error_code STRING, total_requests INT64, total_rows INT64, total_input_bytes INT64
);
CREATE TABLE INFORMATION_SCHEMA.WRITE_API_TIMELINE_BY_PROJECT LIKE INFORMATION_SCHEMA.WRITE_API_TIMELINE;

CREATE TABLE INFORMATION_SCHEMA.WRITE_API_TIMELINE_BY_FOLDER (
  start_timestamp TIMESTAMP, folder_numbers ARRAY<INT64>, project_id STRING, project_number INT64, dataset_id STRING,
  table_id STRING, stream_type STRING, error_code STRING, total_requests INT64, total_rows INT64, total_input_bytes INT64
);

CREATE TABLE INFORMATION_SCHEMA.WRITE_API_TIMELINE_BY_ORGANIZATION (
  start_timestamp TIMESTAMP, project_id STRING, project_number INT64, dataset_id STRING, table_id STRING, stream_type STRING,
  error_code STRING, total_requests INT64, total_rows INT64, total_input_bytes INT64
);

-- Of a dataset, as legacy SQL had them.
CREATE TABLE __TABLES__ (
  project_id STRING, dataset_id STRING, table_id STRING, creation_time INT64, last_modified_time INT64, row_count INT64,
  size_bytes INT64, type INT64
);
CREATE TABLE __TABLES_SUMMARY__ (
  project_id STRING, dataset_id STRING, table_id STRING, creation_time INT64, type INT64
);
