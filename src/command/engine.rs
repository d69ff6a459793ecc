//! What the commands ask of the pipeline and the catalogue, in one place.

use crate::outside::Failure;
use crate::outside::worktree::{Limits, read_tree};
use crate::rules::catalogue::Catalogue;
use crate::rules::examples::{self, Input, Outcome};
use crate::text::{Date, Files, RepoPath, Side, SourceFile};
use crate::{Options, Run, Tree, TreeFile, lint};
use std::collections::BTreeMap;
use std::path::Path;

/// What the examples of some rule pages say.
pub(super) struct Tested {
    pub(super) text: String,
    pub(super) has_failed: bool,
}

/// Runs the examples of the rules that lie below `folder/.feedgate/rules`.
pub(super) fn test_rules(folder: &Path) -> Result<Tested, Failure> {
    let tree = read_tree(folder, Limits::default())?;
    let mut files = Files::default();
    for file in &tree.files {
        if let Ok(text) = &file.content {
            files.push(SourceFile::new(Side::Head, file.path.clone(), text.clone()));
        }
    }
    let pages = examples::user_pages(&files);
    if pages.is_empty() {
        let help =
            "lay a rule at `.feedgate/rules/<family>/<id>.md`; `feedgate explain missing-owner` shows what a page looks like";
        return Err(Failure::new(format!("there are no rules below `{}`", folder.display())).help(help));
    }
    let own: Vec<TreeFile> = tree.files.into_iter().filter(|file| file.path.as_str().starts_with(".feedgate/rules/")).collect();
    let complaints: Vec<_> = pages.iter().flat_map(|page| examples::check(page, &|input| run_example(input, &own))).collect();
    let mut text: String = complaints.iter().map(|complaint| format!("{complaint}\n")).collect();
    text.push_str(&examples::summary(pages.len(), &complaints));
    text.push('\n');
    Ok(Tested { text, has_failed: !complaints.is_empty() })
}

/// Runs the pipeline on the files of an example, with further rules of the repository.
pub(super) fn run_example(input: &Input, rules: &[TreeFile]) -> Outcome {
    let tree = |files: &BTreeMap<String, String>| Tree {
        files: files.iter().filter_map(|(path, text)| tree_file(path, text)).chain(rules.iter().cloned()).collect(),
    };
    let options = Options {
        environment: None,
        only: input.only.clone(),
        paths: Vec::new(),
        location: None,
        // Examples of ignores speak of this day.
        today: Date { year: 2026, month: 8, day: 22 },
    };
    let base = input.base.as_ref().map(tree);
    let Run { files, report, .. } = lint(&tree(&input.head), base.as_ref(), Catalogue::embedded(), &options);
    Outcome { files, diagnostics: report.diagnostics, skipped: report.skipped }
}

fn tree_file(path: &str, text: &str) -> Option<TreeFile> {
    Some(TreeFile { path: RepoPath::new(path)?, content: Ok(text.into()) })
}
