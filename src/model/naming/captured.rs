//! What one name says: the date and the time of its delivery, its number, and every other part that has a name.

use super::language::{Tokens, token_expression, with_ascii_classes};
use super::{NameKind, NamePart, NamePattern, strftime};
use crate::text::Date;

/// What one name says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captured {
    /// The day of the delivery; the first of the month, or of the year, where the name says no more.
    pub date: Option<Date>,
    /// The time of day, `HH:MM:SS`, as far as the name says it.
    pub time: Option<String>,
    pub sequence: Option<u64>,
    /// Every part with a name, as it stands: `date` and `20260801`.
    pub values: Vec<(String, String)>,
    /// What cannot be right: a day that no calendar has, two days in one name.
    pub contradictions: Vec<String>,
}

/// How a group of a regular expression is read when its name speaks of a day.
const DATE_FORMATS: [&str; 9] =
    ["%Y%m%d", "%Y-%m-%d", "%Y_%m_%d", "%Y%m%dT%H%M%S", "%Y%m%d%H%M%S", "%Y-%m-%dT%H%M%S", "%Y-%m-%dT%H%M%SZ", "%Y%m", "%Y-%m"];

const TIME_FORMATS: [&str; 4] = ["%H%M%S", "%H%M", "%H:%M", "%H"];

impl Captured {
    /// Reads a name by the pattern that allows it; `None` when it does not.
    pub(super) fn read(pattern: &NamePattern, tokens: Tokens<'_>, name: &str) -> Option<Captured> {
        let values = match pattern.kind {
            NameKind::Template => template_values(pattern, tokens, name)?,
            NameKind::Regex => regex_values(pattern, name)?,
        };
        let mut captured = Captured::default();
        let mut group_date = Fields::default();
        for Value { name, format, text } in values {
            captured.add(&name, format.as_deref(), &text, &mut group_date);
            if !name.is_empty() {
                captured.values.push((name, text));
            }
        }
        captured.set(&group_date);
        Some(captured)
    }

    /// What a name says whose beginning said the other.
    pub(super) fn after(self, mut prefix: Captured) -> Captured {
        if let Some(date) = self.date {
            prefix.set_date(date);
        }
        prefix.time = self.time.or(prefix.time);
        prefix.sequence = self.sequence.or(prefix.sequence);
        prefix.values.extend(self.values);
        prefix.contradictions.extend(self.contradictions);
        prefix
    }

    fn add(&mut self, name: &str, format: Option<&str>, text: &str, group_date: &mut Fields) {
        if let Some(format) = format {
            self.set(&Fields::read(format, text));
            return;
        }
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "seq" | "sequence" | "part" | "batch" | "number" => self.sequence = text.parse().ok().or(self.sequence),
            "year" | "yyyy" => group_date.add('Y', text),
            "month" | "mm" => group_date.add('m', text),
            "day" | "dd" if text.len() <= 2 => group_date.add('d', text),
            "hour" | "hh" => group_date.add('H', text),
            "minute" => group_date.add('M', text),
            "time" => self.set_by(&TIME_FORMATS, text),
            name if name.contains("date") || name.contains("day") || matches!(name, "dt" | "ts" | "timestamp") => {
                self.set_by(&DATE_FORMATS, text);
            }
            _ => {}
        }
    }

    fn set_by(&mut self, formats: &[&str], text: &str) {
        if let Some(format) = formats.iter().find(|format| strftime::values(format, text).is_some()) {
            self.set(&Fields::read(format, text));
        }
    }

    fn set(&mut self, fields: &Fields) {
        match fields.date() {
            Some(Ok(date)) => self.set_date(date),
            Some(Err(text)) => self.contradictions.push(format!("no calendar has the day {text}")),
            None => {}
        }
        self.time = fields.time().or(self.time.take());
    }

    fn set_date(&mut self, date: Date) {
        match self.date {
            Some(first) if first != date => self.contradictions.push(format!("the name says both {first} and {date}")),
            _ => self.date = Some(date),
        }
    }
}

/// A part of a name that has a name, a format, or both.
struct Value {
    name: String,
    /// Of a date or a time of a template.
    format: Option<String>,
    text: String,
}

fn template_values(pattern: &NamePattern, tokens: Tokens<'_>, name: &str) -> Option<Vec<Value>> {
    let mut expression = "^".to_owned();
    let mut found = Vec::new();
    for part in &pattern.parts {
        match part {
            NamePart::Literal { text, .. } => expression.push_str(&::regex::escape(text)),
            NamePart::Token { name, format, .. } => {
                expression.push_str(&format!("({})", token_expression(name, format.as_deref(), tokens)));
                found.push((name, format));
            }
        }
    }
    let groups = ::regex::Regex::new(&(expression + "$")).ok()?;
    let groups = groups.captures(name)?;
    let value = |((name, format), group): ((&String, &Option<String>), Option<::regex::Match<'_>>)| {
        let default = match name.as_str() {
            "date" => Some("%Y%m%d"),
            "time" => Some("%H%M%S"),
            _ => None,
        };
        let format = default.map(|default| format.clone().unwrap_or_else(|| default.to_owned()));
        Value { name: name.clone(), format, text: group.map_or("", |group| group.as_str()).to_owned() }
    };
    Some(found.into_iter().zip(groups.iter().skip(1)).map(value).collect())
}

fn regex_values(pattern: &NamePattern, name: &str) -> Option<Vec<Value>> {
    let regex = ::regex::Regex::new(&format!("^(?:{})$", with_ascii_classes(&pattern.text))).ok()?;
    let groups = regex.captures(name)?;
    let value = |group: &str| {
        let text = groups.name(group)?.as_str().to_owned();
        Some(Value { name: group.to_owned(), format: None, text })
    };
    Some(regex.capture_names().flatten().filter_map(value).collect())
}

/// The numbers of a date and a time.
#[derive(Default)]
struct Fields {
    year: Option<u16>,
    month: Option<u8>,
    day: Option<u8>,
    day_of_year: Option<u16>,
    hour: Option<u8>,
    is_afternoon: Option<bool>,
    minute: Option<u8>,
    second: Option<u8>,
    days_since_epoch: Option<i64>,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Fields {
    fn read(format: &str, text: &str) -> Fields {
        let mut fields = Fields::default();
        for (letter, value) in strftime::values(format, text).unwrap_or_default() {
            fields.add(letter, &value);
        }
        fields
    }

    fn add(&mut self, letter: char, value: &str) {
        let small = value.trim().parse::<u8>().ok();
        match letter {
            'Y' | 'G' => self.year = value.parse().ok(),
            'y' | 'g' => self.year = small.map(|year| 2_000 + u16::from(year)),
            'm' => self.month = small,
            'b' | 'h' | 'B' => self.month = month(value),
            'd' | 'e' => self.day = small,
            'j' => self.day_of_year = value.parse().ok(),
            'H' | 'k' | 'I' | 'l' => self.hour = small,
            'p' | 'P' => self.is_afternoon = Some(value.eq_ignore_ascii_case("pm")),
            'M' => self.minute = small,
            'S' => self.second = small,
            's' => self.days_since_epoch = value.parse::<i64>().ok().map(|seconds| seconds.div_euclid(86_400)),
            _ => {}
        }
    }

    /// The day, or the text of one that no calendar has.
    fn date(&self) -> Option<Result<Date, String>> {
        if let Some(days) = self.days_since_epoch {
            return Some(Ok(Date::from_days_since_epoch(days)));
        }
        let year = self.year?;
        if let Some(day) = self.day_of_year {
            let date = Date::from_days_since_epoch(days_before(year) + i64::from(day) - 1);
            return Some(if date.year == year { Ok(date) } else { Err(format!("{day} of {year}")) });
        }
        let text = format!("{year:04}-{:02}-{:02}", self.month.unwrap_or(1), self.day.unwrap_or(1));
        Some(Date::parse(&text).ok_or(text))
    }

    fn time(&self) -> Option<String> {
        let hour = match (self.hour?, self.is_afternoon) {
            (12, Some(false)) => 0,
            (hour @ ..12, Some(true)) => hour + 12,
            (hour, _) => hour,
        };
        Some(format!("{hour:02}:{:02}:{:02}", self.minute.unwrap_or(0), self.second.unwrap_or(0)))
    }
}

/// The days from 1970-01-01 to the first day of a year from 1970 on.
fn days_before(year: u16) -> i64 {
    let year = i64::from(year);
    365 * (year - 1_970) + (year - 1_969) / 4 - (year - 1_901) / 100 + (year - 1_601) / 400
}

fn month(name: &str) -> Option<u8> {
    let name = name.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| name.starts_with(month))?;
    u8::try_from(at + 1).ok()
}
