//! What the commands ask of the pipeline and the catalogue, in one place.
// FIXME: stands in until the pipeline is there: it counts the files and finds nothing.

use crate::model::{Counts, Skipped};
use crate::outside::Failure;
use crate::report::{Report, Stats};
use crate::rules::Meta;
use crate::text::{Files, Side, SourceFile};
use crate::{Options, Run, Tree};
use std::path::Path;

/// The rules of the catalogue.
pub(super) fn catalogue() -> Vec<Meta> {
    Vec::new()
}

pub(super) fn lint(tree: &Tree, _options: &Options) -> Run {
    let mut files = Files::default();
    let mut report = Report::default();
    for file in &tree.files {
        match &file.content {
            Ok(text) => {
                files.push(SourceFile::new(Side::Head, file.path.clone(), text.clone()));
            }
            Err(why) => {
                let skipped =
                    Skipped { what: "file".to_owned(), subject: file.path.to_string(), why: format!("{why:?}"), span: None };
                report.skipped.push(skipped);
            }
        }
    }
    let bytes = files.iter().map(|(_, file)| file.text.len() as u64).sum();
    report.stats = Stats { read: Counts { files: files.len(), bytes }, ..Stats::default() };
    Run { files, report }
}

/// What the examples of some rule pages say.
pub(super) struct Tested {
    pub(super) text: String,
    pub(super) has_failed: bool,
}

pub(super) fn test_rules(folder: &Path) -> Result<Tested, Failure> {
    Err(Failure::new(format!("cannot test the rules of `{}` yet", folder.display())))
}
