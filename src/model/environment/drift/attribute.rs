//! What is compared of a resource: where it stands, what holds without a word, and which of two values is the weaker one.

use super::Value;
use crate::config::Concern;
use crate::model::bucket::{LifecycleRule, to_count};
use crate::model::terraform::{Resource, Terraform};
use crate::model::{Known, Why};
use crate::text::{Span, Spanned};

/// An attribute that is compared.
pub(super) struct Attribute {
    /// Where it stands: in no block, or in one.
    path: &'static [&'static str],
    pub(super) shown: &'static str,
    form: Form,
}

enum Form {
    /// A place; without a word it is this one.
    Place(Option<&'static str>),
    /// So many of a unit of this many seconds for which something is kept; without a word so many seconds.
    Kept(f64, u64),
    /// The milliseconds after which it is deleted; without a word, and with zero, never.
    Lives,
    /// The age at which rules delete whatever file of a bucket; without one, never.
    Deletes,
    /// Whether it protects; without a word, this.
    Protects(bool),
    /// Whether it takes a protection away; without a word, this.
    Exposes(bool),
}

use Form::{Deletes, Exposes, Kept, Lives, Place, Protects};

const fn attribute(path: &'static [&'static str], shown: &'static str, form: Form) -> Attribute {
    Attribute { path, shown, form }
}

const LOCATION: Attribute = attribute(&["location"], "location", Place(None));

pub(super) const COMPARED: [(&str, &[Attribute]); 6] = [
    (
        "google_storage_bucket",
        &[
            LOCATION,
            attribute(&["retention_policy", "retention_period"], "retention_period", Kept(1.0, 0)),
            attribute(&["soft_delete_policy", "retention_duration_seconds"], "retention_duration_seconds", Kept(1.0, 604_800)),
            attribute(&["lifecycle_rule"], "lifecycle_rule.condition.age", Deletes),
            attribute(&["versioning", "enabled"], "versioning", Protects(false)),
            attribute(&["force_destroy"], "force_destroy", Exposes(false)),
        ],
    ),
    (
        "google_bigquery_dataset",
        &[
            attribute(&["location"], "location", Place(Some("US"))),
            attribute(&["default_table_expiration_ms"], "default_table_expiration_ms", Lives),
            attribute(&["default_partition_expiration_ms"], "default_partition_expiration_ms", Lives),
            attribute(&["max_time_travel_hours"], "max_time_travel_hours", Kept(3_600.0, 604_800)),
            attribute(&["delete_contents_on_destroy"], "delete_contents_on_destroy", Exposes(false)),
        ],
    ),
    (
        "google_bigquery_table",
        &[
            attribute(&["time_partitioning", "expiration_ms"], "expiration_ms", Lives),
            attribute(&["deletion_protection"], "deletion_protection", Protects(true)),
        ],
    ),
    ("google_eventarc_trigger", &[LOCATION]),
    (
        "google_workflows_workflow",
        &[
            attribute(&["region"], "region", Place(None)),
            attribute(&["deletion_protection"], "deletion_protection", Protects(true)),
        ],
    ),
    ("google_bigquery_data_transfer_config", &[attribute(&["location"], "location", Place(Some("US")))]),
];

impl Attribute {
    pub(super) fn concern(&self) -> Concern {
        match self.form {
            Place(_) => Concern::Location,
            Kept(..) => Concern::Retention,
            Lives | Deletes => Concern::Expiration,
            Protects(_) | Exposes(_) => Concern::Protection,
        }
    }

    pub(super) fn read<'a>(&self, terraform: &Terraform<'a>, resource: &Resource<'a>) -> Said {
        if let Deletes = self.form {
            return deletion(terraform, resource);
        }
        let (block, name) = match place(terraform, resource, self.path) {
            Ok((Some(block), name)) => (block, name),
            Ok((None, _)) => return Said { value: Ok(self.default()), span: None },
            Err(why) => return Said { value: Err(why), span: None },
        };
        let said = self.value(terraform, &block, name).map(|said| said.or_else(|| self.default()));
        Said { value: said, span: terraform.origin(&block, block.body, name) }
    }

    fn value<'a>(&self, terraform: &Terraform<'a>, block: &Resource<'a>, name: &str) -> Result<Option<Value>, Why> {
        let number = || known(terraform.number(block, block.body, name));
        let lives = |n: f64| if n > 0.0 { Value::Seconds(to_count(n / 1_000.0)) } else { Value::Forever };
        Ok(match self.form {
            Place(_) => known(terraform.text(block, block.body, name))?.map(Value::Text),
            Kept(unit, _) => number()?.map(|n| Value::Seconds(to_count(n * unit))),
            Lives => number()?.map(lives),
            Protects(_) | Exposes(_) => known(terraform.bool(block, block.body, name))?.map(Value::Bool),
            Deletes => None,
        })
    }

    fn default(&self) -> Option<Value> {
        match self.form {
            Place(default) => default.map(|place| Value::Text(place.to_owned())),
            Kept(_, default) => Some(Value::Seconds(default)),
            Lives | Deletes => Some(Value::Forever),
            Protects(default) | Exposes(default) => Some(Value::Bool(default)),
        }
    }

    pub(super) fn is_same(&self, one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Text(one), Value::Text(other)) => one.eq_ignore_ascii_case(other),
            (one, other) => one == other,
        }
    }

    /// Whether something goes earlier or is protected less with the one than with the other.
    pub(super) fn is_weaker(&self, one: &Value, other: &Value) -> bool {
        match (&self.form, one, other) {
            (Kept(..) | Lives | Deletes, Value::Seconds(one), Value::Seconds(other)) => one < other,
            (Lives | Deletes, Value::Seconds(_), Value::Forever) => true,
            (Protects(_), Value::Bool(one), Value::Bool(other)) => !one && *other,
            (Exposes(_), Value::Bool(one), Value::Bool(other)) => *one && !other,
            _ => false,
        }
    }
}

/// Nothing for what is not said; an error for what is not known.
fn known<T>(said: Known<T>) -> Result<Option<T>, Why> {
    match said {
        Known::Known(said) => Ok(Some(said.value)),
        Known::Absent => Ok(None),
        Known::Unknown(why) => Err(why),
    }
}

/// The block in which an attribute stands, with its name there; no block where none is.
type InBlock<'a> = (Option<Resource<'a>>, &'static str);

fn place<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, path: &'static [&'static str]) -> Result<InBlock<'a>, Why> {
    match path {
        [kind, name] => Ok((known(terraform.nested(resource, resource.body, kind).single())?, name)),
        [name] => Ok((Some(resource.clone()), name)),
        _ => Ok((None, "")),
    }
}

/// The earliest age at which a rule deletes files, whichever they are.
fn deletion<'a>(terraform: &Terraform<'a>, bucket: &Resource<'a>) -> Said {
    let rules = terraform.nested(bucket, bucket.body, "lifecycle_rule");
    let read = rules.blocks.iter().map(|rule| age(&LifecycleRule::read(terraform, rule)));
    let ages = rules.hidden.map_or(Ok(()), Err).and_then(|()| read.collect::<Result<Vec<_>, Why>>());
    match ages.map(|ages| ages.into_iter().flatten().min_by_key(|age| age.value)) {
        Ok(Some(age)) => Said { value: Ok(Some(Value::Seconds(age.value.saturating_mul(86_400)))), span: Some(age.span) },
        Ok(None) => Said { value: Ok(Some(Value::Forever)), span: None },
        Err(why) => Said { value: Err(why), span: None },
    }
}

/// The age in days at which a rule deletes whatever file there is; nothing of a rule that does something else, or to some
/// files only.
fn age(rule: &LifecycleRule) -> Result<Option<Spanned<u64>>, Why> {
    let unknown = rule.action.why().or(rule.state.why()).or(rule.matches_prefix.why());
    if let Some(why) = unknown {
        return Err(why.clone());
    }
    if !rule.is_action("Delete") || rule.has_other_conditions() || !rule.matches_prefix.is_absent() {
        return Ok(None);
    }
    match &rule.age_days {
        Known::Known(age) => Ok(Some(*age)),
        Known::Absent => Ok(Some(Spanned::new(0, rule.span))),
        Known::Unknown(why) => Err(why.clone()),
    }
}

/// A value, nothing where none is said and none holds without a word, or why it is not known; and where it is written.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) value: Result<Option<Value>, Why>,
    pub(super) span: Option<Span>,
}
