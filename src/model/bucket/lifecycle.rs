//! The lifecycle rules of a bucket: what each does, and to which files and versions, as the provider sends it. Several
//! conditions of one rule hold together.

use crate::model::Known;
use crate::model::terraform::{Resource, Terraform};
use crate::text::{Span, Spanned};

/// One `lifecycle_rule` block.
#[derive(Debug, Clone)]
pub struct LifecycleRule {
    pub span: Span,
    /// `Delete`, `SetStorageClass`, `AbortIncompleteMultipartUpload`.
    pub action: Known<String>,
    /// The class that files come to be of.
    pub storage_class: Known<String>,
    /// Zero only where that is sent.
    pub age_days: Known<u64>,
    /// `LIVE` or `ARCHIVED`; absent where the rule is for both.
    pub state: Known<String>,
    /// Unknown where the list is computed: the rule acts on some folder.
    pub matches_prefix: Known<Vec<Spanned<String>>>,
    pub matches_suffix: Known<Vec<Spanned<String>>>,
    /// All others that are sent.
    pub conditions: Vec<Condition>,
    /// Conditions of zero, which the provider does not send.
    pub dropped: Vec<Spanned<&'static str>>,
    /// Whether conditions that say nothing stand there, as tools write out what a bucket has.
    pub is_written_out: bool,
}

/// A condition by its name in Terraform.
#[derive(Debug, Clone)]
pub struct Condition {
    pub name: &'static str,
    pub value: Known<String>,
    pub span: Span,
}

/// Which versions of a file a rule acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versions {
    Live,
    Noncurrent,
    All,
}

/// Counts, with what has to be said for a zero to be sent.
const COUNTS: [(&str, &str); 3] = [
    ("num_newer_versions", "send_num_newer_versions_if_zero"),
    ("days_since_noncurrent_time", "send_days_since_noncurrent_time_if_zero"),
    ("days_since_custom_time", "send_days_since_custom_time_if_zero"),
];
const AGE: (&str, &str) = ("age", "send_age_if_zero");
const TEXTS: [&str; 5] =
    ["created_before", "custom_time_before", "noncurrent_time_before", "size_above_bytes", "size_below_bytes"];
/// Conditions that no live version meets.
const OF_NONCURRENT: [&str; 3] = ["num_newer_versions", "days_since_noncurrent_time", "noncurrent_time_before"];

impl LifecycleRule {
    pub(in crate::model) fn read<'a>(terraform: &Terraform<'a>, rule: &Resource<'a>) -> LifecycleRule {
        let action = terraform.nested(rule, rule.body, "action").single();
        let condition = terraform.nested(rule, rule.body, "condition").single();
        let of_action = |name| action.and_then(|action| terraform.text(action, action.body, name));
        let mut read = LifecycleRule {
            span: rule.span,
            action: of_action("type"),
            storage_class: of_action("storage_class"),
            age_days: Known::Absent,
            state: Known::Absent,
            matches_prefix: condition.and_then(|block| filled(terraform.texts(block, block.body, "matches_prefix"))),
            matches_suffix: condition.and_then(|block| filled(terraform.texts(block, block.body, "matches_suffix"))),
            conditions: Vec::new(),
            dropped: Vec::new(),
            is_written_out: false,
        };
        if let Known::Unknown(why) = &condition {
            read.age_days = Known::Unknown(why.clone());
        }
        if let Known::Known(block) = &condition {
            read.conditions(terraform, &block.value);
        }
        read
    }

    fn conditions<'a>(&mut self, terraform: &Terraform<'a>, block: &Resource<'a>) {
        let text = |name| terraform.text(block, block.body, name);
        self.state = match text("with_state") {
            Known::Known(state) if matches!(&*state.value, "ANY" | "") => Known::Absent,
            said => said,
        };
        self.is_written_out |= text("with_state").value().is_some_and(|state| state == "ANY");
        self.age_days = match self.count(terraform, block, AGE) {
            Some(count) => count,
            None => Known::Absent,
        };
        for names in COUNTS {
            // That many newer versions every version has.
            let is_void = |count: &Known<u64>| names.0 == "num_newer_versions" && count.value() == Some(&0);
            if let Some(count) = self.count(terraform, block, names).filter(|count| !count.is_absent() && !is_void(count)) {
                self.condition(block, names.0, count.map(|count| count.to_string()));
            }
        }
        for name in TEXTS {
            let said = text(name);
            if said.value().is_some_and(String::is_empty) {
                self.is_written_out = true;
            } else if !said.is_absent() {
                self.condition(block, name, said);
            }
        }
        let classes = filled(terraform.texts(block, block.body, "matches_storage_class"));
        if !classes.is_absent() {
            let joined = |list: Vec<Spanned<String>>| list.into_iter().map(|one| one.value).collect::<Vec<_>>().join(",");
            self.condition(block, "matches_storage_class", classes.map(joined));
        }
    }

    /// A count as it is sent; `None` where nothing is.
    fn count<'a>(&mut self, terraform: &Terraform<'a>, block: &Resource<'a>, names: (&'static str, &str)) -> Option<Known<u64>> {
        let count = terraform.number(block, block.body, names.0).map(super::to_count);
        if count.value() != Some(&0) {
            return Some(count);
        }
        match terraform.bool(block, block.body, names.1) {
            Known::Known(sent) if sent.value => Some(count),
            Known::Unknown(why) => Some(Known::Unknown(why)),
            Known::Known(_) | Known::Absent => {
                self.dropped.push(Spanned::new(names.0, count.span().unwrap_or(block.span)));
                None
            }
        }
    }

    fn condition(&mut self, block: &Resource<'_>, name: &'static str, value: Known<String>) {
        self.conditions.push(Condition { name, span: value.span().unwrap_or(block.span), value });
    }

    /// Whether anything besides its age and its folder may keep the rule from a live file.
    pub fn has_other_conditions(&self) -> bool {
        let is_of_live = self.state.value().is_some_and(|state| state == "LIVE") || self.state.is_absent();
        !self.conditions.is_empty() || !self.matches_suffix.is_absent() || !is_of_live
    }

    /// Which versions it acts on; an age counts from when a version was made, whatever has become of it.
    pub fn versions(&self) -> Known<Versions> {
        let known = |versions| Known::Known(Spanned::new(versions, self.span));
        if let Some(condition) = self.conditions.iter().find(|condition| OF_NONCURRENT.contains(&condition.name)) {
            return condition.value.why().map_or(known(Versions::Noncurrent), |why| Known::Unknown(why.clone()));
        }
        match &self.state {
            Known::Absent => known(Versions::All),
            Known::Known(state) if state.value == "LIVE" => known(Versions::Live),
            Known::Known(_) => known(Versions::Noncurrent),
            Known::Unknown(why) => Known::Unknown(why.clone()),
        }
    }

    pub fn is_action(&self, name: &str) -> bool {
        self.action.value().is_some_and(|action| action == name)
    }

    /// Whether it is for all files below a folder.
    pub fn reaches(&self, folder: &str) -> bool {
        self.matches_prefix.value().is_none_or(|wanted| wanted.iter().any(|prefix| folder.starts_with(&prefix.value)))
    }

    /// Whether nothing at all is asked of the files that it acts on.
    pub fn is_unconditional(&self) -> bool {
        let lists = [&self.matches_prefix, &self.matches_suffix];
        self.conditions.is_empty()
            && self.age_days.is_absent()
            && self.state.is_absent()
            && lists.iter().all(|list| list.is_absent())
    }
}

/// An empty list is none.
fn filled(list: Known<Vec<Spanned<String>>>) -> Known<Vec<Spanned<String>>> {
    if list.value().is_some_and(Vec::is_empty) { Known::Absent } else { list }
}
