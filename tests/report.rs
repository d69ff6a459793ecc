//! Renderers: hand-built reports in, text out. Snapshots show what people and programs read; the rest are properties.

use feedgate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, RuleId, Severity, Subject, SubjectKind};
use feedgate::estimate::price::Price;
use feedgate::estimate::{Accuracy, Basis, Bounds, Estimate, TableRead};
use feedgate::model::change::{Change, ChangeKind};
use feedgate::model::quota::{Quota, Scope, Usage};
use feedgate::model::{Counts, FeedId, QueryId, Skipped, TableId};
use feedgate::report::markdown::{Budget, MarkdownOptions};
use feedgate::report::text::TextOptions;
use feedgate::report::{Pages, Report, Stats, View, github, json, markdown, page, text};
use feedgate::rules::Meta;
use feedgate::text::{FileId, Files, RepoPath, Side, SourceFile, Span};

fn push(files: &mut Files, path: &str, text: &str) -> FileId {
    files.push(SourceFile::new(Side::Head, RepoPath::new(path).expect("a plain path"), text.into()))
}

fn span(files: &Files, file: FileId, mark: &str) -> Span {
    let start = files.get(file).text.find(mark).expect("the text holds the mark");
    Span::new(file, start..start + mark.len())
}

fn finding(rule: &str, severity: Severity, primary: Span, message: &str) -> Diagnostic {
    Diagnostic {
        rule: RuleId::new(rule),
        severity,
        message: message.to_owned(),
        primary,
        label: None,
        related: Vec::new(),
        help: None,
        fix: None,
        subject: Subject::new(SubjectKind::File, "x"),
        detail: String::new(),
        is_new: None,
    }
}

fn meta(family: &str, id: &str) -> Meta {
    Meta {
        id: RuleId::new(id),
        family: family.to_owned(),
        title: "Feed without an owner".to_owned(),
        severity: Severity::Warning,
        is_off: false,
        each: SubjectKind::Feed,
        help: Some("add `owner:`".to_owned()),
        since: "0.1.0".to_owned(),
        sources: vec!["https://cloud.google.com/storage/docs/bucket-lock".to_owned()],
        read: Some("2026-08-22".to_owned()),
        options: Vec::new(),
        page: "# Feed without an owner\n\nWhen a file is late, somebody must be asked. A feed whose definition names nobody is asked about in every channel at once.\n\n\
               - a list item that is rather long and goes on, so that it has to be broken into two lines somewhere before it ends here\n\n\
               ## Bad\n`feeds/orders.yaml`:\n```yaml\nfeed: orders   #~ feed `orders` has no owner\n```\n"
            .to_owned(),
    }
}

fn pages() -> Pages {
    Pages::new(&[meta("feed", "missing-owner"), meta("retention", "retention-below-policy"), meta("sql", "select-star")])
}

/// A table that is nearly as often loaded as it may be.
fn usage() -> Usage {
    Usage {
        scope: Scope::Table(TableId::new(None, "raw", "orders")),
        quota: Quota::Table,
        used: 1_440,
        feeds: vec![(FeedId("orders".into()), 1_440)],
        unknown: vec![FeedId("orders_backfill".into())],
    }
}

const FEED: &str = "feed: orders\ndescription: one record each\nretention: 30 days\nfile:\n  bucket: acme-landing\n";
const BUCKET: &str = "resource \"google_storage_bucket\" \"landing\" {\n  name = \"acme-landing\"\n  retention_policy {\n    retention_period = 180\n  }\n}\n";

/// A run with a finding of each severity, related places in two files, a fix, estimates, and things not checked.
fn landing_zone() -> (Files, Report) {
    let mut files = Files::default();
    let feed = push(&mut files, "feeds/orders.yaml", FEED);
    let bucket = push(&mut files, "infra/main.tf", BUCKET);
    let query = push(&mut files, "sql/cost.sql", "SELECT *\nFROM raw.orders;\n");
    let mut owner = finding("missing-owner", Severity::Warning, span(&files, feed, "orders"), "feed `orders` has no owner");
    owner.help = Some("add `owner:` with the team that answers when the feed is late".to_owned());
    owner.subject = Subject::new(SubjectKind::Feed, "orders");
    let at = span(&files, feed, "30 days");
    let message = "feed `orders` is kept for 30 days, the policy asks for 180 days";
    let mut retention = finding("retention-below-policy", Severity::Error, at, message);
    retention.label = Some("30 days".to_owned());
    retention.related(span(&files, feed, "acme-landing"), "delivered here");
    retention.related(span(&files, bucket, "180"), "the bucket keeps objects for 180 seconds");
    retention.fix = Some(Fix {
        applicability: Applicability::Unsafe,
        title: "keep for 180 days".to_owned(),
        edits: vec![Edit { span: at, text: "180 days".to_owned() }],
        new_files: vec![],
    });
    retention.subject = Subject::new(SubjectKind::Feed, "orders");
    let mut star = finding("select-star", Severity::Note, span(&files, query, "*"), "`*` reads all 12 columns of `raw.orders`");
    star.related(span(&files, feed, "orders"), "feed `orders` fills the table");
    let estimates = vec![known(span(&files, query, "SELECT *\nFROM raw.orders")), unknown(Span::start_of(query))];
    let report = Report {
        root: None,
        base: None,
        config_of_base: None,
        changed_lines: None,
        pipeline: None,
        quotas_of_base: Vec::new(),
        n_known_left_out: 0,
        diagnostics: vec![owner, retention, star.clone()],
        suppressed: vec![star],
        in_baseline: Vec::new(),
        repricing: None,
        monthly: feedgate::estimate::monthly::sum(&estimates),
        estimates,
        changes: vec![Change {
            subject: Subject::new(SubjectKind::Column, "raw.orders.amount"),
            holder: Some(Subject::new(SubjectKind::Table, "raw.orders")),
            kind: ChangeKind::Removed,
            differences: Vec::new(),
            before: None,
            after: None,
        }],
        skipped: skipped(&files, bucket),
        reads: Vec::new(),
        quotas: vec![usage()],
        stats: Stats {
            views: 0,
            explores: 0,
            feed_sources: Default::default(),
            read: Counts { files: 3, bytes: 300 },
            feeds: 1,
            schemas: 0,
            tables: 1,
            buckets: 1,
            queries: 2,
            rules: 25,
        },
    };
    (files, report)
}

fn known(span: Span) -> Estimate {
    let bytes = Bounds { low: 22_209_808, high: Some(22_209_808) };
    Estimate {
        query: QueryId { path: "sql/cost.sql".into(), number: 1, is_only: true },
        span,
        statement: "SELECT".to_owned(),
        bytes,
        billed: Bounds { low: 23_068_672, high: Some(23_068_672) },
        cost_usd: Some((0.000_131, Some(0.000_131))),
        price: Some(Price { location: "EU".to_owned(), usd_per_tib: 6.25, is_free_at_first: true, source: "list".to_owned() }),
        occurs: feedgate::sql::Occurs::Always,
        runs_per_month: Some(300.0),
        accuracy: Accuracy::Exact,
        basis: Some(Basis::Statistics),
        tables: vec![TableRead {
            table: "raw.orders".to_owned(),
            columns: vec!["amount".to_owned(), "id".to_owned()],
            bytes,
            partitions: Some((3, 365)),
            why: "filter on `day`".to_owned(),
        }],
        unknown: Vec::new(),
        notes: vec!["10 MiB is the least that is billed".to_owned()],
        steps: vec![Label::new(span, "2 columns of 8 bytes, 1,388,113 rows")],
    }
}

fn unknown(span: Span) -> Estimate {
    Estimate {
        query: QueryId { path: "sql/names.sql".into(), number: 2, is_only: false },
        bytes: Bounds { low: 0, high: None },
        billed: Bounds { low: 0, high: None },
        cost_usd: None,
        price: None,
        runs_per_month: None,
        accuracy: Accuracy::Unknown,
        basis: None,
        tables: Vec::new(),
        unknown: vec![(Some(span), "`other.names` is not known".to_owned())],
        notes: Vec::new(),
        steps: Vec::new(),
        ..known(span)
    }
}

fn skipped(files: &Files, bucket: FileId) -> Vec<Skipped> {
    let one = |subject: &str, why: &str, span| Skipped {
        what: "estimate".to_owned(),
        subject: subject.to_owned(),
        why: why.to_owned(),
        span,
    };
    vec![
        one("query sql/names.sql#2", "table `other.names` is not known", None),
        one("query sql/a.sql", "no statistics", None),
        one("query sql/b.sql", "no statistics", None),
        one("query sql/c.sql", "no statistics", None),
        one("query sql/d.sql", "no statistics", Some(span(files, bucket, "180"))),
    ]
}

fn in_text(files: &Files, report: &Report, options: &TextOptions) -> String {
    text::render(&View { files, report, pages: &pages(), prefix: "" }, options)
}

fn in_markdown(view: &View<'_>) -> String {
    markdown::render(&json::told(view), &MarkdownOptions::default())
}

fn everything(files: &Files, report: &Report) -> [String; 6] {
    let view = View { files, report, pages: &pages(), prefix: "examples/landing-zone/" };
    let colored = TextOptions { color: true, links: true, width: 80, limit: usize::MAX };
    [
        text::render(&view, &TextOptions::default()),
        text::render(&view, &colored),
        text::render_estimates(&view, &colored),
        json::render(&view),
        github::render(&json::told(&view), view.prefix),
        in_markdown(&view),
    ]
}

#[test]
fn a_run_in_a_terminal() {
    let (files, report) = landing_zone();
    insta::assert_snapshot!("text", in_text(&files, &report, &TextOptions::default()));
}

#[test]
fn a_run_in_a_terminal_with_colors() {
    let (files, report) = landing_zone();
    let options = TextOptions { color: true, links: true, width: 80, limit: 1 };
    insta::assert_snapshot!("text_colored", in_text(&files, &report, &options).replace('\u{1b}', "␛"));
}

#[test]
fn a_run_as_json() {
    let (files, report) = landing_zone();
    let rendered = json::render(&View { files: &files, report: &report, pages: &pages(), prefix: "ignored/" });
    insta::assert_snapshot!("json", rendered);
}

#[test]
fn a_run_as_workflow_commands() {
    let (files, report) = landing_zone();
    let view = View { files: &files, report: &report, pages: &pages(), prefix: "examples/landing-zone/" };
    insta::assert_snapshot!("github", github::render(&json::told(&view), view.prefix));
}

#[test]
fn a_run_as_markdown() {
    let (files, report) = landing_zone();
    let view = View { files: &files, report: &report, pages: &pages(), prefix: "" };
    insta::assert_snapshot!("markdown", in_markdown(&view));
}

#[test]
fn estimates_in_full() {
    let (files, report) = landing_zone();
    let report = Report { diagnostics: Vec::new(), ..report };
    let view = View { files: &files, report: &report, pages: &pages(), prefix: "" };
    insta::assert_snapshot!("estimates", text::render_estimates(&view, &TextOptions::default()));
}

#[test]
fn the_page_of_a_rule_and_the_catalogue() {
    let metas = [meta("feed", "missing-owner"), meta("sql", "select-star")];
    let page = page::render(&metas[0], &pages(), &TextOptions::default());
    insta::assert_snapshot!("page", format!("{page}\n=====\n{}", page::index(&metas, &TextOptions::default())));
}

#[test]
fn nothing_read_says_what_is_looked_for() {
    insta::assert_snapshot!("nothing", in_text(&Files::default(), &Report::default(), &TextOptions::default()));
}

#[test]
fn tabs_wide_characters_and_line_breaks_align() {
    let mut files = Files::default();
    let text = "\u{feff}名前: 値\r\n\tkey: \"value\"\r\nlast: no";
    let file = push(&mut files, "wide.yaml", text);
    let mut wide = finding("a", Severity::Error, span(&files, file, "値"), "wide");
    wide.label = Some("here".to_owned());
    let tab = finding("b", Severity::Warning, span(&files, file, "\"value\""), "tab");
    let lines = finding("c", Severity::Warning, span(&files, file, "key: \"value\"\r\nlast"), "two lines");
    let end = finding("d", Severity::Note, Span::new(file, text.len()..text.len()), "the end of the file");
    let report = Report { diagnostics: vec![wide, tab, lines, end], ..Report::default() };
    insta::assert_snapshot!("wide", in_text(&files, &report, &TextOptions::default()));
}

#[test]
fn a_hostile_tree_gives_harmless_output() {
    let (files, report) = hostile();
    let [plain, _, _, _, github, markdown] = everything(&files, &report);
    insta::assert_snapshot!("hostile_text", plain);
    insta::assert_snapshot!("hostile_github", github);
    insta::assert_snapshot!("hostile_markdown", markdown);
}

/// Everything that a fork's pull request could try.
fn hostile() -> (Files, Report) {
    let mut files = Files::default();
    let long = format!("{{\"a\": \"{}\", \"b\": 0123}}", "x".repeat(70_000));
    let minified = push(&mut files, "samples/big.json", &long);
    let path = "feeds/a\n::error file=x::y`<b>|@octocat.yaml";
    let escapes = push(&mut files, path, "feed: \u{1b}[31mred\u{1b}[0m \u{202e}drawkcab\n::stop-commands::x\n##[error]x\n");
    let mut far = finding("far", Severity::Error, span(&files, minified, "0123"), "`0123` is not a number");
    far.related(Span::new(minified, 1..4), "the first key");
    let message = "feed `a\r\n::error::pwned ##[error]` </details> <!-- feedgate:v1 --> `x` @octocat #1 ``` | \u{1b}[2J";
    let mut injected = finding("in,ject:ed", Severity::Warning, span(&files, escapes, "red"), message);
    injected.help = Some("::add-mask::secret\n::error::x %0A, 100%".to_owned());
    injected.related(span(&files, escapes, "drawkcab"), "\u{202e}label\n::warning::z");
    injected.related(span(&files, minified, "0123"), "```\n</details>");
    let commands = finding("x", Severity::Note, span(&files, escapes, "::stop-commands::x"), "::stop-commands::x");
    let why = "::error::why\n| a | b |".to_owned();
    let skipped = Skipped { what: "file".to_owned(), subject: "`\n</details>|".to_owned(), why, span: None };
    let mut estimate = unknown(Span::start_of(escapes));
    estimate.query.path = "sql/a|b`c\n::error::d.sql".into();
    estimate.notes = vec!["::debug::x".to_owned()];
    let report = Report {
        diagnostics: vec![far, injected, commands],
        estimates: vec![estimate],
        skipped: vec![skipped],
        ..Report::default()
    };
    (files, report)
}

#[test]
fn no_output_holds_an_escape_code_or_a_command_of_the_tree() {
    let (files, report) = hostile();
    let [plain, colored, estimates, json, github, markdown] = everything(&files, &report);
    for output in [&plain, &json, &github, &markdown] {
        let is_raw = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}');
        let is_json = output.starts_with('{');
        assert!(is_json || !output.contains(is_raw), "{output}");
        assert!(!output.contains('\u{1b}') && !output.contains("##["), "{output}");
    }
    for output in [&plain, &colored, &estimates, &json, &markdown] {
        assert!(output.lines().all(|line| !line.trim_start().starts_with("::")), "{output}");
    }
    let n_commands = github.lines().filter(|line| line.starts_with("::")).count();
    assert_eq!((n_commands, github.lines().count()), (3, 3));
    assert_eq!(colored.matches("\u{1b}[31mred").count(), 0);
    serde_json::from_str::<serde_json::Value>(&json).expect("the report is JSON whatever the tree holds");
}

#[test]
fn rendering_survives_any_text_and_any_span() {
    let seed = "feed: \"órders\"\r\n\t- [a, {b: ' ' }]\n\u{feff}# 値 \u{1b}[0m\u{202e} ::error::\r`</b>`|\n\n";
    let bits = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    for round in 0..300u64 {
        let mut text: Vec<char> = seed.chars().collect();
        for step in 0..round % 7 {
            let at = usize::try_from(bits(round * 31 + step)).expect("31 bits fit") % text.len();
            let other = text[usize::try_from(bits(round * 17 + step)).expect("31 bits fit") % text.len()];
            text.splice(at..at, std::iter::repeat_n(other, if step == 3 { 400 } else { 1 }));
        }
        let text: String = text.into_iter().collect();
        let mut files = Files::default();
        let file = push(&mut files, "a.yaml", &text);
        let diagnostics = (0..6u64).map(|n| arbitrary(file, text.len(), bits(round * 97 + n), &text)).collect();
        let report = Report { diagnostics, ..Report::default() };
        for output in everything(&files, &report) {
            assert!(!output.is_empty() || report.estimates.is_empty());
        }
    }
}

/// A finding with spans that may lie inside a character, past the end, or over each other.
fn arbitrary(file: FileId, length: usize, seed: u64, text: &str) -> Diagnostic {
    let place = |n: u64| {
        let start = usize::try_from((seed >> n) & 0xffff).expect("16 bits fit") % (length + 3);
        let size = usize::try_from((seed >> (n + 3)) & 0x3f).expect("6 bits fit");
        Span::new(file, start..start + size)
    };
    let mut diagnostic = finding("a", Severity::Error, place(0), text);
    diagnostic.label = Some(text.to_owned());
    diagnostic.related(place(5), text).related(place(9), "b").related(place(11), "");
    diagnostic
}

#[test]
fn markdown_never_exceeds_its_budget_and_says_what_it_left_out() {
    let (files, report) = many(10_000);
    let view = View { files: &files, report: &report, pages: &pages(), prefix: "" };
    for budget in [400, 2_000, 60_000] {
        let options = MarkdownOptions { budget: Budget(budget), ..MarkdownOptions::default() };
        let rendered = markdown::render(&json::told(&view), &options);
        assert!(rendered.encode_utf16().count() <= budget, "{budget}");
        assert!(rendered.contains("not shown here"), "{rendered}");
        assert_eq!(rendered.matches("<details>").count(), rendered.matches("</details>").count());
    }
}

#[test]
fn ten_thousand_findings_on_one_long_line_are_rendered() {
    let (files, report) = many(10_000);
    let [text, _, _, json, github, _] = everything(&files, &report);
    assert!(text.contains("… and 9,900 more findings; `--format json` has all of them"));
    let json: serde_json::Value = serde_json::from_str(&json).expect("the report is JSON");
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(10_000));
    assert_eq!(json["findings"][9_999]["column"], 4_999_501);
    // Ten commands, and the others in a group of lines.
    assert_eq!(github.lines().count(), 10_000 + 2);
    assert_eq!(github.lines().filter(|line| line.starts_with("::error ")).count(), 10);
}

#[test]
fn many_findings_of_one_rule_at_one_place_are_shown_in_part() {
    let mut files = Files::default();
    let file = push(&mut files, "main.tf", "one two");
    let at = |mark: &str, n: usize| {
        (0..n)
            .map(|n| finding("a", Severity::Error, span(&files, file, mark), &format!("`{mark}{n}` is wrong")))
            .collect::<Vec<_>>()
    };
    let diagnostics = [at("one", 20), at("two", 3)].concat();
    let report = Report { diagnostics, ..Report::default() };
    let [text, _, _, json, github, markdown] = everything(&files, &report);
    for rendered in [&text, &github, &markdown] {
        assert!(rendered.contains("and 17 more findings of this rule at this place"), "{rendered}");
        assert!(rendered.contains("`one2`") && !rendered.contains("`one3`") && rendered.contains("`two2`"), "{rendered}");
    }
    assert!(text.contains("23 errors"), "{text}");
    assert!(!markdown.contains("not shown here"), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&json).expect("the report is JSON");
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(23));
}

/// A file of five megabytes on one line with `n` findings.
fn many(n: usize) -> (Files, Report) {
    let mut files = Files::default();
    let text = "é23456789,".repeat(500_000);
    let file = push(&mut files, "samples/big.json", &text);
    let at = |n: usize| Span::new(file, n * 550..n * 550 + 3);
    let diagnostics = (0..n).map(|n| finding("a", Severity::Error, at(n), "`x` is wrong")).collect();
    let skipped =
        (0..3_000).map(|n| Skipped { what: "file".into(), subject: format!("f{n}"), why: format!("why {n}"), span: None });
    let report = Report { diagnostics, skipped: skipped.collect(), ..Report::default() };
    (files, report)
}

#[test]
fn rendering_the_same_report_twice_gives_the_same_bytes() {
    let (files, report) = landing_zone();
    assert_eq!(everything(&files, &report), everything(&files, &report));
}
