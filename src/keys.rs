//! The keys of our own two formats, feed files and `feedgate.yaml`: one declaration, from which both the check of a
//! document and the published JSON Schemas follow. Knows what a value looks like, and not what it is used for.

pub mod check;
pub mod config;
pub mod cron;
pub mod feed;
pub mod format;
pub mod schedule;
pub mod schema;
pub mod units;

pub use check::check;
pub use format::{Complaint, Format};
pub use schema::json_schema;

/// One key of a map.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub shape: Shape,
    /// What it says, for people who write the file.
    pub about: &'static str,
    /// A value as it would be written: JSON where it is JSON, otherwise a string. Empty where the shape says enough.
    pub example: &'static str,
    pub required: bool,
}

impl Key {
    const fn new(name: &'static str, shape: Shape, about: &'static str, example: &'static str) -> Key {
        Key { name, shape, about, example, required: false }
    }

    const fn required(self) -> Key {
        Key { required: true, ..self }
    }
}

/// A map with known keys.
#[derive(Debug)]
pub struct MapShape {
    pub keys: &'static [Key],
    /// Two keys of which the map must have one and not both.
    pub one_of: Option<(&'static str, &'static str)>,
}

/// What a value must look like.
#[derive(Debug)]
pub enum Shape {
    /// A string in a format.
    Text(&'static Format),
    /// One of these words.
    Word(&'static [&'static str]),
    Integer {
        min: i64,
        max: i64,
    },
    /// A number that is not negative.
    Number,
    Boolean,
    /// A span of time: `2 hours`, `P180D`.
    Duration,
    /// A span of whole days.
    Days,
    /// A number of bytes: `180 MiB`, or an integer.
    Bytes,
    List(&'static Shape),
    Map(&'static MapShape),
    /// Any key of the map but these, none required: what an environment overrides.
    Overlay {
        map: &'static MapShape,
        except: &'static [&'static str],
    },
    /// Any names, each with a value of this shape.
    MapOf(&'static Shape),
    /// A map that we do not look into, such as a JSON Schema.
    AnyMap,
    /// A boolean, an integer, a string, or a list of strings.
    Plain,
    /// One of these; at most one of them takes strings, and at most one takes maps.
    Either(&'static [Shape]),
}

impl Shape {
    /// What it is, for messages.
    pub fn noun(&self) -> String {
        match self {
            Shape::Text(format) => format.what.to_owned(),
            Shape::Word(words) => format!("one of {}", quoted(words)),
            Shape::Integer { .. } => "an integer".to_owned(),
            Shape::Number => "a number that is not negative".to_owned(),
            Shape::Boolean => "`true` or `false`".to_owned(),
            Shape::Duration => "a duration such as `2 hours`".to_owned(),
            Shape::Days => "a duration such as `180 days`".to_owned(),
            Shape::Bytes => "a size such as `180 MiB`".to_owned(),
            Shape::List(_) => "a list".to_owned(),
            Shape::Map(_) | Shape::Overlay { .. } | Shape::MapOf(_) | Shape::AnyMap => "a map".to_owned(),
            Shape::Plain => "a boolean, an integer, a string, or a list of strings".to_owned(),
            Shape::Either(shapes) => shapes.iter().map(Shape::noun).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// `a`, `b` and `c`, each in backticks.
pub(crate) fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
