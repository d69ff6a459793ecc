//! The findings that a reviewer is shown: what a deployment does, then the rest by the feed that it concerns. Those that
//! the base has as well are only counted.

use super::escape::{code, in_html, prose};
use super::{MAX_TEXT, Page, clipped, short, size};
use crate::diagnostic::Severity;
use crate::report::arrange::{Shown, thinned_by};
use crate::report::told::{Finding, Place, Related, Told};
use crate::report::{clean, summary};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// With more findings than this, each group is folded.
const MAX_OPEN: usize = 8;
/// Feeds that a title names.
const MAX_FEEDS: usize = 3;

/// Those that the base does not have; without a base, all.
pub(super) fn new<'a>(told: &'a Told<'_>) -> impl Iterator<Item = &'a Finding<'a>> {
    told.findings.iter().filter(|finding| finding.new != Some(false))
}

/// Errors, warnings and notes.
pub(super) fn counts<'a>(findings: impl IntoIterator<Item = &'a Finding<'a>>) -> [usize; 3] {
    let mut counts = [0; 3];
    for finding in findings {
        let of = Severity::ALL.iter().position(|one| *one == severity(finding)).and_then(|at| counts.get_mut(at));
        of.into_iter().for_each(|n| *n += 1);
    }
    counts
}

pub(super) fn severity(finding: &Finding<'_>) -> Severity {
    Severity::from_name(&finding.severity).unwrap_or(Severity::Note)
}

/// All of them, in groups.
pub(super) fn all(page: &Page<'_>) -> String {
    let groups = groups(page);
    let is_folded = groups.iter().map(|group| group.findings.len()).sum::<usize>() > MAX_OPEN;
    let mut out = String::new();
    for group in &groups {
        let counts = summary::counted(group.counts()).unwrap_or_default();
        let _ = match is_folded {
            true => write!(out, "<details><summary>{}: {counts}</summary>\n\n", group.title_in_html()),
            false => write!(out, "**{}**\n\n", group.title()),
        };
        for shown in &group.findings {
            out += &item(page, shown);
        }
        out += if is_folded { "\n</details>\n\n" } else { "\n" };
    }
    out + &known(page)
}

/// The most severe ones that there is room for, and how many there is none for.
pub(super) fn worst(page: &Page<'_>, room: usize) -> (String, usize) {
    let known = known(page);
    let mut left = room.saturating_sub(size(&known) + 1);
    let mut all: Vec<Shown<'_, Finding<'_>>> = groups(page).into_iter().flat_map(|group| group.findings).collect();
    all.sort_by_key(|shown| Reverse(severity(shown.finding)));
    let mut n_left: usize = all.iter().map(Shown::weight).sum();
    let mut out = String::new();
    for shown in &all {
        let item = item(page, shown);
        let Some(rest) = left.checked_sub(size(&item)) else { break };
        left = rest;
        n_left -= shown.weight();
        out += &item;
    }
    if size(&known) >= room {
        return (String::new(), n_left);
    }
    (format!("{out}\n{known}"), n_left)
}

/// What is only counted.
fn known(page: &Page<'_>) -> String {
    let known = page.told.findings.iter().filter(|finding| finding.new == Some(false));
    let base = page.told.base.as_ref().map(|base| code(&clean::clipped(&base.revision, MAX_TEXT)));
    let base = base.unwrap_or_else(|| "The base".to_owned());
    match summary::counted(counts(known)) {
        None => String::new(),
        Some(counts) => {
            format!("{base} has these as well, which are not listed: {counts}.\n\n")
        }
    }
}

struct Group<'a> {
    feeds: Vec<&'a str>,
    /// Of findings that concern no feed.
    path: Option<&'a str>,
    findings: Vec<Shown<'a, Finding<'a>>>,
}

impl Group<'_> {
    fn counts(&self) -> [usize; 3] {
        counts(self.findings.iter().map(|shown| shown.finding))
    }

    fn title(&self) -> String {
        self.title_with(code)
    }

    fn title_in_html(&self) -> String {
        self.title_with(|name| format!("<code>{}</code>", in_html(name)))
    }

    fn title_with(&self, code: impl Fn(&str) -> String) -> String {
        let code = |name: &str| code(&clean::clipped(name, MAX_TEXT));
        match (self.feeds.as_slice(), self.path) {
            ([], None) => "What a deployment does".to_owned(),
            ([], Some(path)) => code(path),
            ([feed], _) => format!("Feed {}", code(feed)),
            (feeds, _) if feeds.len() <= MAX_FEEDS => {
                format!("Feeds {}", feeds.iter().map(|feed| code(feed)).collect::<Vec<_>>().join(", "))
            }
            _ => "Several feeds".to_owned(),
        }
    }
}

/// Feeds, or else a path.
type Title<'a> = (Vec<&'a str>, Option<&'a str>);

/// What a deployment does comes first, then the group with the most errors.
fn groups<'a>(page: &Page<'a>) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<Title<'_>, Vec<Shown<'a, Finding<'a>>>> = BTreeMap::new();
    for shown in thinned_by(new(page.told), |finding| (&*finding.rule, &finding.place, finding.new)) {
        let finding = shown.finding;
        let mut feeds: Vec<&str> = finding.feeds.iter().map(|feed| &**feed).collect();
        if feeds.len() > MAX_FEEDS {
            feeds = vec![""; MAX_FEEDS + 1];
        }
        let key = match (finding.family.as_deref(), feeds.is_empty()) {
            (Some("deployment"), _) => (Vec::new(), None),
            (_, false) => (feeds, None),
            (_, true) => (Vec::new(), Some(&*finding.place.path)),
        };
        groups.entry(key).or_default().push(shown);
    }
    let mut groups: Vec<Group<'a>> =
        groups.into_iter().map(|((feeds, path), findings)| Group { feeds, path, findings }).collect();
    for group in &mut groups {
        let order = |shown: &Shown<'_, Finding<'_>>| Reverse((severity(shown.finding), shown.finding.on_changed_line));
        group.findings.sort_by_key(order);
    }
    let is_deployment = |group: &Group<'_>| group.feeds.is_empty() && group.path.is_none();
    groups.sort_by_key(|group| Reverse((is_deployment(group), group.counts())));
    groups
}

fn item(page: &Page<'_>, shown: &Shown<'_, Finding<'_>>) -> String {
    let finding = shown.finding;
    let icon = match severity(finding) {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    let rule = code(&clean::clipped(&finding.rule, MAX_TEXT));
    let rule = own_page(finding).map_or_else(|| rule.clone(), |url| format!("[{rule}]({url})"));
    let mut item = format!("- {icon} {} ({}, {rule})", short(&finding.message), place(page, &finding.place, None));
    if let Some(help) = finding.help.as_ref().filter(|_| page.detail.has_advice) {
        let _ = write!(item, "<br>→ {}", short(help));
    }
    if let Some(fix) = finding.fix.as_ref().filter(|_| page.detail.has_advice) {
        let flags = if fix.applicability == "unsafe" { "--fix --unsafe-fixes" } else { "--fix" };
        let _ = write!(item, "<br>→ `feedgate lint {flags}` can do it: {}", short(&fix.title));
    }
    // Whom it serves is the title above it.
    let further_places = finding.related.iter().filter(|related| !related.message.starts_with("serves feed "));
    for related in further_places.take(page.detail.places) {
        let _ = write!(item, "<br>see {}", further(page, related));
    }
    if let Some(more) = shown.more() {
        let _ = write!(item, "<br>… and {more}");
    }
    item.push('\n');
    item
}

/// The page of a rule of ours. Whose report it is does not say where its links lead.
fn own_page<'a>(finding: &'a Finding<'_>) -> Option<&'a str> {
    let path = finding.url.as_deref()?.strip_prefix(concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/rules/"))?;
    let is_plain = path.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_/.".contains(&byte));
    finding.url.as_deref().filter(|_| is_plain && !path.contains(".."))
}

fn further(page: &Page<'_>, related: &Related<'_>) -> String {
    let is_base = related.side == "base";
    let commit = page.told.base.as_ref().filter(|_| is_base).map(|base| &*base.commit);
    let side = if is_base { " (base)" } else { "" };
    format!("{}{side}: {}", place(page, &related.place, commit), prose(&clipped(&related.message, MAX_TEXT / 3)))
}

/// `` `feeds/orders.yaml:3` ``, as a link where that is known.
fn place(page: &Page<'_>, place: &Place<'_>, commit: Option<&str>) -> String {
    let shown = code(&format!("{}:{}", clean::clipped(&place.path, MAX_TEXT), place.line));
    let url = page.links.and_then(|links| links.url(&page.told.root, place, commit));
    url.map_or_else(|| shown.clone(), |url| format!("[{shown}]({url})"))
}
