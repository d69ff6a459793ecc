//! Which files speak to us: by what the configuration says of their place, else by what they are.
//! Recognition is cheap and errs on the side of leaving a file alone: a file that is not ours gives no finding.

use super::{dataform, table_folder, workflow};
use crate::config::{Config, PathKind};
use crate::text::RepoPath;
use memchr::memmem;

/// What a file is to us before it is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    Config,
    Feed,
    /// JSON that may be a schema: it is parsed, and its tree decides.
    Json,
    Terraform,
    TerraformJson,
    /// Values of variables, or of settings of a backend.
    Variables,
    /// What `terraform show -json` says of a plan.
    Plan,
    Sql,
    /// A query of Dataform, with settings around it.
    Sqlx,
    /// What holds for the queries of Dataform below its folder.
    DataformSettings,
    Statistics,
    /// Views, models and manifests of Looker.
    Lookml,
    /// Dashboards of Looker, which are YAML.
    Dashboards,
    /// Columns or partitions of the table that the folder is named after.
    TableFolder,
    /// Steps of Google Workflows.
    Workflow,
    /// NDJSON, read where a feed names it.
    Samples,
}

/// The configuration's names, best first.
pub const CONFIG_NAMES: [&str; 2] = ["feedgate.yaml", "feedgate.yml"];

/// Begins the name of a plan of Terraform: `feedgate.plan.json`.
pub const PLAN_PREFIX: &str = "feedgate.plan.";

/// What a file is, or `None` when it is not for us.
pub fn kind_of(path: &RepoPath, text: &str, config: &Config) -> Option<FileKind> {
    if config.paths.matches(PathKind::Exclude, path) {
        return None;
    }
    if *path == config.baseline_path() {
        return None;
    }
    if CONFIG_NAMES.contains(&path.as_str()) {
        return Some(FileKind::Config);
    }
    let is = |extension| path.has_extension(extension);
    if is("tf") {
        return configured(config, PathKind::Terraform, path).then_some(FileKind::Terraform);
    }
    if is("tfvars") || is("tfbackend") || path.name().ends_with(".tfvars.json") {
        return Some(FileKind::Variables);
    }
    if path.name().ends_with(".tf.json") {
        return configured(config, PathKind::Terraform, path).then_some(FileKind::TerraformJson);
    }
    if is("sql") || is("bqsql") {
        return configured(config, PathKind::Sql, path).then_some(FileKind::Sql);
    }
    if is("sqlx") {
        return configured(config, PathKind::Sql, path).then_some(FileKind::Sqlx);
    }
    if is("lkml") {
        return Some(FileKind::Lookml);
    }
    if is("lookml") {
        return path.name().ends_with(".dashboard.lookml").then_some(FileKind::Dashboards);
    }
    if is("ndjson") || is("jsonl") {
        return Some(FileKind::Samples);
    }
    if path.name().starts_with(PLAN_PREFIX) && is("json") {
        return Some(FileKind::Plan);
    }
    if dataform::is_settings(path) {
        return Some(FileKind::DataformSettings);
    }
    if is("json") {
        return json_kind(path, text, config);
    }
    if !is("yaml") && !is("yml") {
        return None;
    }
    if is_feed(path, text, config) || is_contract(text) {
        return Some(FileKind::Feed);
    }
    if table_folder::may_define(path, text) {
        return Some(FileKind::TableFolder);
    }
    let calls = || memmem::find(text.as_bytes(), b"googleapis.bigquery").is_some();
    (calls() || workflow::is_workflow(text)).then_some(FileKind::Workflow)
}

/// Whether the place is allowed: nothing is said of this kind, or what is said matches.
fn configured(config: &Config, kind: PathKind, path: &RepoPath) -> bool {
    !config.paths.is_configured(kind) || config.paths.matches(kind, path)
}

fn json_kind(path: &RepoPath, text: &str, config: &Config) -> Option<FileKind> {
    let statistics = config.paths.matches(PathKind::Statistics, path);
    if statistics || path.as_str() == super::statistics::FILE_NAME {
        return Some(FileKind::Statistics);
    }
    let named = config.paths.matches(PathKind::Schemas, path) || config.paths.matches(PathKind::TableSchemas, path);
    let may_be = || memmem::find(text.as_bytes(), b"\"type\"").is_some() || workflow::is_workflow(text);
    (named || may_be()).then_some(FileKind::Json)
}

/// A data contract says so at the top, whichever place it lies at.
fn is_contract(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"DataContract").is_some()
        || memmem::find(text.as_bytes(), b"dataContractSpecification").is_some()
}

/// A feed file lies where the configuration says; without a word there, it has a line that begins with `feed:`.
fn is_feed(path: &RepoPath, text: &str, config: &Config) -> bool {
    if config.paths.is_configured(PathKind::Feeds) {
        return config.paths.matches(PathKind::Feeds, path);
    }
    let text = text.trim_start_matches(crate::text::BOM);
    memmem::find_iter(text.as_bytes(), b"feed:").any(|at| at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n'))
}
