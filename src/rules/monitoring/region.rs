//! A history of jobs of no region: BigQuery refuses it.

use super::{reckonings, subject};
use crate::diagnostic::Applicability;
use crate::rules::sql::edit;
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Source, SourceKind};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        for source in reckoning.sources.iter().filter(|source| is_bare(source)) {
            let name = source.path.join(".");
            let message = format!("`{name}` is in no region: BigQuery wants a region before it");
            let location = context.config.location.as_ref().map(|location| location.value.to_ascii_lowercase());
            let region = format!("`region-{}`", location.as_deref().unwrap_or("us"));
            let diagnostic = sink.report(subject(query), query.map.span(source.range.clone()), message);
            diagnostic.help(format!("write {region}.{name}, with the location of the jobs"));
            diagnostic.detail(name);
            let at = source.range.start..source.range.start;
            let fix = edit::replace(query, at, &format!("{region}."), "name the region", Applicability::Unsafe);
            fix.filter(|_| location.is_some()).into_iter().for_each(|fix| _ = diagnostic.fix(fix));
        }
    }
}

/// Nothing stands before the view.
fn is_bare(source: &Source) -> bool {
    let is_first = source.path.first().is_some_and(|first| first.eq_ignore_ascii_case("INFORMATION_SCHEMA"));
    is_first && source.kind != SourceKind::BillingExport && !source.has_hole && !source.is_elsewhere
}
