//! Which values a JSON Schema allows, as far as a column cares: by JSON type, with the ranges, formats and fields that
//! decide what a table can hold. A set drawn from above: `not` and `if` narrow it further than is said here.

use crate::model::Why;
use crate::text::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// The values that one schema allows, for each JSON type; a type that is not allowed has nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The schema that says so.
    pub span: Span,
    /// Types are said in so many words, or by the values that are listed.
    pub is_typed: bool,
    pub null: bool,
    pub boolean: bool,
    pub number: Option<Box<Numbers>>,
    pub text: Option<Box<Texts>>,
    pub list: Option<Box<List>>,
    pub record: Option<Box<Record>>,
    /// Why it is not known which values are allowed; then all of them are above.
    pub unknown: Option<Box<Why>>,
}

/// Numbers between two bounds, as integers: what counts is how many digits they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// Decimals at most, when they are limited; 0 for integers.
    pub n_decimals: Option<u32>,
    pub least: Option<i128>,
    pub most: Option<i128>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// The only ones, when they are listed.
    pub literals: Option<Vec<Box<str>>>,
    pub format: Option<TextFormat>,
    /// In characters.
    pub max_length: Option<u64>,
}

/// The formats whose texts some column takes and another one refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    Date,
    DateTime,
    Time,
    /// Never a number, a date or a truth value: its name, and a text that has it.
    Word(&'static str, &'static str),
}

#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// `None` where nothing is said of them.
    pub items: Option<Shape>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// In the order of the schema.
    pub fields: Vec<Field>,
    pub rest: Rest,
    /// Names that must be there without being listed here: another part of the schema may list them.
    pub needed: Vec<Box<str>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: Box<str>,
    pub key_span: Span,
    pub required: bool,
    pub description: Option<Box<str>>,
    /// How confidential its values are, where the schema says so: `restricted`.
    pub classification: Option<Box<Spanned<Box<str>>>>,
    pub shape: Shape,
}

/// What a record may hold besides its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing is said, so anything.
    Unsaid,
    /// `additionalProperties` or `patternProperties` allow it in so many words.
    Allowed(Span),
    Refused,
}

/// What a shape comes to for a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind<'a> {
    /// Nothing is said of the value.
    Anything,
    /// `null` at most.
    Nothing,
    /// A boolean, a number, a text, or one of several of these.
    Plain,
    List(&'a List),
    Record(&'a Record),
    /// Values of several kinds, which only a JSON column holds.
    Mixed,
}

impl Shape {
    /// Every value.
    pub fn anything(span: Span) -> Shape {
        Shape {
            span,
            is_typed: false,
            null: true,
            boolean: true,
            number: Some(Box::new(Numbers { n_decimals: None, least: None, most: None })),
            text: Some(Box::default()),
            list: Some(Box::new(List { items: None })),
            record: Some(Box::new(Record { fields: Vec::new(), rest: Rest::Unsaid, needed: Vec::new() })),
            unknown: None,
        }
    }

    pub fn nothing(span: Span) -> Shape {
        let is_typed = true;
        Shape { span, is_typed, null: false, boolean: false, number: None, text: None, list: None, record: None, unknown: None }
    }

    pub fn unknown(span: Span, why: impl Into<std::sync::Arc<str>>) -> Shape {
        Shape { unknown: Some(Box::new(Why::new(why, Some(span)))), ..Shape::anything(span) }
    }

    /// What it is to a column.
    pub fn kind(&self) -> Kind<'_> {
        let is_plain = self.boolean || self.number.is_some() || self.text.is_some();
        match (is_plain, self.list.as_deref(), self.record.as_deref()) {
            (false, None, None) => Kind::Nothing,
            (true, None, None) => Kind::Plain,
            (false, Some(list), None) => Kind::List(list),
            (false, None, Some(record)) => Kind::Record(record),
            (true, Some(_), Some(_)) if !self.is_typed => Kind::Anything,
            _ => Kind::Mixed,
        }
    }

    /// Whether `null` is allowed in so many words, and not only because no type is said.
    pub fn is_nullable(&self) -> bool {
        self.null && self.is_typed
    }

    /// A schema without a type that says something of one type only is taken to mean that type, or null.
    pub fn settled(self) -> Shape {
        if self.is_typed {
            return self;
        }
        let is_list = self.list.as_ref().is_some_and(|list| list.is_said());
        let is_record = self.record.as_ref().is_some_and(|record| record.is_said());
        let is_text = self.text.as_ref().is_some_and(|texts| texts.is_said());
        let only = Shape { is_typed: false, null: self.null, unknown: self.unknown.clone(), ..Shape::nothing(self.span) };
        match (is_list, is_record, is_text) {
            (true, false, false) => Shape { list: self.list, ..only },
            (false, true, false) => Shape { record: self.record, ..only },
            (false, false, true) => Shape { text: self.text, ..only },
            _ => self,
        }
    }

    /// What both allow.
    pub fn and(self, other: Shape) -> Shape {
        Shape {
            span: self.span,
            is_typed: self.is_typed || other.is_typed,
            null: self.null && other.null,
            boolean: self.boolean && other.boolean,
            number: both(self.number, other.number, Numbers::and),
            text: both(self.text, other.text, Texts::and),
            list: both(self.list, other.list, List::and),
            record: both(self.record, other.record, Record::and),
            unknown: self.unknown.or(other.unknown),
        }
    }

    /// What either allows.
    pub fn or(self, other: Shape) -> Shape {
        if self.kind() == Kind::Anything || other.kind() == Kind::Anything {
            return Shape { unknown: self.unknown.or(other.unknown), ..Shape::anything(self.span) };
        }
        Shape {
            span: self.span,
            is_typed: self.is_typed && other.is_typed,
            null: self.null || other.null,
            boolean: self.boolean || other.boolean,
            number: either(self.number, other.number, Numbers::or),
            text: either(self.text, other.text, Texts::or),
            list: either(self.list, other.list, List::or),
            record: either(self.record, other.record, Record::or),
            unknown: self.unknown.or(other.unknown),
        }
    }
}

fn both<T>(one: Option<Box<T>>, other: Option<Box<T>>, and: fn(T, T) -> T) -> Option<Box<T>> {
    Some(Box::new(and(*one?, *other?)))
}

fn either<T>(one: Option<Box<T>>, other: Option<Box<T>>, or: fn(T, T) -> T) -> Option<Box<T>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Box::new(or(*one, *other))),
        (one, other) => one.or(other),
    }
}

/// The value that both sides give, by `choose`; that of the only one that gives any otherwise.
fn tighter<T>(one: Option<T>, other: Option<T>, choose: fn(T, T) -> T) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(choose(one, other)),
        (one, other) => one.or(other),
    }
}

impl Numbers {
    fn and(self, other: Numbers) -> Numbers {
        Numbers {
            n_decimals: tighter(self.n_decimals, other.n_decimals, u32::min),
            least: tighter(self.least, other.least, i128::max),
            most: tighter(self.most, other.most, i128::min),
        }
    }

    fn or(self, other: Numbers) -> Numbers {
        Numbers {
            n_decimals: self.n_decimals.zip(other.n_decimals).map(|(one, other)| one.max(other)),
            least: self.least.zip(other.least).map(|(one, other)| one.min(other)),
            most: self.most.zip(other.most).map(|(one, other)| one.max(other)),
        }
    }

    pub fn is_integer(&self) -> bool {
        self.n_decimals == Some(0)
    }
}

impl Texts {
    fn is_said(&self) -> bool {
        *self != Texts::default()
    }

    fn and(self, other: Texts) -> Texts {
        let literals = match (self.literals, other.literals) {
            (Some(one), Some(other)) => Some(one.into_iter().filter(|text| other.contains(text)).collect()),
            (one, other) => one.or(other),
        };
        Texts { literals, format: self.format.or(other.format), max_length: tighter(self.max_length, other.max_length, u64::min) }
    }

    fn or(self, other: Texts) -> Texts {
        let literals = self.literals.zip(other.literals).map(|(mut one, other)| {
            one.extend(other);
            one
        });
        let max_length = self.max_length.zip(other.max_length).map(|(one, other)| one.max(other));
        Texts { literals, format: self.format.filter(|format| other.format == Some(*format)), max_length }
    }
}

impl List {
    fn is_said(&self) -> bool {
        self.items.is_some()
    }

    fn and(self, other: List) -> List {
        List { items: tighter(self.items, other.items, Shape::and) }
    }

    fn or(self, other: List) -> List {
        List { items: tighter(self.items, other.items, Shape::or) }
    }
}

impl Record {
    pub fn is_said(&self) -> bool {
        !self.fields.is_empty() || self.rest != Rest::Unsaid
    }

    /// The fields of both. What one side does not list is as the other has it, unless the one refuses it.
    fn and(mut self, mut other: Record) -> Record {
        self.learn(&other.needed);
        other.learn(&self.needed);
        let rest = self.rest.and(other.rest);
        let mut others = ByName::new(other.fields);
        let mut fields = Vec::with_capacity(self.fields.len());
        for field in self.fields {
            match others.take(&field.name) {
                Some(twin) => fields.push(field.and(twin)),
                None if other.rest == Rest::Refused => {}
                None => fields.push(field),
            }
        }
        fields.extend(others.left().filter(|_| self.rest != Rest::Refused));
        let mut needed = self.needed;
        needed.extend(other.needed);
        let listed: BTreeSet<&str> = fields.iter().map(|field| &*field.name).collect();
        needed.retain(|name| !listed.contains(&**name));
        Record { fields, rest, needed }
    }

    /// Takes the names that another part needs.
    fn learn(&mut self, needed: &[Box<str>]) {
        let needed: BTreeSet<&str> = needed.iter().map(|name| &**name).collect();
        for field in &mut self.fields {
            field.required |= needed.contains(&*field.name);
        }
    }

    /// The fields of either; one that only one side needs may be left out.
    fn or(self, other: Record) -> Record {
        let rest = self.rest.or(other.rest);
        let needs = |record: &Record| -> BTreeSet<Box<str>> {
            let required = record.fields.iter().filter(|field| field.required).map(|field| field.name.clone());
            required.chain(record.needed.iter().cloned()).collect()
        };
        let needed: BTreeSet<Box<str>> = needs(&self).intersection(&needs(&other)).cloned().collect();
        let mut others = ByName::new(other.fields);
        let mut fields = Vec::with_capacity(self.fields.len());
        for field in self.fields {
            fields.push(match others.take(&field.name) {
                Some(twin) => field.or(twin),
                None => field,
            });
        }
        fields.extend(others.left());
        for field in &mut fields {
            field.required = needed.contains(&field.name);
        }
        let listed: BTreeSet<&str> = fields.iter().map(|field| &*field.name).collect();
        let needed = needed.iter().filter(|name| !listed.contains(&***name)).cloned().collect();
        Record { fields, rest, needed }
    }
}

/// Fields that are taken out by name, in any order, and the rest in theirs.
struct ByName {
    fields: Vec<Option<Field>>,
    index: BTreeMap<Box<str>, usize>,
}

impl ByName {
    fn new(fields: Vec<Field>) -> ByName {
        let index = fields.iter().enumerate().map(|(at, field)| (field.name.clone(), at)).collect();
        ByName { fields: fields.into_iter().map(Some).collect(), index }
    }

    fn take(&mut self, name: &str) -> Option<Field> {
        self.fields.get_mut(*self.index.get(name)?)?.take()
    }

    fn left(self) -> impl Iterator<Item = Field> {
        self.fields.into_iter().flatten()
    }
}

impl Field {
    fn and(self, other: Field) -> Field {
        Field {
            required: self.required || other.required,
            description: self.description.or(other.description),
            classification: self.classification.or(other.classification),
            shape: self.shape.and(other.shape),
            ..self
        }
    }

    fn or(self, other: Field) -> Field {
        Field {
            required: self.required && other.required,
            description: self.description.or(other.description),
            classification: self.classification.or(other.classification),
            shape: self.shape.or(other.shape),
            ..self
        }
    }
}

impl Rest {
    fn and(self, other: Rest) -> Rest {
        match (self, other) {
            (Rest::Refused, _) | (_, Rest::Refused) => Rest::Refused,
            (Rest::Allowed(span), _) | (_, Rest::Allowed(span)) => Rest::Allowed(span),
            (Rest::Unsaid, Rest::Unsaid) => Rest::Unsaid,
        }
    }

    fn or(self, other: Rest) -> Rest {
        match (self, other) {
            (Rest::Allowed(span), _) | (_, Rest::Allowed(span)) => Rest::Allowed(span),
            (Rest::Refused, Rest::Refused) => Rest::Refused,
            (Rest::Unsaid | Rest::Refused, Rest::Unsaid | Rest::Refused) => Rest::Unsaid,
        }
    }
}
