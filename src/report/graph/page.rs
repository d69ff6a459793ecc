//! The page for people: a file that holds all it needs. Without scripts it is columns of cards; with them, the cards are laid
//! out along their ways, can be searched, and light up what lies before and behind them.

use super::Drawing;
use crate::diagnostic::Severity;
use crate::model::graph::{Kind, Node, Stage};
use crate::report::{amount, clean};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// Nothing is fetched and nothing is sent, whatever a name in the tree looks like.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Findings that one card lists.
const MAX_FINDINGS: usize = 30;
/// Things without a way that are listed.
const MAX_ALONE: usize = 500;

pub fn html(drawing: &Drawing<'_>) -> String {
    let linked: BTreeSet<usize> = drawing.graph.edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
    let is_shown = |at: usize, node: &Node| node.kind == Kind::Feed || linked.contains(&at);
    let shown: Vec<(usize, &Node)> = drawing.nodes().filter(|(at, node)| is_shown(*at, node)).collect();
    let alone: Vec<(usize, &Node)> = drawing.nodes().filter(|(at, node)| !is_shown(*at, node)).collect();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>The way of the data</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    header(drawing, &mut out);
    out.push_str("<main>\n<div class=\"heads\"></div>\n<div class=\"board\">\n");
    let cards = Cards::new(drawing, &shown);
    for stage in Stage::ALL {
        let depths: BTreeSet<usize> = of_stage(&shown, stage).map(|(_, node)| node.depth).collect();
        for depth in depths {
            let members: Vec<_> = of_stage(&shown, stage).filter(|(_, node)| node.depth == depth).collect();
            let title = if depth == 0 { stage.title() } else { "↳" };
            let _ = writeln!(out, "<section class=\"column\" data-title=\"{title}\"><h2>{title} {}</h2>", members.len());
            members.iter().for_each(|(at, node)| cards.card(*at, node, &mut out));
            out.push_str("</section>\n");
        }
    }
    let hidden = if shown.is_empty() { "" } else { " hidden" };
    let _ = writeln!(out, "</div>\n<p class=\"none{hidden}\">Nothing here has such a name.</p>\n</main>");
    out.push_str(
        "<aside class=\"hidden\"><button type=\"button\" class=\"close\" aria-label=\"Close\">×</button><div></div></aside>\n",
    );
    footer(drawing, &alone, &mut out);
    let _ = write!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
    clean::without_commands(out)
}

fn of_stage<'s, 'a>(shown: &'s [(usize, &'a Node)], stage: Stage) -> impl Iterator<Item = (usize, &'a Node)> + 's {
    shown.iter().filter(move |(_, node)| node.kind.stage() == stage).copied()
}

fn header(drawing: &Drawing<'_>, out: &mut String) {
    let n_feeds = drawing.nodes().filter(|(_, node)| node.kind == Kind::Feed).count();
    let found = |severity| drawing.findings.iter().flatten().filter(|one| one.severity == severity).count();
    let counts = Severity::ALL.into_iter().map(|severity| (severity, found(severity))).filter(|(_, n)| *n > 0);
    let mut sum: Vec<String> = (n_feeds > 0).then(|| amount::count(n_feeds, "feed")).into_iter().collect();
    sum.extend(counts.map(|(severity, n)| amount::count(n, severity.name())));
    let _ = writeln!(
        out,
        "<header><h1>The way of the data</h1><span class=\"sum\">{}</span><span class=\"grow\"></span>\
         <label><input type=\"checkbox\" id=\"found\"> with findings</label>\
         <input type=\"search\" placeholder=\"Search: a feed, a table, a rule\" aria-label=\"Search\">\
         <button type=\"button\" id=\"theme\" aria-label=\"Light or dark\">◐</button></header>",
        sum.join(" · ")
    );
}

fn footer(drawing: &Drawing<'_>, alone: &[(usize, &Node)], out: &mut String) {
    out.push_str(
        "<footer>A dashed line: only the definition of a feed says so. A dashed card: named here, and not declared. \
         Hover to follow a way, click to see it alone with what is found, Esc to come back.",
    );
    if !alone.is_empty() {
        let _ = writeln!(
            out,
            "<details><summary>{} without a way to or from anything</summary><ul>",
            amount::count(alone.len(), "thing")
        );
        for (_, node) in alone.iter().take(MAX_ALONE) {
            let place =
                node.span.map_or_else(String::new, |span| format!(" <small>{}</small>", clean::html(&drawing.place(span))));
            let _ = writeln!(out, "<li>{} {}{place}</li>", node.kind.name(), clean::html(&node.name));
        }
        if alone.len() > MAX_ALONE {
            let _ = writeln!(out, "<li>{} more</li>", alone.len() - MAX_ALONE);
        }
        out.push_str("</ul></details>");
    }
    out.push_str("</footer>\n");
}

/// What every card needs to know of the others.
struct Cards<'d, 'a> {
    drawing: &'d Drawing<'a>,
    /// The number of each card on the page, by its place in the graph.
    numbers: BTreeMap<usize, usize>,
    /// The number of each feed.
    feeds: BTreeMap<&'a str, usize>,
    /// Of each place in the graph: where its ways lead, and whether they are only declared.
    ways: BTreeMap<usize, Vec<(usize, bool)>>,
}

impl<'d, 'a> Cards<'d, 'a> {
    fn new(drawing: &'d Drawing<'a>, shown: &[(usize, &'a Node)]) -> Cards<'d, 'a> {
        // The order of the graph is that of the columns.
        let numbers: BTreeMap<usize, usize> = shown.iter().map(|(at, _)| *at).zip(0..).collect();
        let feeds = shown.iter().flat_map(|(_, node)| node.feeds.iter().map(|feed| &*feed.0)).collect::<BTreeSet<&str>>();
        let mut ways: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
        for edge in &drawing.graph.edges {
            ways.entry(edge.from).or_default().extend(numbers.get(&edge.to).map(|to| (*to, edge.is_declared)));
        }
        Cards { drawing, numbers, feeds: feeds.into_iter().zip(0..).collect(), ways }
    }

    fn card(&self, at: usize, node: &Node, out: &mut String) {
        let ways = self.ways.get(&at).map_or(&[][..], Vec::as_slice);
        let listed = |all: Vec<usize>| all.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        let to = listed(ways.iter().map(|(to, _)| *to).collect());
        let declared = listed(ways.iter().filter(|(_, is_declared)| *is_declared).map(|(to, _)| *to).collect());
        let feeds = listed(node.feeds.iter().filter_map(|feed| self.feeds.get(&*feed.0).copied()).collect());
        let stage = Stage::ALL.iter().position(|stage| *stage == node.kind.stage()).unwrap_or_default();
        let strange = if node.span.is_none() { " strange" } else { "" };
        let worst = self.drawing.worst(at);
        let found = worst.map_or_else(String::new, |worst| format!(" data-found=\"{worst}\""));
        let name = clean::html(&node.name);
        debug_assert!(self.numbers.contains_key(&at), "only what is shown has a card");
        let _ = write!(
            out,
            "<button type=\"button\" class=\"card s{stage}{strange}\" title=\"{name}\" data-to=\"{to}\" data-declared=\"{declared}\" data-feeds=\"{feeds}\"{found}>\
             <small>{}</small><b>{name}</b>",
            node.kind.name()
        );
        if let Some(worst) = worst {
            let _ = write!(out, "<span class=\"badge {worst}\">{}</span>", self.drawing.findings(at).len());
        }
        out.push_str("</button>");
        self.more(at, node, out);
        out.push('\n');
    }

    /// What the panel shows when the card is chosen.
    fn more(&self, at: usize, node: &Node, out: &mut String) {
        let _ = write!(out, "<div class=\"more\"><h3>{}</h3><p>{}", clean::html(&node.name), node.kind.name());
        match node.span {
            Some(span) => {
                let _ = write!(out, ", <code>{}</code></p>", clean::html(&self.drawing.place(span)));
            }
            None => out.push_str(", named in this repository and not declared</p>"),
        }
        if *node.key != node.name {
            let _ = write!(out, "<p><code>{}</code></p>", clean::html(&node.key));
        }
        if node.kind != Kind::Feed && !node.feeds.is_empty() {
            let _ = write!(out, "<p>{}</p>", clean::html(&on_the_way_of(node)));
        }
        let findings = self.drawing.findings(at);
        if !findings.is_empty() {
            out.push_str("<ul>");
            for found in findings.iter().take(MAX_FINDINGS) {
                let _ = write!(
                    out,
                    "<li><span class=\"dot {}\"></span>{}<small>{} · {}</small></li>",
                    found.severity,
                    clean::html(&found.message.replace('`', "")),
                    clean::html(found.rule.as_str()),
                    clean::html(&self.drawing.place(found.primary))
                );
            }
            if findings.len() > MAX_FINDINGS {
                let _ = write!(out, "<li>{} more</li>", findings.len() - MAX_FINDINGS);
            }
            out.push_str("</ul>");
        }
        out.push_str("</div>");
    }
}

/// `on the way of trades, quotes and 12 more feeds`.
fn on_the_way_of(node: &Node) -> String {
    let names: Vec<&str> = node.feeds.iter().map(|feed| &*feed.0).take(6).collect();
    match node.feeds.len() - names.len() {
        0 => format!("on the way of {}", names.join(", ")),
        n => format!("on the way of {} and {n} more", names.join(", ")),
    }
}
