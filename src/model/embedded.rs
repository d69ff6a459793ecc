//! SQL that lies in other files, each text with its exact place: views, routines, jobs and scheduled queries of Terraform,
//! and the steps of Google Workflows that call BigQuery. Knows where such texts stand, and nothing of SQL itself.

use super::query::{Dialect, Role, Signature, SqlText};
use super::terraform::{Loading, Resource, Terraform, blocks};
use super::workflow::QUERY_CALLS;
use super::{Known, Skipped};
use crate::sql::TablePath;
use crate::syntax::embed::{Embedded, embedded};
use crate::syntax::{Document, NodeId, Operator, Value, yaml};
use crate::text::{FileId, RepoPath, SourceFile, Span, SpanMap};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was found in one or more files.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedSql {
    pub texts: Vec<SqlText>,
    /// SQL files that Terraform names, with what they are for; of a template, with its holes filled in.
    pub files: BTreeMap<FileId, Vec<NamedFile>>,
    /// The name that each instance gives its text, with the path that the text goes by.
    pub paths: BTreeMap<String, Arc<str>>,
    /// Queries that are computed.
    pub skipped: Vec<Skipped>,
}

/// What a text is for, and when it runs.
#[derive(Debug, Clone)]
pub struct Purpose {
    pub role: Role,
    pub dialect: Dialect,
    pub occasion: Occasion,
}

/// A file, as one resource names it.
#[derive(Debug, Clone)]
pub struct NamedFile {
    pub purpose: Purpose,
    /// What the instance calls it.
    pub name: String,
    /// Of a template: what is made of it.
    pub filled: Option<Embedded>,
}

/// When a text runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion {
    /// Nothing says.
    Unsaid,
    Schedule(Known<String>),
    /// Switched off, and where.
    Never(Span),
    /// It is a step of a workflow, which runs when a file comes.
    Delivery,
}

/// So many texts are made of one block.
const MAX_INSTANCES: usize = 64;

/// The value of a function is an expression, which is a query behind this word.
const SELECT: &str = "SELECT ";

impl Purpose {
    fn script(dialect: Dialect) -> Purpose {
        Purpose { role: Role::Script, dialect, occasion: Occasion::Unsaid }
    }

    /// The text, put to this purpose.
    pub fn of(&self, text: SqlText) -> SqlText {
        let Purpose { role, dialect, occasion } = self.clone();
        let text = match role {
            Role::Function(_) => SqlText {
                text: format!("{SELECT}{}", text.text).into(),
                map: Arc::new(text.map.as_ref().clone().behind(SELECT.len())),
                ..text
            },
            Role::Script | Role::View | Role::Procedure(_) | Role::TableFunction(_) => text,
        };
        SqlText { role, dialect, occasion, ..text }
    }
}

/// The SQL of all Terraform files.
pub fn of_terraform(terraform: &Terraform<'_>) -> EmbeddedSql {
    let mut found = EmbeddedSql::default();
    for resource in terraform.instances_of("google_bigquery_table", MAX_INSTANCES) {
        for (block, is_view) in [("view", true), ("materialized_view", false)] {
            if let Some((_, body)) = blocks(resource.document, resource.body, block).into_iter().next() {
                let dialect = if is_view { dialect_of(terraform, resource, body) } else { Dialect::GoogleSql };
                let purpose = Purpose { role: Role::View, ..Purpose::script(dialect) };
                found.add(terraform, resource, body, "query", block, purpose);
            }
        }
    }
    for resource in terraform.blocks_of("google_workflows_workflow") {
        let workflow = of_inline_workflow(terraform, resource);
        found.texts.extend(workflow.texts);
        found.skipped.extend(workflow.skipped);
    }
    for resource in terraform.instances_of("google_bigquery_routine", MAX_INSTANCES) {
        if let Some(role) = routine_role(terraform, resource) {
            let purpose = Purpose { role, ..Purpose::script(Dialect::GoogleSql) };
            found.add(terraform, resource, resource.body, "definition_body", "definition_body", purpose);
        }
    }
    for resource in terraform.instances_of("google_bigquery_job", MAX_INSTANCES) {
        for (_, body) in blocks(resource.document, resource.body, "query") {
            let purpose = Purpose::script(dialect_of(terraform, resource, body));
            found.add(terraform, resource, body, "query", "query", purpose);
        }
    }
    for resource in terraform.instances_of("google_bigquery_data_transfer_config", MAX_INSTANCES) {
        let source = terraform.text(resource, resource.body, "data_source_id");
        let params = resource.document.get(resource.body, "params");
        if let Some(params) = params.filter(|_| source.value().is_some_and(|source| source == "scheduled_query")) {
            let purpose = Purpose { occasion: scheduled(terraform, resource), ..Purpose::script(Dialect::GoogleSql) };
            found.add(terraform, resource, params, "query", "params", purpose);
        }
    }
    found
}

/// When a scheduled query runs: without a schedule, when somebody starts it.
fn scheduled<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Occasion {
    let disabled = terraform.bool(resource, resource.body, "disabled");
    match (disabled.spanned(), terraform.text(resource, resource.body, "schedule")) {
        (Some(disabled), _) if disabled.value => Occasion::Never(disabled.span),
        (_, Known::Absent) => Occasion::Unsaid,
        (_, schedule) => Occasion::Schedule(schedule),
    }
}

/// BigQuery takes a query for legacy SQL unless it is told otherwise.
fn dialect_of<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, body: NodeId) -> Dialect {
    dialect(terraform.bool(resource, body, "use_legacy_sql").value().copied())
}

fn dialect(is_legacy: Option<bool>) -> Dialect {
    match is_legacy {
        Some(false) => Dialect::GoogleSql,
        Some(true) => Dialect::Legacy,
        None => Dialect::MaybeLegacy,
    }
}

/// `None` for code in another language.
fn routine_role<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<Role> {
    let text = |name| terraform.text(resource, resource.body, name);
    if !matches!(text("language"), Known::Absent) && text("language").value().is_none_or(|name| name != "SQL") {
        return None;
    }
    let arguments = blocks(resource.document, resource.body, "arguments").into_iter();
    let arguments = arguments.filter_map(|(_, body)| terraform.text(resource, body, "name").value().cloned()).collect();
    let name = |key| text(key).value().cloned();
    let path = name("dataset_id").zip(name("routine_id")).map(|(dataset, routine)| {
        let parts = name("project").into_iter().chain([dataset, routine]);
        TablePath(parts.collect())
    });
    Some(match text("routine_type").value().map(String::as_str) {
        Some("PROCEDURE") => Role::Procedure(arguments),
        Some("TABLE_VALUED_FUNCTION") => Role::TableFunction(Signature { path, arguments }),
        _ => Role::Function(Signature { path, arguments }),
    })
}

impl EmbeddedSql {
    fn add<'a>(
        &mut self,
        terraform: &Terraform<'a>,
        resource: &Resource<'a>,
        body: NodeId,
        attribute: &str,
        part: &str,
        purpose: Purpose,
    ) {
        let Some(node) = resource.document.get(body, attribute) else { return };
        let name = name_of(terraform, resource, part);
        if let Some(named) = terraform.text_file(resource, node) {
            if let Ok((file, _)) = named {
                let source = terraform.source_with_holes(resource, node).filter(|source| source.loading == Loading::Template);
                let filled = source.map(|source| Embedded { text: source.text, map: source.map });
                self.files.entry(file).or_default().push(NamedFile { purpose, name, filled });
            }
            return;
        }
        let (document, text) = terraform.text_node(resource, node);
        let is_template = matches!(document.value(text), Value::Expression { operator: Operator::Template, .. });
        let filled = || terraform.source_with_holes(resource, node).map(|source| Embedded { text: source.text, map: source.map });
        let found = if is_template { filled().or_else(|| embedded(document, text)) } else { embedded(document, text) };
        match found {
            // A function that runs elsewhere has an empty body.
            Some(embedded) if embedded.text.trim().is_empty() => {}
            Some(embedded) => self.push(purpose.of(sql_text(name, embedded))),
            None => self.skip(name, document.span(text)),
        }
    }

    /// What instances make of a file, whose text they take as it is or as a template. A template that is used once goes by
    /// its own name.
    pub fn add_templates(&mut self, path: &RepoPath, named: Vec<NamedFile>) {
        let is_alone = named.len() == 1;
        for (index, NamedFile { purpose, name, filled }) in named.into_iter().enumerate() {
            match filled {
                None => {
                    self.paths.insert(name, path.to_string().into());
                }
                Some(embedded) if is_alone => {
                    self.paths.insert(name, path.to_string().into());
                    self.push(purpose.of(sql_text(path.to_string(), embedded)));
                }
                Some(embedded) if index < MAX_INSTANCES => self.push(purpose.of(sql_text(name, embedded))),
                Some(_) => {}
            }
        }
    }

    /// A text that nobody runs by itself is there once, however many instances have it.
    fn push(&mut self, text: SqlText) {
        let is_same = |other: &&SqlText| other.text == text.text && other.map == text.map && other.role == text.role;
        let is_counted = matches!(text.occasion, Occasion::Schedule(_) | Occasion::Delivery);
        let same = self.texts.iter().rev().take(MAX_INSTANCES).find(is_same).filter(|_| !is_counted);
        match same {
            Some(same) => {
                self.paths.insert(text.path.to_string(), same.path.clone());
            }
            None => self.texts.push(text),
        }
    }

    fn skip(&mut self, subject: String, span: Span) {
        let why = "its text is computed".to_owned();
        self.skipped.push(Skipped { what: "query".to_owned(), subject, why, span: Some(span) });
    }
}

/// What an instance calls a text of its own: `infra/main.tf:google_bigquery_table.daily.view`.
pub fn name_of<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, part: &str) -> String {
    format!("{}:{}.{part}", terraform.path(resource), resource.address_from_file())
}

fn sql_text(path: String, embedded: Embedded) -> SqlText {
    SqlText {
        path: path.into(),
        text: embedded.text.into(),
        map: Arc::new(embedded.map),
        role: Role::Script,
        dialect: Dialect::GoogleSql,
        occasion: Occasion::Unsaid,
    }
}

/// The SQL of the steps of a workflow.
pub fn of_workflow(id: FileId, file: &SourceFile) -> EmbeddedSql {
    steps_of(&yaml::parse(id, &file.text).document, file.path.as_str(), None)
}

/// The SQL of the steps of a workflow that stands in Terraform, where Terraform doubles the sign of what the workflow fills in.
fn of_inline_workflow<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> EmbeddedSql {
    let Some(source) = resource.document.get(resource.body, "source_contents") else { return EmbeddedSql::default() };
    let (document, text) = terraform.text_node(resource, source);
    let is_elsewhere = terraform.text_file(resource, source).is_some();
    let Some(workflow) = embedded(document, text).filter(|_| !is_elsewhere) else { return EmbeddedSql::default() };
    let name = format!("{}:{}", terraform.path(resource), resource.address());
    steps_of(&yaml::parse(document.file(), &workflow.text.as_str().into()).document, &name, Some(&workflow.map))
}

/// The steps of a document that is a file, or a text whose place `outer` says.
fn steps_of(document: &Document, prefix: &str, outer: Option<&SpanMap>) -> EmbeddedSql {
    let mut found = EmbeddedSql::default();
    let mut taken = BTreeSet::new();
    // In the order of the file, so that the same step keeps its name.
    let mut steps: Vec<_> = document.node_ids().flat_map(|node| document.map(node)).collect();
    steps.sort_by_key(|step| step.key_span);
    for step in steps {
        let Some(request) = request(document, step.value) else { continue };
        let Some(query) = document.get(request, "query") else { continue };
        let base = format!("{prefix}:{}", document.key(step));
        let names = std::iter::once(base.clone()).chain((2..).map(|number| format!("{base}.{number}")));
        let name = names.into_iter().find(|name| taken.insert(name.clone())).unwrap_or(base);
        let is_legacy = document.get(request, "useLegacySql").map(|node| document.value(node));
        let is_legacy = is_legacy.and_then(|value| if let Value::Bool(value) = value { Some(value) } else { None });
        match embedded(document, query).filter(|embedded| !is_expression(&embedded.text)) {
            Some(embedded) => {
                let map = outer.map_or_else(|| embedded.map.clone(), |outer| embedded.map.within(outer));
                let embedded = Embedded { map, ..embedded };
                let purpose = Purpose { occasion: Occasion::Delivery, ..Purpose::script(dialect(is_legacy)) };
                found.texts.push(purpose.of(sql_text(name, embedded)));
            }
            None => {
                let span = document.span(query);
                found.skip(name, outer.map_or(span, |outer| outer.span(span.range())));
            }
        }
    }
    found
}

/// The part of a step that says what query to run.
fn request(document: &Document, step: NodeId) -> Option<NodeId> {
    let call = document.str(document.get(step, "call")?)?;
    let (_, keys) = QUERY_CALLS.iter().find(|(name, _)| *name == call)?;
    keys.iter().try_fold(document.get(step, "args")?, |node, key| document.get(node, key))
}

/// A whole value that is computed when the workflow runs; within a Terraform template the sign is doubled.
fn is_expression(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("${") || text.starts_with("$${")) && text.ends_with('}')
}

#[cfg(test)]
mod tests;
