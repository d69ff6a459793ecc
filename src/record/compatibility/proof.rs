//! Proves, keyword by keyword, that what one schema accepts the other accepts too, and keeps what it could not prove.
//! Keywords of `from` that it does not know allow less than it thinks; those of `to` are never taken for fulfilled.

use super::Class;
use super::case::{Case, Types, cases};
use super::keyword::{is_implied, is_said};
use super::schema::{Part, Schema, has_reference};
use jsonschema::Draft;
use serde_json::Value;
use std::rc::Rc;

/// One step from a value into it, with what is known of the value.
#[derive(Clone)]
pub(super) struct Step<'a> {
    pub(super) case: Rc<Case<'a>>,
    pub(super) into: Into<'a>,
}

#[derive(Clone)]
pub(super) enum Into<'a> {
    Key(&'a str),
    /// A key that is not listed: one that matches this, or any.
    AnyKey(Option<&'a str>),
    Item(usize),
}

/// Something that could not be proven.
pub(super) struct Failure<'a> {
    pub(super) class: Class,
    pub(super) field: String,
    /// From the record to the value in question.
    pub(super) way: Vec<Step<'a>>,
    /// What is known of that value, and what it may have to be.
    pub(super) case: Rc<Case<'a>>,
    pub(super) to: Part<'a>,
    pub(super) from_pointer: String,
    pub(super) to_pointer: String,
    /// What is not taken, or asked for; of combinations, why that is not known.
    pub(super) what: String,
}

/// A schema that takes more steps is not looked through.
const MAX_STEPS: usize = 4_000;
const MAX_DEPTH: usize = 48;
const MAX_FAILURES: usize = 200;

pub(super) fn failures<'a>(from: &'a Schema, to: &'a Schema) -> Vec<Failure<'a>> {
    let mut proof = Proof { from, to, found: Vec::new(), n_steps: 0, open: Vec::new() };
    let obstacle = from.obstacle.or(to.obstacle).map(str::to_owned);
    let drafts = (from.draft != to.draft).then(|| "the two schemas follow different drafts".to_owned());
    proof.holds(&[from.root()], &to.root(), &[]);
    if let Some(why) = obstacle.or(drafts) {
        proof.fail_at_root(&why);
    }
    proof.found
}

pub(super) struct Proof<'a> {
    pub(super) from: &'a Schema,
    pub(super) to: &'a Schema,
    pub(super) found: Vec<Failure<'a>>,
    n_steps: usize,
    /// Questions that are being answered, each with how deep in the record it was asked.
    open: Vec<(Vec<String>, String, usize)>,
}

/// Where a keyword of `to` is asked about.
pub(super) struct Asked<'q, 'a> {
    pub(super) case: &'q Rc<Case<'a>>,
    pub(super) to: &'q Part<'a>,
    pub(super) way: &'q [Step<'a>],
}

impl<'a> Asked<'_, 'a> {
    pub(super) fn into(&self, into: Into<'a>) -> Vec<Step<'a>> {
        self.way.iter().cloned().chain([Step { case: self.case.clone(), into }]).collect()
    }
}

impl<'a> Proof<'a> {
    /// All that these schemas of `from` accept, `to` accepts.
    pub(super) fn holds(&mut self, parts: &[Part<'a>], to: &Part<'a>, way: &[Step<'a>]) {
        self.n_steps += 1;
        if to.value == &Value::Bool(true) || self.found.len() >= MAX_FAILURES {
            return;
        }
        let question = (pointers(parts), to.place(), way.len());
        let same = self.open.iter().find(|(from, to, _)| *from == question.0 && *to == question.1);
        // A part of the record is smaller than the record: the same question about it is answered with the first.
        if same.is_some_and(|(_, _, depth)| *depth < way.len()) {
            return;
        }
        let is_endless = same.is_some() || self.open.len() >= MAX_DEPTH || self.n_steps > MAX_STEPS;
        self.open.push(question);
        for case in cases(self.from, parts).into_iter().map(Rc::new) {
            let asked = Asked { case: &case, to, way };
            if is_endless {
                self.fail(&asked, Class::Combination, None, "the schemas refer to themselves, or are too large".to_owned());
            } else {
                self.case(&asked);
            }
        }
        self.open.pop();
    }

    fn case(&mut self, asked: &Asked<'_, 'a>) {
        let (case, to) = (asked.case, asked.to);
        if case.parts.iter().any(|part| part.value == to.value && !has_reference(to.value)) {
            return;
        }
        let Value::Object(keywords) = to.value else {
            let (class, why) = refused(asked);
            return self.fail(asked, class, None, why);
        };
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            match self.to.target(reference) {
                Some(target) => self.holds(&case.parts, &target, asked.way),
                None => {
                    let why = format!("`{reference}` leads out of the schema");
                    self.fail(asked, Class::Combination, Some("$ref"), why);
                }
            }
            if self.to.draft <= Draft::Draft7 {
                return;
            }
        }
        match case.values() {
            Some(values) => self.values(asked, &values),
            None => self.keywords(asked),
        }
    }

    /// Few values are all asked.
    fn values(&mut self, asked: &Asked<'_, 'a>, values: &[Value]) {
        let is_real = |value: &&Value| asked.case.parts.iter().all(|part| self.from.accepts(part, value) != Some(false));
        let refused: Vec<&Value> =
            values.iter().filter(is_real).filter(|value| self.to.accepts(asked.to, value) != Some(true)).collect();
        if refused.is_empty() {
            return;
        }
        let types = asked.to.value.get("type").map_or(Types::ALL, Types::said);
        let is_of_type = |value: &&&Value| !Types::of(value).and(types).is_empty();
        let (keyword, class) = match ["enum", "const"].into_iter().find(|name| asked.to.value.get(name).is_some()) {
            Some(name) => (Some(name), Class::Values),
            None if refused.iter().any(|value| !is_of_type(&value)) => (Some("type"), Class::Type),
            None => (None, Class::Values),
        };
        let shown: Vec<String> = refused.iter().take(3).map(|value| format!("`{value}`")).collect();
        self.fail(asked, class, keyword, shown.join(", "));
    }

    fn keywords(&mut self, asked: &Asked<'_, 'a>) {
        let known = asked.case.types();
        let wanted = asked.to.value.get("type").map_or(Types::ALL, Types::said);
        if !known.lies_in(wanted) {
            self.fail(asked, Class::Type, Some("type"), known.without(wanted).words());
        }
        let types = known.and(wanted);
        for (keyword, value) in asked.to.value.as_object().into_iter().flatten() {
            match is_implied(asked.case, types, asked.to, keyword, value) {
                Some(true) => {}
                Some(false) => {
                    let class = match keyword.as_str() {
                        "format" => Class::Format,
                        "pattern" => Class::Pattern,
                        _ => Class::Limit,
                    };
                    self.fail(asked, class, Some(keyword), format!("`{keyword}: {value}`"));
                }
                None => self.keyword(asked, types, keyword, value),
            }
        }
    }

    fn keyword(&mut self, asked: &Asked<'_, 'a>, types: Types, keyword: &str, value: &'a Value) {
        match keyword {
            "type" | "$ref" => {}
            "enum" | "const" if asked.case.draft > Draft::Draft4 || keyword == "enum" => {
                self.fail(asked, Class::Values, Some(keyword), format!("what `{keyword}` does not list"));
            }
            "properties" | "patternProperties" | "additionalProperties" | "required" if Types::OBJECT.lies_in(types) => {
                self.about_object(asked, keyword);
            }
            "items" | "prefixItems" | "additionalItems" if Types::ARRAY.lies_in(types) => self.about_list(asked, keyword),
            "allOf" => asked.to.items("allOf").iter().for_each(|part| self.holds(&asked.case.parts, part, asked.way)),
            "anyOf" | "oneOf" => self.branches(asked, keyword, value),
            _ if OTHERS.contains(&keyword) => self.other(asked, keyword, value),
            // Words for people.
            _ => {}
        }
    }

    fn branches(&mut self, asked: &Asked<'_, 'a>, keyword: &str, value: &Value) {
        if is_said(asked.case, keyword, value) && !has_reference(value) {
            return;
        }
        let branches = asked.to.items(keyword);
        let cases = match asked.case.types() {
            types if types == Types::ALL => vec![(**asked.case).clone()],
            _ => asked.case.by_type(),
        };
        for case in cases.into_iter().map(Rc::new) {
            let asked = Asked { case: &case, ..*asked };
            let possible: Vec<&Part<'a>> = branches.iter().filter(|branch| !is_disjoint(&case, branch)).collect();
            let is_one_of = keyword == "oneOf";
            match possible.as_slice() {
                [] => {
                    self.fail(&asked, Class::Type, Some(keyword), case.types().words());
                }
                // What is refused is said of the only branch that it can be about.
                [branch] => self.holds(&case.parts, branch, asked.way),
                _ if !is_one_of && possible.iter().any(|branch| self.is_proven(&asked, branch)) => {}
                _ => {
                    let why = format!("it is not clear which branch of `{keyword}` takes it");
                    self.fail(&asked, Class::Combination, Some(keyword), why);
                }
            }
        }
    }

    fn is_proven(&mut self, asked: &Asked<'_, 'a>, to: &Part<'a>) -> bool {
        let found = std::mem::take(&mut self.found);
        self.holds(&asked.case.parts, to, asked.way);
        std::mem::replace(&mut self.found, found).is_empty()
    }

    /// Keywords of which only the very same words are taken for fulfilled.
    fn other(&mut self, asked: &Asked<'_, 'a>, keyword: &str, value: &Value) {
        let same = |part: &Part<'_>| {
            let companions: &[&str] = match keyword {
                "if" | "then" | "else" => &["if", "then", "else"],
                "contains" | "minContains" | "maxContains" => &["contains", "minContains", "maxContains"],
                _ => &[],
            };
            let is_same = |name: &&str| part.value.get(name) == asked.to.value.get(name);
            part.value.get(keyword) == Some(value) && companions.iter().all(is_same)
        };
        let is_local = !keyword.starts_with("unevaluated") && !has_reference(value);
        if !(is_local && asked.case.parts.iter().any(same)) {
            self.fail(asked, Class::Combination, Some(keyword), format!("`{keyword}` changed, and is not compared"));
        }
    }

    pub(super) fn fail(&mut self, asked: &Asked<'_, 'a>, class: Class, keyword: Option<&str>, what: String) {
        let to_pointer = keyword.and_then(|keyword| asked.to.below(keyword)).unwrap_or_else(|| asked.to.place());
        self.found.push(Failure {
            class: if is_claimed(class, asked.way) { Class::ClaimedField } else { class },
            field: field(asked.way),
            way: asked.way.to_vec(),
            case: asked.case.clone(),
            to: asked.to.clone(),
            from_pointer: asked
                .case
                .parts
                .first()
                .map(Part::place)
                .filter(|place| !place.is_empty())
                .unwrap_or_else(|| asked.case.place()),
            to_pointer,
            what,
        });
    }

    fn fail_at_root(&mut self, why: &str) {
        let (parts, to) = ([self.from.root()], self.to.root());
        for case in cases(self.from, &parts).into_iter().map(Rc::new) {
            self.fail(&Asked { case: &case, to: &to, way: &[] }, Class::Combination, None, why.to_owned());
        }
    }
}

/// Keywords that judge records and are not taken apart.
const OTHERS: [&str; 20] = [
    "not",
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "$dynamicRef",
    "$recursiveRef",
    "extends",
    "disallow",
];

pub(super) fn pointers(parts: &[Part<'_>]) -> Vec<String> {
    let mut pointers: Vec<String> =
        parts.iter().map(|part| part.pointer.clone().unwrap_or_else(|| part.value.to_string())).collect();
    pointers.sort_unstable();
    pointers.dedup();
    pointers
}

/// Nothing is accepted any more.
fn refused(asked: &Asked<'_, '_>) -> (Class, String) {
    match asked.way.last().map(|step| &step.into) {
        Some(Into::Key(_)) => (Class::RemovedField, "the field".to_owned()),
        Some(Into::AnyKey(_)) => (Class::UnlistedKeys, "keys that are not listed".to_owned()),
        Some(Into::Item(_)) => (Class::Limit, "further items".to_owned()),
        None => (Class::Combination, "any record".to_owned()),
    }
}

/// Nothing was said of the field before.
fn is_claimed(class: Class, way: &[Step<'_>]) -> bool {
    let is_new = |step: &Step<'_>| matches!(step.into, Into::Key(name) if !step.case.has_property(name));
    class != Class::NewlyRequired && class != Class::UnlistedKeys && way.iter().any(is_new)
}

/// `address.zip`, `tags[]`; keys that are not listed as `*`.
pub(super) fn field(way: &[Step<'_>]) -> String {
    let mut field = String::new();
    for step in way {
        match step.into {
            Into::Item(_) => field.push_str("[]"),
            Into::Key(name) => push_key(&mut field, name),
            Into::AnyKey(_) => push_key(&mut field, "*"),
        }
    }
    field
}

pub(super) fn push_key(field: &mut String, name: &str) {
    if !field.is_empty() {
        field.push('.');
    }
    field.push_str(name);
}

/// No value is both; `false` where that is not plain.
fn is_disjoint(case: &Case<'_>, branch: &Part<'_>) -> bool {
    let types = branch.value.get("type").map_or(Types::ALL, Types::said);
    if branch.value == &Value::Bool(false) || case.types().and(types).is_empty() {
        return branch.value.get("$ref").is_none() || case.draft > Draft::Draft7 || branch.value == &Value::Bool(false);
    }
    false
}
