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
use estimate::repricing::{self, Priced};
use estimate::{Estimate, Samples as Measures};
use model::build::Input;
use model::change::{Comparison, Pairs};
use model::discover::CONFIG_NAMES;
use model::{FileProblem, FileProblemKind, Model, Skipped};
use report::pipeline::Pipeline;
use report::{Report, Stats};
use rules::catalogue::Catalogue;
use rules::examples;
use rules::run::Plan;
use rules::{Context, Samples};
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

/// Reads one or two revisions as models, judges them, and says what each query costs.
///
/// Nothing here can fail: what is wrong with the input is in the report.
pub fn lint(head: &Tree, base: Option<&Tree>, catalogue: Catalogue, options: &Options) -> Run {
    let (files, unread) = Files::of_trees(base, head);
    let ours = catalogue.clone();
    let catalogue = catalogue.with_user_rules(&files, options.config_from);
    let (written, config_problems) = read_config(&files, Side::Head);
    let mut config = match options.config_from {
        Side::Head => written.clone(),
        Side::Base => read_config(&files, Side::Base).0,
    };
    let mut base_config = base_config(&files, &config);
    if let Some(location) = &options.location {
        let location = Some(Spanned::new(location.clone(), Span::start_of(FileId::from_index(0))));
        base_config.location.clone_from(&location);
        config.location = location;
    }
    let environment = options.environment.as_deref();
    let input = |side, unread, config| Input { files: &files, side, unread, config, environment };
    let [base_unread, head_unread] = &unread;
    let head_input = input(Side::Head, head_unread, &config);
    let (mut base_model, mut head_model) = match base {
        None => (None, model::build::build(&head_input)),
        Some(_) => {
            let (base, head) = model::build::build_both(&input(Side::Base, base_unread, &base_config), &head_input);
            (Some(base), head)
        }
    };
    head_model.problems.extend(config_problems);
    let plan = Plan::new(&catalogue, &config, &options.only, environment);
    let base_measures = base_model.as_ref().map(|model| Measures::measure(model, &files)).unwrap_or_default();
    let before = base_model.as_ref().map(|model| estimate::all(model, &base_measures, &base_config, options.today));
    let before = before.unwrap_or_default();
    let reckoned = (&*before, &base_measures);
    let of_base = base_model.as_mut().map(|model| judge_base(&files, model, ours, &plan, &config, reckoned, options));
    let compared = base_model.as_ref().map(|base| model::change::between(base, &head_model, &files));
    let Comparison { changes, pairs } = compared.unwrap_or_default();
    let measures = Measures::measure(&head_model, &files);
    let estimates = estimate::all(&head_model, &measures, &config, options.today);
    let repricing = base_model.as_ref().map(|model| {
        let base = Priced { model, config: &base_config, estimates: &before };
        repricing::between(&files, &pairs, base, Priced { model: &head_model, config: &config, estimates: &estimates })
    });
    let context = Context {
        files: &files,
        side: Side::Head,
        head: &head_model,
        base: base_model.as_ref(),
        changes: &changes,
        pairs: &pairs,
        estimates: &estimates,
        measures: &measures,
        repricing: repricing.as_ref(),
        config: &config,
        today: options.today,
        samples: Samples::default(),
    };
    let mut judged = suppress::apply(&plan, &context, plan.run(&context, &written), options.config_from, options.today);
    if let Some(mut of_base) = of_base {
        for found in of_base.diagnostics.iter_mut().chain(&mut of_base.suppressed) {
            found.subject = pairs.head_subject(&found.subject);
        }
        if options.config_from == Side::Base {
            judged.distrust_new_ignores(&of_base.suppressed);
        }
        diagnostic::mark_new(&mut judged.diagnostics, &of_base.diagnostics);
        judged.fail_with(of_base);
    }
    let stats = Stats::of(&head_model, plan.active.len());
    let skipped = skipped(&head_model, [base_unread, head_unread], judged.skipped);
    let project = config.project.as_ref().map(|project| project.value.as_str());
    let quotas = model::quota::usages(&head_model, project);
    let quotas_of_base = base_model.as_ref().map(|base| model::quota::usages(base, project)).unwrap_or_default();
    let reads = estimate::headroom::usages(&head_model, &estimates, project);
    let mut report = Report {
        root: None,
        base: None,
        config_of_base: (options.config_from == Side::Base).then(|| changed_configuration(&files, &config)),
        changed_lines: None,
        pipeline: None,
        diagnostics: judged.diagnostics,
        n_known_left_out: 0,
        suppressed: judged.suppressed,
        in_baseline: judged.in_baseline,
        estimates,
        monthly: None,
        repricing,
        changes,
        skipped,
        quotas,
        quotas_of_base,
        reads,
        stats,
    };
    report.pipeline = base_model.as_ref().map(|base| Pipeline::of(&report, base, &head_model, project));
    report.keep_below(&options.paths, &files);
    report.monthly = estimate::monthly::sum(&report.estimates);
    report.sort(&files);
    Run { files, report, model: head_model, baseline: judged.baseline, failed: judged.failed }
}

/// What the base revision has by itself: by the rules and the configuration of the head, so that a finding which was there
/// before is not taken for new. What is written wrongly in its own configuration and rules counts as well.
fn judge_base(
    files: &Files,
    base: &mut Model,
    ours: Catalogue,
    plan: &Plan<'_>,
    config: &Config,
    (estimates, measures): (&[Estimate], &Measures),
    options: &Options,
) -> Judged {
    let catalogue = ours.with_user_rules(files, Side::Base);
    let (written, problems) = read_config(files, Side::Base);
    base.problems.extend(problems);
    let plan = Plan { catalogue: &catalogue, active: plan.active.clone(), environment: plan.environment };
    let samples = Samples::default();
    let pairs = Pairs::default();
    let (changes, pairs) = (&[][..], &pairs);
    let context = Context {
        files,
        side: Side::Base,
        head: base,
        base: None,
        changes,
        pairs,
        estimates,
        measures,
        repricing: None,
        config,
        today: options.today,
        samples,
    };
    suppress::apply(&plan, &context, plan.run(&context, &written), Side::Base, options.today)
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
    let named = CONFIG_NAMES.iter().filter_map(|name| files.find(side, &RepoPath::new(name)?));
    let Some(file) = named.into_iter().next() else { return (Config::default(), Vec::new()) };
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
    // `off` is a word of ours, which YAML 1.1 takes for a boolean.
    let of_reader = parsed.problems.into_iter().filter(|problem| problem.kind != ProblemKind::AmbiguousScalar);
    let of_reader = of_reader.map(|problem| FileProblem { file, kind: FileProblemKind::Yaml, problem });
    (config, of_reader.collect())
}

/// The configuration of the head, with the prices and runs of the base where that has a configuration too.
fn base_config(files: &Files, head: &Config) -> Config {
    let (base, _) = read_config(files, Side::Base);
    if base.file.is_some() { head.with_prices_of(base) } else { head.clone() }
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
fn skipped(model: &Model, unread: [&UnreadFiles; 2], mut skipped: Vec<Skipped>) -> Vec<Skipped> {
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
    let options = Options {
        config_from: Side::Head,
        environment: None,
        only: input.only.clone(),
        paths: Vec::new(),
        location: None,
        // Examples of ignores speak of this day.
        today: Date { year: 2026, month: 8, day: 22 },
    };
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
