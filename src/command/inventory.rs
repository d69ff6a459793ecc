//! `feedgate inventory`: the sheet of all feeds.

use super::{given, known_environment, text_options, today};
use crate::Options;
use crate::cli::{Inventory, InventoryFormat};
use crate::outside::terminal::Terminal;
use crate::outside::{Failure, output, root};
use crate::report::inventory::{self, Sheet};
use crate::rules::catalogue::Catalogue;
use std::path::Path;

pub(super) fn run(arguments: &Inventory, current: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    let root = root::find(current, &[])?.folder;
    let mut tree = super::tree(&root)?;
    given::plans(&mut tree, &root, current, &arguments.plan.plans)?;
    let environment = arguments.environment.clone();
    if let Some(name) = &environment {
        known_environment(name, &tree)?;
    }
    let today = today(&arguments.as_of);
    let options = Options { environment, ..Options::new(today) };
    let run = crate::lint(&tree, None, Catalogue::embedded(), &options);
    let sheet = Sheet::of(&run.files, &run.model, &run.report);
    let rendered = match arguments.format {
        InventoryFormat::Text => {
            inventory::text(&sheet, &text_options(arguments.color.color, terminal, arguments.output.is_none()))
        }
        InventoryFormat::Markdown => inventory::markdown(&sheet),
        InventoryFormat::Csv => inventory::csv(&sheet),
        InventoryFormat::Json => inventory::json(&sheet),
    };
    match &arguments.output {
        Some(file) if file.as_os_str() != "-" => output::to_file(&current.join(file), &rendered)?,
        Some(_) | None => output::to_stdout(&rendered)?,
    }
    // A rule of ours that failed has left findings out.
    Ok(if run.failed { 2 } else { 0 })
}
