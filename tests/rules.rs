//! The pages under `rules/` hold: each reads, its expression says true or false, and its examples are met.

use feedgate::rules::catalogue::Catalogue;
use feedgate::rules::{Check, examples, native};
use std::collections::BTreeSet;

#[test]
fn every_page_reads() {
    let pages = examples::our_pages();
    let wrong: Vec<String> = pages.iter().flat_map(examples::check_front).map(|complaint| complaint.to_string()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(Catalogue::embedded().rules().count(), pages.len());
}

#[test]
fn pages_without_an_expression_are_the_rules_in_rust() {
    let catalogue = Catalogue::embedded();
    let without = catalogue.rules().filter(|rule| !matches!(rule.check, Check::Expr(_))).map(|rule| rule.meta.id.as_str());
    assert_eq!(without.collect::<BTreeSet<_>>(), native::names().collect::<BTreeSet<_>>());
}

#[test]
fn a_rule_is_named_after_the_defect() {
    let catalogue = Catalogue::embedded();
    let commands = ["no-", "check-", "require-", "disallow-", "must-"];
    for rule in catalogue.rules() {
        let id = rule.meta.id.as_str();
        assert!(!commands.iter().any(|command| id.starts_with(command)), "`{id}` is a command; name the defect");
        assert!(!rule.meta.title.ends_with('.'), "the title of `{id}` ends in a full stop");
    }
}
