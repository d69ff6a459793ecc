//! The table of all rules, as the README has it.

use super::Meta;
use std::fmt::Write;

/// One row for each rule, by family and id, with links to the pages from the root of the repository.
pub fn markdown<'a>(rules: impl IntoIterator<Item = &'a Meta>) -> String {
    let mut rules: Vec<&Meta> = rules.into_iter().collect();
    rules.sort_by_key(|meta| (&meta.family, &meta.id));
    let mut table = String::from("| family | rule | severity | finds |\n|---|---|---|---|\n");
    let mut family = "";
    for meta in rules {
        // A family is named in its first row only.
        let shown = if meta.family == family { "" } else { &meta.family };
        family = &meta.family;
        let link = format!("[`{id}`](rules/{family}/{id}.md)", id = meta.id);
        let off = if meta.is_off { ", off" } else { "" };
        let _ = writeln!(table, "| {shown} | {link} | {}{off} | {} |", meta.severity.name(), meta.title);
    }
    table
}
