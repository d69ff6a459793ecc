//! Rules on explores and on those who ask them: names of LookML that stand for nothing.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::Model;
use crate::model::lookml::View;
use crate::model::lookml::ask::Ask;
use crate::model::lookml::explore::{FieldReference, views_of};
use crate::model::lookml::field::{field_names, has_field, may_be_of_group};
use crate::rules::{Context, Sink};
use crate::text::{Span, nearest};
use globset::{Glob, GlobMatcher};

const ELSEWHERE: &str = "another project is taken in, which may have it";

fn subject(context: &Context<'_>, span: Span) -> Subject {
    Subject::new(SubjectKind::File, context.files.get(span.file).path.as_str())
}

/// Whether all of Looker is here; where it is not, that is said once.
fn is_whole(context: &Context<'_>, sink: &mut Sink<'_>) -> bool {
    match context.head.looker.elsewhere {
        Some(span) => {
            sink.not_checked(&subject(context, span), ELSEWHERE, Some(span));
            false
        }
        None => true,
    }
}

/// Names that constants or Liquid fill in.
fn has_hole(name: &str) -> bool {
    name.contains(['@', '{', '$'])
}

pub(in crate::rules) fn unknown_dashboard_explore(context: &Context<'_>, sink: &mut Sink<'_>) {
    let looker = &context.head.looker;
    if looker.asks.is_empty() || !is_whole(context, sink) {
        return;
    }
    let names = || looker.explores.iter().filter(|explore| !explore.is_refinement).map(|explore| explore.name.as_str());
    let is_own = |ask: &&Ask| match &ask.model {
        Some(model) => looker.models.contains(model),
        None => names().next().is_some(),
    };
    for ask in looker.asks.iter().filter(is_own) {
        let name = &ask.explore.value;
        if has_hole(name) || names().any(|own| own == name) {
            continue;
        }
        let message = format!("there is no explore `{name}`, which {} asks", ask.by);
        let found = sink.report(subject(context, ask.explore.span), ask.explore.span, message);
        found.detail(format!("{} {name}", ask.by));
        if let Some(near) = nearest(name, names()) {
            found.help(format!("did you mean `{near}`?"));
        }
    }
}

pub(in crate::rules) fn unknown_dashboard_view(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.head;
    if model.looker.explores.is_empty() && model.views.is_empty() || !is_whole(context, sink) {
        return;
    }
    for explore in &model.looker.explores {
        for (_, view) in &explore.views {
            report_view(context, &view.value, view.span, &format!("explore `{}` joins", explore.name), sink);
        }
    }
    for view in &model.views {
        for base in &view.extends {
            report_view(context, base, view.name_span, &format!("view `{}` extends", view.name), sink);
        }
    }
}

fn report_view(context: &Context<'_>, name: &str, span: Span, by: &str, sink: &mut Sink<'_>) {
    let names = || context.head.views.iter().filter(|view| !view.is_refinement).map(|view| &*view.name);
    if has_hole(name) || names().any(|own| own == name) {
        return;
    }
    let found = sink.report(subject(context, span), span, format!("there is no view `{name}`, which {by}"));
    found.detail(format!("{by} {name}"));
    if let Some(near) = nearest(name, names()) {
        found.help(format!("did you mean `{near}`?"));
    }
}

pub(in crate::rules) fn unknown_dashboard_field(context: &Context<'_>, sink: &mut Sink<'_>) {
    let looker = &context.head.looker;
    if looker.explores.is_empty() || !is_whole(context, sink) {
        return;
    }
    check_references(context, sink);
    let of_explores = looker
        .explores
        .iter()
        .map(|explore| (format!("explore `{}`", explore.name), explore.name.as_str(), explore.fields.as_slice()));
    let own = looker.asks.iter().filter(|ask| ask.model.as_ref().is_none_or(|model| looker.models.contains(model)));
    let asked = own.map(|ask| (ask.by.to_string(), ask.explore.value.as_str(), ask.fields.as_slice()));
    for (by, explore, fields) in of_explores.chain(asked) {
        for field in fields {
            check_field(context, &by, explore, field, sink);
        }
    }
}

/// What the fields of views name.
fn check_references(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Model { views, looker, .. } = context.head;
    let is_base = |view: &View| views.iter().any(|other| other.extends.iter().any(|base| *base == *view.name));
    let is_alias = |name: &str| looker.explores.iter().flat_map(|explore| &explore.views).any(|(alias, _)| alias == name);
    for view in views.iter().filter(|view| !view.is_part && !is_base(view)) {
        for reference in &view.references {
            let FieldReference { view: named, field, span } = reference;
            let is_missing = has_field(views, named, field) == Some(false) && !may_be_of_group(views, named, field);
            let is_strange = !is_alias(named) && !views.iter().any(|other| *other.name == **named);
            if !is_missing && !is_strange {
                continue;
            }
            let (what, near) = match is_strange {
                true => (
                    format!("there is no view `{named}`, whose field `{field}`"),
                    nearest(named, views.iter().map(|view| &*view.name)),
                ),
                false => (format!("view `{named}` has no field `{field}`, which"), nearest(field, field_names(views, named))),
            };
            let message = format!("{what} view `{}` names", view.name);
            let found = sink.report(subject(context, *span), *span, message);
            found.detail(format!("{} {named}.{field}", view.name));
            if let Some(near) = near {
                found.help(format!("did you mean `{near}`?"));
            }
        }
    }
}

/// What is taken in is there.
pub(in crate::rules) fn unmatched_include(context: &Context<'_>, sink: &mut Sink<'_>) {
    for include in &context.head.looker.includes {
        let written = include.value.as_str();
        let is_of_lookml = KINDS.iter().any(|kind| written.contains(kind));
        // Another project is no file of this repository.
        if written.starts_with("//") || !is_of_lookml || has_hole(written) {
            continue;
        }
        let Some(globs) = globs(written) else { continue };
        if context.files.of(context.side).any(|(_, file)| globs.iter().any(|glob| glob.is_match(file.path.as_str()))) {
            continue;
        }
        let message = format!("`{written}` takes in no file");
        sink.report(subject(context, include.span), include.span, message).detail(written);
    }
}

/// What the names of files of LookML hold.
const KINDS: [&str; 5] = [".view", ".explore", ".model", ".dashboard", ".lkml"];

/// The root of the project may be any folder of the repository, a path without a slash before it is looked for in any folder,
/// as older projects have it, and the last ending may be left out.
fn globs(written: &str) -> Option<Vec<GlobMatcher>> {
    let path = written.trim_start_matches('/').trim_start_matches("../").trim_start_matches("./");
    let glob = |ending: &str| Some(Glob::new(&format!("{{,**/}}{path}{ending}")).ok()?.compile_matcher());
    ["", ".lkml", ".lookml"].into_iter().map(glob).collect()
}

fn check_field(context: &Context<'_>, by: &str, explore: &str, asked: &FieldReference, sink: &mut Sink<'_>) {
    let Model { views, looker, .. } = context.head;
    let Some(joined) = views_of(&looker.explores, explore) else { return };
    let FieldReference { view: alias, field, span } = asked;
    let message = match joined.get(alias.as_str()) {
        None => format!("explore `{explore}` has no view `{alias}`, whose field `{field}` {by} asks for"),
        Some(view) if has_field(views, view, field) == Some(false) => {
            format!("view `{view}` has no field `{field}`, which {by} asks for")
        }
        Some(_) => return,
    };
    let near = match joined.get(alias.as_str()) {
        None => nearest(alias, joined.keys().copied()),
        Some(view) => nearest(field, field_names(views, view)),
    };
    let found = sink.report(subject(context, *span), *span, message);
    found.detail(format!("{by} {alias}.{field}"));
    if let Some(near) = near {
        found.help(format!("did you mean `{near}`?"));
    }
}
