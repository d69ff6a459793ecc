//! What the queries of the repository read in a day, against the custom quotas that Terraform declares: of the project,
//! and of each service account that queries are scheduled for. Of a query that nobody says the runs of nothing is counted.

use super::monthly::billed_per_month;
use super::{Bounds, Estimate};
use crate::keys::schedule::DAYS_OF_MONTH;
use crate::model::allowance::{CustomQuota, DEFAULT_BYTES, Holder};
use crate::model::{Model, QueryId};
use crate::text::Span;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How much of a quota is read on an average day.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadUsage {
    pub holder: Holder,
    /// Where it is named.
    pub project: Option<String>,
    /// The service account, of a quota on each user.
    pub user: Option<String>,
    /// The quota, by its address in Terraform.
    pub quota: String,
    /// Where its figure stands; `None` of what BigQuery itself allows.
    pub place: Option<Span>,
    /// Bytes in a day.
    pub limit: u64,
    pub used: Bounds,
    /// What is counted, most first.
    pub queries: Vec<(QueryId, Bounds)>,
    /// Statements that read something, and of which nothing says how often they run.
    pub n_without_runs: usize,
}

impl ReadUsage {
    /// At least so much; 1 is all of it.
    pub fn share(&self) -> f64 {
        if self.limit == 0 { 0.0 } else { self.used.low as f64 / self.limit as f64 }
    }
}

/// The quotas that hold for queries of this project: all of those whose project is not known to be another.
pub fn quotas<'m>(model: &'m Model, project: Option<&str>) -> Vec<&'m CustomQuota> {
    let is_own = |quota: &&CustomQuota| match (quota.project.value(), project) {
        (Some(own), Some(project)) => own == project,
        _ => true,
    };
    // Reserved slots are paid for by time, and no quota counts their bytes.
    let all = model.allowances.iter().filter(|_| !model.has_reservations);
    all.filter(is_own).filter(|quota| quota.bytes().is_some()).collect()
}

/// Every quota with what is read of it, the fullest first.
pub fn usages(model: &Model, estimates: &[Estimate], project: Option<&str>) -> Vec<ReadUsage> {
    let daily: Vec<(&Estimate, Bounds)> =
        estimates.iter().filter_map(|estimate| Some((estimate, a_day(billed_per_month(estimate)?)))).collect();
    let reads = |estimate: &&Estimate| estimate.billed != Bounds::ZERO && estimate.runs_per_month.is_none();
    let n_without_runs = estimates.iter().filter(reads).count();
    let mut usages: Vec<ReadUsage> = by_default(model, &daily, n_without_runs, project).into_iter().collect();
    for quota in quotas(model, project) {
        match quota.holder {
            Holder::Project => usages.push(usage(quota, None, &daily, n_without_runs)),
            Holder::User => {
                let of_user = by_user(model, &daily).into_iter();
                usages.extend(of_user.map(|(user, daily)| usage(quota, Some(user), &daily, 0)));
            }
        }
    }
    usages.sort_by(|a, b| b.share().total_cmp(&a.share()).then_with(|| (&a.quota, &a.user).cmp(&(&b.quota, &b.user))));
    usages
}

/// What BigQuery itself allows a project, where no quota of its own is declared and something is read.
fn by_default(model: &Model, daily: &[(&Estimate, Bounds)], n_without_runs: usize, project: Option<&str>) -> Option<ReadUsage> {
    let is_said = quotas(model, project).iter().any(|quota| quota.holder == Holder::Project);
    let queries = most_first(daily);
    (!is_said && !model.has_reservations && !queries.is_empty()).then(|| ReadUsage {
        holder: Holder::Project,
        project: project.map(str::to_owned),
        user: None,
        quota: BY_DEFAULT.to_owned(),
        place: None,
        limit: DEFAULT_BYTES,
        used: sum(&queries),
        queries,
        n_without_runs,
    })
}

/// The name of the quota that nobody declares.
const BY_DEFAULT: &str = "BigQuery by default";

fn sum(queries: &[(QueryId, Bounds)]) -> Bounds {
    queries.iter().fold(Bounds::ZERO, |sum, (_, bytes)| sum.plus(*bytes))
}

fn most_first(daily: &[(&Estimate, Bounds)]) -> Vec<(QueryId, Bounds)> {
    let read = daily.iter().filter(|(_, bytes)| *bytes != Bounds::ZERO);
    let mut queries: Vec<(QueryId, Bounds)> = read.map(|(estimate, bytes)| (estimate.query.clone(), *bytes)).collect();
    queries.sort_by(|(a, of_a), (b, of_b)| {
        (Reverse(of_a.low), Reverse(of_a.high), a).cmp(&(Reverse(of_b.low), Reverse(of_b.high), b))
    });
    queries
}

fn usage(quota: &CustomQuota, user: Option<String>, daily: &[(&Estimate, Bounds)], n_without_runs: usize) -> ReadUsage {
    let queries = most_first(daily);
    ReadUsage {
        holder: quota.holder,
        project: quota.project.value().cloned(),
        user,
        quota: quota.shown.clone(),
        place: Some(quota.n_mib.span().unwrap_or(quota.span)),
        limit: quota.bytes().unwrap_or(u64::MAX),
        used: sum(&queries),
        queries,
        n_without_runs,
    }
}

/// The statements of scheduled queries, by the account in whose name they run.
fn by_user<'e>(model: &Model, daily: &[(&'e Estimate, Bounds)]) -> BTreeMap<String, Vec<(&'e Estimate, Bounds)>> {
    let accounts: BTreeMap<&str, &str> =
        model.scheduled.iter().filter_map(|query| Some((query.path.as_str(), query.account.as_deref()?))).collect();
    let mut found: BTreeMap<String, Vec<(&Estimate, Bounds)>> = BTreeMap::new();
    for (estimate, bytes) in daily {
        if let Some(account) = accounts.get(&*estimate.query.path) {
            found.entry((*account).to_owned()).or_default().push((estimate, *bytes));
        }
    }
    found
}

fn a_day(per_month: Bounds) -> Bounds {
    let of = |bytes: u64| (bytes as f64 / DAYS_OF_MONTH).round() as u64;
    Bounds { low: of(per_month.low), high: per_month.high.map(of) }
}
