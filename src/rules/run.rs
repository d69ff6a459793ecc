//! Runs rules over a model: which of them, at which severity, on what; and what they found.
//! A rule that panics is a finding about the rule; the others run on.

use super::catalogue::Catalogue;
use super::expr::{Name, Scope, is_set};
use super::requirement::Compiled;
use super::stages::type_name;
use super::{Check, Context, Meta, Rule, Sink, sample};
use crate::config::{Config, Level, OptionValue, RuleConfig};
use crate::diagnostic::{Diagnostic, Label, RuleId, Severity, Subject, SubjectKind};
use crate::model::facts::{self, Fact, FactValue, Item, Reading};
use crate::model::{FeedId, Skipped};
use crate::text::{FileId, Files, Span};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The id of the finding that one of our rules failed. It has no page: it is never the reader's doing.
pub const INTERNAL_ERROR: &str = "internal-error";

/// Rules that share what was found in samples.
const SAMPLE_FAMILY: &str = "sample";

/// How many feeds a finding names at most.
const MAX_FEED_LABELS: usize = 3;

/// A rule that runs, with the severity and the options that hold for this run.
#[derive(Clone)]
pub struct Active<'a> {
    pub rule: &'a Rule,
    pub severity: Severity,
    pub options: Vec<(String, OptionValue)>,
}

impl Active<'_> {
    /// A place for what this rule finds.
    pub fn sink(&self) -> Sink<'_> {
        Sink {
            rule: &self.rule.meta,
            severity: self.severity,
            options: &self.options,
            diagnostics: Vec::new(),
            skipped: Vec::new(),
        }
    }
}

/// The rules of one run, sorted by id.
pub struct Plan<'a> {
    pub catalogue: &'a Catalogue,
    pub active: Vec<Active<'a>>,
    /// The environment that the run is for.
    pub environment: Option<&'a str>,
}

/// What a run of rules gives, sorted.
#[derive(Debug, Default)]
pub struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    pub skipped: Vec<Skipped>,
    /// A rule failed: the run is not to be trusted.
    pub failed: bool,
}

/// Runs the rules of the catalogue that the configuration leaves on. With `only`, just those, even where they are off.
pub fn run(catalogue: &Catalogue, context: &Context<'_>, only: &[RuleId], environment: Option<&str>) -> Findings {
    Plan::new(catalogue, context.config, only, environment).run(context, context.config)
}

impl<'a> Plan<'a> {
    pub fn new(catalogue: &'a Catalogue, config: &Config, only: &[RuleId], environment: Option<&'a str>) -> Plan<'a> {
        let active = |rule: &'a Rule| {
            let configured = config.rules.get(&rule.meta.id).map(|configured| &configured.value);
            let severity = severity(&rule.meta, configured, only, environment)?;
            Some(Active { rule, severity, options: options(&rule.meta, configured) })
        };
        Plan { catalogue, active: catalogue.rules().filter_map(active).collect(), environment }
    }

    pub fn get(&self, id: &str) -> Option<&Active<'a>> {
        self.active.iter().find(|active| active.rule.meta.id.as_str() == id)
    }

    /// Everything that is found in a revision. `written` is the configuration as it stands in it, where that is another
    /// than the one that is judged by.
    pub fn run(&self, context: &Context<'_>, written: &Config) -> Findings {
        let mut findings = Findings::default();
        if self.active.iter().any(|active| active.rule.meta.family == SAMPLE_FAMILY) {
            sample::fill(context);
        }
        for found in self.active.par_iter().map(|active| run_native(active, context)).collect::<Vec<_>>() {
            findings.extend(found);
        }
        for kind in SubjectKind::ALL {
            findings.extend(self.run_expressions(kind, context));
        }
        findings.diagnostics.extend(self.about_rules());
        findings.diagnostics.extend(self.about_configuration(written));
        add_feeds(context, &mut findings.diagnostics);
        findings.sorted()
    }

    /// Subjects outside, rules inside: each subject's facts are read once for all rules.
    fn run_expressions(&self, kind: SubjectKind, context: &Context<'_>) -> Findings {
        let of_kind = self.active.iter().filter(|active| active.rule.meta.each == kind);
        let judges: Vec<Judge<'_>> =
            of_kind.filter_map(Judge::new).filter(|judge| judge.has_its_policy(context.config)).collect();
        let mut names: Vec<&'static str> = judges.iter().flat_map(|judge| judge.compiled.facts.iter().copied()).collect();
        names.sort_unstable();
        names.dedup();
        let facts: Vec<&Fact> = names.iter().filter_map(|name| facts::find(kind, name)).collect();
        let items = if judges.is_empty() { Vec::new() } else { facts::items(context.head, kind) };
        let judged = |item: &Item<'_>| {
            let readings: Vec<_> = facts.iter().map(|fact| (fact.name, fact.read(item))).collect();
            let mut findings = Findings::default();
            for judge in &judges {
                judge.judge(item, &readings, context, &mut findings);
            }
            findings
        };
        items.par_iter().map(judged).reduce(Findings::default, |mut all, more| {
            all.extend(more);
            all
        })
    }
}

/// `None` when the rule does not run.
fn severity(meta: &Meta, configured: Option<&RuleConfig>, only: &[RuleId], environment: Option<&str>) -> Option<Severity> {
    let asked_for = only.contains(&meta.id);
    if !only.is_empty() && !asked_for {
        return None;
    }
    match configured.and_then(|configured| configured.level_in(environment)).map(|level| level.value) {
        Some(Level::On(severity)) => Some(severity),
        Some(Level::OfPage) => Some(meta.severity),
        Some(Level::Off) => asked_for.then_some(meta.severity),
        None => (asked_for || !meta.is_off).then_some(meta.severity),
    }
}

/// The defaults of the page, with what is configured and of the right type in their place.
fn options(meta: &Meta, configured: Option<&RuleConfig>) -> Vec<(String, OptionValue)> {
    let value = |(name, default): &(String, OptionValue)| {
        let chosen = configured.and_then(|configured| configured.options.get(name)).map(|value| &value.value);
        let chosen = chosen.filter(|chosen| type_name(chosen) == type_name(default)).unwrap_or(default);
        (name.clone(), chosen.clone())
    };
    meta.options.iter().map(value).collect()
}

fn run_native(active: &Active<'_>, context: &Context<'_>) -> Findings {
    let Check::Code(check) = &active.rule.check else { return Findings::default() };
    let run = || {
        let mut sink = active.sink();
        check(context, &mut sink);
        Findings { diagnostics: sink.diagnostics, skipped: sink.skipped, failed: false }
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| failure(&active.rule.meta.id, None, context.files))
}

/// What is left of a rule that panicked. Its other findings are lost, and the run says so.
fn failure(rule: &RuleId, item: Option<&Item<'_>>, files: &Files) -> Findings {
    let about = item.map_or_else(|| Subject::new(SubjectKind::File, rule.as_str()), Item::subject);
    let why = format!("the rule `{rule}` failed: this is a defect of feedgate");
    let skipped =
        Skipped { what: rule.to_string(), subject: about.to_string(), why: why.clone(), span: item.and_then(Item::span) };
    let first = (!files.is_empty()).then(|| Span::start_of(FileId::from_index(0)));
    let diagnostic = item.and_then(Item::span).or(first).map(|primary| Diagnostic {
        rule: RuleId::new(INTERNAL_ERROR),
        severity: Severity::Error,
        message: why,
        primary,
        label: None,
        related: Vec::new(),
        help: Some(format!("please report it; until then `rules: {{ {rule}: off }}` in feedgate.yaml leaves the rule out")),
        fix: None,
        subject: about,
        detail: rule.to_string(),
        is_new: None,
    });
    Findings { diagnostics: diagnostic.into_iter().collect(), skipped: vec![skipped], failed: true }
}

/// A rule with an expression, ready to judge.
struct Judge<'a> {
    active: &'a Active<'a>,
    compiled: &'a Compiled,
}

impl<'a> Judge<'a> {
    fn new(active: &'a Active<'a>) -> Option<Judge<'a>> {
        let Check::Expr(requirement) = &active.rule.check else { return None };
        // Pages of ours compile, the tests see to it; pages of users that do not were refused when they were read.
        let compiled = requirement.compiled(&active.rule.meta).ok()?;
        Some(Judge { active, compiled })
    }

    /// A rule on a policy that nobody set has nothing to judge, nor anything to say of what it could not judge.
    fn has_its_policy(&self, config: &Config) -> bool {
        let mut policies = self
            .compiled
            .expression
            .reads()
            .iter()
            .filter_map(|name| match name {
                Name::Policy(name) => Some(*name),
                Name::Fact(_) | Name::Option(_) => None,
            })
            .peekable();
        policies.peek().is_none() || policies.any(|name| is_set(config, name))
    }

    fn judge<'i>(
        &self,
        item: &'i Item<'i>,
        readings: &'i [(&'static str, Reading<'i>)],
        context: &Context<'_>,
        into: &mut Findings,
    ) {
        let meta = &self.active.rule.meta;
        let scope = Scope::new(meta.each, readings, context.config, &self.active.options);
        let unknown = self.compiled.expression.facts().find_map(|name| match scope.fact(name).map(|reading| &reading.value) {
            Some(FactValue::Unknown(why)) => Some(*why),
            _ => None,
        });
        let not_checked =
            |why: String, span| Skipped { what: meta.id.to_string(), subject: item.subject().to_string(), why, span };
        if let Some(why) = unknown {
            into.skipped.push(not_checked(why.text.to_string(), why.span.or(item.span())));
            return;
        }
        match catch_unwind(AssertUnwindSafe(|| self.compiled.expression.evaluate(&scope))) {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => match self.compiled.at.and_then(|at| scope.fact(at)?.span).or(item.span()) {
                Some(place) => into.diagnostics.push(self.finding(item, &scope, place)),
                None => into.skipped.push(not_checked("it has no place in the repository".to_owned(), None)),
            },
            Ok(Err(why)) => into.skipped.push(not_checked(why, item.span())),
            Err(_) => into.extend(failure(&meta.id, Some(item), context.files)),
        }
    }

    fn finding(&self, item: &Item<'_>, scope: &Scope<'_>, primary: Span) -> Diagnostic {
        Diagnostic {
            rule: self.active.rule.meta.id.clone(),
            severity: self.active.severity,
            message: self.compiled.message.render(scope),
            primary,
            label: None,
            related: Vec::new(),
            help: self.compiled.help.as_ref().map(|help| help.render(scope)),
            fix: None,
            subject: item.subject(),
            detail: String::new(),
            is_new: None,
        }
    }
}

/// A finding on a bucket, table, column or query names the feeds that it serves; on what is gone, those that it served.
fn add_feeds(context: &Context<'_>, diagnostics: &mut [Diagnostic]) {
    let head = context.head;
    let kinds: BTreeSet<SubjectKind> = diagnostics.iter().map(|diagnostic| diagnostic.subject.kind).collect();
    let mut serves: BTreeMap<Subject, Vec<FeedId>> = BTreeMap::new();
    for kind in kinds {
        for item in facts::items(head, kind).iter().filter(|item| !item.feeds().is_empty()) {
            serves.insert(item.subject(), item.feeds().to_vec());
        }
        let of_base = context.base.map_or_else(Vec::new, |base| facts::items(base, kind));
        for item in of_base.iter().filter(|item| !item.feeds().is_empty()) {
            let still = item.feeds().iter().filter_map(|id| context.pairs.feeds.head_of(id)).cloned();
            serves.entry(item.subject()).or_insert_with(|| still.collect());
        }
    }
    for diagnostic in diagnostics {
        let feeds = serves.get(&diagnostic.subject).map_or(&[][..], Vec::as_slice);
        let known = feeds.iter().filter_map(|id| head.feeds.get(id)).collect::<Vec<_>>();
        let places = |span: Span| {
            diagnostic.primary.file == span.file || diagnostic.related.iter().any(|label| label.span.file == span.file)
        };
        let new: Vec<_> = known.iter().filter(|feed| !places(feed.span)).collect();
        let more = new.len().saturating_sub(MAX_FEED_LABELS);
        let labels: Vec<Label> = new
            .iter()
            .take(MAX_FEED_LABELS)
            .map(|feed| Label::new(feed.name_span, format!("serves feed `{}`", feed.id)))
            .collect();
        diagnostic.related.extend(labels);
        if let Some(last) = diagnostic.related.last_mut().filter(|_| more > 0) {
            last.text.push_str(&format!(" and {more} more"));
        }
    }
}

impl Findings {
    fn extend(&mut self, more: Findings) {
        self.diagnostics.extend(more.diagnostics);
        self.skipped.extend(more.skipped);
        self.failed |= more.failed;
    }

    /// In the order of places; the same whatever the threads did.
    fn sorted(mut self) -> Findings {
        self.diagnostics
            .sort_by(|a, b| (a.primary, &a.rule, &a.message, &a.detail).cmp(&(b.primary, &b.rule, &b.message, &b.detail)));
        self.skipped.sort();
        // A rule that fails on every subject fails once.
        let mut failed = BTreeSet::new();
        self.diagnostics
            .retain(|diagnostic| diagnostic.rule.as_str() != INTERNAL_ERROR || failed.insert(diagnostic.detail.clone()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::model::{Known, Why};
    use crate::rules::testing::{feed, known, model, run_user_rules, shown};

    fn page(front: &str) -> String {
        format!("---\nseverity: warning\neach: feed\n{front}\n---\n# A rule of the house\n")
    }

    fn judged(front: &str, head: &Model) -> String {
        shown(&run_user_rules(&[(".feedgate/rules/feed/x.md", &page(front))], head, &Config::default()))
    }

    #[test]
    fn an_expression_that_does_not_hold_is_a_finding() {
        let mut owned = feed("quotes");
        owned.owner = known("desk@example.com".to_owned());
        let front = "require: feed.owner != null\nmessage: feed `{feed.name}` has no owner";
        assert_eq!(judged(front, &model([feed("trades"), owned])), "x: feed `trades` has no owner");
    }

    #[test]
    fn an_unknown_fact_is_neither_a_finding_nor_clean() {
        let mut hidden = feed("trades");
        hidden.owner = Known::Unknown(Why::new("`var.owner` has no value", None));
        let front = "require: feed.owner != null\nmessage: no owner";
        assert_eq!(judged(front, &model([hidden])), "not checked: x feed trades: `var.owner` has no value");
    }

    #[test]
    fn a_wrong_page_is_a_finding_on_the_page() {
        let head = model([feed("trades")]);
        let wrong = |front: &str| judged(front, &head);
        assert_eq!(wrong("require: feed.onwer != null\nmessage: x"), "invalid-rule: there is no `feed.onwer`");
        assert_eq!(
            wrong("require: feed.rows > 3\nmessage: x"),
            "invalid-rule: the expression does not say true or false: `>` does not take null_type and int, with null for `feed.rows`"
        );
        assert_eq!(
            wrong("require: feed.owner\nmessage: x"),
            "invalid-rule: the expression does not say true or false: it gives a value of type `string`, not true or false, with every fact there"
        );
        assert_eq!(wrong("require: feed.owner != null\nmessage: x {feed.ownr}"), "invalid-rule: there is no `feed.ownr`");
        assert_eq!(
            wrong("require: feed.owner != null\nmesage: x"),
            "invalid-rule: `message` is missing\ninvalid-rule: unknown key `mesage`"
        );
    }

    #[test]
    fn the_configuration_names_rules_that_there_are() {
        let mut config = Config::default();
        let span = crate::rules::testing::span(0..0);
        config.rules.insert(RuleId::new("mising-owner"), crate::text::Spanned::new(RuleConfig::default(), span));
        let found = shown(&run_user_rules(&[("feedgate.yaml", "")], &Model::default(), &config));
        assert_eq!(found, "invalid-config: there is no rule `mising-owner`");
    }

    #[test]
    fn a_rule_that_is_off_by_default_runs_where_it_is_turned_on() {
        let files = crate::model::testing::files(&[(
            ".feedgate/rules/feed/x.md",
            &page("default: off\nrequire: feed.owner != null\nmessage: no owner"),
        )]);
        let catalogue = Catalogue::embedded().with_user_rules(&files, crate::text::Side::Head);
        let runs = |config: &Config, only: &[RuleId]| Plan::new(&catalogue, config, only, None).get("x").is_some();
        let mut config = Config::default();
        assert!(!runs(&config, &[]));
        assert!(runs(&config, &[RuleId::new("x")]));
        let level = Some(crate::text::Spanned::new(Level::OfPage, crate::rules::testing::span(0..0)));
        let on = RuleConfig { level, ..RuleConfig::default() };
        config.rules.insert(RuleId::new("x"), crate::text::Spanned::new(on, crate::rules::testing::span(0..0)));
        assert!(runs(&config, &[]));
    }

    #[test]
    fn policy_and_facts_of_unlike_number_types_compare() {
        let mut short = feed("trades");
        short.retention_days = known(30);
        let mut config = Config::default();
        let text = page(
            "require: policy.retention_days == null || feed.retention_days == null || feed.retention_days >= policy.retention_days\nmessage: kept {feed.retention_days} of {policy.retention_days} days",
        );
        let run = |config: &Config, head: &Model| shown(&run_user_rules(&[(".feedgate/rules/feed/x.md", &text)], head, config));
        let head = model([short]);
        assert_eq!(run(&config, &head), "");
        config.policy.retention_days = Some(crate::text::Spanned::new(180, crate::rules::testing::span(0..0)));
        assert_eq!(run(&config, &head), "x: kept 30 of 180 days");
    }
}
