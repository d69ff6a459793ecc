//! Renders Markdown for a pull request: the verdict, findings by feed, estimates, and what was not checked. Everything
//! from the tree is escaped, and the whole never exceeds its budget: what is left out is counted.

pub(super) mod escape;

use super::arrange::{Shown, thinned};
use super::place::Places;
use super::{View, amount, changes, quotas, reads, repricing, summary};
use crate::diagnostic::{Diagnostic, Label, Severity, SubjectKind};
use crate::estimate::Estimate;
use escape::{code, code_in_table, prose};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How much room there is.
#[derive(Debug, Clone, Copy)]
pub struct MarkdownOptions {
    /// UTF-16 units, which is how GitHub counts the 65,536 of a comment, with room for what is put around it.
    pub budget: usize,
}

impl Default for MarkdownOptions {
    fn default() -> MarkdownOptions {
        MarkdownOptions { budget: 60_000 }
    }
}

/// Room for the sentence that says what was left out.
const NOTICE_ROOM: usize = 160;
const MAX_RELATED: usize = 5;
/// Queries listed whose cost differs from the base.
const MAX_REPRICED: usize = 12;
/// Characters of one message or remark.
const MAX_TEXT: usize = 600;

/// A whole run.
pub fn render(view: &View<'_>, options: &MarkdownOptions) -> String {
    let mut out = Budgeted::new(options.budget);
    out.push(&format!("### feedgate: {}\n\n", summary::verdict(view.report)));
    if summary::is_nothing(view.report) {
        out.push("Nothing here that I read.\n");
        return out.text;
    }
    // The short parts are rendered first, so that many findings never push them out.
    let changes = changes::markdown(view.report, options.budget / 8);
    let estimates = estimates(view, options.budget / 4);
    let not_checked = not_checked(view, options.budget / 8);
    let quotas = quotas::markdown(view.report) + &reads::markdown(view.report);
    let repricing = repricing(view, options.budget / 8);
    let compared = summary::compared(view.report).map_or_else(String::new, |compared| format!("{}; ", prose(&compared)));
    let last = format!("<sub>{compared}{}</sub>\n", summary::read(&view.report.stats));
    out.reserved = size(&changes) + size(&repricing) + size(&estimates) + size(&quotas) + size(&not_checked) + size(&last);
    findings(&mut out, view);
    out.reserved = 0;
    for part in [&changes, &repricing, &estimates, &quotas, &not_checked, &last] {
        out.push(part);
    }
    out.text
}

/// Text that grows only as far as its budget.
struct Budgeted {
    text: String,
    size: usize,
    budget: usize,
    /// Room that is promised to what comes later.
    reserved: usize,
}

impl Budgeted {
    fn new(budget: usize) -> Budgeted {
        Budgeted { text: String::new(), size: 0, budget, reserved: 0 }
    }

    /// Appends `block` as a whole, or nothing of it.
    fn push(&mut self, block: &str) -> bool {
        let fits = self.size + size(block) + self.reserved <= self.budget;
        if fits {
            self.size += size(block);
            self.text.push_str(block);
        }
        fits
    }
}

fn size(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The new findings, and below them, folded, those that the base has as well. Without a base all are alike.
fn findings(out: &mut Budgeted, view: &View<'_>) {
    let (known, new): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        view.report.diagnostics.iter().partition(|diagnostic| diagnostic.is_new == Some(false));
    let close = "</details>\n\n";
    let opening = format!("<details><summary>{}</summary>\n\n", prose(&known_title(view, known.len())));
    out.reserved += NOTICE_ROOM;
    let mut n_left = of_one_age(out, view, &new);
    out.reserved += size(close);
    if !known.is_empty() && n_left == 0 && out.push(&opening) {
        n_left += of_one_age(out, view, &known);
        out.reserved -= size(close);
        out.push(close);
    } else {
        n_left += known.len();
        out.reserved -= size(close);
    }
    out.reserved -= NOTICE_ROOM;
    if n_left > 0 {
        let notice = format!(
            "\n**{} not shown here:** the JSON report and the log have all of them.\n\n",
            amount::count(n_left, "finding")
        );
        out.push(&notice);
    }
}

fn known_title(view: &View<'_>, n_known: usize) -> String {
    let base = view.report.base.as_ref().map_or("the base", |base| base.name.as_str());
    format!("{} in {base} as well", amount::count(n_known, "finding"))
}

/// Appends findings as long as there is room; how many there was none for.
fn of_one_age(out: &mut Budgeted, view: &View<'_>, diagnostics: &[&Diagnostic]) -> usize {
    let places = Places::new(view.files);
    let mut n_left = diagnostics.len();
    for group in groups(view, diagnostics) {
        let mut heading = format!("#### {}\n\n", group.title);
        for shown in group.findings {
            let item = heading + &finding(view, &places, &shown);
            if !out.push(&item) {
                return n_left;
            }
            heading = String::new();
            n_left -= shown.weight();
        }
        out.push("\n");
    }
    n_left
}

struct Group<'a> {
    title: String,
    findings: Vec<Shown<'a>>,
}

/// Findings by the feed they concern, else by their file; the worst group first.
fn groups<'a>(view: &View<'_>, diagnostics: &[&'a Diagnostic]) -> Vec<Group<'a>> {
    let mut by_title: BTreeMap<String, Vec<Shown<'a>>> = BTreeMap::new();
    for shown in thinned(diagnostics.iter().copied()) {
        let title = match feed_of(shown.diagnostic) {
            Some(feed) => format!("feed {}", code(feed)),
            None => code(view.files.get(shown.diagnostic.primary.file).path.as_str()),
        };
        by_title.entry(title).or_default().push(shown);
    }
    let mut groups: Vec<Group<'_>> = by_title.into_iter().map(|(title, findings)| Group { title, findings }).collect();
    for group in &mut groups {
        group.findings.sort_by_key(|shown| Reverse(shown.diagnostic.severity));
    }
    groups.sort_by_key(|group| Reverse(group.findings.first().map(|shown| shown.diagnostic.severity)));
    groups
}

/// The feed that a finding is about, or that a related label names: ``feed `orders` …``.
fn feed_of(diagnostic: &Diagnostic) -> Option<&str> {
    if diagnostic.subject.kind == SubjectKind::Feed {
        return Some(&diagnostic.subject.key);
    }
    let named = |label: &'_ Label| -> Option<(usize, usize)> {
        let name = label.text.strip_prefix("feed `")?;
        Some((6, 6 + name.find('`')?))
    };
    diagnostic.related.iter().find_map(|label| named(label).and_then(|(start, end)| label.text.get(start..end)))
}

fn finding(view: &View<'_>, places: &Places<'_>, shown: &Shown<'_>) -> String {
    let diagnostic = shown.diagnostic;
    let icon = match diagnostic.severity {
        Severity::Error => ":x:",
        Severity::Warning => ":warning:",
        Severity::Note => ":information_source:",
    };
    let rule = code(diagnostic.rule.as_str());
    let rule = view.pages.url(&diagnostic.rule).map_or_else(|| rule.clone(), |url| format!("[{rule}]({url})"));
    let at = place(places, diagnostic.primary);
    let new = if diagnostic.is_new == Some(true) { "new " } else { "" };
    let mut item = format!("- {icon} **{new}{}** {rule} {at}<br>{}", diagnostic.severity, short(&diagnostic.message));
    if let Some(help) = &diagnostic.help {
        let _ = write!(item, "<br>*{}*", short(help));
    }
    for label in diagnostic.related.iter().take(MAX_RELATED) {
        let _ = write!(item, "<br>see {}: {}", place(places, label.span), short(&label.text));
    }
    if let Some(more) = shown.more() {
        let _ = write!(item, "<br>… and {more}");
    }
    item.push('\n');
    item
}

fn place(places: &Places<'_>, span: crate::text::Span) -> String {
    let (start, _) = places.of(span);
    let at = code(&format!("{}:{}:{}", places.files().get(span.file).path, start.line, start.column));
    at + places.side(span)
}

fn short(message: &str) -> String {
    prose(&super::clean::clipped(message, MAX_TEXT))
}

/// The dearest queries first.
fn estimates(view: &View<'_>, budget: usize) -> String {
    if view.report.estimates.is_empty() {
        return String::new();
    }
    let mut sorted: Vec<&Estimate> = view.report.estimates.iter().collect();
    sorted.sort_by_key(|estimate| Reverse((estimate.bytes.high.unwrap_or(estimate.bytes.low), estimate.bytes.low)));
    let mut out = Budgeted::new(budget);
    let has_runs = view.report.monthly.is_some();
    let month = if has_runs { ["| cost a month ", "|--:"] } else { ["", ""] };
    out.push(&format!(
        "#### Queries\n\n| query | bytes | cost per run {}| accuracy |\n|---|--:|--:{}|---|\n",
        month[0], month[1]
    ));
    out.reserved = NOTICE_ROOM;
    let n_shown = sorted.iter().take_while(|estimate| out.push(&estimate_row(estimate, has_runs))).count();
    out.reserved = 0;
    if n_shown < sorted.len() {
        out.push(&format!(
            "\n{} not shown here: the JSON report has all of them.\n",
            amount::count(sorted.len() - n_shown, "query")
        ));
    }
    if let Some(monthly) = &view.report.monthly {
        out.push(&format!("\nCost a month: {}.\n", prose(&summary::monthly(monthly).join("; "))));
    }
    out.push("\n");
    out.text
}

fn estimate_row(estimate: &Estimate, has_runs: bool) -> String {
    let name = estimate.query.to_string();
    let basis = estimate.basis.map_or_else(String::new, |basis| format!(" ({})", amount::basis(basis)));
    let month = if has_runs { format!("| {} ", amount::cost_per_month(estimate)) } else { String::new() };
    format!(
        "| {} | {} | {} {month}| {}{basis} |\n",
        code_in_table(&super::clean::clipped(&name, MAX_TEXT)),
        amount::bounds(estimate.bytes, estimate.accuracy),
        amount::cost(estimate),
        amount::accuracy(estimate.accuracy),
    )
}

/// What the change costs, the largest differences first.
fn repricing(view: &View<'_>, budget: usize) -> String {
    let Some(repricing) = view.report.repricing.as_ref().filter(|repricing| !repricing.is_empty()) else {
        return String::new();
    };
    let (grid, n_left) = repricing::grid(repricing, MAX_REPRICED);
    let rest = if n_left > 0 {
        format!("\n{} not shown here: the JSON report has all of them.\n", amount::count(n_left, "query"))
    } else {
        String::new()
    };
    let remarks = prose(&repricing::remarks(repricing).join("; "));
    let whole = format!("#### Changed costs\n\n{}{rest}\n{remarks}.\n\n", grid.markdown());
    let short = format!("#### Changed costs\n\n{remarks}.\n\n");
    if size(&whole) <= budget { whole } else { short }
}

fn not_checked(view: &View<'_>, budget: usize) -> String {
    let groups = summary::not_checked(view.report);
    if groups.is_empty() {
        return String::new();
    }
    let n_all: usize = groups.iter().map(|group| group.subjects.len()).sum();
    let mut out = Budgeted::new(budget);
    let close = "\n</details>\n\n";
    out.reserved = NOTICE_ROOM + size(close);
    if !out.push(&format!("<details><summary>not checked: {}</summary>\n\n", amount::count(n_all, "subject"))) {
        return String::new();
    }
    let n_shown = groups.iter().take_while(|group| out.push(&not_checked_item(group))).count();
    out.reserved = 0;
    if n_shown < groups.len() {
        out.push(&format!("\n{} not shown here.\n", amount::count(groups.len() - n_shown, "more reason")));
    }
    out.push(close);
    out.text
}

fn not_checked_item(group: &summary::NotChecked<'_>) -> String {
    let subjects: Vec<String> = group.subjects.iter().take(3).map(|subject| code(&super::clean::clipped(subject, 120))).collect();
    let n_more = group.subjects.len().saturating_sub(subjects.len());
    let more = if n_more > 0 { format!(" and {} more", amount::grouped(n_more as u64)) } else { String::new() };
    format!("- {}: {}: {}{more}\n", code(group.what), short(group.why), subjects.join(", "))
}
