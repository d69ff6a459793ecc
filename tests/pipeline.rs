//! What holds of every run, whatever it reads: nothing panics, places are places, and order never shows.

use feedgate::estimate::repricing::Repricing;
use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::report::{Pages, View, json, markdown, text};
use feedgate::rules::catalogue::Catalogue;
use feedgate::text::{Date, RepoPath, Span};
use feedgate::{Options, Run, Tree, TreeFile, lint};
use std::path::Path;

fn options() -> Options {
    Options::new(Date { year: 2026, month: 8, day: 22 })
}

fn example(name: &str) -> Tree {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    read_tree(&root, Limits::default()).expect("the examples can be read")
}

fn run(tree: &Tree) -> Run {
    lint(tree, None, Catalogue::embedded(), &options())
}

/// The report in every format.
fn rendered(run: &Run) -> String {
    let pages = Pages::new(Catalogue::embedded().rules().map(|rule| &rule.meta));
    let view = View { files: &run.files, report: &run.report, pages: &pages, prefix: "" };
    let text = text::render(&view, &text::TextOptions::default());
    let markdown = markdown::render(&json::told(&view), &markdown::MarkdownOptions::default());
    format!("{}\n{text}\n{markdown}", json::render(&view))
}

fn tree(files: &[(&str, String)]) -> Tree {
    let file = |(path, text): &(&str, String)| {
        let path = RepoPath::new(path).expect("a plain path");
        TreeFile { path, content: Ok(text.as_str().into()) }
    };
    Tree { files: files.iter().map(file).collect() }
}

fn assert_places(run: &Run) {
    let holds = |span: Span| run.files.get(span.file).text.get(span.range()).is_some();
    for diagnostic in run.report.diagnostics.iter().chain(&run.report.suppressed) {
        assert!(holds(diagnostic.primary), "{}: {:?}", diagnostic.message, diagnostic.primary);
        for label in &diagnostic.related {
            assert!(holds(label.span), "{}: {:?}", label.text, label.span);
        }
    }
    let of_estimates = run.report.estimates.iter().flat_map(|estimate| estimate.steps.iter().map(|step| step.span));
    assert!(of_estimates.chain(run.report.skipped.iter().filter_map(|skipped| skipped.span)).all(holds));
}

/// Numbers that only look random, equal in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % bound.max(1)
    }
}

#[test]
fn the_order_of_files_changes_nothing() {
    let mut tree = example("broken");
    let expected = rendered(&run(&tree));
    let mut dice = Dice(7);
    for _ in 0..3 {
        for index in (1..tree.files.len()).rev() {
            let other = dice.below(index + 1);
            tree.files.swap(index, other);
        }
        assert_eq!(rendered(&run(&tree)), expected);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let tree = example("broken");
    let with = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads can be started");
        pool.install(|| rendered(&run(&tree)))
    };
    assert_eq!(with(1), with(7));
}

#[test]
fn equal_revisions_give_no_change_and_equal_estimates() {
    for name in ["landing-zone", "broken"] {
        let tree = example(name);
        let alone = run(&tree);
        let both = lint(&tree, Some(&tree), Catalogue::embedded(), &options());
        assert_eq!(both.report.changes, [], "{name}");
        assert_eq!(both.report.repricing, Some(Repricing::default()), "{name}");
        let figures = |run: &Run| run.report.estimates.iter().map(|one| (one.bytes, one.billed)).collect::<Vec<_>>();
        assert_eq!(figures(&both), figures(&alone), "{name}");
    }
}

#[test]
fn a_feed_that_came_or_went_is_a_change() {
    let head = example("landing-zone");
    // Two feeds are defined nowhere else, another one in a contract as well.
    let is_map = |file: &TreeFile| file.path.as_str() == "terraform/feeds.auto.tfvars";
    let emptied = |file: &TreeFile| match is_map(file) {
        true => TreeFile { path: file.path.clone(), content: Ok("feeds = {}\n".into()) },
        false => file.clone(),
    };
    let base = Tree { files: head.files.iter().map(emptied).collect() };
    let changes = |head: &Tree, base: &Tree| {
        let run = lint(head, Some(base), Catalogue::embedded(), &options());
        let lines = run.report.changes.iter().map(|change| format!("{} {}", change.kind.name(), change.subject));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(
        changes(&head, &base),
        [
            "added feed calendars",
            "modified feed reference_data",
            "added feed venues",
            "modified workflow terraform:google_workflows_workflow.load_feed",
            "modified table acme-prod.raw.reference_data",
            "added table raw.calendars",
            "added table raw.venues"
        ]
    );
    assert_eq!(
        changes(&base, &head),
        [
            "removed feed calendars",
            "modified feed reference_data",
            "removed feed venues",
            "modified workflow terraform:google_workflows_workflow.load_feed",
            "modified table acme-prod.raw.reference_data",
            "removed table raw.calendars",
            "removed table raw.venues"
        ]
    );
}

#[test]
fn mutated_repositories_never_panic_and_places_stay_places() {
    let mut dice = Dice(42);
    for name in ["landing-zone", "broken"] {
        let original = example(name);
        for _ in 0..40 {
            let mut tree = original.clone();
            for _ in 0..6 {
                mutate(&mut tree, &mut dice);
            }
            let run = run(&tree);
            assert!(!run.failed);
            assert_places(&run);
            rendered(&run);
        }
    }
}

/// Cuts, doubles or spoils a piece of one file.
fn mutate(tree: &mut Tree, dice: &mut Dice) {
    let index = dice.below(tree.files.len());
    let Some(file) = tree.files.get_mut(index) else { return };
    let Ok(text) = &file.content else { return };
    let mut place = |bound: usize| text.floor_char_boundary(dice.below(bound + 1));
    let (first, second) = (place(text.len()), place(text.len()));
    let (start, end) = (first.min(second), first.max(second).min(first.min(second) + 40));
    let (start, end) = (text.floor_char_boundary(start), text.floor_char_boundary(end));
    let spoil = ["", "\u{feff}", "ü", "\r", "\t", "[", "{", "\"", "*/", "${", "- - -", ": :", "\0", "SELECT (", "<<EOT\n"];
    let spoil = spoil.get(dice.below(spoil.len())).copied().unwrap_or("");
    let mutated = match dice.below(3) {
        0 => format!("{}{}", &text[..start], &text[end..]),
        1 => format!("{}{}{}", &text[..end], &text[start..end], &text[end..]),
        _ => format!("{}{spoil}{}", &text[..start], &text[start..]),
    };
    file.content = Ok(mutated.into());
}

#[test]
fn hostile_files_are_said_and_do_no_harm() {
    let bomb = (1..12).fold("feed: a\nowner: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned(), |bomb, level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(",");
        format!("{bomb}k{level}: &a{level} [{aliases}]\n")
    });
    let deep = |open: &str| open.repeat(100_000);
    let schema = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": \"object\", \"x\": ";
    let files = [
        ("bomb.yaml", bomb),
        ("deep.yaml", format!("feed: deep\nowner: {}", deep("["))),
        ("maps.yaml", format!("feed: maps\nowner: {}", deep("{a: "))),
        ("list.yaml", format!("feed: list\nowner:\n  {}", deep("- "))),
        ("deep.schema.json", format!("{schema}{}", deep("["))),
        ("deep.tf", format!("locals {{\n a = {}\n}}\n", deep("["))),
        ("blocks.tf", deep("a {")),
        ("template.tf", format!("locals {{\n a = {}\n}}\n", deep("\"${"))),
        ("deep.sql", format!("SELECT {}1", deep("("))),
        ("cases.sql", format!("SELECT {}", deep("CASE WHEN "))),
        (
            "recursive.schema.json",
            "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#\"}, \"b\": {\"$ref\": \"#/properties/b\"}}}"
                .to_owned(),
        ),
        ("recursive.yaml", "feed: recursive\nowner: x\nschema: recursive.schema.json\n".to_owned()),
        ("outside.yaml", "feed: outside\nowner: x\nschema: ../../../etc/passwd\n".to_owned()),
    ];
    let run = run(&tree(&files));
    assert!(!run.failed);
    assert_places(&run);
    let silent = |path: &str| {
        let about = |span: Span| run.files.get(span.file).path.as_str() == path;
        let is_found = run.report.diagnostics.iter().any(|diagnostic| about(diagnostic.primary));
        let is_skipped =
            run.report.skipped.iter().any(|skipped| skipped.span.is_some_and(about) || skipped.subject.contains(path));
        !is_found && !is_skipped
    };
    let fine = ["recursive.schema.json", "recursive.yaml"];
    let unsaid: Vec<&str> = files.iter().map(|(path, _)| *path).filter(|path| !fine.contains(path) && silent(path)).collect();
    assert_eq!(unsaid, [""; 0], "these files were not read and nothing says so");
}
