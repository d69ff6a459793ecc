//! Statements that make things: which part of each is a query, and what its arguments are called.

use super::{Arguments, Part, QUERY, Splitter};
use crate::sql::StatementKind;
use crate::sql::parse::token::{after_group, is, is_any, is_word, word};
use sqlparser::tokenizer::Token;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Kinds of things whose names have two words.
const PAIRS: &[&str] = &["EXTERNAL", "SNAPSHOT", "SEARCH", "VECTOR", "ROW", "AGGREGATE", "PROPERTY"];

impl Splitter<'_> {
    pub(super) fn create(&mut self) {
        let mut at = self.at + 1;
        if self.is(1, "OR") && self.is(2, "REPLACE") {
            at += 2;
        }
        while is_any(self.tokens, at, &["TEMP", "TEMPORARY", "PUBLIC", "PRIVATE"]) {
            at += 1;
        }
        let what = word(self.tokens, at).unwrap_or_default().to_ascii_uppercase();
        let is_of_function = is_word(self.tokens, at + 1, "FUNCTION");
        match what.as_str() {
            "TABLE" | "AGGREGATE" if is_of_function => self.function(&what),
            "FUNCTION" => self.function(&what),
            "TABLE" => self.with_query_after_as(StatementKind::CreateTable),
            "VIEW" | "MATERIALIZED" => self.with_query_after_as(StatementKind::CreateView),
            // A model is trained on a query, which is charged like any other, at a price of its own.
            "MODEL" => self.model(StatementKind::Other("CREATE MODEL".to_owned())),
            "PROCEDURE" => self.procedure(),
            _ => {
                let next = word(self.tokens, at + 1).map(str::to_ascii_uppercase).unwrap_or_default();
                let is_pair = PAIRS.contains(&what.as_str());
                let name = if is_pair { format!("CREATE {what} {next}") } else { format!("CREATE {what}") };
                self.opaque(StatementKind::Other(name));
            }
        }
    }

    fn opaque(&mut self, kind: StatementKind) {
        let range = self.at..self.end_of_statement();
        self.at = range.end;
        self.push(range, kind, Part::Nothing);
    }

    /// `AS (training_data AS (SELECT …), custom_holiday AS (SELECT …))` is several queries.
    fn model(&mut self, kind: StatementKind) {
        let (mut at, end) = (self.find(self.at, &["AS"]) + 2, self.end_of_statement());
        if !is_word(self.tokens, at + 1, "AS") || is_any(self.tokens, at, QUERY) {
            return self.with_query_after_as(kind);
        }
        while at < end && is_word(self.tokens, at + 1, "AS") && is(self.tokens, at + 2, &Token::LParen) {
            let next = after_group(self.tokens, at + 2).min(end);
            self.push(at + 2..next, kind.clone(), Part::Query(at + 2..next));
            at = next + 1;
        }
        self.at = end;
    }

    /// What a function is made of stands behind `AS`; that of other languages is a string.
    fn function(&mut self, what: &str) {
        let kind = if what == "TABLE" { StatementKind::CreateTableFunction } else { StatementKind::CreateFunction };
        let range = self.at..self.end_of_statement();
        let body = self.find(self.at, &["AS"]) + 1..range.end;
        let is_group = is(self.tokens, body.start, &Token::LParen);
        let part = match kind {
            _ if body.start >= body.end => Part::Nothing,
            StatementKind::CreateTableFunction if is_group || is_any(self.tokens, body.start, QUERY) => Part::Query(body.clone()),
            StatementKind::CreateFunction if is_group => {
                Part::Expression(body.start..after_group(self.tokens, body.start).min(body.end))
            }
            _ => Part::Nothing,
        };
        let arguments = self.arguments(range.start..body.start.min(range.end));
        self.at = range.end;
        self.push_within(range, kind, part, arguments);
    }

    /// The names in the first parentheses of a head.
    fn arguments(&self, head: Range<usize>) -> Arguments {
        let open = head.clone().find(|at| is(self.tokens, *at, &Token::LParen))?;
        let close = after_group(self.tokens, open).min(head.end);
        let (mut names, mut depth) = (BTreeSet::new(), 0usize);
        for at in open..close {
            match self.tokens.get(at).map(|token| &token.token) {
                Some(Token::LParen | Token::Lt) => depth += 1,
                Some(Token::RParen | Token::Gt) => depth = depth.saturating_sub(1),
                Some(Token::ShiftRight) => depth = depth.saturating_sub(2),
                _ => {}
            }
            if depth == 1 && (at == open || is(self.tokens, at, &Token::Comma)) {
                let skip = usize::from(is_any(self.tokens, at + 1, &["IN", "OUT", "INOUT"]));
                if let Some(Token::Word(name)) = self.tokens.get(at + 1 + skip).map(|token| &token.token) {
                    names.insert(name.value.to_ascii_lowercase());
                }
            }
        }
        (!names.is_empty()).then(|| Arc::new(names))
    }

    /// The head is one statement, and what its block holds are others.
    fn procedure(&mut self) {
        let kind = StatementKind::Other("CREATE PROCEDURE".to_owned());
        let begin = self.find(self.at, &["BEGIN"]);
        if !is_word(self.tokens, begin, "BEGIN") {
            return self.opaque(kind);
        }
        let arguments = self.arguments(self.at..begin);
        self.push(self.at..begin, kind, Part::Nothing);
        self.at = begin;
        self.procedure = arguments.map(|arguments| (self.blocks.len(), arguments));
        self.open_block(1);
    }
}
