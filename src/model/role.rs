//! Who may do what, as far as Terraform says it: roles granted to service accounts on projects, buckets, topics and what an
//! event starts. Grants of other repositories, of groups and of modules from elsewhere are out of reach, which is why the
//! answer to most questions is that it is not known.

mod target;

pub use target::{Place, Target, Thing, ThingKind};

use super::terraform::{Resource, Terraform};
use super::trigger::Reference;
use super::{Known, Why};
use crate::syntax::Document;
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All grants, and what may hide others.
#[derive(Debug, Default)]
pub struct Roles {
    pub grants: Vec<Grant>,
    /// `account_id` of each service account, by its unique address.
    accounts: BTreeMap<Arc<str>, Known<String>>,
    /// Root modules in which policies as a whole, or groups, may grant more.
    opaque: BTreeSet<Arc<str>>,
    /// The text of each call of a module from elsewhere, with its folder.
    elsewhere: Vec<(Arc<str>, Arc<str>)>,
}

/// One role for one principal.
#[derive(Debug, Clone)]
pub struct Grant {
    pub address: String,
    pub id: Arc<str>,
    /// The folder of the root module.
    pub root: Arc<str>,
    pub span: Span,
    pub role: Known<String>,
    pub principal: Principal,
    pub on: Target,
}

/// Who.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// A service account of the repository, by its unique address.
    Account(Arc<str>),
    /// The service agent of Cloud Storage.
    StorageAgent,
    /// Another that is named.
    Named(Arc<str>),
    Unknown,
}

/// What is known of a role that somebody needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    Yes,
    /// All that the repository grants to this principal in its root module is known, and this is not among it.
    No,
    /// The repository does not manage the roles of this principal, or not all of them can be read.
    Unclear,
}

/// Types of resources that grant; of each, one adds a member and one lists them.
const TYPES: [&str; 10] = [
    "google_project",
    "google_folder",
    "google_organization",
    "google_storage_bucket",
    "google_pubsub_topic",
    "google_bigquery_dataset",
    "google_bigquery_table",
    "google_cloud_run_service",
    "google_cloud_run_v2_service",
    "google_cloudfunctions2_function",
];

/// They grant what cannot be told one by one.
const OPAQUE: [&str; 11] = [
    "google_project_iam_policy",
    "google_folder_iam_policy",
    "google_organization_iam_policy",
    "google_cloud_run_service_iam_policy",
    "google_cloud_run_v2_service_iam_policy",
    "google_cloud_identity_group_membership",
    "google_pubsub_topic_iam_policy",
    "google_storage_bucket_iam_policy",
    "google_storage_bucket_acl",
    "google_bigquery_dataset_iam_policy",
    "google_bigquery_table_iam_policy",
];

/// What BigQuery calls its roles where a dataset lists who may do what.
const OF_DATASETS: [(&str, &str); 3] =
    [("OWNER", "roles/bigquery.dataOwner"), ("WRITER", "roles/bigquery.dataEditor"), ("READER", "roles/bigquery.dataViewer")];

/// How the service agent of Cloud Storage is written out.
const STORAGE_AGENT: &str = "gs-project-accounts.iam.gserviceaccount.com";
const STORAGE_AGENT_DATA: &str = "data.google_storage_project_service_account.";

impl Roles {
    pub fn read(terraform: &Terraform<'_>) -> Roles {
        let accounts = terraform.resources("google_service_account");
        let accounts = accounts
            .map(|resource| (Arc::from(resource.unique_address()), terraform.text(resource, resource.body, "account_id")))
            .collect();
        let opaque = OPAQUE.iter().flat_map(|kind| terraform.resources(kind)).map(|resource| resource.root().into()).collect();
        let elsewhere = terraform.calls_elsewhere().map(|(folder, text)| (folder.into(), text.into())).collect();
        let mut roles = Roles { grants: Vec::new(), accounts, opaque, elsewhere };
        for kind in TYPES {
            let kinds = [format!("{kind}_iam_member"), format!("{kind}_iam_binding")];
            for resource in kinds.iter().flat_map(|kind| terraform.resources(kind)) {
                roles.add(terraform, resource);
            }
        }
        for resource in terraform.resources("google_bigquery_dataset_access") {
            let dataset = Reference::read(terraform, resource, "dataset_id");
            roles.add_access(terraform, resource, resource, &dataset);
        }
        for resource in terraform.resources("google_bigquery_dataset") {
            let access = terraform.nested(resource, resource.body, "access");
            let name = terraform.text(resource, resource.body, "dataset_id");
            let dataset = Reference { name, address: Some(resource.unique_address().into()) };
            access.blocks.iter().for_each(|block| roles.add_access(terraform, resource, block, &dataset));
            roles.opaque.extend(access.hidden.map(|_| Arc::from(resource.root())));
        }
        roles
    }

    /// What a dataset itself lists, by the address of an account or by a member.
    fn add_access<'a>(&mut self, terraform: &Terraform<'a>, resource: &Resource<'a>, block: &Resource<'a>, dataset: &Reference) {
        let text = |name| terraform.text(block, block.body, name);
        let role = text("role").map(|role| {
            let known = OF_DATASETS.iter().find(|(name, _)| *name == role);
            known.map_or(role, |(_, known)| (*known).to_owned())
        });
        for member in [text("user_by_email"), text("iam_member")].into_iter().filter(|member| !member.is_absent()) {
            self.grants.push(Grant {
                address: resource.address(),
                id: resource.unique_address().into(),
                root: resource.root().into(),
                span: block.span,
                role: role.clone(),
                principal: self.principal(&member, written(block.document, &member, block), resource.root()),
                on: Target::Thing(Thing { kind: ThingKind::Dataset, of: dataset.clone() }),
            });
        }
    }

    fn add<'a>(&mut self, terraform: &Terraform<'a>, resource: &Resource<'a>) {
        let Some(on) = Target::read(terraform, resource) else { return };
        let role = terraform.text(resource, resource.body, "role");
        let members = match resource.kind.ends_with("_member") {
            true => Ok(vec![terraform.text(resource, resource.body, "member")]),
            false => terraform.each_text(resource, "members"),
        };
        let members = members.unwrap_or_else(|why| vec![Known::Unknown(why)]);
        for member in members {
            let written = written(resource.document, &member, resource);
            self.grants.push(Grant {
                address: resource.address(),
                id: resource.unique_address().into(),
                root: resource.root().into(),
                span: resource.span,
                role: role.clone(),
                principal: self.principal(&member, written, resource.root()),
                on: on.clone(),
            });
        }
    }

    /// Who is meant by the text of a member, or of an attribute that names a service account. `written` is the text that
    /// stands there, which may name a service agent by the number of a project that is not known.
    pub fn principal(&self, text: &Known<String>, written: &str, root: &str) -> Principal {
        match text {
            Known::Known(text) => self.named(&text.value, root),
            Known::Unknown(why) => self.unknown(why, written),
            Known::Absent => Principal::Unknown,
        }
    }

    fn named(&self, text: &str, root: &str) -> Principal {
        let name = text.rsplit([':', '/']).next().unwrap_or(text);
        if name.ends_with(STORAGE_AGENT) {
            return Principal::StorageAgent;
        }
        let own = name.split_once('@').filter(|(_, domain)| domain.ends_with(".iam.gserviceaccount.com"));
        let prefix = if root.is_empty() { String::new() } else { format!("{root}:") };
        let is_own = |address: &str, account: &Known<String>| {
            account.value().map(String::as_str) == own.map(|(id, _)| id) && address.starts_with(&prefix)
        };
        let mut declared = self.accounts.iter().filter(|(address, account)| own.is_some() && is_own(address, account));
        match (declared.next(), declared.next()) {
            (Some((address, _)), None) => Principal::Account(address.clone()),
            _ => Principal::Named(name.into()),
        }
    }

    fn unknown(&self, why: &Why, written: &str) -> Principal {
        let of = why.of.as_deref().unwrap_or_default();
        if of.contains(STORAGE_AGENT_DATA) || written.contains(STORAGE_AGENT) {
            return Principal::StorageAgent;
        }
        if self.accounts.contains_key(of) {
            return Principal::Account(of.into());
        }
        let is_agent = written.contains("@gcp-sa-") || of.contains("google_project_service_identity.");
        let is_other = is_agent || of.contains("data.google_service_account.") || of.contains("default_service_account.");
        if is_other { Principal::Named(of.into()) } else { Principal::Unknown }
    }

    /// Whether roles of this principal in the project of this place are granted in this root module at all.
    pub fn manages(&self, principal: &Principal, place: &Place, root: &str) -> bool {
        let is_of_project = |on: &Target| !matches!(on, Target::Thing(_)) && on.may_cover(place);
        self.grants.iter().any(|grant| grant.principal == *principal && *grant.root == *root && is_of_project(&grant.on))
    }

    /// Whether somebody holds one of these roles at this place. `is_managed` says that the root module is where it would be
    /// granted.
    pub fn holds(&self, principal: &Principal, roles: &[&str], place: &Place, root: &str, is_managed: bool) -> Held {
        let here: Vec<&Grant> = self.grants.iter().filter(|grant| grant.on.may_cover(place)).collect();
        let own: Vec<&Grant> = here.iter().filter(|grant| grant.principal == *principal).copied().collect();
        let fits = |grant: &&&Grant| grant.role.value().is_some_and(|role| roles.contains(&role.as_str()) || is_basic(role));
        if own.iter().any(|grant| fits(&grant)) {
            return Held::Yes;
        }
        let is_hidden = own.iter().any(|grant| grant.role.value().is_none_or(|role| !role.starts_with("roles/")));
        let may_be_meant = |grant: &Grant| {
            grant.principal == Principal::Unknown && grant.role.value().is_none_or(|role| roles.contains(&role.as_str()))
        };
        if !is_managed || is_hidden || here.into_iter().any(may_be_meant) || self.is_opaque(principal, root) {
            return Held::Unclear;
        }
        Held::No
    }

    /// Whether a policy as a whole, a group or a module from elsewhere may grant it something.
    fn is_opaque(&self, principal: &Principal, root: &str) -> bool {
        let name = match principal {
            Principal::Account(address) => address.rsplit("google_service_account.").next().unwrap_or(address),
            Principal::StorageAgent | Principal::Named(_) | Principal::Unknown => "google_storage_project_service_account",
        };
        let name = name.split('[').next().unwrap_or(name);
        self.opaque.contains(root) || self.is_named_elsewhere(name)
    }

    /// Whether a call of a module from elsewhere holds this name.
    pub fn is_named_elsewhere(&self, name: &str) -> bool {
        self.elsewhere.iter().any(|(_, text)| text.contains(name))
    }

    /// The first grant of one of these roles to this principal in a root module, for this place.
    pub fn grant(&self, principal: &Principal, roles: &[&str], place: &Place, root: &str) -> Option<&Grant> {
        let is_here = |grant: &&Grant| *grant.root == *root && grant.on.may_cover(place);
        self.of_roles(principal, roles).find(is_here)
    }

    /// A grant of one of these roles that counts for something else than this place.
    pub fn elsewhere(&self, principal: &Principal, roles: &[&str], place: &Place) -> Option<&Grant> {
        self.of_roles(principal, roles).find(|grant| !grant.on.may_cover(place))
    }

    fn of_roles(&self, principal: &Principal, roles: &[&str]) -> impl Iterator<Item = &Grant> {
        let is_meant = |grant: &&Grant| grant.role.value().is_some_and(|own| roles.contains(&own.as_str()));
        self.grants.iter().filter(move |grant| grant.principal == *principal).filter(is_meant)
    }
}

/// They hold nearly everything.
fn is_basic(role: &str) -> bool {
    matches!(role, "roles/owner" | "roles/editor")
}

/// What stands where the reason lies, and else in the whole block.
fn written<'a>(document: &'a Document, member: &Known<String>, resource: &'a Resource<'_>) -> &'a str {
    let of_attribute = document.get(resource.body, "member").map(|node| document.span(node));
    let span = of_attribute.or_else(|| member.span().filter(|span| span.file == document.file()));
    span.and_then(|span| document.source().get(span.range())).unwrap_or_default()
}
