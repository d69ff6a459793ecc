//! Which query of the base is which of the head. A statement that stands elsewhere in its file, or in another file, is the
//! same when its text is; one whose text differs is the one at its place in the same file.

use super::Priced;
use crate::estimate::Estimate;
use crate::text::Files;
use std::collections::BTreeMap;
use std::sync::Arc;

type Pair<'a> = (Option<&'a Estimate>, Option<&'a Estimate>);

/// Every estimate of both sides, each once.
pub(super) fn pairs<'a>(files: &Files, base: Priced<'a>, head: Priced<'a>) -> Vec<Pair<'a>> {
    let (mut before, mut after) = (by_path(base.estimates), by_path(head.estimates));
    let mut pairs = Vec::new();
    for (path, own) in &mut before {
        let Some(other) = after.get_mut(path) else { continue };
        pairs.extend(take_alike(files, own, other));
        let n_both = own.len().min(other.len());
        pairs.extend(own.drain(..n_both).zip(other.drain(..n_both)).map(|(base, head)| (Some(base), Some(head))));
    }
    let mut removed: Vec<&Estimate> = before.into_values().flatten().collect();
    let mut added: Vec<&Estimate> = after.into_values().flatten().collect();
    pairs.extend(take_alike(files, &mut removed, &mut added));
    pairs.extend(removed.into_iter().map(|base| (Some(base), None)));
    pairs.extend(added.into_iter().map(|head| (None, Some(head))));
    pairs
}

/// By what the queries are named after, in their order.
fn by_path(estimates: &[Estimate]) -> BTreeMap<Arc<str>, Vec<&Estimate>> {
    let mut found: BTreeMap<Arc<str>, Vec<&Estimate>> = BTreeMap::new();
    for estimate in estimates {
        found.entry(estimate.query.path.clone()).or_default().push(estimate);
    }
    for own in found.values_mut() {
        own.sort_by_key(|estimate| estimate.query.number);
    }
    found
}

/// Takes those of equal text out of both lists, the first of each with the first.
fn take_alike<'a>(files: &Files, base: &mut Vec<&'a Estimate>, head: &mut Vec<&'a Estimate>) -> Vec<Pair<'a>> {
    let mut by_text: BTreeMap<&str, Vec<&'a Estimate>> = BTreeMap::new();
    for estimate in head.iter().rev() {
        by_text.entry(text(files, estimate)).or_default().push(estimate);
    }
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    base.retain(|own| match by_text.get_mut(text(files, own)).and_then(Vec::pop) {
        Some(other) => {
            pairs.push((Some(own), Some(other)));
            false
        }
        None => true,
    });
    let left: Vec<&Estimate> = by_text.into_values().flatten().collect();
    head.retain(|own| left.iter().any(|other| std::ptr::eq(*own, *other)));
    pairs
}

/// A statement as it stands in its file.
pub(super) fn text<'f>(files: &'f Files, estimate: &Estimate) -> &'f str {
    files.get(estimate.span.file).text.get(estimate.span.range()).unwrap_or_default()
}
