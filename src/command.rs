//! What the commands do: read, ask the pipeline, render, write. Knows everything and decides nothing but order.

mod base;
mod check_file;
mod engine;
mod fix;
mod given;
mod graph;
mod inventory;
mod received;
mod timeline;

use self::base::Compared;
use self::given::{STATISTICS, put, statistics};
use crate::cli::{
    AsOfArg, Cli, Color, Command, EstimateArgs, EstimateFormat, Explain, FailOn, Format, Lint, TestRules, completions,
};
use crate::diagnostic::{RuleId, Severity};
use crate::outside::progress::Progress;
use crate::outside::terminal::Terminal;
use crate::outside::worktree::{Limits, read_tree};
use crate::outside::{Failure, clock, output, root};
use crate::report::markdown::MarkdownOptions;
use crate::report::text::TextOptions;
use crate::report::{Pages, View, clean, github, json, markdown, page, text};
use crate::rules::Meta;
use crate::rules::catalogue::Catalogue;
use crate::rules::run::INTERNAL_ERROR;
use crate::text::{Date, Files, Side, SourceFile, nearest};
use crate::{Options, Run, Tree};
use std::path::{Path, PathBuf};

/// What a failure says, safe for a terminal: its words may quote paths of the tree.
pub fn complaint(failure: &Failure) -> String {
    failure.to_string().lines().map(|line| format!("{}\n", clean::line(line))).collect()
}

/// Does what was typed; the value is the exit code.
pub fn run(cli: &Cli, current: &Path) -> Result<u8, Failure> {
    let terminal = Terminal::read();
    match &cli.command {
        Command::Lint(arguments) => lint(arguments, current, &terminal),
        Command::Estimate(arguments) => estimate(arguments, current, &terminal),
        Command::CheckFile(arguments) => check_file::run(arguments, current, &terminal),
        Command::Inventory(arguments) => inventory::run(arguments, current, &terminal),
        Command::Graph(arguments) => graph::run(arguments, current, &terminal),
        Command::Explain(arguments) => explain(arguments, current, &terminal),
        Command::TestRules(arguments) => test_rules(arguments, current),
        Command::Completions(arguments) => output::to_stdout(&completions(arguments.shell)).map(|()| 0),
    }
}

fn lint(arguments: &Lint, current: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    let root = root::find(current, &arguments.paths)?;
    let progress = Progress::start(terminal.stderr_is_terminal);
    progress.stage("reading files");
    let mut tree = read_tree(&root.folder, Limits::default())?;
    given::plans(&mut tree, &root.folder, current, &arguments.plan.plans)?;
    let only = only(&arguments.only, &tree)?;
    if let Some(name) = &arguments.environment {
        known_environment(name, &tree)?;
    }
    progress.stage("reading the base");
    let base = Compared::with(arguments.base.as_deref(), &root.folder, &tree)?;
    if arguments.new_only && base.is_nothing() {
        let help = "name the revision to compare with: `--base origin/main`";
        return Err(Failure::new("`--new-only` needs a base").help(help));
    }
    progress.stage("checking");
    let environment = arguments.environment.clone();
    let options = Options { environment, only, paths: root.paths, today: today(&arguments.as_of), location: None };
    let judge = |tree: &Tree| crate::lint(tree, base.tree.as_ref(), Catalogue::embedded(), &options);
    let (mut run, fixed) = if arguments.fix { fix::make(&tree, judge) } else { (judge(&tree), fix::Fixed::default()) };
    fixed.write(&root.folder)?;
    run.report.base = base.revision;
    if arguments.new_only {
        run.report.keep_new();
    }
    run.report.skipped.splice(0..0, base.missing);
    progress.stage("writing");
    let view = View { files: &run.files, report: &run.report, pages: &pages(), prefix: &root.prefix };
    let rendered: Vec<(String, Option<&PathBuf>)> = arguments
        .reports
        .iter()
        .map(|(format, file)| {
            (render(*format, &view, &text_options(arguments.color.color, terminal, file.is_none())), file.as_ref())
        })
        .collect();
    drop(progress);
    output::to_stderr(&fixed.words(&root.prefix));
    for (text, file) in &rendered {
        match file {
            Some(file) => output::to_file(&current.join(file), text)?,
            None => output::to_stdout(text)?,
        }
    }
    let code = exit_code(&run, arguments.fail_on, arguments.strict);
    // The process ends here: to hand back the memory of a large repository piece by piece takes longer than to read it.
    std::mem::forget((run, tree, base.tree));
    Ok(code)
}

fn today(asked: &AsOfArg) -> Date {
    asked.as_of.unwrap_or_else(clock::today)
}

fn render(format: Format, view: &View<'_>, options: &TextOptions) -> String {
    match format {
        Format::Text => text::render(view, options),
        Format::Json => json::render(view),
        Format::Github => github::render(view),
        Format::Markdown => markdown::render(view, &MarkdownOptions::default()),
    }
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

fn estimate(arguments: &EstimateArgs, current: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    let (standard_input, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
        arguments.files.iter().partition(|file| file.as_os_str() == "-");
    let files: Vec<PathBuf> = files.into_iter().cloned().collect();
    let root = root::find(current, &files)?;
    let mut tree = read_tree(&root.folder, Limits::default())?;
    let mut paths = root.paths;
    // What no revision holds counts for both.
    let mut base = match &arguments.base {
        Some(name) => Compared::with(Some(name), &root.folder, &tree)?,
        None => Compared::default(),
    };
    let mut given = Vec::new();
    // A file that is named is read, whether git ignores it or not.
    for path in paths.iter().filter(|path| !tree.files.iter().any(|file| file.path.lies_in(path))).cloned().collect::<Vec<_>>() {
        let text = output::from_file(&root.folder.join(path.as_str()))?;
        given.push((path.as_str().to_owned(), text));
    }
    if !standard_input.is_empty() {
        given.push(("stdin.sql".to_owned(), output::from_stdin()?));
    }
    if let Some(sql) = &arguments.sql {
        given.push(("argument.sql".to_owned(), sql.clone()));
    }
    for (path, text) in &given {
        base.tree.iter_mut().for_each(|tree| drop(put(tree, path, text.clone())));
        paths.push(put(&mut tree, path, text.clone()));
    }
    if !arguments.tables.is_empty() {
        let statistics = statistics(current, &arguments.tables)?;
        base.tree.iter_mut().for_each(|tree| drop(put(tree, STATISTICS, statistics.clone())));
        put(&mut tree, STATISTICS, statistics);
    }
    let location = arguments.location.clone();
    let options = Options { environment: None, only: Vec::new(), paths, today: today(&arguments.as_of), location };
    let mut run = crate::lint(&tree, base.tree.as_ref(), Catalogue::embedded(), &options);
    run.report.base = base.revision;
    // Other findings are the business of `lint`; a query that cannot be read has no estimate for that reason.
    run.report.diagnostics.retain(|diagnostic| SQL_RULES.contains(&diagnostic.rule.as_str()));
    run.report.skipped.retain(|skipped| skipped.what == "estimate");
    run.report.skipped.splice(0..0, base.missing);
    let view = View { files: &run.files, report: &run.report, pages: &pages(), prefix: &root.prefix };
    let rendered = match arguments.format {
        EstimateFormat::Text => text::render_estimates(&view, &text_options(arguments.color.color, terminal, true)),
        EstimateFormat::Json => json::render(&view),
    };
    output::to_stdout(&rendered)?;
    Ok(exit_code(&run, FailOn::Error, false))
}

/// What `estimate` still complains of.
const SQL_RULES: [&str; 2] = ["sql-syntax-error", INTERNAL_ERROR];

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
        Some(name) => page::render(rule(&catalogue, name)?, &pages(), &options),
    };
    output::to_stdout(&rendered).map(|()| 0)
}

fn test_rules(arguments: &TestRules, current: &Path) -> Result<u8, Failure> {
    let tested = engine::test_rules(&current.join(&arguments.folder))?;
    output::to_stdout(&tested.text)?;
    Ok(u8::from(tested.has_failed))
}

/// The addresses of the pages that come with the binary.
fn pages() -> Pages {
    Pages::new(Catalogue::embedded().rules().map(|rule| &rule.meta))
}

/// The rules that are asked for, those that the repository brings along among them.
fn only(names: &[String], tree: &Tree) -> Result<Vec<RuleId>, Failure> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let catalogue = Catalogue::embedded().with_user_rules(&files(tree), Side::Head);
    names.iter().map(|name| rule(&catalogue, name).map(|meta| meta.id.clone())).collect()
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
