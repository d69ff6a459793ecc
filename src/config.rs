//! `feedgate.yaml`: where things lie, the policy, severities and options. Every value keeps its span.
//! Nothing here is required: without a file every value is its default. Whether a rule of that name exists is
//! judged where the catalogue is known.

mod paths;
mod read;
mod runs;

pub use paths::{PathKind, Paths};
pub use runs::RunsOf;

use crate::diagnostic::{RuleId, Severity};
use crate::syntax::Problem;
use crate::text::{Date, FileId, RepoPath, Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where the baseline lies when nothing says it.
const BASELINE: &str = ".feedgate/baseline.json";

/// The configuration of one repository.
#[derive(Debug, Default, Clone)]
pub struct Config {
    /// `feedgate.yaml`, when there is one.
    pub file: Option<FileId>,
    pub paths: Paths,
    pub policy: Policy,
    /// What a change may not break.
    pub breaking: Promise,
    /// By rule; each with the place of its name.
    pub rules: BTreeMap<RuleId, Spanned<RuleConfig>>,
    pub environments: BTreeMap<String, Span>,
    /// The BigQuery location of prices where nothing says in which one tables lie, `US` without one.
    pub location: Option<Spanned<String>>,
    /// The project that unqualified table names belong to.
    pub project: Option<Spanned<String>>,
    /// How often queries run of which nothing else says it; the first that takes a query holds.
    pub runs: Vec<RunsOf>,
    /// Which map of Terraform holds feeds.
    pub terraform_feeds: TerraformFeeds,
    /// USD per TiB by location, over our own table.
    pub prices: BTreeMap<String, Spanned<f64>>,
    /// Where the baseline lies, from the root, over the place where it lies without a word.
    pub baseline: Option<Spanned<RepoPath>>,
    /// Days without deliveries, by the name of their list.
    pub holidays: BTreeMap<String, Arc<BTreeSet<Date>>>,
    pub problems: Vec<Problem>,
}

impl Config {
    /// Where findings lie that were there before feedgate was.
    pub fn baseline_path(&self) -> RepoPath {
        let default = || RepoPath::new(BASELINE).expect("the place is plain");
        self.baseline.as_ref().map_or_else(default, |path| path.value.clone())
    }

    /// The same with what another revision says of prices and runs: things are found and judged alike, and reckoned apart.
    pub fn with_prices_of(&self, base: Config) -> Config {
        let Config { file, location, runs, prices, .. } = base;
        Config { file, location, runs, prices, ..self.clone() }
    }
}

/// What is promised to those who deliver and read; each promise holds those before it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Queries on the tables give what they gave.
    Read,
    /// Files that loaded load.
    Load,
    /// Files that the schema accepted are accepted.
    #[default]
    File,
}

impl Promise {
    pub fn from_name(name: &str) -> Option<Promise> {
        [("read", Promise::Read), ("load", Promise::Load), ("file", Promise::File)]
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, promise)| promise)
    }
}

/// What the organisation demands of its feeds.
#[derive(Debug, Default, Clone)]
pub struct Policy {
    /// How long delivered files must be kept at least, in days.
    pub retention_days: Option<Spanned<u32>>,
    /// Files of so many days must be there to be loaded again, and the table must take them.
    pub replay_days: Option<Spanned<u32>>,
    /// A query reads at most so many days of a partitioned table.
    pub query_days: Option<Spanned<u32>>,
    /// The classifications of fields whose columns must carry a policy tag.
    pub policy_tags: Vec<Spanned<String>>,
    /// The datasets whose columns must have descriptions; `*` is each.
    pub descriptions: Vec<String>,
    pub naming: Naming,
    pub environments: Environments,
    /// The labels that everything must have whose cost they attribute.
    pub labels: Vec<Spanned<String>>,
    /// What else is demanded, and where that is said.
    pub demands: BTreeMap<Demand, Span>,
}

/// What a policy demands by `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Demand {
    UniformAccess,
    PublicAccessPrevention,
    BillingExport,
    QueryQuota,
    BytesBilledCap,
    FeedsOnly,
}

impl Demand {
    pub const ALL: [Demand; 6] = [
        Demand::UniformAccess,
        Demand::PublicAccessPrevention,
        Demand::BillingExport,
        Demand::QueryQuota,
        Demand::BytesBilledCap,
        Demand::FeedsOnly,
    ];

    /// Its key below `policy`.
    pub fn name(self) -> &'static str {
        match self {
            Demand::UniformAccess => "uniform_access",
            Demand::PublicAccessPrevention => "public_access_prevention",
            Demand::BillingExport => "billing_export",
            Demand::QueryQuota => "query_quota",
            Demand::BytesBilledCap => "bytes_billed_cap",
            Demand::FeedsOnly => "feeds_only",
        }
    }
}

/// Which differences between environments are meant, and which are not.
#[derive(Debug, Default, Clone)]
pub struct Environments {
    pub may_differ: BTreeSet<Concern>,
    pub must_agree: BTreeSet<Concern>,
}

/// What is compared between environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    Location,
    Retention,
    Expiration,
    Protection,
    /// That a thing is there at all.
    Presence,
}

impl Concern {
    const ALL: [Concern; 5] =
        [Concern::Location, Concern::Retention, Concern::Expiration, Concern::Protection, Concern::Presence];

    pub fn name(self) -> &'static str {
        match self {
            Concern::Location => "location",
            Concern::Retention => "retention",
            Concern::Expiration => "expiration",
            Concern::Protection => "protection",
            Concern::Presence => "presence",
        }
    }

    pub fn from_name(name: &str) -> Option<Concern> {
        Concern::ALL.into_iter().find(|concern| concern.name() == name)
    }
}

/// How things must be named, as templates; nothing is asked of what has none.
#[derive(Debug, Default, Clone)]
pub struct Naming {
    pub feed: Option<Spanned<String>>,
    pub file: Option<Spanned<String>>,
    pub bucket: Option<Spanned<String>>,
    pub dataset: Option<Spanned<String>>,
    pub table: Option<Spanned<String>>,
    /// What `{layer}` may be.
    pub layers: Vec<String>,
}

/// How feeds are found among the variables of Terraform.
#[derive(Debug, Clone)]
pub struct TerraformFeeds {
    /// The variable or local that holds the map; without it, maps that look like feeds are taken for them.
    pub variable: Option<Spanned<String>>,
    /// Whether a map may be taken for feeds by what it looks like.
    pub guess: bool,
    /// What attributes are called: ours to those of the entries, with dots into nested objects.
    pub attributes: BTreeMap<String, Spanned<String>>,
}

impl Default for TerraformFeeds {
    fn default() -> TerraformFeeds {
        TerraformFeeds { variable: None, guess: true, attributes: BTreeMap::new() }
    }
}

/// What is said of one rule.
#[derive(Debug, Default, Clone)]
pub struct RuleConfig {
    pub level: Option<Spanned<Level>>,
    /// Levels that hold only with `--env NAME`.
    pub environments: BTreeMap<String, Spanned<Level>>,
    pub options: BTreeMap<String, Spanned<OptionValue>>,
}

impl RuleConfig {
    /// The level that holds in an environment: its own, else the one for all.
    pub fn level_in(&self, environment: Option<&str>) -> Option<Spanned<Level>> {
        environment.and_then(|name| self.environments.get(name).copied()).or(self.level)
    }
}

/// A severity, or nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Off,
    /// The severity that the page of the rule names.
    OfPage,
    On(Severity),
}

impl Level {
    /// Reads `off`, `on`, `note`, `warning` or `error`.
    pub fn from_name(name: &str) -> Option<Level> {
        match name {
            "off" => Some(Level::Off),
            "on" => Some(Level::OfPage),
            name => Severity::from_name(name).map(Level::On),
        }
    }
}

/// The value of a rule's option, configured or the default of its page.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<String>),
}
