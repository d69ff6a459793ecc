//! Drawings of the way of the data: Mermaid for a pull request, DOT for Graphviz, a page for people, JSON for programs.

mod dot;
mod json;
mod mermaid;
mod page;
mod sketch;

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;
pub use page::html;

pub(super) use mermaid::sketched;
pub(super) use sketch::changed;

use super::Report;
use crate::diagnostic::{Diagnostic, Severity, Subject, SubjectKind};
use crate::model::Model;
use crate::model::graph::{Graph, Node};
use crate::text::{Files, Span};
use std::collections::BTreeMap;

/// A graph with what is found on each of its nodes.
pub struct Drawing<'a> {
    files: &'a Files,
    graph: &'a Graph,
    /// Of each node, the worst first.
    findings: Vec<Vec<&'a Diagnostic>>,
}

impl<'a> Drawing<'a> {
    pub fn new(files: &'a Files, model: &Model, report: &'a Report, graph: &'a Graph) -> Drawing<'a> {
        let mut places: BTreeMap<&Subject, Vec<usize>> = BTreeMap::new();
        for (at, node) in graph.nodes.iter().enumerate() {
            node.subjects.iter().for_each(|subject| places.entry(subject).or_default().push(at));
        }
        let mut findings: Vec<Vec<&Diagnostic>> = vec![Vec::new(); graph.nodes.len()];
        for found in &report.diagnostics {
            for subject in held_by(&found.subject, model) {
                for at in places.get(&subject).into_iter().flatten() {
                    findings.get_mut(*at).expect("each place is one of a node").push(found);
                }
            }
        }
        findings.iter_mut().for_each(|found| found.sort_by_key(|one| std::cmp::Reverse(one.severity)));
        Drawing { files, graph, findings }
    }

    fn findings(&self, at: usize) -> &[&'a Diagnostic] {
        self.findings.get(at).map_or(&[], Vec::as_slice)
    }

    fn worst(&self, at: usize) -> Option<Severity> {
        self.findings(at).first().map(|found| found.severity)
    }

    /// `terraform/buckets.tf:3`.
    fn place(&self, span: Span) -> String {
        let file = self.files.get(span.file);
        format!("{}:{}", file.path, file.position(span.start).line)
    }

    fn nodes(&self) -> impl Iterator<Item = (usize, &'a Node)> {
        self.graph.nodes.iter().enumerate()
    }
}

/// The things that a drawing shows for a subject: the table of a column, the feeds of a schema.
pub(super) fn held_by(subject: &Subject, model: &Model) -> Vec<Subject> {
    match subject.kind {
        SubjectKind::Column => {
            let parts: Vec<(usize, char)> = subject.key.char_indices().filter(|(_, c)| *c == '.').collect();
            parts.iter().filter_map(|(at, _)| Some(Subject::new(SubjectKind::Table, subject.key.get(..*at)?))).collect()
        }
        SubjectKind::Schema | SubjectKind::Field => {
            let lies_in = |schema: &str| {
                let rest = subject.key.strip_prefix(schema);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['#', '.', '/', '[']))
            };
            let of_schema = model.feed_schemas.iter().filter(|(_, schema)| lies_in(schema.as_str()));
            of_schema.map(|(feed, _)| Subject::new(SubjectKind::Feed, feed.0.clone())).collect()
        }
        _ => vec![subject.clone()],
    }
}

#[cfg(test)]
mod tests;
