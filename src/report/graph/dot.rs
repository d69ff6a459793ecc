//! The drawing for Graphviz.

use super::Drawing;
use crate::diagnostic::Severity;
use crate::model::graph::{Kind, Stage};
use crate::report::clean;
use std::fmt::Write as _;

pub fn dot(drawing: &Drawing<'_>) -> String {
    let mut out = String::from(
        "digraph feedgate {\n  rankdir=LR;\n  node [fontname=\"Helvetica\", fontsize=11, style=filled, fillcolor=white];\n  edge [color=gray40];\n",
    );
    for stage in Stage::ALL {
        let own = || drawing.nodes().filter(|(_, node)| node.kind.stage() == stage);
        for (at, node) in own() {
            let n_findings = drawing.findings(at).len();
            let badge = if n_findings == 0 { String::new() } else { format!("\\n{n_findings} found") };
            let color = match drawing.worst(at) {
                Some(Severity::Error) => ", color=red3, penwidth=2",
                Some(Severity::Warning) => ", color=orange3, penwidth=2",
                Some(Severity::Note) | None => "",
            };
            let missing = if node.span.is_none() { ", style=dashed" } else { "" };
            let _ = writeln!(
                out,
                "  n{at} [label=\"{}\\n{}{badge}\", shape={}{color}{missing}];",
                node.kind.name(),
                escaped(&node.name),
                shape(node.kind)
            );
        }
        let first: Vec<String> = own().filter(|(_, node)| node.depth == 0).map(|(at, _)| format!("n{at};")).collect();
        if first.len() > 1 {
            let _ = writeln!(out, "  {{ rank=same; {} }}", first.join(" "));
        }
    }
    for edge in &drawing.graph.edges {
        let style = if edge.is_declared { " [style=dashed]" } else { "" };
        let _ = writeln!(out, "  n{} -> n{}{style};", edge.from, edge.to);
    }
    out.push_str("}\n");
    clean::without_commands(out)
}

fn shape(kind: Kind) -> &'static str {
    match kind {
        Kind::Feed => "note",
        Kind::Bucket => "cylinder",
        Kind::Topic | Kind::Trigger => "hexagon",
        Kind::Workflow | Kind::Function | Kind::Service | Kind::Endpoint => "component",
        Kind::Table | Kind::Derived => "box3d",
        Kind::View => "box",
        Kind::Query => "folder",
        Kind::Look | Kind::Dashboard => "tab",
    }
}

/// A text between quotes, on one line: Graphviz reads `\n` and its like behind a backslash.
fn escaped(text: &str) -> String {
    clean::line(text).replace('\\', "\\\\").replace('"', "\\\"")
}
