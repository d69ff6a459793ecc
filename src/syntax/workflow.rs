//! Expressions of Google Workflows, `${…}` without its marks: text → tree with places. Never fails: what is wrong comes
//! back as faults. Knows no functions and no variables.

mod lex;
mod parse;

use std::ops::Range;

pub use parse::parse;

/// Stands for a part of the text that is not known: a hole of a template. It is in no file that people write.
pub const HOLE: char = '\u{f8ff}';

/// An expression, and the bytes of the text that it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub range: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Name(String),
    /// `a.b`
    Member(Box<Expr>, String),
    /// `a[b]`
    Index(Box<Expr>, Box<Expr>),
    /// `text.split(a, b)`: the name with its dots, and where it stands.
    Call {
        function: String,
        function_range: Range<usize>,
        arguments: Vec<Expr>,
    },
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// What could not be read, and what a hole hides.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    Not,
    Minus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    Or,
    And,
    In,
    NotIn,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub message: String,
    pub range: Range<usize>,
}

impl Expr {
    /// The expressions within this one, in the order in which they are written.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::List(items) => items.iter().collect(),
            ExprKind::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            ExprKind::Member(base, _) | ExprKind::Unary(_, base) => vec![base],
            ExprKind::Index(left, right) | ExprKind::Binary(_, left, right) => vec![left, right],
            ExprKind::Call { arguments, .. } => arguments.iter().collect(),
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Double(_)
            | ExprKind::Text(_)
            | ExprKind::Name(_)
            | ExprKind::Unknown => Vec::new(),
        }
    }

    /// Puts every place elsewhere: from the text of the expression to its file.
    pub fn relocate(&mut self, place: &impl Fn(Range<usize>) -> Range<usize>) {
        self.range = place(self.range.clone());
        match &mut self.kind {
            ExprKind::List(items) => items.iter_mut().for_each(|item| item.relocate(place)),
            ExprKind::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
                key.relocate(place);
                value.relocate(place);
            }),
            ExprKind::Member(base, _) | ExprKind::Unary(_, base) => base.relocate(place),
            ExprKind::Index(left, right) | ExprKind::Binary(_, left, right) => {
                left.relocate(place);
                right.relocate(place);
            }
            ExprKind::Call { function_range, arguments, .. } => {
                *function_range = place(function_range.clone());
                arguments.iter_mut().for_each(|argument| argument.relocate(place));
            }
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Double(_)
            | ExprKind::Text(_)
            | ExprKind::Name(_)
            | ExprKind::Unknown => {}
        }
    }

    /// Calls back with this expression and all within it.
    pub fn walk<'e>(&'e self, each: &mut impl FnMut(&'e Expr)) {
        each(self);
        for child in self.children() {
            child.walk(each);
        }
    }

    /// `event.data.name`, where the expression is a name with members and nothing else.
    pub fn dotted(&self) -> Option<String> {
        match &self.kind {
            ExprKind::Name(name) => Some(name.clone()),
            ExprKind::Member(base, member) => Some(format!("{}.{member}", base.dotted()?)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
