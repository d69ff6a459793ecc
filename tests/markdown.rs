//! The comment of a pull request as properties: whatever the tree holds, the Markdown has the same nodes, says nothing to
//! anybody, and keeps its budget.

use feedgate::report::markdown::{self, Budget, Links, MarkdownOptions};
use feedgate::report::told::Told;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

/// Names that mean something to somebody.
const HOSTILE: [&str; 22] = [
    "a|b",
    "`",
    "```\n</details>\n# heading",
    "<!-- feedgate:v1 key=default head=aaaa run=9.9 -->",
    "</summary></details><script>alert(1)</script>",
    "<img src=x onerror=y>",
    "@octocat",
    "@acme/team",
    "#123 GH-7 acme/zone#9",
    "https://evil.example.com/ www.evil.example.com mail@evil.example.com",
    "[click](https://evil.example.com) ![x](https://evil.example.com/x.png) <https://evil.example.com>",
    "\u{202e}drawkcab\u{2066}\u{200b}\u{feff}",
    "\u{1b}[31mred\u{7}\0",
    "a\r\n::error::pwned ##[error]x",
    "- item\n1. item\n> quote\n\n---\n\n| a | b |\n|---|---|\n",
    "**bold** _it_ ~~gone~~ $x$ :tada: \\",
    "&lt;b&gt; &amp; &#64;octocat",
    "\"];n0-->n1;click n0 \"https://evil.example.com\"",
    "%%{init: {\"theme\": \"dark\"}}%% end subgraph",
    "``a` b```",
    "\\`\\|\\",
    "x\u{0}\u{85}\u{2028}y",
];

/// A report in which everything that comes from a tree is this name.
fn report(name: &str, n_findings: usize) -> Value {
    let place = json!({"path": format!("feeds/{name}.yaml"), "line": 3, "column": 1, "end_line": 4, "end_column": 2});
    let with = |mut value: Value| {
        let object = value.as_object_mut().expect("it is an object");
        object.extend(place.as_object().expect("it is one").clone());
        value
    };
    let finding = |n: usize| {
        let family = ["deployment", "change", "feed"][n % 3];
        let (side, severity) = (["head", "base"][n % 2], ["error", "warning", "note"][n % 3]);
        let related = vec![with(json!({"message": format!("{name} and `{name}`"), "side": side})); 3];
        with(json!({
            "rule": if n % 4 == 3 { name } else { "missing-owner" }, "family": family, "severity": severity,
            "message": format!("feed `{name}{n}` is {name}"), "feeds": if n.is_multiple_of(5) { json!([]) } else { json!([name]) }, "new": n % 7 != 6,
            "help": format!("write `{name}`, not {name}"), "url": format!("https://evil.example.com/{name}"), "related": related,
            "fix": {"title": name, "edits": [], "new_files": []},
        }))
    };
    let range = json!({"low": 0, "high": 1_000_000_000_000_u64});
    let side = |accuracy: &str| {
        json!({"name": name, "bytes_processed": range, "bytes_billed": range, "accuracy": accuracy, "runs_per_month": 30.0,
               "cost_usd": {"low": 0.1, "high": 2.0}, "cost_usd_per_month": {"low": 3.0, "high": 60.0}})
    };
    let difference = json!({"cost_usd_per_month": {"low": -2.0, "high": 60.0}, "bytes_processed": {"low": -5, "high": 7}});
    let query = |accuracy: &str| {
        with(json!({"name": name, "kind": "repriced", "base": side(accuracy), "head": side(accuracy), "difference": difference,
                                   "causes": [{"kind": name, "subject": name, "message": name}]}))
    };
    let queries = ["range", "exact", name].map(query);
    let said = json!({"message": name});
    let change = |subject: &str, kind: &str| {
        json!({"subject": format!("{subject} {name}{kind}"), "kind": kind, "from": name, "feeds": [name],
               "differences": [{"name": name, "before": said, "after": said}]})
    };
    let node = |kind: &str| json!({"kind": kind, "name": name, "feeds": [name], "declared": true, "findings": 1, "change": name});
    let quota = json!({"scope": name, "counts": name, "used": 9, "used_in_base": 3, "limit": 10, "share": 0.9,
                       "feeds": [{"feed": name, "loads": 9}], "unknown": [name]});
    let reads = json!({"scope": name, "quota": name, "bytes_per_day": {"low": 9, "high": 9}, "limit": 10, "share": 0.9,
                       "queries": [{"query": name, "bytes_per_day": {"low": 9, "high": 9}}]});
    json!({
        "version": 1, "root": name, "base": {"revision": name, "commit": "bbbb"},
        "findings": (0..n_findings).map(finding).collect::<Vec<_>>(),
        "repricing": {"queries": queries, "rewritten_at_the_same_cost": 2, "cost_usd_per_month": {
            "base": {"low": 1.0, "high": 2.0}, "head": {"low": 1.0, "high": 62.0}, "difference": {"low": -1.0, "high": 61.0}, "queries": 3}},
        "changes": [change("feed", "modified"), change("feed", "added"), change("feed", "renamed"), change("table", "removed"),
                    {"subject": format!("query {name}#1"), "kind": "added"}, {"subject": format!("query {name}#2"), "kind": "added"},
                    {"subject": format!("column {name}.{name}"), "holder": format!("table {name}"), "kind": "added", "feeds": []}],
        "pipeline": {"nodes": [node("feed"), node("bucket"), node("table"), node(name)],
                     "edges": [{"from": 0, "to": 1}, {"from": 1, "to": 2}, {"from": 2, "to": 3}, {"from": 7, "to": 900}]},
        "skipped": vec![json!({"what": name, "subject": name, "why": name}); 2],
        "quotas": [quota], "query_quotas": [reads],
        "summary": {"errors": 2, "new": 3, "suppressed": 1, "read": {"files": 3, "feeds": 1, "feed_sources": {name: 1}}},
    })
}

fn rendered(report: &Value, budget: usize) -> String {
    let told = Told::read(&report.to_string()).expect("it is a report");
    let links = Links { server: "https://ghe.example.com".into(), repository: "acme/zone".into(), commit: "aaaa".into() };
    markdown::render(&told, &MarkdownOptions { budget: Budget(budget), links: Some(links) })
}

fn parsed(text: &str) -> Vec<Event<'_>> {
    Parser::new_ext(
        text,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_GFM,
    )
    .collect()
}

/// Everything but what is said: the nodes, and the tags of HTML.
fn nodes(text: &str) -> Vec<String> {
    let node = |event: Event<'_>| match event {
        Event::Text(_) | Event::Code(_) => None,
        Event::Html(html) | Event::InlineHtml(html) => Some(tags(&html)).filter(|tags| !tags.is_empty()),
        // A path that no repository has is not linked; where links lead is a test of its own.
        Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link) => None,
        other => Some(format!("{other:?}")),
    };
    parsed(text).into_iter().filter_map(node).collect()
}

fn tags(html: &str) -> String {
    html.split('<').skip(1).map(|rest| format!("<{}>", rest.split('>').next().unwrap_or_default())).collect()
}

/// What people are shown outside of code, and where links lead.
fn said_and_linked(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut said, mut linked) = (Vec::new(), Vec::new());
    let mut is_code = false;
    for event in parsed(text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) if !is_code => said.push(text.into_string()),
            Event::Html(html) => said.push(without_code(&html)),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => linked.push(dest_url.into_string()),
            _ => {}
        }
    }
    (said, linked)
}

fn without_code(html: &str) -> String {
    html.split("<code>").map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest)).collect()
}

/// Whether GitHub would make a mention, an issue or an address of a text.
fn is_heard(text: &str) -> bool {
    let follows = |mark: &str, is: fn(char) -> bool| {
        text.match_indices(mark).any(|(at, _)| text[at + mark.len()..].chars().next().is_some_and(is))
    };
    follows("@", char::is_alphanumeric)
        || follows("#", |c| c.is_ascii_digit())
        || follows("GH-", |c| c.is_ascii_digit())
        || text.contains("://")
        || follows("www.", char::is_alphanumeric)
}

/// A small generator that gives the same on every machine.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % sides
    }

    fn name(&mut self) -> String {
        let n_parts = 1 + self.throw(3);
        (0..n_parts).map(|_| HOSTILE[self.throw(HOSTILE.len())]).collect()
    }
}

fn names() -> impl Iterator<Item = String> {
    let mut dice = Dice(7);
    let random: Vec<String> = (0..120).map(|_| dice.name()).collect();
    HOSTILE.iter().map(|name| (*name).to_owned()).chain(random)
}

#[test]
fn no_name_makes_a_node_of_its_own() {
    for n_findings in [5, 40] {
        let plain = nodes(&rendered(&report("plain", n_findings), 1_000_000));
        for name in names() {
            let text = rendered(&report(&name, n_findings), 1_000_000);
            assert_eq!(nodes(&text), plain, "{name:?}\n{text}");
        }
    }
}

#[test]
fn no_name_is_heard_by_anybody_or_leads_anywhere() {
    for name in names() {
        let text = rendered(&report(&name, 12), 1_000_000);
        let (said, linked) = said_and_linked(&text);
        for text in said {
            assert!(!is_heard(&text), "{name:?}: {text:?}");
        }
        let is_ours = |url: &String| {
            url.starts_with("https://ghe.example.com/acme/zone/blob/")
                || url.starts_with("https://github.com/feedgate/feedgate/blob/main/rules/")
        };
        assert!(linked.iter().all(is_ours), "{name:?}: {linked:?}");
        let is_raw = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(is_raw), "{name:?}: {text:?}");
        assert!(
            !text.contains("<!--") || text.match_indices("<!--").all(|(at, _)| is_within_code(&text, at)),
            "{name:?}: {text}"
        );
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{name:?}: {text}");
    }
}

/// An opening of a comment counts for nothing within a span of code; a parser says whether it is one.
fn is_within_code(text: &str, at: usize) -> bool {
    let all = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_GFM).into_offset_iter();
    all.into_iter().any(|(event, range)| matches!(event, Event::Code(_)) && range.contains(&at))
}

#[test]
fn the_budget_is_kept_whole_nodes_are_shown_and_what_is_left_out_is_said() {
    let mut dice = Dice(11);
    for round in 0..60 {
        let name = if round % 2 == 0 { "orders".to_owned() } else { dice.name() };
        let report = report(&name, dice.throw(400));
        let whole = rendered(&report, usize::MAX);
        let budget = 400 + dice.throw(70_000);
        let text = rendered(&report, budget);
        assert!(text.encode_utf16().count() <= budget, "{budget}: {text}");
        let opened = text.lines().filter(|line| line.starts_with("<details>")).count();
        let closed = text.lines().filter(|line| *line == "</details>").count();
        assert_eq!(opened, closed, "{budget}: {text}");
        assert!(nodes(&text).iter().filter(|node| node.contains("CodeBlock")).count() % 2 == 0, "{text}");
        let is_whole = text == whole;
        assert!(is_whole || text.contains("Left out for want of room") || text.contains("not shown here"), "{budget}: {text}");
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let tables: Vec<usize> = text.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |")).map(cells).collect();
        assert!(tables.iter().all(|n| matches!(n, 3 | 6 | 8)), "{budget}: {tables:?}\n{text}");
    }
}

#[test]
fn the_steps_leave_out_one_thing_after_the_other() {
    let report = report("orders", 30);
    let whole = rendered(&report, usize::MAX).encode_utf16().count();
    let mut said: Vec<String> = (0..60)
        .map(|n| rendered(&report, whole - n * whole / 62))
        .filter_map(|text| text.lines().find(|line| line.starts_with("> Left out")).map(str::to_owned))
        .map(|line| line.split_once("not shown here, ").map_or(line.clone(), |(_, rest)| rest.to_owned()))
        .collect();
    said.dedup();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn what_has_no_figure_is_only_named_and_statements_of_a_file_are_one_item() {
    let side = |accuracy: &str| match accuracy {
        "unknown" => json!({"accuracy": accuracy, "bytes_processed": {"low": 0, "high": null}}),
        _ => json!({"accuracy": accuracy, "bytes_processed": {"low": 7, "high": 7}}),
    };
    let query = |name: &str, base: Value, head: Value| json!({"name": name, "kind": "added", "base": base, "head": head});
    let added = |name: &str| json!({"subject": format!("query {name}"), "kind": "added"});
    let queries = [
        query("new.sql", Value::Null, side("unknown")),
        query("both.sql", side("unknown"), side("unknown")),
        query("once.sql", side("exact"), side("unknown")),
    ];
    let report = json!({"version": 1, "base": {"revision": "main", "commit": "bbbb"}, "repricing": {"queries": queries},
        "changes": [added("sql/load.sql#1"), added("sql/load.sql#2"), added("sql/other.sql#1")]});
    let text = rendered(&report, usize::MAX);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| `")).collect();
    assert!(matches!(rows[..], [row] if row.starts_with("| `once.sql` | 7 B → unknown |")), "{text}");
    assert!(text.contains("\nThe cost of 2 changed queries is not known: `new.sql`, `both.sql`.\n"), "{text}");
    assert!(text.contains("- **new** query `sql/load.sql`: 2 statements\n- **new** query `sql/other.sql#1`\n"), "{text}");
}

#[test]
fn what_a_deployment_takes_away_has_its_own_name_and_the_worst_comes_first() {
    let finding = |rule: &str, severity: &str, subject: &str| {
        json!({"rule": rule, "severity": severity, "family": "deployment", "subject": subject, "message": "m", "new": true,
               "path": "a.tf", "line": 1, "column": 1, "end_line": 1, "end_column": 1})
    };
    let findings = [
        finding("destroyed-trigger", "warning", "trigger zone:google_eventarc_trigger.arrived[\"a.b:c\"]"),
        finding("destroyed-trigger", "warning", "trigger google_eventarc_trigger.other"),
        finding("removed-table", "error", "table acme.raw.orders"),
    ];
    let text = rendered(&json!({"version": 1, "base": {"revision": "main", "commit": "bbbb"}, "findings": findings}), usize::MAX);
    let row = "| **Deployment** | removed table (`acme.raw.orders`), destroyed trigger × 2 (`arrived[\"a.b:c\"]`, `other`) |\n";
    assert!(text.contains(row), "{text}");
}

/// A report of another version of ours may lack or add something.
#[test]
fn a_report_with_less_and_with_more_is_rendered() {
    for text in [
        json!({"version": 1}),
        json!({"version": 1, "later": {"a": 1}, "findings": [{"rule": "x", "later": [], "path": "a", "line": 1, "column": 1, "end_line": 1, "end_column": 1}]}),
    ] {
        let told = Told::read(&text.to_string()).expect("it is a report");
        let rendered = markdown::render(&told, &MarkdownOptions::default());
        assert!(rendered.starts_with("### "), "{rendered}");
    }
    let deep = format!("{{\"version\": 1, \"findings\": [{{\"x\": {}{}}}]}}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(Told::read(&deep).is_err());
    assert!(Told::read("{\"version\": 1, \"findings\": [{\"path\": \"a\", \"line\": -1}]}").is_err());
}

#[test]
fn whether_there_is_news_follows_from_what_the_change_brings() {
    let news = |report: Value| markdown::has_news(&Told::read(&report.to_string()).expect("it is a report"));
    let finding = |new: Option<bool>| json!({"rule": "x", "severity": "note", "message": "m", "new": new, "path": "a", "line": 1, "column": 1, "end_line": 1, "end_column": 1});
    assert!(!news(json!({"version": 1, "findings": [finding(Some(false))]})));
    assert!(news(json!({"version": 1, "findings": [finding(Some(false)), finding(None)]})));
    assert!(news(json!({"version": 1, "changes": [{"subject": "feed a", "kind": "added"}]})));
    assert!(news(json!({"version": 1, "skipped": [{"what": "base", "subject": "origin/main", "why": "shallow"}]})));
    assert!(!news(json!({"version": 1, "skipped": [{"what": "estimate", "subject": "a", "why": "b"}]})));
}
