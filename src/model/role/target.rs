//! What a role is granted on, and whether that takes in what it is needed for.

use crate::model::Known;
use crate::model::terraform::{Resource, Terraform};
use crate::model::trigger::Reference;
use std::fmt;

/// What a role is granted on.
#[derive(Debug, Clone)]
pub enum Target {
    Project(Known<String>),
    /// A folder or an organization; which projects lie below it is not said.
    Above,
    Thing(Thing),
}

/// One resource.
#[derive(Debug, Clone)]
pub struct Thing {
    pub kind: ThingKind,
    pub of: Reference,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThingKind {
    Bucket,
    Dataset,
    /// A service of Cloud Run, or a function, which is one.
    Service,
    Table,
    Topic,
}

/// Where somebody needs a role: in a project, or on one of these things in it.
#[derive(Debug, Clone, Default)]
pub struct Place {
    pub project: Known<String>,
    pub things: Vec<Thing>,
}

impl Place {
    /// A project as a whole.
    pub fn project(project: &Known<String>) -> Place {
        Place { project: project.clone(), things: Vec::new() }
    }

    /// A thing in it as well.
    pub fn with(mut self, kind: ThingKind, of: Reference) -> Place {
        self.things.push(Thing { kind, of });
        self
    }
}

impl Target {
    /// What a resource grants on that lists members, by its type.
    pub(super) fn read<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<Target> {
        let kind = resource.kind.strip_suffix("_iam_member").or_else(|| resource.kind.strip_suffix("_iam_binding"))?;
        let thing = |kind, attribute| Target::Thing(Thing { kind, of: Reference::read(terraform, resource, attribute) });
        Some(match kind {
            "google_project" => Target::Project(terraform.text(resource, resource.body, "project")),
            "google_folder" | "google_organization" => Target::Above,
            "google_storage_bucket" => thing(ThingKind::Bucket, "bucket"),
            "google_bigquery_dataset" => thing(ThingKind::Dataset, "dataset_id"),
            "google_bigquery_table" => thing(ThingKind::Table, "table_id"),
            "google_pubsub_topic" => thing(ThingKind::Topic, "topic"),
            "google_cloud_run_service" => thing(ThingKind::Service, "service"),
            "google_cloud_run_v2_service" => thing(ThingKind::Service, "name"),
            "google_cloudfunctions2_function" => thing(ThingKind::Service, "cloud_function"),
            _ => return None,
        })
    }

    /// Whether a role there counts here. What is not known counts: the role is granted, and nobody can say that it is not
    /// granted here.
    pub fn may_cover(&self, place: &Place) -> bool {
        match self {
            Target::Project(project) => may_be_same_project(project, &place.project),
            Target::Above => true,
            Target::Thing(thing) => place.things.iter().any(|other| thing.may_be(other)),
        }
    }
}

impl Thing {
    fn may_be(&self, other: &Thing) -> bool {
        let by_name = self.of.last_name().zip(other.of.last_name()).map(|(own, other)| own == other);
        let by_address = self.of.address.as_ref().zip(other.of.address.as_ref()).map(|(own, other)| own == other);
        self.kind == other.kind && (by_address == Some(true) || by_name.or(by_address).unwrap_or(true))
    }
}

/// A project has a name and a number, and which belong together is not said.
fn may_be_same_project(one: &Known<String>, other: &Known<String>) -> bool {
    let name = |project: &Known<String>| Some(project.value()?.trim_start_matches("projects/").to_owned());
    let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
    match (name(one), name(other)) {
        (Some(one), Some(other)) => one == other || is_number(&one) != is_number(&other),
        _ => true,
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Project(project) => match project.value() {
                Some(name) => write!(f, "project `{name}`"),
                None => f.write_str("a project"),
            },
            Target::Above => f.write_str("a folder"),
            Target::Thing(thing) => match thing.of.last_name().or(thing.of.address.as_deref()) {
                Some(name) => write!(f, "{} `{name}`", thing.kind.name()),
                None => write!(f, "a {}", thing.kind.name()),
            },
        }
    }
}

impl ThingKind {
    /// For people.
    fn name(self) -> &'static str {
        match self {
            ThingKind::Bucket => "bucket",
            ThingKind::Dataset => "dataset",
            ThingKind::Service => "service",
            ThingKind::Table => "table",
            ThingKind::Topic => "topic",
        }
    }
}
