//! What one JSON Schema accepts and another refuses. A loss is shown by a record that the `jsonschema` crate takes under the
//! one and not under the other; that there is none is said only where it is proven. Everything between is unknown.
//! With base and head it is the provider's question, with head and base that of whoever reads the records.

mod case;
mod keyword;
mod proof;
mod record;
mod sample;
mod schema;
mod text;
mod witness;

use proof::Failure;
use sample::Sampler;
use schema::Schema;
use serde_json::Value;
use std::collections::BTreeMap;

/// One way in which records that `from` accepts may be refused by `to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    pub class: Class,
    /// `address.zip`, `tags[]`; empty for the record itself.
    pub field: String,
    /// JSON pointers: to the part of `from` that allows, and to the keyword or schema of `to` that does not.
    pub from: String,
    pub to: String,
    /// What `to` does not take, or asks for: `null`, `"void"`, `format: "date"`.
    pub what: String,
    pub verdict: Verdict,
}

/// What kind of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `from` lists the field, `to` refuses it.
    RemovedField,
    /// Keys that nobody lists are refused, or not whatever they hold.
    UnlistedKeys,
    /// `from` says nothing of the field, `to` does not take all that it may hold.
    ClaimedField,
    NewlyRequired,
    /// A type, or null.
    Type,
    /// A value of `enum` or `const`.
    Values,
    Format,
    Pattern,
    /// A bound, a length or a count.
    Limit,
    /// `anyOf`, `oneOf`, `not` and their like.
    Combination,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// `from` accepts this record, `to` refuses it: both were asked.
    Breaking(Value),
    Unknown(String),
}

/// A loss that shows on several ways is tried on so many of them.
const MAX_TRIES: usize = 4;

/// The losses, sorted; none means that every record which `from` accepts is accepted by `to`.
pub fn losses(from: &Value, to: &Value) -> Vec<Loss> {
    if from == to {
        return Vec::new();
    }
    let (from, to) = match (Schema::new(from), Schema::new(to)) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(why), _) | (_, Err(why)) => return vec![incomparable(why)],
    };
    let mut groups: BTreeMap<(String, Class, String), Vec<Failure<'_>>> = BTreeMap::new();
    for failure in proof::failures(&from, &to) {
        let key = (failure.field.clone(), failure.class, failure.to_pointer.clone());
        groups.entry(key).or_default().push(failure);
    }
    let sampler = Sampler::new(&from);
    let judged = |((field, class, to_pointer), group): ((String, Class, String), Vec<Failure<'_>>)| {
        let found = group.iter().take(MAX_TRIES).find_map(|failure| witness::find(&sampler, &to, failure));
        let first = group.into_iter().next();
        let (from, what) = first.map_or_else(Default::default, |failure| (failure.from_pointer, failure.what));
        let verdict = found.map_or_else(|| Verdict::Unknown(unknown(class, &what)), Verdict::Breaking);
        Loss { class, field, from, to: to_pointer, what, verdict }
    };
    groups.into_iter().map(judged).collect()
}

fn unknown(class: Class, what: &str) -> String {
    match class {
        Class::Combination => what.to_owned(),
        Class::Format | Class::Pattern | Class::Limit => {
            format!("{what} was not asked for, and no record shows whether it matters")
        }
        _ => format!("whether {what} may be refused is neither proven nor shown by a record"),
    }
}

fn incomparable(why: String) -> Loss {
    let class = Class::Combination;
    Loss {
        class,
        field: String::new(),
        from: String::new(),
        to: String::new(),
        what: String::new(),
        verdict: Verdict::Unknown(why),
    }
}
