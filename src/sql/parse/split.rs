//! Cuts a script into statements, and says which part of each is a query. Knows the words that begin and end
//! statements and blocks, and leaves all that stands within them to the parser.

mod create;
mod immediate;

use super::fault;
use super::token::{after_group, is, is_any, is_word, range_of, word};
use super::variables::occurs;
use crate::sql::{Occurs, SqlError, StatementKind};
use crate::text::nearest;
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// A statement by the numbers of its tokens.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) tokens: Range<usize>,
    pub(super) kind: StatementKind,
    pub(super) part: Part,
    pub(super) occurs: Occurs,
    /// Names of the function or procedure whose body this is, in lower case.
    pub(super) arguments: Arguments,
}

pub(super) type Arguments = Option<Arc<BTreeSet<String>>>;

/// What of a statement is to be parsed.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Nothing,
    Query(Range<usize>),
    /// A condition or value of a script that holds a subquery.
    Expression(Range<usize>),
    Change,
    /// The bytes of a string that holds statements, and whether the string has holes for values.
    Text(Range<usize>, bool),
}

/// The script in pieces.
#[derive(Debug, Default)]
pub(super) struct Split {
    pub(super) pieces: Vec<Piece>,
    pub(super) errors: Vec<SqlError>,
    /// Names that the script declares, in lower case.
    pub(super) variables: BTreeSet<String>,
    /// How many statements begin with no word that begins one.
    pub(super) n_unknown: usize,
}

/// `text` is what the places of the tokens are in; `is_hole(n)` says that token n is filled in by a template.
pub(super) fn split(tokens: &[TokenWithSpan], text: &str, is_hole: &dyn Fn(usize) -> bool) -> Split {
    let mut splitter = Splitter { tokens, text, at: 0, blocks: Vec::new(), procedure: None, done: Split::default(), is_hole };
    while splitter.at < tokens.len() {
        let before = splitter.at;
        splitter.statement();
        splitter.at = splitter.at.max(before + 1);
    }
    if let Some(open) = splitter.blocks.first() {
        let message = format!("this `{}` is never closed by its `END`", splitter.shown(*open));
        splitter.done.errors.push(SqlError { range: fault::place(tokens, *open), message });
    }
    splitter.done
}

struct Splitter<'a> {
    tokens: &'a [TokenWithSpan],
    text: &'a str,
    at: usize,
    /// Where the open blocks begin.
    blocks: Vec<usize>,
    /// The arguments of the procedure whose block is open, and which block it is.
    procedure: Option<(usize, Arc<BTreeSet<String>>)>,
    done: Split,
    is_hole: &'a dyn Fn(usize) -> bool,
}

const QUERY: &[&str] = &["SELECT", "WITH", "FROM"];
/// What is most often meant.
const STATEMENTS: &[&str] = &["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "DECLARE", "EXPORT"];
/// Recognised by their first word alone.
const PLAIN: &[&str] = &[
    "TRUNCATE", "LOAD", "GRANT", "REVOKE", "CALL", "RETURN", "RAISE", "BREAK", "LEAVE", "CONTINUE", "ITERATE", "COMMIT",
    "ROLLBACK", "EXPLAIN", "DESCRIBE", "DESC", "SHOW", "ANALYZE", "UNDROP", "GRAPH", "RENAME", "DEFINE", "MODULE", "IMPORT",
    "RUN", "ABORT", "VALUES", "TABLE", "START", "CLONE", "COPY", "USE",
];
/// After these, the next word belongs to the name of the statement.
const TWO_WORDS: &[&str] = &["DROP", "ALTER", "TRUNCATE", "LOAD", "EXECUTE", "EXPORT", "UNDROP", "RENAME"];

impl Splitter<'_> {
    fn is(&self, ahead: usize, wanted: &str) -> bool {
        is_word(self.tokens, self.at + ahead, wanted)
    }

    fn shown(&self, at: usize) -> String {
        self.tokens.get(at).map(|token| token.token.to_string()).unwrap_or_default()
    }

    fn statement(&mut self) {
        if is(self.tokens, self.at, &Token::SemiColon) {
            self.at += 1;
            return;
        }
        if is(self.tokens, self.at, &Token::LParen) {
            return self.query();
        }
        let name = word(self.tokens, self.at).unwrap_or_default().to_ascii_uppercase();
        match name.as_str() {
            "SELECT" | "WITH" | "FROM" => self.query(),
            "INSERT" => self.change(StatementKind::Insert),
            "UPDATE" => self.change(StatementKind::Update),
            "DELETE" => self.change(StatementKind::Delete),
            "MERGE" => self.change(StatementKind::Merge),
            "CREATE" => self.create(),
            "EXPORT" => self.export(),
            "DECLARE" => self.declare(),
            "SET" => self.set(),
            "ASSERT" => self.assert(),
            "ALTER" | "DROP" => self.plain(),
            "EXECUTE" => self.execute(),
            _ => self.block_word(&name),
        }
    }

    fn block_word(&mut self, name: &str) {
        match name {
            "BEGIN" => self.begin(),
            "END" => self.end(),
            "IF" => self.condition(1, "THEN", true),
            "ELSEIF" => self.condition(1, "THEN", false),
            "WHEN" if !self.blocks.is_empty() => self.condition(1, "THEN", false),
            "WHILE" => self.condition(1, "DO", true),
            "UNTIL" if !self.blocks.is_empty() => self.condition(1, "END", false),
            "CASE" => self.condition(1, "WHEN", true),
            "LOOP" | "REPEAT" => self.open_block(1),
            "FOR" => self.for_loop(),
            "ELSE" if !self.blocks.is_empty() => self.at += 1,
            "EXCEPTION" if !self.blocks.is_empty() => self.at = self.find(self.at, &["THEN"]) + 1,
            _ if self.is_label() => self.at += 2,
            _ if PLAIN.contains(&name) => self.plain(),
            _ => self.unknown(),
        }
    }

    /// The next semicolon, or the end.
    fn end_of_statement(&self) -> usize {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        rest.iter().position(|token| token.token == Token::SemiColon).map_or(self.tokens.len(), |n| self.at + n)
    }

    /// The first of these words outside parentheses and `CASE`, before the statement ends.
    fn find(&self, from: usize, words: &[&str]) -> usize {
        let (mut depth, mut cases) = (0usize, 0usize);
        for (at, token) in self.tokens.iter().enumerate().skip(from) {
            match &token.token {
                Token::LParen => depth += 1,
                Token::RParen => depth = depth.saturating_sub(1),
                Token::SemiColon => return at,
                Token::Word(_) if depth == 0 && cases == 0 && is_any(self.tokens, at, words) => return at,
                Token::Word(_) if is_word(self.tokens, at, "CASE") => cases += 1,
                Token::Word(_) if is_word(self.tokens, at, "END") => cases = cases.saturating_sub(1),
                _ => {}
            }
        }
        self.tokens.len()
    }

    fn push(&mut self, tokens: Range<usize>, kind: StatementKind, part: Part) {
        let arguments = self.procedure.as_ref().map(|(_, arguments)| arguments.clone());
        self.push_within(tokens, kind, part, arguments);
    }

    fn push_within(&mut self, tokens: Range<usize>, kind: StatementKind, part: Part, arguments: Arguments) {
        if tokens.start < tokens.end {
            let occurs = occurs(self.tokens, &self.blocks);
            self.done.pieces.push(Piece { tokens, kind, part, arguments, occurs });
        }
    }

    fn query(&mut self) {
        let range = self.at..self.end_of_statement();
        self.at = range.end;
        self.push(range.clone(), StatementKind::Select, Part::Query(range));
    }

    fn change(&mut self, kind: StatementKind) {
        let range = self.at..self.end_of_statement();
        self.at = range.end;
        self.push(range, kind, Part::Change);
    }

    fn plain(&mut self) {
        let range = self.at..self.end_of_statement();
        let mut name = word(self.tokens, self.at).unwrap_or_default().to_ascii_uppercase();
        if TWO_WORDS.contains(&name.as_str())
            && let Some(next) = word(self.tokens, self.at + 1)
        {
            name = format!("{name} {}", next.to_ascii_uppercase());
        }
        self.at = range.end;
        self.push(range, StatementKind::Other(name), Part::Nothing);
    }

    /// A value or condition is a statement of its own when it reads a table.
    fn expression(&mut self, range: Range<usize>) {
        let tokens = self.tokens.get(range.clone()).unwrap_or_default();
        if (0..tokens.len()).any(|at| is_word(tokens, at, "SELECT")) {
            self.push(range.clone(), StatementKind::Select, Part::Expression(range));
        }
    }

    fn open_block(&mut self, words: usize) {
        self.blocks.push(self.at);
        self.at += words;
    }

    fn begin(&mut self) {
        let next = self.tokens.get(self.at + 1).map(|token| &token.token);
        if matches!(next, None | Some(Token::SemiColon)) || self.is(1, "TRANSACTION") {
            let range = self.at..self.end_of_statement();
            self.at = range.end;
            return self.push(range, StatementKind::Other("BEGIN TRANSACTION".to_owned()), Part::Nothing);
        }
        self.open_block(1);
    }

    fn end(&mut self) {
        if self.blocks.pop().is_none() {
            let message = "this `END` closes no block".to_owned();
            self.done.errors.push(SqlError { range: fault::place(self.tokens, self.at), message });
        }
        if self.procedure.as_ref().is_some_and(|(block, _)| self.blocks.len() <= *block) {
            self.procedure = None;
        }
        self.at += 1;
        if is_any(self.tokens, self.at, &["IF", "LOOP", "WHILE", "REPEAT", "FOR", "CASE"]) {
            self.at += 1;
        }
        if word(self.tokens, self.at).is_some() && is(self.tokens, self.at + 1, &Token::SemiColon) && !self.is(0, "END") {
            self.at += 1;
        }
    }

    fn condition(&mut self, words: usize, until: &str, opens: bool) {
        let open = self.at;
        let end = self.find(self.at + words, &[until]);
        // The condition of a loop is read in each round.
        let is_inside = opens && self.is(0, "WHILE");
        self.blocks.extend(is_inside.then_some(open));
        self.expression(self.at + words..end);
        self.blocks.extend((opens && !is_inside).then_some(open));
        // `WHEN` and `END` are statements of their own here.
        self.at = if matches!(until, "WHEN" | "END") { end } else { end + 1 };
    }

    fn for_loop(&mut self) {
        if let Some(name) = word(self.tokens, self.at + 1) {
            self.done.variables.insert(name.to_ascii_lowercase());
        }
        let open = self.at;
        let end = self.find(self.at + 1, &["DO"]);
        let from = self.at + 3;
        if self.is(2, "IN") && is(self.tokens, from, &Token::LParen) {
            let inner = from + 1..after_group(self.tokens, from).saturating_sub(1).min(end);
            if is_any(self.tokens, inner.start, QUERY) || is(self.tokens, inner.start, &Token::LParen) {
                self.push(inner.clone(), StatementKind::Select, Part::Query(inner));
            }
        }
        self.blocks.push(open);
        self.at = end + 1;
    }

    fn is_label(&self) -> bool {
        is(self.tokens, self.at + 1, &Token::Colon)
            && is_any(self.tokens, self.at + 2, &["BEGIN", "LOOP", "WHILE", "FOR", "REPEAT"])
    }

    fn declare(&mut self) {
        let mut at = self.at + 1;
        while let Some(name) = word(self.tokens, at) {
            self.done.variables.insert(name.to_ascii_lowercase());
            at += 1;
            if !is(self.tokens, at, &Token::Comma) {
                break;
            }
            at += 1;
        }
        let start = self.find(self.at, &["DEFAULT"]) + 1;
        self.plain();
        self.expression(start.min(self.at)..self.at);
    }

    fn set(&mut self) {
        let end = self.end_of_statement();
        let equals = (self.at..end).find(|at| is(self.tokens, *at, &Token::Eq)).unwrap_or(end);
        self.plain();
        self.expression((equals + 1).min(end)..end);
    }

    fn assert(&mut self) {
        let range = self.at + 1..self.find(self.at, &["AS"]);
        self.plain();
        self.expression(range);
    }

    fn export(&mut self) {
        if self.is(1, "DATA") {
            return self.with_query_after_as(StatementKind::ExportData);
        }
        self.plain();
    }

    /// The query behind the first `AS` outside parentheses, where there is one.
    fn with_query_after_as(&mut self, kind: StatementKind) {
        let range = self.at..self.end_of_statement();
        let query = self.find(self.at, &["AS"]) + 1;
        self.at = range.end;
        let has_query = is_any(self.tokens, query, QUERY) || is(self.tokens, query, &Token::LParen);
        if query < range.end && (has_query || (self.is_hole)(query)) {
            let kind = of_query(kind);
            let end = range.end;
            return self.push(range, kind, Part::Query(query..end));
        }
        let is_query_meant = is_word(self.tokens, query - 1, "AS") && !is_any(self.tokens, query, &["OF", "REPLICA"]);
        if is_query_meant && query == range.end {
            let message = "expected a query after `AS`, found the end of the statement".to_owned();
            self.done.errors.push(SqlError { range: fault::place(self.tokens, query - 1), message });
        }
        let kind = if is_query_meant { of_query(kind) } else { kind };
        self.push(range, kind, Part::Nothing);
    }

    /// A word that begins no statement: refused, unless a template put it there.
    fn unknown(&mut self) {
        let end = self.end_of_statement();
        if (self.is_hole)(self.at) {
            // A template's own call, standing before the statement.
            let next = self.at + 1;
            self.at = if is_any(self.tokens, next, &["SELECT", "WITH", "INSERT", "CREATE", "MERGE"]) { next } else { end };
            return;
        }
        let range = fault::place(self.tokens, self.at);
        let word = self.shown(self.at);
        let message = match nearest(&word, STATEMENTS.iter().copied()) {
            Some(meant) => format!("`{word}` begins no statement; did you mean `{meant}`?"),
            None => format!("`{word}` begins no statement"),
        };
        self.done.errors.push(SqlError { range, message });
        self.done.n_unknown += 1;
        self.at = end;
    }
}

fn of_query(kind: StatementKind) -> StatementKind {
    if kind == StatementKind::CreateTable { StatementKind::CreateTableAsSelect } else { kind }
}

/// The bytes of a piece.
pub(super) fn bytes_of(tokens: &[TokenWithSpan], piece: &Range<usize>) -> Range<usize> {
    range_of(tokens.get(piece.clone()).unwrap_or_default())
}
