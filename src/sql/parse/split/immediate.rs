//! `EXECUTE IMMEDIATE` with its statement written out in a string: what the string holds are the statements.

use super::{Part, Splitter};
use crate::sql::StatementKind;
use crate::sql::parse::token::{after_group, bytes, is, is_any, is_word};
use sqlparser::tokenizer::Token;
use std::ops::Range;

impl Splitter<'_> {
    pub(super) fn execute(&mut self) {
        let first = self.at + 2;
        let is_format = is_word(self.tokens, first, "FORMAT") && is(self.tokens, first + 1, &Token::LParen);
        let literal = if is_format { first + 2 } else { first };
        let ends = if is_format {
            is(self.tokens, literal + 1, &Token::Comma) && self.ends_expression(after_group(self.tokens, first + 1))
        } else {
            self.ends_expression(literal + 1)
        };
        match self.inner_text(literal).filter(|_| ends && self.is(1, "IMMEDIATE")) {
            Some(inner) => {
                let range = self.at..self.end_of_statement();
                self.at = range.end;
                self.push(range, StatementKind::Other("EXECUTE IMMEDIATE".to_owned()), Part::Text(inner, is_format));
            }
            None => self.plain(),
        }
    }

    fn ends_expression(&self, at: usize) -> bool {
        at >= self.tokens.len() || is(self.tokens, at, &Token::SemiColon) || is_any(self.tokens, at, &["INTO", "USING"])
    }

    /// The bytes between the quotes, where what is written there is what is meant.
    fn inner_text(&self, at: usize) -> Option<Range<usize>> {
        let token = self.tokens.get(at)?;
        let range = bytes(token.span)?;
        let written = self.text.get(range.clone())?;
        let is_raw = written.starts_with(['r', 'R']);
        let quoted = written.get(usize::from(is_raw)..)?;
        let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| quoted.starts_with(quotes))?;
        let start = range.start + usize::from(is_raw) + quotes.len();
        let end = range.end.checked_sub(quotes.len()).filter(|end| *end >= start)?;
        let is_plain = is_raw || !self.text.get(start..end)?.contains('\\');
        is_plain.then_some(start..end)
    }
}
