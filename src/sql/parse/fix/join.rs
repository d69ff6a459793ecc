//! Joins whose conditions come later: `a JOIN b JOIN c ON … ON …` is `a JOIN (b JOIN c ON …) ON …`.

use super::{Fixer, Token, TokenWithSpan};

/// The joins of one `FROM` clause.
#[derive(Debug, Default)]
pub(super) struct Joins {
    /// Where what is joined begins in the output, for each join that has no condition yet.
    open: Vec<usize>,
    /// Nothing was joined since the last condition.
    is_condition: bool,
}

impl Fixer<'_> {
    /// Follows the joins of the clause at hand, word by word.
    pub(super) fn follow_joins(&mut self, name: &str) {
        match name {
            "JOIN" => {
                let (start, is_cross) = (self.done.tokens.len() + 1, self.follows(&["CROSS"]));
                let Some(level) = self.levels.last_mut() else { return };
                level.joins.is_condition = false;
                if !is_cross {
                    level.joins.open.push(start);
                }
            }
            "ON" => self.condition(),
            "USING" if self.next_is_token(1, &Token::LParen) => self.condition(),
            "SELECT" | "FROM" | "WHERE" | "GROUP" | "HAVING" | "ORDER" | "UNION" | "INTERSECT" | "EXCEPT" => self.end_joins(),
            _ => {}
        }
    }

    /// At a comma or a clause, the next table is joined to nothing.
    pub(super) fn end_joins(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.joins.open.clear();
            level.joins.is_condition = false;
        }
    }

    fn condition(&mut self) {
        let span = self.span();
        let Some(level) = self.levels.last_mut() else { return };
        let Some(start) = level.joins.open.pop() else { return };
        let is_deferred = std::mem::replace(&mut level.joins.is_condition, true);
        if is_deferred && self.may_move() {
            self.done.tokens.push(TokenWithSpan { token: Token::RParen, span });
            let place = self.done.tokens.get(start).map_or(span, |token| token.span);
            self.done.tokens.insert(start, TokenWithSpan { token: Token::LParen, span: place });
        }
    }
}
