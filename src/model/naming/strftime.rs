//! Formats of dates and times in file names: which letters there are, and how fine a step of time they tell apart.

use crate::model::feed::Step;

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
