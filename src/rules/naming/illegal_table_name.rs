//! Names of tables and datasets that BigQuery refuses.

use super::from_file::from_file;
use super::own_tables;
use crate::model::facts::Item;
use crate::model::naming::{Automaton, Language, NamePattern, Tokens, Untold, common_name, name_outside};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use regex::Regex;
use std::sync::OnceLock;

/// Longer names are refused, of tables and of datasets.
const MAX_BYTES: usize = 1_024;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    from_files(context, sink);
    for own in own_tables(context.head) {
        let subject = Item::Table(own.table).subject();
        if let Some(defect) = table_defect(own.name) {
            let message = format!("BigQuery has no table `{}`: its name {defect}", own.name.escape_debug());
            sink.report(subject.clone(), own.span, message).detail("table");
        }
        if let Some(defect) = dataset_defect(own.dataset) {
            let message = format!("BigQuery has no dataset `{}`: its name {defect}", own.dataset.escape_debug());
            sink.report(subject, own.span, message).detail("dataset").help("write letters, digits and `_`");
        }
    }
}

/// Files that name their tables: with a part that they have not, or with characters that no table may have.
fn from_files(context: &Context<'_>, sink: &mut Sink<'_>) {
    for one in from_file(context) {
        match &one.tables {
            Ok(tables) if !one.is_listed => {
                let Some(table) = refused(tables) else { continue };
                let Some(defect) = table_defect(&table) else { continue };
                let (feed, file) = (&one.feed.id, one.file_of(&table, context));
                let message = format!("feed `{feed}` loads {file} into table `{}`, whose name {defect}", table.escape_debug());
                let found = sink.report(subject(one.feed), one.span, message);
                found.help("let the part of the file's name hold letters, digits and `_` only");
            }
            Ok(_) => {}
            Err(Untold::NoPart(part)) => {
                let message = format!(
                    "the table of feed `{}` is named `{}`, and its files have no part `{part}`",
                    one.feed.id, one.template.text
                );
                let found = sink.report(subject(one.feed), one.span, message);
                found.detail(part.clone()).help("write a token of `file.name`, or a named group of `file.pattern`");
            }
            Err(why) => sink.not_checked(&subject(one.feed), why.to_string(), Some(one.span)),
        }
    }
}

/// A name that BigQuery refuses; one that can be read, where there is such a one.
fn refused(tables: &Automaton) -> Option<String> {
    static ALLOWED: OnceLock<Option<[Automaton; 2]>> = OnceLock::new();
    let of = |expression: &str| Some(Language::of(&NamePattern::regex(expression), Tokens::default()).ok()?.automaton);
    let build = || Some([of(r"^[!-~]*[!#$%&+.:=@][!-~]*$")?, of(r"^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]*$")?]);
    let [visible, allowed] = ALLOWED.get_or_init(build).as_ref()?;
    let readable = common_name(tables, visible).ok().flatten();
    readable.or_else(|| name_outside(tables, allowed).ok().flatten())
}

fn table_defect(name: &str) -> Option<String> {
    static ALLOWED: OnceLock<Regex> = OnceLock::new();
    let allowed = ALLOWED.get_or_init(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]$").expect("an expression of ours"));
    if name.len() > MAX_BYTES {
        return Some(format!("has more than {MAX_BYTES} bytes"));
    }
    let refused = name.chars().find(|letter| !allowed.is_match(letter.encode_utf8(&mut [0; 4])))?;
    Some(format!("holds `{}`", refused.escape_debug()))
}

fn dataset_defect(name: &str) -> Option<String> {
    if name.len() > MAX_BYTES {
        return Some(format!("has more than {MAX_BYTES} bytes"));
    }
    let refused = name.chars().find(|letter| !letter.is_ascii_alphanumeric() && *letter != '_')?;
    Some(format!("holds `{}`", refused.escape_debug()))
}
