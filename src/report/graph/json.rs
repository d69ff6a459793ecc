//! The graph for programs. The structs here are the contract.

use super::Drawing;
use crate::report::clean;
use serde::Serialize;

/// The version that is written into every graph. Additions keep it; anything else raises it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonGraph<'a> {
    version: u32,
    nodes: Vec<JsonNode<'a>>,
    edges: Vec<JsonEdge>,
}

#[derive(Serialize)]
struct JsonNode<'a> {
    id: usize,
    kind: &'static str,
    name: &'a str,
    /// Unique within its kind: an address in Terraform, the whole name of a table.
    key: &'a str,
    /// Null where the repository speaks of it and does not declare it.
    path: Option<&'a str>,
    line: Option<u32>,
    feeds: Vec<&'a str>,
    findings: Vec<JsonFinding<'a>>,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonEdge {
    from: usize,
    to: usize,
    /// Only the definition of a feed says so.
    declared: bool,
}

pub fn json(drawing: &Drawing<'_>) -> String {
    let nodes = drawing.nodes().map(|(id, node)| {
        let file = node.span.map(|span| (drawing.files.get(span.file), span));
        let findings = drawing.findings(id).iter();
        JsonNode {
            id,
            kind: node.kind.name(),
            name: &node.name,
            key: &node.key,
            path: file.map(|(file, _)| file.path.as_str()),
            line: file.map(|(file, span)| file.position(span.start).line),
            feeds: node.feeds.iter().map(|feed| &*feed.0).collect(),
            findings: findings
                .map(|one| JsonFinding { rule: one.rule.as_str(), severity: one.severity.name(), message: &one.message })
                .collect(),
        }
    });
    let edges = drawing.graph.edges.iter().map(|edge| JsonEdge { from: edge.from, to: edge.to, declared: edge.is_declared });
    let graph = JsonGraph { version: VERSION, nodes: nodes.collect(), edges: edges.collect() };
    clean::json(&serde_json::to_string_pretty(&graph).expect("these structs hold nothing that JSON cannot"))
}
