//! What one environment has otherwise than another: the same block of two folders that differ in the name of an environment, or
//! of one folder with the variables of either. Only what is compared is read; what of it is a mistake is not said here.

mod attribute;

use super::named_in;
use crate::config::{Concern, Config};
use crate::model::terraform::{Resource, Terraform};
use crate::model::{Known, Why};
use crate::text::{Files, Side, Span};
use attribute::{Attribute, COMPARED, Said};
use memchr::memmem;
use std::collections::{BTreeMap, BTreeSet};

/// Environments from those that nobody misses to those that count.
const RANKS: [&str; 11] = ["sandbox", "dev", "test", "int", "qa", "sit", "uat", "staging", "preprod", "live", "prod"];
/// Those that count.
const PRODUCTION: [&str; 2] = ["prod", "live"];

/// A thing that two environments have otherwise, or that one of them lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// What people call it: `location`, `deletion_protection`; of a thing that one lacks, nothing.
    pub attribute: &'static str,
    pub concern: Concern,
    /// The environment that counts more comes second.
    pub lesser: Sided,
    pub greater: Sided,
    /// The greater one keeps less or protects less than the lesser, and is production.
    pub is_weaker: bool,
    /// Why one of the two is not known: it may differ then, and be weaker.
    pub hidden: Option<Why>,
    /// Further things that drift in the same way at the same places.
    pub n_more: usize,
}

/// One environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Sided {
    pub environment: String,
    /// As Terraform calls the thing in its root module; empty where it is missing.
    pub address: String,
    /// The thing itself; `None` where it is missing.
    pub thing: Option<Span>,
    pub value: Option<Value>,
    /// Where the value is written.
    pub span: Option<Span>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Bool(bool),
    Seconds(u64),
    /// No end.
    Forever,
}

/// One resource in one environment.
struct Thing {
    address: String,
    /// What it is called in the cloud, without the name of the environment, where that is known.
    name: Option<String>,
    span: Span,
    attributes: &'static [Attribute],
    said: Vec<Said>,
}

/// The things of each environment, by what they are called without its name. Two of one name are none.
#[derive(Default)]
struct Environments(BTreeMap<&'static str, BTreeMap<String, Option<Thing>>>);

/// Where two environments say an attribute, and which of them counts less.
type DriftPlace = (Option<Span>, Option<Span>, &'static str, String);

/// Everything that differs between the environments of the repository, by address.
pub fn read_drifts<'a>(terraform: &Terraform<'a>, files: &'a Files, side: Side, config: &'a Config) -> Vec<Drift> {
    let mut groups: BTreeMap<String, Environments> = by_folder(terraform);
    groups.extend(by_variables(terraform, files, side, config));
    let mut found: BTreeMap<DriftPlace, Drift> = BTreeMap::new();
    for drift in groups.values().flat_map(Environments::drifts) {
        let place = |sided: &Sided| sided.span.or(sided.thing);
        let key = (place(&drift.lesser), place(&drift.greater), drift.attribute, drift.lesser.environment.clone());
        found.entry(key).and_modify(|first| first.n_more += 1).or_insert(drift);
    }
    found.into_values().collect()
}

/// Root modules whose folders differ in nothing but the name of an environment. One without such a name beside them is that
/// of production.
fn by_folder(terraform: &Terraform<'_>) -> BTreeMap<String, Environments> {
    let kinds = || COMPARED.iter().flat_map(|(kind, _)| terraform.resources(kind));
    let roots: BTreeSet<&str> = kinds().map(Resource::root).collect();
    let mut of_group: BTreeMap<String, BTreeMap<&'static str, &str>> = BTreeMap::new();
    for root in &roots {
        if let Some(environment) = of_folder(root) {
            of_group.entry(without_environment(root, Some(environment))).or_default().insert(environment, root);
        }
    }
    for root in roots.iter().filter(|root| of_folder(root).is_none()) {
        if let Some(group) = of_group.get_mut(&without_environment(root, None)).filter(|_| !root.is_empty()) {
            group.entry("prod").or_insert(root);
        }
    }
    let several = of_group.into_iter().filter(|(_, roots)| roots.len() > 1);
    let read = |(group, roots): (String, BTreeMap<&'static str, &str>)| {
        let mut environments = Environments::default();
        for (environment, root) in roots {
            environments.read(terraform, environment, |resource| resource.root() == root);
        }
        (format!("folders {group}"), environments)
    };
    several.map(read).collect()
}

/// `live/dev` is dev: what is deployed at all is called live as well.
fn of_folder(root: &str) -> Option<&'static str> {
    let parts: Vec<&str> = root.split('/').filter(|part| *part != "live").collect();
    named_in(&parts.join("/")).or_else(|| named_in(root))
}

/// Root modules with files of variables or plans for several environments, or with a workspace for each that is configured.
fn by_variables<'a>(
    terraform: &Terraform<'a>,
    files: &'a Files,
    side: Side,
    config: &'a Config,
) -> BTreeMap<String, Environments> {
    let mut asked: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let roots_of = roots_of(terraform, files, side, config);
    for (root, environments) in roots_of.iter().filter(|(_, environments)| environments.len() > 1) {
        environments.values().for_each(|name| {
            asked.entry(name).or_default().insert(root);
        });
    }
    let mut found: BTreeMap<String, Environments> = BTreeMap::new();
    for (name, roots) in asked {
        let Some(environment) = named_in(name) else { continue };
        let chosen = terraform.in_environment(name, &roots);
        for root in roots {
            let environments = found.entry(format!("variables {root}")).or_default();
            environments.read(&chosen, environment, |resource| resource.root() == root);
        }
    }
    found
}

/// The environments of each root module, with the word that chooses them.
fn roots_of<'a>(
    terraform: &Terraform<'a>,
    files: &'a Files,
    side: Side,
    config: &'a Config,
) -> BTreeMap<&'a str, BTreeMap<&'static str, &'a str>> {
    let mut found: BTreeMap<&str, BTreeMap<&'static str, &str>> = BTreeMap::new();
    for (root, path) in terraform.files_to_choose() {
        let stems = path.as_str().split('/').filter_map(|part| part.split('.').next());
        if let Some((environment, stem)) = stems.filter_map(|stem| Some((named_in(stem)?, stem))).next_back() {
            found.entry(root).or_default().entry(environment).or_insert(stem);
        }
    }
    let is_code = |path: &str| path.ends_with(".tf");
    let asks = |text: &str| memmem::find(text.as_bytes(), b"terraform.workspace").is_some();
    for (_, file) in files.of(side).filter(|(_, file)| is_code(file.path.as_str()) && asks(&file.text)) {
        let named = config.environments.keys().filter_map(|name| Some((named_in(name)?, name.as_str())));
        found.entry(file.path.folder()).or_insert_with(|| named.collect());
    }
    let planned = terraform.planned_environments().filter(|(_, names)| names.len() > 1);
    found.extend(planned.map(|(root, names)| (root, names.into_iter().map(|name| (name, name)).collect())));
    found
}

/// `iac/acme-data-dev/gcs` as `iac/acme-data/gcs`, where it is of dev. The name of another environment stays: in production,
/// `test-orders` are not the orders.
fn without_environment(name: &str, environment: Option<&str>) -> String {
    let is_own = |named| Some(named) == environment || PRODUCTION.contains(&named) && environment.is_some_and(is_production);
    let is_kept = |word: &&str| !named_in(word).is_some_and(is_own);
    let part = |part: &str| part.split(['-', '_', '.']).filter(is_kept).collect::<Vec<_>>().join("-");
    name.split('/').map(part).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

fn is_production(environment: &str) -> bool {
    PRODUCTION.contains(&environment)
}

/// `google_bigquery_table raw.orders`.
fn cloud_name<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, environment: &str) -> Option<String> {
    let attributes: &[&str] = match resource.kind {
        "google_bigquery_dataset" => &["dataset_id"],
        "google_bigquery_table" => &["dataset_id", "table_id"],
        "google_bigquery_data_transfer_config" => &["display_name"],
        _ => &["name"],
    };
    let part = |name: &&str| {
        let Known::Known(said) = terraform.text(resource, resource.body, name) else { return None };
        Some(without_environment(&said.value, Some(environment)))
    };
    let parts: Vec<String> = attributes.iter().map(part).collect::<Option<_>>()?;
    Some(format!("{} {}", resource.kind, parts.join(".")))
}

impl Environments {
    fn read<'a>(&mut self, terraform: &Terraform<'a>, environment: &'static str, is_in: impl Fn(&Resource<'a>) -> bool) {
        let things = self.0.entry(environment).or_default();
        for (kind, attributes) in COMPARED {
            for resource in terraform.resources(kind).filter(|resource| is_in(resource)) {
                let address = resource.unique_address();
                let address = address.strip_prefix(resource.root()).and_then(|rest| rest.strip_prefix(':')).unwrap_or(&address);
                let said = attributes.iter().map(|attribute| attribute.read(terraform, resource)).collect();
                let name = cloud_name(terraform, resource, environment);
                let thing = Thing { address: address.to_owned(), name, span: resource.span, attributes, said };
                let part = |part| without_environment(part, Some(environment));
                let key = address.split('.').map(part).collect::<Vec<_>>().join(".");
                things.entry(key).and_modify(|double| *double = None).or_insert(Some(thing));
            }
        }
    }

    /// Each environment against the one that counts most.
    fn drifts(&self) -> Vec<Drift> {
        let rank = |name: &str| RANKS.iter().position(|ranked| *ranked == name);
        let Some((greatest, of_greatest)) = self.0.iter().max_by_key(|(name, _)| rank(name)) else { return Vec::new() };
        let mut found = Vec::new();
        for (lesser, of_lesser) in self.0.iter().filter(|(name, _)| *name != greatest) {
            for pair in pairs(of_lesser, of_greatest) {
                match pair {
                    (Some(one), Some(other)) => found.extend(differences((lesser, one), (greatest, other))),
                    (Some(one), None) => found.push(missing((lesser, Some(one)), (greatest, None))),
                    (None, Some(other)) => found.push(missing((lesser, None), (greatest, Some(other)))),
                    (None, None) => {}
                }
            }
        }
        found
    }
}

/// The things of two environments: those of one address, those of one name, and those that one of them lacks.
fn pairs<'t>(
    one: &'t BTreeMap<String, Option<Thing>>,
    other: &'t BTreeMap<String, Option<Thing>>,
) -> Vec<(Option<&'t Thing>, Option<&'t Thing>)> {
    let both = one.iter().filter_map(|(key, thing)| Some((thing.as_ref(), other.get(key)?.as_ref())));
    let mut found: Vec<_> = both.filter(|(one, other)| one.is_some() && other.is_some()).collect();
    let only = |own: &'t BTreeMap<String, Option<Thing>>, others: &BTreeMap<String, Option<Thing>>| {
        let alone = own.iter().filter(|(key, _)| !others.contains_key(*key)).filter_map(|(_, thing)| thing.as_ref());
        alone.collect::<Vec<&'t Thing>>()
    };
    let (mut alone, mut others) = (only(one, other), only(other, one));
    alone.retain(|thing| {
        let is_it = |other: &&Thing| thing.name.is_some() && other.name == thing.name;
        let is_single = others.iter().filter(|other| is_it(other)).count() == 1;
        match others.iter().position(is_it).filter(|_| is_single) {
            Some(at) => found.push((Some(thing), Some(others.swap_remove(at)))),
            None => return true,
        }
        false
    });
    found.extend(alone.into_iter().map(|thing| (Some(thing), None)));
    found.extend(others.into_iter().map(|thing| (None, Some(thing))));
    found
}

fn missing(lesser: (&str, Option<&Thing>), greater: (&str, Option<&Thing>)) -> Drift {
    let sided = |(environment, thing): (&str, Option<&Thing>)| Sided {
        environment: environment.to_owned(),
        address: thing.map(|thing| thing.address.clone()).unwrap_or_default(),
        thing: thing.map(|thing| thing.span),
        value: None,
        span: None,
    };
    Drift {
        attribute: "",
        concern: Concern::Presence,
        lesser: sided(lesser),
        greater: sided(greater),
        is_weaker: false,
        hidden: None,
        n_more: 0,
    }
}

fn differences((lesser, one): (&str, &Thing), (greater, other): (&str, &Thing)) -> Vec<Drift> {
    let compared = one.attributes.iter().zip(one.said.iter().zip(&other.said));
    let differing = compared.filter_map(|(attribute, (own, others))| {
        let counts = is_production(greater);
        let (is_weaker, hidden) = match (&own.value, &others.value) {
            (Ok(Some(value)), Ok(Some(counted))) if !attribute.is_same(value, counted) => {
                (counts && attribute.is_weaker(counted, value), None)
            }
            (Err(why), Ok(Some(_))) | (Ok(Some(_)), Err(why)) => (counts, Some(why.clone())),
            _ => return None,
        };
        Some(Drift {
            attribute: attribute.shown,
            concern: attribute.concern(),
            lesser: sided(lesser, one, own),
            greater: sided(greater, other, others),
            is_weaker,
            hidden,
            n_more: 0,
        })
    });
    differing.collect()
}

fn sided(environment: &str, thing: &Thing, said: &Said) -> Sided {
    Sided {
        environment: environment.to_owned(),
        address: thing.address.clone(),
        thing: Some(thing.span),
        value: said.value.clone().ok().flatten(),
        span: said.span,
    }
}
