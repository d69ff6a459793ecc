use super::{DefectKind, FaultKind, NamePart, NamePattern};
use crate::keys::cron;
use crate::model::feed::Cadence;

fn defects(pattern: &NamePattern) -> Vec<String> {
    let line = |defect: &super::NameDefect| {
        let place = &pattern.text[defect.range.clone()];
        let help = defect.help.as_deref().map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{place}: {}{help}", defect.message)
    };
    pattern.defects.iter().map(line).collect()
}

/// Parts as a line: literals as they are, tokens in braces.
fn parts(pattern: &NamePattern) -> String {
    let part = |part: &NamePart| match part {
        NamePart::Literal { text, .. } => text.clone(),
        NamePart::Token { name, format, .. } => format!("{{{name}:{}}}", format.as_deref().unwrap_or("")),
    };
    pattern.parts.iter().map(part).collect()
}

fn cadence(text: &str) -> Cadence {
    let pace = cron::pace(text);
    Cadence { text: text.to_owned(), per_month: pace.map(|(count, _)| count), step: pace.map(|(_, step)| step) }
}

#[test]
fn a_template_is_texts_and_tokens() {
    let pattern = NamePattern::template("trades_{date:%Y%m%d}_{seq:4}.json");
    assert_eq!(parts(&pattern), "trades_{date:%Y%m%d}_{seq:4}.json");
    assert_eq!(pattern.parts.len(), 5);
    assert!(pattern.is_readable());
    assert_eq!(pattern.example("trades").as_deref(), Some("trades_20260801_0001.json"));
    let other = NamePattern::template("{env}/{feed}-{date}T{time:%H:%M}-{uuid}.{any}");
    assert_eq!(other.example("quotes").as_deref(), Some("prod/quotes-20260801T06:30-123e4567-e89b-12d3-a456-426614174000.x"));
}

#[test]
fn an_expression_gives_a_name_that_it_allows() {
    let cases = [
        (r"^trades_\d{8}_(?P<region>emea)\.json$", Some("trades_20260801_emea.json")),
        (r"positions-[0-9]{4}-W[0-9]{2}\.json\.gz", Some("positions-2026-W01.json.gz")),
        (r"^fixed\.json$", Some("fixed.json")),
        (r"^broken(", None),
    ];
    for (pattern, expected) in cases {
        assert_eq!(NamePattern::regex(pattern).example("trades").as_deref(), expected, "{pattern}");
    }
}

#[test]
fn a_broken_template_is_said_where_it_breaks() {
    let cases = [
        ("a_{date:%Y", "{: `{` is not closed | close the token with `}`"),
        ("a_{seq_{date}", "{: `{` is not closed | close the token with `}`"),
        ("a_}.json", "}: `}` closes no token | a name cannot hold a brace: take it out, or put a `{` before the token"),
        ("a_{dat}.json", "{dat}: unknown token `{dat}` | did you mean `{date}`?"),
        (
            "a_{}.json",
            "{}: a token has no name | the tokens are `{feed}`, `{date}`, `{time}`, `{seq}`, `{uuid}`, `{any}`, `{env}`",
        ),
        (
            "a_{date:%Y%Q}.json",
            "%Q: `%Q` is no part of a date | use `%Y`, `%m`, `%d`, `%H`, `%M`, `%S` or another letter of strftime, and `%%` for a `%`",
        ),
        (
            "a_{date:yyyyMMdd}.json",
            "{date:yyyyMMdd}: `yyyyMMdd` is a fixed text and no format of a date | write it with `%`: `{date:%Y%m%d}`",
        ),
        ("a_{seq:four}.json", "{seq:four}: `four` is not a width | write the number of digits: `{seq:4}`"),
        ("a_{uuid:4}.json", "{uuid:4}: `{uuid}` takes no format | write `{uuid}`"),
    ];
    for (text, expected) in cases {
        assert_eq!(defects(&NamePattern::template(text)), [expected], "{text}");
    }
}

#[test]
fn a_regular_expression_is_taken_apart() {
    let cases = [
        (r"^trades_(?P<date>\d{8})_(?P<seq>\d{4})\.json$", r"trades_{date:\d{8}}_{seq:\d{4}}.json"),
        (r"^(?<day>[0-9()]+)[.]csv", "{day:[0-9()]+}.csv"),
        (r"(?i)\Aab?c\z", "a{:b?}c"),
        (r"a\.?b", r"a{:\.?}b"),
        ("a|b", "{:a|b}"),
        (r"x\.(gz|zst)", "x.{:(gz|zst)}"),
        ("[]x]y", "{:[]x]}y"),
        (r"é*\p{L}z", r"{:é*}{:\p{L}}z"),
    ];
    for (text, expected) in cases {
        let pattern = NamePattern::regex(text);
        assert_eq!(defects(&pattern), Vec::<String>::new(), "{text}");
        assert_eq!(parts(&pattern), expected, "{text}");
    }
}

#[test]
fn a_regular_expression_that_does_not_compile_is_pointed_at() {
    let cases = [
        (r"^positions_(?P<date>[0-9]{8}_(?P<book>[a-z]+)\.json$", "(: the regular expression does not compile: unclosed group"),
        ("é_[0-9", "[: the regular expression does not compile: unclosed character class"),
        ("*a", "*: the regular expression does not compile: repetition operator missing expression"),
        (
            r"a{5,2}",
            "{5,2}: the regular expression does not compile: invalid repetition count range, the start must be <= the end",
        ),
    ];
    for (text, expected) in cases {
        let pattern = NamePattern::regex(text);
        assert_eq!(defects(&pattern), [expected], "{text}");
        assert_eq!(pattern.defects.first().map(|defect| defect.kind), Some(DefectKind::Broken));
    }
}

#[test]
fn what_other_engines_have_is_not_called_broken() {
    for text in ["a(?=b)", "a(?!b)", "(?<!a)b", r"(a)\1", "(?P<x>a)(?P=x)", "(?>a)b", r"\w{1000}{1000}{1000}"] {
        let kinds: Vec<DefectKind> = NamePattern::regex(text).defects.iter().map(|defect| defect.kind).collect();
        assert_eq!(kinds, [DefectKind::NotCheckable], "{text}");
    }
}

#[test]
fn a_name_is_unique_when_its_time_is_as_fine_as_the_cadence() {
    let cases = [
        ("a_{date:%Y%m%d}.json", "daily", Some(true)),
        ("a_{date}.json", "weekdays", Some(true)),
        ("a_{date:%Y%m}.json", "daily", Some(false)),
        ("a_{date:%Y%m}.json", "monthly", Some(true)),
        ("a_{date:%Y%m%d}.json", "hourly", Some(false)),
        ("a_{date:%Y%m%d}_{time:%H}.json", "hourly", Some(true)),
        ("a_{date:%Y%m%d}_{time:%I}.json", "hourly", Some(false)),
        ("a_{date:%Y%m%dT%H%M}.json", "minutely", Some(true)),
        ("a_{date:%m%d}.json", "daily", Some(false)),
        ("a_{time:%H%M}.json", "daily", Some(false)),
        ("a_{date:%G-W%V}.json", "weekly", Some(true)),
        ("a_{date:%Y-%j}.json", "daily", Some(true)),
        ("a_{date:%s}.json", "minutely", Some(true)),
        ("a_{date:%Y%m%d}.json", "0 6,18 * * *", Some(false)),
        ("{feed}_{env}.json", "daily", Some(false)),
        ("a_{seq}.json", "minutely", Some(true)),
        ("a_{uuid}.json", "minutely", Some(true)),
        ("a_{dat}.json", "daily", None),
    ];
    for (text, words, expected) in cases {
        let unique = NamePattern::template(text).unique_per_delivery(Some(&cadence(words)));
        assert_eq!(unique, expected, "{text} {words}");
    }
    assert_eq!(NamePattern::template("a_{date}.json").unique_per_delivery(None), None);
    assert_eq!(NamePattern::template("a.json").unique_per_delivery(None), Some(false));
    assert_eq!(NamePattern::regex(r"^a_\d+\.json$").unique_per_delivery(None), Some(true));
    assert_eq!(NamePattern::regex(r"^a\.json$").unique_per_delivery(None), Some(false));
}

#[test]
fn several_files_of_one_delivery_need_more_than_a_date() {
    assert_eq!(NamePattern::template("a_{date}.json").unique_per_file(), Some(false));
    assert_eq!(NamePattern::template("a_{date}_{seq:2}.json").unique_per_file(), Some(true));
}

#[test]
fn what_cloud_storage_says_against_a_name_is_said_where_it_stands() {
    let faults = |pattern: &NamePattern, prefix: Option<&str>| -> Vec<(String, FaultKind)> {
        let place = |fault: &super::NameFault| (pattern.text[fault.range.clone()].to_owned(), fault.kind);
        pattern.faults(prefix).iter().map(place).collect()
    };
    let wild = |text: &str| (text.to_owned(), FaultKind::Wildcard);
    let illegal = |text: &str| (text.to_owned(), FaultKind::Illegal);
    let template = NamePattern::template;
    assert_eq!(faults(&template("r_{date}_[{seq:2}].json"), None), [wild("["), wild("]")]);
    assert_eq!(faults(&template("a#{date}?.json"), None), [wild("#"), wild("?")]);
    assert_eq!(faults(&template("a\n{date}"), None), [illegal("\n")]);
    assert_eq!(faults(&template(".."), None), [illegal("..")]);
    assert_eq!(faults(&template(".."), Some("a/")), []);
    assert_eq!(faults(&template("acme-challenge/{seq}"), Some(".well-known/")), [illegal("acme-challenge/{seq}")]);
    assert_eq!(faults(&template(&format!("{}{{date}}", "a".repeat(1_020))), None).len(), 1);
    assert_eq!(faults(&template(&format!("{}{{date}}", "a".repeat(1_016))), None), []);
    assert_eq!(faults(&NamePattern::regex(r"^a\[\d\]$"), None), [wild(r"\["), wild(r"\]")]);
    assert_eq!(faults(&template("trades_{date:%Y%m%d}_{seq:4}.json"), Some("trades/")), []);
}
