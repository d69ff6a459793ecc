//! Names that stand for nothing, or for too much. They are gaps of the resolution in any case, and mistakes of the author
//! only where everything that they could stand for is known.

use super::Resolver;
use super::graph::ColumnId;
use super::scope::{Item, Scope, ident_range};
use crate::sql::parse::{token, touches};
use crate::sql::{NameMistake, NameMistakeKind, metadata};
use crate::text::nearest;
use sqlparser::ast::{Ident, Value as Literal};
use sqlparser::tokenizer::Span;
use std::ops::Range;

/// Where a name was looked up.
pub(super) enum Place<'n> {
    /// Behind the name or alias of a table.
    Table(&'n str),
    Struct,
    /// In `EXCEPT` or `REPLACE`.
    Star,
    /// In all tables at hand.
    Scope,
    /// There are no tables at hand.
    Nowhere,
}

impl Resolver<'_> {
    /// No column or field of this name is there; `known` are those that are.
    pub(super) fn unknown_name(&mut self, name: &str, range: Range<usize>, place: Place<'_>, known: &[String]) {
        let near = nearest(name, known.iter().map(String::as_str));
        let message = match place {
            Place::Table(table) => format!("`{table}` has no column `{name}`"),
            Place::Struct => format!("the struct has no field `{name}`"),
            Place::Star => format!("the star stands for no column `{name}`"),
            Place::Scope | Place::Nowhere => format!("no column is called `{name}`"),
        };
        // Google adds columns to its own tables: what is unlike anything that we know of may be one.
        let may_be_new = self.graph.bases.iter().any(|base| base.shape.may_grow) && near.is_none() && !metadata::has_column(name);
        let help = near.map(|near| format!("did you mean `{near}`?")).or_else(|| listed(known));
        let kind = NameMistakeKind::UnknownColumn;
        let is_doubtful = may_be_new || matches!(place, Place::Nowhere);
        self.mistake(NameMistake { kind, name: name.to_owned(), range, message, help }, is_doubtful);
    }

    /// One side of a join has no column of this name.
    pub(super) fn unknown_in_using(&mut self, name: &Ident, left: &[Item], right: &[Item]) {
        let is_open = left.iter().chain(right).any(|item| !self.graph.relations[item.relation].open.is_empty());
        let message = format!("`{}` of `USING` is not a column of both sides", name.value);
        if is_open {
            return self.unresolved(ident_range(name), message);
        }
        let names = |items: &[Item]| items.iter().flat_map(|item| self.names_of(item)).collect::<Vec<_>>();
        let (left, right) = (names(left), names(right));
        let both: Vec<&str> = left.iter().filter(|name| right.contains(name)).map(String::as_str).collect();
        let help = nearest(&name.value, both).map(|near| format!("did you mean `{near}`?"));
        let kind = NameMistakeKind::UnknownColumn;
        self.mistake(NameMistake { kind, name: name.value.clone(), range: ident_range(name), message, help }, false);
    }

    /// Says so when the name is a column of more than one table, or twice one of a table.
    pub(super) fn one_meaning(&mut self, name: &Ident, found: &[ColumnId], scope: &Scope<'_>) {
        if found.len() < 2 {
            return;
        }
        let has_it = |relation| found.iter().any(|column| self.graph.columns[*column].relation == relation);
        let tables: Vec<String> =
            scope.items.iter().filter(|item| has_it(item.relation)).filter_map(|item| item.alias.clone()).collect();
        let (message, help) = match tables.as_slice() {
            [first, second, ..] => {
                let message = format!("`{}` is ambiguous: it is a column of `{first}` and of `{second}`", name.value);
                (message, Some(format!("write `{first}.{0}` or `{second}.{0}`", name.value)))
            }
            _ => {
                let help = "give each column of the subquery a name of its own".to_owned();
                (format!("`{}` is ambiguous: more than one column is called so", name.value), Some(help))
            }
        };
        let kind = NameMistakeKind::AmbiguousColumn;
        let range = ident_range(name);
        // What a star stands for is not certain where not all of its columns are known.
        let is_doubtful =
            scope.items.iter().any(|item| has_it(item.relation) && !self.graph.relations[item.relation].open.is_empty());
        self.mistake(NameMistake { kind, name: name.value.clone(), range, message, help }, is_doubtful);
    }

    /// `INFORMATION_SCHEMA` has no such view, as far as we have read.
    pub(super) fn unknown_view(&mut self, name: &str, range: Range<usize>) {
        let near = metadata::nearest_view(name);
        let message = format!("`{name}` is not a view that BigQuery has, as of {}", metadata::READ);
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let kind = NameMistakeKind::UnknownView;
        self.mistake(NameMistake { kind, name: name.to_owned(), range, message, help }, near.is_none());
    }

    fn mistake(&mut self, mistake: NameMistake, is_doubtful: bool) {
        let hint = mistake.help.as_ref().filter(|help| help.ends_with('?'));
        let said = hint.map_or_else(|| mistake.message.clone(), |help| format!("{}; {help}", mistake.message));
        self.unresolved(mistake.range.clone(), said);
        // What is wrong within a view is said where the view is.
        if !is_doubtful && self.source.place.is_none() && !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }

    /// A literal with what a template puts into it.
    pub(super) fn literal(&mut self, literal: &Literal, span: Span) {
        let is_text = !matches!(literal, Literal::Number(..) | Literal::Null | Literal::Boolean(_) | Literal::Placeholder(_));
        if let Some(range) = token::bytes(span).filter(|_| is_text) {
            self.harmless_hole(&range);
        }
    }

    /// What the template fills in here cannot be a column.
    pub(super) fn harmless_hole(&mut self, range: &Range<usize>) {
        if self.is_hole(range) {
            self.harmless_holes.push(range.clone());
        }
    }

    /// The mistakes, when nothing can be hidden from us that would make them none.
    pub(super) fn certain_mistakes(&mut self) -> Vec<NameMistake> {
        let mut mistakes = std::mem::take(&mut self.mistakes);
        if mistakes.is_empty() {
            return mistakes;
        }
        if self.is_lost || self.hides_names(&self.whole) {
            return Vec::new();
        }
        mistakes.sort_by_key(|mistake| (mistake.range.start, mistake.range.end));
        mistakes
    }

    /// A template may put names into the text at hand.
    pub(super) fn hides_names(&self, whole: &Range<usize>) -> bool {
        let parsed = &self.source.parsed;
        let is_harmless = |hole: &Range<usize>| self.harmless_holes.iter().any(|safe| touches(std::slice::from_ref(hole), safe));
        let has_gap = |hole: &Range<usize>| touches(std::slice::from_ref(hole), whole) && !is_harmless(hole);
        !parsed.notes.is_empty() || self.source.text.contains("{%") || parsed.holes.iter().any(has_gap)
    }
}

/// The names that there are, when they are few.
fn listed(known: &[String]) -> Option<String> {
    const FEW: usize = 8;
    let names: Vec<String> = known.iter().filter(|name| !name.is_empty()).map(|name| format!("`{name}`")).collect();
    (!names.is_empty() && names.len() <= FEW).then(|| format!("take one of {}", names.join(", ")))
}
