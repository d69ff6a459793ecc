//! Refuses statements whose tree would be deeper than the stack: trees are parsed, walked and dropped by recursion.

use super::token::is_any;
use sqlparser::tokenizer::{Token, TokenWithSpan};

const GROUP_LIMIT: usize = 150;
/// Operators in one expression, or branches of one set operation: each is one level of the tree.
const CHAIN_LIMIT: usize = 1_500;

const ENDS_CHAIN: &[&str] = &["SELECT", "FROM", "WHERE", "HAVING", "QUALIFY", "ON", "WHEN", "THEN", "ELSE", "BY", "AS"];

/// What one pair of parentheses holds.
#[derive(Default, Clone, Copy)]
struct Level {
    /// `AND` and `OR`, below which the other operators start anew.
    conditions: usize,
    operators: usize,
    branches: usize,
}

/// Says why the statement is too deep to be analysed.
pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), &'static str> {
    let mut levels = vec![Level::default()];
    let mut generics = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        match &token.token {
            Token::LParen | Token::LBracket | Token::LBrace => levels.push(Level::default()),
            Token::RParen | Token::RBracket | Token::RBrace if levels.len() > 1 => {
                levels.pop();
            }
            Token::Lt if at > 0 && is_any(tokens, at - 1, &["ARRAY", "STRUCT"]) => generics += 1,
            Token::Gt => generics = generics.saturating_sub(1),
            Token::ShiftRight => generics = generics.saturating_sub(2),
            _ => {}
        }
        let Some(level) = levels.last_mut() else { continue };
        count(level, tokens, at);
        if level.operators.max(level.branches).max(level.conditions) > CHAIN_LIMIT {
            return Err("this statement is too long a chain to be analysed");
        }
        if levels.len().max(generics) > GROUP_LIMIT {
            return Err("this statement is nested too deeply to be analysed");
        }
    }
    Ok(())
}

fn count(level: &mut Level, tokens: &[TokenWithSpan], at: usize) {
    let Some(token) = tokens.get(at) else { return };
    match &token.token {
        Token::Comma => (level.operators, level.conditions) = (0, 0),
        Token::Word(_) if is_any(tokens, at, ENDS_CHAIN) => (level.operators, level.conditions) = (0, 0),
        Token::Word(_) if is_any(tokens, at, &["AND", "OR"]) => {
            level.conditions += 1;
            level.operators = 0;
        }
        Token::Word(_) if is_any(tokens, at, &["UNION", "INTERSECT", "EXCEPT"]) => level.branches += 1,
        Token::Word(_) if is_any(tokens, at, &["NOT", "IS", "LIKE", "CASE", "BETWEEN", "IN"]) => {
            level.operators += 1;
        }
        Token::Word(_) | Token::Number(..) | Token::SingleQuotedString(_) | Token::Period => {}
        _ => level.operators += 1,
    }
}
