//! Fills the structs of the JSON report from a run.

use super::place::Places;
use super::told::{
    Base, Change, Difference, Edit, Estimate as ToldEstimate, Finding, Fix, Location, Monthly, NewFile, Partitions, Place, Range,
    Read, Related, Remark, Skipped, Summary, TableRead as ToldTable, Told, VERSION,
};
use super::{Report, Stats, View, amount, quotas, reads, repricing};
use crate::diagnostic::{self, Diagnostic, Label, Severity};
use crate::estimate::monthly::{self, AtPrice, FREE_BYTES, Usd};
use crate::estimate::{Bounds, Estimate, TableRead};
use crate::model;
use crate::model::change::{ChangeKind, Said};
use crate::text::{Revision, Sides, Span};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A whole run.
pub fn render(view: &View<'_>) -> String {
    told(view).json()
}

/// A whole run, for every format that is rendered from what is told of it.
pub fn told<'a>(view: &View<'a>) -> Told<'a> {
    let report = view.report;
    let places = Places::new(view.files);
    Told {
        version: VERSION,
        root: report.root.as_ref().map_or("", |root| root.as_str()).into(),
        base: report.base.as_ref().map(|revision| base(report, revision)),
        findings: report.diagnostics.iter().map(|diagnostic| finding(view, &places, diagnostic)).collect(),
        estimates: report.estimates.iter().map(|one| estimate(&places, one)).collect(),
        monthly: report.monthly.as_ref().map(monthly),
        repricing: report.repricing.as_ref().map(|one| repricing::told(&places, one)),
        changes: changes(report, &places),
        pipeline: report.pipeline.as_ref().and_then(|pipeline| super::graph::changed(report, pipeline)),
        skipped: report.skipped.iter().map(|one| skipped(&places, one)).collect(),
        quotas: quotas::told(&report.quotas, &report.quotas_of_base),
        query_quotas: reads::told(&report.reads),
        summary: summary(report),
    }
}

fn base<'a>(report: &'a Report, Revision { name, commit }: &'a Revision) -> Base<'a> {
    let differing = report.config_of_base.as_ref();
    let configuration_differs_in = differing.map(|paths| paths.iter().map(|path| path.as_str().into()).collect());
    Base { revision: name.into(), commit: commit.into(), configuration_differs_in }
}

/// What the head changes.
pub(super) fn changes<'a>(report: &'a Report, places: &Places<'a>) -> Vec<Change<'a>> {
    report.changes.iter().map(|one| change(report, places, one)).collect()
}

pub(super) fn place<'a>(places: &Places<'a>, span: Span) -> Place<'a> {
    let (start, end) = places.of(span);
    let path = places.files().get(span.file).path.as_str();
    Place { path: path.into(), line: start.line, column: start.column, end_line: end.line, end_column: end.column }
}

fn finding<'a>(view: &View<'a>, places: &Places<'a>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    let report = view.report;
    let at = place(places, diagnostic.primary);
    let changed = report.changed_lines.as_ref();
    Finding {
        rule: diagnostic.rule.as_str().into(),
        family: view.pages.meta(&diagnostic.rule).map(|meta| meta.family.as_str().into()),
        severity: diagnostic.severity.name().into(),
        message: (&diagnostic.message).into(),
        subject: diagnostic.subject.to_string().into(),
        feeds: report.feeds_of(diagnostic).into_iter().map(Into::into).collect(),
        fingerprint: diagnostic.fingerprint().into(),
        new: diagnostic.is_new,
        on_changed_line: changed.map(|changed| changed.hold(&view.files.get(diagnostic.primary.file).path, at.line)),
        label: diagnostic.label.as_deref().map(Into::into),
        help: diagnostic.help.as_deref().map(Into::into),
        url: view.pages.url(&diagnostic.rule).map(Into::into),
        related: diagnostic.related.iter().map(|label| related(places, label)).collect(),
        fix: diagnostic.fix.as_ref().map(|one| fix(places, one)),
        place: at,
    }
}

fn related<'a>(places: &Places<'a>, label: &'a Label) -> Related<'a> {
    let side = match places.files().get(label.span.file).sides {
        Sides::Base => "base",
        Sides::Head | Sides::Both => "head",
    };
    Related { message: (&label.text).into(), side: side.into(), place: place(places, label.span) }
}

fn fix<'a>(places: &Places<'a>, fix: &'a diagnostic::Fix) -> Fix<'a> {
    let edit = |edit: &'a diagnostic::Edit| Edit { place: place(places, edit.span), text: (&edit.text).into() };
    let new_file = |file: &'a diagnostic::NewFile| NewFile { path: file.path.as_str().into(), text: (&file.text).into() };
    Fix {
        title: (&fix.title).into(),
        applicability: fix.applicability.name().into(),
        edits: fix.edits.iter().map(edit).collect(),
        new_files: fix.new_files.iter().map(new_file).collect(),
    }
}

fn estimate<'a>(places: &Places<'a>, estimate: &'a Estimate) -> ToldEstimate<'a> {
    let at = place(places, estimate.span);
    ToldEstimate {
        path: at.path,
        name: estimate.query.to_string().into(),
        line: at.line,
        statement: (&estimate.statement).into(),
        bytes_processed: range(estimate.bytes),
        bytes_billed: range(estimate.billed),
        accuracy: amount::accuracy(estimate.accuracy).into(),
        basis: estimate.basis.map(|basis| amount::basis(basis).into()),
        cost_usd: estimate.cost_usd.map(|(low, high)| Range { low, high }),
        location: estimate.price.as_ref().map(|price| price.location.as_str().into()),
        runs_per_month: estimate.runs_per_month,
        cost_usd_per_month: estimate.cost_usd_per_month().map(usd),
        tables: estimate.tables.iter().map(table).collect(),
        unknown: estimate.unknown.iter().map(|(span, why)| remark(places, *span, why)).collect(),
        notes: Cow::Borrowed(&estimate.notes),
        steps: estimate.steps.iter().map(|step| remark(places, Some(step.span), &step.text)).collect(),
    }
}

fn remark<'a>(places: &Places<'a>, span: Option<Span>, message: &'a str) -> Remark<'a> {
    Remark { message: message.into(), place: span.map(|span| place(places, span)) }
}

pub(super) fn monthly(monthly: &monthly::Monthly) -> Monthly {
    let location = |place: &AtPrice| Location {
        location: place.location.clone(),
        usd_per_tib: place.usd_per_tib,
        bytes_billed: range(place.billed),
        cost_usd: usd(place.usd),
    };
    Monthly {
        cost_usd: usd(monthly.usd),
        cost_usd_before_free_tier: usd(monthly.list_usd),
        bounded_cost_usd_before_free_tier: usd(monthly.bounded_usd),
        free_bytes: FREE_BYTES,
        statements: monthly.n_counted,
        statements_without_upper_bound: monthly.n_open,
        statements_without_runs: monthly.n_without_runs,
        statements_without_price: monthly.n_without_price,
        locations: monthly.places.iter().map(location).collect(),
    }
}

pub(super) fn usd(usd: Usd) -> Range<f64> {
    Range { low: usd.low, high: usd.high }
}

pub(super) fn range(bounds: Bounds) -> Range<u64> {
    Range { low: bounds.low, high: bounds.high }
}

fn table(read: &TableRead) -> ToldTable<'_> {
    ToldTable {
        table: (&read.table).into(),
        columns: Cow::Borrowed(&read.columns),
        bytes: range(read.bytes),
        partitions: read.partitions.map(|(read, of)| Partitions { read, of }),
        why: (&read.why).into(),
    }
}

fn change<'a>(report: &'a Report, places: &Places<'a>, change: &'a model::change::Change) -> Change<'a> {
    let said = |said: &'a Option<Said>| said.as_ref().map(|said| remark(places, said.span, &said.text));
    let difference = |one: &'a model::change::Difference| Difference {
        name: one.name.into(),
        before: said(&one.before),
        after: said(&one.after),
    };
    Change {
        subject: change.subject.to_string().into(),
        holder: change.holder.as_ref().map(|holder| holder.to_string().into()),
        kind: change.kind.name().into(),
        from: match &change.kind {
            ChangeKind::Renamed(from) => Some(Cow::Borrowed(&**from)),
            ChangeKind::Added | ChangeKind::Removed | ChangeKind::Modified => None,
        },
        differences: change.differences.iter().map(difference).collect(),
        feeds: report.feeds_of_subject(&change.subject).map(Into::into).collect(),
        before: change.before.map(|span| place(places, span)),
        after: change.after.map(|span| place(places, span)),
    }
}

fn skipped<'a>(places: &Places<'a>, skipped: &'a model::Skipped) -> Skipped<'a> {
    Skipped {
        what: (&skipped.what).into(),
        subject: (&skipped.subject).into(),
        why: (&skipped.why).into(),
        place: skipped.span.map(|span| place(places, span)),
    }
}

pub(super) fn summary(report: &Report) -> Summary<'_> {
    let files: BTreeSet<_> = report.diagnostics.iter().map(|diagnostic| diagnostic.primary.file).collect();
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
        read: read(&report.stats),
    }
}

fn read(stats: &Stats) -> Read<'_> {
    Read {
        files: stats.read.files,
        bytes: stats.read.bytes,
        feeds: stats.feeds,
        feed_sources: stats.feed_sources.iter().map(|(source, n)| ((*source).into(), *n)).collect(),
        schemas: stats.schemas,
        tables: stats.tables,
        buckets: stats.buckets,
        queries: stats.queries,
        views: stats.views,
        explores: stats.explores,
        rules: stats.rules,
    }
}
