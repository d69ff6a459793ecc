//! Where clauses stand in a statement, for those who add to it or cut out of it.

use super::{clean, token};
use crate::sql::reckoning::Clause;
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::ops::Range;

/// What ends the clauses of `FROM` and `WHERE`.
const ENDS: &[&str] =
    &["GROUP", "HAVING", "QUALIFY", "WINDOW", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WHEN", "ON", "SET"];
/// Beside another table a bare name may be ambiguous.
const OTHERS: &[&str] = &["JOIN", "CROSS", "LEFT", "RIGHT", "FULL", "INNER", "PIVOT", "UNPIVOT", "TABLESAMPLE"];

/// The clause behind a table in a statement; `None` where it is not the only one of its `FROM`, or not at its place.
pub(crate) fn clause(text: &str, statement: &Range<usize>, table: &Range<usize>) -> Option<Clause> {
    let written = text.get(statement.clone())?;
    let tokens = token::tokenize(&clean::clean(written).text, written, statement.start).ok()?;
    let start_of = |at: usize| tokens.get(at).and_then(|token| token::bytes(token.span)).map(|range| range.start);
    let first = tokens.partition_point(|token| token::bytes(token.span).is_some_and(|range| range.start < table.start));
    let is_first = start_of(first) == Some(table.start) && first > 0 && token::is_any(&tokens, first - 1, &["FROM"]);
    let behind = tokens.partition_point(|token| token::bytes(token.span).is_some_and(|range| range.start < table.end));
    let end = end_of(&tokens, behind, |at| is_first_end(&tokens, at));
    let has_other = (behind..end).any(|at| token::is_any(&tokens, at, OTHERS) || token::is(&tokens, at, &Token::Comma));
    if !is_first || has_other {
        return None;
    }
    let last = |end: usize| token::bytes(tokens.get(end.checked_sub(1)?)?.span).map(|range| range.end);
    if !token::is_any(&tokens, end, &["WHERE"]) {
        return last(end).map(Clause::Absent);
    }
    let stop = end_of(&tokens, end + 1, |at| token::is_any(&tokens, at, ENDS));
    let has_or = end_of(&tokens, end + 1, |at| token::is_any(&tokens, at, &["OR"])) < stop;
    Some(Clause::Where { condition: start_of(end + 1)?..last(stop)?, has_or })
}

/// The `ORDER BY` at the end of a subquery, whose first key begins at `key`, with the blanks before it; `None` where a
/// comment stands in it.
pub(crate) fn order_clause(text: &str, statement: &Range<usize>, key: usize) -> Option<Range<usize>> {
    let written = text.get(statement.clone())?;
    let cleaned = clean::clean(written).text;
    let tokens = token::tokenize(&cleaned, written, statement.start).ok()?;
    let range_of = |at: usize| token::bytes(tokens.get(at)?.span);
    let first = tokens.partition_point(|token| token::bytes(token.span).is_some_and(|range| range.start < key));
    let (order, before) = (first.checked_sub(2)?, first.checked_sub(3)?);
    let is_order = token::is_any(&tokens, order, &["ORDER"]) && token::is_any(&tokens, order + 1, &["BY"]);
    let close = end_of(&tokens, first, |_| false);
    if !is_order || !token::is(&tokens, close, &Token::RParen) {
        return None;
    }
    let (start, end) = (range_of(order)?.start, range_of(close.checked_sub(1)?)?.end);
    let local = start - statement.start..end - statement.start;
    let has_comment = cleaned.get(local) != text.get(start..end);
    (!has_comment).then(|| with_blanks(text, range_of(before).map_or(start, |range| range.end), start..end))
}

/// With the blanks that are left over when the range is cut out; `from` is where the word before it ends.
fn with_blanks(text: &str, from: usize, range: Range<usize>) -> Range<usize> {
    let between = text.get(from..range.start).unwrap_or_default();
    let rest = text.get(range.end..).unwrap_or_default();
    let n_blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let is_last = rest.get(n_blank..).is_some_and(|rest| rest.starts_with(['\n', '\r']));
    match between.trim().is_empty() {
        true => from..range.end,
        // A comment ends where its line does.
        false if is_last => from + between.trim_end().len()..range.end,
        false => range.start..range.end + n_blank,
    }
}

fn is_first_end(tokens: &[TokenWithSpan], at: usize) -> bool {
    token::is_any(tokens, at, &["WHERE"]) || token::is_any(tokens, at, ENDS)
}

/// The first token of the same depth that ends the clause, or that closes what is around it.
fn end_of(tokens: &[TokenWithSpan], from: usize, is_end: impl Fn(usize) -> bool) -> usize {
    let mut depth = 0_usize;
    for at in from..tokens.len() {
        match tokens.get(at).map(|token| &token.token) {
            Some(Token::LParen | Token::LBracket) => depth += 1,
            Some(Token::RParen | Token::RBracket) if depth == 0 => return at,
            Some(Token::RParen | Token::RBracket) => depth -= 1,
            Some(Token::SemiColon) if depth == 0 => return at,
            _ if depth == 0 && is_end(at) => return at,
            _ => {}
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::clause;
    use crate::sql::reckoning::Clause;

    fn shown(text: &str) -> String {
        let start = text.find("jobs").expect("a table");
        match clause(text, &(0..text.len()), &(start..start + 4)) {
            None => "none".to_owned(),
            Some(Clause::Absent(at)) => format!("{}|", &text[..at]),
            Some(Clause::Where { condition, has_or }) => format!("{} {has_or}", &text[condition]),
        }
    }

    #[test]
    fn the_condition_of_the_query_around_a_table_is_found() {
        let cases = [
            ("SELECT a FROM jobs", "SELECT a FROM jobs|"),
            ("SELECT a FROM jobs AS j ORDER BY a", "SELECT a FROM jobs AS j|"),
            ("SELECT a FROM jobs WHERE a = 'OR' -- why\nGROUP BY a", "a = 'OR' false"),
            ("WITH x AS (SELECT a FROM jobs WHERE (a) OR b) SELECT a FROM x WHERE c", "(a) OR b true"),
            ("WITH x AS (SELECT a FROM jobs) SELECT a FROM x WHERE c", "WITH x AS (SELECT a FROM jobs|"),
            ("SELECT a FROM jobs WHERE a IN (SELECT b FROM c WHERE d OR e)", "a IN (SELECT b FROM c WHERE d OR e) false"),
            ("SELECT a FROM jobs, UNNEST(labels)", "none"),
            ("SELECT a FROM jobs JOIN b USING (a)", "none"),
            ("SELECT a FROM b JOIN jobs USING (a)", "none"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
