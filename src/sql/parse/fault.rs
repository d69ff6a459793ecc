//! Decides whether a text that the parser refused is certainly wrong, and says in our words what is wrong and where.
//! Judges by neighbouring words alone, near the place where the parser stopped: what these rules do not know stays
//! unjudged, since a wrong "syntax error" on right text is worse than silence.

use super::token::{bytes, is, is_any, range_of, word};
use crate::sql::SqlError;
use crate::sql::reserved::RESERVED;
use crate::text::nearest;
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::ops::Range;

/// Words that are reserved and begin no expression, table or name.
const NEVER_AN_OPERAND: &[&str] = &[
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "UNION",
    "INTERSECT",
    "JOIN",
    "ON",
    "AND",
    "OR",
    "THEN",
    "WHEN",
    "ELSE",
    "END",
    "BY",
    "ASC",
    "DESC",
    "INNER",
    "CROSS",
    "FULL",
    "QUALIFY",
    "USING",
    "BETWEEN",
    "IS",
    "LIKE",
    "OF",
    "INTO",
    "TO",
    "OVER",
    "AS",
    "NATURAL",
    "TABLESAMPLE",
];

/// Words after which an operand must come.
const WANTS_AN_OPERAND: &[&str] =
    &["WHERE", "HAVING", "QUALIFY", "AND", "OR", "FROM", "JOIN", "SELECT", "BY", "LIMIT", "WHEN", "THEN", "ELSE", "ON", "SET"];

/// The parenthesis that has no partner.
pub(super) fn unbalanced(tokens: &[TokenWithSpan]) -> Option<SqlError> {
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen => open.push(at),
            Token::RParen if open.pop().is_none() => {
                return Some(error(place(tokens, at), "this `)` closes nothing".to_owned()));
            }
            _ => {}
        }
    }
    let at = open.pop()?;
    Some(error(place(tokens, at), "this `(` is never closed".to_owned()))
}

/// What the parser takes and BigQuery does not have: words and signs of other dialects.
pub(super) fn foreign(tokens: &[TokenWithSpan]) -> Option<SqlError> {
    let is_string = |at: usize| {
        let token = tokens.get(at).map(|token| &token.token);
        matches!(token, Some(Token::SingleQuotedString(_) | Token::DoubleQuotedString(_)))
    };
    (0..tokens.len()).find_map(|at| {
        let message = match &tokens.get(at)?.token {
            Token::DoubleEq => "BigQuery compares with `=`, it has no `==`",
            Token::Mod => "BigQuery has no `%`: write `MOD(…, …)`",
            Token::Arrow | Token::LongArrow if is_string(at + 1) => "BigQuery reads JSON by its functions, such as `JSON_VALUE`",
            Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) if is_table(tokens, at) => {
                "the name of a table is written in backticks"
            }
            Token::DoubleColon => "BigQuery has no `::`: write `CAST(… AS …)`",
            Token::Word(_) if is_any(tokens, at, &["ILIKE"]) && is_string(at + 1) => {
                "BigQuery has no `ILIKE`: compare `LOWER(…)` with `LIKE`"
            }
            Token::Word(_) if at > 0 && is_any(tokens, at - 1, &["SELECT"]) && is_any(tokens, at, &["TOP"]) => {
                let is_count = matches!(tokens.get(at + 1).map(|token| &token.token), Some(Token::Number(..)));
                is_count.then_some("BigQuery has no `TOP`: put `LIMIT` at the end")?
            }
            Token::Word(_) if at > 0 && is_any(tokens, at - 1, &["FROM", "JOIN"]) && is_any(tokens, at, NEVER_AN_OPERAND) => {
                return missing_operand(tokens, at);
            }
            _ => return None,
        };
        Some(error(place(tokens, at), message.to_owned()))
    })
}

/// A table is wanted here: `FROM`, but not that of `EXTRACT(… FROM …)` and `IS DISTINCT FROM`.
fn is_table(tokens: &[TokenWithSpan], at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let is_extract = || (before.saturating_sub(6)..before).any(|at| is_any(tokens, at, &["EXTRACT", "DISTINCT"]));
    is_any(tokens, before, &["JOIN"]) || is_any(tokens, before, &["FROM"]) && !is_extract()
}

/// The first certain mistake within a few tokens of `failed`, where the parser stopped.
pub(super) fn certain(tokens: &[TokenWithSpan], failed: usize) -> Option<SqlError> {
    (failed.saturating_sub(3)..=failed.saturating_add(1).min(tokens.len())).find_map(|at| mistake_at(tokens, at))
}

/// What is wrong with the token at this place, given what stands before it. One past the end is the end of the text.
fn mistake_at(tokens: &[TokenWithSpan], at: usize) -> Option<SqlError> {
    if at == 0 {
        return None;
    }
    missing_word(tokens, at)
        .or_else(|| missing_operand(tokens, at))
        .or_else(|| empty_place(tokens, at))
        .or_else(|| two_operands(tokens, at))
}

/// `GROUP` and `ORDER` without `BY`.
fn missing_word(tokens: &[TokenWithSpan], at: usize) -> Option<SqlError> {
    let is_after_other = at >= 2 && (is_any(tokens, at - 2, &["WITHIN"]) || is(tokens, at - 2, &Token::Period));
    if !is_any(tokens, at - 1, &["GROUP", "ORDER"]) || is_after_other || is_any(tokens, at, &["BY", "AND"]) {
        return None;
    }
    let message = format!("expected `BY` after `{}`, found {}", tokens.get(at - 1)?.token, found(tokens, at));
    Some(error(place(tokens, at.min(tokens.len() - 1)), message))
}

/// Lists with a hole in them.
fn empty_place(tokens: &[TokenWithSpan], at: usize) -> Option<SqlError> {
    let comma = is(tokens, at, &Token::Comma) && is(tokens, at - 1, &Token::Comma);
    let list = at >= 2 && is(tokens, at, &Token::RParen) && is(tokens, at - 1, &Token::LParen) && is_any(tokens, at - 2, &["IN"]);
    let before = if list { "IN (" } else { "," };
    (comma || list)
        .then(|| error(place(tokens, at), format!("expected an expression after `{before}`, found {}", found(tokens, at))))
}

fn found(tokens: &[TokenWithSpan], at: usize) -> String {
    tokens.get(at).map_or("the end of the statement".to_owned(), |token| format!("`{}`", token.token))
}

fn missing_operand(tokens: &[TokenWithSpan], at: usize) -> Option<SqlError> {
    let before = wants_operand(tokens, at - 1)?;
    let is_end =
        matches!(tokens.get(at).map(|token| &token.token), None | Some(Token::RParen | Token::Comma)) || at == tokens.len();
    let is_wrong_word = is_any(tokens, at, NEVER_AN_OPERAND) && !is_exception(tokens, at);
    if !is_end && !is_wrong_word {
        return None;
    }
    // `GROUP BY` may be followed by anything that is a name; `SELECT` before `)` is never right either.
    let what = match before.as_str() {
        "FROM" | "JOIN" => "a table",
        "SET" => "an assignment",
        _ => "an expression",
    };
    let range = if at < tokens.len() { place(tokens, at) } else { place(tokens, at - 1) };
    Some(error(range, format!("expected {what} after `{before}`, found {}", found(tokens, at))))
}

/// The words before an operand that must come; dots make any word a name.
fn wants_operand(tokens: &[TokenWithSpan], at: usize) -> Option<String> {
    let follows_dot = at > 0 && matches!(tokens.get(at - 1).map(|token| &token.token), Some(Token::Period));
    match &tokens.get(at)?.token {
        Token::Word(_) if follows_dot => None,
        Token::Word(_) if is_any(tokens, at, WANTS_AN_OPERAND) => Some(word(tokens, at)?.to_ascii_uppercase()),
        token @ (Token::Eq | Token::LtEq | Token::GtEq | Token::Plus | Token::Div | Token::StringConcat) => {
            Some(token.to_string())
        }
        _ => None,
    }
}

/// Reserved words that may well follow a word that wants an operand.
fn is_exception(tokens: &[TokenWithSpan], at: usize) -> bool {
    let before = |words: &[&str]| is_any(tokens, at - 1, words);
    // `SELECT AS STRUCT`, `THEN INTO` never; `WHEN … THEN` is MERGE's when it reads `WHEN NOT MATCHED BY … THEN`.
    is_any(tokens, at, &["AS"]) && before(&["SELECT"])
        || is_any(tokens, at, &["END", "THEN"]) && before(&["BY", "ON", "LIMIT"])
        || is_any(tokens, at, &["FULL"]) && before(&["BY"])
        || before(&["ON", "BY", "LIMIT"]) && !is_any(tokens, at, &["WHERE", "GROUP", "HAVING", "FROM", "LIMIT"])
}

/// Two values with nothing between them: a comma or an operator is missing.
fn two_operands(tokens: &[TokenWithSpan], at: usize) -> Option<SqlError> {
    let is_number = |at: usize| matches!(tokens.get(at).map(|token| &token.token), Some(Token::Number(..)));
    if is_number(at) && is_number(at - 1) {
        return Some(no_comma(tokens, at, at - 1));
    }
    if at < 2 || !is_plain_name(tokens, at - 1) || !ends_operand(tokens, at - 2) {
        return None;
    }
    // `WITH a AS (…) b AS (…)`.
    let is_next_query = is(tokens, at - 2, &Token::RParen) && is_any(tokens, at, &["AS"]) && is(tokens, at + 1, &Token::LParen);
    if is_next_query {
        return Some(no_comma(tokens, at - 1, at - 2));
    }
    let is_alias_then_more = match &tokens.get(at)?.token {
        // `a b c`, `a b 1`: after a value and its alias no other value can stand.
        Token::Word(_) => is_plain_name(tokens, at),
        Token::Number(..) | Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) => true,
        Token::Period | Token::LParen => is_value(tokens, at - 2),
        _ => false,
    };
    if !is_alias_then_more {
        return None;
    }
    let word = word(tokens, at - 1).unwrap_or_default();
    if let Some(meant) = nearest(word, CLAUSES.iter().copied()) {
        return Some(error(place(tokens, at - 1), format!("`{word}` begins no clause; did you mean `{meant}`?")));
    }
    Some(no_comma(tokens, at, at - 1))
}

const CLAUSES: &[&str] = &["FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "QUALIFY", "JOIN"];

fn no_comma(tokens: &[TokenWithSpan], at: usize, before: usize) -> SqlError {
    let text = |at: usize| tokens.get(at).map(|token| token.token.to_string()).unwrap_or_default();
    error(place(tokens, at), format!("`{}` cannot stand after `{}`: is a comma missing?", text(at), text(before)))
}

fn is_value(tokens: &[TokenWithSpan], at: usize) -> bool {
    is_plain_name(tokens, at) || matches!(tokens.get(at).map(|token| &token.token), Some(Token::Number(..)))
}

/// A value may end here.
fn ends_operand(tokens: &[TokenWithSpan], at: usize) -> bool {
    is_value(tokens, at)
        || matches!(
            tokens.get(at).map(|token| &token.token),
            Some(Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) | Token::RParen)
        )
}

/// A name that cannot be a keyword of any clause, as far as the parser library's own list of keywords goes.
fn is_plain_name(tokens: &[TokenWithSpan], at: usize) -> bool {
    let follows_dot = at > 0 && matches!(tokens.get(at - 1).map(|token| &token.token), Some(Token::Period));
    match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word)) if word.quote_style.is_some() => true,
        Some(Token::Word(word)) => {
            !word.value.starts_with('@')
                && (follows_dot || word.keyword == sqlparser::keywords::Keyword::NoKeyword)
                && !is_any(tokens, at, RESERVED)
                && !is_any(tokens, at, LATER_KEYWORDS)
        }
        _ => false,
    }
}

/// Words of BigQuery's grammar that the library's list may lack.
const LATER_KEYWORDS: &[&str] = &[
    "AGGREGATE",
    "EXTEND",
    "CORRESPONDING",
    "STRICT",
    "GRAPH",
    "GRAPH_TABLE",
    "MATCH_RECOGNIZE",
    "MATCHED",
    "OFFSET",
    "ORDINAL",
    "SAFE_OFFSET",
    "SAFE_ORDINAL",
    "PERCENT",
    "SYSTEM_TIME",
    "SYSTEM",
    "REMOTE",
    "CONNECTION",
    "OPTIONS",
    "LANGUAGE",
    "DETERMINISTIC",
    "PIVOT",
    "UNPIVOT",
    "INCLUDE",
    "EXCLUDE",
    "QUALIFY",
    "ASSERT",
    "MODEL",
    "SNAPSHOT",
];

/// The text ends in a clause that has nothing in it, or a group does.
pub(super) fn place(tokens: &[TokenWithSpan], at: usize) -> Range<usize> {
    tokens.get(at).and_then(|token| bytes(token.span)).unwrap_or_else(|| {
        let end = range_of(tokens).end;
        end..end
    })
}

fn error(range: Range<usize>, message: String) -> SqlError {
    SqlError { range, message }
}
