//! What keeps a sum of money from being that of the bill: jobs that are not paid by their bytes, or not by the price of a query.

use super::histories::{History, histories};
use super::money::{BILLED, Money};
use super::{gap, subject};
use crate::config::OptionValue;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::model::Query;
use crate::rules::sql::edit;
use crate::rules::{Context, Sink};
use crate::sql::StatementKind;
use crate::sql::reckoning::{Sum, Test};
use std::ops::Range;

/// A condition that the bill knows and a query may lack.
struct Missing {
    /// Some condition on one of these is taken for it.
    columns: &'static [&'static str],
    message: &'static str,
    condition: &'static str,
    title: &'static str,
}

const FAILED: Missing = Missing {
    columns: &["error_result"],
    message: "jobs that failed are given a cost, and Google charges for none of them that nobody stopped",
    condition: "(error_result IS NULL OR error_result.reason = 'stopped')",
    title: "leave out jobs that failed",
};

const RESERVED: Missing = Missing {
    columns: &["reservation_id", "edition"],
    message: "jobs of a reservation are given a cost by their bytes, and are paid by the slot",
    condition: "reservation_id IS NULL",
    title: "leave out jobs of reservations",
};

pub(in crate::rules) fn failed_jobs(context: &Context<'_>, sink: &mut Sink<'_>) {
    check(context, &FAILED, sink);
}

pub(in crate::rules) fn reserved_jobs(context: &Context<'_>, sink: &mut Sink<'_>) {
    if context.head.has_reservations || is_everywhere(sink) {
        check(context, &RESERVED, sink);
    }
}

/// The rule is asked to judge even where nothing in the repository calls for it.
fn is_everywhere(sink: &Sink<'_>) -> bool {
    matches!(sink.option("everywhere"), Some(OptionValue::Bool(true)))
}

fn check(context: &Context<'_>, missing: &Missing, sink: &mut Sink<'_>) {
    let is_asked = |test: &Test| names(test, missing.columns);
    for history in histories(context).filter(|history| history.moneys().next().is_some()) {
        let (query, source) = (history.query, history.source);
        let at = source.range.clone();
        let Some(diagnostic) = lacking(context, &history, is_asked, at, missing.message, sink) else { continue };
        diagnostic.help(format!("add `{}`", missing.condition));
        let fix = source
            .clause
            .as_ref()
            .and_then(|clause| edit::restrict(query, clause, missing.condition, missing.title, Applicability::Unsafe));
        fix.into_iter().for_each(|fix| _ = diagnostic.fix(fix));
    }
}

/// Reports a history of whose jobs something is not asked, unless a part of the query is hidden.
fn lacking<'s>(
    context: &Context<'_>,
    history: &History<'_>,
    is_asked: impl Fn(&Test) -> bool,
    at: Range<usize>,
    message: &str,
    sink: &'s mut Sink<'_>,
) -> Option<&'s mut Diagnostic> {
    if history.tests().any(is_asked) {
        return None;
    }
    let (query, span) = (history.query, history.query.map.span(at));
    if let Some(gap) = gap(context, query) {
        sink.not_checked(&subject(query), gap.message.clone(), Some(span));
        return None;
    }
    let diagnostic = sink.report(subject(query), span, message);
    diagnostic.detail(history.source.path.join("."));
    Some(diagnostic)
}

fn names(test: &Test, columns: &[&str]) -> bool {
    test.columns.iter().any(|named| columns.contains(&named.column.split('.').next().unwrap_or_default()))
}

const TRAINING: &str = "the training of models is given the price of queries, and costs 50 times as much";

pub(in crate::rules) fn model_training(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(training) = context.head.queries.values().find(|query| trains(query)) else { return };
    for history in histories(context) {
        let Some(money) = history.moneys().next() else { continue };
        let at = money.product.range.clone();
        let Some(diagnostic) = lacking(context, &history, tells_training, at.clone(), TRAINING, sink) else { continue };
        diagnostic.help(
            "multiply the price of each job by `IF(statement_type = 'CREATE_MODEL', 50, 1)`, or leave them out with `statement_type != 'CREATE_MODEL'`",
        );
        diagnostic.related(training.span, "a model is trained here");
        let factor = " * IF(statement_type = 'CREATE_MODEL', 50, 1)";
        let fix = edit::replace(history.query, at.end..at.end, factor, "tell training from queries", Applicability::Unsafe);
        fix.filter(|_| is_of_each_job(&history, &money)).into_iter().for_each(|fix| _ = diagnostic.fix(fix));
    }
}

/// The product is reckoned for each row of the history, which is alone in its `FROM`.
fn is_of_each_job(history: &History<'_>, money: &Money<'_>) -> bool {
    let product = &money.product.range;
    let is_within = |sum: &Sum| product.start <= sum.range.start && sum.range.end <= product.end;
    let is_direct = money.bytes.iter().all(|named| named.is_direct);
    is_direct && history.source.clause.is_some() && !history.sums().any(is_within)
}

/// A model of BigQuery is made of rows; one that lies elsewhere is made of none.
fn trains(query: &Query) -> bool {
    query.statement.kind == StatementKind::Other("CREATE MODEL".to_owned()) && !query.resolution.scans.is_empty()
}

/// Who leaves out scripts has not thought of models; who asks for one type, or names them, has.
fn tells_training(test: &Test) -> bool {
    let is_of_scripts = test.is_null || !test.strings.is_empty() && test.strings.iter().all(|text| text == "SCRIPT");
    names(test, &["statement_type"]) && !is_of_scripts
}

const HIDDEN: &str =
    "jobs that read a table with a row access policy have no `total_bytes_billed`: they are left out of the sum without a word";

pub(in crate::rules) fn hidden_jobs(context: &Context<'_>, sink: &mut Sink<'_>) {
    let policies = context.head.deployed.values().filter_map(|deployed| deployed.row_policy);
    let is_policy = |query: &&Query| query.statement.kind == StatementKind::Other("CREATE ROW ACCESS".to_owned());
    let written = context.head.queries.values().filter(is_policy).map(|query| query.span);
    let Some(policy) = policies.chain(written).min() else { return };
    for history in histories(context) {
        let Some(sum) = history.sums().find(|sum| is_billed(&history, sum)) else { continue };
        let Some(diagnostic) = lacking(context, &history, tells_hidden, sum.range.clone(), HIDDEN, sink) else { continue };
        diagnostic.help("say beside it how many they are: `COUNTIF(job_type = 'QUERY' AND total_bytes_billed IS NULL) AS jobs_of_unknown_bytes`");
        diagnostic.related(policy, "a policy on rows");
    }
}

fn is_billed(history: &History<'_>, sum: &Sum) -> bool {
    sum.columns.iter().any(|named| history.is_of(named) && named.column == BILLED)
}

fn tells_hidden(test: &Test) -> bool {
    test.is_null && names(test, &[BILLED, "total_bytes_processed"])
}
