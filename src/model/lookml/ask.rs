//! What is asked of explores: by dashboards, which are YAML, and by derived tables that are built from an explore.

use super::Looker;
use super::explore::{FieldReference, views_of};
use crate::syntax::{Document, NodeId, yaml};
use crate::text::{FileId, SourceFile, Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A question to an explore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// ``dashboard `billing` ``, ``view `daily` ``.
    pub by: Arc<str>,
    /// The dashboard, where one asks that has a name.
    pub dashboard: Option<Spanned<Arc<str>>>,
    /// The model that has the explore, where it is named.
    pub model: Option<String>,
    pub explore: Spanned<String>,
    pub fields: Vec<FieldReference>,
}

const MAX_DEPTH: usize = 32;

/// The questions of a file of dashboards.
pub(super) fn read_dashboards(id: FileId, file: &SourceFile) -> Vec<Ask> {
    let document = yaml::parse(id, &file.text).document;
    let mut asks = Vec::new();
    let dashboards = document.roots.iter().flat_map(|root| document.sequence(*root));
    for dashboard in dashboards {
        let name = document.get(*dashboard, "dashboard");
        let name = name.and_then(|node| Some(Spanned::new(Arc::from(document.str(node)?), document.span(node))));
        let by: Arc<str> = format!("dashboard `{}`", name.as_ref().map_or("without a name", |name| &name.value)).into();
        // A stack and no recursion: merged queries lie deeper.
        let mut open = vec![(*dashboard, 0)];
        while let Some((node, depth)) = open.pop() {
            if depth < MAX_DEPTH {
                open.extend(document.map(node).iter().map(|entry| (entry.value, depth + 1)));
                open.extend(document.sequence(node).iter().map(|item| (*item, depth + 1)));
            }
            // Filters name an explore to suggest values of a field.
            let of_element = read_element(&document, node, &by);
            asks.extend(of_element.map(|ask| Ask { dashboard: name.clone(), ..ask }));
        }
    }
    asks.sort_by_key(|ask| ask.explore.span.start);
    asks
}

fn read_element(document: &Document, node: NodeId, by: &Arc<str>) -> Option<Ask> {
    let text =
        |key| document.get(node, key).and_then(|node| Some(Spanned::new(document.str(node)?.to_owned(), document.span(node))));
    let listed = ["fields", "pivots"].iter().filter_map(|key| document.get(node, key));
    let listed = listed.flat_map(|list| document.sequence(list)).copied();
    let sorts = document.get(node, "sorts").map_or(&[][..], |list| document.sequence(list));
    let sorted = sorts.iter().filter_map(|item| {
        // What follows the name is the direction.
        FieldReference::read(document.str(*item)?.split_whitespace().next()?, document.span(*item))
    });
    let heard = document.get(node, "listen").into_iter().flat_map(|listen| document.map(listen));
    let heard = heard.filter_map(|entry| FieldReference::read(document.str(entry.value)?, document.span(entry.value)));
    let single = document.get(node, "field");
    let fields = listed.chain(single).filter_map(|item| FieldReference::read(document.str(item)?, document.span(item)));
    let filtered = document.get(node, "filters").into_iter().flat_map(|filters| document.map(filters));
    let filtered = filtered.filter_map(|entry| FieldReference::read(document.key(entry), entry.key_span));
    Some(Ask {
        by: by.clone(),
        dashboard: None,
        model: text("model").map(|model| model.value),
        explore: text("explore")?,
        fields: fields.chain(filtered).chain(sorted).chain(heard).collect(),
    })
}

/// The question of a derived table that is built from an explore.
pub(super) fn read_explore_source(document: &Document, derived: NodeId, view: &str) -> Option<Ask> {
    let source = document.get(derived, "explore_source")?;
    let (name, span, body): (String, Span, Option<NodeId>) = match document.map(source) {
        [] => (document.str(source)?.to_owned(), document.span(source), None),
        [entry, ..] => (document.key(entry).to_owned(), entry.key_span, Some(entry.value)),
    };
    let columns = body.into_iter().flat_map(|body| document.all(body, "column")).flat_map(|column| document.map(column.value));
    let fields = columns.filter_map(|column| {
        let field = document.get(column.value, "field")?;
        FieldReference::read(document.str(field)?, document.span(field))
    });
    Some(Ask {
        by: format!("view `{view}`").into(),
        dashboard: None,
        model: None,
        explore: Spanned::new(name, span),
        fields: fields.collect(),
    })
}

/// Every dashboard by its name, with its place and the views whose fields it shows.
pub fn dashboards(looker: &Looker) -> BTreeMap<&str, (Span, BTreeSet<&str>)> {
    let mut found: BTreeMap<&str, (Span, BTreeSet<&str>)> = BTreeMap::new();
    for ask in &looker.asks {
        let Some(name) = &ask.dashboard else { continue };
        let (_, views) = found.entry(&name.value).or_insert((name.span, BTreeSet::new()));
        let Some(joined) = views_of(&looker.explores, &ask.explore.value) else { continue };
        views.extend(ask.fields.iter().filter_map(|field| joined.get(field.view.as_str()).copied()));
    }
    found
}
