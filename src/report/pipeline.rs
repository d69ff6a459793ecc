//! The way of the data, as far as a change touches it, and which feeds each thing serves that a report speaks of.

use super::Report;
use super::graph::held_by;
use crate::diagnostic::{Diagnostic, Label, Subject, SubjectKind};
use crate::model::graph::Graph;
use crate::model::{FeedId, Model};
use std::collections::{BTreeMap, BTreeSet};

/// What two revisions show beside what differs.
#[derive(Debug, Default)]
pub struct Pipeline {
    /// Of the head, what lies on the way of the feeds that the change touches.
    pub graph: Graph,
    /// The feeds of what findings and changes are about.
    pub feeds: BTreeMap<Subject, BTreeSet<FeedId>>,
    /// What is drawn and has changed, with what became of it.
    pub changed: BTreeMap<Subject, &'static str>,
    /// The things that are drawn for what findings are about.
    pub held: BTreeMap<Subject, Vec<Subject>>,
}

impl Pipeline {
    /// What the subjects of this report serve in either revision. `project` is that of things that name none.
    pub fn of(report: &Report, base: &Model, head: &Model, project: Option<&str>) -> Pipeline {
        let whole = Graph::of(head, project);
        let sides = [(head, &whole), (base, &Graph::of(base, project))];
        let subjects = report.changes.iter().map(|change| &change.subject);
        let subjects: BTreeSet<&Subject> = subjects.chain(report.diagnostics.iter().map(|found| &found.subject)).collect();
        let mut pipeline = Pipeline::default();
        for (model, graph) in sides {
            let known = feeds_of_nodes(graph);
            for subject in &subjects {
                let held = held_by(subject, model);
                let feeds = held.iter().filter_map(|subject| known.get(subject)).flat_map(|feeds| feeds.iter().cloned());
                pipeline.feeds.entry((*subject).clone()).or_default().extend(feeds);
            }
        }
        pipeline.held = report.diagnostics.iter().map(|found| (found.subject.clone(), held_by(&found.subject, head))).collect();
        pipeline.mark_changes(report, head);
        let touched = pipeline.touched(report);
        let is_changed = |subject: &Subject| pipeline.changed.contains_key(subject);
        pipeline.graph = whole.keep(|node| node.subjects.iter().any(is_changed) || !node.feeds.is_disjoint(&touched));
        pipeline
    }

    fn mark_changes(&mut self, report: &Report, head: &Model) {
        for change in &report.changes {
            let own = held_by(&change.subject, head);
            let what = if own.contains(&change.subject) { change.kind.name() } else { "modified" };
            for subject in own {
                self.changed.entry(subject).or_insert(what);
            }
        }
    }

    /// The feeds whose way is drawn. What many feeds share is drawn by itself, and not with the ways of all of them.
    fn touched(&self, report: &Report) -> BTreeSet<FeedId> {
        use SubjectKind::{Column, Feed, Field, Schema, Table};
        let own = report.changes.iter().filter(|change| matches!(change.subject.kind, Feed | Schema | Field | Table | Column));
        own.filter_map(|change| self.feeds.get(&change.subject)).flatten().cloned().collect()
    }
}

fn feeds_of_nodes(graph: &Graph) -> BTreeMap<&Subject, &BTreeSet<FeedId>> {
    graph.nodes.iter().flat_map(|node| node.subjects.iter().map(|subject| (subject, &node.feeds))).collect()
}

impl Report {
    /// The feeds that a finding concerns: of what it is about, or else the one that a remark names.
    pub(super) fn feeds_of<'a>(&'a self, diagnostic: &'a Diagnostic) -> Vec<&'a str> {
        let known: Vec<&str> = self.feeds_of_subject(&diagnostic.subject).collect();
        match diagnostic.subject.kind {
            SubjectKind::Feed => vec![&diagnostic.subject.key],
            _ if known.is_empty() => diagnostic.related.iter().filter_map(named_feed).take(1).collect(),
            _ => known,
        }
    }

    pub(super) fn feeds_of_subject<'a>(&'a self, subject: &Subject) -> impl Iterator<Item = &'a str> + use<'a> {
        let feeds = self.pipeline.as_ref().and_then(|pipeline| pipeline.feeds.get(subject));
        feeds.into_iter().flatten().map(|feed| &*feed.0)
    }
}

/// `orders` of ``feed `orders` …``.
fn named_feed(label: &Label) -> Option<&str> {
    label.text.strip_prefix("feed `")?.split('`').next()
}
