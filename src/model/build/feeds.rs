//! Files that define feeds: our own feed files, and data contracts, which are lowered to the same trees. Several
//! definitions of one feed become one feed, or a finding where they contradict each other.

use super::Input;
use super::made::{self, Place};
use crate::config::PathKind;
use crate::model::contract::{self, Standard};
use crate::model::feed::merge::{self, Conflict};
use crate::model::feed::{Feed, FeedId, FeedSource, Lookup, Reading, is_feed_document, read_feeds};
use crate::model::schema::{JsonSchema, Target};
use crate::model::schema_check::to_json;
use crate::model::table::Table;
use crate::model::terraform::{self, Terraform};
use crate::model::{FileProblem, FileProblemKind, Known, Model, Skipped, Why};
use crate::syntax::{Document, NodeId, Parsed, Problem, ProblemKind, yaml};
use crate::text::{Date, FileId, RepoPath, SourceFile, Spanned, nearest};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a YAML file says of feeds and of the tables of its contracts.
#[derive(Clone, Default)]
pub(in crate::model) struct FeedFile {
    feeds: Vec<Feed>,
    others: Vec<Other>,
    /// The JSON Schemas that stand in it.
    inline: Vec<JsonSchema>,
    tables: Vec<Table>,
    problems: Vec<(FileProblemKind, Problem)>,
    skipped: Vec<Skipped>,
    /// What it names of the repository.
    named: Vec<RepoPath>,
}

/// What a contract says of a feed that it does not define.
#[derive(Clone)]
pub(super) struct Other {
    feed: Feed,
    inline: Option<JsonSchema>,
}

impl Other {
    /// Completes the feed of its name, where there is one and no other contract is of it.
    fn complete(self, model: &mut Model) {
        let Some(known) = model.feeds.get(&self.feed.id) else { return };
        if known.origins.iter().all(|origin| origin.source != FeedSource::Contract) {
            model.schemas.extend(self.inline.map(|schema| (schema.path.clone(), schema)));
            add_feed(self.feed, model);
        }
    }
}

pub(super) fn load(input: &Input<'_>, id: FileId, file: &SourceFile) -> FeedFile {
    let Parsed { mut document, problems } = yaml::parse(id, &file.text);
    let mut read = FeedFile::default();
    let contracts: Vec<(NodeId, Standard)> =
        document.roots.iter().filter_map(|root| Some((*root, contract::standard(&document, *root)?))).collect();
    let is_configured = input.config.paths.is_configured(PathKind::Feeds);
    let is_contract = |root: &NodeId| contracts.iter().any(|(contract, _)| contract == root);
    let is_feed = |root: &NodeId| !is_contract(root) && (is_configured || is_feed_document(&document, *root));
    let roots: Vec<NodeId> = document.roots.iter().copied().filter(is_feed).collect();
    // YAML of another tool with a key `feed`: what is wrong in it is not ours to say. What could not be read may be ours.
    let is_read = contracts.iter().any(|(_, standard)| *standard != Standard::NotRead);
    if is_read || !roots.is_empty() || document.roots.is_empty() {
        let is_ours = |problem: &Problem| problem.kind == ProblemKind::AmbiguousScalar && is_key_on(&file.text, problem);
        read.add_problems(FileProblemKind::Yaml, problems.into_iter().filter(|problem| !is_ours(problem)).collect());
    }
    let named = RefCell::new(Vec::new());
    let lookup = |path: &RepoPath| {
        named.borrow_mut().push(path.clone());
        lookup(input, path)
    };
    let reading = |source| Reading { source, path: &file.path, environment: input.environment, lookup: &lookup };
    let (feeds, of_keys) = read_feeds(&document, &roots, &reading(FeedSource::FeedFile));
    read.add_feeds(feeds, &file.path, &document);
    read.add_problems(FileProblemKind::FeedDefinition, of_keys);
    for (root, standard) in contracts {
        read.contract(&mut document, root, standard, &reading(FeedSource::Contract));
    }
    FeedFile { named: named.take(), ..read }
}

/// The key of ours that YAML 1.1 takes for `true`: nobody but us reads it.
fn is_key_on(text: &str, problem: &Problem) -> bool {
    let rest = text.get(problem.span.range().start..).unwrap_or("");
    rest.strip_prefix("on").is_some_and(|after| after.trim_start_matches(' ').starts_with(':'))
}

impl FeedFile {
    /// Whether everything that it names is the same in both revisions.
    pub(super) fn is_same_in(&self, one: &Input<'_>, other: &Input<'_>) -> bool {
        self.named.iter().all(|path| lookup(one, path) == lookup(other, path))
    }

    fn contract(&mut self, document: &mut Document, root: NodeId, standard: Standard, reading: &Reading<'_>) {
        let Standard::Odcs(version) = standard else {
            return self.skipped.push(contract::not_read(document, root, reading.path));
        };
        self.add_problems(FileProblemKind::DataContract, contract::problems(document, root, version));
        let lowered = contract::lower(document, root, reading.environment);
        let (feeds, mut of_keys) = read_feeds(document, &lowered.feeds, reading);
        // The standard lets an object have any name.
        of_keys.retain(|problem| !feeds.iter().any(|feed| feed.name_span == problem.span));
        self.add_feeds(feeds, reading.path, document);
        self.add_problems(FileProblemKind::DataContract, of_keys);
        let (others, _) = read_feeds(document, &lowered.others, reading);
        let other = |feed: Feed| Other { inline: inline_schema(&feed, reading.path, document), feed };
        self.others.extend(others.into_iter().map(other));
        self.tables.extend(lowered.tables);
    }

    fn add_feeds(&mut self, feeds: Vec<Feed>, path: &RepoPath, document: &Document) {
        self.inline.extend(feeds.iter().filter_map(|feed| inline_schema(feed, path, document)));
        self.feeds.extend(feeds);
    }

    fn add_problems(&mut self, kind: FileProblemKind, problems: Vec<Problem>) {
        self.problems.extend(problems.into_iter().map(|problem| (kind, problem)));
    }
}

fn inline_schema(feed: &Feed, path: &RepoPath, document: &Document) -> Option<JsonSchema> {
    let Target::Inline(root) = feed.schema.value()?.target else { return None };
    let inline = Some(to_json(document, root).into());
    Some(JsonSchema { inline, ..JsonSchema::read(inline_schema_path(&feed.id, path), document, root) })
}

/// The name under which a schema that stands in a feed file is kept.
pub(in crate::model) fn inline_schema_path(feed: &FeedId, file: &RepoPath) -> RepoPath {
    RepoPath::new(&format!("{file}#{feed}")).expect("the path of a file with a suffix stays a path")
}

/// What the repository has under a path that a feed names.
fn lookup(input: &Input<'_>, path: &RepoPath) -> Lookup {
    if let Some(file) = input.files.find(input.side, path) {
        return Lookup::File(file);
    }
    if let Some(why) = input.unread.get(path) {
        return Lookup::Unread { why: why.clone() };
    }
    Lookup::Missing
}

/// Adds the feeds that Terraform is told of, and what contracts say of them. Its own map for one name is one definition, in
/// however many modules.
pub(super) fn add_terraform(input: &Input<'_>, terraform: &Terraform<'_>, others: Vec<Other>, model: &mut Model) {
    let chosen = &input.config.terraform_feeds;
    let known = model.feeds.keys().cloned().collect();
    let found = terraform::feeds::find(terraform, chosen, &known);
    model.skipped.extend(found.skipped);
    let mut places = Vec::new();
    for terraform::feeds::Entry { document, root, span, key_span } in found.entries {
        let path = &input.files.get(span.file).path;
        let lookup = |path: &RepoPath| lookup(input, path);
        let reading = Reading { source: FeedSource::Terraform, path, environment: None, lookup: &lookup };
        let (feeds, of_keys) = read_feeds(&document, &[root], &reading);
        let of_name = |problem: &Problem| feeds.iter().any(|feed| feed.name_span == problem.span);
        // What was only guessed is not held against anybody.
        let kept = of_keys.into_iter().filter(|problem| chosen.variable.is_some() && !of_name(problem));
        let kind = FileProblemKind::FeedDefinition;
        model.problems.extend(kept.map(|problem| FileProblem { file: problem.span.file, kind, problem }));
        let ids: Vec<FeedId> = feeds.iter().map(|feed| feed.id.clone()).collect();
        feeds.into_iter().for_each(|feed| add_entry(feed, model));
        places.extend(ids.into_iter().map(|id| (id, Place { key: key_span, value: span })));
    }
    others.into_iter().for_each(|other| other.complete(model));
    // When all have said what they say: what a resource is called is no second definition.
    made::complete(terraform, &places, model);
}

fn add_entry(feed: Feed, model: &mut Model) {
    let Some(known) = model.feeds.get_mut(&feed.id) else { return add_feed(feed, model) };
    // `yamldecode(file(…))` of a feed file gives the feed that the file has defined.
    if known.origins.iter().any(|origin| origin.span.file == feed.span.file && origin.source != FeedSource::Terraform) {
        return;
    }
    if known.origins.iter().any(|origin| origin.source == FeedSource::Terraform) {
        return merge::complete(known, feed);
    }
    add_feed(feed, model);
}

/// Puts what a file gave into the model; hands back the tables and what contracts say of other feeds, which are merged later.
pub(super) fn add(file: FileId, read: FeedFile, model: &mut Model) -> (Vec<Table>, Vec<Other>) {
    model.problems.extend(read.problems.into_iter().map(|(kind, problem)| FileProblem { file, kind, problem }));
    model.skipped.extend(read.skipped);
    model.schemas.extend(read.inline.into_iter().map(|schema| (schema.path.clone(), schema)));
    read.feeds.into_iter().for_each(|feed| add_feed(feed, model));
    (read.tables, read.others)
}

/// Adds a definition of a feed to those that there are. Two of one kind are one too many; of two kinds, the better one
/// counts, and the other fills in what it leaves out.
pub(super) fn add_feed(feed: Feed, model: &mut Model) {
    let Some(known) = model.feeds.get_mut(&feed.id) else {
        model.feeds.insert(feed.id.clone(), feed);
        return;
    };
    let source = feed.origins.first().map(|origin| origin.source);
    if let Some(first) = known.origins.iter().find(|origin| Some(origin.source) == source) {
        let problem = Problem {
            kind: ProblemKind::DuplicateKey,
            span: feed.name_span,
            message: format!("feed `{}` is defined twice", feed.id),
            help: Some("give one of the two another name, or remove it".to_owned()),
            related: Some((first.name_span, "first defined here".to_owned())),
        };
        let file = feed.name_span.file;
        return model.problems.push(FileProblem { file, kind: FileProblemKind::DuplicateFeed, problem });
    }
    let conflicts = merge::merge(known, feed);
    model.problems.extend(conflicts.into_iter().map(conflict));
}

/// Gives feeds the days of the lists that they name.
pub(super) fn take_holidays(lists: &BTreeMap<String, Arc<BTreeSet<Date>>>, model: &mut Model) {
    let Model { feeds, problems, .. } = model;
    for feed in feeds.values_mut() {
        let Some(name) = feed.delivery.holidays.spanned().cloned() else { continue };
        feed.delivery.free_days = match lists.get(&name.value) {
            Some(days) => Known::Known(Spanned::new(days.clone(), name.span)),
            None => {
                let problem = unknown_list(&name, lists);
                let why = Why::new(problem.message.clone(), Some(name.span));
                problems.push(FileProblem { file: name.span.file, kind: FileProblemKind::FeedDefinition, problem });
                Known::Unknown(why)
            }
        };
    }
}

fn unknown_list(name: &Spanned<String>, lists: &BTreeMap<String, Arc<BTreeSet<Date>>>) -> Problem {
    let message = format!("`holidays` of feedgate.yaml has no list `{}`", name.value);
    let help = match nearest(&name.value, lists.keys().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("add it there: `holidays: {{ {}: [2026-12-25] }}`", name.value),
    };
    Problem { kind: ProblemKind::Shape, span: name.span, message, help: Some(help), related: None }
}

fn conflict(conflict: Conflict) -> FileProblem {
    let Conflict { feed, fact, of_first, of_second } = conflict;
    let problem = Problem {
        kind: ProblemKind::Shape,
        span: of_second.span,
        message: format!(
            "feed `{feed}`: `{fact}` is {} here and {} in its {}",
            of_second.text,
            of_first.text,
            of_first.source.name()
        ),
        help: Some(format!("make the two agree, or say it only in the {}", of_first.source.name())),
        related: Some((of_first.span, format!("{} here", of_first.text))),
    };
    FileProblem { file: of_second.span.file, kind: FileProblemKind::Conflict, problem }
}
