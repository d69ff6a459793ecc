//! Rules: a page of the catalogue each, with an expression over facts or a function of ours to judge.
//! Rules see the model and the configuration; they never read a file and never fail.

pub mod catalogue;
mod change;
mod dashboard;
mod delivery;
mod deployment;
mod environment;
pub mod examples;
pub mod expr;
mod feed;
pub mod index;
mod monitoring;
mod names;
mod naming;
pub mod native;
pub mod page;
mod policy;
mod problems;
mod quota;
pub mod requirement;
mod retention;
mod role;
pub mod run;
mod sample;
mod schedule;
mod schema;
mod sql;
mod stages;
mod table;
pub mod template;
#[cfg(test)]
pub(crate) mod testing;
pub mod total;
mod trigger;
mod workflow;

pub use sample::Samples;
pub(crate) use schema::table_fix::new_table_schema;

use crate::config::{Config, OptionValue};
use crate::diagnostic::{Diagnostic, Fix, Label, RuleId, Severity, Subject, SubjectKind};
use crate::estimate::repricing::Repricing;
use crate::estimate::{Estimate, Samples as Measures};
use crate::model::change::{Change, Pairs};
use crate::model::{Model, Skipped};
use crate::text::{Date, Files, Side, Span};
use std::sync::LazyLock;

/// A rule of the catalogue.
pub struct Rule {
    pub meta: Meta,
    pub check: Check,
}

/// How a rule judges.
pub enum Check {
    /// A CEL expression that must hold for each subject.
    Expr(Box<requirement::Requirement>),
    /// A function of the same name as the rule, for what an expression cannot say.
    Code(fn(&Context<'_>, &mut Sink<'_>)),
    /// Findings come out of a stage of the run itself: the configuration, the catalogue, ignores.
    Stage,
}

/// The front matter and the prose of a rule's page.
#[derive(Debug, Clone)]
pub struct Meta {
    pub id: RuleId,
    pub family: String,
    pub title: String,
    pub severity: Severity,
    /// It runs only where it is asked for: `default: off`.
    pub is_off: bool,
    /// What the rule is about.
    pub each: SubjectKind,
    pub help: Option<String>,
    pub since: String,
    /// Pages that say so, and when they were read.
    pub sources: Vec<String>,
    pub read: Option<String>,
    /// Options and their defaults, for `option` in expressions and for functions.
    pub options: Vec<(String, OptionValue)>,
    /// The Markdown after the front matter.
    pub page: String,
}

/// What a rule may look at.
pub struct Context<'a> {
    pub files: &'a Files,
    /// Which revision `head` is: the base is judged too, alone, to tell what is new in the head.
    pub side: Side,
    pub head: &'a Model,
    pub base: Option<&'a Model>,
    pub changes: &'a [Change],
    /// Which thing of the base is which of the head.
    pub pairs: &'a Pairs,
    /// What the queries of the head read.
    pub estimates: &'a [Estimate],
    /// How large values are in the samples of feeds, to reckon what a query would cost without its defect.
    pub measures: &'a Measures,
    /// What the change does to the estimates; `None` without a base.
    pub repricing: Option<&'a Repricing>,
    pub config: &'a Config,
    /// The day that is taken for today.
    pub today: Date,
    /// What was found in sample files.
    pub samples: Samples,
}

impl<'a> Context<'a> {
    /// One revision and nothing that it is compared with; without estimates.
    pub fn alone(files: &'a Files, side: Side, head: &'a Model, config: &'a Config, today: Date) -> Context<'a> {
        static NO_PAIRS: LazyLock<Pairs> = LazyLock::new(Pairs::default);
        static NO_MEASURES: LazyLock<Measures> = LazyLock::new(Measures::default);
        Context {
            files,
            side,
            head,
            base: None,
            changes: &[],
            pairs: &NO_PAIRS,
            estimates: &[],
            measures: &NO_MEASURES,
            repricing: None,
            config,
            today,
            samples: Samples::default(),
        }
    }
}

/// Where a rule puts what it finds.
pub struct Sink<'a> {
    pub(crate) rule: &'a Meta,
    pub(crate) severity: Severity,
    pub(crate) options: &'a [(String, OptionValue)],
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) skipped: Vec<Skipped>,
}

impl Sink<'_> {
    /// Adds a finding; what it returns takes labels, help and a fix.
    pub fn report(&mut self, subject: Subject, primary: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic {
            rule: self.rule.id.clone(),
            severity: self.severity,
            message: message.into(),
            primary,
            label: None,
            related: Vec::new(),
            help: self.rule.help.clone(),
            fix: None,
            subject,
            detail: String::new(),
            is_new: None,
        });
        self.diagnostics.last_mut().expect("one was just pushed")
    }

    /// Says that the rule could not judge a subject.
    pub fn not_checked(&mut self, subject: &Subject, why: impl Into<String>, span: Option<Span>) {
        self.skipped.push(Skipped { what: self.rule.id.to_string(), subject: subject.to_string(), why: why.into(), span });
    }

    /// The option of this rule with this name: the configured value, else the default of the page.
    pub fn option(&self, name: &str) -> Option<&OptionValue> {
        self.options.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl Diagnostic {
    /// Takes over what a reader of the text says besides.
    fn explain(&mut self, help: Option<&String>, related: Option<&(Span, String)>) {
        if let Some(help) = help {
            self.help(help.clone());
        }
        if let Some((span, text)) = related {
            self.related(*span, text.clone());
        }
    }

    pub fn related(&mut self, span: Span, text: impl Into<String>) -> &mut Diagnostic {
        self.related.push(Label::new(span, text));
        self
    }

    pub fn label(&mut self, text: impl Into<String>) -> &mut Diagnostic {
        self.label = Some(text.into());
        self
    }

    pub fn help(&mut self, text: impl Into<String>) -> &mut Diagnostic {
        self.help = Some(text.into());
        self
    }

    pub fn fix(&mut self, fix: Fix) -> &mut Diagnostic {
        self.fix = Some(fix);
        self
    }

    /// What tells this finding apart from others of the same rule on the same subject.
    pub fn detail(&mut self, text: impl Into<String>) -> &mut Diagnostic {
        self.detail = text.into();
        self
    }
}
