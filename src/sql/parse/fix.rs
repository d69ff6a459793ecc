//! Rewrites the words that the parser library does not know, or misreads in silence, into words it reads right.
//! What is cut out and matters for what a statement reads is kept aside.

mod call;
mod clause;
mod join;
mod name;
mod pipe;

use super::token::{is, is_any, is_word, word};
use crate::sql::SqlError;
use call::Level;
pub(crate) use pipe::DISTINCT;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan};
use std::collections::BTreeSet;

/// What the parser gets, and what it does not see.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    pub(super) tokens: Vec<TokenWithSpan>,
    /// Where `TABLE x` arguments of table functions begin.
    pub(super) table_arguments: BTreeSet<usize>,
    /// Where names begin that are no columns: `MODEL x`.
    pub(super) not_columns: BTreeSet<usize>,
    /// `FOR SYSTEM_TIME AS OF` was cut out.
    pub(super) reads_past: bool,
    /// What was cut out though it may read columns.
    pub(super) notes: Vec<SqlError>,
}

/// All rewrites, left to right.
pub(super) fn fix(tokens: &[TokenWithSpan]) -> Fixed {
    let mut fixer = Fixer { tokens, at: 0, generics: 0, levels: vec![Level::default()], n_moves: 0, done: Fixed::default() };
    fixer.done.tokens.reserve(tokens.len() + 16);
    while fixer.at < tokens.len() {
        fixer.step();
    }
    fixer.end_stage();
    fixer.done
}

struct Fixer<'a> {
    tokens: &'a [TokenWithSpan],
    at: usize,
    /// Open `<` of types.
    generics: usize,
    /// The statement, and each open parenthesis.
    levels: Vec<Level>,
    n_moves: usize,
    done: Fixed,
}

/// Each puts something far before the end of the output, and moves all that comes after.
const MOVE_LIMIT: usize = 200;

impl Fixer<'_> {
    fn step(&mut self) {
        let Some(token) = self.tokens.get(self.at) else { return };
        match &token.token {
            Token::LParen => self.open_parenthesis(),
            Token::RParen => self.close_parenthesis(),
            Token::Comma => self.comma(),
            Token::VerticalBarRightAngleBracket => self.pipe_operator(),
            Token::Lt if self.follows(&["ARRAY", "STRUCT", "TABLE"]) => {
                self.generics += 1;
                self.keep();
            }
            Token::Neq if self.follows(&["STRUCT"]) => self.replace(&[Token::Lt, Token::Gt], 1),
            Token::Gt if self.generics > 0 => {
                self.generics -= 1;
                self.keep();
            }
            Token::ShiftRight if self.generics > 0 => {
                self.generics = self.generics.saturating_sub(2);
                self.replace(&[Token::Gt, Token::Gt], 1);
            }
            Token::Word(found) if found.quote_style.is_none() => self.word(),
            token if is_string(token) || matches!(token, Token::Number(..)) && self.is_in_unpivot() => self.string(),
            _ => self.keep(),
        }
    }

    fn keep(&mut self) {
        self.done.tokens.extend(self.tokens.get(self.at).cloned());
        self.at += 1;
    }

    /// Strings that stand side by side are one.
    fn string(&mut self) {
        if self.is_in_unpivot() {
            // What a column is called in the rows that come of it.
            self.at += 1;
            return;
        }
        let more = self.tokens.get(self.at).cloned();
        let before = self.done.tokens.last_mut().and_then(|token| text_of(&mut token.token));
        match (before, more) {
            (Some(text), Some(mut more)) => {
                text.push_str(text_of(&mut more.token).map_or("", |more| more));
                self.at += 1;
            }
            _ => self.keep(),
        }
    }

    fn may_move(&mut self) -> bool {
        self.n_moves += 1;
        self.n_moves <= MOVE_LIMIT
    }

    fn skip_to(&mut self, at: usize) {
        self.at = at.max(self.at + 1);
    }

    /// Puts these in the place of `count` tokens.
    fn replace(&mut self, with: &[Token], count: usize) {
        self.put(with);
        self.at += count;
    }

    /// Adds these, which count as standing here.
    fn put(&mut self, with: &[Token]) {
        let span = self.span();
        self.done.tokens.extend(with.iter().map(|token| TokenWithSpan { token: token.clone(), span }));
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).or_else(|| self.tokens.last()).map_or(Span::empty(), |token| token.span)
    }

    fn follows(&self, words: &[&str]) -> bool {
        self.at > 0 && is_any(self.tokens, self.at - 1, words)
    }

    fn follows_token(&self, wanted: &[Token]) -> bool {
        self.at > 0 && self.tokens.get(self.at - 1).is_some_and(|token| wanted.contains(&token.token))
    }

    fn next_is(&self, ahead: usize, wanted: &str) -> bool {
        is_word(self.tokens, self.at + ahead, wanted)
    }

    fn next_is_token(&self, ahead: usize, wanted: &Token) -> bool {
        is(self.tokens, self.at + ahead, wanted)
    }

    fn word(&mut self) {
        if self.follows_token(&[Token::Period]) {
            return self.plain_name();
        }
        let name = word(self.tokens, self.at).unwrap_or_default().to_ascii_uppercase();
        self.note_word(&name);
        if !self.word_of_call(&name) && !self.word_of_stage(&name) && !self.word_of_clause(&name) {
            self.name_or_keyword();
        }
    }

    /// A word that is read as a name, whatever it means elsewhere.
    fn plain_name(&mut self) {
        self.keep();
        if let Some(Token::Word(word)) = self.done.tokens.last_mut().map(|token| &mut token.token) {
            word.keyword = Keyword::NoKeyword;
        }
    }

    fn name_or_keyword(&mut self) {
        match self.tokens.get(self.at).map(|token| &token.token) {
            Some(Token::Word(word)) if !name::is_keyword(word.keyword) => self.plain_name(),
            _ => self.keep(),
        }
    }
}

fn keyword(word: &str) -> Token {
    Token::make_keyword(word)
}

fn is_string(token: &Token) -> bool {
    matches!(
        token,
        Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_)
            | Token::TripleSingleQuotedString(_)
            | Token::TripleDoubleQuotedString(_)
            | Token::SingleQuotedByteStringLiteral(_)
            | Token::DoubleQuotedByteStringLiteral(_)
            | Token::TripleSingleQuotedByteStringLiteral(_)
            | Token::TripleDoubleQuotedByteStringLiteral(_)
            | Token::SingleQuotedRawStringLiteral(_)
            | Token::DoubleQuotedRawStringLiteral(_)
            | Token::TripleSingleQuotedRawStringLiteral(_)
            | Token::TripleDoubleQuotedRawStringLiteral(_)
    )
}

fn text_of(token: &mut Token) -> Option<&mut String> {
    match token {
        Token::SingleQuotedString(text)
        | Token::DoubleQuotedString(text)
        | Token::TripleSingleQuotedString(text)
        | Token::TripleDoubleQuotedString(text)
        | Token::SingleQuotedByteStringLiteral(text)
        | Token::DoubleQuotedByteStringLiteral(text)
        | Token::TripleSingleQuotedByteStringLiteral(text)
        | Token::TripleDoubleQuotedByteStringLiteral(text)
        | Token::SingleQuotedRawStringLiteral(text)
        | Token::DoubleQuotedRawStringLiteral(text)
        | Token::TripleSingleQuotedRawStringLiteral(text)
        | Token::TripleDoubleQuotedRawStringLiteral(text) => Some(text),
        _ => None,
    }
}
