//! What the commands do: read, ask the pipeline, render, write. Knows everything and decides nothing but order.

mod add_feed;
mod base;
mod baseline;
mod check_file;
mod comment;
mod engine;
mod entry;
mod estimate;
mod fix;
mod given;
mod graph;
mod init;
mod inventory;
mod lint;
mod publish;
mod received;
mod timeline;
mod writing;

use crate::cli::{AsOfArg, Cli, Color, Command, Explain, FailOn, TestRules, completions};
use crate::diagnostic::Severity;
use crate::outside::terminal::Terminal;
use crate::outside::worktree::{Limits, read_tree};
use crate::outside::{Failure, clock, output, root};
use crate::report::text::TextOptions;
use crate::report::{Pages, clean, page};
use crate::rules::Meta;
use crate::rules::catalogue::Catalogue;
use crate::text::{Date, Files, Side, SourceFile, nearest};
use crate::{Run, Tree, TreeFile};
use std::path::Path;

/// What a failure says, safe for a terminal: its words may quote paths of the tree.
pub fn complaint(failure: &Failure) -> String {
    failure.to_string().lines().map(|line| format!("{}\n", clean::line(line))).collect()
}

/// Does what was typed; the value is the exit code.
pub fn run(cli: &Cli, current: &Path) -> Result<u8, Failure> {
    let terminal = Terminal::read();
    match &cli.command {
        Command::Lint(arguments) => lint::run(arguments, current, &terminal),
        Command::Estimate(arguments) => estimate::run(arguments, current, &terminal),
        Command::CheckFile(arguments) => check_file::run(arguments, current, &terminal),
        Command::Init(arguments) => init::run(arguments, current),
        Command::AddFeed(arguments) => add_feed::run(arguments, current),
        Command::Inventory(arguments) => inventory::run(arguments, current, &terminal),
        Command::Graph(arguments) => graph::run(arguments, current, &terminal),
        Command::Comment(arguments) => comment::run(arguments, current),
        Command::Explain(arguments) => explain(arguments, current, &terminal),
        Command::TestRules(arguments) => test_rules(arguments, current),
        Command::Completions(arguments) => output::to_stdout(&completions(arguments.shell)).map(|()| 0),
    }
}

fn today(asked: &AsOfArg) -> Date {
    asked.as_of.unwrap_or_else(clock::today)
}

fn exit_code(run: &Run, fail_on: FailOn, strict: bool) -> u8 {
    let fails = |severity| fails(severity, fail_on);
    if run.failed {
        return 2;
    }
    let is_incomplete = strict && !run.report.skipped.is_empty();
    u8::from(is_incomplete || run.report.diagnostics.iter().any(|diagnostic| fails(diagnostic.severity)))
}

fn fails(severity: Severity, fail_on: FailOn) -> bool {
    match fail_on {
        FailOn::Error => severity >= Severity::Error,
        FailOn::Warning => severity >= Severity::Warning,
        FailOn::Never => false,
    }
}

/// Colours go to a terminal, or where they are asked for; links only to a terminal.
fn text_options(color: Color, terminal: &Terminal, to_stdout: bool) -> TextOptions {
    let is_terminal = to_stdout && terminal.stdout_is_terminal;
    let color = match color {
        Color::Auto => is_terminal && !terminal.no_color,
        Color::Always => true,
        Color::Never => false,
    };
    let default = TextOptions::default();
    let width = terminal.width.filter(|_| is_terminal).unwrap_or(default.width);
    TextOptions { color, links: color && is_terminal, width, ..default }
}

fn explain(arguments: &Explain, current: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    let mut catalogue = Catalogue::embedded();
    // The repository's own rules are read only when they are asked for.
    if arguments.rule.as_ref().is_some_and(|name| catalogue.get(name).is_none()) {
        let tree = read_tree(&root::find(current, &[])?.folder, Limits::default())?;
        catalogue = catalogue.with_user_rules(&files(&tree), Side::Head);
    }
    let options = text_options(arguments.color.color, terminal, true);
    let rendered = match &arguments.rule {
        None => page::index(catalogue.rules().map(|rule| &rule.meta), &options),
        Some(name) => page::render(rule(&catalogue, name)?, &pages(&catalogue), &options),
    };
    output::to_stdout(&rendered).map(|()| 0)
}

fn test_rules(arguments: &TestRules, current: &Path) -> Result<u8, Failure> {
    let tested = engine::test_rules(&current.join(&arguments.folder))?;
    output::to_stdout(&tested.text)?;
    Ok(u8::from(tested.has_failed))
}

/// The pages of all rules.
fn pages(catalogue: &Catalogue) -> Pages {
    Pages::new(catalogue.rules().map(|rule| &rule.meta))
}

/// The tree of a command that reads nothing but the working tree.
fn tree(root: &Path) -> Result<Tree, Failure> {
    let tree = read_tree(root, Limits::default())?;
    readable_configuration(&tree).map(|()| tree)
}

/// What a configuration demands is never left out because the file could not be read.
fn readable_configuration(tree: &Tree) -> Result<(), Failure> {
    let is_configuration = |file: &&TreeFile| root::CONFIG_NAMES.contains(&file.path.as_str());
    match tree.files.iter().filter(is_configuration).find_map(|file| Some((&file.path, file.content.as_ref().err()?))) {
        None => Ok(()),
        Some((path, why)) => {
            let help = "make it a file in UTF-8 that may be read, or take it out: nothing in it is needed";
            Err(Failure::new(format!("cannot read the configuration `{path}`: {why}")).help(help))
        }
    }
}

/// The environment is one of those that `feedgate.yaml` lists, once it lists any: a gate must not pass for a slip of the pen.
fn known_environment(name: &str, tree: &Tree) -> Result<(), Failure> {
    let environments = crate::read_config(&files(tree), Side::Head).0.environments;
    if environments.is_empty() || environments.contains_key(name) {
        return Ok(());
    }
    let near = nearest(name, environments.keys().map(String::as_str));
    let listed = || environments.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let help = near.map_or_else(|| format!("`feedgate.yaml` lists {}", listed()), |near| format!("did you mean `{near}`?"));
    Err(Failure::new(format!("there is no environment `{name}`")).help(help))
}

/// The files of a tree that could be read.
fn files(tree: &Tree) -> Files {
    let mut files = Files::default();
    for file in &tree.files {
        if let Ok(text) = &file.content {
            files.push(SourceFile::new(Side::Head, file.path.clone(), text.clone()));
        }
    }
    files
}

/// The rule of this name; otherwise the name that was probably meant is in the failure.
fn rule<'a>(catalogue: &'a Catalogue, name: &str) -> Result<&'a Meta, Failure> {
    if let Some(rule) = catalogue.get(name) {
        return Ok(&rule.meta);
    }
    let near = nearest(name, catalogue.rules().map(|rule| rule.meta.id.as_str()));
    let help = near.map_or("`feedgate explain` lists all rules".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(Failure::new(format!("there is no rule `{name}`")).help(help))
}
