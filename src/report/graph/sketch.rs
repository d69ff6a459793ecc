//! What is drawn as Mermaid: names and ways, without any place. A report tells it, so that it can be drawn again where
//! there is no repository.

use super::Drawing;
use crate::diagnostic::Subject;
use crate::model::graph::{Edge, Graph, Node};
use crate::report::Report;
use crate::report::pipeline::Pipeline;
use crate::report::told::{Sketch, SketchEdge, SketchNode};
use std::collections::BTreeMap;

/// A comment that has more than this is not read.
const MAX_CHANGED: usize = 400;

/// All of a drawing.
pub(super) fn whole<'a>(drawing: &Drawing<'a>) -> Sketch<'a> {
    let node = |(at, node): (usize, &'a Node)| SketchNode {
        findings: drawing.findings(at).len(),
        worst: drawing.worst(at).map(|worst| worst.name().into()),
        ..plain(node)
    };
    linked(drawing.graph, drawing.nodes().map(node).collect())
}

/// The part that a change touches; `None` where it touches none.
pub(in crate::report) fn changed<'a>(report: &Report, pipeline: &'a Pipeline) -> Option<Sketch<'a>> {
    let graph = &pipeline.graph;
    let mut findings: BTreeMap<&Subject, Vec<_>> = BTreeMap::new();
    for found in report.diagnostics.iter().filter(|found| found.is_new == Some(true)) {
        for subject in pipeline.held.get(&found.subject).into_iter().flatten() {
            findings.entry(subject).or_default().push(found.severity);
        }
    }
    let node = |node: &'a Node| {
        let found = || node.subjects.iter().filter_map(|subject| findings.get(subject)).flatten();
        SketchNode {
            findings: found().count(),
            worst: found().max().map(|worst| worst.name().into()),
            change: node.subjects.iter().find_map(|subject| pipeline.changed.get(subject)).map(|what| (*what).into()),
            ..plain(node)
        }
    };
    let is_drawn = !graph.edges.is_empty() && graph.nodes.len() <= MAX_CHANGED;
    // Beside a change, what stands alone is not worth a word.
    is_drawn.then(|| Sketch { alone: 0, ..linked(graph, graph.nodes.iter().map(node).collect()) })
}

fn plain(node: &Node) -> SketchNode<'_> {
    SketchNode {
        kind: node.kind.name().into(),
        name: (&node.name).into(),
        feeds: node.feeds.iter().map(|feed| (&*feed.0).into()).collect(),
        declared: node.span.is_some(),
        ..SketchNode::default()
    }
}

fn linked<'a>(graph: &Graph, nodes: Vec<SketchNode<'a>>) -> Sketch<'a> {
    let edge = |edge: &Edge| SketchEdge { from: edge.from, to: edge.to, declared: edge.is_declared };
    let edges: Vec<SketchEdge> = graph.edges.iter().map(edge).collect();
    let linked: std::collections::BTreeSet<usize> = edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
    let alone = nodes.len() - linked.len();
    Sketch { nodes, edges, alone }
}
