//! What a string must look like, beyond being one: names, times, globs.

use super::cron::{self, CADENCE_WORDS};
use super::schedule::rate_or_schedule;
use crate::text::{RepoPath, nearest};
use regex::Regex;
use std::ops::Range;
use std::sync::OnceLock;

/// A format of strings.
#[derive(Debug)]
pub struct Format {
    /// What it is, for messages: `a time of day such as 06:30`.
    pub what: &'static str,
    /// What the published schema says of it, and, without a `judge`, what decides.
    pub pattern: Option<&'static str>,
    /// Words that are allowed besides the pattern.
    pub words: &'static [&'static str],
    /// What is wrong with a text, for formats that a pattern alone does not decide or explain.
    pub judge: Option<fn(&str) -> Option<Complaint>>,
    regex: OnceLock<Option<Regex>>,
}

/// What is wrong with a value: the text goes on after the name of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    pub text: String,
    pub help: Option<String>,
    /// The bytes of the value that are wrong, where it is not the whole.
    pub range: Option<Range<usize>>,
}

impl Complaint {
    pub fn new(text: impl Into<String>) -> Complaint {
        Complaint { text: text.into(), help: None, range: None }
    }

    pub fn help(self, help: impl Into<String>) -> Complaint {
        Complaint { help: Some(help.into()), ..self }
    }

    pub fn at(self, range: Range<usize>) -> Complaint {
        Complaint { range: Some(range), ..self }
    }
}

impl Format {
    const fn new(what: &'static str, pattern: &'static str) -> Format {
        Format { what, pattern: Some(pattern), words: &[], judge: None, regex: OnceLock::new() }
    }

    /// What is wrong with a text; nothing when it has this format.
    pub fn complaint(&self, text: &str) -> Option<Complaint> {
        if text.is_empty() {
            return Some(Complaint::new("is empty"));
        }
        if self.words.contains(&text) {
            return None;
        }
        if let Some(judge) = self.judge {
            return judge(text);
        }
        (!self.fits_pattern(text)).then(|| self.misfit(text))
    }

    fn fits_pattern(&self, text: &str) -> bool {
        let regex = self.regex.get_or_init(|| self.pattern.and_then(|pattern| Regex::new(pattern).ok()));
        regex.as_ref().is_none_or(|regex| regex.is_match(text))
    }

    fn misfit(&self, text: &str) -> Complaint {
        Complaint::new(format!("must be {}, not `{}`", self.what, shown(text)))
    }
}

/// A text as a message quotes it: its first line, and not much of it.
pub(crate) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let short: String = line.chars().take(60).collect();
    if short.len() < text.trim_end().len() { format!("{short}…") } else { short }
}

pub static ANY_TEXT: Format = Format { what: "a string", pattern: None, words: &[], judge: None, regex: OnceLock::new() };

pub static FEED_NAME: Format =
    Format::new("a name of lower-case letters, digits, `_` and `-` that begins with a letter", "^[a-z][a-z0-9_-]*$");

pub static TIME_OF_DAY: Format = Format::new("a time of day such as `06:30`", "^([01][0-9]|2[0-3]):[0-5][0-9]$");

pub static TIME_ZONE: Format =
    Format::new("a time zone such as `Europe/London` or `UTC`", "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$");

pub static LAG: Format = Format::new("a number of days such as `1 day` or `1 business day`", "^[1-9][0-9]? (business )?days?$");

pub static DELIVERY_DAY: Format = Format::new(
    "a day of the week such as `monday`, or a day of the month from 1 to 28",
    "^((mon|tues|wednes|thurs|fri|satur|sun)day|[1-9]|1[0-9]|2[0-8])$",
);

pub static DATE: Format = Format {
    what: "a day such as `2026-12-25`",
    pattern: Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    words: &[],
    judge: Some(date_complaint),
    regex: OnceLock::new(),
};

pub static RUNS: Format = Format {
    what: "a rate such as `300/month` or a schedule such as `every day 07:00`",
    pattern: None,
    words: &[],
    judge: Some(|text| rate_or_schedule(text).err()),
    regex: OnceLock::new(),
};

pub static BUCKET: Format = Format {
    what: "a bucket name of lower-case letters, digits, `-`, `_` and `.`",
    pattern: Some("^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$"),
    words: &[],
    judge: Some(bucket_complaint),
    regex: OnceLock::new(),
};

pub static PROJECT: Format = Format::new("a project id such as `acme-prod`", "^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$");

pub static DATASET: Format = Format::new("a dataset name of letters, digits and `_`", "^[A-Za-z0-9_]{1,1024}$");

pub static TABLE: Format = Format {
    what: "a table name without its dataset",
    pattern: Some("^[^./`\\s][^./`]*$"),
    words: &[],
    judge: Some(table_complaint),
    regex: OnceLock::new(),
};

pub static LOCATION: Format =
    Format::new("a BigQuery location such as `EU` or `europe-west2`", "^(US|EU|us|eu|[a-z]+-[a-z]+[0-9]+)$");

pub static RULE_LEVEL: Format = Format {
    what: "`off`, `on`, `note`, `warning` or `error`",
    pattern: None,
    words: &["off", "on", "note", "warning", "error"],
    judge: Some(level_complaint),
    regex: OnceLock::new(),
};

pub static BREAKING: Format = Format {
    what: "`file`, `load` or `read`",
    pattern: None,
    words: &["file", "load", "read"],
    judge: Some(breaking_complaint),
    regex: OnceLock::new(),
};

pub static GLOB: Format =
    Format { what: "a glob such as `feeds/**`", pattern: None, words: &[], judge: Some(glob_complaint), regex: OnceLock::new() };

pub static JSON_FILE: Format = Format {
    what: "the path of a JSON file such as `.feedgate/baseline.json`",
    pattern: Some(r"\.json$"),
    words: &[],
    judge: Some(json_file_complaint),
    regex: OnceLock::new(),
};

pub static CADENCE: Format = Format {
    what: "a word such as `daily` or a cron expression of five fields",
    pattern: Some(r"^\S+( +\S+){4}$"),
    words: &CADENCE_WORDS,
    judge: Some(cadence_complaint),
    regex: OnceLock::new(),
};

fn json_file_complaint(text: &str) -> Option<Complaint> {
    if RepoPath::new(text).is_none() {
        let help = "paths are relative to the root of the repository";
        return Some(Complaint::new(format!("leaves the repository: `{}`", shown(text))).help(help));
    }
    (!JSON_FILE.fits_pattern(text)).then(|| JSON_FILE.misfit(text))
}

/// Tokens of a table's name are `{feed}`, `{env}` and parts of the file's name, of which the file's name knows the list.
fn table_complaint(text: &str) -> Option<Complaint> {
    if !TABLE.fits_pattern(text) {
        return Some(TABLE.misfit(text));
    }
    let broken = broken_token(text)?;
    let written = text.get(broken.clone()).unwrap_or(text);
    let complaint = Complaint::new(format!("holds `{written}`, which is no token")).at(broken);
    Some(complaint.help("write `{feed}`, `{env}`, or a part of the file's name such as `{date}`, without a format"))
}

fn broken_token(text: &str) -> Option<std::ops::Range<usize>> {
    let is_name = |name: &str| {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        !name.is_empty() && name.chars().all(is_letter) && !name.starts_with(|first: char| first.is_ascii_digit())
    };
    let mut at = 0;
    while let Some(start) = text.get(at..)?.find(['{', '}']).map(|found| at + found) {
        let inner = text.get(start..)?.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let Some((name, _)) = inner else { return Some(start..text.len()) };
        let end = start + name.len() + 2;
        if !is_name(name) {
            return Some(start..end);
        }
        at = end;
    }
    None
}

fn date_complaint(text: &str) -> Option<Complaint> {
    crate::text::Date::parse(text).is_none().then(|| DATE.misfit(text))
}

fn bucket_complaint(text: &str) -> Option<Complaint> {
    if BUCKET.fits_pattern(text) {
        return None;
    }
    let complaint = BUCKET.misfit(text);
    let Some(rest) = text.strip_prefix("gs://") else { return Some(complaint) };
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = if prefix.is_empty() { String::new() } else { format!(" and `prefix: {prefix}`") };
    Some(complaint.help(format!("write `bucket: {bucket}`{prefix}")))
}

fn level_complaint(text: &str) -> Option<Complaint> {
    let complaint = RULE_LEVEL.misfit(text);
    let meant = match text {
        "warn" => Some("warning"),
        "info" | "information" | "hint" => Some("note"),
        "none" | "disabled" | "ignore" => Some("off"),
        "enabled" | "default" => Some("on"),
        other => nearest(other, RULE_LEVEL.words.iter().copied()),
    };
    Some(did_you_mean(complaint, meant))
}

fn breaking_complaint(text: &str) -> Option<Complaint> {
    Some(did_you_mean(BREAKING.misfit(text), nearest(text, BREAKING.words.iter().copied())))
}

fn glob_complaint(text: &str) -> Option<Complaint> {
    if text.starts_with('/') || text.split('/').any(|part| part == "..") {
        let complaint = Complaint::new(format!("leaves the repository: `{}`", shown(text)));
        return Some(complaint.help("globs are relative to the root of the repository"));
    }
    let error = globset::Glob::new(text).err()?;
    Some(Complaint::new(format!("is not a glob: {}", error.kind())))
}

fn cadence_complaint(text: &str) -> Option<Complaint> {
    if text.contains([' ', '*', '/']) {
        let defect = cron::Cron::parse(text).err()?;
        let complaint = Complaint::new(defect.text).at(defect.range);
        return Some(did_you_mean(complaint, cron::nearest(text).as_deref()));
    }
    let words = CADENCE_WORDS.iter().copied();
    let meant = match text.trim_start_matches('@') {
        "annually" => Some("yearly"),
        "midnight" => Some("daily"),
        other => nearest(other, words),
    };
    let complaint = CADENCE.misfit(text);
    Some(match meant {
        Some(meant) => did_you_mean(complaint, Some(meant)),
        None => complaint.help(format!("the words are {}", super::quoted(&CADENCE_WORDS))),
    })
}

/// The complaint with the word that was probably meant.
pub(crate) fn did_you_mean(complaint: Complaint, meant: Option<&str>) -> Complaint {
    match meant {
        Some(meant) => complaint.help(format!("did you mean `{meant}`?")),
        None => complaint,
    }
}

#[cfg(test)]
mod tests {
    use super::{BUCKET, CADENCE, Format, GLOB, TABLE, TIME_OF_DAY, TIME_ZONE};

    fn complaint(format: &Format, text: &str) -> String {
        let Some(complaint) = format.complaint(text) else { return "fine".to_owned() };
        let help = complaint.help.map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{}{help}", complaint.text)
    }

    #[test]
    fn times_and_zones_have_one_spelling() {
        for good in ["00:00", "06:30", "23:59"] {
            assert_eq!(complaint(&TIME_OF_DAY, good), "fine");
        }
        for bad in ["24:00", "6:30", "06:60", "06.30", "06:30:00", ""] {
            assert_ne!(complaint(&TIME_OF_DAY, bad), "fine", "{bad}");
        }
        for good in ["UTC", "Europe/London", "America/Argentina/Buenos_Aires", "Etc/GMT+1", "America/Port-au-Prince", "CET"] {
            assert_eq!(complaint(&TIME_ZONE, good), "fine");
        }
        // Whether there is such a zone is for a rule to say.
        for bad in ["+01:00", "Europe/", "Europe / London", "UTC+01:00"] {
            assert_ne!(complaint(&TIME_ZONE, bad), "fine", "{bad}");
        }
    }

    #[test]
    fn a_bucket_address_is_taken_apart() {
        let expected = "must be a bucket name of lower-case letters, digits, `-`, `_` and `.`, not `gs://acme-landing/trades/` \
                        | write `bucket: acme-landing` and `prefix: trades/`";
        assert_eq!(complaint(&BUCKET, "gs://acme-landing/trades/"), expected);
        assert_eq!(complaint(&BUCKET, "acme-landing"), "fine");
    }

    #[test]
    fn a_table_is_named_without_its_dataset() {
        assert_eq!(complaint(&TABLE, "trades"), "fine");
        assert_eq!(complaint(&TABLE, "{feed}_{env}"), "fine");
        assert_eq!(complaint(&TABLE, "{feed}_{book}"), "fine");
        for (text, token) in [("{feed}_{date:%Y}", "{date:%Y}"), ("a{b", "{b"), ("a}b", "}b"), ("{1}", "{1}"), ("a{}", "{}")] {
            let expected = format!(
                "holds `{token}`, which is no token \
                 | write `{{feed}}`, `{{env}}`, or a part of the file's name such as `{{date}}`, without a format"
            );
            assert_eq!(complaint(&TABLE, text), expected);
        }
        assert_eq!(complaint(&TABLE, "raw.trades"), "must be a table name without its dataset, not `raw.trades`");
    }

    #[test]
    fn a_misspelt_cadence_is_corrected() {
        assert_eq!(complaint(&CADENCE, "daily"), "fine");
        assert_eq!(complaint(&CADENCE, "0 6 * * 1-5"), "fine");
        assert!(complaint(&CADENCE, "0 0 7 * * ?").ends_with("| did you mean `0 7 * * *`?"));
        assert!(complaint(&CADENCE, "dayly").ends_with("not `dayly` | did you mean `daily`?"));
        assert!(complaint(&CADENCE, "@hourly").ends_with("| did you mean `hourly`?"));
        assert!(complaint(&CADENCE, "fortnight").contains("| the words are `minutely`, `hourly`"));
    }

    #[test]
    fn a_glob_stays_in_the_repository() {
        assert_eq!(complaint(&GLOB, "feeds/**/*.{yaml,yml}"), "fine");
        assert!(complaint(&GLOB, "../feeds/**").starts_with("leaves the repository"));
        assert!(complaint(&GLOB, "feeds/[a").starts_with("is not a glob: "));
    }
}
