//! Environments as a repository shows them: by the names of files of variables, and by the folders of root modules. What is
//! shared by several and names one of them.

mod drift;

pub use drift::{Drift, Sided, Value, read_drifts};

use super::Known;
use super::terraform::{Resource, Terraform};
use crate::text::{Files, RepoPath, Side, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A name in a block that several environments share, which holds the name of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HardCoded {
    pub address: String,
    pub attribute: &'static str,
    pub value: String,
    pub span: Span,
    pub environment: String,
    /// The others that the block is deployed for.
    pub others: Vec<String>,
}

/// How teams call their environments, and which of these are one.
const NAMES: [(&str, &str); 20] = [
    ("dev", "dev"),
    ("develop", "dev"),
    ("development", "dev"),
    ("test", "test"),
    ("tst", "test"),
    ("int", "int"),
    ("integration", "int"),
    ("qa", "qa"),
    ("uat", "uat"),
    ("sit", "sit"),
    ("stage", "staging"),
    ("staging", "staging"),
    ("stg", "staging"),
    ("preprod", "preprod"),
    ("preprd", "preprod"),
    ("prd", "prod"),
    ("prod", "prod"),
    ("production", "prod"),
    ("live", "live"),
    ("sandbox", "sandbox"),
];

/// Attributes that name something of one environment.
const ATTRIBUTES: [(&str, &[&str]); 10] = [
    ("google_storage_bucket", &["name", "project"]),
    ("google_bigquery_dataset", &["dataset_id", "project"]),
    ("google_bigquery_table", &["dataset_id", "project"]),
    ("google_bigquery_data_transfer_config", &["destination_dataset_id", "project"]),
    ("google_workflows_workflow", &["name", "project"]),
    ("google_eventarc_trigger", &["name", "project"]),
    ("google_pubsub_topic", &["name", "project"]),
    ("google_service_account", &["account_id", "project"]),
    ("google_project_iam_member", &["project"]),
    ("google_cloudfunctions2_function", &["name", "project"]),
];

/// The environment that a name speaks of: a word of it, between dots, dashes, underscores and slashes.
pub fn named_in(name: &str) -> Option<&'static str> {
    let of_word =
        |word: &str| NAMES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, environment)| *environment);
    let mut found = name.split(['.', '-', '_', '/']).filter_map(of_word);
    let first = found.next()?;
    // A name that speaks of two is about neither.
    found.all(|other| other == first).then_some(first)
}

/// The environments that files of variables in a folder are for.
pub fn of_variables(files: &Files, side: Side) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut found: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for (_, file) in files.of(side).filter(|(_, file)| is_of_variables(&file.path)) {
        if let Some(environment) = named_in(file.path.name()) {
            found.entry(file.path.folder().to_owned()).or_default().insert(environment);
        }
    }
    found
}

pub fn is_of_variables(path: &RepoPath) -> bool {
    path.as_str().ends_with(".tfvars") || path.as_str().ends_with(".tfvars.json")
}

/// Reads names that hold the name of an environment, in blocks that are deployed for several.
pub fn read_hard_coded(terraform: &Terraform<'_>, files: &Files, side: Side) -> Vec<HardCoded> {
    let by_variables = of_variables(files, side);
    let mut found: BTreeMap<Span, (HardCoded, BTreeSet<String>)> = BTreeMap::new();
    for (kind, attributes) in ATTRIBUTES {
        for resource in terraform.resources(kind) {
            let deployed = by_variables.get(resource.root());
            let of_root = named_in(resource.root());
            // What is made under a condition may be meant for one environment.
            for attribute in attributes.iter().filter(|_| resource.key.is_none()) {
                let Some(one) = read(terraform, files, resource, attribute) else { continue };
                let (_, environments) = found.entry(one.span).or_insert_with(|| (one, BTreeSet::new()));
                environments.extend(of_root.map(str::to_owned));
                environments.extend(deployed.into_iter().flatten().map(|name| (*name).to_owned()));
            }
        }
    }
    let shared = found.into_values().filter_map(|(one, environments)| {
        let others: Vec<String> = environments.iter().filter(|name| **name != one.environment).cloned().collect();
        (environments.contains(&one.environment) && !others.is_empty()).then_some(HardCoded { others, ..one })
    });
    shared.collect()
}

/// What is written into the code, and not into a file of variables or a folder of one environment.
fn read<'a>(terraform: &Terraform<'a>, files: &Files, resource: &Resource<'a>, attribute: &'static str) -> Option<HardCoded> {
    let Known::Known(value) = terraform.text(resource, resource.body, attribute) else { return None };
    let path = &files.get(value.span.file).path;
    let environment = named_in(&value.value)?;
    let written = files.get(value.span.file).text.get(value.span.range())?;
    let is_written = written.contains(value.value.as_str());
    let is_code = path.has_extension("tf") && named_in(path.as_str()).is_none();
    (is_code && is_written).then(|| HardCoded {
        address: resource.address(),
        attribute,
        value: value.value.clone(),
        span: value.span,
        environment: environment.to_owned(),
        others: Vec::new(),
    })
}
