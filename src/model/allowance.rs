//! What Terraform allows a project to read and to spend: custom quotas of BigQuery in both of their resources, and the
//! thresholds of budgets.

use super::Known;
use super::terraform::{Resource, Terraform};
use crate::text::Span;

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

/// Reads the quotas of both kinds.
pub fn read_quotas(terraform: &Terraform<'_>) -> Vec<CustomQuota> {
    let preferences = terraform.resources("google_cloud_quotas_quota_preference");
    let overrides = terraform.resources("google_service_usage_consumer_quota_override");
    let preferences = preferences.filter_map(|resource| read_preference(terraform, resource));
    preferences.chain(overrides.filter_map(|resource| read_override(terraform, resource))).collect()
}

fn read_preference<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<CustomQuota> {
    let text = |name| terraform.text(resource, resource.body, name);
    let holder = match text("quota_id").value()?.as_str() {
        "QueryUsagePerDay" => Holder::Project,
        "QueryUsagePerUserPerDay" => Holder::User,
        _ => return None,
    };
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
