//! Which versions of the provider a root module takes, as far as that says what it cannot do yet.

use super::{Terraform, blocks};
use crate::syntax::{Document, NodeId};

/// Major, minor and patch.
type Version = [u32; 3];

impl<'a> Terraform<'a> {
    /// Whether a root module keeps the Google provider below a version.
    pub fn is_before(&self, root: &str, version: Version) -> bool {
        let settings = self.index.settings.get(root).into_iter().flatten();
        settings.filter_map(|(document, body)| constraint(document, *body)).any(|said| ends_before(said, version))
    }
}

/// `~> 5.10`
fn constraint(document: &Document, settings: NodeId) -> Option<&str> {
    let (_, required) = blocks(document, settings, "required_providers").into_iter().next()?;
    let google = document.get(required, "google")?;
    document.str(google).or_else(|| document.str(document.get(google, "version")?))
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
