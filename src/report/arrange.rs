//! Puts a report in order, and narrows it to what was asked for.

use super::{Report, Stats, amount};
use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::text::{Files, RepoPath, Span};
use std::collections::BTreeMap;

impl Report {
    /// New findings first, then by path and place; estimates and what was skipped by name: the order of files and threads never shows.
    pub fn sort(&mut self, files: &Files) {
        let place = |span: Span| (&files.get(span.file).path, span.start, span.end);
        let order = |a: &Diagnostic, b: &Diagnostic| {
            let is_known = |found: &Diagnostic| found.is_new == Some(false);
            let by_place = (is_known(a), place(a.primary)).cmp(&(is_known(b), place(b.primary)));
            by_place.then_with(|| (&a.rule, &a.message).cmp(&(&b.rule, &b.message)))
        };
        self.diagnostics.sort_by(order);
        self.suppressed.sort_by(order);
        self.in_baseline.sort_by(order);
        self.estimates.sort_by(|a, b| a.query.cmp(&b.query));
        self.skipped.sort();
        self.skipped.dedup();
    }

    /// Leaves out the findings that the base has as well.
    pub fn keep_new(&mut self) {
        let n_before = self.diagnostics.len();
        self.diagnostics.retain(|diagnostic| diagnostic.is_new != Some(false));
        self.n_known_left_out += n_before - self.diagnostics.len();
    }

    /// Keeps what points below one of these files or folders; all of it when there are none. Of a finding, any of its places
    /// will do: of two files that contradict each other, whoever touched either has to know.
    pub fn keep_below(&mut self, paths: &[RepoPath], files: &Files) {
        if paths.is_empty() {
            return;
        }
        let is_below = |span: Span| paths.iter().any(|path| files.get(span.file).path.lies_in(path));
        let concerns = |found: &Diagnostic| is_below(found.primary) || found.related.iter().any(|label| is_below(label.span));
        self.diagnostics.retain(concerns);
        self.suppressed.retain(concerns);
        self.in_baseline.retain(concerns);
        self.estimates.retain(|estimate| is_below(estimate.span));
        if let Some(repricing) = &mut self.repricing {
            repricing.queries.retain(|repriced| repriced.span().is_some_and(is_below));
        }
        self.skipped.retain(|skipped| skipped.span.is_none_or(is_below));
    }
}

/// So many findings of one rule at one place are shown to people. A block that makes a hundred instances has each mistake in
/// it a hundred times; the JSON report has them all.
const MAX_AT_ONE_PLACE: usize = 3;

/// A finding that is shown, and how many of its rule at its place are not.
pub(super) struct Shown<'a, F = Diagnostic> {
    pub(super) finding: &'a F,
    n_more: usize,
}

impl<F> Shown<'_, F> {
    /// `17 more findings of this rule at this place`.
    pub(super) fn more(&self) -> Option<String> {
        (self.n_more > 0).then(|| format!("{} of this rule at this place", amount::count(self.n_more, "more finding")))
    }

    /// How many findings it stands for.
    pub(super) fn weight(&self) -> usize {
        1 + self.n_more
    }
}

/// The findings in their order, thinned out where many are at one place.
pub(super) fn thinned<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Vec<Shown<'a>> {
    thinned_by(diagnostics, |found| (found.rule.as_str(), found.primary, found.is_new))
}

/// The same of findings of any form, with the rule and the place of each.
pub(super) fn thinned_by<'a, F, K: Ord>(
    findings: impl IntoIterator<Item = &'a F>,
    place_of: impl Fn(&'a F) -> K,
) -> Vec<Shown<'a, F>> {
    let mut shown: Vec<Shown<'a, F>> = Vec::new();
    let mut of_place: BTreeMap<K, (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let (n, last) = of_place.entry(place_of(finding)).or_default();
        *n += 1;
        match shown.get_mut(*last).filter(|_| *n > MAX_AT_ONE_PLACE) {
            Some(last) => last.n_more += 1,
            None => {
                *last = shown.len();
                shown.push(Shown { finding, n_more: 0 });
            }
        }
    }
    shown
}

impl Stats {
    pub fn of(model: &Model, rules: usize) -> Stats {
        Stats {
            views: model.views.len(),
            explores: model.looker.explores.len(),
            read: model.counts,
            feeds: model.feeds.len(),
            feed_sources: feed_sources(model),
            schemas: model.schemas.len(),
            tables: model.tables.len(),
            buckets: model.buckets.len(),
            queries: model.queries.len(),
            rules,
        }
    }
}

fn feed_sources(model: &Model) -> BTreeMap<&'static str, usize> {
    let mut sources = BTreeMap::new();
    for origin in model.feeds.values().filter_map(|feed| feed.origins.first()) {
        *sources.entry(origin.source.name()).or_default() += 1;
    }
    sources
}
