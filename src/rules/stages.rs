//! Findings that come out of the catalogue and the configuration: pages that are not rules, and what the configuration
//! says of keys, rules and options that there are not.

use super::run::Plan;
use super::{Meta, Sink};
use crate::config::{Config, OptionValue, RuleConfig};
use crate::diagnostic::{Diagnostic, Label, Subject, SubjectKind};
use crate::text::nearest;

impl Plan<'_> {
    /// Pages of the repository that are not rules.
    pub(super) fn about_rules(&self) -> Vec<Diagnostic> {
        let Some(active) = self.get("invalid-rule") else { return Vec::new() };
        let mut sink = active.sink();
        for problem in &self.catalogue.problems {
            let subject = Subject::new(SubjectKind::File, "rules");
            let finding = sink.report(subject, problem.span, problem.message.clone()).detail(problem.message.clone());
            finding.help = problem.help.clone().or(finding.help.take());
        }
        sink.diagnostics
    }

    /// What the configuration says wrongly, and what it says of rules and options that there are not.
    pub(super) fn about_configuration(&self, config: &Config) -> Vec<Diagnostic> {
        let Some(active) = self.get("invalid-config") else { return Vec::new() };
        let mut sink = active.sink();
        for problem in &config.problems {
            let finding = sink.report(configuration(), problem.span, problem.message.clone()).detail(problem.message.clone());
            finding.help = problem.help.clone().or(finding.help.take());
            finding.related.extend(problem.related.clone().map(|(span, text)| Label::new(span, text)));
        }
        for (id, configured) in &config.rules {
            match self.catalogue.get(id.as_str()) {
                Some(rule) => about_options(&rule.meta, &configured.value, &mut sink),
                None => {
                    let finding = sink.report(configuration(), configured.span, format!("there is no rule `{id}`"));
                    finding.detail(id.to_string());
                    if let Some(near) = self.catalogue.nearest(id.as_str()) {
                        finding.help(format!("did you mean `{near}`?"));
                    }
                }
            }
        }
        sink.diagnostics
    }
}

fn configuration() -> Subject {
    Subject::new(SubjectKind::File, "feedgate.yaml")
}

fn about_options(meta: &Meta, configured: &RuleConfig, sink: &mut Sink<'_>) {
    for (name, value) in &configured.options {
        let known = meta.options.iter().find(|(known, _)| known == name);
        let (message, help) = match known {
            None => {
                let near = nearest(name, meta.options.iter().map(|(known, _)| known.as_str()));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                (format!("`{}` has no option `{name}`", meta.id), help)
            }
            Some((_, default)) if type_name(default) != type_name(&value.value) => {
                let (wanted, found) = (type_name(default), type_name(&value.value));
                (format!("option `{name}` of `{}` is {wanted}, not {found}", meta.id), None)
            }
            Some(_) => continue,
        };
        let finding = sink.report(configuration(), value.span, message).detail(format!("{} {name}", meta.id));
        finding.help = help.or(finding.help.take());
    }
}

pub(super) fn type_name(value: &OptionValue) -> &'static str {
    match value {
        OptionValue::Bool(_) => "a boolean",
        OptionValue::Int(_) => "an integer",
        OptionValue::Text(_) => "a text",
        OptionValue::List(_) => "a list of texts",
    }
}
