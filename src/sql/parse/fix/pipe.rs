//! Pipe operators that the library does not know, by others that read the same.

use super::{Fixer, fix, keyword};
use crate::sql::parse::token::{after_group, is, is_any, is_word, word};
use sqlparser::ast::Ident;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};
use std::collections::BTreeMap;

/// `|> DISTINCT` becomes `|> CALL DISTINCT()`: no table function can be called so.
pub(crate) const DISTINCT: &str = "DISTINCT";

/// Definitions of windows are repeated where they are used, in all up to so many words.
const WINDOW_LIMIT: usize = 20_000;

/// One operator, up to the next `|>`.
#[derive(Debug, Default)]
pub(super) struct Stage {
    is_aggregate: bool,
    /// What `WINDOW` defines behind the expressions that use it.
    windows: BTreeMap<String, Vec<TokenWithSpan>>,
    n_repeated: usize,
    /// What the operator ends with.
    tail: Vec<Token>,
}

impl Fixer<'_> {
    pub(super) fn pipe_operator(&mut self) {
        self.end_stage();
        self.end_joins();
        self.keep();
        let mut stage = Stage { windows: self.windows_ahead(), ..Stage::default() };
        let name = word(self.tokens, self.at).unwrap_or_default().to_ascii_uppercase();
        match name.as_str() {
            "WINDOW" => self.replace(&[keyword("EXTEND")], 1),
            "DISTINCT" => self.replace(&distinct(), 1),
            "WITH" => return self.pipe_with(),
            "SELECT" if self.next_is(1, "DISTINCT") => {
                self.keep();
                self.at += 1;
                stage.tail = [vec![Token::VerticalBarRightAngleBracket], distinct()].concat();
            }
            "SELECT" if self.next_is(1, "ALL") => {
                self.keep();
                self.at += 1;
            }
            "SELECT" if self.next_is(1, "AS") && is_any(self.tokens, self.at + 2, &["STRUCT", "VALUE"]) => {
                self.keep();
                self.at += 2;
            }
            "SELECT" | "EXTEND" => self.keep(),
            "AGGREGATE" => {
                stage.is_aggregate = true;
                self.keep();
            }
            "UNPIVOT" => self.unpivot(),
            _ => {}
        }
        if let Some(level) = self.levels.last_mut() {
            level.stage = Some(stage);
        }
    }

    /// Adds what the operator at hand ends with.
    pub(super) fn end_stage(&mut self) {
        let stage = self.levels.last_mut().and_then(|level| level.stage.take());
        if let Some(stage) = stage {
            self.put(&stage.tail);
        }
    }

    /// Nothing comes after this comma in its pipe operator.
    pub(super) fn is_trailing_comma(&self) -> bool {
        let Some(stage) = self.levels.last().and_then(|level| level.stage.as_ref()) else { return false };
        match self.tokens.get(self.at + 1).map(|token| &token.token) {
            None | Some(Token::VerticalBarRightAngleBracket | Token::RParen) => true,
            _ => self.next_is(1, "WINDOW") || stage.is_aggregate && self.next_is(1, "GROUP"),
        }
    }

    /// Words that mean something in some operator. Says whether it has taken the word.
    pub(super) fn word_of_stage(&mut self, name: &str) -> bool {
        let Some(stage) = self.levels.last().and_then(|level| level.stage.as_ref()) else { return false };
        let (is_aggregate, has_windows) = (stage.is_aggregate, !stage.windows.is_empty());
        match name {
            "AND" if is_aggregate && self.follows(&["GROUP"]) && self.next_is(1, "ORDER") => self.at += 2,
            "NULLS" if is_aggregate && is_any(self.tokens, self.at + 1, &["FIRST", "LAST"]) => self.at += 2,
            "ROLLUP" | "CUBE" if is_aggregate => self.plain_name(),
            "GROUPING" if is_aggregate && self.next_is(1, "SETS") => {
                self.at += 1;
                self.plain_name();
            }
            "OVER" if has_windows => self.over(),
            "WINDOW" if has_windows => self.skip_to(self.end_of_stage(self.at)),
            _ => return false,
        }
        true
    }

    /// The next `|>` on this level, or the end of the level.
    fn end_of_stage(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(token) = self.tokens.get(at) {
            match token.token {
                Token::LParen => at = after_group(self.tokens, at),
                Token::VerticalBarRightAngleBracket | Token::RParen => break,
                _ => at += 1,
            }
        }
        at.min(self.tokens.len())
    }

    /// What `WINDOW w AS (…)` behind the expressions of this operator defines.
    fn windows_ahead(&self) -> BTreeMap<String, Vec<TokenWithSpan>> {
        let mut windows = BTreeMap::new();
        let (start, end) = (self.at + 1, self.end_of_stage(self.at));
        if !is_any(self.tokens, self.at, &["SELECT", "EXTEND"]) {
            return windows;
        }
        let mut at = start;
        while at < end && !is_word(self.tokens, at, "WINDOW") {
            at = if is(self.tokens, at, &Token::LParen) { after_group(self.tokens, at) } else { at + 1 };
        }
        at += 1;
        while at < end
            && let Some(name) = word(self.tokens, at)
            && is_word(self.tokens, at + 1, "AS")
        {
            let open = at + 2;
            let close = if is(self.tokens, open, &Token::LParen) { after_group(self.tokens, open) } else { open + 1 };
            let definition = self.window(self.tokens.get(open..close).unwrap_or_default(), &windows);
            windows.insert(name.to_ascii_lowercase(), definition);
            at = close + 1;
        }
        windows
    }

    /// A definition, with the window that it refers to written out.
    fn window(&self, tokens: &[TokenWithSpan], known: &BTreeMap<String, Vec<TokenWithSpan>>) -> Vec<TokenWithSpan> {
        let base_at = usize::from(is(tokens, 0, &Token::LParen));
        let base = word(tokens, base_at).and_then(|name| known.get(&name.to_ascii_lowercase()));
        let Some(base) = base else { return fix(tokens).tokens };
        let rest = fix(tokens.get(base_at + 1..).unwrap_or_default()).tokens;
        let inner = base.get(..base.len().saturating_sub(base_at)).unwrap_or_default();
        if inner.len() > WINDOW_LIMIT { Vec::new() } else { [inner, &rest].concat() }
    }

    fn over(&mut self) {
        let name = word(self.tokens, self.at + 1).unwrap_or_default().to_ascii_lowercase();
        self.keep();
        let Some(stage) = self.levels.last_mut().and_then(|level| level.stage.as_mut()) else { return };
        if let Some(window) = stage.windows.get(&name)
            && stage.n_repeated + window.len() < WINDOW_LIMIT
        {
            stage.n_repeated += window.len();
            self.done.tokens.extend(window.iter().cloned());
            self.at += 1;
        }
    }

    /// `|> WITH a AS (…)` goes to the beginning of the query.
    fn pipe_with(&mut self) {
        let end = self.end_of_stage(self.at);
        let with = self.tokens.get(self.at..end).unwrap_or_default();
        let with = match with {
            [with @ .., TokenWithSpan { token: Token::Comma, .. }] => with,
            with => with,
        };
        if !self.may_move() {
            return;
        }
        let fixed = fix(with);
        self.done.notes.extend(fixed.notes);
        self.done.table_arguments.extend(fixed.table_arguments);
        self.done.not_columns.extend(fixed.not_columns);
        // The `|>` before it.
        self.done.tokens.pop();
        let start = self.levels.last().map_or(0, |level| level.query.unwrap_or(level.start));
        self.add_with(start, fixed.tokens);
        self.at = end;
    }

    fn add_with(&mut self, start: usize, mut with: Vec<TokenWithSpan>) {
        let out = &mut self.done.tokens;
        if !is_word(out, start, "WITH") {
            out.splice(start..start, with);
            return;
        }
        let mut at = start + 1 + usize::from(is_word(out, start + 1, "RECURSIVE"));
        while at < out.len() {
            while at < out.len() && !is_word(out, at, "AS") {
                at += 1;
            }
            at = after_group(out, at + 1);
            if !is(out, at, &Token::Comma) {
                break;
            }
            at += 1;
        }
        let is_recursive = is_word(&with, 1, "RECURSIVE");
        let span = with.first().map(|token| token.span);
        with.drain(..(1 + usize::from(is_recursive)).min(with.len()));
        let comma = span.map(|span| TokenWithSpan { token: Token::Comma, span });
        let at = at.min(out.len());
        out.splice(at..at, comma.into_iter().chain(with));
        if is_recursive
            && !is_word(out, start + 1, "RECURSIVE")
            && let Some(span) = span
        {
            out.insert(start + 1, TokenWithSpan { token: keyword("RECURSIVE"), span });
        }
    }

    /// `|> UNPIVOT INCLUDE NULLS ((a, b) FOR c IN ((d, e) AS 1, f))` as `|> UNPIVOT (a FOR c IN (d, e, f))`, which reads
    /// the same columns.
    fn unpivot(&mut self) {
        self.keep();
        let skip = if is_any(self.tokens, self.at, &["INCLUDE", "EXCLUDE"]) { 2 } else { 0 };
        let (open, end) = (self.at + skip, after_group(self.tokens, self.at + skip));
        let find = |name| (open..end).find(|at| is_word(self.tokens, *at, name));
        let name_after = |from: usize| self.tokens.get(from..end)?.iter().find(|token| matches!(token.token, Token::Word(_)));
        let (Some(by), Some(list)) = (find("FOR"), find("IN")) else { return };
        let (Some(value), Some(name)) = (name_after(open), name_after(by + 1)) else { return };
        let is_label = |at: usize| is_any(self.tokens, at, &["AS"]) || is_any(self.tokens, at - 1, &["AS"]);
        let columns = (list + 1..end).filter(|at| !is_label(*at)).filter_map(|at| self.tokens.get(at));
        let columns = columns.filter(|token| matches!(token.token, Token::Word(_))).cloned();
        let token = |token| TokenWithSpan { token, span: name.span };
        let mut out = vec![token(Token::LParen), value.clone(), token(keyword("FOR")), name.clone(), token(keyword("IN"))];
        for (number, column) in columns.enumerate() {
            out.extend([token(if number == 0 { Token::LParen } else { Token::Comma }), column]);
        }
        out.extend([token(Token::RParen), token(Token::RParen)]);
        self.done.tokens.extend(out);
        self.at = end;
    }

    /// `(query) AS name |> …` is `(query) |> AS name |> …`.
    pub(super) fn pipe_after_group(&mut self) {
        let skip = usize::from(self.next_is(0, "AS"));
        let is_named = matches!(self.tokens.get(self.at + skip).map(|token| &token.token), Some(Token::Word(_)));
        if !is_named || !self.next_is_token(skip + 1, &Token::VerticalBarRightAngleBracket) {
            return;
        }
        let Some(level) = self.levels.last() else { return };
        let is_query = level.query.is_none() && level.stage.is_none() && is(&self.done.tokens, level.start, &Token::LParen);
        if is_query {
            self.put(&[Token::VerticalBarRightAngleBracket, keyword("AS")]);
            self.at += skip;
            self.plain_name();
        }
    }

    /// Notes where the query of this level begins, and which tables it joins.
    pub(super) fn note_word(&mut self, name: &str) {
        self.follow_joins(name);
        let here = self.done.tokens.len();
        if (matches!(name, "SELECT" | "FROM") || name == "WITH" && !self.next_is_token(1, &Token::LParen))
            && let Some(level) = self.levels.last_mut()
            && level.query.is_none()
        {
            // In `(SELECT 1) |> …` the group is the query.
            let is_group = is(&self.done.tokens, level.start, &Token::LParen);
            level.query = Some(if is_group { level.start } else { here });
        }
    }
}

fn distinct() -> Vec<Token> {
    let name = Ident::new(DISTINCT);
    let name = Word { value: name.value, quote_style: None, keyword: Keyword::NoKeyword };
    vec![keyword("CALL"), Token::Word(name), Token::LParen, Token::RParen]
}
