//! The first `feedgate.yaml` of a repository: what was found in it, and what can be said besides.

use super::scalar;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What a repository shows of itself, and what was asked for.
#[derive(Debug, Default)]
pub struct Found {
    pub project: Option<String>,
    pub location: Option<String>,
    pub environments: BTreeSet<String>,
    /// How long delivered files must be kept, as it was said.
    pub retention: Option<String>,
}

/// What environments are called in the names of files.
const ENVIRONMENTS: [&str; 13] =
    ["dev", "development", "test", "testing", "qa", "int", "uat", "stage", "staging", "preprod", "prod", "production", "live"];

/// The environment that a file of variables is of: `env/dev.tfvars`.
pub fn environment_of(stem: &str) -> Option<&str> {
    ENVIRONMENTS.contains(&stem).then_some(stem)
}

/// The file.
pub fn yaml(found: &Found) -> String {
    let mut out = String::from(
        "# yaml-language-server: $schema=https://raw.githubusercontent.com/feedgate/feedgate/main/feedgate.schema.json\n\
         # Feeds, schemas, Terraform and SQL are found by what they are: nothing here is needed, and everything refines.\n\
         version: 1\n",
    );
    for (key, value) in [("project", &found.project), ("location", &found.location)] {
        if let Some(value) = value {
            let _ = writeln!(out, "{key}: {}", scalar(value));
        }
    }
    match &found.retention {
        Some(retention) => {
            let _ = write!(out, "\npolicy:\n  retention: {} # delivered files are kept at least this long\n", scalar_of_duration(retention));
        }
        None => out.push_str(
            "\n# What every feed must keep to; of what is not said, nothing is asked.\n# policy:\n#   retention: 180 days\n#   replay: 30 days\n",
        ),
    }
    if !found.environments.is_empty() {
        out.push_str("\nenvironments:\n");
        found.environments.iter().for_each(|name| {
            let _ = writeln!(out, "  {}: {{}}", scalar(name));
        });
    }
    out
}

/// A duration is plain in YAML: digits, a blank, a word.
fn scalar_of_duration(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ') && text.contains(' ');
    if is_plain { text.to_owned() } else { scalar(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::text::FileId;

    #[test]
    fn what_is_written_is_a_configuration() {
        let environments = ["dev".to_owned(), "no".to_owned()].into();
        let all = Found {
            project: Some("acme-prod".to_owned()),
            location: Some("EU".to_owned()),
            environments,
            retention: Some("90 days".to_owned()),
        };
        for found in [Found::default(), all] {
            let text: std::sync::Arc<str> = yaml(&found).into();
            let parsed = crate::syntax::yaml::parse(FileId::from_index(0), &text);
            let config = Config::read(&parsed.document);
            assert_eq!((parsed.problems, config.problems), (Vec::new(), Vec::new()), "{text}");
            assert_eq!(config.environments.len(), found.environments.len());
            assert_eq!(config.policy.retention_days.map(|days| days.value), found.retention.map(|_| 90));
        }
    }
}
