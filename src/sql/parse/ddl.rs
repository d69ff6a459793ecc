//! Reads the head of `CREATE TABLE` and `CREATE VIEW`. What it does not know it steps over.

use super::clean::FILLER;
use super::split::{Part, Piece};
use super::token::{after_group, bytes, is, is_any, is_word, range_of, word};
use super::touches;
use crate::sql::ddl::{Created, CreatedColumn, CreatedColumns, CreatedKind, CreatedPartitioning, Name, PartitionUnit};
use crate::sql::{StatementKind, TablePath};
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::ops::Range;

/// BigQuery allows 15 levels.
const DEPTH_LIMIT: usize = 20;

/// What the statement creates; `None` when it creates no table, or one whose name a template fills in.
pub(super) fn read(tokens: &[TokenWithSpan], piece: &Piece, text: &str, holes: &[Range<usize>]) -> Option<Created> {
    if !matches!(piece.kind, StatementKind::CreateTable | StatementKind::CreateTableAsSelect | StatementKind::CreateView) {
        return None;
    }
    let query = match &piece.part {
        Part::Query(range) => Some(range.clone()),
        Part::Nothing | Part::Expression(_) | Part::Change | Part::Text(..) => None,
    };
    let end = query.as_ref().map_or(piece.tokens.end, |query| query.start);
    let head = split_closers(tokens.get(piece.tokens.start..end)?);
    let mut reader = Reader { tokens: &head, at: 1, text };
    let (kind, is_temporary) = reader.kind()?;
    let range = reader.name()?;
    if touches(holes, &range) {
        return None;
    }
    let path = path_of(text.get(range.clone())?);
    let mut created = Created {
        path,
        range,
        kind,
        is_temporary,
        is_replacing: is_word(&head, 1, "OR"),
        columns: CreatedColumns::OfQuery,
        partitioning: None,
        clustering: Vec::new(),
        require_partition_filter: None,
        query: query.map(|query| range_of(tokens.get(query).unwrap_or_default())),
    };
    if created.query.is_none() {
        created.columns = CreatedColumns::Unknown("its definition names no columns".to_owned());
    }
    reader.rest(&mut created);
    Some(created)
}

fn path_of(written: &str) -> TablePath {
    let written = written.replace('`', "");
    TablePath(written.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect())
}

/// `>>` closes two types.
fn split_closers(tokens: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        if token.token == Token::ShiftRight {
            let close = TokenWithSpan { token: Token::Gt, span: token.span };
            out.extend([close.clone(), close]);
        } else {
            out.push(token.clone());
        }
    }
    out
}

struct Reader<'a> {
    tokens: &'a [TokenWithSpan],
    at: usize,
    text: &'a str,
}

impl Reader<'_> {
    fn is(&self, wanted: &str) -> bool {
        is_word(self.tokens, self.at, wanted)
    }

    fn is_token(&self, wanted: &Token) -> bool {
        is(self.tokens, self.at, wanted)
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.is(wanted);
        self.at += usize::from(found);
        found
    }

    fn take_token(&mut self, wanted: &Token) -> bool {
        let found = self.is_token(wanted);
        self.at += usize::from(found);
        found
    }

    fn kind(&mut self) -> Option<(CreatedKind, bool)> {
        let mut is_temporary = false;
        let mut is_materialized = false;
        loop {
            let word = word(self.tokens, self.at)?.to_ascii_uppercase();
            self.at += 1;
            match word.as_str() {
                "TEMP" | "TEMPORARY" => is_temporary = true,
                "MATERIALIZED" => is_materialized = true,
                "OR" | "REPLACE" => {}
                "TABLE" | "VIEW" => {
                    let kind = match (word.as_str(), is_materialized) {
                        ("TABLE", _) => CreatedKind::Table,
                        (_, true) => CreatedKind::MaterializedView,
                        (_, false) => CreatedKind::View,
                    };
                    if self.take("IF") {
                        self.at += 2;
                    }
                    return Some((kind, is_temporary));
                }
                _ => return None,
            }
        }
    }

    /// A path of a table: names, dots and dashes without a blank between them.
    fn name(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut range = bytes(self.tokens.get(start)?.span)?;
        if !matches!(self.tokens.get(start)?.token, Token::Word(_)) {
            return None;
        }
        self.at += 1;
        while let Some(token) = self.tokens.get(self.at) {
            let is_part = matches!(token.token, Token::Word(_) | Token::Period | Token::Minus | Token::Number(..));
            let Some(next) = bytes(token.span).filter(|next| is_part && next.start == range.end) else { break };
            range.end = next.end;
            self.at += 1;
        }
        Some(range)
    }

    fn path(&mut self) -> Option<TablePath> {
        let range = self.name()?;
        Some(path_of(self.text.get(range)?))
    }

    fn rest(&mut self, created: &mut Created) {
        if self.is_token(&Token::LParen) {
            let end = after_group(self.tokens, self.at);
            created.columns = self.columns(created.kind);
            self.at = end;
        }
        while self.at < self.tokens.len() {
            if self.is("PARTITION") && is_word(self.tokens, self.at + 1, "BY") {
                self.at += 2;
                created.partitioning = Some(self.partitioning());
            } else if self.is("CLUSTER") && is_word(self.tokens, self.at + 1, "BY") {
                self.at += 2;
                created.clustering = self.clustering();
            } else if self.take("OPTIONS") {
                self.options(created);
            } else if is_any(self.tokens, self.at, &["LIKE", "COPY", "CLONE"]) {
                self.at += 1;
                created.columns = self.path().map_or_else(not_understood, CreatedColumns::Like);
            } else if self.is_token(&Token::LParen) {
                self.at = after_group(self.tokens, self.at);
            } else {
                self.at += 1;
            }
        }
    }

    fn columns(&mut self, kind: CreatedKind) -> CreatedColumns {
        self.at += 1;
        let mut listed = Vec::new();
        let mut names = Vec::new();
        let end = after_group(self.tokens, self.at - 1).saturating_sub(1);
        while self.at < end {
            if self.is_constraint() {
                self.skip_element();
                continue;
            }
            let Some(name) = self.word() else { return not_understood() };
            if kind != CreatedKind::Table || self.is_token(&Token::Comma) || self.at >= end {
                names.push(name);
                self.skip_element();
                continue;
            }
            match self.column(name, 0) {
                Some(column) => listed.push(column),
                None => return not_understood(),
            }
        }
        if names.is_empty() { CreatedColumns::Listed(listed) } else { CreatedColumns::Named(names) }
    }

    fn is_constraint(&self) -> bool {
        let next = |words: &[&str]| is_any(self.tokens, self.at + 1, words);
        self.is("PRIMARY") && next(&["KEY"])
            || self.is("FOREIGN") && next(&["KEY"])
            || self.is("CONSTRAINT") && matches!(self.tokens.get(self.at + 2).map(|token| &token.token), Some(Token::Word(_)))
    }

    /// A name, quoted or not.
    fn word(&mut self) -> Option<Name> {
        let token = self.tokens.get(self.at)?;
        let Token::Word(found) = &token.token else { return None };
        let name = Name { text: found.value.clone(), range: bytes(token.span)? };
        self.at += 1;
        Some(name)
    }

    /// Type and options of a column or field, and the comma after it.
    fn column(&mut self, name: Name, depth: usize) -> Option<CreatedColumn> {
        let mut column = self.data_type(name, depth)?;
        (column.is_required, column.is_described) = self.skip_element();
        Some(column)
    }

    fn data_type(&mut self, name: Name, depth: usize) -> Option<CreatedColumn> {
        if depth > DEPTH_LIMIT {
            return None;
        }
        let mut data_type = self.word()?;
        data_type.text.make_ascii_uppercase();
        if data_type.text == "ARRAY" {
            self.take_token(&Token::Lt).then_some(())?;
            let element = self.data_type(name, depth + 1)?;
            self.skip_in_type();
            self.take_token(&Token::Gt).then_some(())?;
            return Some(CreatedColumn { is_repeated: true, ..element });
        }
        let mut fields = Vec::new();
        if self.take_token(&Token::Lt) {
            if data_type.text == "STRUCT" {
                fields = self.fields(depth)?;
            } else {
                self.word()?;
            }
            self.take_token(&Token::Gt).then_some(())?;
        }
        let parameters = self.parameters();
        Some(CreatedColumn { name, data_type, parameters, is_repeated: false, is_required: false, is_described: false, fields })
    }

    /// The numbers in brackets behind a type; none when anything else stands there.
    fn parameters(&mut self) -> Vec<u64> {
        if !self.is_token(&Token::LParen) {
            return Vec::new();
        }
        let start = self.at + 1;
        self.at = after_group(self.tokens, self.at);
        let within = self.tokens.get(start..self.at.saturating_sub(1)).unwrap_or_default();
        let number = |token: &TokenWithSpan| match &token.token {
            Token::Number(digits, _) => digits.parse().ok(),
            _ => None,
        };
        let numbers = within.split(|token| token.token == Token::Comma).map(|part| match part {
            [token] => number(token),
            _ => None,
        });
        numbers.collect::<Option<Vec<u64>>>().unwrap_or_default()
    }

    fn fields(&mut self, depth: usize) -> Option<Vec<CreatedColumn>> {
        let mut fields = Vec::new();
        while !self.is_token(&Token::Gt) {
            let name = self.word()?;
            let mut field = self.data_type(name, depth + 1)?;
            (field.is_required, field.is_described) = self.skip_in_type();
            fields.push(field);
            if !self.take_token(&Token::Comma) {
                break;
            }
        }
        Some(fields)
    }

    /// Past the options of a field: up to `,` or `>`. Says whether `NOT NULL` and a description were among them.
    fn skip_in_type(&mut self) -> (bool, bool) {
        self.skip_until(&[Token::Comma, Token::Gt])
    }

    /// Past the options of a column and the comma behind them.
    fn skip_element(&mut self) -> (bool, bool) {
        let options = self.skip_until(&[Token::Comma]);
        self.take_token(&Token::Comma);
        options
    }

    fn skip_until(&mut self, ends: &[Token]) -> (bool, bool) {
        let (mut is_required, mut is_described) = (false, false);
        while let Some(token) = self.tokens.get(self.at) {
            if token.token == Token::RParen || ends.contains(&token.token) {
                break;
            }
            is_required |= self.is("NOT") && is_word(self.tokens, self.at + 1, "NULL");
            let end = if token.token == Token::LParen { after_group(self.tokens, self.at) } else { self.at + 1 };
            is_described |= (self.at..end).any(|at| is_word(self.tokens, at, "description"));
            self.at = end;
        }
        (is_required, is_described)
    }

    fn partitioning(&mut self) -> CreatedPartitioning {
        let is_call = is(self.tokens, self.at + 1, &Token::LParen);
        let function = word(self.tokens, self.at).unwrap_or_default().to_ascii_uppercase();
        let column_at = if is_call { self.at + 2 } else { self.at };
        let end = if is_call { after_group(self.tokens, self.at + 1) } else { self.at + 1 };
        let unit = word(self.tokens, column_at + 2).unwrap_or_default().to_ascii_uppercase();
        let is_last = |ahead: usize| column_at + ahead + 1 == end;
        self.at = column_at;
        let column = self.word();
        self.at = end;
        let unit = match (function.as_str(), is_call) {
            (_, false) => PartitionUnit::Day,
            ("DATE", true) if is_last(1) => PartitionUnit::Day,
            ("DATE_TRUNC" | "TIMESTAMP_TRUNC" | "DATETIME_TRUNC", true) if is_last(3) => match unit.as_str() {
                "HOUR" => PartitionUnit::Hour,
                "DAY" => PartitionUnit::Day,
                "MONTH" => PartitionUnit::Month,
                "YEAR" => PartitionUnit::Year,
                _ => PartitionUnit::Unknown,
            },
            ("RANGE_BUCKET", true) => PartitionUnit::Range,
            _ => PartitionUnit::Unknown,
        };
        let is_filled_in = |name: &Name| name.text.starts_with(FILLER);
        let unit = if column.as_ref().is_none_or(is_filled_in) { PartitionUnit::Unknown } else { unit };
        let is_pseudo =
            |name: &Name| ["_PARTITIONTIME", "_PARTITIONDATE"].iter().any(|known| name.text.eq_ignore_ascii_case(known));
        CreatedPartitioning {
            unit,
            column: column.filter(|name| !is_pseudo(name)),
            expiration_days: None,
            is_expiration_hidden: false,
        }
    }

    fn clustering(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while let Some(name) = self.word() {
            names.push(name);
            if !self.take_token(&Token::Comma) {
                break;
            }
        }
        names
    }

    fn options(&mut self, created: &mut Created) {
        let end = after_group(self.tokens, self.at);
        let mut at = self.at;
        while at < end {
            let value = self.tokens.get(at + 2).and_then(|token| bytes(token.span)).and_then(|range| self.text.get(range));
            if is(self.tokens, at + 1, &Token::Eq)
                && let (Some(key), Some(value)) = (word(self.tokens, at), value)
            {
                if key.eq_ignore_ascii_case("require_partition_filter") {
                    created.require_partition_filter = value.to_ascii_lowercase().parse().ok();
                } else if key.eq_ignore_ascii_case("partition_expiration_days")
                    && let Some(partitioning) = &mut created.partitioning
                {
                    partitioning.expiration_days = value.parse().ok().filter(|_| is_any_end(self.tokens, at + 3));
                    partitioning.is_expiration_hidden =
                        partitioning.expiration_days.is_none() && !value.eq_ignore_ascii_case("null");
                }
            }
            at += 1;
        }
        self.at = end.max(self.at + 1);
    }
}

/// The value is no more than one token.
fn is_any_end(tokens: &[TokenWithSpan], at: usize) -> bool {
    is(tokens, at, &Token::Comma) || is(tokens, at, &Token::RParen)
}

fn not_understood() -> CreatedColumns {
    CreatedColumns::Unknown("its list of columns is not understood".to_owned())
}
