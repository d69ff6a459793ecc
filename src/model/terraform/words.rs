//! How people write the values of a feed in Terraform, in the words of a feed file. The error says why there are none.

use super::evaluate::{Content, Evaluated, to_text};
use crate::keys::cron;

/// How a name of files is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Template,
    Regex,
    Glob,
    /// Placeholders of another program.
    Other,
}

pub fn style(written: &str) -> Style {
    let is_ours = crate::model::naming::TOKENS
        .iter()
        .any(|token| written.contains(&format!("{{{token}}}")) || written.contains(&format!("{{{token}:")));
    let is_regex = written.starts_with('^')
        || written.ends_with('$')
        || ["\\", "(?", ".*", ".+", "[0-9"].iter().any(|sign| written.contains(sign));
    if is_ours {
        Style::Template
    } else if is_regex {
        Style::Regex
    } else if written.contains(['{', '}', '%', '<', '>', '$']) || written.to_ascii_lowercase().contains("yyyy") {
        Style::Other
    } else if written.contains(['*', '?', '[']) {
        Style::Glob
    } else {
        Style::Template
    }
}

/// A glob as a regular expression over the whole name.
pub(super) fn regex_of(glob: &str) -> String {
    let mut regex = String::from("^");
    for letter in glob.chars() {
        match letter {
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '[' | ']' | '-' => regex.push(letter),
            letter => regex.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4]))),
        }
    }
    regex.push('$');
    regex
}

pub(super) fn cadence(written: &str) -> Result<String, String> {
    let written = written.trim().trim_start_matches('@');
    match cron::pace(written) {
        Some(_) => Ok(written.to_owned()),
        None => Err(format!("`{written}` is not read as a cadence")),
    }
}

/// A number under a name that says days, or a text with its unit.
pub(super) fn days(value: &Evaluated) -> Result<String, String> {
    match &value.content {
        Content::Number(number) => Ok(format!("{number} days")),
        _ => to_text(value)
            .map(|text| if text.parse::<u64>().is_ok() { format!("{text} days") } else { text })
            .ok_or_else(|| "the retention is no plain value".to_owned()),
    }
}

pub(super) fn milliseconds(value: &Evaluated) -> Result<String, String> {
    let number = match &value.content {
        Content::Number(number) => Some(*number),
        Content::Text(text) => text.parse().ok(),
        _ => None,
    };
    match number {
        Some(number) if (0.0..4e15).contains(&number) => Ok(format!("{} seconds", (number / 1_000.0).round() as u64)),
        _ => Err("the expiration is no number of milliseconds".to_owned()),
    }
}

/// As a feed file and as BigQuery name it.
pub(super) fn file_format(written: &str) -> Result<String, String> {
    match written.to_ascii_lowercase().as_str() {
        "newline_delimited_json" | "ndjson" | "jsonl" | "jsonlines" => Ok("ndjson".to_owned()),
        known @ ("json" | "csv" | "avro" | "parquet") => Ok(known.to_owned()),
        _ => Err(format!("`{written}` is not read as a format of files")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_taken_for_what_it_is_written_as() {
        let cases = [
            ("trades_{date:%Y%m%d}.json", Style::Template),
            ("^trades_\\d{8}\\.json$", Style::Regex),
            ("trades_[0-9]{8}.json", Style::Regex),
            ("trades_*.json", Style::Glob),
            ("trades.json", Style::Template),
            ("trades_%Y%m%d.json", Style::Other),
            ("trades_YYYYMMDD.json", Style::Other),
            ("trades_{ds}.json", Style::Other),
        ];
        for (written, expected) in cases {
            assert_eq!(style(written), expected, "{written}");
        }
        assert_eq!(regex_of("a.b_*.json"), "^a\\.b_[^/]*\\.json$");
    }
}
