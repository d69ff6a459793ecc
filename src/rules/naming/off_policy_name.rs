//! Names that the organisation's policy does not allow.

use super::from_file::from_file;
use super::with_names;
use crate::config::Naming;
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::naming::{Language, NamePattern, Tokens, name_outside};
use crate::model::{Feed, Known};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::{Span, Spanned};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let naming = &context.config.policy.naming;
    let of_file = naming.file.as_ref().and_then(|policy| Some((policy, read(policy, "file", sink)?)));
    let named = [("feed", &naming.feed), ("bucket", &naming.bucket), ("dataset", &naming.dataset), ("table", &naming.table)];
    for (what, policy) in named {
        let Some(policy) = policy else { continue };
        let Some(pattern) = read(policy, what, sink) else { continue };
        for feed in context.head.feeds.values() {
            check_name(what, feed, &pattern, policy, context, sink);
        }
    }
    if let Some((policy, pattern)) = of_file {
        check_files(&pattern, policy, context, sink);
    }
}

/// The pattern of a policy; what is wrong with it is said where it stands.
fn read(policy: &Spanned<String>, what: &str, sink: &mut Sink<'_>) -> Option<NamePattern> {
    let pattern = NamePattern::policy(&policy.value);
    for defect in &pattern.defects {
        let message = format!("the policy for names of {what}s cannot be read: {}", defect.message);
        let found = sink.report(Subject::new(SubjectKind::File, "feedgate.yaml"), policy.span, message);
        found.detail(defect.message.clone()).help(defect.help.clone().unwrap_or_default());
    }
    pattern.is_readable().then_some(pattern)
}

fn check_name(
    what: &str,
    feed: &Feed,
    pattern: &NamePattern,
    policy: &Spanned<String>,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) {
    let tokens = tokens(feed, &context.config.policy.naming, context);
    let Ok(language) = Language::of(pattern, tokens) else { return };
    if what == "table" && feed.table.template.is_some() {
        return check_tables_of_files(feed, &language, policy, context, sink);
    }
    let Some((name, span)) = name_of(what, feed, sink) else { return };
    if !language.automaton.matches(&name) {
        let of = if what == "feed" { String::new() } else { format!(" of feed `{}`", feed.id) };
        let message = format!("the {what} `{name}`{of} is not named `{}`, as the policy says", policy.value);
        let found = sink.report(subject(feed), span, message);
        found.detail(what.to_owned()).related(policy.span, "the policy");
    }
}

/// Of the tables that the names of files say, one that is not named by the policy.
fn check_tables_of_files(feed: &Feed, allowed: &Language, policy: &Spanned<String>, context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(one) = from_file(context).find(|one| one.feed.id == feed.id) else { return };
    let tables = one.tables.as_ref().map_err(ToString::to_string);
    match tables.and_then(|tables| name_outside(tables, &allowed.automaton).map_err(|why| why.to_string())) {
        Ok(Some(table)) => {
            let file = one.file_of(&table, context);
            let message = format!(
                "feed `{}` loads {file} into table `{table}`, which is not named `{}`, as the policy says",
                feed.id, policy.value
            );
            sink.report(subject(feed), one.span, message).detail("table").related(policy.span, "the policy");
        }
        Ok(None) => {}
        Err(why) => sink.not_checked(&subject(feed), why, Some(one.span)),
    }
}

fn name_of(what: &str, feed: &Feed, sink: &mut Sink<'_>) -> Option<(String, Span)> {
    let known = match what {
        "feed" => return Some((feed.id.to_string(), feed.name_span)),
        "bucket" => &feed.file.bucket,
        "dataset" => &feed.table.dataset,
        _ => &feed.table.name,
    };
    match known {
        Known::Known(name) => Some((name.value.clone(), name.span)),
        Known::Absent => None,
        Known::Unknown(why) => {
            sink.not_checked(&subject(feed), why.text.to_string(), why.span);
            None
        }
    }
}

fn check_files(pattern: &NamePattern, policy: &Spanned<String>, context: &Context<'_>, sink: &mut Sink<'_>) {
    for (feed, names) in with_names(context) {
        let tokens = tokens(feed, &context.config.policy.naming, context);
        let span = feed.file.name.span().unwrap_or(feed.name_span);
        match Language::of(pattern, tokens).and_then(|allowed| name_outside(&names.file().automaton, &allowed.automaton)) {
            Ok(Some(name)) => {
                let message = format!(
                    "feed `{}` takes a file `{name}`, which is not named `{}`, as the policy says",
                    feed.id, policy.value
                );
                sink.report(subject(feed), span, message).detail("file").related(policy.span, "the policy");
            }
            Ok(None) => {}
            Err(why) => sink.not_checked(&subject(feed), why.to_string(), Some(span)),
        }
    }
}

fn tokens<'a>(feed: &'a Feed, naming: &'a Naming, context: &'a Context<'_>) -> Tokens<'a> {
    Tokens { feed: Some(&feed.id.0), environments: context.head.names.environments(), layers: &naming.layers }
}
