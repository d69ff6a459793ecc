//! Bytes or slots are added up over jobs, those of scripts among them, whose statements are jobs too.

use super::histories::{History, histories};
use super::money::{BILLED, PROCESSED};
use super::{gap, subject};
use crate::diagnostic::Applicability;
use crate::rules::sql::edit;
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Named, Test};

/// What the row of a script repeats of its statements.
const REPEATED: [&str; 3] = [BILLED, PROCESSED, "total_slot_ms"];

/// A condition on one of these speaks of scripts, or of certain jobs.
const TELLING: [&str; 6] = ["statement_type", "parent_job_id", "destination_table", "dml_statistics", "cache_hit", "query_info"];

const CONDITION: &str = "(statement_type IS NULL OR statement_type != 'SCRIPT')";

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for history in histories(context) {
        let Some(what) = counted(&history).filter(|_| !history.tests().any(tells)) else { continue };
        let (query, source) = (history.query, history.source);
        let span = query.map.span(source.range.clone());
        if let Some(gap) = gap(context, query) {
            sink.not_checked(&subject(query), gap.message.clone(), Some(span));
            continue;
        }
        let message = format!(
            "scripts are counted twice: `{}` of a script is that of its statements, which are jobs of their own",
            what.column
        );
        let diagnostic = sink.report(subject(query), span, message);
        diagnostic.help(format!("add `{CONDITION}`"));
        diagnostic.detail(source.path.join("."));
        diagnostic.related(query.map.span(what.range.clone()), "counted here");
        let fix = source
            .clause
            .as_ref()
            .and_then(|clause| edit::restrict(query, clause, CONDITION, "leave out the rows of scripts", Applicability::Safe));
        fix.into_iter().for_each(|fix| _ = diagnostic.fix(fix));
    }
}

/// The first of its columns that is added up, or turned into money row by row.
fn counted<'a>(history: &History<'a>) -> Option<&'a Named> {
    let is_repeated = |named: &&Named| history.is_of(named) && REPEATED.contains(&named.column.as_str());
    let summed = history.sums().flat_map(|sum| &sum.columns).find(is_repeated);
    summed.or_else(|| history.moneys().flat_map(|money| money.bytes).find(is_repeated))
}

fn tells(test: &Test) -> bool {
    let is_telling = |named: &Named| {
        let first = named.column.split('.').next().unwrap_or_default();
        let is_one_job = first == "job_id" && named.is_direct && test.columns.len() == 1;
        TELLING.contains(&first) || is_one_job || first == "reservation_id" && !test.is_null
    };
    test.columns.iter().any(is_telling)
}
