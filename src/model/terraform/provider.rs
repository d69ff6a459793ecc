//! Which versions of a provider a module takes, as far as that says what it cannot do yet.

use super::{Resource, Terraform, blocks, name_of};
use crate::syntax::{Document, NodeId};

/// Major, minor and patch.
type Version = [u32; 3];

/// The provider of a resource that names none: its type begins so.
const GOOGLE: &str = "google";

impl<'a> Terraform<'a> {
    /// Whether the modules of a resource keep its provider below a version. `google` and `google-beta` are two providers with
    /// versions of their own.
    pub fn is_before(&self, resource: &Resource<'a>, version: Version) -> bool {
        let provider = provider(resource);
        let folders = [resource.module.root, resource.module.folder];
        let settings = folders.iter().filter_map(|folder| self.index.settings.get(folder)).flatten();
        settings.filter_map(|(document, body)| constraint(document, *body, provider)).any(|said| ends_before(said, version))
    }
}

/// `google-beta` of `provider = google-beta.eu`.
fn provider<'a>(resource: &Resource<'a>) -> &'a str {
    let document = resource.document;
    let named = document.get(resource.body, "provider").and_then(|node| name_of(document, node));
    named.and_then(|name| name.split('.').next()).unwrap_or(GOOGLE)
}

/// `~> 5.10`
fn constraint<'a>(document: &'a Document, settings: NodeId, provider: &str) -> Option<&'a str> {
    let (_, required) = blocks(document, settings, "required_providers").into_iter().next()?;
    let required = document.get(required, provider)?;
    document.str(required).or_else(|| document.str(document.get(required, "version")?))
}

/// Whether one of the conditions leaves out this version and all after it.
fn ends_before(constraint: &str, version: Version) -> bool {
    constraint.split(',').any(|condition| ends(condition.trim()).is_some_and(|end| end <= version))
}

/// The first version that a condition does not take, of those after the ones that it takes.
fn ends(condition: &str) -> Option<Version> {
    let digits = condition.find(|letter: char| letter.is_ascii_digit())?;
    let (operator, text) = condition.split_at_checked(digits)?;
    let parts: Vec<u32> = text.split(['.', '-']).map_while(|part| part.parse().ok()).take(3).collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let version = [part(0), part(1), part(2)];
    match operator.trim() {
        "" | "=" | "<=" => Some([part(0), part(1), part(2).saturating_add(1)]),
        "<" => Some(version),
        "~>" if parts.len() > 2 => Some([part(0), part(1).saturating_add(1), 0]),
        "~>" => Some([part(0).saturating_add(1), 0, 0]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::ends_before;

    #[test]
    fn a_constraint_may_leave_out_all_that_is_newer() {
        for constraint in ["5.10.0", "= 6.10.0", "~> 5.10", "~> 6.10.0", ">= 5, < 6.11", "<= 6.0", "< 7, ~> 6.4.1"] {
            assert!(ends_before(constraint, [6, 11, 0]), "{constraint}");
        }
        for constraint in ["6.11.0", "~> 6.4", ">= 5.10", "> 6", "< 7", "<= 6.11", "!= 6.10.0", "", "latest"] {
            assert!(!ends_before(constraint, [6, 11, 0]), "{constraint}");
        }
    }
}
