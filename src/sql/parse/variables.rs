//! Variables of a script that have one value wherever they are read: set once, by a constant expression, where every run
//! comes past. All others are only known by name.

use super::dialect::Wrapped;
use super::split::Piece;
use super::token::{after_group, is, is_any, is_word, range_of, word};
use super::{DEPTH_LIMIT, fix, guard};
use crate::sql::{Occurs, StatementKind};
use sqlparser::ast::Expr;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// By name in small letters; with the expression that gives the value, where there is one.
pub(crate) type Variables = BTreeMap<String, Option<Arc<Expr>>>;

/// Scripts with more variables are read without their values.
const MAX_VARIABLES: usize = 100;
/// Names in a value, those in the values of its own variables included.
const MAX_WEIGHT: usize = 200;

/// Follows a script statement by statement.
pub(super) struct Values<'a> {
    tokens: &'a [TokenWithSpan],
    is_hole: &'a dyn Fn(&Range<usize>) -> bool,
    /// How often each is assigned in all of the script.
    assigned: BTreeMap<String, usize>,
    weights: BTreeMap<String, usize>,
    pub(super) known: Arc<Variables>,
}

impl<'a> Values<'a> {
    pub(super) fn new(
        tokens: &'a [TokenWithSpan],
        pieces: &[Piece],
        names: BTreeSet<String>,
        is_hole: &'a dyn Fn(&Range<usize>) -> bool,
    ) -> Values<'a> {
        let mut assigned = BTreeMap::new();
        if names.len() <= MAX_VARIABLES {
            for name in pieces.iter().flat_map(|piece| assigned_in(tokens, piece)) {
                *assigned.entry(name).or_default() += 1;
            }
        }
        let known = Arc::new(names.into_iter().map(|name| (name, None)).collect());
        Values { tokens, is_hole, assigned, weights: BTreeMap::new(), known }
    }

    /// What the statement gives to variables, for the statements after it.
    pub(super) fn pass(&mut self, piece: &Piece) {
        if piece.occurs != Occurs::Always {
            return;
        }
        let names = assigned_in(self.tokens, piece);
        let Some(value) = value_of(self.tokens, piece).filter(|_| !names.is_empty()) else { return };
        let Some((expr, weight)) = self.read(value) else { return };
        for name in names {
            if self.assigned.get(&name) == Some(&1) && self.known.contains_key(&name) {
                Arc::make_mut(&mut self.known).insert(name.clone(), Some(Arc::clone(&expr)));
                self.weights.insert(name, weight);
            }
        }
    }

    /// The expression, unless it holds what is not known yet.
    fn read(&self, range: Range<usize>) -> Option<(Arc<Expr>, usize)> {
        let tokens = self.tokens.get(range)?;
        let is_short = tokens.len() <= MAX_WEIGHT && guard::check(tokens).is_ok();
        if !is_short || (self.is_hole)(&range_of(tokens)) {
            return None;
        }
        let names = (0..tokens.len()).filter_map(|at| word(tokens, at)).map(str::to_ascii_lowercase);
        let mut weight = 1usize;
        for name in names.filter(|name| self.known.contains_key(name)) {
            weight = weight.saturating_add(*self.weights.get(&name)?);
        }
        let fixed = fix::fix(tokens).tokens;
        let mut parser = Parser::new(&Wrapped).with_recursion_limit(DEPTH_LIMIT).with_tokens_with_locations(fixed);
        let expr = parser.parse_expr().ok().filter(|_| parser.peek_token_ref().token == Token::EOF)?;
        (weight <= MAX_WEIGHT).then(|| (Arc::new(expr), weight))
    }
}

/// The variables that a statement may give a value to, in small letters.
fn assigned_in(tokens: &[TokenWithSpan], piece: &Piece) -> Vec<String> {
    let StatementKind::Other(kind) = &piece.kind else { return Vec::new() };
    let range = piece.tokens.clone();
    let named = |at: usize| word(tokens, at).map(str::to_ascii_lowercase);
    match kind.as_str() {
        // Without a default it is still NULL.
        "DECLARE" if default_of(tokens, &range).is_none() => Vec::new(),
        "DECLARE" => {
            let names = (range.start + 1..range.end).step_by(2);
            let last = names.clone().find(|at| !is(tokens, at + 1, &Token::Comma)).unwrap_or(range.end);
            names.filter(|at| *at <= last).filter_map(named).collect()
        }
        "SET" if is(tokens, range.start + 1, &Token::LParen) => {
            (range.start + 1..after_group(tokens, range.start + 1)).filter_map(named).collect()
        }
        "SET" => named(range.start + 1).into_iter().collect(),
        // What they write to stands among their other words.
        "CALL" | "EXECUTE IMMEDIATE" => range.filter_map(named).collect(),
        _ => Vec::new(),
    }
}

/// What stands behind `DEFAULT` or `=`.
fn value_of(tokens: &[TokenWithSpan], piece: &Piece) -> Option<Range<usize>> {
    let StatementKind::Other(kind) = &piece.kind else { return None };
    match kind.as_str() {
        "DECLARE" => default_of(tokens, &piece.tokens),
        "SET" if is(tokens, piece.tokens.start + 2, &Token::Eq) => Some(piece.tokens.start + 3..piece.tokens.end),
        _ => None,
    }
}

fn default_of(tokens: &[TokenWithSpan], range: &Range<usize>) -> Option<Range<usize>> {
    let at = range.clone().find(|at| is_word(tokens, *at, "DEFAULT"))?;
    Some(at + 1..range.end)
}

/// How often a statement occurs that stands within these blocks, by the words that begin them.
pub(super) fn occurs(tokens: &[TokenWithSpan], blocks: &[usize]) -> Occurs {
    let within = |words: &[&str]| blocks.iter().any(|open| is_any(tokens, *open, words));
    match () {
        () if within(&["LOOP", "WHILE", "REPEAT", "FOR"]) => Occurs::AnyNumber,
        () if within(&["IF", "CASE"]) => Occurs::Perhaps,
        () => Occurs::Always,
    }
}
