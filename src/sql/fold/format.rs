//! The elements of `FORMAT_DATE`, `PARSE_TIMESTAMP` and their kin: times to text and back.

use super::calendar::{self, DAY, civil, days};

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Elements that stand for several.
const SHORT: [(&str, &str); 5] = [("%F", "%Y-%m-%d"), ("%D", "%m/%d/%y"), ("%T", "%H:%M:%S"), ("%R", "%H:%M"), ("%E4Y", "%Y")];

/// The text of a time; `None` where the pattern holds what is not worked out.
pub(super) fn format(pattern: &str, micros: i64) -> Option<String> {
    let pattern = in_full(pattern);
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(ch) = chars.next() {
        match ch {
            '%' => out.push_str(&element(chars.next()?, micros)?),
            ch => out.push(ch),
        }
    }
    Some(out)
}

fn in_full(pattern: &str) -> String {
    SHORT.iter().fold(pattern.to_owned(), |pattern, (short, full)| pattern.replace(short, full))
}

fn element(name: char, micros: i64) -> Option<String> {
    let day = micros.div_euclid(DAY);
    let (year, month, day_of_month) = civil(day);
    let second = micros.rem_euclid(DAY) / 1_000_000;
    let hour = second / 3_600;
    let hour_of_half = (hour + 11) % 12 + 1;
    let day_of_year = day - days(year, 1, 1);
    let (iso_year, iso_week) = calendar::iso_week(day);
    let two = |number: i64| format!("{number:02}");
    let part = |names: &[&str], at: i64| usize::try_from(at).ok().and_then(|at| names.get(at)).map(|name| (*name).to_owned());
    let short = |name: String| name.get(..3).map(str::to_owned);
    Some(match name {
        'Y' => format!("{year:04}"),
        'y' => two(year.rem_euclid(100)),
        'C' => two(year / 100),
        'G' => format!("{iso_year:04}"),
        'g' => two(iso_year.rem_euclid(100)),
        'Q' => ((month - 1) / 3 + 1).to_string(),
        'm' => two(month),
        'B' => part(&MONTHS, month - 1)?,
        'b' | 'h' => short(part(&MONTHS, month - 1)?)?,
        'V' => two(iso_week),
        'U' => two((day_of_year + 7 - calendar::weekday(day)) / 7),
        'W' => two((day_of_year + 7 - (calendar::weekday(day) + 6) % 7) / 7),
        'd' => two(day_of_month),
        'e' => format!("{day_of_month:2}"),
        'j' => format!("{:03}", day_of_year + 1),
        'A' => part(&WEEKDAYS, calendar::weekday(day))?,
        'a' => short(part(&WEEKDAYS, calendar::weekday(day))?)?,
        'w' => calendar::weekday(day).to_string(),
        'u' => ((calendar::weekday(day) + 6) % 7 + 1).to_string(),
        'H' => two(hour),
        'I' => two(hour_of_half),
        'k' => format!("{hour:2}"),
        'l' => format!("{hour_of_half:2}"),
        'p' => (if hour < 12 { "AM" } else { "PM" }).to_owned(),
        'M' => two(second / 60 % 60),
        'S' => two(second % 60),
        's' => micros.div_euclid(1_000_000).to_string(),
        'n' => "\n".to_owned(),
        't' => "\t".to_owned(),
        '%' => "%".to_owned(),
        _ => return None,
    })
}

/// The time of a text of this format, in microseconds since 1970.
pub(crate) fn parse(pattern: &str, text: &str) -> Option<i64> {
    let pattern = in_full(pattern);
    let mut read = Read::default();
    let (mut chars, mut rest) = (pattern.chars(), text.trim());
    while let Some(ch) = chars.next() {
        rest = match ch {
            '%' => read.element(chars.next()?, rest)?,
            ch if ch.is_whitespace() => rest.trim_start(),
            ch => rest.strip_prefix(ch)?,
        };
    }
    if rest.trim().is_empty() { read.micros() } else { None }
}

/// What was read so far.
struct Read {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    since_1970: Option<i64>,
}

impl Default for Read {
    fn default() -> Read {
        Read { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, since_1970: None }
    }
}

impl Read {
    /// Takes the element from the begin of the text, and gives back the rest.
    fn element<'t>(&mut self, name: char, text: &'t str) -> Option<&'t str> {
        let (slot, width) = match name {
            'Y' => (&mut self.year, 4),
            'y' => {
                let (year, rest) = number(text, 2)?;
                self.year = if year < 69 { 2_000 + year } else { 1_900 + year };
                return Some(rest);
            }
            'm' => (&mut self.month, 2),
            'B' | 'b' | 'h' => {
                let (month, rest) = month(text)?;
                self.month = month;
                return Some(rest);
            }
            'd' | 'e' => (&mut self.day, 2),
            'H' | 'k' => (&mut self.hour, 2),
            'M' => (&mut self.minute, 2),
            'S' => (&mut self.second, 2),
            's' => {
                let (seconds, rest) = number(text, 12)?;
                self.since_1970 = seconds.checked_mul(1_000_000);
                return Some(rest);
            }
            'n' | 't' => return Some(text.trim_start()),
            '%' => return text.strip_prefix('%'),
            _ => return None,
        };
        let (value, rest) = number(text, width)?;
        *slot = value;
        Some(rest)
    }

    fn micros(&self) -> Option<i64> {
        if self.since_1970.is_some() {
            return self.since_1970;
        }
        let is_time = self.hour < 24 && self.minute < 60 && self.second < 60;
        let seconds = self.hour * 3_600 + self.minute * 60 + self.second;
        let midnight = calendar::checked_days(self.year, self.month, self.day).filter(|_| is_time)?.checked_mul(DAY)?;
        midnight.checked_add(seconds * 1_000_000)
    }
}

fn number(text: &str, width: usize) -> Option<(i64, &str)> {
    let text = text.trim_start();
    let n_digits = text.bytes().take(width).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(n_digits)?;
    Some((digits.parse().ok()?, rest))
}

/// The name of a month in full or its first three letters.
fn month(text: &str) -> Option<(i64, &str)> {
    let begins = |name: &str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let (number, name) = (1..).zip(MONTHS).find(|(_, name)| name.get(..3).is_some_and(begins))?;
    let length = if begins(name) { name.len() } else { 3 };
    Some((number, text.get(length..)?))
}
