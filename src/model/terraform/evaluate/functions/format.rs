//! `format`: the verbs of texts, numbers and booleans.

use super::{Content, Evaluated, to_text};

/// A verb with what stands between it and its sign.
struct Verb {
    letter: char,
    is_left: bool,
    is_zero: bool,
    has_plus: bool,
    width: usize,
    precision: Option<usize>,
}

/// More than this is no width of anything.
const MAX_WIDTH: usize = 1_000;

pub(super) fn format(pattern: &str, arguments: &[Evaluated]) -> Option<String> {
    let mut arguments = arguments.iter();
    let mut formatted = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        formatted.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            formatted.push('%');
            rest = after;
            continue;
        }
        let (verb, after) = verb(after)?;
        formatted.push_str(&verb.apply(arguments.next()?)?);
        rest = after;
    }
    formatted.push_str(rest);
    arguments.next().is_none().then_some(formatted)
}

fn verb(text: &str) -> Option<(Verb, &str)> {
    let flags = text.len() - text.trim_start_matches(['-', '0', '+', ' ', '#']).len();
    let (flags, text) = text.split_at_checked(flags)?;
    let (width, text) = number(text);
    let (precision, text) = match text.strip_prefix('.') {
        Some(text) => {
            let (precision, text) = number(text);
            (Some(precision.unwrap_or(0)), text)
        }
        None => (None, text),
    };
    let letter = text.chars().next()?;
    let width = width.unwrap_or(0);
    if width > MAX_WIDTH || precision.is_some_and(|precision| precision > MAX_WIDTH) || flags.contains([' ', '#']) {
        return None;
    }
    let (is_left, is_zero, has_plus) = (flags.contains('-'), flags.contains('0'), flags.contains('+'));
    let verb = Verb { letter, is_left, is_zero, has_plus, width, precision };
    Some((verb, text.get(letter.len_utf8()..)?))
}

fn number(text: &str) -> (Option<usize>, &str) {
    let digits = text.len() - text.trim_start_matches(|next: char| next.is_ascii_digit()).len();
    let (digits, rest) = text.split_at_checked(digits).unwrap_or(("", text));
    (digits.parse().ok(), rest)
}

impl Verb {
    fn apply(&self, argument: &Evaluated) -> Option<String> {
        let written = match self.letter {
            'v' | 's' => to_text(argument)?,
            'q' => serde_json::Value::String(to_text(argument)?).to_string(),
            't' => match argument.content {
                Content::Bool(value) => value.to_string(),
                _ => return None,
            },
            'd' => format!("{}", self.number(argument)?.trunc()),
            'x' => format!("{:x}", self.whole(argument)?),
            'X' => format!("{:X}", self.whole(argument)?),
            'o' => format!("{:o}", self.whole(argument)?),
            'b' => format!("{:b}", self.whole(argument)?),
            'f' => format!("{:.*}", self.precision.unwrap_or(6), self.number(argument)?),
            _ => return None,
        };
        let written = match self.precision {
            Some(precision) if matches!(self.letter, 'v' | 's') => written.chars().take(precision).collect(),
            _ => written,
        };
        Some(self.padded(written))
    }

    fn padded(&self, written: String) -> String {
        let is_number = matches!(self.letter, 'd' | 'f' | 'x' | 'X' | 'o' | 'b');
        let written = if self.has_plus && is_number && !written.starts_with('-') { format!("+{written}") } else { written };
        let width = self.width;
        match written.strip_prefix(['-', '+']) {
            _ if self.is_left => format!("{written:<width$}"),
            Some(digits) if self.is_zero && is_number => {
                let sign = written.chars().next().unwrap_or('-');
                format!("{sign}{digits:0>rest$}", rest = width.saturating_sub(1))
            }
            None if self.is_zero && is_number => format!("{written:0>width$}"),
            _ => format!("{written:>width$}"),
        }
    }

    fn number(&self, argument: &Evaluated) -> Option<f64> {
        match &argument.content {
            Content::Number(number) => Some(*number),
            Content::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Counts and ids of configurations are far below 2^53.
    fn whole(&self, argument: &Evaluated) -> Option<i64> {
        self.number(argument).filter(|number| number.fract() == 0.0 && number.abs() < 9e15).map(|number| number as i64)
    }
}
