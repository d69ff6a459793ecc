//! Reads SQLX, the language of Dataform: one query with blocks of settings, of JavaScript and of further SQL around it.
//! Knows where each part stands, and neither SQL nor what the settings mean.

mod literal;
mod scan;

use super::node::{Document, NodeId, Value};
use crate::text::{BOM, FileId};
pub use literal::SPREAD;
use scan::{Mode, Scanner};
use std::ops::Range;
use std::sync::Arc;

/// A file cut into its parts.
#[derive(Debug, Clone)]
pub struct Sqlx {
    pub document: Document,
    /// The object behind `config`.
    pub config: Option<NodeId>,
    /// In order. Blocks without what is around their braces.
    pub parts: Vec<Part>,
    /// What is never closed, at its opening.
    pub unclosed: Option<Range<usize>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub kind: PartKind,
    pub range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// SQL that stands in no block.
    Query,
    Config,
    PreOperations,
    PostOperations,
    /// JavaScript, or rows for a test.
    Other,
}

/// A piece of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Sql(Range<usize>),
    /// `${…}` that is no part of a string or a quoted name.
    Hole(Range<usize>),
    /// A line of three dashes, which parts statements.
    Separator(Range<usize>),
}

/// `ref("shop", "orders")`.
pub struct Call {
    pub name: String,
    pub document: Document,
    pub arguments: Vec<NodeId>,
}

const BLOCKS: [(&str, PartKind); 6] = [
    ("config", PartKind::Config),
    ("js", PartKind::Other),
    ("pre_operations", PartKind::PreOperations),
    ("post_operations", PartKind::PostOperations),
    ("incremental_where", PartKind::Other),
    ("input", PartKind::Other),
];

/// Characters between the word of a block and its brace.
const HEAD_LIMIT: usize = 500;

/// Cuts a file into its parts.
pub fn parse(file: FileId, source: &Arc<str>) -> Sqlx {
    let mut sqlx = Sqlx { document: Document::new(file, source.clone()), config: None, parts: Vec::new(), unclosed: None };
    let mut start = if source.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let mut scanner = Scanner::new(source, start..source.len(), Mode::Sql);
    while !scanner.is_done() {
        if scanner.is_at_hole() {
            sqlx.close(&mut scanner, Mode::Js(b'}'), 2);
            continue;
        }
        let Some((kind, brace)) = scanner.is_outside().then(|| block_at(source, scanner.at)).flatten() else {
            scanner.step();
            continue;
        };
        sqlx.parts.push(Part { kind: PartKind::Query, range: start..scanner.at });
        scanner.at = brace;
        let end = sqlx.close(&mut scanner, kind.mode(), 1);
        let range = brace + 1..end.map_or(source.len(), |end| end - 1);
        sqlx.parts.push(Part { kind, range });
        start = scanner.at;
    }
    sqlx.parts.push(Part { kind: PartKind::Query, range: start..source.len() });
    let config = sqlx.parts.iter().find(|part| part.kind == PartKind::Config).map(|part| part.range.clone());
    sqlx.config = config.map(|range| literal::read_object(&mut sqlx.document, range));
    sqlx
}

impl Sqlx {
    fn close(&mut self, scanner: &mut Scanner<'_>, mode: Mode, opening: usize) -> Option<usize> {
        let start = scanner.at;
        let end = scanner.end_of(mode, opening);
        if end.is_none() {
            self.unclosed.get_or_insert(start..start + opening);
        }
        end
    }

    /// Where the query begins: its first character that is neither blank nor comment.
    pub fn query_start(&self) -> Option<usize> {
        let queries = self.parts.iter().filter(|part| part.kind == PartKind::Query);
        queries.filter_map(|part| first_of_sql(self.document.source(), part.range.clone())).next()
    }
}

impl PartKind {
    fn mode(self) -> Mode {
        match self {
            PartKind::Config => Mode::Js(b'}'),
            PartKind::Query | PartKind::PreOperations | PartKind::PostOperations | PartKind::Other => Mode::Sql,
        }
    }
}

/// The block that begins here, and its brace.
fn block_at(source: &str, at: usize) -> Option<(PartKind, usize)> {
    let bytes = source.as_bytes();
    let is_inside_name = at.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(|byte| is_name_byte(*byte));
    let rest = source.get(at..).filter(|_| !is_inside_name)?;
    let (word, kind) = BLOCKS.iter().find(|(word, _)| rest.starts_with(word))?;
    let after = rest.get(word.len()..)?;
    let is_filler = |c: char| c.is_whitespace() || *word == "input" && (c.is_alphanumeric() || "_\",.-'".contains(c));
    let (brace, _) = after.char_indices().take(HEAD_LIMIT).find(|(_, c)| !is_filler(*c))?;
    let is_block = after.as_bytes().get(brace) == Some(&b'{') && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    is_block.then_some((*kind, at + word.len() + brace))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn first_of_sql(source: &str, range: Range<usize>) -> Option<usize> {
    let mut scanner = Scanner::new(source, range, Mode::Sql);
    while let [first, second @ ..] = scanner.rest() {
        let is_comment = *first == b'#' || matches!((first, second.first()), (b'-', Some(b'-')) | (b'/', Some(b'*')));
        if !first.is_ascii_whitespace() && !is_comment {
            return Some(scanner.at);
        }
        scanner.step();
    }
    None
}

/// A range of SQL in pieces.
pub fn pieces(source: &str, range: Range<usize>) -> Vec<Piece> {
    let mut scanner = Scanner::new(source, range.clone(), Mode::Sql);
    let mut pieces = Vec::new();
    let mut start = range.start;
    while !scanner.is_done() {
        let at = scanner.at;
        let found = if scanner.is_at_hole() {
            let is_plain = !scanner.is_in_quotes();
            scanner.end_of(Mode::Js(b'}'), 2).filter(|_| is_plain).map(|end| Piece::Hole(at..end))
        } else {
            let line = scanner.is_outside().then(|| separator(source, at)).flatten().filter(|end| *end <= range.end);
            scanner.step();
            line.map(|end| Piece::Separator(at..end))
        };
        if let Some(piece) = found {
            pieces.push(Piece::Sql(start..at));
            start = piece.range().end;
            scanner.at = start.max(scanner.at);
            pieces.push(piece);
        }
    }
    pieces.push(Piece::Sql(start..range.end));
    pieces
}

impl Piece {
    fn range(&self) -> &Range<usize> {
        match self {
            Piece::Sql(range) | Piece::Hole(range) | Piece::Separator(range) => range,
        }
    }
}

/// The end of the line of dashes that begins here.
fn separator(source: &str, at: usize) -> Option<usize> {
    let dashes = source.get(at..)?.strip_prefix("---")?;
    let rest = dashes.split('\n').next()?;
    let before = source.get(..at)?.rsplit('\n').next()?;
    (rest.trim().is_empty() && before.trim().is_empty()).then_some(at + "---".len())
}

/// The call that a hole holds, where it is one and nothing more.
pub fn call(file: FileId, source: &Arc<str>, hole: Range<usize>) -> Option<Call> {
    let inner = source.get(hole.start + 2..hole.end.checked_sub(1)?)?;
    let name = inner.trim_start();
    let name = name.get(..name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?)?;
    let open = hole.start + 2 + inner.find('(')?;
    let mut scanner = Scanner::new(source, open..hole.end - 1, Mode::Js(b','));
    let end = scanner.end_of(Mode::Js(b')'), 1)?;
    let is_whole =
        source.get(end..hole.end - 1)?.trim().is_empty() && inner.trim_start().get(name.len()..)?.trim_start().starts_with('(');
    let mut document = Document::new(file, source.clone());
    let arguments = literal::read_list(&mut document, open + 1..end - 1);
    is_whole.then(|| Call { name: name.to_owned(), document, arguments })
}

impl Call {
    /// All arguments, where they are plain strings.
    pub fn strings(&self) -> Option<Vec<&str>> {
        self.arguments.iter().map(|node| self.document.str(*node)).collect()
    }

    /// The object that is the only argument.
    pub fn object(&self) -> Option<NodeId> {
        match self.arguments.as_slice() {
            [node] if matches!(self.document.value(*node), Value::Map(_)) => Some(*node),
            _ => None,
        }
    }

    /// How an argument is written.
    pub fn written(&self, number: usize) -> Option<(&str, Range<usize>)> {
        let range = self.document.span(*self.arguments.get(number)?).range();
        Some((self.document.source().get(range.clone())?, range))
    }
}

#[cfg(test)]
mod tests;
