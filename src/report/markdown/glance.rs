//! What a reviewer sees first: the verdict in one line, and the change in a few rows.

use super::Page;
use super::escape::{code_in_table, prose_in_table};
use super::findings::{self, severity};
use crate::diagnostic::SubjectKind;
use crate::report::changes::{self, Thing};
use crate::report::told::{Finding, Told};
use crate::report::{amount, clean, repricing, summary};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Names in a row, and of one rule.
const MAX_NAMES: usize = 6;
const MAX_NAMED: usize = 3;
/// Characters of a name.
const MAX_NAME: usize = 60;
/// Dollars a month.
const WORTH_A_WORD: f64 = 0.01;

/// `❌ feedgate: 2 errors, 1 warning · +$12.40 a month`.
pub fn headline(told: &Told<'_>) -> String {
    let counts = findings::counts(findings::new(told));
    let icon = match counts {
        [0, 0, 0] => "✅",
        [0, 0, _] => "ℹ️",
        [0, ..] => "⚠️",
        _ => "❌",
    };
    let new = if told.base.is_some() { "no new findings" } else { "no findings" };
    let counts = summary::counted(counts).unwrap_or_else(|| new.to_owned());
    let money = money(told).map_or_else(String::new, |money| format!(" · {money}"));
    format!("{icon} feedgate: {counts}{money}")
}

/// What the change comes to in a month, where that is known and is not nothing.
fn money(told: &Told<'_>) -> Option<String> {
    let sum = &told.repricing.as_ref().filter(|repricing| repricing::has_months(repricing))?.cost_usd_per_month;
    let (low, high) = (sum.difference.low?, sum.difference.high?);
    let shown = match () {
        () if low.abs().max(high.abs()) < WORTH_A_WORD => return None,
        // What may be saved is no reason to look, what may be spent is.
        () if low < 0.0 && high >= WORTH_A_WORD => format!("up to +{}", amount::usd(high)),
        () => amount::difference(sum.difference.into(), amount::signed_usd),
    };
    Some(format!("{shown} a month"))
}

/// What became of a thing, in the words of people who review.
pub(super) fn became(thing: &Thing<'_>) -> &'static str {
    match thing.what() {
        "added" => "new",
        "removed" => "removed",
        "renamed" => "renamed",
        _ => "changed",
    }
}

impl Page<'_> {
    /// Nothing where there is nothing to compare with.
    pub(super) fn glance(&self) -> String {
        let (breaks, deployment) = (self.of_family("change", counted), self.of_family("deployment", named));
        let rows = [("Feeds", self.feeds()), ("Breaks", breaks), ("Deployment", deployment), ("Cost", self.cost())];
        let rows: Vec<(&str, String)> = rows.into_iter().filter(|(_, said)| !said.is_empty()).collect();
        if rows.is_empty() {
            return String::new();
        }
        let mut out = String::from("| | |\n|---|---|\n");
        for (name, said) in rows {
            let _ = writeln!(out, "| **{name}** | {said} |");
        }
        out.push('\n');
        out
    }

    /// ``changed `quotes`, `trades`; removed `venues` ``.
    fn feeds(&self) -> String {
        let things = changes::things(&self.told.changes);
        let mut groups: BTreeMap<usize, (&str, Vec<String>)> = BTreeMap::new();
        for thing in things.iter().filter(|thing| thing.kind == SubjectKind::Feed) {
            let became = became(thing);
            let order = ["new", "changed", "renamed", "removed"].iter().position(|one| *one == became).unwrap_or(0);
            let was = thing.was().map_or_else(String::new, |was| format!("{} → ", name(was)));
            groups.entry(order).or_insert((became, Vec::new())).1.push(format!("{was}{}", name(thing.name)));
        }
        let group = |(became, names): &(&str, Vec<String>)| {
            let more = match names.len().saturating_sub(MAX_NAMES) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            format!("{became} {}{more}", names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", "))
        };
        groups.values().map(group).collect::<Vec<_>>().join("; ")
    }

    /// The new findings of a family by rule, the worst first and then the most, each in the words of `shown`.
    fn of_family(&self, family: &str, shown: fn(&str, &[&Finding<'_>]) -> String) -> String {
        let mut rules: BTreeMap<&str, Vec<&Finding<'_>>> = BTreeMap::new();
        let is_of = |finding: &&Finding<'_>| finding.family.as_deref() == Some(family) && finding.new == Some(true);
        for finding in findings::new(self.told).filter(is_of) {
            rules.entry(&finding.rule).or_default().push(finding);
        }
        let mut rules: Vec<(&str, Vec<&Finding<'_>>)> = rules.into_iter().collect();
        rules.sort_by_key(|(_, found)| std::cmp::Reverse((found.iter().map(|one| severity(one)).max(), found.len())));
        rules.iter().map(|(rule, findings)| shown(rule, findings)).collect::<Vec<_>>().join(", ")
    }

    fn cost(&self) -> String {
        let Some(repricing) = self.told.repricing.as_ref() else { return String::new() };
        prose_in_table(&repricing::remarks(repricing).join("; "))
    }
}

/// `removed field × 2`.
fn counted(rule: &str, findings: &[&Finding<'_>]) -> String {
    let words = prose_in_table(&clean::clipped(&rule.replace('-', " "), MAX_NAME));
    if findings.len() > 1 { format!("{words} × {}", findings.len()) } else { words }
}

/// ``replaced table × 2 (`raw.trades`, `raw.quotes`)``: what goes is called by its name.
fn named(rule: &str, findings: &[&Finding<'_>]) -> String {
    let called = |finding: &&Finding<'_>| finding.subject.split_once(' ').map(|(kind, key)| name(own_name(kind, key)));
    let mut names: Vec<String> = findings.iter().filter_map(called).collect();
    names.dedup();
    let shown = names.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = if names.len() > MAX_NAMED { ", …" } else { "" };
    let names = if shown.is_empty() { shown } else { format!(" ({shown}{more})") };
    counted(rule, findings) + &names
}

/// `file_arrived["landing"]` of `terraform:google_eventarc_trigger.file_arrived["landing"]`: what is known by its address is
/// called by the last name in it. The list of changes and the findings have the whole.
fn own_name<'a>(kind: &str, key: &'a str) -> &'a str {
    let is_known_by_address = [SubjectKind::Trigger, SubjectKind::Workflow].iter().any(|one| one.name() == kind);
    let block = key.find('[').map_or(key, |at| &key[..at]);
    match block.rfind(['.', ':']).filter(|_| is_known_by_address) {
        Some(at) => &key[at + 1..],
        None => key,
    }
}

fn name(raw: &str) -> String {
    code_in_table(&clean::clipped(raw, MAX_NAME))
}
