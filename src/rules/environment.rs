//! Rules on environments: what is loaded for all of them at once, and what is shared and names one.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::environment::named_in;
use crate::rules::{Context, Sink};
use crate::text::{SourceFile, Span};
use std::collections::BTreeMap;

/// Terraform loads every `*.auto.tfvars` of a folder, whichever environment its name says.
pub(super) fn environments_loaded_together(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut by_folder: BTreeMap<&str, Vec<(Span, &SourceFile, &str)>> = BTreeMap::new();
    for (id, file) in context.files.of(context.side) {
        let name = file.path.name();
        let is_loaded = name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
        if let Some(environment) = named_in(name).filter(|_| is_loaded) {
            by_folder.entry(file.path.folder()).or_default().push((Span::start_of(id), file, environment));
        }
    }
    for mut loaded in by_folder.into_values() {
        // In the order in which Terraform loads them.
        loaded.sort_by(|a, b| a.1.path.name().cmp(b.1.path.name()));
        let Some((last, others)) = loaded.split_last() else { continue };
        for (span, file, _) in others.iter().filter(|(_, _, environment)| *environment != last.2) {
            let (own, over) = (file.path.name(), last.1.path.name());
            let message = format!("`{own}` is loaded together with `{over}`, which stands over it");
            let subject = Subject::new(SubjectKind::File, file.path.as_str());
            sink.report(subject, *span, message).related(last.0, "loaded last");
        }
    }
}

/// A name that holds `dev` is wrong wherever the same block is deployed for another environment.
pub(super) fn hard_coded_environment(context: &Context<'_>, sink: &mut Sink<'_>) {
    for found in &context.head.hard_coded {
        let others = found.others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
        let message = format!(
            "`{}` of `{}` says `{}`, and the block is deployed for {others} too",
            found.attribute, found.address, found.value
        );
        let path = context.files.get(found.span.file).path.as_str();
        sink.report(Subject::new(SubjectKind::File, path), found.span, message)
            .detail(format!("{} {}", found.address, found.attribute));
    }
}
