//! What the commands ask of the pipeline and the catalogue, in one place.

use crate::outside::Failure;
use crate::outside::worktree::{Limits, read_tree};
use crate::rules::examples;
use crate::{TreeFile, run_example};
use std::path::Path;

/// What the examples of some rule pages say.
pub(super) struct Tested {
    pub(super) text: String,
    pub(super) has_failed: bool,
}

/// Runs the examples of the rules that lie below `folder/.feedgate/rules`.
pub(super) fn test_rules(folder: &Path) -> Result<Tested, Failure> {
    let tree = read_tree(folder, Limits::default())?;
    let pages = examples::user_pages(&super::files(&tree));
    if pages.is_empty() {
        let help =
            "lay a rule at `.feedgate/rules/<family>/<id>.md`; `feedgate explain missing-owner` shows what a page looks like";
        let rules = folder.join(".feedgate/rules");
        return Err(Failure::new(format!("there are no rules in `{}`", rules.display())).help(help));
    }
    let own: Vec<TreeFile> = tree.files.into_iter().filter(|file| file.path.as_str().starts_with(".feedgate/rules/")).collect();
    let complaints: Vec<_> =
        pages.iter().flat_map(|page| examples::check(page, &|input| run_example(input, &own).into())).collect();
    let mut text: String = complaints.iter().map(|complaint| format!("{complaint}\n")).collect();
    text.push_str(&examples::summary(pages.len(), &complaints));
    text.push('\n');
    Ok(Tested { text, has_failed: !complaints.is_empty() })
}
