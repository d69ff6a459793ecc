//! `feedgate init`: the configuration, the workflow and the hook of a repository that has none, and a first feed.

use super::writing::Writing;
use super::{add_feed, today};
use crate::cli::{AddFeed, AsOfArg, Init};
use crate::keys::format::{FEED_NAME, LOCATION, PROJECT};
use crate::outside::ask::{ask, can_ask};
use crate::outside::{Failure, below, output, root};
use crate::report::amount;
use crate::rules::catalogue::Catalogue;
use crate::scaffold::configuration::{self, Found, environment_of};
use crate::scaffold::hook::{self, Added};
use crate::text::{RepoPath, Side};
use crate::{Options, Repository, Run, Tree};
use std::path::{Path, PathBuf};

const CONFIGURATION: &str = "feedgate.yaml";
const WORKFLOW: &str = ".github/workflows/feedgate.yml";
const HOOKS: &str = ".pre-commit-config.yaml";

/// The workflow is the one that we show as the example.
const EXAMPLE: &str = include_str!("../../examples/workflows/pull-request.yml");

pub(super) fn run(arguments: &Init, current: &Path) -> Result<u8, Failure> {
    let start: Vec<PathBuf> = arguments.root.iter().cloned().collect();
    let root = root::find(current, &start)?;
    let mut tree = super::tree(&root.folder)?;
    let repository = crate::read_repository(&tree, None);
    let mut plan = Plan { root: &root.folder, writing: Writing::default(), kept: Vec::new() };
    plan.configuration(&tree, &found(arguments, &tree, &repository)?)?;
    let is_in_git = below::is_there(&root.folder, ".git");
    if !is_in_git {
        plan.kept.push("no workflow and no hook: this is not the top of a git repository".to_owned());
    }
    if is_in_git && !arguments.no_workflow {
        plan.workflow()?;
    }
    if is_in_git && !arguments.no_hook {
        plan.hook()?;
    }
    plan.writing.put_into(&mut tree);
    if arguments.dry_run {
        output::to_stdout(&plan.writing.shown(&root.prefix))?;
    } else {
        plan.writing.write(&root.folder)?;
        output::to_stdout(&plan.writing.words(&root.prefix))?;
    }
    output::to_stdout(&plan.kept.iter().map(|line| format!("  {line}\n")).collect::<String>())?;
    let code = first_feed(arguments, current, &root.folder, &repository)?;
    let tree = if code.is_some() { super::tree(&root.folder)? } else { tree };
    output::to_stdout(&next(&tree, arguments.dry_run))?;
    Ok(code.unwrap_or(0))
}

/// What is to be written, and what is not and why.
struct Plan<'a> {
    root: &'a Path,
    writing: Writing,
    kept: Vec<String>,
}

impl Plan<'_> {
    fn configuration(&mut self, tree: &Tree, found: &Found) -> Result<(), Failure> {
        let names = crate::model::discover::CONFIG_NAMES;
        match names.iter().find(|name| tree.files.iter().any(|file| file.path.as_str() == **name)) {
            Some(name) => self.kept.push(format!("kept: {name}")),
            None => self.add(CONFIGURATION, None, configuration::yaml(found)),
        }
        Ok(())
    }

    fn workflow(&mut self) -> Result<(), Failure> {
        match below::read(self.root, &path(WORKFLOW))? {
            Some(_) => self.kept.push(format!("kept: {WORKFLOW}")),
            None => self.add(WORKFLOW, None, EXAMPLE.to_owned()),
        }
        Ok(())
    }

    fn hook(&mut self) -> Result<(), Failure> {
        let before = below::read(self.root, &path(HOOKS))?;
        match hook::add(before.as_deref()) {
            Added::Text(text) => self.add(HOOKS, before, text),
            Added::Already => self.kept.push(format!("kept: {HOOKS}")),
            Added::Refused(why) => self.kept.push(format!("kept: {HOOKS}, because {why}; docs/hooks.md says what to add")),
        }
        Ok(())
    }

    fn add(&mut self, name: &str, before: Option<String>, after: String) {
        self.writing.add(path(name), before, after);
    }
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("the names of our files are plain")
}

fn found(arguments: &Init, tree: &Tree, repository: &Repository) -> Result<Found, Failure> {
    let valid =
        |what: &str, text: &Option<String>, format| text.as_deref().map(|text| add_feed::valid(what, text, format)).transpose();
    if let Some(Err(complaint)) = arguments.retention.as_deref().map(crate::keys::units::days) {
        return Err(Failure::new(format!("the retention {}", complaint.text)).help("say it as `180 days`"));
    }
    let of_feeds = repository.model.feeds.values().flat_map(|feed| feed.environments.keys().cloned());
    let variables = tree.files.iter().filter(|file| file.path.has_extension("tfvars"));
    let of_variables = variables.filter_map(|file| environment_of(file.path.stem()).map(str::to_owned));
    Ok(Found {
        project: valid("the project", &arguments.project, &PROJECT)?,
        location: valid("the location", &arguments.location, &LOCATION)?,
        environments: of_feeds.chain(of_variables).collect(),
        retention: arguments.retention.clone(),
    })
}

/// Adds the feed that is asked for, or that somebody names when asked; its exit code.
fn first_feed(arguments: &Init, current: &Path, root: &Path, repository: &Repository) -> Result<Option<u8>, Failure> {
    let is_asked = arguments.feed.is_none() && !arguments.dry_run && repository.model.feeds.is_empty() && can_ask();
    let (name, samples) = match &arguments.feed {
        Some(name) => (name.clone(), arguments.samples.clone()),
        None if is_asked => {
            let Some(name) = ask("The name of a first feed (nothing for none)", first_name)? else { return Ok(None) };
            let sample = ask("A sample of its files", |text| match below::is_there(current, text) {
                true if !text.is_empty() => Ok(PathBuf::from(text)),
                _ => Err("a feed is made of a sample, and there is no file of this name".to_owned()),
            })?;
            (name, vec![sample])
        }
        None => return Ok(None),
    };
    let feed = AddFeed {
        name,
        samples,
        cadence: arguments.cadence.clone(),
        volume: arguments.volume.clone(),
        owner: arguments.owner.clone(),
        file_name: None,
        time_zone: None,
        bucket: None,
        dataset: None,
        root: Some(root.to_owned()),
        dry_run: false,
    };
    add_feed::run(&feed, current).map(Some)
}

fn first_name(text: &str) -> Result<Option<String>, String> {
    match (text.is_empty(), FEED_NAME.complaint(text)) {
        (true, _) => Ok(None),
        (false, None) => Ok(Some(text.to_owned())),
        (false, Some(complaint)) => Err(format!("the name {}", complaint.text)),
    }
}

fn how_it_stands(run: &Run) -> String {
    let (feeds, findings) = (run.report.stats.feeds, run.report.diagnostics.len());
    format!("{}, {}", amount::count(feeds, "feed"), amount::count(findings, "finding"))
}

/// How the repository stands, and what to do now.
fn next(tree: &Tree, is_dry: bool) -> String {
    let today = today(&AsOfArg { as_of: None });
    let options =
        Options { config_from: Side::Head, environment: None, only: Vec::new(), paths: Vec::new(), today, location: None };
    let run = crate::lint(tree, None, Catalogue::embedded(), &options);
    let mut out = format!("\n{}\n", how_it_stands(&run));
    let mut steps = Vec::new();
    if run.report.stats.feeds == 0 {
        steps.push("feedgate add-feed NAME --sample FILE   a first feed");
    }
    if !run.report.diagnostics.is_empty() {
        steps.push("feedgate lint                          what is found");
        steps.push("feedgate lint --write-baseline         take note of it, and hear only of what is new");
    }
    if !is_dry {
        steps.push("pre-commit install                     the hook, for each who works here");
        steps.push("git add --all && git commit            and the next pull request has a comment");
    }
    if !steps.is_empty() {
        out.push_str("next\n");
    }
    out.extend(steps.iter().map(|step| format!("  {step}\n")));
    out
}
