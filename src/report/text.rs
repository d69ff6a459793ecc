//! Renders what a terminal shows: each finding with its source, the estimates, what was not checked, and a last line.
//! Deterministic, and safe whatever the tree holds: no escape code but our own, no line that a runner would obey.

use super::arrange::{Shown, thinned};
use super::excerpt::Excerpt;
use super::grid::Grid;
use super::place::Places;
use super::told::Told;
use super::{View, changes, clean, json, quotas, reads, repricing, summary};
use crate::diagnostic::{Applicability, Diagnostic, Label, Severity};
use crate::estimate::{Estimate, TableRead};
use crate::report::amount;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeCharacters, ThemeStyles};
use std::fmt::{self, Write as _};
use std::iter;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a terminal is to be written to.
#[derive(Debug, Clone, Copy)]
pub struct TextOptions {
    pub color: bool,
    /// Whether rule names may be links (OSC 8); otherwise the address is printed.
    pub links: bool,
    /// In columns.
    pub width: usize,
    /// Findings shown; the rest is counted.
    pub limit: usize,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions { color: false, links: false, width: 100, limit: 100 }
    }
}

/// Labels drawn into the source of one finding; the rest are lines of their own.
const MAX_DRAWN: usize = 8;
/// Related places listed below a finding.
const MAX_LISTED: usize = 12;
/// Characters of one message or remark.
const MAX_MESSAGE: usize = 1000;
/// Characters of a label, which is drawn on one line.
const MAX_LABEL: usize = 160;

/// A whole run.
pub fn render(view: &View<'_>, options: &TextOptions) -> String {
    let told = json::told(view);
    if summary::is_nothing(&told) {
        return nothing_read(&told);
    }
    let mut out = String::new();
    let findings = Findings::new(view, options);
    let mut is_new = None;
    let shown = thinned(&view.report.diagnostics);
    for shown in shown.iter().take(options.limit) {
        if shown.finding.is_new != is_new {
            is_new = shown.finding.is_new;
            age_heading(&mut out, shown.finding, view, options);
        }
        findings.render(&mut out, shown.finding);
        if let Some(more) = shown.more() {
            let _ = writeln!(out, "  … and {more}; `--format json` has all of them");
        }
        out.push('\n');
    }
    let n_hidden: usize = shown.iter().skip(options.limit).map(Shown::weight).sum();
    if n_hidden > 0 {
        let _ = writeln!(out, "… and {}; `--format json` has all of them\n", amount::count(n_hidden, "more finding"));
    }
    out.push_str(&changes::text(&told.changes, options));
    estimate_table(&mut out, view, options);
    month(&mut out, &told, options);
    out.push_str(&repricing::text(told.repricing.as_ref(), options));
    out.push_str(&quotas::text(&told.quotas, options));
    out.push_str(&reads::text(&told.query_quotas, options));
    not_checked(&mut out, &told, options);
    last_line(&mut out, &told, options);
    clean::without_commands(out)
}

/// What stands above the new findings, and above those that were there before.
fn age_heading(out: &mut String, diagnostic: &Diagnostic, view: &View<'_>, options: &TextOptions) {
    let Some(base) = &view.report.base else { return };
    let name = clean::line(&base.name);
    let heading = if diagnostic.is_new == Some(true) { format!("new since {name}") } else { format!("in {name} as well") };
    let _ = writeln!(out, "{}\n", options.paint(BOLD, &heading));
}

fn nothing_read(told: &Told<'_>) -> String {
    let mut out = format!("nothing to check here ({})\n\nfeedgate looks for\n", summary::read(&told.summary.read));
    for line in summary::LOOKED_FOR {
        let _ = writeln!(out, "  {line}");
    }
    out
}

fn last_line(out: &mut String, told: &Told<'_>, options: &TextOptions) {
    let worst = told.findings.iter().filter_map(|finding| Severity::from_name(&finding.severity)).max();
    let verdict = options.paint(worst.map_or(GREEN, color_of), &summary::verdict(&told.summary));
    let _ = write!(out, "{verdict}");
    if told.summary.suppressed > 0 {
        let _ = write!(out, ", {} ignored", amount::grouped(told.summary.suppressed as u64));
    }
    if told.summary.in_baseline > 0 {
        let _ = write!(out, ", {} in the baseline", amount::grouped(told.summary.in_baseline as u64));
    }
    if let Some(compared) = summary::compared(told) {
        let _ = write!(out, "; {}", clean::line(&compared));
    }
    let _ = writeln!(out, "; {}", summary::read(&told.summary.read));
}

fn not_checked(out: &mut String, told: &Told<'_>, options: &TextOptions) {
    let groups = summary::not_checked(told);
    if groups.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", options.paint(BOLD, "not checked"));
    for group in &groups {
        let subjects: Vec<String> =
            group.subjects.iter().take(3).map(|subject| clean::line(&clean::clipped(subject, 80)).into_owned()).collect();
        let n_more = group.subjects.len().saturating_sub(subjects.len());
        let more = if n_more > 0 { format!(" and {} more", amount::grouped(n_more as u64)) } else { String::new() };
        let what = clean::line(group.what);
        let why = clean::clipped(group.why, 200);
        let _ = writeln!(out, "  {what}: {}: {}{more}", clean::line(&why), subjects.join(", "));
    }
    out.push('\n');
}

/// The estimates of a run, one line each.
fn estimate_table(out: &mut String, view: &View<'_>, options: &TextOptions) {
    let estimates = &view.report.estimates;
    if estimates.is_empty() {
        return;
    }
    let has_runs = view.report.monthly.is_some();
    let heading: &[&str] = match has_runs {
        true => &["query", "bytes", "cost per run", "cost a month", "accuracy"],
        false => &["query", "bytes", "cost per run", "accuracy"],
    };
    let rows = estimates.iter().map(|estimate| estimate_row(estimate, has_runs)).collect();
    let grid = Grid { figures: (1..heading.len() - 1).collect(), ..Grid::new(heading, rows) };
    out.push_str(&grid.text(options));
    out.push('\n');
}

/// What the month costs, where it is known of anything how often it runs.
fn month(out: &mut String, told: &Told<'_>, options: &TextOptions) {
    let Some(monthly) = &told.monthly else { return };
    let _ = writeln!(out, "{}", options.paint(BOLD, "cost a month"));
    for part in summary::monthly(monthly) {
        let _ = writeln!(out, "  {}", clean::line(&part));
    }
    out.push('\n');
}

fn estimate_row(estimate: &Estimate, has_runs: bool) -> Vec<String> {
    let mut row = vec![
        clean::shortened(&estimate.query.to_string(), 60).into_owned(),
        amount::bounds(estimate.bytes, estimate.accuracy),
        amount::cost(estimate),
    ];
    row.extend(has_runs.then(|| amount::cost_per_month(estimate)));
    row.push(accuracy(estimate));
    row
}

/// `range (samples)`.
fn accuracy(estimate: &Estimate) -> String {
    let basis = estimate.basis.map_or_else(String::new, |basis| format!(" ({})", amount::basis(basis)));
    format!("{}{basis}", amount::accuracy(estimate.accuracy))
}

/// The columns of a text, as far as that matters for aligning: characters of East Asia take two.
pub(super) fn columns(text: &str) -> usize {
    let is_wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}');
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// The estimates in full, with the tables they read and how each figure came about: what `feedgate estimate` prints.
pub fn render_estimates(view: &View<'_>, options: &TextOptions) -> String {
    let mut out = String::new();
    let findings = Findings::new(view, options);
    for diagnostic in view.report.diagnostics.iter().take(options.limit) {
        findings.render(&mut out, diagnostic);
        out.push('\n');
    }
    for estimate in &view.report.estimates {
        estimate_details(&mut out, estimate, options);
        out.push('\n');
    }
    let told = json::told(view);
    if out.is_empty() {
        let _ = writeln!(out, "no query to estimate ({})", summary::read(&told.summary.read));
    }
    month(&mut out, &told, options);
    out.push_str(&repricing::text(told.repricing.as_ref(), options));
    not_checked(&mut out, &told, options);
    clean::without_commands(out)
}

fn estimate_details(out: &mut String, estimate: &Estimate, options: &TextOptions) {
    let name = clean::line(&clean::clipped(&estimate.query.to_string(), 200)).into_owned();
    let statement = clean::line(&estimate.statement);
    let _ = writeln!(out, "{} {statement}", options.paint(BOLD, &name));
    let bytes = amount::bounds(estimate.bytes, estimate.accuracy);
    let (cost, accuracy) = (amount::cost(estimate), accuracy(estimate));
    let billed = amount::bounds(estimate.billed, estimate.accuracy);
    let _ = match bytes == "unknown" {
        true => writeln!(out, "  processed  unknown"),
        false => writeln!(out, "  processed  {bytes}, {accuracy}\n  billed     {billed}, {cost} per run"),
    };
    if let Some(runs) = estimate.runs_per_month {
        let _ = writeln!(out, "  a month    {}, {}", amount::runs(runs), amount::cost_per_month(estimate));
    }
    tables_of_estimate(out, estimate, options);
    let unknown = estimate.unknown.iter().map(|(_, why)| ("unknown  ", why));
    let notes = estimate.notes.iter().map(|note| ("note     ", note));
    // What stands above as the reason for a table is not said again.
    let said: Vec<String> = estimate.tables.iter().map(|read| format!("`{}`: {}", read.table, read.why)).collect();
    let steps = estimate.steps.iter().map(|step| ("step     ", &step.text)).filter(|(_, text)| !said.contains(text));
    for (word, text) in unknown.chain(notes).chain(steps) {
        let _ = writeln!(out, "  {word}  {}", clean::line(&clean::clipped(text, MAX_MESSAGE)));
    }
}

/// What is read of which table: how many columns, which partitions, how many bytes; then the columns, and why so many.
fn tables_of_estimate(out: &mut String, estimate: &Estimate, options: &TextOptions) {
    if estimate.tables.is_empty() {
        return;
    }
    let row = |read: &TableRead| {
        let partitions = read.partitions.map(|(read, of)| format!("{} of {}", amount::grouped(read), amount::grouped(of)));
        let columns = if read.columns.is_empty() { String::new() } else { read.columns.len().to_string() };
        let table = clean::clipped(&read.table, 80).into_owned();
        vec![table, columns, partitions.unwrap_or_default(), amount::part(read.bytes, estimate.accuracy)]
    };
    let rows = estimate.tables.iter().map(row).collect();
    let grid = Grid { figures: vec![1, 2, 3], ..Grid::new(&["table", "columns", "partitions", "bytes"], rows) };
    let _ = write!(out, "\n{}\n", grid.text(options));
    for read in &estimate.tables {
        let columns = clean::clipped(&read.columns.join(", "), 400).into_owned();
        let (first, second) = if columns.is_empty() { (read.why.as_str(), "") } else { (columns.as_str(), read.why.as_str()) };
        let table = clean::line(&clean::clipped(&read.table, 200)).into_owned();
        let _ = writeln!(out, "  reads      {table}: {}", clean::line(&clean::clipped(first, MAX_MESSAGE)));
        if !second.is_empty() {
            let _ = writeln!(out, "             {}", clean::line(&clean::clipped(second, MAX_MESSAGE)));
        }
    }
}

pub(crate) const BOLD: &str = "1";
pub(crate) const DIM: &str = "2";
pub(crate) const CYAN: &str = "36";
const GREEN: &str = "1;32";

fn color_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Note => "1;36",
    }
}

impl TextOptions {
    pub(crate) fn paint(&self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn paint_severity(&self, severity: Severity) -> String {
        self.paint(color_of(severity), severity.name())
    }

    fn link(&self, url: &str, text: &str) -> String {
        if self.links { format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\") } else { text.to_owned() }
    }
}

/// Renders findings one after the other, with one theme and one cursor over the files.
struct Findings<'a> {
    view: &'a View<'a>,
    options: &'a TextOptions,
    places: Places<'a>,
    handler: GraphicalReportHandler,
}

impl<'a> Findings<'a> {
    fn new(view: &'a View<'a>, options: &'a TextOptions) -> Findings<'a> {
        let styles = if options.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters: ThemeCharacters::unicode(), styles })
            .with_width(options.width.clamp(40, 200))
            .with_urls(false)
            .without_primary_span_start()
            .without_syntax_highlighting();
        Findings { view, options, places: Places::new(view.files), handler }
    }

    fn render(&self, out: &mut String, diagnostic: &Diagnostic) {
        self.header(out, diagnostic);
        let (drawn, listed) = split_labels(diagnostic);
        let ranges: Vec<Range<usize>> =
            iter::once(diagnostic.primary).chain(drawn.iter().map(|label| label.span)).map(|span| span.range()).collect();
        let file = self.view.files.get(diagnostic.primary.file);
        let (excerpt, places) = Excerpt::cut(file, &ranges, self.options.width.clamp(40, 200) - 12);
        let texts = iter::once(diagnostic.label.as_deref()).chain(drawn.iter().map(|label| Some(label.text.as_str())));
        let drawing = Drawing {
            message: message(&diagnostic.message),
            severity: diagnostic.severity,
            help: diagnostic.help.as_deref().map(message),
            labels: drawn_labels(&places, texts),
            excerpt,
        };
        self.draw(out, &drawing);
        if let Some(fix) = &diagnostic.fix {
            let command = match fix.applicability {
                Applicability::Safe => "--fix",
                Applicability::Unsafe => "--fix --unsafe-fixes",
            };
            let _ = writeln!(out, "   {} {} (`{command}` does it)", self.options.paint(CYAN, "fix:"), message(&fix.title));
        }
        let clipped = drawn.iter().zip(places.iter().skip(1)).filter(|(_, place)| place.is_none()).map(|(label, _)| *label);
        self.list(out, &listed.into_iter().chain(clipped).collect::<Vec<_>>());
        if let Some(url) = self.view.pages.url(&diagnostic.rule).filter(|_| !self.options.links) {
            let _ = writeln!(out, "  {} {}", self.options.paint(CYAN, "page:"), self.options.paint(DIM, url));
        }
    }

    /// `error[missing-owner] feeds/orders.yaml:3:5`.
    fn header(&self, out: &mut String, diagnostic: &Diagnostic) {
        let (start, _) = self.places.of(diagnostic.primary);
        let path = clean::line(self.view.files.get(diagnostic.primary.file).path.as_str()).into_owned();
        let rule = clean::line(diagnostic.rule.as_str());
        let rule = self.view.pages.url(&diagnostic.rule).map_or_else(|| rule.to_string(), |url| self.options.link(url, &rule));
        let severity = self.options.paint(color_of(diagnostic.severity), diagnostic.severity.name());
        let prefix = clean::line(self.view.prefix);
        let side = self.places.side(diagnostic.primary);
        let _ = writeln!(out, "{severity}[{rule}] {prefix}{path}:{}:{}{side}", start.line, start.column);
    }

    /// miette panics on input that we do not foresee; a finding without its source is better than none.
    fn draw(&self, out: &mut String, drawing: &Drawing) {
        let drawn = catch_unwind(AssertUnwindSafe(|| {
            let mut drawn = String::new();
            self.handler.render_report(&mut drawn, drawing).map(|()| drawn)
        }));
        match drawn {
            Ok(Ok(drawn)) => out.push_str(&drawn),
            Ok(Err(_)) | Err(_) => {
                let _ = writeln!(out, "  {}", drawing.message);
            }
        }
    }

    fn list(&self, out: &mut String, places: &[&Label]) {
        for label in places.iter().take(MAX_LISTED) {
            let (start, _) = self.places.of(label.span);
            let path = clean::line(self.view.files.get(label.span.file).path.as_str()).into_owned();
            let (prefix, side) = (clean::line(self.view.prefix), self.places.side(label.span));
            let at = self.options.paint(DIM, &format!("{prefix}{path}:{}:{}{side}", start.line, start.column));
            let _ = writeln!(out, "   see: {at} {}", message(&label.text));
        }
        let n_more = places.len().saturating_sub(MAX_LISTED);
        if n_more > 0 {
            let _ = writeln!(out, "        … and {}", amount::count(n_more, "more place"));
        }
    }
}

/// The related places that are drawn into the source of the primary one, and those that are listed below it.
fn split_labels(diagnostic: &Diagnostic) -> (Vec<&Label>, Vec<&Label>) {
    let (mut drawn, mut listed): (Vec<&Label>, Vec<&Label>) =
        diagnostic.related.iter().partition(|label| label.span.file == diagnostic.primary.file);
    listed.extend(drawn.split_off(drawn.len().min(MAX_DRAWN)));
    (drawn, listed)
}

/// Labels as miette wants them, the primary first; one that was clipped away has no place.
fn drawn_labels<'t>(places: &[Option<Range<usize>>], texts: impl Iterator<Item = Option<&'t str>>) -> Vec<LabeledSpan> {
    let labels = places.iter().zip(texts).enumerate().filter_map(|(index, (place, text))| {
        let place = place.clone()?;
        let text = text.map(|text| clean::line(&clean::clipped(text, MAX_LABEL)).into_owned()).filter(|text| !text.is_empty());
        let is_primary = index == 0;
        Some(match is_primary {
            true => LabeledSpan::new_primary_with_span(text, (place.start, place.len())),
            false => LabeledSpan::new(text, place.start, place.len()),
        })
    });
    labels.collect()
}

fn message(text: &str) -> String {
    clean::line(&clean::clipped(text, MAX_MESSAGE)).into_owned()
}

/// One finding as miette wants it.
#[derive(Debug)]
struct Drawing {
    message: String,
    severity: Severity,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    excerpt: Excerpt,
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl miette::Diagnostic for Drawing {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
