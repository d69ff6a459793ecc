//! The rules that an expression cannot say: each name once, beside its function. A page without `require:` must be
//! named here, and every name here must have a page.

use super::{
    Check, Context, Sink, change, dashboard, delivery, deployment, environment, feed, naming, problems, quota, retention, role,
    sample, schedule, schema, sql, table, trigger, workflow,
};

/// How a rule without an expression is judged.
#[derive(Clone, Copy)]
pub enum Native {
    Code(fn(&Context<'_>, &mut Sink<'_>)),
    /// Findings that come out of a stage of the run itself: the configuration, the catalogue, ignores.
    Stage,
}

impl From<Native> for Check {
    fn from(native: Native) -> Check {
        match native {
            Native::Code(function) => Check::Code(function),
            Native::Stage => Check::Stage,
        }
    }
}

pub(crate) const NATIVE: &[(&str, Native)] = &[
    ("ambiguous-column", Native::Code(sql::names::ambiguous_column)),
    ("ambiguous-scalar", Native::Code(problems::ambiguous_scalar)),
    ("append-on-the-hour", Native::Code(schedule::append_on_the_hour)),
    ("autodetected-schema", Native::Code(workflow::autodetected_schema)),
    ("blocking-call-in-expression", Native::Code(workflow::blocking_call_in_expression)),
    ("broken-name-pattern", Native::Code(naming::broken_name_pattern::check)),
    ("budget-threshold-in-percent", Native::Code(quota::budget_threshold_in_percent)),
    ("catch-all-file-name", Native::Code(naming::catch_all_file_name::check)),
    ("change-of-retained-object", Native::Code(workflow::change_of_retained_object)),
    ("changed-column-mode", Native::Code(change::changed_column_mode)),
    ("changed-column-type", Native::Code(change::changed_column_type)),
    ("changed-partitioning", Native::Code(change::changed_partitioning)),
    ("colliding-table-names", Native::Code(naming::colliding_table_names::check)),
    ("conflicting-feed-definition", Native::Code(problems::conflicting_feed_definition)),
    ("contradicted-example", Native::Code(naming::contradicted_example::check)),
    ("contradicting-due-time", Native::Code(delivery::contradicting_due_time::check)),
    ("contradicting-load-option", Native::Code(workflow::contradicting_load_option)),
    ("costlier-query", Native::Code(sql::costlier_query::check)),
    ("dataset-in-another-location", Native::Code(table::dataset_in_another_location::check)),
    ("date-sharded-table", Native::Code(naming::date_sharded_table::check)),
    ("default-expiration-of-feed-table", Native::Code(retention::default_expiration_of_feed_table::check)),
    ("deletion-before-retention", Native::Code(retention::deletion_before_retention::check)),
    ("deletion-of-state", Native::Code(retention::deletion_of_state::check)),
    ("destroyed-bucket", Native::Code(deployment::destroyed_bucket::check)),
    ("destroyed-dataset", Native::Code(deployment::destroyed_dataset::check)),
    ("destroyed-trigger", Native::Code(deployment::destroyed_trigger::check)),
    ("destroyed-workflow", Native::Code(deployment::destroyed_workflow::check)),
    ("drifted-environment", Native::Code(environment::drifted_environment)),
    ("dropped-field", Native::Code(schema::dropped_field::check)),
    ("dropped-zero-condition", Native::Code(retention::dropped_zero_condition::check)),
    ("due-time-in-clock-change", Native::Code(delivery::due_time_in_clock_change::check)),
    ("duplicate-feed", Native::Code(problems::duplicate_feed)),
    ("duplicate-key", Native::Code(problems::duplicate_key)),
    ("duplicate-step-name", Native::Code(workflow::duplicate_step_name)),
    ("earlier-table-expiration", Native::Code(deployment::earlier_table_expiration::check)),
    ("early-deletion", Native::Code(retention::early_deletion::check)),
    ("environments-loaded-together", Native::Code(environment::environments_loaded_together)),
    ("expiration-below-replay", Native::Code(retention::expiration_below_replay::check)),
    ("expired-ignore", Native::Stage),
    ("expiring-table", Native::Code(retention::expiring_table::check)),
    ("feed-without-table", Native::Code(feed::feed_without_table::check)),
    ("files-deleted-at-once", Native::Code(deployment::files_deleted_at_once::check)),
    ("generation-in-load-uri", Native::Code(workflow::generation_in_load_uri)),
    ("hard-coded-environment", Native::Code(environment::hard_coded_environment)),
    ("ignore-of-unknown-rule", Native::Stage),
    ("ignore-without-reason", Native::Stage),
    ("illegal-bucket-name", Native::Code(naming::illegal_bucket_name::check)),
    ("illegal-lifecycle", Native::Code(retention::illegal_lifecycle::check)),
    ("illegal-object-name", Native::Code(naming::illegal_object_name::check)),
    ("illegal-table-name", Native::Code(naming::illegal_table_name::check)),
    ("illegal-write-disposition", Native::Code(schedule::illegal_write_disposition)),
    ("invalid-config", Native::Stage),
    ("invalid-data-contract", Native::Code(problems::invalid_data_contract)),
    ("invalid-feed-definition", Native::Code(problems::invalid_feed_definition)),
    ("invalid-hcl", Native::Code(problems::invalid_hcl)),
    ("invalid-json", Native::Code(problems::invalid_json)),
    ("invalid-json-schema", Native::Code(schema::invalid_json_schema::check)),
    ("invalid-rule", Native::Stage),
    ("invalid-sample-record", Native::Code(sample::invalid_sample_record::check)),
    ("invalid-workflow-expression", Native::Code(workflow::invalid_workflow_expression)),
    ("invalid-yaml", Native::Code(problems::invalid_yaml)),
    ("legacy-sql-by-default", Native::Code(table::legacy_sql_by_default)),
    ("load-quota-exceeded", Native::Code(delivery::load_quota::table)),
    ("lossy-load", Native::Code(workflow::lossy_load)),
    ("malformed-baseline", Native::Stage),
    ("malformed-ignore", Native::Stage),
    ("malformed-quota-limit", Native::Code(quota::malformed_quota_limit)),
    ("malformed-table-schema", Native::Code(problems::malformed_table_schema)),
    ("malformed-workflow", Native::Code(workflow::malformed_workflow)),
    ("metadata-update-burst", Native::Code(delivery::metadata_update_burst::check)),
    ("misaligned-table-schema", Native::Code(schema::misaligned_table_schema::check)),
    ("misleading-cadence", Native::Code(delivery::misleading_cadence::check)),
    ("misnamed-sample", Native::Code(naming::misnamed_sample::check)),
    ("misread-date-letter", Native::Code(naming::misread_date_letter::check)),
    ("misrouted-feed", Native::Code(workflow::misrouted_feed)),
    ("missing-event-type", Native::Code(trigger::missing_event_type)),
    ("missing-log-role", Native::Code(role::missing_log_role)),
    ("missing-partition-filter", Native::Code(sql::missing_partition_filter::check)),
    ("missing-publisher-role", Native::Code(role::missing_publisher_role)),
    ("missing-service-account", Native::Code(role::missing_service_account)),
    ("missing-time-zone", Native::Code(naming::missing_time_zone::check)),
    ("missing-trigger-role", Native::Code(role::missing_trigger_role)),
    ("missing-workflow-role", Native::Code(role::missing_workflow_role)),
    ("mixed-date-order", Native::Code(naming::mixed_date_order::check)),
    ("mixed-retention-in-bucket", Native::Code(retention::mixed_retention_in_bucket::check)),
    ("narrowed-field", Native::Code(change::narrowed_field)),
    ("new-required-column", Native::Code(change::new_required_column)),
    ("newly-required-field", Native::Code(change::newly_required_field)),
    ("off-policy-name", Native::Code(naming::off_policy_name::check)),
    ("optional-partition-filter", Native::Code(table::optional_partition_filter)),
    ("overlapping-file-names", Native::Code(naming::overlapping_file_names::check)),
    ("oversized-load", Native::Code(delivery::oversized_load::check)),
    ("partitions-deleted-at-once", Native::Code(deployment::partitions_deleted_at_once::check)),
    ("path-filter-on-storage-event", Native::Code(trigger::path_filter_on_storage_event)),
    ("prefix-of-another-feed", Native::Code(naming::prefix_of_another_feed::check)),
    ("project-load-quota-exceeded", Native::Code(delivery::load_quota::project)),
    ("query-above-quota", Native::Code(quota::query_above_quota)),
    ("query-quota-exceeded", Native::Code(quota::query_quota_exceeded)),
    ("quota-in-bytes", Native::Code(quota::quota_in_bytes)),
    ("removed-column", Native::Code(change::removed_column)),
    ("removed-feed", Native::Code(change::removed_feed)),
    ("removed-field", Native::Code(change::removed_field)),
    ("removed-table", Native::Code(deployment::removed_table::check)),
    ("repeatable-load", Native::Code(workflow::repeatable_load)),
    ("replaced-table", Native::Code(deployment::replaced_table::check)),
    ("retention-below-feed", Native::Code(retention::retention_below_feed::check)),
    ("retention-unit-slip", Native::Code(retention::retention_unit_slip::check)),
    ("reused-file-name", Native::Code(naming::reused_file_name::check)),
    ("role-granted-after-trigger", Native::Code(role::role_granted_after_trigger)),
    ("sample-not-newline-delimited", Native::Code(sample::sample_not_newline_delimited::check)),
    ("scheduled-query-of-a-person", Native::Code(schedule::scheduled_query_of_a_person)),
    ("select-star", Native::Code(sql::select_star::check)),
    ("self-starting-workflow", Native::Code(workflow::self_starting_workflow)),
    ("shadowed-file-name", Native::Code(naming::shadowed_file_name::check)),
    ("sql-syntax-error", Native::Code(sql::sql_syntax_error::check)),
    ("table-named-as-column", Native::Code(naming::table_named_as_column::check)),
    ("time-travel-out-of-range", Native::Code(retention::time_travel_out_of_range::check)),
    ("too-frequent-schedule", Native::Code(schedule::too_frequent_schedule)),
    ("too-many-partitions", Native::Code(table::too_many_partitions::check)),
    ("too-many-triggers-on-bucket", Native::Code(trigger::too_many_triggers_on_bucket)),
    ("trigger-in-another-location", Native::Code(trigger::trigger_in_another_location)),
    ("unanchored-name-pattern", Native::Code(naming::unanchored_name_pattern::check)),
    ("unassigned-variable", Native::Code(workflow::unassigned_variable)),
    ("unbounded-job-history", Native::Code(sql::unbounded_job_history::check)),
    ("undescribed-column", Native::Code(schema::undescribed_column::check)),
    ("unguarded-load", Native::Code(workflow::unguarded_load)),
    ("unknown-column", Native::Code(sql::names::unknown_column)),
    ("unknown-dashboard-column", Native::Code(dashboard::unknown_dashboard_column)),
    ("unknown-dashboard-explore", Native::Code(dashboard::explores::unknown_dashboard_explore)),
    ("unknown-dashboard-field", Native::Code(dashboard::explores::unknown_dashboard_field)),
    ("unknown-dashboard-table", Native::Code(dashboard::unknown_dashboard_table)),
    ("unknown-dashboard-view", Native::Code(dashboard::explores::unknown_dashboard_view)),
    ("unknown-information-schema-view", Native::Code(sql::names::unknown_information_schema_view)),
    ("unknown-load-option", Native::Code(workflow::unknown_load_option)),
    ("unknown-run-parameter", Native::Code(schedule::unknown_run_parameter)),
    ("unknown-step", Native::Code(workflow::unknown_step)),
    ("unknown-time-zone", Native::Code(delivery::unknown_time_zone::check)),
    ("unknown-workflow-function", Native::Code(workflow::unknown_workflow_function)),
    ("unlisted-keys", Native::Code(schema::unlisted_keys::check)),
    ("unloadable-field", Native::Code(schema::unloadable_field::check)),
    ("unloadable-sample-record", Native::Code(sample::unloadable_sample_record::check)),
    ("unmatchable-file-name", Native::Code(naming::unmatchable_file_name::check)),
    ("unpadded-date", Native::Code(naming::unpadded_date::check)),
    ("unpartitioned-feed-table", Native::Code(table::unpartitioned_feed_table)),
    ("unprotected-feed-table", Native::Code(table::unprotected_feed_table)),
    ("unprunable-partition-filter", Native::Code(sql::unprunable_partition_filter::check)),
    ("unpurged-versions", Native::Code(retention::unpurged_versions::check)),
    ("unreachable-reference", Native::Code(feed::unreachable_reference::check)),
    ("unreachable-step", Native::Code(workflow::unreachable_step)),
    ("unreadable-schedule", Native::Code(problems::unreadable_schedule)),
    ("unrouted-feed", Native::Code(workflow::unrouted_feed)),
    ("untagged-classified-column", Native::Code(schema::untagged_classified_column::check)),
    ("untriggered-feed", Native::Code(trigger::untriggered_feed)),
    ("unusable-partition-column", Native::Code(schema::unusable_partition_column::check)),
    ("unused-baseline-entry", Native::Stage),
    ("unused-ignore", Native::Stage),
    ("user-quota-above-project-quota", Native::Code(quota::user_quota_above_project_quota)),
    ("weakened-bucket-protection", Native::Code(deployment::weakened_bucket_protection::check)),
    ("widened-field", Native::Code(change::widened_field)),
    ("wildcard-in-object-name", Native::Code(naming::wildcard_in_object_name::check)),
    ("workflow-as-default-account", Native::Code(role::workflow_as_default_account)),
    ("workflow-limit-exceeded", Native::Code(workflow::workflow_limit_exceeded)),
    ("wrong-call-arguments", Native::Code(workflow::wrong_call_arguments)),
    ("wrongly-escaped-expression", Native::Code(workflow::wrongly_escaped_expression)),
];

pub(crate) fn find(id: &str) -> Option<Native> {
    NATIVE.iter().find(|(name, _)| *name == id).map(|(_, native)| *native)
}

/// Every name, for the test that holds them to the pages.
pub fn names() -> impl Iterator<Item = &'static str> {
    NATIVE.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::names;

    /// Branches that are merged line by line leave doubled and misplaced rows.
    #[test]
    fn each_name_stands_once_and_in_order() {
        let names: Vec<&str> = names().collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }
}
