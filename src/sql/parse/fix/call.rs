//! What stands between parentheses: the arguments of calls, and expressions that define names.

use super::join::Joins;
use super::pipe::Stage;
use super::{Fixer, keyword};
use crate::sql::parse::token::{after_group, bytes, is, is_any, word};
use sqlparser::tokenizer::{Token, TokenWithSpan};

/// What one pair of parentheses holds, or the whole statement.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) kind: Kind,
    /// Where it begins in the output.
    pub(super) start: usize,
    /// Where its query begins in the output, once there is one.
    pub(super) query: Option<usize>,
    pub(super) joins: Joins,
    /// The pipe operator at hand.
    pub(super) stage: Option<Stage>,
}

#[derive(Debug, Default)]
pub(super) enum Kind {
    /// A group, a list, a query, the statement.
    #[default]
    Plain,
    Call,
    /// `CAST`: where `AS` and `FORMAT` are in the output.
    Cast {
        as_at: Option<usize>,
        format_at: Option<usize>,
    },
    /// `UNPIVOT (…)`, and the list in it.
    Unpivot,
    UnpivotList,
    /// `WITH(a AS 1, a + 1)`: the name of the value at hand.
    With(Vec<TokenWithSpan>),
}

/// Words that a parenthesis may follow without being a call.
const NOT_A_FUNCTION: &[&str] = &[
    "IN",
    "FROM",
    "JOIN",
    "SELECT",
    "WHERE",
    "AND",
    "OR",
    "ON",
    "USING",
    "AS",
    "UNION",
    "ALL",
    "DISTINCT",
    "EXCEPT",
    "REPLACE",
    "THEN",
    "WHEN",
    "ELSE",
    "BY",
    "NOT",
    "CASE",
    "VALUES",
    "WITH",
    "OVER",
    "PIVOT",
    "UNPIVOT",
    "MATCH_RECOGNIZE",
    "STRUCT",
    "OPTIONS",
    "LIKE",
    "EXISTS",
    "BETWEEN",
    "ANY",
    "SOME",
    "SET",
    "SETS",
    "HAVING",
    "QUALIFY",
    "LIMIT",
    "OFFSET",
    "INTERVAL",
    "IS",
    "ROLLUP",
    "CUBE",
    "EXTEND",
    "AGGREGATE",
];

impl Fixer<'_> {
    pub(super) fn open_parenthesis(&mut self) {
        let is_with = self.follows(&["WITH"]) && self.done.tokens.last().is_some_and(|token| token.token == Token::LParen);
        let kind = match self.kind() {
            _ if is_with => return self.open_with(),
            kind => kind,
        };
        let is_list_of_queries = self.follows(&["IN"])
            && self.next_is_token(1, &Token::LParen)
            && is(self.tokens, after_group(self.tokens, self.at + 1), &Token::Comma);
        self.keep();
        self.levels.push(Level { kind, start: self.done.tokens.len(), ..Level::default() });
        if is_list_of_queries {
            // A query that stands first in a list is taken for the whole of `IN (…)` otherwise.
            self.put(&[Token::Plus]);
        }
    }

    fn kind(&self) -> Kind {
        let is_name = self.at > 0 && matches!(self.tokens.get(self.at - 1).map(|token| &token.token), Some(Token::Word(_)));
        if self.follows(&["CAST", "SAFE_CAST"]) {
            Kind::Cast { as_at: None, format_at: None }
        } else if self.follows(&["UNPIVOT", "NULLS"]) {
            Kind::Unpivot
        } else if self.follows(&["IN"]) && matches!(self.levels.last(), Some(Level { kind: Kind::Unpivot, .. })) {
            Kind::UnpivotList
        } else if is_name && !self.follows(NOT_A_FUNCTION) {
            Kind::Call
        } else {
            Kind::Plain
        }
    }

    pub(super) fn close_parenthesis(&mut self) {
        self.end_stage();
        if self.levels.len() > 1
            && let Some(level) = self.levels.pop()
        {
            match level.kind {
                Kind::Cast { as_at: Some(as_at), format_at: Some(format_at) } => self.move_format(level.start, as_at, format_at),
                Kind::With(name) => self.done.tokens.extend(name),
                Kind::Plain | Kind::Call | Kind::Cast { .. } | Kind::Unpivot | Kind::UnpivotList => {}
            }
        }
        self.keep();
        self.pipe_after_group();
    }

    /// `CAST(x AS T FORMAT y)` reads what `CAST((x, y) AS T)` reads; the library takes no more than literals for `y`.
    fn move_format(&mut self, start: usize, as_at: usize, format_at: usize) {
        let out = &mut self.done.tokens;
        let mut format = out.split_off(format_at);
        let Some(place) = format.first().map(|token| token.span) else { return };
        let token = |token| TokenWithSpan { token, span: place };
        if let Some(first) = format.first_mut() {
            first.token = Token::Comma;
        }
        format.push(token(Token::RParen));
        out.splice(as_at..as_at, format);
        out.insert(start, token(Token::LParen));
    }

    pub(super) fn comma(&mut self) {
        self.end_joins();
        if self.is_trailing_comma() {
            self.at += 1;
            return;
        }
        if let Some(Level { kind: Kind::With(name), .. }) = self.levels.last_mut() {
            let name = std::mem::take(name);
            self.done.tokens.extend(name);
            return self.next_of_with();
        }
        self.keep();
    }

    /// `WITH(a AS x, b AS y, z)` is `(SELECT x AS a |> EXTEND y AS b |> SELECT z)`.
    fn open_with(&mut self) {
        self.at += 1;
        self.put(&[keyword("SELECT")]);
        let start = self.done.tokens.len();
        let name = self.name_of_with();
        self.levels.push(Level { kind: Kind::With(name), start, query: Some(start), ..Level::default() });
    }

    fn next_of_with(&mut self) {
        self.at += 1;
        let name = self.name_of_with();
        let operator = if name.is_empty() { "SELECT" } else { "EXTEND" };
        self.put(&[Token::VerticalBarRightAngleBracket, keyword(operator)]);
        if let Some(level) = self.levels.last_mut() {
            level.kind = Kind::With(name);
        }
    }

    /// Takes `name AS` and gives it back turned round.
    fn name_of_with(&mut self) -> Vec<TokenWithSpan> {
        let pair = self.tokens.get(self.at..self.at + 2);
        match pair {
            Some([name, by]) if matches!(name.token, Token::Word(_)) && is_any(self.tokens, self.at + 1, &["AS"]) => {
                self.at += 2;
                vec![by.clone(), name.clone()]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn is_in_unpivot(&self) -> bool {
        matches!(self.levels.last(), Some(Level { kind: Kind::UnpivotList, .. }))
    }

    /// Words that mean something among arguments. Says whether it has taken the word.
    pub(super) fn word_of_call(&mut self, name: &str) -> bool {
        match name {
            "WITH" if self.next_is_token(1, &Token::LParen) => {
                let span = self.span();
                self.at += 1;
                self.done.tokens.push(TokenWithSpan { token: Token::LParen, span });
            }
            "STRUCT" if self.next_is_token(1, &Token::LParen) && self.next_is_token(2, &Token::RParen) => self.plain_name(),
            "SAFE" if self.is_safe_cast() => self.replace(&[keyword("SAFE_CAST")], 3),
            "GRAPH_TABLE" if self.next_is_token(1, &Token::LParen) => self.without_group(),
            "MATCH_RECOGNIZE" if self.next_is_token(1, &Token::LParen) => self.match_rows(),
            _ => {
                let Some(level) = self.levels.last() else { return false };
                return match level.kind {
                    Kind::Call if level.query.is_none() => self.word_of_arguments(name),
                    Kind::Cast { .. } => self.word_of_cast(name),
                    Kind::UnpivotList if name == "AS" => {
                        self.at += 1;
                        true
                    }
                    Kind::Plain | Kind::Call | Kind::With(_) | Kind::Unpivot | Kind::UnpivotList => false,
                };
            }
        }
        true
    }

    fn is_safe_cast(&self) -> bool {
        self.next_is_token(1, &Token::Period) && self.next_is(2, "CAST") && self.next_is_token(3, &Token::LParen)
    }

    /// Takes the word as a name, and leaves out what its parentheses hold: it stands nowhere else in the query.
    fn without_group(&mut self) {
        self.plain_name();
        let end = after_group(self.tokens, self.at);
        self.put(&[Token::LParen, Token::RParen]);
        self.skip_to(end);
    }

    /// All columns count as needed, so that it does not matter which rows are matched.
    fn match_rows(&mut self) {
        self.keep();
        let end = after_group(self.tokens, self.at);
        let (name, all) = (Token::make_word("a", None), keyword("TRUE"));
        let pattern = [keyword("PATTERN"), Token::LParen, name.clone(), Token::RParen];
        let definition = [keyword("DEFINE"), name, keyword("AS"), all, Token::RParen];
        self.put(&[&[Token::LParen], pattern.as_slice(), definition.as_slice()].concat());
        self.skip_to(end);
    }

    fn word_of_arguments(&mut self, name: &str) -> bool {
        let starts_argument = self.follows_token(&[Token::LParen, Token::Comma, Token::RArrow]);
        match name {
            "MODEL" | "TABLE" | "CONNECTION" if starts_argument && self.is_marked_argument() => self.marked_argument(name),
            "GROUP" if self.next_is(1, "BY") && !starts_argument => self.replace(&[Token::Comma], 2),
            "WHERE" if !starts_argument => self.replace(&[Token::Comma], 1),
            "AS" if self.is_alias() => self.at += 2,
            _ => return false,
        }
        true
    }

    /// `f(x AS name)`.
    fn is_alias(&self) -> bool {
        matches!(self.tokens.get(self.at + 1).map(|token| &token.token), Some(Token::Word(_)))
            && (self.next_is_token(2, &Token::Comma) || self.next_is_token(2, &Token::RParen))
    }

    fn is_marked_argument(&self) -> bool {
        let next = self.tokens.get(self.at + 1).map(|token| &token.token);
        matches!(next, Some(Token::Word(_))) && !is_any(self.tokens, self.at + 1, &["AS", "GROUP", "ORDER", "IN", "IS", "NOT"])
    }

    fn marked_argument(&mut self, mark: &str) {
        let start = self.tokens.get(self.at + 1).and_then(|token| bytes(token.span)).map(|range| range.start);
        if mark == "TABLE" {
            self.done.table_arguments.extend(start);
        } else {
            self.done.not_columns.extend(start);
        }
        self.at += 1;
        if word(self.tokens, self.at).is_some() {
            self.plain_name();
        }
    }

    fn word_of_cast(&mut self, name: &str) -> bool {
        let here = self.done.tokens.len();
        let is_literal = is(self.tokens, self.at + 2, &Token::RParen);
        let next = self.tokens.get(self.at + 1);
        let Some(Level { kind: Kind::Cast { as_at, format_at }, .. }) = self.levels.last_mut() else { return false };
        match name {
            "AS" => *as_at = as_at.or(Some(here)),
            "COLLATE" if as_at.is_some() && next.is_some_and(|next| super::is_string(&next.token)) => {
                self.at += 2;
                return true;
            }
            "FORMAT" if as_at.is_some() => {
                if !(is_literal && next.is_some_and(|next| super::is_string(&next.token))) {
                    *format_at = format_at.or(Some(here));
                }
            }
            _ => return false,
        }
        self.keep();
        true
    }
}
