//! From the tokens of an expression to its tree, after the order of operators at
//! <https://cloud.google.com/workflows/docs/reference/syntax/datatypes> (read 2026-11-26).

use super::lex::{Placed, Token, tokens};
use super::{Binary, Expr, ExprKind, Fault, Unary};
use std::ops::Range;

/// Deeper nesting is not followed: an expression has 400 characters at most.
const MAX_DEPTH: usize = 64;

/// A longer text is left alone: nothing deploys it, and its tree would be too deep.
const MAX_BYTES: usize = 2_000;

/// Reads an expression.
pub fn parse(text: &str) -> (Expr, Vec<Fault>) {
    let mut faults = Vec::new();
    if text.len() > MAX_BYTES {
        return (Expr { kind: ExprKind::Unknown, range: 0..text.len() }, faults);
    }
    let tokens = tokens(text, &mut faults);
    let mut parser = Parser { tokens, at: 0, depth: 0, end: text.len(), faults };
    if parser.tokens.is_empty() {
        parser.fault("the expression is empty", 0..text.len());
        return (Expr { kind: ExprKind::Unknown, range: 0..text.len() }, parser.faults);
    }
    let expr = parser.expression();
    if let Some((token, range)) = parser.tokens.get(parser.at).cloned() {
        parser.fault(&format!("{} is not expected here", named(&token)), range);
    }
    // One slip leads to others: the first says it.
    parser.faults.truncate(1);
    (expr, parser.faults)
}

struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
    end: usize,
    faults: Vec<Fault>,
}

/// The levels of binary operators, loosest first.
const LEVELS: usize = 5;

impl Parser {
    fn expression(&mut self) -> Expr {
        if self.depth >= MAX_DEPTH {
            let range = self.place();
            self.at = self.tokens.len();
            return Expr { kind: ExprKind::Unknown, range };
        }
        self.depth += 1;
        let expr = self.binary(0);
        self.depth -= 1;
        expr
    }

    fn binary(&mut self, level: usize) -> Expr {
        if level == LEVELS {
            return self.unary();
        }
        let mut left = self.binary(level + 1);
        while let Some((operator, length)) = self.operator(level) {
            self.at += length;
            let right = self.binary(level + 1);
            let range = left.range.start..right.range.end;
            left = Expr { kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)), range };
        }
        left
    }

    /// The operator of this level that comes next, and how many tokens it takes.
    fn operator(&self, level: usize) -> Option<(Binary, usize)> {
        let operator = match (level, self.peek()?) {
            (0, Token::Name(name)) if is_word(name, "or") => Binary::Or,
            (1, Token::Name(name)) if is_word(name, "and") => Binary::And,
            (2, Token::Name(name)) if is_word(name, "in") => Binary::In,
            (2, Token::Name(name)) if is_word(name, "not") => {
                let is_in = matches!(self.tokens.get(self.at + 1), Some((Token::Name(next), _)) if is_word(next, "in"));
                return is_in.then_some((Binary::NotIn, 2));
            }
            (2, Token::Mark("==")) => Binary::Equal,
            (2, Token::Mark("!=")) => Binary::NotEqual,
            (2, Token::Mark("<")) => Binary::Less,
            (2, Token::Mark("<=")) => Binary::LessOrEqual,
            (2, Token::Mark(">")) => Binary::Greater,
            (2, Token::Mark(">=")) => Binary::GreaterOrEqual,
            (3, Token::Mark("+")) => Binary::Add,
            (3, Token::Mark("-")) => Binary::Subtract,
            (4, Token::Mark("*")) => Binary::Multiply,
            (4, Token::Mark("/")) => Binary::Divide,
            (4, Token::Mark("//")) => Binary::FloorDivide,
            (4, Token::Mark("%")) => Binary::Remainder,
            _ => return None,
        };
        Some((operator, 1))
    }

    fn unary(&mut self) -> Expr {
        let start = self.place().start;
        let operator = match self.peek() {
            Some(Token::Name(name)) if is_word(name, "not") => Unary::Not,
            Some(Token::Mark("-")) => Unary::Minus,
            _ => return self.postfix(),
        };
        self.at += 1;
        if self.depth >= MAX_DEPTH {
            return self.expression();
        }
        self.depth += 1;
        let operand = self.unary();
        self.depth -= 1;
        let range = start..operand.range.end;
        Expr { kind: ExprKind::Unary(operator, Box::new(operand)), range }
    }

    /// A value, with what follows it: members, indices, arguments.
    fn postfix(&mut self) -> Expr {
        let mut expr = self.primary();
        loop {
            let start = expr.range.start;
            if self.take(".") {
                let (member, range) = self.member();
                expr = Expr { kind: ExprKind::Member(Box::new(expr), member), range: start..range.end };
            } else if self.take("[") {
                let index = self.expression();
                let end = self.close("]");
                expr = Expr { kind: ExprKind::Index(Box::new(expr), Box::new(index)), range: start..end };
            } else if self.is_mark("(") {
                expr = self.call(expr);
            } else {
                return expr;
            }
        }
    }

    fn member(&mut self) -> (String, Range<usize>) {
        let range = self.place();
        match self.peek().cloned() {
            Some(Token::Name(name)) => {
                self.at += 1;
                (name, range)
            }
            Some(Token::Hole) => {
                self.at += 1;
                (String::new(), range)
            }
            _ => {
                self.fault("a name is missing after `.`", range.clone());
                (String::new(), range)
            }
        }
    }

    fn call(&mut self, callee: Expr) -> Expr {
        let Range { start, end: name_end } = callee.range;
        self.at += 1;
        let arguments = self.items(")");
        let end = self.close(")");
        let Some(function) = callee.dotted() else {
            if callee.kind != ExprKind::Unknown {
                self.fault("what is called is no function", start..name_end);
            }
            return Expr { kind: ExprKind::Unknown, range: start..end };
        };
        Expr { kind: ExprKind::Call { function, function_range: start..name_end, arguments }, range: start..end }
    }

    /// Expressions with commas between them, up to a bracket.
    fn items(&mut self, close: &'static str) -> Vec<Expr> {
        let mut items = Vec::new();
        while !self.is_mark(close) && self.peek().is_some() {
            let before = self.at;
            items.push(self.expression());
            if !self.take(",") || self.at == before {
                break;
            }
        }
        items
    }

    fn primary(&mut self) -> Expr {
        let range = self.place();
        let Some(token) = self.peek().cloned() else {
            self.fault("the expression ends where a value is missing", range.clone());
            return Expr { kind: ExprKind::Unknown, range };
        };
        self.at += 1;
        let kind = match token {
            Token::Int(number) => ExprKind::Int(number),
            Token::Double(number) => ExprKind::Double(number),
            Token::Text(text) => ExprKind::Text(text),
            Token::Hole => ExprKind::Unknown,
            Token::Name(name) => return Expr { kind: word(&name).unwrap_or(ExprKind::Name(name)), range },
            Token::Mark("(") => {
                let inner = self.expression();
                let end = self.close(")");
                return Expr { kind: inner.kind, range: range.start..end };
            }
            Token::Mark("[") => {
                let items = self.items("]");
                let end = self.close("]");
                return Expr { kind: ExprKind::List(items), range: range.start..end };
            }
            Token::Mark("{") => return self.map(range.start),
            Token::Mark(mark) => {
                self.at -= 1;
                self.fault(&format!("a value is missing before `{mark}`"), range.clone());
                // What closes something is left for whoever opened it.
                self.at += usize::from(!matches!(mark, ")" | "]" | "}" | ","));
                ExprKind::Unknown
            }
        };
        Expr { kind, range }
    }

    fn map(&mut self, start: usize) -> Expr {
        let mut entries = Vec::new();
        while !self.is_mark("}") && self.peek().is_some() {
            let before = self.at;
            let key = self.expression();
            if !self.take(":") {
                let range = self.place();
                self.fault("`:` is missing after a key", range);
                break;
            }
            entries.push((key, self.expression()));
            if !self.take(",") || self.at == before {
                break;
            }
        }
        let end = self.close("}");
        Expr { kind: ExprKind::Map(entries), range: start..end }
    }

    /// Takes the bracket that has to come; gives back where it ends.
    fn close(&mut self, mark: &'static str) -> usize {
        let range = self.place();
        if self.take(mark) {
            return range.end;
        }
        self.fault(&format!("`{mark}` is missing"), range.clone());
        range.start
    }

    fn take(&mut self, mark: &'static str) -> bool {
        let is_there = self.is_mark(mark);
        self.at += usize::from(is_there);
        is_there
    }

    fn is_mark(&self, mark: &'static str) -> bool {
        matches!(self.peek(), Some(Token::Mark(found)) if *found == mark)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Where the next token stands; at the end, behind the last one.
    fn place(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.end..self.end, |(_, range)| range.clone())
    }

    fn fault(&mut self, message: &str, range: Range<usize>) {
        self.faults.push(Fault { message: message.to_owned(), range });
    }
}

/// Words of the language may be written in small or in capital letters, and not in both.
fn is_word(name: &str, word: &str) -> bool {
    name == word || name == word.to_ascii_uppercase()
}

fn word(name: &str) -> Option<ExprKind> {
    Some(match name {
        "true" | "True" | "TRUE" => ExprKind::Bool(true),
        "false" | "False" | "FALSE" => ExprKind::Bool(false),
        "null" | "Null" | "NULL" => ExprKind::Null,
        _ => return None,
    })
}

fn named(token: &Token) -> String {
    match token {
        Token::Name(name) => format!("`{name}`"),
        Token::Int(number) => format!("`{number}`"),
        Token::Double(number) => format!("`{number}`"),
        Token::Text(text) => format!("\"{text}\""),
        Token::Mark("=") => "`=` (`==` compares)".to_owned(),
        Token::Mark(mark) => format!("`{mark}`"),
        Token::Hole => "a value".to_owned(),
    }
}
