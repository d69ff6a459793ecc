//! Renders the JSON report, version 1. The structs here are the contract: they are written out by hand, so that a change
//! of the core never changes what users parse.

use super::place::Places;
use super::{Report, View, amount, clean, quotas, reads, repricing};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, NewFile, Severity};
use crate::estimate::monthly::{AtPrice, FREE_BYTES, Monthly, Usd};
use crate::estimate::{Bounds, Estimate, TableRead};
use crate::model::Skipped;
use crate::model::change::{Change, ChangeKind, Difference, Said};
use crate::text::{Revision, Sides, Span};
use serde::Serialize;
use std::collections::BTreeSet;

/// The version that is written into every report. Additions keep it; anything else raises it.
pub const VERSION: u32 = 1;

/// A whole run.
pub fn render(view: &View<'_>) -> String {
    let report = view.report;
    let places = Places::new(view.files);
    let json = JsonReport {
        version: VERSION,
        base: report.base.as_ref().map(|base| json_base(report, base)),
        findings: report.diagnostics.iter().map(|diagnostic| finding(view, &places, diagnostic)).collect(),
        estimates: report.estimates.iter().map(|one| estimate(&places, one)).collect(),
        monthly: report.monthly.as_ref().map(monthly),
        repricing: report.repricing.as_ref().map(|one| repricing::json(&places, one)),
        changes: report.changes.iter().map(|one| change(&places, one)).collect(),
        skipped: report.skipped.iter().map(|one| skipped(&places, one)).collect(),
        quotas: quotas::json(&report.quotas),
        query_quotas: reads::json(&report.reads),
        summary: summary(report),
    };
    let text = serde_json::to_string_pretty(&json).expect("these structs hold nothing that JSON cannot");
    clean::json(&text)
}

#[derive(Serialize)]
struct JsonReport<'a> {
    version: u32,
    base: Option<JsonBase<'a>>,
    findings: Vec<Finding<'a>>,
    estimates: Vec<JsonEstimate<'a>>,
    monthly: Option<JsonMonthly>,
    repricing: Option<repricing::JsonRepricing<'a>>,
    changes: Vec<JsonChange<'a>>,
    skipped: Vec<JsonSkipped<'a>>,
    quotas: Vec<quotas::JsonQuota>,
    query_quotas: Vec<reads::JsonReads>,
    summary: Summary<'a>,
}

/// What the head was compared with: the name that was asked for, and the last commit in common with it.
#[derive(Serialize)]
struct JsonBase<'a> {
    revision: &'a str,
    commit: &'a str,
    /// Where the run goes by the configuration, the rules, the baseline and the ignores of the base: the files in which the
    /// head has others.
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration_differs_in: Option<Vec<&'a str>>,
}

/// Lines and columns from 1, columns in characters; the end is the place after the last character.
#[derive(Serialize)]
pub(super) struct Place<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    subject: String,
    fingerprint: String,
    /// Whether the base is free of it; null where nothing was compared.
    new: Option<bool>,
    label: Option<&'a str>,
    help: Option<&'a str>,
    url: Option<&'a str>,
    related: Vec<Related<'a>>,
    fix: Option<JsonFix<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    /// `head`, or `base` for a place of the revision that is compared with.
    side: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    /// `safe` or `unsafe`.
    applicability: &'static str,
    edits: Vec<JsonEdit<'a>>,
    new_files: Vec<JsonNewFile<'a>>,
}

#[derive(Serialize)]
struct JsonNewFile<'a> {
    path: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonEstimate<'a> {
    path: &'a str,
    name: String,
    line: u32,
    statement: &'a str,
    bytes_processed: Range<u64>,
    bytes_billed: Range<u64>,
    accuracy: &'static str,
    basis: Option<&'static str>,
    cost_usd: Option<Range<f64>>,
    location: Option<&'a str>,
    runs_per_month: Option<f64>,
    /// Before the free tier, which is of the whole month.
    cost_usd_per_month: Option<Range<f64>>,
    tables: Vec<JsonTable<'a>>,
    unknown: Vec<Remark<'a>>,
    notes: &'a [String],
    steps: Vec<Remark<'a>>,
}

/// The sum of a month, over the statements of which it is known how often they run.
#[derive(Serialize)]
struct JsonMonthly {
    cost_usd: Range<f64>,
    cost_usd_before_free_tier: Range<f64>,
    free_bytes: u64,
    statements: usize,
    statements_without_runs: usize,
    statements_without_price: usize,
    locations: Vec<JsonLocation>,
}

#[derive(Serialize)]
struct JsonLocation {
    location: String,
    usd_per_tib: f64,
    bytes_billed: Range<u64>,
    cost_usd: Range<f64>,
}

/// `high` is null where nothing limits what is not known.
#[derive(Serialize)]
pub(super) struct Range<T> {
    pub(super) low: T,
    pub(super) high: Option<T>,
}

#[derive(Serialize)]
struct JsonTable<'a> {
    table: &'a str,
    columns: &'a [String],
    bytes: Range<u64>,
    partitions: Option<Partitions>,
    why: &'a str,
}

#[derive(Serialize)]
struct Partitions {
    read: u64,
    of: u64,
}

#[derive(Serialize)]
struct Remark<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
}

/// `before` and `after` are the places of the definition in the base and in the head.
#[derive(Serialize)]
struct JsonChange<'a> {
    subject: String,
    kind: &'static str,
    /// What the base called it, where that is another name.
    from: Option<&'a str>,
    differences: Vec<JsonDifference<'a>>,
    before: Option<Place<'a>>,
    after: Option<Place<'a>>,
}

#[derive(Serialize)]
struct JsonDifference<'a> {
    name: &'static str,
    before: Option<Remark<'a>>,
    after: Option<Remark<'a>>,
}

#[derive(Serialize)]
struct JsonSkipped<'a> {
    what: &'a str,
    subject: &'a str,
    why: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
}

#[derive(Serialize)]
struct Summary<'a> {
    errors: usize,
    warnings: usize,
    notes: usize,
    /// How many findings are new; null where nothing was compared.
    new: Option<usize>,
    /// Findings that are left out because the base has them as well.
    known_left_out: usize,
    suppressed: usize,
    /// Findings that are left out because the baseline knows them.
    in_baseline: usize,
    skipped: usize,
    files_with_findings: usize,
    read: Read<'a>,
}

#[derive(Serialize)]
struct Read<'a> {
    files: usize,
    bytes: u64,
    feeds: usize,
    feed_sources: &'a std::collections::BTreeMap<&'static str, usize>,
    schemas: usize,
    tables: usize,
    buckets: usize,
    queries: usize,
    rules: usize,
}

pub(super) fn place<'a>(places: &Places<'a>, span: Span) -> Place<'a> {
    let (start, end) = places.of(span);
    let path = places.files().get(span.file).path.as_str();
    Place { path, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
}

fn json_base<'a>(report: &'a Report, Revision { name, commit }: &'a Revision) -> JsonBase<'a> {
    let differing = report.config_of_base.as_ref();
    let configuration_differs_in = differing.map(|paths| paths.iter().map(crate::text::RepoPath::as_str).collect());
    JsonBase { revision: name, commit, configuration_differs_in }
}

fn finding<'a>(view: &View<'a>, places: &Places<'a>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    Finding {
        rule: diagnostic.rule.as_str(),
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        place: place(places, diagnostic.primary),
        subject: diagnostic.subject.to_string(),
        fingerprint: diagnostic.fingerprint(),
        new: diagnostic.is_new,
        label: diagnostic.label.as_deref(),
        help: diagnostic.help.as_deref(),
        url: view.pages.url(&diagnostic.rule),
        related: diagnostic.related.iter().map(|label| related(places, label)).collect(),
        fix: diagnostic.fix.as_ref().map(|one| fix(places, one)),
    }
}

fn related<'a>(places: &Places<'a>, label: &'a Label) -> Related<'a> {
    let side = match places.files().get(label.span.file).sides {
        Sides::Base => "base",
        Sides::Head | Sides::Both => "head",
    };
    Related { message: &label.text, side, place: place(places, label.span) }
}

fn fix<'a>(places: &Places<'a>, fix: &'a Fix) -> JsonFix<'a> {
    let edit = |edit: &'a Edit| JsonEdit { place: place(places, edit.span), text: &edit.text };
    let new_file = |file: &'a NewFile| JsonNewFile { path: file.path.as_str(), text: &file.text };
    let new_files = fix.new_files.iter().map(new_file).collect();
    JsonFix { title: &fix.title, applicability: fix.applicability.name(), edits: fix.edits.iter().map(edit).collect(), new_files }
}

fn estimate<'a>(places: &Places<'a>, estimate: &'a Estimate) -> JsonEstimate<'a> {
    let at = place(places, estimate.span);
    let remark = |span: Option<Span>, message| Remark { message, place: span.map(|span| place(places, span)) };
    JsonEstimate {
        path: at.path,
        name: estimate.query.to_string(),
        line: at.line,
        statement: &estimate.statement,
        bytes_processed: range(estimate.bytes),
        bytes_billed: range(estimate.billed),
        accuracy: amount::accuracy(estimate.accuracy),
        basis: estimate.basis.map(amount::basis),
        cost_usd: estimate.cost_usd.map(|(low, high)| Range { low, high }),
        location: estimate.price.as_ref().map(|price| price.location.as_str()),
        runs_per_month: estimate.runs_per_month,
        cost_usd_per_month: estimate.cost_usd_per_month().map(usd),
        tables: estimate.tables.iter().map(table).collect(),
        unknown: estimate.unknown.iter().map(|(span, why)| remark(*span, why)).collect(),
        notes: &estimate.notes,
        steps: estimate.steps.iter().map(|step| remark(Some(step.span), &step.text)).collect(),
    }
}

fn monthly(monthly: &Monthly) -> JsonMonthly {
    let place = |place: &AtPrice| JsonLocation {
        location: place.location.clone(),
        usd_per_tib: place.usd_per_tib,
        bytes_billed: range(place.billed),
        cost_usd: usd(place.usd),
    };
    JsonMonthly {
        cost_usd: usd(monthly.usd),
        cost_usd_before_free_tier: usd(monthly.list_usd),
        free_bytes: FREE_BYTES,
        statements: monthly.n_counted,
        statements_without_runs: monthly.n_without_runs,
        statements_without_price: monthly.n_without_price,
        locations: monthly.places.iter().map(place).collect(),
    }
}

pub(super) fn usd(usd: Usd) -> Range<f64> {
    Range { low: usd.low, high: usd.high }
}

pub(super) fn range(bounds: Bounds) -> Range<u64> {
    Range { low: bounds.low, high: bounds.high }
}

fn table(read: &TableRead) -> JsonTable<'_> {
    JsonTable {
        table: &read.table,
        columns: &read.columns,
        bytes: range(read.bytes),
        partitions: read.partitions.map(|(read, of)| Partitions { read, of }),
        why: &read.why,
    }
}

fn change<'a>(places: &Places<'a>, change: &'a Change) -> JsonChange<'a> {
    let said = |said: &'a Option<Said>| {
        said.as_ref().map(|said| Remark { message: &said.text, place: said.span.map(|span| place(places, span)) })
    };
    let difference = |one: &'a Difference| JsonDifference { name: one.name, before: said(&one.before), after: said(&one.after) };
    JsonChange {
        subject: change.subject.to_string(),
        kind: change.kind.name(),
        from: match &change.kind {
            ChangeKind::Renamed(from) => Some(from),
            ChangeKind::Added | ChangeKind::Removed | ChangeKind::Modified => None,
        },
        differences: change.differences.iter().map(difference).collect(),
        before: change.before.map(|span| place(places, span)),
        after: change.after.map(|span| place(places, span)),
    }
}

fn skipped<'a>(places: &Places<'a>, skipped: &'a Skipped) -> JsonSkipped<'a> {
    JsonSkipped {
        what: &skipped.what,
        subject: &skipped.subject,
        why: &skipped.why,
        place: skipped.span.map(|span| place(places, span)),
    }
}

fn summary(report: &Report) -> Summary<'_> {
    let files: BTreeSet<_> = report.diagnostics.iter().map(|diagnostic| diagnostic.primary.file).collect();
    let stats = &report.stats;
    Summary {
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        notes: report.count(Severity::Note),
        new: report.n_new(),
        known_left_out: report.n_known_left_out,
        suppressed: report.suppressed.len(),
        in_baseline: report.in_baseline.len(),
        skipped: report.skipped.len(),
        files_with_findings: files.len(),
        read: Read {
            files: stats.read.files,
            bytes: stats.read.bytes,
            feeds: stats.feeds,
            feed_sources: &stats.feed_sources,
            schemas: stats.schemas,
            tables: stats.tables,
            buckets: stats.buckets,
            queries: stats.queries,
            rules: stats.rules,
        },
    }
}
