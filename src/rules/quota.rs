//! Rules on what may be read and spent: custom quotas of BigQuery, and budgets.

use super::{Context, Sink};
use crate::diagnostic::{Subject, SubjectKind};
use crate::estimate::amount::bytes;
use crate::estimate::headroom;
use crate::model::allowance::{CustomQuota, Holder, MIB};
use crate::model::facts::Item;
use crate::text::{Span, grouped};

/// From here on a figure in MiB is more than all of Google's customers read in a day: it is one in bytes.
const BYTES_FROM_MIB: f64 = (1u64 << 30) as f64;
/// A budget of ten times its amount is the largest that anybody means.
const MAX_FRACTION: f64 = 10.0;
/// Queries that a finding shows.
const MAX_SHOWN: usize = 5;

fn subject(context: &Context<'_>, span: Span) -> Subject {
    Subject::new(SubjectKind::File, context.files.get(span.file).path.as_str())
}

/// The quota on what queries read counts in MiB.
pub(super) fn quota_in_bytes(context: &Context<'_>, sink: &mut Sink<'_>) {
    for quota in &context.head.allowances {
        if let Some(why) = quota.n_mib.why() {
            sink.not_checked(&subject(context, quota.span), why.text.to_string(), why.span);
        }
        let Some(value) = quota.n_mib.spanned().filter(|value| value.value >= BYTES_FROM_MIB) else { continue };
        // Both are whole numbers of so many digits as people write.
        let written = value.value as u64;
        let message = format!(
            "`{}` allows {} MiB a day, which limits nothing; as bytes it would be {}",
            quota.shown,
            grouped(written),
            bytes(written)
        );
        let found = sink.report(subject(context, value.span), value.span, message);
        found.help(format!("write the quota in MiB: `{}`", written.div_ceil(MIB))).detail(quota.address.clone());
    }
}

/// What one user may read is part of what all may.
pub(super) fn user_quota_above_project_quota(context: &Context<'_>, sink: &mut Sink<'_>) {
    let of = |holder| context.head.allowances.iter().filter(move |quota: &&CustomQuota| quota.holder == holder);
    for user in of(Holder::User) {
        let same = |quota: &&CustomQuota| quota.project == user.project || is_same_project(quota, user);
        let Some(project) = of(Holder::Project).find(same) else { continue };
        let (Some(of_user), Some(of_all), Some(span)) = (user.bytes(), project.bytes(), user.n_mib.span()) else { continue };
        if of_user <= of_all || of_user >= BYTES_FROM_MIB as u64 * MIB {
            continue;
        }
        let message = format!(
            "`{}` lets one user read {} a day, and the whole project may read {}",
            user.shown,
            bytes(of_user),
            bytes(of_all)
        );
        let found = sink.report(subject(context, span), span, message);
        found.detail(user.address.clone());
        if let Some(span) = project.n_mib.span() {
            found.related(span, "the quota of the project");
        }
    }
}

fn is_same_project(one: &CustomQuota, other: &CustomQuota) -> bool {
    one.project.value().zip(other.project.value()).is_some_and(|(one, other)| one == other)
}

/// The older resource takes limits without braces, without `1/`, and encoded for a URL.
pub(super) fn malformed_quota_limit(context: &Context<'_>, sink: &mut Sink<'_>) {
    for limit in &context.head.misnamed_limits {
        let message = format!("`{}` names its limit `{}`, which the provider does not take", limit.shown, limit.written);
        let found = sink.report(subject(context, limit.span), limit.span, message);
        found.help(format!("write `limit = \"{}\"`", limit.meant)).detail(limit.address.clone());
    }
}

/// A quota on what queries read has one of two ids.
pub(super) fn misspelled_quota_id(context: &Context<'_>, sink: &mut Sink<'_>) {
    for id in &context.head.misspelled_ids {
        let message = format!("BigQuery has no quota `{}`, so that `{}` limits nothing", id.written, id.shown);
        let found = sink.report(subject(context, id.span), id.span, message);
        found.help(format!("write `quota_id = \"{}\"`", id.meant)).detail(id.address.clone());
    }
}

/// The amount of a budget is a whole number of units.
pub(super) fn fractional_budget_amount(context: &Context<'_>, sink: &mut Sink<'_>) {
    for amount in &context.head.amounts {
        let Some(units) = amount.units.spanned().filter(|units| units.value.trim().parse::<i64>().is_err()) else { continue };
        let message = format!("`{}` has an amount of `{}`, and units are whole numbers", amount.shown, units.value);
        sink.report(subject(context, units.span), units.span, message).detail(amount.address.clone());
    }
}

/// Thresholds of a budget are fractions of its amount.
pub(super) fn budget_threshold_in_percent(context: &Context<'_>, sink: &mut Sink<'_>) {
    for threshold in &context.head.thresholds {
        let Some(fraction) = threshold.fraction.spanned().filter(|fraction| fraction.value > MAX_FRACTION) else { continue };
        let percent = fraction.value * 100.0;
        let message = format!("`{}` warns at {percent:.0} % of its amount", threshold.shown);
        let found = sink.report(subject(context, fraction.span), fraction.span, message);
        found.help(format!("write a fraction: `{}`", fraction.value / 100.0));
        found.detail(format!("{} {}", threshold.address, fraction.value));
    }
}

/// What is read every day is less than what may be read.
pub(super) fn query_quota_exceeded(context: &Context<'_>, sink: &mut Sink<'_>) {
    let project = context.config.project.as_ref().map(|project| project.value.as_str());
    let usages = headroom::usages(context.head, context.estimates, project);
    for usage in usages.iter().filter(|usage| usage.used.low > usage.limit) {
        let who =
            usage.user.as_ref().map_or("the queries of this repository".to_owned(), |user| format!("what runs as `{user}`"));
        let message =
            format!("{who} read at least {} a day, and `{}` allows {}", bytes(usage.used.low), usage.quota, bytes(usage.limit));
        let of_first = || usage.queries.first().and_then(|(query, _)| Some(context.head.queries.get(query)?.span));
        let Some(place) = usage.place.or_else(of_first) else { continue };
        let message = if usage.user.is_some() { message.replacen(" read at", " reads at", 1) } else { message };
        let found = sink.report(subject(context, place), place, message);
        found.detail(format!("{} {}", usage.quota, usage.user.as_deref().unwrap_or_default()));
        for (query, read) in usage.queries.iter().take(MAX_SHOWN) {
            if let Some(query) = context.head.queries.get(query) {
                found.related(query.span, format!("at least {} a day", bytes(read.low)));
            }
        }
    }
}

/// A single run fits into a day's quota.
pub(super) fn query_above_quota(context: &Context<'_>, sink: &mut Sink<'_>) {
    let project = context.config.project.as_ref().map(|project| project.value.as_str());
    let quotas = headroom::quotas(context.head, project);
    let Some((limit, quota)) = quotas.iter().filter_map(|quota| Some((quota.bytes()?, quota))).min_by_key(|(limit, _)| *limit)
    else {
        return;
    };
    for estimate in context.estimates.iter().filter(|estimate| estimate.billed.low > limit) {
        let Some(query) = context.head.queries.get(&estimate.query) else { continue };
        let message = format!(
            "`{}` reads at least {}, and `{}` allows {} a day",
            query.id,
            bytes(estimate.billed.low),
            quota.shown,
            bytes(limit)
        );
        let found = sink.report(Item::Query(query).subject(), query.span, message);
        found.related(quota.n_mib.span().unwrap_or(quota.span), "the quota");
    }
}
