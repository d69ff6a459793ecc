//! What Terraform allows a project to read and to spend: custom quotas of BigQuery in both of their resources, and the
//! thresholds of budgets.

use super::Known;
use super::terraform::{Resource, Terraform};
use crate::text::{Span, nearest};

/// Bytes of the unit that the quota counts in.
pub const MIB: u64 = 1 << 20;

/// A custom quota on the bytes that queries read in a day.
#[derive(Debug, Clone)]
pub struct CustomQuota {
    /// Unique in the repository.
    pub address: String,
    /// The address within its module.
    pub shown: String,
    pub span: Span,
    pub project: Known<String>,
    pub holder: Holder,
    /// MiB in a day.
    pub n_mib: Known<f64>,
}

/// Whose bytes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    Project,
    User,
}

impl CustomQuota {
    /// Bytes in a day; `None` where there is no limit, or it is not known.
    pub fn bytes(&self) -> Option<u64> {
        let n_mib = *self.n_mib.value()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted")]
        (n_mib >= 0.0).then(|| (n_mib as u64).saturating_mul(MIB))
    }
}

/// A quota of the older resource whose limit is not named as the provider takes it.
#[derive(Debug, Clone)]
pub struct MisnamedLimit {
    pub address: String,
    pub shown: String,
    pub written: String,
    pub span: Span,
    /// What is meant.
    pub meant: &'static str,
}

/// The amount of a budget, in whole units of its currency.
#[derive(Debug, Clone)]
pub struct Amount {
    pub address: String,
    pub shown: String,
    pub units: Known<String>,
}

/// A threshold of a budget, as a fraction of its amount.
#[derive(Debug, Clone)]
pub struct Threshold {
    pub address: String,
    pub shown: String,
    pub fraction: Known<f64>,
}

const SERVICE: &str = "bigquery.googleapis.com";
const METRIC: &str = "bigquery.googleapis.com/quota/query/usage";
const LIMITS: [(&str, &str, Holder); 2] =
    [("/d/project", "%2Fd%2Fproject", Holder::Project), ("/d/project/user", "%2Fd%2Fproject%2Fuser", Holder::User)];

const IDS: [(&str, Holder); 2] = [("QueryUsagePerDay", Holder::Project), ("QueryUsagePerUserPerDay", Holder::User)];

/// Bytes that the queries of a project read in a day where nobody says more or less:
/// <https://docs.cloud.google.com/bigquery/docs/custom-quotas> (read 2026-08-22).
pub const DEFAULT_BYTES: u64 = 200 << 40;

/// Reads the quotas of both kinds.
pub fn read_quotas(terraform: &Terraform<'_>) -> Vec<CustomQuota> {
    let preferences = terraform.resources("google_cloud_quotas_quota_preference");
    let overrides = terraform.resources("google_service_usage_consumer_quota_override");
    let preferences = preferences.filter_map(|resource| read_preference(terraform, resource));
    preferences.chain(overrides.filter_map(|resource| read_override(terraform, resource))).collect()
}

fn read_preference<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<CustomQuota> {
    let text = |name| terraform.text(resource, resource.body, name);
    let id = text("quota_id");
    let (_, holder) = *IDS.iter().find(|(name, _)| id.value().is_some_and(|id| id == name))?;
    let config = terraform.nested(resource, resource.body, "quota_config").single();
    let project = text("parent").map(|parent| parent.trim_start_matches("projects/").to_owned());
    (text("service").value()? == SERVICE).then(|| CustomQuota {
        address: resource.unique_address(),
        shown: resource.address(),
        span: resource.span,
        project,
        holder,
        n_mib: config.and_then(|config| terraform.number(config, config.body, "preferred_value")),
    })
}

fn read_override<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<CustomQuota> {
    let text = |name| terraform.text(resource, resource.body, name);
    let limit = bare(text("limit").value()?);
    let (_, _, holder) = LIMITS.iter().find(|(name, ..)| *name == limit)?;
    is_of_queries(terraform, resource).then(|| CustomQuota {
        address: resource.unique_address(),
        shown: resource.address(),
        span: resource.span,
        project: text("project"),
        holder: *holder,
        n_mib: terraform.number(resource, resource.body, "override_value"),
    })
}

fn is_of_queries<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> bool {
    let metric = terraform.text(resource, resource.body, "metric");
    metric.value().is_some_and(|metric| decoded(metric) == METRIC)
}

/// Limits of the older resource that are written as the console shows them.
pub fn misnamed_limits(terraform: &Terraform<'_>) -> Vec<MisnamedLimit> {
    let overrides = terraform.resources("google_service_usage_consumer_quota_override");
    let of_queries = overrides.filter(|resource| is_of_queries(terraform, resource));
    of_queries.filter_map(|resource| misnamed(terraform, resource)).collect()
}

fn misnamed<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<MisnamedLimit> {
    let written = terraform.text(resource, resource.body, "limit").spanned()?.clone();
    let bare = bare(&written.value);
    let (_, meant, _) = LIMITS.iter().find(|(name, ..)| *name == bare)?;
    (written.value != *meant).then(|| MisnamedLimit {
        address: resource.unique_address(),
        shown: resource.address(),
        span: written.span,
        written: written.value,
        meant,
    })
}

/// `1/d/{project}/{user}` as `/d/project/user`.
fn bare(limit: &str) -> String {
    let limit = decoded(limit).replace(['{', '}'], "");
    limit.strip_prefix("1/").map_or(limit.clone(), |rest| format!("/{rest}"))
}

fn decoded(text: &str) -> String {
    text.replace("%2F", "/").replace("%2f", "/").replace("%7B", "{").replace("%7D", "}")
}

/// Ids of quotas of BigQuery that are not those on what queries read, and nearly are.
pub fn misspelled_ids(terraform: &Terraform<'_>) -> Vec<MisnamedLimit> {
    let preferences = terraform.resources("google_cloud_quotas_quota_preference");
    preferences.filter_map(|resource| misspelled(terraform, resource)).collect()
}

fn misspelled<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<MisnamedLimit> {
    let text = |name| terraform.text(resource, resource.body, name);
    text("service").value().filter(|service| *service == SERVICE)?;
    let written = text("quota_id").spanned()?.clone();
    let names = || IDS.iter().map(|(name, _)| *name);
    let meant = nearest(&written.value, names()).filter(|_| names().all(|name| name != written.value))?;
    Some(MisnamedLimit {
        address: resource.unique_address(),
        shown: resource.address(),
        span: written.span,
        written: written.value,
        meant: IDS.iter().find(|(name, _)| *name == meant)?.0,
    })
}

/// A quota of which it is not known whether it limits what queries read.
pub fn hidden_quota(terraform: &Terraform<'_>) -> Option<Span> {
    let kinds = ["google_cloud_quotas_quota_preference", "google_service_usage_consumer_quota_override"];
    let mut quotas = kinds.into_iter().flat_map(|kind| terraform.resources(kind));
    quotas.find(|quota| may_limit_queries(terraform, quota)).map(|quota| quota.span)
}

fn may_limit_queries<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> bool {
    let is_unknown = |name| terraform.text(resource, resource.body, name).why().is_some();
    ["service", "quota_id", "metric", "limit"].into_iter().any(is_unknown)
}

/// Reads the amounts of all budgets that say one.
pub fn read_amounts(terraform: &Terraform<'_>) -> Vec<Amount> {
    let budgets = terraform.resources("google_billing_budget");
    let of_budget = |budget| {
        let amounts = terraform.nested(budget, budget.body, "amount").blocks.into_iter();
        let specified = amounts.flat_map(|amount| terraform.nested(&amount, amount.body, "specified_amount").blocks);
        specified.map(move |specified| Amount {
            address: budget.unique_address(),
            shown: budget.address(),
            units: terraform.text(&specified, specified.body, "units"),
        })
    };
    budgets.flat_map(of_budget).collect()
}

/// Reads the thresholds of all budgets.
pub fn read_thresholds(terraform: &Terraform<'_>) -> Vec<Threshold> {
    let budgets = terraform.resources("google_billing_budget");
    let of_budget = |budget| {
        let rules = terraform.nested(budget, budget.body, "threshold_rules").blocks.into_iter();
        rules.map(move |rule| Threshold {
            address: budget.unique_address(),
            shown: budget.address(),
            fraction: terraform.number(&rule, rule.body, "threshold_percent"),
        })
    };
    budgets.flat_map(of_budget).collect()
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn a_limit_is_the_same_however_it_is_written() {
        for written in ["%2Fd%2Fproject%2Fuser", "/d/project/user", "1/d/{project}/{user}", "/d/{project}/{user}"] {
            assert_eq!(bare(written), "/d/project/user");
        }
        assert_eq!(bare("/min/project"), "/min/project");
    }
}
