//! Renders what is told of a run for a pull request: the verdict, what the change is at a glance, what it costs, what a
//! deployment does, findings by feed, and what was not checked. Everything from the tree is escaped. What is too much for
//! the budget is left out in steps, and said.

mod costs;
pub(super) mod escape;
mod findings;
mod glance;
mod links;

pub use glance::headline;
pub use links::Links;

use super::told::Told;
use super::{amount, changes, clean, graph, quotas, reads, summary};
use crate::diagnostic::SubjectKind;
use escape::{code, prose};
use std::fmt::Write as _;

/// How much room there is, and where links lead.
#[derive(Debug, Clone, Default)]
pub struct MarkdownOptions {
    /// UTF-16 units, which is how GitHub counts the 65,536 of a comment.
    pub budget: Budget,
    /// Where the files can be looked at; without it, places are only named.
    pub links: Option<Links>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Budget(pub usize);

impl Budget {
    /// With room for what is put around it.
    pub const COMMENT: Budget = Budget(60_000);
}

impl Default for Budget {
    fn default() -> Budget {
        Budget::COMMENT
    }
}

/// How much of everything is shown.
#[derive(Clone, Copy)]
struct Detail {
    /// Further places of a finding.
    places: usize,
    has_drawing: bool,
    has_advice: bool,
    /// Rows of tables, and items of lists.
    rows: usize,
    /// Whether all findings are shown, or the most severe ones that there is room for.
    has_all_findings: bool,
}

/// From all of it to the least, each with what it leaves out that the one before it has.
const STEPS: [(&str, Detail); 5] = [
    ("", Detail { places: 3, has_drawing: true, has_advice: true, rows: 12, has_all_findings: true }),
    ("further places of findings", Detail { places: 0, has_drawing: true, has_advice: true, rows: 12, has_all_findings: true }),
    ("the drawing", Detail { places: 0, has_drawing: false, has_advice: true, rows: 12, has_all_findings: true }),
    ("advice", Detail { places: 0, has_drawing: false, has_advice: false, rows: 12, has_all_findings: true }),
    ("most of the tables", Detail { places: 0, has_drawing: false, has_advice: false, rows: 5, has_all_findings: false }),
];

/// Nodes of the drawing.
const MAX_NODES: usize = 30;
/// Characters of one message or remark.
const MAX_TEXT: usize = 600;
/// Reasons for which something was not checked.
const MAX_REASONS: usize = 20;

/// What a step renders with.
#[derive(Clone, Copy)]
struct Page<'a> {
    told: &'a Told<'a>,
    links: Option<&'a Links>,
    detail: Detail,
}

/// A whole run.
pub fn render(told: &Told<'_>, options: &MarkdownOptions) -> String {
    let title = format!("### {}\n\n", glance::headline(told));
    if summary::is_nothing(told) {
        return title + "Nothing here that I read.\n";
    }
    let mut left_out: Vec<&str> = Vec::new();
    for (name, detail) in STEPS {
        left_out.extend(Some(name).filter(|name| !name.is_empty()));
        let page = Page { told, links: options.links.as_ref(), detail };
        if let Some(rendered) = page.render(&title, &left_out, options.budget.0) {
            return rendered;
        }
    }
    let glance = Page { told, links: None, detail: STEPS[STEPS.len() - 1].1 }.glance();
    let n_findings = amount::count(told.findings.len(), "finding");
    let notice = format!("**{n_findings} not shown here:** the JSON report has everything.\n");
    let short = format!("{title}{glance}{notice}");
    if size(&short) <= options.budget.0 { short } else { title + &notice }
}

/// Whether the run has anything to say to the people of a pull request.
pub fn has_news(told: &Told<'_>) -> bool {
    let is_repriced = told.repricing.as_ref().is_some_and(|repricing| !repricing.queries.is_empty());
    let lacks_base = told.skipped.iter().any(|skipped| skipped.what == "base");
    findings::new(told).next().is_some() || !told.changes.is_empty() || is_repriced || lacks_base
}

/// What stands where there was something to say before.
pub fn all_clear(told: &Told<'_>) -> String {
    format!("### ✅ feedgate: all clear\n\n{}", last_line(told))
}

fn size(text: &str) -> usize {
    text.encode_utf16().count()
}

impl Page<'_> {
    /// `None` where there is no room for it.
    fn render(&self, title: &str, left_out: &[&str], budget: usize) -> Option<String> {
        let mut before = format!("{title}{}", self.glance());
        before += &self.changes();
        before += &costs::markdown(self);
        let after = format!("{}{}{}{}", self.quotas(), self.drawing(), self.not_checked(), last_line(self.told));
        let notice = |n: usize| notice(left_out, n);
        if self.detail.has_all_findings {
            let whole = format!("{before}{}{}{after}", findings::all(self), notice(0));
            return (size(&whole) <= budget).then_some(whole);
        }
        let room = budget.checked_sub(size(&before) + size(&after) + size(&notice(usize::MAX)))?;
        let (worst, n_left) = findings::worst(self, room);
        Some(format!("{before}{worst}{}{after}", notice(n_left)))
    }

    /// What became of each feed, and of everything else below it, folded.
    fn changes(&self) -> String {
        let things = changes::things(&self.told.changes);
        let (feeds, others): (Vec<_>, Vec<_>) = things.into_iter().partition(|thing| thing.kind == SubjectKind::Feed);
        let mut out = list(&items(&feeds), self.detail.rows, "feed");
        if !out.is_empty() {
            out.push('\n');
        }
        if !others.is_empty() {
            let items = list(&items(&others), self.detail.rows * 2, "thing");
            let counted = changes::counted(&others);
            let _ = write!(out, "<details><summary>Also changed: {counted}</summary>\n\n{items}\n</details>\n\n");
        }
        out
    }

    fn quotas(&self) -> String {
        let quotas = quotas::markdown(&self.told.quotas);
        let reads = reads::markdown(&self.told.query_quotas);
        match quotas.is_empty() && reads.is_empty() {
            true => String::new(),
            false => format!("<details><summary>Quotas</summary>\n\n{quotas}{reads}\n</details>\n\n"),
        }
    }

    fn drawing(&self) -> String {
        match self.told.pipeline.as_ref().filter(|_| self.detail.has_drawing) {
            None => String::new(),
            Some(pipeline) => {
                let drawn = graph::sketched(pipeline, MAX_NODES);
                format!("<details><summary>The pipeline around the change</summary>\n\n{drawn}\n</details>\n\n")
            }
        }
    }

    fn not_checked(&self) -> String {
        let groups = summary::not_checked(self.told);
        if groups.is_empty() {
            return String::new();
        }
        let n_all: usize = groups.iter().map(|group| group.subjects.len()).sum();
        let mut out = format!("<details><summary>Not checked: {}</summary>\n\n", amount::count(n_all, "subject"));
        for group in groups.iter().take(MAX_REASONS) {
            out += &not_checked_item(group);
        }
        out += &more(groups.len(), MAX_REASONS, "reason");
        out + "\n</details>\n\n"
    }
}

fn list(items: &[String], n_shown: usize, what: &str) -> String {
    let shown: String = items.iter().take(n_shown).map(|item| format!("- {item}\n")).collect();
    shown + &more(items.len(), n_shown, what)
}

/// An item for each thing, and one for all statements of a file of which there is no more to say.
fn items(things: &[changes::Thing<'_>]) -> Vec<String> {
    let alike =
        |a: &changes::Thing<'_>, b: &changes::Thing<'_>| bare_statement(a).is_some_and(|of_a| bare_statement(b) == Some(of_a));
    let one = |chunk: &[changes::Thing<'_>]| {
        let first = chunk.first()?;
        Some(if chunk.len() == 1 { item(first) } else { statements(first, chunk.len()) })
    };
    things.chunk_by(alike).filter_map(one).collect()
}

/// The file of a statement of which there is nothing to say but what became of it, and that.
fn bare_statement<'a>(thing: &changes::Thing<'a>) -> Option<(&'a str, &'static str)> {
    let (file, _) = thing.name.rsplit_once('#')?;
    let is_bare = thing.kind == SubjectKind::Query && thing.said().is_empty() && thing.was().is_none();
    is_bare.then(|| (file, thing.what()))
}

/// ``**new** query `sql/load.sql`: 2 statements``.
fn statements(first: &changes::Thing<'_>, n: usize) -> String {
    let file = first.name.rsplit_once('#').map_or(first.name, |(file, _)| file);
    let name = code(&clean::clipped(file, MAX_TEXT));
    format!("**{}** {} {name}: {}", glance::became(first), first.kind.name(), amount::count(n, "statement"))
}

/// ``**changed** feed `quotes`: retention from 180 days to 90 days``.
fn item(thing: &changes::Thing<'_>) -> String {
    let was = thing.was().map_or_else(String::new, |was| format!(", which was {}", code(&clean::clipped(was, MAX_TEXT))));
    let said = clipped(&thing.said(), MAX_TEXT);
    let said = if said.is_empty() { said } else { format!(": {}", prose(&said)) };
    let name = code(&clean::clipped(thing.name, MAX_TEXT));
    format!("**{}** {} {name}{was}{said}", glance::became(thing), thing.kind.name())
}

fn more(n: usize, shown: usize, what: &str) -> String {
    match n.saturating_sub(shown) {
        0 => String::new(),
        n => format!("- … and {}\n", amount::count(n, &format!("more {what}"))),
    }
}

fn not_checked_item(group: &summary::NotChecked<'_>) -> String {
    let subjects: Vec<String> = group.subjects.iter().take(3).map(|subject| code(&clean::clipped(subject, 120))).collect();
    let n_more = group.subjects.len().saturating_sub(subjects.len());
    let more = if n_more > 0 { format!(" and {} more", amount::grouped(n_more as u64)) } else { String::new() };
    format!("- {}: {}: {}{more}\n", code(&clean::clipped(group.what, 120)), short(group.why), subjects.join(", "))
}

fn notice(left_out: &[&str], n_findings: usize) -> String {
    if left_out.is_empty() && n_findings == 0 {
        return String::new();
    }
    let findings = Some(format!("{} not shown here", amount::count(n_findings, "finding"))).filter(|_| n_findings > 0);
    let parts: Vec<String> = findings.into_iter().chain(left_out.iter().map(|name| (*name).to_owned())).collect();
    format!("> Left out for want of room: {}. The JSON report has everything.\n\n", parts.join(", "))
}

fn last_line(told: &Told<'_>) -> String {
    let compared = summary::compared(told).map_or_else(String::new, |compared| format!("{}; ", prose(&compared)));
    let suppressed = match told.summary.suppressed {
        0 => String::new(),
        n => format!("; {} ignored in the files", amount::count(n, "finding")),
    };
    format!("<sub>{compared}{}{suppressed}</sub>\n", prose(&summary::read(&told.summary.read)))
}

fn short(message: &str) -> String {
    prose(&clipped(message, MAX_TEXT))
}

/// At most so many characters. Code that is cut ends where the text does.
fn clipped(message: &str, limit: usize) -> String {
    let n_marks = |text: &str| text.matches('`').count();
    let clipped = clean::clipped(message, limit);
    let is_open = n_marks(message).is_multiple_of(2) && !n_marks(&clipped).is_multiple_of(2);
    if is_open { format!("{clipped}`") } else { clipped.into_owned() }
}
