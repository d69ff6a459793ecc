//! Ignore comments and the baseline: which findings they silence, and what is wrong with them.
//! `# feedgate: ignore[rule-id, other-rule] until=2027-01-31 reason="…"` at the end of a line is for that line; alone on
//! its line it is for the next line that is neither empty nor a comment. Applied once, after all rules have run.

pub mod baseline;

use self::baseline::{Baseline, is_eligible};
use crate::diagnostic::{Diagnostic, Subject, SubjectKind};
use crate::model::Skipped;
use crate::rules::run::{Findings, INTERNAL_ERROR, Plan};
use crate::rules::{Context, Sink};
use crate::text::{Date, FileId, RepoPath, Side, SourceFile, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The family whose findings are about ignores, and cannot be ignored.
pub const IGNORE_FAMILY: &str = "ignore";

/// What is said where an ignore does not hold yet.
const NEW_IGNORE: &str = "the ignore is new here, and the run goes by those of the base";

/// The findings that stand, those that an ignore or the baseline silenced, and what is wrong with these.
#[derive(Debug, Default)]
pub struct Judged {
    pub diagnostics: Vec<Diagnostic>,
    pub suppressed: Vec<Diagnostic>,
    /// Findings that the repository had when its baseline was written.
    pub in_baseline: Vec<Diagnostic>,
    pub baseline: Baseline,
    pub skipped: Vec<Skipped>,
    pub failed: bool,
}

impl Judged {
    /// Lets those findings stand that no ignore of the base silences: who changes something cannot also silence what is said
    /// of it. Baselines need no such care, as that of the base is read.
    pub fn distrust_new_ignores(&mut self, suppressed_in_base: &[Diagnostic]) {
        let known: BTreeSet<String> = suppressed_in_base.iter().map(Diagnostic::fingerprint).collect();
        let is_known = |found: &Diagnostic| known.contains(&found.fingerprint());
        let (known, new): (Vec<_>, Vec<_>) = std::mem::take(&mut self.suppressed).into_iter().partition(is_known);
        self.suppressed = known;
        let told = |found: Diagnostic| Diagnostic { label: found.label.clone().or(Some(NEW_IGNORE.to_owned())), ..found };
        self.diagnostics.extend(new.into_iter().map(told));
    }

    /// A rule of ours that failed on the other revision has failed.
    pub fn fail_with(&mut self, other: Judged) {
        self.failed |= other.failed;
        let failures = other.diagnostics.into_iter().filter(|found| found.rule.as_str() == INTERNAL_ERROR);
        let new: Vec<Diagnostic> = failures
            .filter(|failure| {
                self.diagnostics.iter().all(|known| (&known.rule, &known.detail) != (&failure.rule, &failure.detail))
            })
            .collect();
        self.diagnostics.extend(new);
    }
}

/// Silences what ignores silence on this day and what the baseline knows, and adds the findings about both.
/// The baseline is that of the revision `baseline_of`.
pub fn apply(plan: &Plan<'_>, context: &Context<'_>, findings: Findings, baseline_of: Side, today: Date) -> Judged {
    let mut ignores = Ignores::scan(context);
    let mut baseline = Baseline::read(context.files, baseline_of, &context.config.baseline_path());
    let mut judged = Judged { skipped: findings.skipped, failed: findings.failed, ..Judged::default() };
    for diagnostic in findings.diagnostics {
        if ignores.silence(context, &diagnostic, today) {
            judged.suppressed.push(diagnostic);
        } else if baseline.silence(&diagnostic, is_eligible(&diagnostic, plan.catalogue)) {
            judged.in_baseline.push(diagnostic);
        } else {
            judged.diagnostics.push(diagnostic);
        }
    }
    let unsure: BTreeSet<&str> = judged.skipped.iter().map(|skipped| skipped.what.as_str()).collect();
    let mut about = ignores.findings(plan, context, &unsure, today);
    about.extend(baseline.findings(plan, context, &unsure));
    judged.diagnostics.extend(about);
    judged.baseline = baseline;
    judged
}

/// All ignores of the revision that is judged, by file.
struct Ignores {
    by_file: BTreeMap<FileId, Vec<Ignore>>,
    /// Where each statement begins, which an ignore above the statement speaks of.
    statements: BTreeMap<String, Span>,
}

/// One ignore comment.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ignore {
    /// From `feedgate:` to the last of its parts.
    range: Range<usize>,
    /// The line that it is for, from 1; `None` when no line follows.
    line: Option<u32>,
    parsed: Parsed,
    used: BTreeSet<String>,
}

/// What an ignore says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Parsed {
    rules: Vec<(String, Range<usize>)>,
    until: Option<(Date, Range<usize>)>,
    has_reason: bool,
    /// Where it stops to be an ignore, why, and what to write. Such an ignore silences nothing.
    defect: Option<(Range<usize>, String, &'static str)>,
}

impl Ignores {
    fn scan(context: &Context<'_>) -> Ignores {
        let found = context.files.of(context.side).map(|(id, file)| (id, scan(file))).filter(|(_, ignores)| !ignores.is_empty());
        let by_file: BTreeMap<_, _> = found.collect();
        let of_files = context.head.queries.values().filter(|query| by_file.contains_key(&query.span.file));
        let statements = of_files.map(|query| (query.id.to_string(), query.span)).collect();
        Ignores { by_file, statements }
    }

    /// Whether an ignore silences the finding; the ignore then counts as used, and an expired one with it.
    fn silence(&mut self, context: &Context<'_>, diagnostic: &Diagnostic, today: Date) -> bool {
        let Some(ignores) = self.by_file.get_mut(&diagnostic.primary.file) else { return false };
        let file = context.files.get(diagnostic.primary.file);
        let statement = match diagnostic.subject.kind {
            SubjectKind::Query => self.statements.get(&*diagnostic.subject.key),
            _ => None,
        };
        let starts = [Some(diagnostic.primary), statement.copied()]
            .into_iter()
            .flatten()
            .filter(|span| span.file == diagnostic.primary.file);
        let lines: Vec<u32> = starts.map(|span| file.position(span.start).line).collect();
        let mut silenced = false;
        for ignore in ignores.iter_mut().filter(|ignore| ignore.line.is_some_and(|line| lines.contains(&line))) {
            let names_it = ignore.parsed.rules.iter().any(|(rule, _)| rule == diagnostic.rule.as_str());
            if names_it && ignore.parsed.defect.is_none() {
                ignore.used.insert(diagnostic.rule.to_string());
                silenced |= !ignore.parsed.is_expired(today);
            }
        }
        silenced
    }

    fn findings(&self, plan: &Plan<'_>, context: &Context<'_>, unsure: &BTreeSet<&str>, today: Date) -> Vec<Diagnostic> {
        let each = || self.by_file.iter().flat_map(|(file, ignores)| ignores.iter().map(move |ignore| (*file, ignore)));
        let judge = |id: &str, look: &mut dyn FnMut(FileId, &Ignore, &mut Sink<'_>)| {
            let Some(active) = plan.get(id) else { return Vec::new() };
            let mut sink = active.sink();
            each().for_each(|(file, ignore)| look(file, ignore, &mut sink));
            sink.diagnostics
        };
        let subject = |file: FileId| Subject::new(SubjectKind::File, context.files.get(file).path.as_str());
        let mut found = judge("malformed-ignore", &mut |file, ignore, sink| {
            if let Some((range, message, help)) = &ignore.parsed.defect {
                sink.report(subject(file), Span::new(file, range.clone()), message.clone()).help(*help).detail(message.clone());
            }
        });
        found.extend(judge("ignore-without-reason", &mut |file, ignore, sink| {
            if ignore.parsed.defect.is_none() && !ignore.parsed.has_reason {
                let rules = ignore.parsed.names();
                let place = Span::new(file, ignore.range.clone());
                sink.report(subject(file), place, format!("{rules} {} ignored without a reason", ignore.parsed.is_or_are()))
                    .detail(rules);
            }
        }));
        found.extend(judge("expired-ignore", &mut |file, ignore, sink| {
            let Some((until, range)) = ignore.parsed.until.as_ref().filter(|_| ignore.parsed.is_expired(today)) else { return };
            let rules = ignore.parsed.names();
            sink.report(subject(file), Span::new(file, range.clone()), format!("the ignore of {rules} expired on {until}"))
                .detail(rules);
        }));
        found.extend(judge("ignore-of-unknown-rule", &mut |file, ignore, sink| {
            for (rule, range) in ignore.parsed.rules.iter().filter(|(rule, _)| plan.catalogue.get(rule).is_none()) {
                let finding = sink
                    .report(subject(file), Span::new(file, range.clone()), format!("there is no rule `{rule}`"))
                    .detail(rule.clone());
                if let Some(near) = plan.catalogue.nearest(rule) {
                    finding.help(format!("did you mean `{near}`?"));
                }
            }
        }));
        found.extend(judge("unused-ignore", &mut |file, ignore, sink| {
            if ignore.parsed.defect.is_some() || ignore.parsed.is_expired(today) {
                return;
            }
            for (rule, range) in ignore.parsed.rules.iter().filter(|(rule, _)| !ignore.used.contains(rule)) {
                let Some(known) = plan.catalogue.get(rule) else { continue };
                let message = if known.meta.family == IGNORE_FAMILY {
                    format!("findings of `{rule}` cannot be ignored")
                } else if plan.get(rule).is_some() && !unsure.contains(rule.as_str()) {
                    format!("`{rule}` is ignored here and finds nothing")
                } else {
                    continue;
                };
                sink.report(subject(file), Span::new(file, range.clone()), message).detail(rule.clone());
            }
        }));
        found
    }
}

impl Parsed {
    fn is_expired(&self, today: Date) -> bool {
        self.until.as_ref().is_some_and(|(until, _)| *until < today)
    }

    fn names(&self) -> String {
        let names: Vec<String> = self.rules.iter().map(|(rule, _)| format!("`{rule}`")).collect();
        names.join(", ")
    }

    fn is_or_are(&self) -> &'static str {
        if self.rules.len() == 1 { "is" } else { "are" }
    }
}

/// How comments begin in a file, by its name; empty for formats without comments.
fn comment_marks(path: &RepoPath) -> &'static [&'static str] {
    let is = |extensions: &[&str]| extensions.iter().any(|extension| path.has_extension(extension));
    // SQL lies in YAML and HCL too, so its `--` counts there.
    if is(&["yaml", "yml", "lkml"]) {
        &["#", "--", "/*"]
    } else if is(&["tf", "tfvars", "hcl", "sql", "sqlx"]) {
        if is(&["sql", "sqlx"]) { &["#", "--", "/*"] } else { &["#", "//", "/*", "--"] }
    } else {
        &[]
    }
}

const NEEDLE: &str = "feedgate:";

fn scan(file: &SourceFile) -> Vec<Ignore> {
    let marks = comment_marks(&file.path);
    if marks.is_empty() {
        return Vec::new();
    }
    let found = memchr::memmem::find_iter(file.text.as_bytes(), NEEDLE);
    found.filter_map(|at| read(file, marks, at)).collect()
}

/// The ignore whose `feedgate:` stands at this byte; `None` when it is no comment, or says something else.
fn read(file: &SourceFile, marks: &[&str], at: usize) -> Option<Ignore> {
    let number = file.position(u32::try_from(at).ok()?).line;
    let line = file.line_range(number);
    let before = file.text.get(line.start..at)?.trim_end();
    let mark = marks.iter().find(|mark| before.ends_with(**mark))?;
    let outside = &before[..before.len() - mark.len()];
    let starts_comment = *mark != "#" || outside.is_empty() || outside.ends_with([' ', '\t']);
    if !starts_comment || is_inside_quotes(outside) {
        return None;
    }
    let after = &file.text[at + NEEDLE.len()..line.end];
    let words = after.trim_start();
    let arguments = words.strip_prefix("ignore")?;
    let from = line.end - arguments.len();
    let arguments = if *mark == "/*" { arguments.split("*/").next().unwrap_or(arguments) } else { arguments };
    let (parsed, end) = parse(arguments.trim_end(), from);
    let own_line = outside.trim().is_empty();
    let line = if own_line { next_line(file, marks, number) } else { Some(number) };
    Some(Ignore { range: at..end, line, parsed, used: BTreeSet::new() })
}

/// Whether a quote that begins a word is still open. An apostrophe inside a word opens nothing.
fn is_inside_quotes(text: &str) -> bool {
    let mut open = None;
    let mut previous = ' ';
    for character in text.chars() {
        match open {
            Some(quote) if character == quote && previous != '\\' => open = None,
            None if matches!(character, '"' | '\'' | '`') && !previous.is_alphanumeric() => open = Some(character),
            Some(_) | None => {}
        }
        previous = character;
    }
    open.is_some()
}

/// The next line that holds more than a comment.
fn next_line(file: &SourceFile, marks: &[&str], number: u32) -> Option<u32> {
    let last = u32::try_from(file.line_starts().len()).ok()?;
    let holds_something = |line: &u32| {
        let text = file.text.get(file.line_range(*line)).unwrap_or_default().trim();
        !text.is_empty() && !marks.iter().any(|mark| text.starts_with(mark))
    };
    (number + 1..=last).find(holds_something)
}

const FORM: &str = "write `ignore[rule-id] until=2027-01-31 reason=\"…\"`";

/// Reads what follows `ignore`, which stands at byte `from` of the file; gives also where it ends.
fn parse(text: &str, from: usize) -> (Parsed, usize) {
    let mut parsed = Parsed::default();
    let end = from + text.len();
    let broken = |mut parsed: Parsed, range: Range<usize>, message: &str| {
        parsed.defect = Some((range, message.to_owned(), FORM));
        (parsed, end)
    };
    let Some((names, rest)) = text.strip_prefix('[').and_then(|inner| inner.split_once(']')) else {
        return broken(parsed, from - "ignore".len()..end, "the ignore names no rule between brackets");
    };
    let mut at = from + 1;
    for name in names.split(',') {
        let start = at + (name.len() - name.trim_start().len());
        if !name.trim().is_empty() {
            parsed.rules.push((name.trim().to_owned(), start..start + name.trim().len()));
        }
        at += name.len() + 1;
    }
    if parsed.rules.is_empty() {
        return broken(parsed, from..at, "the ignore names no rule between its brackets");
    }
    let mut rest = rest.trim_start();
    while !rest.is_empty() {
        let at = end - rest.len();
        let word = rest.split_whitespace().next().unwrap_or(rest);
        if let Some(date) = word.strip_prefix("until=") {
            let range = at..at + word.len();
            let Some(date) = Date::parse(date) else { return broken(parsed, range, &format!("`{date}` is not a day")) };
            parsed.until = Some((date, range));
            rest = rest[word.len()..].trim_start();
        } else if let Some(quoted) = rest.strip_prefix("reason=\"") {
            let Some((reason, after)) = quoted.split_once('"') else {
                return broken(parsed, at..end, "the reason has no closing quote");
            };
            parsed.has_reason = !reason.trim().is_empty();
            rest = after.trim_start();
        } else {
            return broken(parsed, at..at + word.len(), &format!("an ignore does not take `{word}`"));
        }
    }
    (parsed, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignores(path: &str, text: &str) -> String {
        let file = SourceFile::new(crate::text::Side::Head, RepoPath::new(path).expect("a plain path"), text.into());
        let shown = scan(&file).into_iter().map(|ignore| {
            let rules: Vec<&str> = ignore
                .parsed
                .rules
                .iter()
                .map(|(rule, range)| {
                    assert_eq!(rule, &text[range.clone()], "the place of a rule id is the id");
                    rule.as_str()
                })
                .collect();
            let line = ignore.line.map_or("none".to_owned(), |line| line.to_string());
            let until = ignore.parsed.until.map_or(String::new(), |(date, range)| format!(" {date}={}", &text[range]));
            let reason = if ignore.parsed.has_reason { " reason" } else { "" };
            let defect =
                ignore.parsed.defect.map_or(String::new(), |(range, message, _)| format!(" !{message} @{}", &text[range]));
            format!("{line}: {}{until}{reason}{defect}", rules.join("+"))
        });
        shown.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn an_ignore_at_the_end_of_a_line_is_for_that_line() {
        assert_eq!(ignores("a.yaml", "feed: x # feedgate: ignore[a, b-c] reason=\"y z\"\n"), "1: a+b-c reason");
        assert_eq!(ignores("a.sql", "SELECT * -- feedgate: ignore[a]\nFROM t"), "1: a");
        assert_eq!(ignores("a.tf", "a = 1 /* feedgate: ignore[a] until=2027-01-31 */\n"), "1: a 2027-01-31=until=2027-01-31");
    }

    #[test]
    fn an_ignore_alone_is_for_the_next_line_that_says_something() {
        assert_eq!(ignores("a.yaml", "# feedgate: ignore[a]\n\n# why\nfeed: x\n"), "4: a");
        assert_eq!(ignores("a.tf", "  // feedgate: ignore[a]\r\n  x = 1\r\n"), "2: a");
        assert_eq!(ignores("a.yaml", "feed: x\n# feedgate: ignore[a]\n"), "none: a");
    }

    #[test]
    fn only_comments_ignore() {
        assert_eq!(ignores("a.yaml", "a: \"x # feedgate: ignore[a]\"\n"), "");
        assert_eq!(ignores("a.yaml", "a: x#feedgate: ignore[a]\n"), "");
        assert_eq!(ignores("a.json", "{} // feedgate: ignore[a]\n"), "");
        assert_eq!(ignores("a.sql", "SELECT '-- feedgate: ignore[a]'\n"), "");
        assert_eq!(ignores("a.yaml", "a: don't # feedgate: ignore[a]\n"), "1: a");
        assert_eq!(ignores("a.yaml", "a: 1 # see feedgate: ignore[a]\n"), "");
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        assert_eq!(ignores("a.yaml", "a: 1 # feedgate: ignore\n"), "1:  !the ignore names no rule between brackets @ignore");
        assert_eq!(ignores("a.yaml", "a: 1 # feedgate: ignore[ ]\n"), "1:  !the ignore names no rule between its brackets @[ ]");
        assert_eq!(ignores("a.yaml", "a: 1 # feedgate: ignore[a] until=soon\n"), "1: a !`soon` is not a day @until=soon");
        assert_eq!(ignores("a.yaml", "a: 1 # feedgate: ignore[a] because\n"), "1: a !an ignore does not take `because` @because");
        assert_eq!(
            ignores("a.yaml", "a: 1 # feedgate: ignore[a] reason=\"x\n"),
            "1: a !the reason has no closing quote @reason=\"x"
        );
    }

    /// What stands, what is silenced, and on which day.
    fn applied(text: &str, today: &str) -> String {
        use crate::model::testing::files;
        use crate::rules::testing::{feed, model};
        let files = files(&[("feeds/orders.yaml", text)]);
        let mut orders = feed("orders");
        let at = text.find("feed: orders").expect("the text defines the feed");
        orders.name_span = crate::rules::testing::span(at..at + "feed: orders".len());
        let (head, config) = (model([orders]), crate::config::Config::default());
        let catalogue = crate::rules::catalogue::Catalogue::embedded();
        let context = Context::alone(&files, crate::text::Side::Head, &head, &config, crate::rules::testing::TODAY);
        let ids = ["missing-owner", "unused-ignore", "expired-ignore", "ignore-of-unknown-rule", "ignore-without-reason"];
        let plan = Plan::new(&catalogue, &config, &ids.map(crate::diagnostic::RuleId::new), None);
        let judged = apply(&plan, &context, plan.run(&context, &config), Side::Head, Date::parse(today).expect("a day"));
        let found = judged.diagnostics.iter().map(|found| format!("{}: {}", found.rule, files.slice(found.primary)));
        let silenced = judged.suppressed.iter().map(|found| format!("silenced {}", found.rule));
        found.chain(silenced).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn an_ignore_silences_until_its_day() {
        let text = "# feedgate: ignore[missing-owner] until=2026-11-30 reason=\"x\"\nfeed: orders\n";
        assert_eq!(applied(text, "2026-11-30"), "silenced missing-owner");
        assert_eq!(applied(text, "2026-12-01"), "missing-owner: feed: orders\nexpired-ignore: until=2026-11-30");
    }

    #[test]
    fn an_ignore_that_silences_nothing_is_found_unless_its_rule_did_not_run() {
        let text = "a: 1 # feedgate: ignore[missing-owner, invalid-rule, mising-owner] reason=\"x\"\nfeed: orders # feedgate: ignore[missing-owner]\n";
        let found = "ignore-without-reason: feedgate: ignore[missing-owner]\n\
                     ignore-of-unknown-rule: mising-owner\nunused-ignore: missing-owner\nsilenced missing-owner";
        assert_eq!(applied(text, "2026-11-30"), found);
    }

    #[test]
    fn nothing_makes_it_panic() {
        for text in [
            "# feedgate: ignore[",
            "# feedgate:",
            "#feedgate: ignore]",
            "# feedgate: ignore[é,",
            "é# feedgate: ignore[é] until= reason=\"\"",
        ] {
            ignores("a.yaml", text);
        }
    }
}
