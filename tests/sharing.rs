//! What both revisions hold is read once, and nobody can tell: each model is what it would be if it were built alone.

use feedgate::config::Config;
use feedgate::model::build::{Input, build, build_both};
use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::rules::examples;
use feedgate::text::{Files, RepoPath, Side, Sides};
use feedgate::{Tree, TreeFile};
use std::collections::BTreeMap;
use std::path::Path;

fn demo(name: &str) -> Tree {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    read_tree(&root, Limits::default()).expect("the demo is committed")
}

fn tree(files: &BTreeMap<String, String>) -> Tree {
    let file =
        |(path, text): (&String, &String)| Some(TreeFile { path: RepoPath::new(path)?, content: Ok(text.as_str().into()) });
    Tree { files: files.iter().filter_map(file).collect() }
}

/// How many files both hold.
fn assert_nobody_can_tell(base: &Tree, head: &Tree, what: &str) -> usize {
    let (files, [base_unread, head_unread]) = Files::of_trees(Some(base), head);
    let config = Config::default();
    let input = |side, unread| Input { files: &files, side, unread, config: &config, environment: None };
    let (base, head) = (input(Side::Base, &base_unread), input(Side::Head, &head_unread));
    let (of_base, of_head) = build_both(&base, &head);
    for (alone, together, side) in [(build(&base), of_base, "base"), (build(&head), of_head, "head")] {
        let (alone, together) = (format!("{alone:#?}"), format!("{together:#?}"));
        let differs = alone.lines().zip(together.lines()).position(|(alone, together)| alone != together);
        let around =
            |text: &str| text.lines().skip(differs.unwrap_or(0).saturating_sub(12)).take(16).collect::<Vec<_>>().join("\n");
        assert!(alone == together, "{what}, {side}:\n{}\n\nbecomes\n\n{}", around(&alone), around(&together));
    }
    files.iter().filter(|(_, file)| file.sides == Sides::Both).count()
}

#[test]
fn two_revisions_of_the_demo_are_what_each_is_alone() {
    let (zone, broken) = (demo("landing-zone"), demo("broken"));
    assert!(assert_nobody_can_tell(&zone, &broken, "broken") > 5);
    assert!(assert_nobody_can_tell(&broken, &zone, "mended") > 5);
    assert_eq!(assert_nobody_can_tell(&zone, &zone, "the same"), zone.files.len());
}

/// Examples have paths and texts in common by chance, which is what makes them worth while here.
#[test]
fn any_two_examples_of_rules_are_what_each_is_alone() {
    let pages = examples::our_pages();
    let all: Vec<_> = pages.iter().flat_map(examples::inputs).map(|(_, input)| input).collect();
    for pair in all.windows(2) {
        let [one, other] = pair else { continue };
        assert_nobody_can_tell(&tree(&one.head), &tree(&other.head), &format!("{:?}", one.only));
        if let Some(base) = &other.base {
            assert_nobody_can_tell(&tree(base), &tree(&other.head), &format!("{:?}", other.only));
        }
    }
}

/// A query whose text stays may read other columns when a table changes.
#[test]
fn a_query_is_read_again_when_a_table_that_it_asks_for_has_changed() {
    let view = "CREATE VIEW d.v AS SELECT * FROM d.t;";
    let table = |columns: &str| format!("CREATE TABLE d.t ({columns});");
    let query = "SELECT * FROM d.v; SELECT a FROM d.u;";
    let of = |columns: &str| {
        let files = [
            ("q.sql", query.to_owned()),
            ("t.sql", table(columns)),
            ("v.sql", view.to_owned()),
            ("u.sql", "CREATE TABLE d.u AS SELECT a FROM d.t".to_owned()),
        ];
        tree(&files.map(|(path, text)| (path.to_owned(), text)).into())
    };
    assert_eq!(assert_nobody_can_tell(&of("a INT64"), &of("a INT64, b STRING"), "a column more"), 3);
    assert_eq!(assert_nobody_can_tell(&of("a INT64"), &of("a INT64 "), "a blank more"), 3);
}
