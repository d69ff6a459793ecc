//! `feedgate lint`.

use super::base::Compared;
use super::{
    baseline, exit_code, files, fix, given, known_environment, pages, publish, readable_configuration, rule, text_options, today,
};
use crate::cli::{ConfigFrom, Format, Lint};
use crate::diagnostic::{Applicability, RuleId};
use crate::outside::git::{self, Head};
use crate::outside::progress::Progress;
use crate::outside::terminal::Terminal;
use crate::outside::worktree::{Limits, read_tree};
use crate::outside::{Failure, output, root};
use crate::report::text::TextOptions;
use crate::report::{View, github, gitlab, json, junit, markdown, rdjson, sarif, text};
use crate::rules::catalogue::Catalogue;
use crate::text::Side;
use crate::{Options, Run, Tree};
use std::path::{Path, PathBuf};

pub(super) fn run(arguments: &Lint, current: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    let root = root::find(current, &arguments.paths)?;
    let progress = Progress::start(terminal.stderr_is_terminal);
    progress.stage("reading files");
    let mut tree = read_tree(&root.folder, Limits::default())?;
    if arguments.staged {
        tree = git::staged(&root.folder, &tree, Limits::default())?;
    }
    given::plans(&mut tree, &root.folder, current, &arguments.plan.plans)?;
    progress.stage("reading the base");
    let head = Head { tree: &tree, is_staged: arguments.staged };
    let base = match arguments.write_baseline {
        true => Compared::default(),
        false => Compared::with(arguments.base.as_deref(), &root.folder, head, arguments.fetch_base)?,
    };
    let (config_from, configured) = configured(arguments.config_from, &tree, &base)?;
    readable_configuration(configured)?;
    let only = only(&arguments.only, configured)?;
    if let Some(name) = &arguments.environment {
        known_environment(name, configured)?;
    }
    if arguments.new_only && base.is_nothing() {
        let help = "name the revision to compare with: `--base origin/main`";
        return Err(Failure::new("`--new-only` needs a base").help(help));
    }
    progress.stage("checking");
    let environment = arguments.environment.clone();
    let options = Options { config_from, environment, only, paths: root.paths, ..Options::new(today(&arguments.as_of)) };
    let judge = |tree: &Tree| crate::lint(tree, base.tree.as_ref(), Catalogue::embedded(), &options);
    let (mut run, done) = judged(arguments, &tree, &root.folder, &root.prefix, judge)?;
    run.report.changed_lines = base.revision.as_ref().and_then(|base| git::changed_lines(&root.folder, &base.commit, head));
    run.report.base = base.revision;
    run.report.root = git::below_top(&root.folder);
    if arguments.new_only {
        run.report.keep_new();
    }
    run.report.skipped.splice(0..0, base.missing);
    progress.stage("writing");
    let pages = pages(&Catalogue::embedded().with_user_rules(&run.files, config_from));
    let view = View { files: &run.files, report: &run.report, pages: &pages, prefix: &root.prefix };
    let rendered: Vec<(String, Option<&PathBuf>)> = arguments
        .reports
        .iter()
        .map(|(format, file)| {
            (render(*format, &view, &text_options(arguments.color.color, terminal, file.is_none())), file.as_ref())
        })
        .collect();
    drop(progress);
    output::to_stderr(&done);
    for (text, file) in &rendered {
        match file {
            Some(file) => output::to_file(&current.join(file), text)?,
            None => output::to_stdout(text)?,
        }
    }
    let code = publish::publish(arguments, &view, exit_code(&run, arguments.fail_on, arguments.strict));
    // The process ends here: to hand back the memory of a large repository piece by piece takes longer than to read it.
    std::mem::forget((run, tree, base.tree));
    Ok(code)
}

/// Whose configuration holds, and the tree that it lies in.
fn configured<'a>(from: ConfigFrom, head: &'a Tree, base: &'a Compared) -> Result<(Side, &'a Tree), Failure> {
    match (from, &base.tree) {
        (ConfigFrom::Head, _) => Ok((Side::Head, head)),
        (ConfigFrom::Base, Some(tree)) => Ok((Side::Base, tree)),
        (ConfigFrom::Base, None) => {
            let why =
                base.missing.as_ref().map(|missing| format!(": `{}`: {}", missing.subject, missing.why)).unwrap_or_default();
            let help = "name the revision with `--base origin/main`, and let `--fetch-base` get what the clone does not hold";
            Err(Failure::new(format!("`--config-from base` needs a base, and there is none{why}")).help(help))
        }
    }
}

/// The run, and what was changed in the files on the way.
fn judged(
    arguments: &Lint,
    tree: &Tree,
    root: &Path,
    prefix: &str,
    judge: impl Fn(&Tree) -> Run,
) -> Result<(Run, String), Failure> {
    if arguments.write_baseline {
        let (run, noted) = baseline::make(tree, arguments, judge)?;
        noted.write(root)?;
        return Ok((run, noted.words(prefix)));
    }
    if arguments.fix {
        let allowed = if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        let (run, fixed) = fix::make(tree, allowed, judge);
        fixed.write(root)?;
        return Ok((run, fixed.words(prefix)));
    }
    Ok((judge(tree), String::new()))
}

fn render(format: Format, view: &View<'_>, options: &TextOptions) -> String {
    match format {
        Format::Text => text::render(view, options),
        Format::Json => json::render(view),
        Format::Github => github::render(&json::told(view), &view.from_top()),
        Format::Markdown => markdown::render(&json::told(view), &publish::options_of_workflow()),
        Format::Sarif => sarif::render(view),
        Format::Junit => junit::render(view),
        Format::Gitlab => gitlab::render(view),
        Format::Rdjson => rdjson::render(view),
    }
}

/// The rules that are asked for, those that the repository brings along among them.
fn only(names: &[String], tree: &Tree) -> Result<Vec<RuleId>, Failure> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let catalogue = Catalogue::embedded().with_user_rules(&files(tree), Side::Head);
    names.iter().map(|name| rule(&catalogue, name).map(|meta| meta.id.clone())).collect()
}
