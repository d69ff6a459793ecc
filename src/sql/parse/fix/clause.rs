//! Clauses that are cut out, or written otherwise.

use super::{Fixer, keyword};
use crate::sql::SqlError;
use crate::sql::parse::token::{after_group, bytes, is, is_any, is_word};
use sqlparser::tokenizer::{Token, TokenWithSpan};

const SET_OPERATORS: &[&str] = &["UNION", "INTERSECT", "EXCEPT"];
const ENDS_SYSTEM_TIME: &[&str] = &[
    "WHERE",
    "GROUP",
    "ORDER",
    "LIMIT",
    "JOIN",
    "LEFT",
    "INNER",
    "CROSS",
    "FULL",
    "RIGHT",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "HAVING",
    "QUALIFY",
    "WINDOW",
    "ON",
    "USING",
    "AS",
    "PIVOT",
    "UNPIVOT",
    "TABLESAMPLE",
];

impl Fixer<'_> {
    /// Words that mean something to some clause. Says whether it has taken the word.
    pub(super) fn word_of_clause(&mut self, name: &str) -> bool {
        match name {
            "RANGE" if self.next_is_token(1, &Token::Lt) => self.range_type(),
            "FULL" | "LEFT" | "INNER" | "OUTER" if self.is_set_mode() => self.at += 1,
            "STRICT" if self.next_is(1, "CORRESPONDING") => self.at += 1,
            "CORRESPONDING" if self.follows(&["ALL", "DISTINCT", "STRICT"]) => self.corresponding(),
            "ON" if self.follows(&["NAME"]) && self.next_is_token(1, &Token::LParen) => {
                self.skip_to(after_group(self.tokens, self.at + 1));
            }
            "WITH" if self.follows(&["SELECT"]) => self.select_with(),
            "WITH" if self.next_is(1, "OFFSET") => self.implicit_unnest(),
            "OFFSET" if self.follows(&["OFFSET"]) => {
                self.put(&[keyword("AS")]);
                self.plain_name();
            }
            "FOR" if self.next_is(1, "SYSTEM_TIME") && self.next_is(2, "AS") => self.system_time(4),
            "FOR" if self.next_is(1, "SYSTEM") && self.next_is(2, "TIME") => self.system_time(5),
            _ => return false,
        }
        true
    }

    /// `RANGE<T>` loses `<T>`, and all of it goes before a literal.
    fn range_type(&mut self) {
        let closes = self.tokens.get(self.at + 3).map(|token| &token.token);
        match closes {
            Some(Token::ShiftRight) => {
                self.keep();
                self.at += 2;
                self.generics = self.generics.saturating_sub(1);
                self.replace(&[Token::Gt], 1);
            }
            Some(Token::Gt) => {
                let literal = self.tokens.get(self.at + 4).map(|token| &token.token);
                if matches!(literal, Some(Token::SingleQuotedString(_) | Token::DoubleQuotedString(_))) {
                    self.at += 4;
                } else {
                    self.keep();
                    self.at += 3;
                }
            }
            _ => self.keep(),
        }
    }

    fn is_set_mode(&self) -> bool {
        !self.follows_token(&[Token::Comma])
            && (is_any(self.tokens, self.at + 1, SET_OPERATORS)
                || self.next_is(1, "OUTER") && is_any(self.tokens, self.at + 2, SET_OPERATORS))
    }

    fn corresponding(&mut self) {
        let list = self.at + 2;
        let has_list = self.next_is(1, "BY") && is(self.tokens, list, &Token::LParen);
        self.replace(&[keyword("BY"), keyword("NAME")], 1);
        if has_list {
            self.skip_to(after_group(self.tokens, list));
        }
    }

    /// `SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS (…)`.
    fn select_with(&mut self) {
        if !is_any(self.tokens, self.at + 1, &["DIFFERENTIAL_PRIVACY", "AGGREGATION_THRESHOLD", "ANONYMIZATION"]) {
            return self.keep();
        }
        let range = self.tokens.get(self.at).and_then(|token| bytes(token.span)).unwrap_or_default();
        let message = "the columns that a privacy clause reads are not counted".to_owned();
        self.done.notes.push(SqlError { range, message });
        let has_options = self.next_is(2, "OPTIONS");
        self.skip_to(if has_options { after_group(self.tokens, self.at + 3) } else { self.at + 2 });
    }

    /// `FROM t, t.arr AS a WITH OFFSET`: the path becomes `UNNEST(path)`.
    fn implicit_unnest(&mut self) {
        if let Some((start, end)) = self.path_before() {
            let out = &mut self.done.tokens;
            let (open, close) = (out[start].span, out[end - 1].span);
            out.insert(end, TokenWithSpan { token: Token::RParen, span: close });
            out.insert(start, TokenWithSpan { token: Token::LParen, span: open });
            out.insert(start, TokenWithSpan { token: keyword("UNNEST"), span: open });
        }
        self.keep();
    }

    /// The path, without its alias, that ends where the output ends.
    fn path_before(&self) -> Option<(usize, usize)> {
        let out = &self.done.tokens;
        let mut end = out.len();
        let is_name = |at: usize| {
            out.get(at).is_some_and(|token| matches!(&token.token, Token::Word(_)))
                && !is_any(out, at, &["JOIN", "FROM", "AS", "CROSS", "INNER", "LEFT"])
        };
        if end >= 2 && is_word(out, end - 2, "AS") {
            end -= 2;
        } else if end >= 2 && is_name(end - 1) && is_name(end - 2) {
            end -= 1;
        }
        if end == 0 || !is_name(end - 1) {
            return None;
        }
        let mut start = end - 1;
        while start >= 2 && is(out, start - 1, &Token::Period) && is_name(start - 2) {
            start -= 2;
        }
        // `UNNEST(a) t`: what stands here is an alias.
        let is_alias = start > 0 && is(out, start - 1, &Token::RParen);
        (!is_alias).then_some((start, end))
    }

    /// Cut out: the time is a constant, and the place after an alias is not understood.
    fn system_time(&mut self, length: usize) {
        self.done.reads_past = true;
        let mut at = self.at + length;
        let mut depth = 0usize;
        while let Some(token) = self.tokens.get(at) {
            match &token.token {
                Token::LParen => depth += 1,
                Token::RParen if depth == 0 => break,
                Token::RParen => depth -= 1,
                Token::Comma | Token::VerticalBarRightAngleBracket if depth == 0 => break,
                Token::Word(_) if depth == 0 && is_any(self.tokens, at, ENDS_SYSTEM_TIME) => break,
                _ => {}
            }
            at += 1;
        }
        self.skip_to(at);
    }
}
