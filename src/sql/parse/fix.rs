//! Rewrites the words that the parser library does not know, or misreads in silence, into words it reads right.
//! What is cut out and matters for what a statement reads is kept aside.

use super::token::{after_group, bytes, is, is_any, is_word, word};
use crate::sql::SqlError;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::collections::BTreeSet;

/// What the parser gets, and what it does not see.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    pub(super) tokens: Vec<TokenWithSpan>,
    /// Where `TABLE x` arguments of table functions begin.
    pub(super) table_arguments: BTreeSet<usize>,
    /// Where names begin that are no columns: `MODEL x`.
    pub(super) not_columns: BTreeSet<usize>,
    /// `FOR SYSTEM_TIME AS OF` was cut out.
    pub(super) reads_past: bool,
    /// What was cut out though it may read columns.
    pub(super) notes: Vec<SqlError>,
}

/// All rewrites, left to right.
pub(super) fn fix(tokens: &[TokenWithSpan]) -> Fixed {
    let mut fixer = Fixer { tokens, at: 0, generics: 0, calls: Vec::new(), done: Fixed::default() };
    fixer.done.tokens.reserve(tokens.len() + 16);
    while fixer.at < tokens.len() {
        fixer.step();
    }
    fixer.done
}

struct Fixer<'a> {
    tokens: &'a [TokenWithSpan],
    at: usize,
    /// Open `<` of types.
    generics: usize,
    /// For each open parenthesis, whether it holds the arguments of a call.
    calls: Vec<bool>,
    done: Fixed,
}

const NOT_A_FUNCTION: &[&str] = &[
    "IN", "FROM", "JOIN", "SELECT", "WHERE", "AND", "OR", "ON", "USING", "AS", "UNION", "ALL", "DISTINCT", "EXCEPT", "REPLACE",
    "THEN", "WHEN", "ELSE", "BY", "NOT", "CASE", "VALUES", "WITH", "OVER",
];
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
    fn step(&mut self) {
        let Some(token) = self.tokens.get(self.at) else { return };
        match &token.token {
            Token::LParen => self.open_parenthesis(),
            Token::RParen => {
                self.calls.pop();
                self.keep();
            }
            Token::Lt if self.follows(&["ARRAY", "STRUCT", "TABLE"]) => {
                self.generics += 1;
                self.keep();
            }
            Token::Neq if self.follows(&["STRUCT"]) => self.replace(&[Token::Lt, Token::Gt], 1),
            Token::Gt if self.generics > 0 => {
                self.generics -= 1;
                self.keep();
            }
            Token::ShiftRight if self.generics > 0 => {
                self.generics = self.generics.saturating_sub(2);
                self.replace(&[Token::Gt, Token::Gt], 1);
            }
            Token::Word(found) if found.quote_style.is_none() => self.word(),
            Token::SingleQuotedString(more) | Token::DoubleQuotedString(more) => self.string(more),
            _ => self.keep(),
        }
    }

    fn keep(&mut self) {
        self.done.tokens.extend(self.tokens.get(self.at).cloned());
        self.at += 1;
    }

    /// Strings that stand side by side are one.
    fn string(&mut self, more: &str) {
        match self.done.tokens.last_mut().map(|token| &mut token.token) {
            Some(Token::SingleQuotedString(text) | Token::DoubleQuotedString(text)) => {
                text.push_str(more);
                self.at += 1;
            }
            _ => self.keep(),
        }
    }

    fn skip_to(&mut self, at: usize) {
        self.at = at.max(self.at + 1);
    }

    /// Puts these in the place of `count` tokens.
    fn replace(&mut self, with: &[Token], count: usize) {
        if let Some(place) = self.tokens.get(self.at) {
            let span = place.span;
            self.done.tokens.extend(with.iter().map(|token| TokenWithSpan { token: token.clone(), span }));
        }
        self.at += count;
    }

    fn follows(&self, words: &[&str]) -> bool {
        self.at > 0 && is_any(self.tokens, self.at - 1, words)
    }

    fn follows_token(&self, wanted: &[Token]) -> bool {
        self.at > 0 && self.tokens.get(self.at - 1).is_some_and(|token| wanted.contains(&token.token))
    }

    fn next_is(&self, ahead: usize, wanted: &str) -> bool {
        is_word(self.tokens, self.at + ahead, wanted)
    }

    fn open_parenthesis(&mut self) {
        let is_call = self.at > 0
            && matches!(&self.tokens[self.at - 1].token, Token::Word(_))
            && !is_any(self.tokens, self.at - 1, NOT_A_FUNCTION);
        self.calls.push(is_call);
        self.keep();
    }

    fn word(&mut self) {
        if self.follows_token(&[Token::Period]) {
            return self.plain_name();
        }
        let name = word(self.tokens, self.at).unwrap_or_default().to_ascii_uppercase();
        match name.as_str() {
            "RANGE" if is(self.tokens, self.at + 1, &Token::Lt) => self.range_type(),
            "MODEL" | "TABLE" if self.is_marked_argument() => self.marked_argument(),
            "FULL" | "LEFT" | "INNER" | "OUTER" if self.is_set_mode() => self.at += 1,
            "STRICT" if self.next_is(1, "CORRESPONDING") => self.at += 1,
            "CORRESPONDING" if self.follows(&["ALL", "DISTINCT", "STRICT"]) => self.corresponding(),
            "ON" if self.follows(&["NAME"]) && is(self.tokens, self.at + 1, &Token::LParen) => {
                self.skip_to(after_group(self.tokens, self.at + 1));
            }
            "WITH" if self.follows(&["SELECT"]) => self.select_with(),
            "WITH" if self.next_is(1, "OFFSET") => self.implicit_unnest(),
            "DISTINCT" if self.follows_token(&[Token::VerticalBarRightAngleBracket]) => {
                self.replace(&[Token::make_keyword("SELECT"), Token::make_keyword("DISTINCT"), Token::Mul], 1);
            }
            "AND" if self.follows(&["GROUP"]) && self.next_is(1, "ORDER") => self.at += 2,
            "FOR" if self.next_is(1, "SYSTEM_TIME") && self.next_is(2, "AS") => self.system_time(4),
            "FOR" if self.next_is(1, "SYSTEM") && self.next_is(2, "TIME") => self.system_time(5),
            _ => self.keep(),
        }
    }

    /// Any keyword is a name after a dot.
    fn plain_name(&mut self) {
        if let Some(token) = self.tokens.get(self.at) {
            let mut token = token.clone();
            if let Token::Word(word) = &mut token.token {
                word.keyword = Keyword::NoKeyword;
            }
            self.done.tokens.push(token);
        }
        self.at += 1;
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

    fn is_marked_argument(&self) -> bool {
        self.calls.last() == Some(&true)
            && self.follows_token(&[Token::LParen, Token::Comma, Token::RArrow])
            && matches!(self.tokens.get(self.at + 1).map(|token| &token.token), Some(Token::Word(_)))
            && !self.next_is(1, "AS")
    }

    fn marked_argument(&mut self) {
        let start = self.tokens.get(self.at + 1).and_then(|token| bytes(token.span)).map(|range| range.start);
        if self.next_is(0, "TABLE") {
            self.done.table_arguments.extend(start);
        } else {
            self.done.not_columns.extend(start);
        }
        self.at += 1;
    }

    fn is_set_mode(&self) -> bool {
        !self.follows_token(&[Token::Comma])
            && (is_any(self.tokens, self.at + 1, SET_OPERATORS)
                || self.next_is(1, "OUTER") && is_any(self.tokens, self.at + 2, SET_OPERATORS))
    }

    fn corresponding(&mut self) {
        let list = self.at + 2;
        let has_list = self.next_is(1, "BY") && is(self.tokens, list, &Token::LParen);
        self.replace(&[Token::make_keyword("BY"), Token::make_keyword("NAME")], 1);
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
            out.insert(start, TokenWithSpan { token: Token::make_keyword("UNNEST"), span: open });
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
        Some((start, end))
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
