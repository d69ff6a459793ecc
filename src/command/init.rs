//! `feedgate init`: the configuration, the workflow and the hook of a repository that has none, and a first feed.

use super::writing::Writing;
use super::{add_feed, entry, today};
use crate::cli::{AddFeed, AsOfArg, Init};
use crate::keys::format::{FEED_NAME, LOCATION, PROJECT};
use crate::outside::ask::{ask, can_ask};
use crate::outside::root::{Root, Top};
use crate::outside::{Failure, below, output, root};
use crate::report::amount;
use crate::rules::catalogue::Catalogue;
use crate::scaffold::configuration::{self, Found};
use crate::scaffold::hook::{self, Added};
use crate::scaffold::workflow;
use crate::text::{RepoPath, Side};
use crate::{Options, Repository, Run, Tree};
use std::path::{Path, PathBuf};

const CONFIGURATION: &str = "feedgate.yaml";
const HOOKS: &str = ".pre-commit-config.yaml";

pub(super) fn run(arguments: &Init, current: &Path) -> Result<u8, Failure> {
    let root = root::begin(current, arguments.root.as_deref())?;
    let mut tree = super::tree(&root.folder)?;
    let repository = crate::read_repository(&tree, None);
    let git = root::top(&root.folder)?;
    let mut plan =
        Plan { root: &root, git: git.as_ref(), writing: Writing::default(), at_top: Writing::default(), kept: Vec::new() };
    plan.configuration(&tree, &found(arguments, &repository)?);
    plan.of_git(arguments)?;
    plan.carry_out(current, arguments.dry_run)?;
    plan.writing.put_into(&mut tree);
    let code = first_feed(arguments, current, &root.folder, &repository)?;
    let tree = if code.is_some() { super::tree(&root.folder)? } else { tree };
    output::to_stdout(&next(&tree, arguments.dry_run))?;
    Ok(code.unwrap_or(0))
}

/// What is to be written, and what is not and why.
struct Plan<'a> {
    root: &'a Root,
    git: Option<&'a Top>,
    /// At the root.
    writing: Writing,
    /// At the top of the git repository, which may lie above the root.
    at_top: Writing,
    kept: Vec<String>,
}

impl Plan<'_> {
    fn configuration(&mut self, tree: &Tree, found: &Found) {
        let names = crate::model::discover::CONFIG_NAMES;
        match names.iter().find(|name| tree.files.iter().any(|file| file.path.as_str() == **name)) {
            Some(name) => self.kept.push(format!("kept: {name}")),
            None => self.writing.add(path(CONFIGURATION), None, configuration::yaml(found)),
        }
    }

    fn of_git(&mut self, arguments: &Init) -> Result<(), Failure> {
        let Some(top) = self.git else {
            self.kept.push("no workflow and no hook: no git repository is around it".to_owned());
            return Ok(());
        };
        if !arguments.no_workflow {
            self.workflow(top)?;
        }
        if arguments.no_hook { Ok(()) } else { self.hook(top) }
    }

    fn workflow(&mut self, top: &Top) -> Result<(), Failure> {
        let below = top.below.as_ref();
        let path = workflow::path(below);
        match below::read(&top.folder, &path)? {
            Some(_) => self.kept.push(format!("kept: {path}")),
            None => self.at_top.add(path, None, workflow::yaml(below)),
        }
        Ok(())
    }

    fn hook(&mut self, top: &Top) -> Result<(), Failure> {
        let before = below::read(&top.folder, &path(HOOKS))?;
        match hook::add(before.as_deref(), top.below.as_ref()) {
            Added::Text(text) => self.at_top.add(path(HOOKS), before, text),
            Added::Already => self.kept.push(format!("kept: {HOOKS}")),
            Added::Refused(why) => self.kept.push(format!("kept: {HOOKS}, because {why}; docs/hooks.md says what to add")),
        }
        Ok(())
    }

    /// Writes everything, or shows it, and says so.
    fn carry_out(&self, current: &Path, is_dry: bool) -> Result<(), Failure> {
        let top = self.git.map_or(&self.root.folder, |top| &top.folder);
        let of_top = root::lead(current, top);
        if is_dry {
            output::to_stdout(&(self.at_top.shown(&of_top) + &self.writing.shown(&self.root.prefix)))?;
        } else {
            self.at_top.write(top)?;
            self.writing.write(&self.root.folder)?;
            output::to_stdout(&(self.at_top.words(&of_top) + &self.writing.words(&self.root.prefix)))?;
        }
        output::to_stdout(&self.kept.iter().map(|line| format!("  {line}\n")).collect::<String>())
    }
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("the names of our files are plain")
}

fn found(arguments: &Init, repository: &Repository) -> Result<Found, Failure> {
    let valid =
        |what: &str, text: &Option<String>, format| text.as_deref().map(|text| add_feed::valid(what, text, format)).transpose();
    if let Some(Err(complaint)) = arguments.retention.as_deref().map(crate::keys::units::days) {
        return Err(Failure::new(format!("the retention {}", complaint.text)).help("say it as `180 days`"));
    }
    Ok(Found {
        project: valid("the project", &arguments.project, &PROJECT)?,
        location: valid("the location", &arguments.location, &LOCATION)?,
        environments: entry::environments(repository),
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
        contact: None,
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
