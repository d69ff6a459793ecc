//! feedgate: the gate that a data feed must pass before it is merged.
//!
//! ```text
//! discover → load → model → ask → estimate → rules → suppress → report
//! ```
//!
//! Layers, low to high; a `use` points only down: `text < diagnostic < syntax < keys < config < sql < model < record <
//! scaffold < estimate < rules < suppress < report`. `outside` does all I/O.

pub mod cli;
pub mod command;
pub mod config;
pub mod diagnostic;
pub mod estimate;
pub mod keys;
pub mod model;
pub mod outside;
pub mod record;
pub mod report;
pub mod rules;
pub mod scaffold;
pub mod sql;
pub mod suppress;
pub mod syntax;
pub mod text;

use config::Config;
use diagnostic::RuleId;
use estimate::repricing::{self, Priced, Repricing};
use estimate::{Estimate, Samples as Measures};
use model::build::Input;
use model::change::Comparison;
use model::discover::CONFIG_NAMES;
use model::{FileProblem, FileProblemKind, Model, Skipped};
use report::pipeline::Pipeline;
use report::{Report, Stats};
use rules::Context;
use rules::catalogue::Catalogue;
use rules::examples;
use rules::run::Plan;
use std::collections::{BTreeMap, BTreeSet};
use suppress::Judged;
use suppress::baseline::Baseline;
use syntax::{Problem, ProblemKind};
use text::{Date, FileId, Files, RepoPath, Side, Sides, Span, Spanned, UnreadFiles};

pub use text::{Tree, TreeFile, Unread};

/// What a run is asked for.
pub struct Options {
    /// The revision whose configuration, rules, baseline and ignores hold. By those of the base, a change cannot silence what
    /// is found of it.
    pub config_from: Side,
    /// Severities of this environment hold.
    pub environment: Option<String>,
    /// Run only these rules; empty means all.
    pub only: Vec<RuleId>,
    /// Report findings only below these files or folders; empty means everywhere. Inputs are never filtered.
    pub paths: Vec<RepoPath>,
    /// The day that is taken for today: suppressions run out by it, and `CURRENT_DATE()` gives it.
    pub today: Date,
    /// The BigQuery location of prices, over what `feedgate.yaml` says.
    pub location: Option<String>,
}

impl Options {
    /// All rules everywhere, by the head and in no environment.
    pub fn new(today: Date) -> Options {
        Options { config_from: Side::Head, environment: None, only: Vec::new(), paths: Vec::new(), today, location: None }
    }
}

/// Reads one or two revisions as models, judges them, and says what each query costs.
///
/// Nothing here can fail: what is wrong with the input is in the report.
pub fn lint(head: &Tree, base: Option<&Tree>, ours: Catalogue, options: &Options) -> Run {
    let (files, unread) = Files::of_trees(base, head);
    let catalogue = ours.clone().with_user_rules(&files, options.config_from);
    let revisions = Revisions::read(&files, &unread, base.is_some(), options);
    let plan = Plan::new(&catalogue, &revisions.head.config, &options.only, options.environment.as_deref());
    let difference = revisions.difference(&files);
    let mut judged = revisions.judge_head(&files, &difference, &plan, options);
    if let Some(base) = &revisions.base {
        let of_base = judge_base(&files, base, ours, &plan, &revisions.head.config, options);
        judged = mark_what_is_new(judged, of_base, &difference, options);
    }
    let mut report = Report {
        stats: Stats::of(&revisions.head.model, plan.active.len()),
        skipped: skipped(&revisions.head.model, &unread, judged.skipped),
        diagnostics: judged.diagnostics,
        suppressed: judged.suppressed,
        in_baseline: judged.in_baseline,
        changes: difference.comparison.changes,
        repricing: difference.repricing,
        ..revisions.report(&files, options)
    };
    let mut head = revisions.head;
    report.estimates = std::mem::take(&mut head.estimates);
    report.pipeline = revisions.base.map(|base| Pipeline::of(&report, &base.model, &head.model, head.project()));
    report.keep_below(&options.paths, &files);
    report.monthly = estimate::monthly::sum(&report.estimates);
    report.sort(&files);
    Run { files, report, model: head.model, baseline: judged.baseline, failed: judged.failed }
}

/// The configurations of a run.
struct Configs {
    base: Configured,
    head: Configured,
}

/// What holds for a revision, and what its own file says.
struct Configured {
    config: Config,
    written: Config,
    problems: Vec<FileProblem>,
}

impl Configs {
    fn read(files: &Files, options: &Options) -> Configs {
        let [(of_base, base_problems), (of_head, head_problems)] = [Side::Base, Side::Head].map(|side| read_config(files, side));
        let mut head = match options.config_from {
            Side::Head => of_head.clone(),
            Side::Base => of_base.clone(),
        };
        // The base is judged by the same rules, and priced by what it says itself.
        let mut base = if of_base.file.is_some() { head.with_prices_of(of_base.clone()) } else { head.clone() };
        if let Some(location) = &options.location {
            let location = Some(Spanned::new(location.clone(), Span::start_of(FileId::from_index(0))));
            base.location.clone_from(&location);
            head.location = location;
        }
        Configs {
            base: Configured { config: base, written: of_base, problems: base_problems },
            head: Configured { config: head, written: of_head, problems: head_problems },
        }
    }
}

/// One revision: what it is, and what its queries read.
struct Revision {
    model: Model,
    config: Config,
    /// What its own `feedgate.yaml` says, whether that holds or not.
    written: Config,
    measures: Measures,
    estimates: Vec<Estimate>,
}

impl Revision {
    fn new(files: &Files, mut model: Model, configured: Configured, today: Date) -> Revision {
        let Configured { config, written, problems } = configured;
        model.problems.extend(problems);
        let measures = Measures::measure(&model, files);
        let estimates = estimate::all(&model, &measures, &config, today);
        Revision { model, config, written, measures, estimates }
    }

    /// That of things that name none.
    fn project(&self) -> Option<&str> {
        self.config.project.as_ref().map(|project| project.value.as_str())
    }

    fn priced(&self) -> Priced<'_> {
        Priced { model: &self.model, config: &self.config, estimates: &self.estimates }
    }
}

struct Revisions {
    base: Option<Revision>,
    head: Revision,
}

impl Revisions {
    fn read(files: &Files, unread: &[UnreadFiles; 2], has_base: bool, options: &Options) -> Revisions {
        let [base_unread, head_unread] = unread;
        let configs = Configs::read(files, options);
        let environment = options.environment.as_deref();
        let input = |side, unread, config| Input { files, side, unread, config, environment };
        let of_head = input(Side::Head, head_unread, &configs.head.config);
        let (base, head) = if has_base {
            let of_base = input(Side::Base, base_unread, &configs.base.config);
            let (base, head) = model::build::build_both(&of_base, &of_head);
            (Some(base), head)
        } else {
            (None, model::build::build(&of_head))
        };
        let base = base.map(|model| Revision::new(files, model, configs.base, options.today));
        Revisions { base, head: Revision::new(files, head, configs.head, options.today) }
    }

    fn difference(&self, files: &Files) -> Difference {
        let Some(base) = &self.base else { return Difference::default() };
        let comparison = model::change::between(&base.model, &self.head.model, files);
        let repricing = repricing::between(files, &comparison.pairs, base.priced(), self.head.priced());
        Difference { comparison, repricing: Some(repricing) }
    }

    fn judge_head(&self, files: &Files, difference: &Difference, plan: &Plan<'_>, options: &Options) -> Judged {
        let head = &self.head;
        let context = Context {
            base: self.base.as_ref().map(|base| &base.model),
            changes: &difference.comparison.changes,
            pairs: &difference.comparison.pairs,
            estimates: &head.estimates,
            measures: &head.measures,
            repricing: difference.repricing.as_ref(),
            ..Context::alone(files, Side::Head, &head.model, &head.config, options.today)
        };
        suppress::apply(plan, &context, plan.run(&context, &head.written), options.config_from, options.today)
    }

    /// What is said of them without any rule.
    fn report(&self, files: &Files, options: &Options) -> Report {
        let Revision { model, config, estimates, .. } = &self.head;
        let project = self.head.project();
        let quotas_of_base = self.base.as_ref().map(|base| model::quota::usages(&base.model, project));
        Report {
            config_of_base: (options.config_from == Side::Base).then(|| changed_configuration(files, config)),
            quotas: model::quota::usages(model, project),
            quotas_of_base: quotas_of_base.unwrap_or_default(),
            reads: estimate::headroom::usages(model, estimates, project),
            ..Report::default()
        }
    }
}

/// What lies between two revisions.
#[derive(Default)]
struct Difference {
    comparison: Comparison,
    repricing: Option<Repricing>,
}

/// What the base revision has by itself: by the rules and the configuration of the head, so that a finding which was there
/// before is not taken for new. What is written wrongly in its own configuration and rules counts as well.
fn judge_base(files: &Files, base: &Revision, ours: Catalogue, plan: &Plan<'_>, config: &Config, options: &Options) -> Judged {
    let catalogue = ours.with_user_rules(files, Side::Base);
    let plan = Plan { catalogue: &catalogue, active: plan.active.clone(), environment: plan.environment };
    let context = Context {
        estimates: &base.estimates,
        measures: &base.measures,
        ..Context::alone(files, Side::Base, &base.model, config, options.today)
    };
    suppress::apply(&plan, &context, plan.run(&context, &base.written), Side::Base, options.today)
}

/// Findings of the head that the base does not have are new; that the base's own are judged shows what was there.
fn mark_what_is_new(mut judged: Judged, mut of_base: Judged, difference: &Difference, options: &Options) -> Judged {
    for found in of_base.diagnostics.iter_mut().chain(&mut of_base.suppressed) {
        found.subject = difference.comparison.pairs.head_subject(&found.subject);
    }
    if options.config_from == Side::Base {
        judged.distrust_new_ignores(&of_base.suppressed);
    }
    diagnostic::mark_new(&mut judged.diagnostics, &of_base.diagnostics);
    judged.fail_with(of_base);
    judged
}

/// The files of one revision as they are understood, without judging them.
pub(crate) fn read_repository(tree: &Tree, environment: Option<&str>) -> Repository {
    let (files, [_, unread]) = Files::of_trees(None, tree);
    let (config, _) = read_config(&files, Side::Head);
    let model = model::build::build(&Input { files: &files, side: Side::Head, unread: &unread, config: &config, environment });
    Repository { files, config, model }
}

/// One revision, read and not judged.
pub(crate) struct Repository {
    pub(crate) files: Files,
    pub(crate) config: Config,
    pub(crate) model: Model,
}

/// The configuration at the root, and what is wrong with its YAML; what is wrong with its keys is in the configuration.
pub(crate) fn read_config(files: &Files, side: Side) -> (Config, Vec<FileProblem>) {
    let mut named = CONFIG_NAMES.iter().filter_map(|name| files.find(side, &RepoPath::new(name)?));
    let Some(file) = named.next() else { return (Config::default(), Vec::new()) };
    let parsed = syntax::yaml::parse(file, &files.get(file).text);
    let mut config = Config::read(&parsed.document);
    let paths: Vec<&RepoPath> = files.of(side).map(|(_, file)| &file.path).collect();
    let takes_some = |entry: &config::RunsOf| paths.iter().any(|path| entry.takes(path.as_str()));
    let of_runs =
        config.runs.iter().filter(|entry| !entry.glob.value.contains(':') && !takes_some(entry)).map(|entry| &entry.glob);
    let idle_globs: Vec<Problem> =
        config.paths.idle(&paths).into_iter().chain(of_runs).map(|glob| idle(glob.span, &glob.value)).collect();
    config.problems.extend(idle_globs);
    let absent = config.baseline.as_ref().filter(|path| !paths.contains(&&path.value));
    let absent = absent.map(|path| idle(path.span, path.value.as_str()));
    config.problems.extend(absent);
    config.problems.extend(named.map(second_configuration));
    // `off` is a word of ours, which YAML 1.1 takes for a boolean.
    let of_reader = parsed.problems.into_iter().filter(|problem| problem.kind != ProblemKind::AmbiguousScalar);
    let of_reader = of_reader.map(|problem| FileProblem { file, kind: FileProblemKind::Yaml, problem });
    (config, of_reader.collect())
}

fn second_configuration(file: FileId) -> Problem {
    let [first, second] = CONFIG_NAMES;
    Problem {
        kind: ProblemKind::Shape,
        span: Span::start_of(file),
        message: format!("`{second}` is not read: there is a `{first}` beside it"),
        help: Some(format!("put everything into `{first}`, and delete `{second}`")),
        related: None,
    }
}

/// The files of the configuration that the head does not have as the base has them.
fn changed_configuration(files: &Files, config: &Config) -> Vec<RepoPath> {
    let is_ours = |path: &RepoPath| CONFIG_NAMES.contains(&path.as_str()) || path.as_str().starts_with(".feedgate/");
    let differing =
        [Side::Base, Side::Head].into_iter().flat_map(|side| files.of(side)).filter(|(_, file)| file.sides != Sides::Both);
    let paths = differing.map(|(_, file)| file.path.clone());
    paths.filter(|path| is_ours(path) || *path == config.baseline_path()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn idle(span: Span, path: &str) -> Problem {
    Problem {
        kind: ProblemKind::Shape,
        span,
        message: format!("no file lies at `{path}`"),
        help: Some(
            "correct the path, which is relative to the root, or take it out: what it is meant for is not read".to_owned(),
        ),
        related: None,
    }
}

/// Everything that was not done: files that were not read, and subjects that were not judged.
fn skipped(model: &Model, unread: &[UnreadFiles; 2], mut skipped: Vec<Skipped>) -> Vec<Skipped> {
    skipped.extend(model.skipped.iter().cloned());
    let [base, head] = unread;
    let file = |path: &RepoPath, why: String| Skipped { what: "file".to_owned(), subject: path.to_string(), why, span: None };
    skipped.extend(head.iter().map(|(path, why)| file(path, why.clone())));
    let only_base = base.iter().filter(|(path, _)| !head.contains_key(*path));
    skipped.extend(only_base.map(|(path, why)| file(path, format!("as it was in the base: {why}"))));
    skipped
}

/// What a run gives: the report, and the files that its spans speak of.
pub struct Run {
    pub files: Files,
    pub report: Report,
    /// The head revision as it was understood.
    pub model: Model,
    /// The baseline that findings of the head were held against.
    pub baseline: Baseline,
    /// A rule of ours failed: the report is not to be trusted.
    pub failed: bool,
}

/// Runs the pipeline on the files of an example of a rule's page, with further files of the repository.
pub fn run_example(input: &examples::Input, further: &[TreeFile]) -> Run {
    let tree = |files: &BTreeMap<String, String>| Tree {
        files: files.iter().filter_map(|(path, text)| example_file(path, text)).chain(further.iter().cloned()).collect(),
    };
    // Examples of ignores speak of this day.
    let today = Date { year: 2026, month: 8, day: 22 };
    let options = Options { only: input.only.clone(), ..Options::new(today) };
    lint(&tree(&input.head), input.base.as_ref().map(tree).as_ref(), Catalogue::embedded(), &options)
}

fn example_file(path: &str, text: &str) -> Option<TreeFile> {
    Some(TreeFile { path: RepoPath::new(path)?, content: Ok(text.into()) })
}

impl From<Run> for examples::Outcome {
    fn from(run: Run) -> examples::Outcome {
        examples::Outcome { files: run.files, diagnostics: run.report.diagnostics, skipped: run.report.skipped }
    }
}
