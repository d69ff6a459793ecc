//! Bytes or slots are added up over jobs, those of scripts among them, whose statements are jobs too.

use super::money::{BILLED, Money, PROCESSED};
use super::{edit, gap, jobs, reckonings, subject};
use crate::diagnostic::Applicability;
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Named, Reckoning, SourceKind, Test};

/// What the row of a script repeats of its statements.
const REPEATED: [&str; 3] = [BILLED, PROCESSED, "total_slot_ms"];

/// A condition on one of these speaks of scripts, or of certain jobs.
const TELLING: [&str; 6] = ["statement_type", "parent_job_id", "destination_table", "dml_statistics", "cache_hit", "query_info"];

const CONDITION: &str = "(statement_type IS NULL OR statement_type != 'SCRIPT')";

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        let Some(what) = counted(reckoning).filter(|_| !reckoning.tests.iter().any(tells)) else { continue };
        for source in jobs(reckoning) {
            let span = query.map.span(source.range.clone());
            if let Some(gap) = gap(query) {
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
            let fix = source.clause.as_ref().and_then(|clause| {
                edit::restrict(query, clause, CONDITION, "leave out the rows of scripts", Applicability::Safe)
            });
            fix.into_iter().for_each(|fix| _ = diagnostic.fix(fix));
        }
    }
}

/// The first column that is added up, or turned into money row by row.
fn counted(reckoning: &Reckoning) -> Option<&Named> {
    let is_repeated = |named: &&Named| named.kind == SourceKind::Jobs && REPEATED.contains(&named.column.as_str());
    let summed = reckoning.sums.iter().flat_map(|sum| &sum.columns).find(is_repeated);
    summed.or_else(|| {
        reckoning.products.iter().filter_map(Money::of).flat_map(|money| money.bytes).find(|named| is_repeated(named))
    })
}

fn tells(test: &Test) -> bool {
    let is_telling = |named: &Named| {
        let first = named.column.split('.').next().unwrap_or_default();
        let is_one_job = first == "job_id" && named.is_direct && test.columns.len() == 1;
        TELLING.contains(&first) || is_one_job || first == "reservation_id" && !test.is_null
    };
    test.columns.iter().any(is_telling)
}
