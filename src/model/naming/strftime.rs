//! Formats of dates and times in file names: which letters there are, and how fine a step of time they tell apart.

use crate::model::feed::Step;
use std::borrow::Cow;

/// The letters that may follow a `%`.
const LETTERS: &str = "aAbBcCdDeFfGgHhIjklMmNnPpRrSsTtUuVvWwXxYyZz%";

/// Flags between the `%` and the letter: `%-d`, `%_H`.
const FLAGS: &str = "-_0^";

/// A `%` and what follows it.
pub(super) enum Directive {
    /// The letter, which is one of ours.
    Known(char),
    /// A `%` followed by this, or by nothing.
    Unknown(Option<char>),
}

/// The directives of a format, each with its place.
pub(super) fn directives(format: &str) -> Vec<(std::ops::Range<usize>, Directive)> {
    let mut found = Vec::new();
    let mut letters = format.char_indices();
    while let Some((start, letter)) = letters.next() {
        if letter != '%' {
            continue;
        }
        let next = letters.by_ref().find(|(_, letter)| !FLAGS.contains(*letter));
        let end = next.map_or(format.len(), |(at, letter)| at + letter.len_utf8());
        let directive = match next {
            Some((_, letter)) if LETTERS.contains(letter) => Directive::Known(letter),
            next => Directive::Unknown(next.map(|(_, letter)| letter)),
        };
        found.push((start..end, directive));
    }
    found
}

/// The finest step that formats tell apart together, from the year on; `None` without a year.
pub(super) fn step<'a>(formats: impl Iterator<Item = &'a str>) -> Option<Step> {
    let mut letters = String::new();
    for format in formats {
        letters.extend(directives(format).iter().filter_map(|(_, directive)| match directive {
            Directive::Known(letter) => Some(*letter),
            Directive::Unknown(_) => None,
        }));
    }
    let has = |any: &str| any.chars().any(|letter| letters.contains(letter));
    let is_moment = has("sc");
    let is_date = has("FDxv");
    let year = is_date || has("YyGg");
    let day = is_date || has("j") || (has("mbBh") && has("de")) || (has("UWV") && has("uwaA"));
    let hour = has("HkTRXr") || (has("Il") && has("pP"));
    let minute = has("MTRXr");
    match () {
        () if is_moment || (year && day && hour && minute) => Some(Step::Minute),
        () if !year => None,
        () if day && hour => Some(Step::Hour),
        () if day => Some(Step::Day),
        () if has("UWV") => Some(Step::Week),
        () if has("mbBh") => Some(Step::Month),
        () => Some(Step::Year),
    }
}

/// The regular expression of what a format gives.
pub(super) fn expression(format: &str) -> String {
    expression_with(format, |_, expression| expression)
}

/// What a text of this format says, by letter: `Y` and `2026`. `None` for a text that the format does not give.
pub(super) fn values(format: &str, text: &str) -> Option<Vec<(char, String)>> {
    let mut letters = Vec::new();
    let grouped = expression_with(format, |letter, expression| {
        letters.push(letter);
        format!("({expression})").into()
    });
    let regex = ::regex::Regex::new(&format!("^{grouped}$")).ok()?;
    let groups = regex.captures(text)?;
    let values = groups.iter().skip(1).map(|group| group.map_or("", |group| group.as_str()).to_owned());
    let apart = |(letter, value): (char, String)| match compound(letter) {
        Some(format) => self::values(format, &value).unwrap_or_default(),
        None => vec![(letter, value)],
    };
    Some(letters.into_iter().zip(values).flat_map(apart).collect())
}

fn expression_with(format: &str, mut wrap: impl FnMut(char, Cow<'static, str>) -> Cow<'static, str>) -> String {
    let mut text = String::new();
    let mut written = 0;
    for (range, directive) in directives(format) {
        text.push_str(&::regex::escape(format.get(written..range.start).unwrap_or("")));
        if let Directive::Known(letter) = directive {
            let is_unpadded = format.get(range.clone()).is_some_and(|directive| directive.contains('-'));
            let unpadded = unpadded(letter).filter(|_| is_unpadded);
            text.push_str(&wrap(letter, unpadded.map_or_else(|| expression_of(letter), Cow::Borrowed)));
        }
        written = range.end;
    }
    text.push_str(&::regex::escape(format.get(written..).unwrap_or("")));
    text
}

/// `%-d` and the like.
fn unpadded(letter: char) -> Option<&'static str> {
    Some(match letter {
        'm' | 'I' => "(?:[1-9]|1[0-2])",
        'd' | 'e' => "(?:[1-9]|[12][0-9]|3[01])",
        'H' | 'k' => "(?:1?[0-9]|2[0-3])",
        'M' | 'S' => "[1-5]?[0-9]",
        'j' => "(?:[1-9][0-9]?|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])",
        _ => return None,
    })
}

const MONTHS: &str = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const LONG_MONTHS: &str = "(?:January|February|March|April|May|June|July|August|September|October|November|December)";
const DAYS: &str = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";

/// The letters that stand for several others.
fn compound(letter: char) -> Option<&'static str> {
    Some(match letter {
        'F' => "%Y-%m-%d",
        'D' | 'x' => "%m/%d/%y",
        'v' => "%e-%b-%Y",
        'T' | 'X' => "%H:%M:%S",
        'R' => "%H:%M",
        'r' => "%I:%M:%S %p",
        'c' => "%a %b %e %H:%M:%S %Y",
        _ => return None,
    })
}

fn expression_of(letter: char) -> Cow<'static, str> {
    if let Some(format) = compound(letter) {
        return expression(format).into();
    }
    Cow::Borrowed(match letter {
        // No feed of this century is dated in another.
        'Y' | 'G' => "20[0-9][0-9]",
        'y' | 'g' => "[0-9][0-9]",
        'C' => "20",
        'm' | 'I' => "(?:0[1-9]|1[0-2])",
        'b' | 'h' => MONTHS,
        'B' => LONG_MONTHS,
        'd' => "(?:0[1-9]|[12][0-9]|3[01])",
        'e' => "(?: [1-9]|[12][0-9]|3[01])",
        'j' => "(?:00[1-9]|0[1-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])",
        'a' => DAYS,
        'A' => "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)",
        'u' => "[1-7]",
        'w' => "[0-6]",
        'U' | 'W' => "(?:[0-4][0-9]|5[0-3])",
        'V' => "(?:0[1-9]|[1-4][0-9]|5[0-3])",
        'H' => "(?:[01][0-9]|2[0-3])",
        'k' => "(?: [0-9]|1[0-9]|2[0-3])",
        'l' => "(?: [1-9]|1[0-2])",
        'M' => "[0-5][0-9]",
        'S' => "(?:[0-5][0-9]|60)",
        'p' => "(?:AM|PM)",
        'P' => "(?:am|pm)",
        'f' => "[0-9]{6}",
        'N' => "[0-9]{9}",
        's' => "[0-9]{9,10}",
        'z' => "[+-][0-9]{4}",
        'Z' => "[A-Z]{3,5}",
        'n' => "\n",
        't' => "\t",
        _ => "%",
    })
}

/// What a format gives for Saturday, 1 August 2026, 06:30.
pub(super) fn example(format: &str) -> String {
    let mut text = String::new();
    let mut written = 0;
    for (range, directive) in directives(format) {
        text.push_str(format.get(written..range.start).unwrap_or(""));
        if let Directive::Known(letter) = directive {
            text.push_str(example_of(letter));
        }
        written = range.end;
    }
    text.push_str(format.get(written..).unwrap_or(""));
    text
}

fn example_of(letter: char) -> &'static str {
    match letter {
        'Y' | 'G' => "2026",
        'y' | 'g' => "26",
        'C' => "20",
        'm' => "08",
        'b' | 'h' => "Aug",
        'B' => "August",
        'd' => "01",
        'e' => " 1",
        'j' => "213",
        'F' => "2026-08-01",
        'D' | 'x' => "08/01/26",
        'v' => " 1-Aug-2026",
        'a' => "Sat",
        'A' => "Saturday",
        'u' | 'w' => "6",
        'U' | 'W' => "30",
        'V' => "31",
        'H' | 'I' => "06",
        'k' | 'l' => " 6",
        'M' => "30",
        'S' => "00",
        'p' => "AM",
        'P' => "am",
        'f' => "000000",
        'N' => "000000000",
        's' => "1785565800",
        'T' | 'X' => "06:30:00",
        'R' => "06:30",
        'r' => "06:30:00 AM",
        'c' => "Sat Aug  1 06:30:00 2026",
        'z' => "+0000",
        'Z' => "UTC",
        'n' => "\n",
        't' => "\t",
        _ => "%",
    }
}
