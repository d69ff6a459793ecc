//! Text to statements. Never fails: what the parser refuses is an error only where the text is certainly wrong, and
//! otherwise said to be not analysed. Knows no catalog.

pub(crate) mod clause;
mod clean;
mod ddl;
mod dialect;
mod fault;
mod fix;
mod foreign;
mod guard;
mod split;
pub(crate) mod token;
pub(crate) mod variables;

use super::{Occurs, Script, SqlError, Statement, StatementKind};
use dialect::Wrapped;
pub(crate) use fix::DISTINCT;
use split::{Part, Piece};
use sqlparser::ast;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use variables::{Values, Variables};

/// Deeper trees are refused; no real text comes near.
const DEPTH_LIMIT: usize = 200;

/// A parsed statement. Shared, because a copy of a tree costs as much stack as the tree is deep.
#[derive(Debug, Clone)]
pub(crate) struct Body(pub(crate) Arc<Parsed>);

/// A tree, whose spans are bytes of the text (see [`token::bytes`]), and what the tree does not say.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) tree: Tree,
    /// What was cut out before parsing though it may read columns.
    pub(crate) notes: Vec<SqlError>,
    /// Where tables begin that stand as arguments of table functions.
    pub(crate) table_arguments: BTreeSet<usize>,
    /// Where names begin that are no columns.
    pub(crate) not_columns: BTreeSet<usize>,
    /// `FOR SYSTEM_TIME AS OF` was cut out.
    pub(crate) reads_past: bool,
    /// Names that the script declares, in lower case, with their values where the statement finds one in each run.
    pub(crate) variables: Arc<Variables>,
    /// What a template fills in, in order.
    pub(crate) holes: Arc<Vec<Range<usize>>>,
}

/// What a statement is made of, as far as reading goes.
#[derive(Debug)]
pub(crate) enum Tree {
    Query(Box<ast::Query>),
    Change(Box<ast::Statement>),
}

/// Cuts a text into statements and parses what reads tables.
pub fn parse(text: &str) -> Script {
    parse_within(text, &[])
}

/// The same for the body of a routine, where these names are not columns: its arguments.
pub fn parse_within(text: &str, arguments: &[String]) -> Script {
    let mut script = Script::default();
    if let Some(mark) = legacy_mark(text) {
        script.legacy.push(mark);
        script.not_analysed.push(SqlError { range: 0..text.len(), message: "legacy SQL is not analysed".to_owned() });
        return script;
    }
    let names = arguments.iter().map(|name| name.to_ascii_lowercase()).collect();
    read(&Piecewise { text, within: 0..text.len(), names, is_format: false, depth: 0 }, &mut script);
    if !script.errors.is_empty()
        && let Some(sign) = foreign::sign(text)
    {
        let message = format!("this seems to be SQL of another database: BigQuery has no `{}`", sign.trim());
        script.errors.clear();
        script.not_analysed.insert(0, SqlError { range: 0..text.len(), message });
    }
    limit_errors(&mut script);
    script
}

/// More mistakes than these are not listed: whoever mends them looks again.
const ERROR_LIMIT: usize = 10;

fn limit_errors(script: &mut Script) {
    let n_more = script.errors.len().saturating_sub(ERROR_LIMIT);
    if let Some(next) = script.errors.get(ERROR_LIMIT) {
        let message = format!("{n_more} more statements with mistakes are not listed");
        script.not_analysed.push(SqlError { range: next.range.clone(), message });
        script.errors.truncate(ERROR_LIMIT);
    }
}

/// Strings of statements within strings of statements.
const TEXT_LIMIT: usize = 3;

/// A text of statements, within a larger one.
struct Piecewise<'a> {
    text: &'a str,
    within: Range<usize>,
    /// Names that are not columns.
    names: BTreeSet<String>,
    /// Values are put into it by `FORMAT`.
    is_format: bool,
    depth: usize,
}

fn read(source: &Piecewise<'_>, script: &mut Script) {
    let (text, base) = (source.text, source.within.start);
    let Some(written) = text.get(source.within.clone()) else { return };
    let clean = clean::clean(written);
    script.templated = source.is_format || clean.has_tags || !clean.holes.is_empty();
    if let Some(failure) = clean.failure {
        return blame(script, SqlError { range: token::shift(failure.range, base), ..failure }, false);
    }
    let tokens = match token::tokenize(&clean.text, written, base) {
        Ok(tokens) => tokens,
        Err(error) => return script.not_analysed.push(error),
    };
    // Braces are no SQL: whatever is left of them belongs to a template that we do not know.
    script.templated |= tokens.iter().any(|token| match &token.token {
        Token::LBrace => true,
        Token::Placeholder(text) => text.starts_with("@{"),
        Token::Word(word) => word.quote_style.is_none() && word.value.starts_with("@{"),
        _ => false,
    });
    let shifted = |ranges: Vec<Range<usize>>| ranges.into_iter().map(|range| token::shift(range, base)).collect::<Vec<_>>();
    let (holes, branches) = (Arc::new(shifted(clean.holes)), shifted(clean.branches));
    let split = split::split(&tokens, text, &|at| at < tokens.len() && touches(&holes, &fault::place(&tokens, at)));
    if !split.errors.is_empty()
        && let Some(message) = no_statements(&tokens, &split)
    {
        return script.not_analysed.push(SqlError { range: token::range_of(&tokens), message });
    }
    for error in split.errors {
        blame(script, error, false);
    }
    let names = split.variables.into_iter().chain(source.names.iter().cloned()).collect();
    let is_hole = |range: &Range<usize>| touches(&holes, range);
    let mut values = Values::new(&tokens, &split.pieces, names, &is_hole);
    let shared = Shared { tokens: &tokens, holes: &holes, branches: &branches, text };
    let mut routine = Routine::default();
    for piece in &split.pieces {
        match &piece.part {
            Part::Text(within, is_format) if source.depth < TEXT_LIMIT => {
                let names = BTreeSet::new();
                let (within, depth) = (within.clone(), source.depth + 1);
                script.add(&Piecewise { text, within, names, is_format: *is_format, depth }, piece.occurs);
            }
            _ => shared.statement(piece, routine.variables(piece, &values.known), script),
        }
        values.pass(piece);
    }
}

impl Script {
    /// Adds the statements of a string.
    fn add(&mut self, source: &Piecewise<'_>, occurs: Occurs) {
        let mut inner = Script::default();
        read(source, &mut inner);
        for statement in &mut inner.statements {
            if statement.occurs == Occurs::Always {
                statement.occurs = occurs;
            }
        }
        self.statements.append(&mut inner.statements);
        self.errors.append(&mut inner.errors);
        self.not_analysed.append(&mut inner.not_analysed);
    }
}

/// So many statements that are none make a text that is none.
const UNKNOWN_LIMIT: usize = 5;

/// Why a text is no SQL, though its file says so.
fn no_statements(tokens: &[TokenWithSpan], split: &split::Split) -> Option<String> {
    let (n_unknown, n_known) = (split.n_unknown, split.pieces.len());
    if n_unknown >= UNKNOWN_LIMIT && n_unknown > n_known {
        let n_all = n_unknown + n_known;
        return Some(format!("this is no SQL: {n_unknown} of its {n_all} parts begin with no word that begins a statement"));
    }
    is_expression(tokens).then(|| "this is an expression and no statement".to_owned())
}

/// The text is a piece of SQL that some template puts into a statement.
fn is_expression(tokens: &[TokenWithSpan]) -> bool {
    if guard::check(tokens).is_err() {
        return false;
    }
    let fixed = fix::fix(tokens).tokens;
    let mut parser = Parser::new(&Wrapped).with_recursion_limit(DEPTH_LIMIT).with_tokens_with_locations(fixed);
    parser.parse_expr().is_ok() && parser.peek_token_ref().token == Token::EOF
}

/// Certain mistakes are errors only where no template stands between the text and BigQuery.
fn blame(script: &mut Script, mut error: SqlError, is_uncertain: bool) {
    if script.templated && error.message.contains(clean::FILLER) {
        error.message = "not understood around what the template fills in".to_owned();
    }
    if script.templated || is_uncertain {
        script.not_analysed.push(error);
    } else {
        script.errors.push(error);
    }
}

/// `#legacySQL`, on a line of its own at the begin.
fn legacy_mark(text: &str) -> Option<Range<usize>> {
    const MARK: &str = "#legacySQL";
    let mut start = 0;
    for line in text.split_inclusive('\n').take(50) {
        let at = start + line.len() - line.trim_start().len();
        let range = at..at + MARK.len();
        if text.get(range.clone()).is_some_and(|word| word.eq_ignore_ascii_case(MARK)) {
            return Some(range);
        }
        start += line.len();
    }
    None
}

/// The range holds a part of some hole.
pub(crate) fn touches(holes: &[Range<usize>], range: &Range<usize>) -> bool {
    let first = holes.partition_point(|hole| hole.end <= range.start);
    holes.get(first).is_some_and(|hole| hole.start < range.end)
}

/// The variables of a script, with the arguments of the routine at hand.
#[derive(Default)]
struct Routine {
    known: Option<(Arc<BTreeSet<String>>, Arc<Variables>)>,
    with_arguments: Arc<Variables>,
}

impl Routine {
    fn variables(&mut self, piece: &Piece, known: &Arc<Variables>) -> Arc<Variables> {
        let Some(arguments) = &piece.arguments else { return Arc::clone(known) };
        let is_same = self.known.as_ref().is_some_and(|(own, of)| Arc::ptr_eq(own, arguments) && Arc::ptr_eq(of, known));
        if !is_same {
            let names = arguments.iter().map(|name| (name.clone(), None));
            self.with_arguments =
                Arc::new(known.iter().map(|(name, value)| (name.clone(), value.clone())).chain(names).collect());
            self.known = Some((Arc::clone(arguments), Arc::clone(known)));
        }
        Arc::clone(&self.with_arguments)
    }
}

struct Shared<'a> {
    tokens: &'a [TokenWithSpan],
    holes: &'a Arc<Vec<Range<usize>>>,
    branches: &'a [Range<usize>],
    text: &'a str,
}

impl Shared<'_> {
    fn statement(&self, piece: &Piece, variables: Arc<Variables>, script: &mut Script) {
        let range = split::bytes_of(self.tokens, &piece.tokens);
        let body = match self.body(piece, variables) {
            Ok(body) => body,
            Err(Refused { error, is_certain }) => {
                let tokens = self.tokens.get(piece.tokens.clone()).unwrap_or_default();
                script.legacy.extend(legacy_table(tokens).filter(|_| !is_certain));
                blame(script, error, !is_certain);
                None
            }
        };
        let creates = ddl::read(self.tokens, piece, self.text, self.holes).map(Arc::new);
        script.statements.push(Statement { range, kind: piece.kind.clone(), body, creates, occurs: piece.occurs });
    }

    fn body(&self, piece: &Piece, variables: Arc<Variables>) -> Result<Option<Box<Body>>, Refused> {
        let part = match &piece.part {
            Part::Nothing | Part::Text(..) => return Ok(None),
            Part::Query(range) | Part::Expression(range) => range.clone(),
            Part::Change => piece.tokens.clone(),
        };
        let tokens = self.tokens.get(part).unwrap_or_default();
        guard::check(tokens).map_err(|message| not_certain(token::range_of(tokens), message))?;
        if let Some(error) = fault::unbalanced(tokens).or_else(|| fault::foreign(tokens)) {
            return Err(Refused { error, is_certain: true });
        }
        let mut fixed = fix::fix(tokens);
        if matches!(piece.part, Part::Expression(_)) {
            let span = token::span(token::range_of(tokens).start..token::range_of(tokens).start);
            fixed.tokens.insert(0, TokenWithSpan { token: Token::make_keyword("SELECT"), span });
        }
        let fixed_tokens = std::mem::take(&mut fixed.tokens);
        let tree = tree(fixed_tokens, &piece.kind, &piece.part).map_err(|offset| refuse(tokens, offset))?;
        let start = token::range_of(tokens).start;
        let next = self.tokens.get(piece.tokens.end).and_then(|token| token::bytes(token.span));
        let end = next.map_or(usize::MAX, |range| range.start);
        let is_within = |branch: &&Range<usize>| start <= branch.end && branch.start <= end;
        fixed.notes.extend(self.branches.iter().filter(is_within).map(|branch| SqlError {
            range: branch.clone(),
            message: "only the first branch of this template is read".to_owned(),
        }));
        let parsed = Parsed {
            tree,
            notes: fixed.notes,
            table_arguments: fixed.table_arguments,
            not_columns: fixed.not_columns,
            reads_past: fixed.reads_past,
            variables,
            holes: Arc::clone(self.holes),
        };
        Ok(Some(Box::new(Body(Arc::new(parsed)))))
    }
}

struct Refused {
    error: SqlError,
    is_certain: bool,
}

fn not_certain(range: Range<usize>, message: &str) -> Refused {
    Refused { error: SqlError { range, message: message.to_owned() }, is_certain: false }
}

/// Where the parser stopped; `None` when it does not say, which it does at the end of the text.
type Stopped = Option<usize>;

fn tree(tokens: Vec<TokenWithSpan>, kind: &StatementKind, part: &Part) -> Result<Tree, Stopped> {
    let mut parser = Parser::new(&Wrapped).with_recursion_limit(DEPTH_LIMIT).with_tokens_with_locations(tokens);
    let tree = match (part, kind) {
        (Part::Change, _) => parser.parse_statement().map(|statement| Tree::Change(Box::new(statement))),
        _ => parser.parse_query().map(Tree::Query),
    };
    let tree = tree.map_err(|error| stopped_at(&error))?;
    let rest = parser.peek_token_ref();
    match rest.token {
        Token::EOF => Ok(tree),
        _ => Err(token::bytes(rest.span).map(|range| range.start)),
    }
}

/// The library gives the place in its message only.
fn stopped_at(error: &ParserError) -> Stopped {
    let ParserError::ParserError(message) = error else { return Some(0) };
    let (_, column) = message.rsplit_once(", Column: ")?;
    let digits: String = column.chars().take_while(char::is_ascii_digit).collect();
    digits.parse::<usize>().ok().map(|column| column.saturating_sub(1))
}

fn refuse(tokens: &[TokenWithSpan], stopped: Stopped) -> Refused {
    let whole = token::range_of(tokens);
    if is_legacy_table(tokens) {
        return not_certain(whole, "this looks like legacy SQL, which is not analysed");
    }
    let at = stopped.map_or(tokens.len(), |offset| {
        tokens.partition_point(|token| token::bytes(token.span).is_some_and(|range| range.start < offset))
    });
    if stopped != Some(0)
        && let Some(error) = fault::certain(tokens, at)
    {
        return Refused { error, is_certain: true };
    }
    let found = tokens.get(at).map_or("the end".to_owned(), |token| format!("`{}`", token.token));
    let range = if at < tokens.len() { fault::place(tokens, at) } else { whole };
    not_certain(range, &format!("not understood from {found} on"))
}

/// `[project:dataset.table]` after `FROM`, `JOIN` or a comma of a table list.
fn is_legacy_table(tokens: &[TokenWithSpan]) -> bool {
    opening(tokens).is_some()
}

fn opening(tokens: &[TokenWithSpan]) -> Option<usize> {
    (1..tokens.len())
        .find(|at| token::is(tokens, *at, &Token::LBracket) && token::is_any(tokens, at - 1, &["FROM", "JOIN", "EACH"]))
}

/// The same in full. Other databases put single names in brackets.
fn legacy_table(tokens: &[TokenWithSpan]) -> Option<Range<usize>> {
    let from = opening(tokens)?;
    let length = tokens.get(from..)?.iter().position(|token| token.token == Token::RBracket)?;
    let name = tokens.get(from..=from + length)?;
    let is_path = name.iter().any(|token| matches!(token.token, Token::Colon | Token::Period));
    is_path.then(|| token::range_of(name))
}
