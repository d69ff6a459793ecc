//! `feedgate estimate`.

use super::base::Compared;
use super::given::{STATISTICS, put, statistics};
use super::{exit_code, pages, text_options, today};
use crate::Options;
use crate::cli::{EstimateArgs, EstimateFormat, FailOn};
use crate::outside::terminal::Terminal;
use crate::outside::{Failure, output, root};
use crate::report::{View, json, text};
use crate::rules::catalogue::Catalogue;
use crate::rules::run::INTERNAL_ERROR;
use std::path::{Path, PathBuf};

pub(super) fn run(arguments: &EstimateArgs, current: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    let (standard_input, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
        arguments.files.iter().partition(|file| file.as_os_str() == "-");
    let files: Vec<PathBuf> = files.into_iter().cloned().collect();
    let root = root::find(current, &files)?;
    let mut tree = super::tree(&root.folder)?;
    let mut paths = root.paths;
    // What no revision holds counts for both.
    let mut base = match &arguments.base {
        Some(name) => Compared::with(Some(name), &root.folder, (&tree).into(), false)?,
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
    let options = Options { paths, location, ..Options::new(today(&arguments.as_of)) };
    let mut run = crate::lint(&tree, base.tree.as_ref(), Catalogue::embedded(), &options);
    run.report.base = base.revision;
    // Other findings are the business of `lint`; a query that cannot be read has no estimate for that reason.
    run.report.diagnostics.retain(|diagnostic| SQL_RULES.contains(&diagnostic.rule.as_str()));
    run.report.skipped.retain(|skipped| skipped.what == "estimate");
    run.report.skipped.splice(0..0, base.missing);
    let view = View { files: &run.files, report: &run.report, pages: &pages(&Catalogue::embedded()), prefix: &root.prefix };
    let rendered = match arguments.format {
        EstimateFormat::Text => text::render_estimates(&view, &text_options(arguments.color.color, terminal, true)),
        EstimateFormat::Json => json::render(&view),
    };
    output::to_stdout(&rendered)?;
    Ok(exit_code(&run, FailOn::Error, false))
}

/// What `estimate` still complains of.
const SQL_RULES: [&str; 2] = ["sql-syntax-error", INTERNAL_ERROR];
