//! What a condition compares a column with, as far as partitions can be chosen by it, and why they cannot.
//! Knows neither the tree of the parser nor the day on which it is asked.

use super::fold::Constant;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

/// The pseudo-column that holds what the `*` of a table's name stands for.
pub const SUFFIX: &str = "_TABLE_SUFFIX";

/// A condition on one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    Test {
        /// Functions around the column, the innermost first.
        through: Vec<Wrapper>,
        test: Test,
    },
    /// What the suffix of a table's name must fulfil, as a condition with the suffix for a parameter.
    Suffix(Constant),
    /// Everything, where there are none.
    All(Vec<Condition>),
    /// Nothing, where there are none.
    Any(Vec<Condition>),
    /// The first where the constant is true, else the second.
    If(Constant, Box<Condition>, Box<Condition>),
}

/// What the value of the column is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Compare(Comparison, Constant),
    In(Vec<Constant>),
    /// `IN UNNEST(…)`.
    InArray(Constant),
    IsNull,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The same with its sides exchanged.
    pub fn turned(self) -> Comparison {
        match self {
            Comparison::Equal => Comparison::Equal,
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        }
    }
}

/// What a difference counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Begins of the unit that lie between.
    Begins,
    /// Whole units.
    Whole,
}

/// A function of the column through which BigQuery still leaves out partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrapper {
    /// `DATE(c)`, `CAST(c AS DATE)`, `EXTRACT(DATE FROM c)`.
    Date,
    /// What a clock of the time zone shows: the first half of `DATE(c, 'Europe/Paris')`.
    Local(Constant),
    /// `DATE_TRUNC(c, MONTH)` and the like, with the unit in capitals.
    Trunc(String),
    Year,
    /// `FORMAT_TIMESTAMP` with a format that sorts as time does.
    Format(String),
    /// `DATE_ADD(c, INTERVAL …)`, `DATE_SUB(c, INTERVAL …)`: the interval, and whether it is taken off.
    Shift(Constant, bool),
    /// `DATE_DIFF(c, other, DAY)`.
    Diff(Constant, String, Counted),
    /// The number with the other sign: `DATE_DIFF(other, c, DAY)` is that of `DATE_DIFF(c, other, DAY)`.
    Negated,
    /// `CAST(_TABLE_SUFFIX AS INT64)`.
    Integer,
    /// On the list, but what it does to the order of values is not worked out here.
    Other(String),
}

impl Condition {
    /// Why it may leave out nothing, though its form is one that BigQuery chooses partitions by.
    pub fn doubt(&self) -> Option<&'static str> {
        match self {
            Condition::Test { through, .. } => through.iter().any(|wrapper| matches!(wrapper, Wrapper::Local(_))).then_some(
                "Google's list of functions that partitions are chosen by names none with a time zone: all may be read",
            ),
            Condition::Suffix(_) => Some(
                "that tables are chosen by more than `=`, `<`, `>`, `BETWEEN` and `IN` with constants is not documented: all may be read",
            ),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().find_map(Condition::doubt),
            Condition::If(_, yes, no) => yes.doubt().or_else(|| no.doubt()),
        }
    }

    /// The variables of scripts that it is compared with.
    pub fn variables(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut work = vec![self];
        while let Some(condition) = work.pop() {
            match condition {
                Condition::Suffix(constant) => constant.variables(&mut found),
                Condition::All(parts) | Condition::Any(parts) => work.extend(parts),
                Condition::If(choice, yes, no) => {
                    choice.variables(&mut found);
                    work.extend([&**yes, &**no]);
                }
                Condition::Test { test, .. } => match test {
                    Test::Compare(_, constant) | Test::InArray(constant) => constant.variables(&mut found),
                    Test::In(list) => list.iter().for_each(|constant| constant.variables(&mut found)),
                    Test::IsNull => {}
                },
            }
        }
        found
    }

    /// The same condition with a value in the place of a parameter.
    pub fn with(&self, parameter: &str, value: &Constant) -> Condition {
        let constant = |one: &Constant| one.with(parameter, value);
        let parts = |parts: &[Condition]| parts.iter().map(|part| part.with(parameter, value)).collect();
        match self {
            Condition::Test { through, test } => {
                let test = match test {
                    Test::Compare(comparison, one) => Test::Compare(*comparison, constant(one)),
                    Test::In(list) => Test::In(list.iter().map(constant).collect()),
                    Test::InArray(array) => Test::InArray(constant(array)),
                    Test::IsNull => Test::IsNull,
                };
                Condition::Test { through: through.clone(), test }
            }
            Condition::Suffix(one) => Condition::Suffix(constant(one)),
            Condition::All(all) => Condition::All(parts(all)),
            Condition::Any(any) => Condition::Any(parts(any)),
            Condition::If(choice, yes, no) => {
                let [yes, no] = [yes, no].map(|part| Box::new(part.with(parameter, value)));
                Condition::If(constant(choice), yes, no)
            }
        }
    }

    /// The same condition on what lies within these functions.
    pub fn within(self, inner: &[Wrapper]) -> Condition {
        match self {
            Condition::Test { through, test } => {
                Condition::Test { through: inner.iter().cloned().chain(through).collect(), test }
            }
            Condition::Suffix(constant) => Condition::Suffix(constant),
            Condition::All(parts) => Condition::All(parts.into_iter().map(|part| part.within(inner)).collect()),
            Condition::Any(parts) => Condition::Any(parts.into_iter().map(|part| part.within(inner)).collect()),
            Condition::If(choice, yes, no) => Condition::If(choice, Box::new(yes.within(inner)), Box::new(no.within(inner))),
        }
    }
}

/// Why a condition that names a column leaves out no partition, and which part of it is the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hindrance {
    pub why: Obstacle,
    /// The function, the subquery or the branch of an `OR`; else the whole condition.
    pub range: Range<usize>,
    /// What is compared within the function.
    pub unwrapped: Option<Unwrapped>,
    /// Nothing that BigQuery may work out besides could leave out partitions nevertheless.
    pub is_certain: bool,
    /// A template fills in a part of the condition, so that the reason may be another, or none.
    pub is_hole: bool,
}

impl Hindrance {
    pub fn of(why: Obstacle, range: Range<usize>) -> Hindrance {
        Hindrance { why, range, unwrapped: None, is_certain: true, is_hole: false }
    }
}

impl fmt::Display for Hindrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(f)
    }
}

/// A comparison of a function of a column, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwrapped {
    /// The column, with the functions that partitions are chosen through.
    pub column: Range<usize>,
    pub through: Vec<Wrapper>,
    pub step: Step,
    /// What it is compared with.
    pub constants: Vec<(Range<usize>, Constant)>,
}

/// What a function that hinders does to a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A date is written in this format.
    Written(String),
    /// Something is added, or taken off.
    Moved { by: Range<usize>, amount: Constant, is_added: bool },
}

/// Why a condition that names a column leaves out no partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    Subquery,
    OtherColumn,
    /// An `OR` with something else.
    Or,
    /// A function, or arithmetic, that is not on Google's list.
    Function(String),
    /// A form of condition that is no comparison with a constant, such as `!=`.
    Form,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::Subquery => f.write_str("the result of a subquery is not known before the query runs"),
            Obstacle::OtherColumn => f.write_str("it is compared with another column"),
            Obstacle::Or => f.write_str("an `OR` lets other rows through"),
            Obstacle::Function(name) => write!(f, "`{name}` is not on Google's list of functions that partitions are chosen by"),
            Obstacle::Form => f.write_str("partitions are chosen by `=`, `<`, `>`, `BETWEEN`, `IN` and `IS NULL` with constants"),
        }
    }
}
