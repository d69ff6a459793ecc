//! Refuses statements whose tree would be deeper than the stack: trees are parsed, walked and dropped by recursion.

use super::token::is_any;
use sqlparser::tokenizer::{Token, TokenWithSpan};

const GROUP_LIMIT: usize = 150;
/// Operators in one expression: each is one level of the tree.
const CHAIN_LIMIT: usize = 1_500;
/// Operators that are words are walked by calls, of which the stack holds fewer.
const WORD_WEIGHT: usize = 10;
/// Branches of one set operation, whose levels are small.
const BRANCH_LIMIT: usize = 5_000;
/// Steps of one path: fields, elements and calls. The parser looks at a path once for each step.
const PATH_LIMIT: usize = 100;

const ENDS_CHAIN: &[&str] = &["SELECT", "FROM", "WHERE", "HAVING", "QUALIFY", "ON", "WHEN", "THEN", "ELSE", "BY", "AS"];

/// What one pair of parentheses holds, or one `CASE`.
#[derive(Default, Clone, Copy)]
struct Level {
    /// `AND` and `OR`, below which the other operators start anew.
    conditions: usize,
    operators: usize,
    branches: usize,
    /// `BETWEEN`s whose `AND` is yet to come.
    ranges: usize,
    /// Steps of the path at hand.
    steps: usize,
    /// Between `CASE` and `END`.
    is_case: bool,
}

/// Says why the statement is too deep to be analysed.
pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), &'static str> {
    let mut levels = vec![Level::default()];
    let mut generics = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        match &token.token {
            Token::LParen | Token::LBracket | Token::LBrace => {
                step(&mut levels, tokens, at);
                levels.push(Level::default());
            }
            Token::RParen | Token::RBracket | Token::RBrace => close(&mut levels),
            Token::Word(_) if is_field(tokens, at) => {}
            Token::Word(_) if is_any(tokens, at, &["CASE"]) => {
                count_operators(&mut levels, WORD_WEIGHT);
                levels.push(Level { is_case: true, ..Level::default() });
            }
            Token::Word(_) if is_any(tokens, at, &["END"]) && levels.last().is_some_and(|level| level.is_case) => {
                levels.pop();
            }
            Token::Lt if at > 0 && is_any(tokens, at - 1, &["ARRAY", "STRUCT"]) => generics += 1,
            Token::Gt => generics = generics.saturating_sub(1),
            Token::ShiftRight => generics = generics.saturating_sub(2),
            _ => {}
        }
        let Some(level) = levels.last_mut() else { continue };
        count(level, tokens, at);
        if level.operators.max(level.conditions) > CHAIN_LIMIT || level.branches > BRANCH_LIMIT {
            return Err("this statement is too long a chain to be analysed");
        }
        if level.steps > PATH_LIMIT {
            return Err("this path has too many steps to be analysed");
        }
        if levels.len().max(generics) > GROUP_LIMIT {
            return Err("this statement is nested too deeply to be analysed");
        }
    }
    Ok(())
}

/// A `CASE` that never ends is over with the group around it.
fn close(levels: &mut Vec<Level>) {
    while levels.len() > 1 && levels.pop().is_some_and(|level| level.is_case) {}
}

fn count_operators(levels: &mut [Level], weight: usize) {
    if let Some(level) = levels.last_mut() {
        level.operators += weight;
    }
}

/// Any word is a name after a dot.
fn is_field(tokens: &[TokenWithSpan], at: usize) -> bool {
    at > 0 && tokens.get(at - 1).is_some_and(|before| before.token == Token::Period)
}

/// A group that follows an operand is a step of its path.
fn step(levels: &mut [Level], tokens: &[TokenWithSpan], at: usize) {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before)).map(|token| &token.token);
    if let Some(level) = levels.last_mut()
        && matches!(before, Some(Token::RParen | Token::RBracket))
    {
        level.steps += 1;
    }
}

fn count(level: &mut Level, tokens: &[TokenWithSpan], at: usize) {
    let Some(token) = tokens.get(at) else { return };
    match &token.token {
        Token::Word(_) if is_field(tokens, at) => {}
        Token::Comma => (level.operators, level.conditions) = (0, 0),
        Token::Word(_) if is_any(tokens, at, ENDS_CHAIN) => (level.operators, level.conditions) = (0, 0),
        Token::Word(_) if level.ranges > 0 && is_any(tokens, at, &["AND"]) => level.ranges -= 1,
        Token::Word(_) if is_any(tokens, at, &["AND", "OR"]) => {
            level.conditions += 1;
            level.operators = 0;
        }
        Token::Word(_) if is_any(tokens, at, &["UNION", "INTERSECT", "EXCEPT"]) => level.branches += 1,
        Token::Word(_) if is_any(tokens, at, &["NOT", "IS", "LIKE", "BETWEEN", "IN", "AT", "COLLATE"]) => {
            level.operators += WORD_WEIGHT;
            level.ranges += usize::from(is_any(tokens, at, &["BETWEEN"]));
        }
        Token::Period => level.steps += 1,
        Token::Word(_) | Token::Number(..) | Token::SingleQuotedString(_) => level.steps = 0,
        _ => level.operators += 1,
    }
}
