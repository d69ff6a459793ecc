//! What `to` says of the keys of a record and of the items of a list.

use super::Class;
use super::case::{Case, tuple};
use super::keyword::most;
use super::proof::{Asked, Into, Proof, push_key};
use super::schema::Part;
use serde_json::Value;

impl<'a> Proof<'a> {
    pub(super) fn about_object(&mut self, asked: &Asked<'_, 'a>, keyword: &str) {
        match keyword {
            "properties" => {
                for (name, part) in asked.to.members("properties") {
                    self.key(asked, name, &part);
                }
            }
            "patternProperties" => {
                for (pattern, part) in asked.to.members("patternProperties") {
                    self.pattern(asked, pattern, &part);
                }
            }
            "required" => self.required(asked),
            _ => self.further_keys(asked),
        }
    }

    fn key(&mut self, asked: &Asked<'_, 'a>, name: &'a str, to: &Part<'a>) {
        let parts = asked.case.property(name, self.from);
        self.holds(&parts, to, &asked.into(Into::Key(name)));
    }

    fn required(&mut self, asked: &Asked<'_, 'a>) {
        let names = asked.to.value.get("required").and_then(Value::as_array).into_iter().flatten();
        for (at, name) in names.enumerate() {
            let Some(name) = name.as_str().filter(|name| !asked.case.requires(name)) else { continue };
            let n_before = self.found.len();
            self.fail(asked, Class::NewlyRequired, Some("required"), "records without it".to_owned());
            if let Some(failure) = self.found.get_mut(n_before) {
                failure.to_pointer = format!("{}/{at}", failure.to_pointer);
                push_key(&mut failure.field, name);
            }
        }
    }

    /// Keys that match a pattern: those that `from` lists, and any other.
    fn pattern(&mut self, asked: &Asked<'_, 'a>, pattern: &'a str, to: &Part<'a>) {
        for name in asked.case.listed() {
            if self.to.matches(pattern, name) != Some(false) {
                self.key(asked, name, to);
            }
        }
        let way = asked.into(Into::AnyKey(Some(pattern)));
        let same = asked.case.parts.iter().flat_map(|part| part.members("patternProperties"));
        let same: Vec<Part<'a>> = same.filter(|(own, _)| *own == pattern).map(|(_, part)| part).collect();
        if same.is_empty() {
            self.unlisted(asked, to, &way, &[]);
        } else {
            self.holds(&same, to, &way);
        }
    }

    /// Keys that `to` does not speak of.
    fn further_keys(&mut self, asked: &Asked<'_, 'a>) {
        let Some(to) = asked.to.get("additionalProperties") else { return };
        let patterns = asked.to.members("patternProperties");
        for name in asked.case.listed() {
            let is_listed = asked.to.value.get("properties").is_some_and(|listed| listed.get(name).is_some());
            if !is_listed && patterns.iter().all(|(pattern, _)| self.to.matches(pattern, name) != Some(true)) {
                self.key(asked, name, &to);
            }
        }
        let known: Vec<&str> = patterns.into_iter().map(|(pattern, _)| pattern).collect();
        self.unlisted(asked, &to, &asked.into(Into::AnyKey(None)), &known);
    }

    /// Keys that no schema of the case lists, without those that match one of these patterns.
    fn unlisted(&mut self, asked: &Asked<'_, 'a>, to: &Part<'a>, way: &[super::proof::Step<'a>], without: &[&str]) {
        let has_patterns = |part: &Part<'a>| !part.members("patternProperties").is_empty();
        if !asked.case.parts.iter().any(has_patterns) {
            let rest: Vec<Part<'a>> = asked.case.parts.iter().filter_map(|part| part.get("additionalProperties")).collect();
            return self.holds(&rest, to, way);
        }
        // Of one schema it is enough that all which it allows is accepted.
        let n_before = self.found.len();
        for part in asked.case.parts.iter().filter(|part| has_patterns(part) || part.value.get("additionalProperties").is_some())
        {
            self.found.truncate(n_before);
            for (pattern, allowed) in part.members("patternProperties") {
                if !without.contains(&pattern) {
                    let mut way = way.to_vec();
                    if let Some(last) = way.last_mut() {
                        last.into = Into::AnyKey(Some(pattern));
                    }
                    self.holds(&[allowed], to, &way);
                }
            }
            let rest: Vec<Part<'a>> = part.get("additionalProperties").into_iter().collect();
            self.holds(&rest, to, way);
            if self.found.len() == n_before {
                return;
            }
        }
    }

    pub(super) fn about_list(&mut self, asked: &Asked<'_, 'a>, keyword: &str) {
        let (first, rest) = tuple(asked.to, asked.case.draft);
        let is_tuple = matches!(
            (keyword, asked.to.get(keyword).map(|part| part.value)),
            ("prefixItems", _) | ("items", Some(Value::Array(_)))
        );
        if is_tuple {
            for (at, part) in first.iter().enumerate() {
                self.item(asked, at, part);
            }
            return;
        }
        let is_rest = rest.as_ref().is_some_and(|rest| rest.pointer == asked.to.below(keyword));
        let Some(rest) = rest.filter(|_| is_rest) else {
            // It says nothing where it stands, or for another draft.
            return;
        };
        for at in first.len()..=asked.case.n_tuple().max(first.len()) {
            self.item(asked, at, &rest);
        }
    }

    fn item(&mut self, asked: &Asked<'_, 'a>, at: usize, to: &Part<'a>) {
        let is_there = |case: &Case<'_>| most(case, "maxItems").is_none_or(|most| most > at as u64);
        if is_there(asked.case) {
            self.holds(&asked.case.item(at), to, &asked.into(Into::Item(at)));
        }
    }
}
