//! Hand-made models for the tests of the engine.

use super::Context;
use super::catalogue::Catalogue;
use super::run::{Findings, run};
use crate::config::Config;
use crate::diagnostic::RuleId;
use crate::model::feed::{FeedSource, Origin};
use crate::model::testing::files;
use crate::model::{Feed, FeedId, Known, Model};
use crate::text::{Date, FileId, Side, Span, Spanned};

pub(crate) const TODAY: Date = Date { year: 2026, month: 8, day: 22 };

pub(crate) fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(FileId::from_index(0), range)
}

pub(crate) fn known<T>(value: T) -> Known<T> {
    Known::Known(Spanned::new(value, span(0..0)))
}

/// A feed of which only the name is known.
pub(crate) fn feed(name: &str) -> Feed {
    let origin = Origin { source: FeedSource::FeedFile, span: span(0..0), name_span: span(0..0) };
    Feed::named(FeedId(name.into()), origin)
}

pub(crate) fn model(feeds: impl IntoIterator<Item = Feed>) -> Model {
    Model { feeds: feeds.into_iter().map(|feed| (feed.id.clone(), feed)).collect(), ..Model::default() }
}

/// Runs the rules that the repository of `texts` brings along, on this model.
pub(crate) fn run_user_rules(texts: &[(&str, &str)], head: &Model, config: &Config) -> Findings {
    let files = files(texts);
    let catalogue = Catalogue::embedded().with_user_rules(&files, Side::Head);
    let context = Context::alone(&files, Side::Head, head, config, TODAY);
    let only = catalogue
        .rules()
        .map(|rule| rule.meta.id.clone())
        .filter(|id| texts.iter().any(|(path, _)| path.ends_with(&format!("/{id}.md"))));
    let mut only: Vec<RuleId> = only.collect();
    only.extend(["invalid-rule", "invalid-config"].map(RuleId::new));
    run(&catalogue, &context, &only, None)
}

/// Findings and what was not checked, one a line.
pub(crate) fn shown(findings: &Findings) -> String {
    let found = findings.diagnostics.iter().map(|found| format!("{}: {}", found.rule, found.message));
    let skipped =
        findings.skipped.iter().map(|skipped| format!("not checked: {} {}: {}", skipped.what, skipped.subject, skipped.why));
    found.chain(skipped).collect::<Vec<_>>().join("\n")
}
