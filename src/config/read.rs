//! From the document of `feedgate.yaml` to [`Config`].

use super::{
    Concern, Config, Demand, Environments, Level, Naming, OptionValue, PathKind, Promise, RuleConfig, RunsOf, TerraformFeeds,
};
use crate::diagnostic::RuleId;
use crate::keys::{self, schedule, units};
use crate::syntax::{Document, Entry, NodeId, Problem, ProblemKind, Value};
use crate::text::{Date, RepoPath, Span, Spanned, nearest};
use std::collections::{BTreeMap, BTreeSet};

impl Config {
    /// Reads a configuration: what is right of it holds, and what is wrong is among its problems.
    pub fn read(document: &Document) -> Config {
        let mut config = Config { file: Some(document.file()), ..Config::default() };
        let Some(root) = document.roots.first().copied().filter(|root| document.value(*root) != Value::Null) else {
            return config;
        };
        config.problems = keys::check(document, root, &keys::config::SHAPE);
        config.problems.extend(second_document(document));
        let reader = Reader { document, root };
        config.project = reader.text("project");
        config.location = reader.text("location");
        config.environments = reader.entries("environments").map(|(name, entry)| (name, entry.key_span)).collect();
        config.prices = reader.entries("prices").filter_map(|(name, entry)| Some((name, reader.price(entry)?))).collect();
        config.rules = reader.entries("rules").map(|(name, entry)| (RuleId::new(name), reader.rule(entry))).collect();
        config.policy.retention_days = reader.policy_days("retention");
        config.policy.replay_days = reader.policy_days("replay");
        config.policy.query_days = reader.policy_days("query_range");
        config.policy.naming = reader.naming();
        config.policy.environments = reader.policy_on_environments();
        config.policy.policy_tags = reader.of_policy("policy_tags");
        config.policy.descriptions = reader.of_policy("descriptions").into_iter().map(|dataset| dataset.value).collect();
        config.policy.labels = reader.of_policy("labels");
        config.policy.demands = Demand::ALL.into_iter().filter_map(|demand| Some((demand, reader.demanded(demand)?))).collect();
        config.breaking = reader.text("breaking").and_then(|text| Promise::from_name(&text.value)).unwrap_or_default();
        reader.paths(&mut config);
        config.terraform_feeds = reader.terraform_feeds();
        config.runs = reader.runs();
        config.baseline = reader.file("baseline");
        config.holidays = reader.entries("holidays").map(|(name, entry)| (name, reader.days(entry).into())).collect();
        let unknown = config.unknown_environments();
        config.problems.extend(unknown);
        config
    }

    /// Environments that a rule names and `environments:` does not, once it names any.
    fn unknown_environments(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.environments.is_empty() {
            return problems;
        }
        for (rule, config) in &self.rules {
            for (name, level) in &config.value.environments {
                if self.environments.contains_key(name) {
                    continue;
                }
                let meant = nearest(name, self.environments.keys().map(String::as_str));
                let help = meant.map(|meant| format!("did you mean `{meant}`?"));
                let message = format!("`rules.{rule}.environments` names `{name}`, which `environments` does not");
                problems.push(problem(level.span, message, help));
            }
        }
        problems
    }
}

fn problem(span: Span, message: String, help: Option<String>) -> Problem {
    Problem { kind: ProblemKind::Shape, span, message, help, related: None }
}

fn second_document(document: &Document) -> Option<Problem> {
    let second = document.roots.get(1)?;
    let help = Some("put everything into one document".to_owned());
    Some(problem(document.span(*second), "only the first document of `feedgate.yaml` is read".to_owned(), help))
}

struct Reader<'a> {
    document: &'a Document,
    root: NodeId,
}

impl Reader<'_> {
    fn text(&self, key: &str) -> Option<Spanned<String>> {
        self.spanned_text(self.document.get(self.root, key)?)
    }

    fn spanned_text(&self, node: NodeId) -> Option<Spanned<String>> {
        Some(Spanned::new(self.document.str(node)?.to_owned(), self.document.span(node)))
    }

    /// A path below the root; what is none, the check of keys has said.
    fn file(&self, key: &str) -> Option<Spanned<RepoPath>> {
        let text = self.text(key)?;
        Some(Spanned::new(RepoPath::new(&text.value)?, text.span))
    }

    /// The members of a map under a key of the root: each name once, its first entry.
    fn entries(&self, key: &str) -> impl Iterator<Item = (String, Entry)> {
        self.document.get(self.root, key).into_iter().flat_map(|map| self.members(map))
    }

    fn members(&self, map: NodeId) -> impl Iterator<Item = (String, Entry)> {
        let mut members = BTreeMap::new();
        for entry in self.document.map(map) {
            let name = self.document.key(entry);
            if let Some(first) = self.document.entry(map, name) {
                members.insert(name.to_owned(), *first);
            }
        }
        members.into_iter()
    }

    fn price(&self, entry: Entry) -> Option<Spanned<f64>> {
        let usd = match self.document.value(entry.value) {
            // Prices are small: no bit is lost.
            Value::Int(usd) => usd as f64,
            Value::Float(usd) => usd,
            _ => return None,
        };
        (usd >= 0.0 && usd.is_finite()).then(|| Spanned::new(usd, self.document.span(entry.value)))
    }

    /// In the order of the file.
    fn runs(&self) -> Vec<RunsOf> {
        let entries = self.document.get(self.root, "runs").map_or(&[][..], |map| self.document.map(map));
        let read = entries.iter().filter_map(|entry| {
            let text = self.spanned_text(entry.value)?;
            let per_month = schedule::rate_or_schedule(&text.value).ok()?;
            let glob = Spanned::new(self.document.key(entry).to_owned(), entry.key_span);
            Some(RunsOf::new(glob, text, per_month))
        });
        read.collect()
    }

    fn terraform_feeds(&self) -> TerraformFeeds {
        let feeds = self.document.get(self.root, "terraform").and_then(|map| self.document.get(map, "feeds"));
        let Some(feeds) = feeds else { return TerraformFeeds::default() };
        let attributes = self.document.get(feeds, "attributes").into_iter().flat_map(|map| self.members(map));
        TerraformFeeds {
            variable: self.document.get(feeds, "variable").and_then(|node| self.spanned_text(node)),
            guess: self.document.get(feeds, "guess").is_none_or(|node| self.document.value(node) != Value::Bool(false)),
            attributes: attributes.filter_map(|(name, entry)| Some((name, self.spanned_text(entry.value)?))).collect(),
        }
    }

    fn policy_days(&self, name: &str) -> Option<Spanned<u32>> {
        let policy = self.document.get(self.root, "policy")?;
        let node = self.document.get(policy, name)?;
        let days = units::days(self.document.str(node)?).ok()?;
        Some(Spanned::new(days, self.document.span(node)))
    }

    /// Where the policy says `true`.
    fn demanded(&self, demand: Demand) -> Option<Span> {
        let node = self.document.get(self.document.get(self.root, "policy")?, demand.name())?;
        (self.document.value(node) == Value::Bool(true)).then(|| self.document.span(node))
    }

    fn of_policy(&self, key: &str) -> Vec<Spanned<String>> {
        let list = self.document.get(self.root, "policy").and_then(|policy| self.document.get(policy, key));
        let items = list.map_or(&[][..], |list| self.document.sequence(list));
        items.iter().filter_map(|item| self.spanned_text(*item)).collect()
    }

    fn policy_on_environments(&self) -> Environments {
        let policy = self.document.get(self.root, "policy");
        let map = policy.and_then(|policy| self.document.get(policy, "environments"));
        let concerns = |key| {
            let list = map.and_then(|map| self.document.get(map, key)).map_or(&[][..], |list| self.document.sequence(list));
            list.iter().filter_map(|name| Concern::from_name(self.document.str(*name)?)).collect()
        };
        Environments { may_differ: concerns("may_differ"), must_agree: concerns("must_agree") }
    }

    fn naming(&self) -> Naming {
        let policy = self.document.get(self.root, "policy");
        let Some(map) = policy.and_then(|policy| self.document.get(policy, "naming")) else { return Naming::default() };
        let text = |key| self.spanned_text(self.document.get(map, key)?);
        let layers = self.document.get(map, "layers").map_or(&[][..], |list| self.document.sequence(list));
        Naming {
            feed: text("feed"),
            file: text("file"),
            bucket: text("bucket"),
            dataset: text("dataset"),
            table: text("table"),
            layers: layers.iter().filter_map(|layer| self.document.str(*layer)).map(str::to_owned).collect(),
        }
    }

    fn days(&self, entry: Entry) -> BTreeSet<Date> {
        self.document.sequence(entry.value).iter().filter_map(|day| Date::parse(self.document.str(*day)?)).collect()
    }

    fn paths(&self, config: &mut Config) {
        let Some(paths) = self.document.get(self.root, "paths") else { return };
        for kind in PathKind::ALL {
            let Some(list) = self.document.get(paths, kind.name()) else { continue };
            let globs = self.document.sequence(list).iter().filter_map(|glob| self.spanned_text(*glob));
            config.paths.set(kind, globs.collect());
        }
    }

    fn rule(&self, entry: Entry) -> Spanned<RuleConfig> {
        let map = entry.value;
        let level = self.level(map).or_else(|| self.level(self.document.get(map, "level")?));
        let environments = self.document.get(map, "environments").into_iter().flat_map(|map| self.members(map));
        let options = self.document.get(map, "options").into_iter().flat_map(|map| self.members(map));
        let config = RuleConfig {
            level,
            environments: environments.filter_map(|(name, entry)| Some((name, self.level(entry.value)?))).collect(),
            options: options.filter_map(|(name, entry)| Some((name, self.option(entry.value)?))).collect(),
        };
        Spanned::new(config, entry.key_span)
    }

    fn level(&self, node: NodeId) -> Option<Spanned<Level>> {
        let level = Level::from_name(self.document.str(node)?)?;
        Some(Spanned::new(level, self.document.span(node)))
    }

    fn option(&self, node: NodeId) -> Option<Spanned<OptionValue>> {
        let value = match self.document.value(node) {
            Value::Bool(value) => OptionValue::Bool(value),
            Value::Int(value) => OptionValue::Int(value),
            Value::String(text) => OptionValue::Text(self.document.text(text).to_owned()),
            Value::Sequence(items) => {
                let texts = self.document.items(items).iter().map(|item| self.document.str(*item).map(str::to_owned));
                OptionValue::List(texts.collect::<Option<_>>()?)
            }
            Value::Null | Value::Float(_) | Value::Number(_) | Value::Map(_) | Value::Expression { .. } => return None,
        };
        Some(Spanned::new(value, self.document.span(node)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Concern, Config, Level, OptionValue, PathKind, RuleId};
    use crate::diagnostic::Severity;
    use crate::keys::config::CONCERNS;
    use crate::syntax::yaml;
    use crate::text::{FileId, RepoPath};
    use std::sync::Arc;

    fn read(text: &str) -> Config {
        let source: Arc<str> = text.into();
        let parsed = yaml::parse(FileId::from_index(0), &source);
        assert_eq!(parsed.problems.iter().filter(|problem| problem.message.is_empty()).count(), 0);
        Config::read(&parsed.document)
    }

    /// Each problem as `place: message | help`, where the place is the text that is pointed at.
    fn problems(text: &str) -> Vec<String> {
        let problems = read(text).problems;
        let line = |problem: &crate::syntax::Problem| {
            let help = problem.help.as_deref().map(|help| format!(" | {help}")).unwrap_or_default();
            format!("{}: {}{help}", &text[problem.span.range()], problem.message)
        };
        problems.iter().map(line).collect()
    }

    const FULL: &str = "\
version: 1
project: acme-prod
location: EU
paths: { feeds: [feeds/**], exclude: [vendor/**] }
policy:
  retention: 180 days
rules:
  missing-owner: off
  select-star: { level: error, environments: { dev: note }, options: { allow_limit: true, max: 3, except: [a, b] } }
environments: { dev: {}, uat: {}, prod: {} }
prices: { EU: 6.25, US: 5 }
";

    #[test]
    fn every_value_is_read_with_its_place() {
        let config = read(FULL);
        assert_eq!(config.problems, []);
        let retention = config.policy.retention_days.expect("said");
        assert_eq!((retention.value, &FULL[retention.span.range()]), (180, "180 days"));
        assert_eq!(config.location.as_ref().map(|location| location.value.as_str()), Some("EU"));
        assert_eq!(config.project.as_ref().map(|project| project.value.as_str()), Some("acme-prod"));
        assert_eq!(config.prices.get("US").map(|price| price.value), Some(5.0));
        assert_eq!(config.environments.keys().map(String::as_str).collect::<Vec<_>>(), ["dev", "prod", "uat"]);
        let path = RepoPath::new("feeds/eu/trades.yaml").expect("a plain path");
        assert!(config.paths.matches(PathKind::Feeds, &path));
        assert!(!config.paths.is_configured(PathKind::Sql));
    }

    #[test]
    fn what_a_broken_configuration_does_not_reach_is_not_called_missing() {
        assert_eq!(problems("version: 1\npolicy:\n  retention: \"180 days\nrules:\n  a-rule: \"error\"\n"), Vec::<String>::new());
    }

    #[test]
    fn what_is_compared_between_environments_has_the_names_of_the_schema() {
        let config = read("policy: { environments: { may_differ: [location, presence], must_agree: [] } }");
        assert_eq!(config.policy.environments.may_differ, [Concern::Location, Concern::Presence].into());
        assert_eq!(CONCERNS.map(|name| Concern::from_name(name).map(Concern::name)), CONCERNS.map(Some));
    }

    #[test]
    fn a_rule_has_a_level_for_all_environments_and_for_single_ones() {
        let config = read(FULL);
        let off = &config.rules.get(&RuleId::new("missing-owner")).expect("configured").value;
        assert_eq!(off.level_in(Some("dev")).map(|level| level.value), Some(Level::Off));
        let star = config.rules.get(&RuleId::new("select-star")).expect("configured");
        assert_eq!(&FULL[star.span.range()], "select-star");
        assert_eq!(star.value.level_in(Some("dev")).map(|level| level.value), Some(Level::On(Severity::Note)));
        assert_eq!(star.value.level_in(Some("prod")).map(|level| level.value), Some(Level::On(Severity::Error)));
        assert_eq!(star.value.options.get("max").map(|option| &option.value), Some(&OptionValue::Int(3)));
        let list = OptionValue::List(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(star.value.options.get("except").map(|option| &option.value), Some(&list));
    }

    #[test]
    fn a_mistake_is_said_at_its_place_and_the_rest_holds() {
        let cases = [
            ("polcy: {}", "polcy: unknown key `polcy` | did you mean `policy`?"),
            (
                "policy: { retention: 180 }",
                "180: `policy.retention` has no unit: `180` of what? | write `180 days`, `180 hours`, `180 minutes` or `180 seconds`",
            ),
            ("policy: { retention: 36 hours }", "36 hours: `policy.retention` must be whole days, and `36 hours` is not"),
            (
                "rules: { a-rule: warn }",
                "warn: `rules.a-rule` must be `off`, `on`, `note`, `warning` or `error`, not `warn` | did you mean `warning`?",
            ),
            ("rules: { a-rule: { levle: off } }", "levle: unknown key `rules.a-rule.levle` | did you mean `level`?"),
            (
                "rules: { a-rule: 3 }",
                "3: `rules.a-rule` must be `off`, `on`, `note`, `warning` or `error` or a map, not an integer",
            ),
            ("paths: { feeds: feeds/** }", "feeds/**: `paths.feeds` must be a list, not a string | put a `- ` before each item"),
            (
                "paths: { sql: [../x] }",
                "../x: `paths.sql[]` leaves the repository: `../x` | globs are relative to the root of the repository",
            ),
            ("prices: { EU: -1 }", "-1: `prices.EU` must be a number that is not negative, not an integer"),
            ("version: 2", "2: `version` must be at most 1, not `2`"),
            ("location:", "location: `location` has no value"),
            ("[]", "[]: the document must be a map, not a list"),
            (
                "environments: { dev: {} }\nrules: { a-rule: { environments: { dve: off } } }",
                "off: `rules.a-rule.environments` names `dve`, which `environments` does not | did you mean `dev`?",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(problems(text), [expected]);
        }
        assert_eq!(read("polcy: {}\nlocation: EU").location.map(|location| location.value).as_deref(), Some("EU"));
    }

    #[test]
    fn an_empty_file_says_nothing_and_is_right() {
        for text in ["", "# only a remark\n", "---\n"] {
            assert_eq!(problems(text), Vec::<String>::new(), "{text:?}");
        }
    }
}
