//! The catalogue: every page under `rules/`, embedded in the binary, and the pages that a repository brings along
//! under `.feedgate/rules/`. Pages are read with their places; a page that is wrong is a problem, never a failure.

use super::page::{Origin, problem, read_page};
use super::{Check, Rule};
use crate::syntax::Problem;
use crate::text::{FileId, Files, Side, Span, nearest};
use std::sync::{Arc, OnceLock};

/// Where a repository keeps its own rules.
pub const USER_RULES: &str = ".feedgate/rules/";

/// Family, id and text of every page of ours.
pub(crate) const PAGES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// All rules there are for a run.
#[derive(Clone)]
pub struct Catalogue {
    /// Sorted by id.
    rules: Vec<Arc<Rule>>,
    /// What is wrong with pages of the repository; pages of ours are held right by the tests.
    pub problems: Vec<Problem>,
}

impl Catalogue {
    /// The rules that come with the binary. Read once; expressions are compiled when they are first needed.
    pub fn embedded() -> Catalogue {
        static EMBEDDED: OnceLock<Vec<Arc<Rule>>> = OnceLock::new();
        let read = || {
            let page = |(family, id, text): &(&str, &str, &str)| {
                let read = read_page(FileId::from_index(0), family, id, &Arc::from(*text), Origin::Ours);
                read.rule.map(Arc::new)
            };
            sorted(PAGES.iter().filter_map(page).collect())
        };
        Catalogue { rules: EMBEDDED.get_or_init(read).clone(), problems: Vec::new() }
    }

    /// Adds the rules that a revision keeps under `.feedgate/rules/<family>/<id>.md`.
    pub fn with_user_rules(mut self, files: &Files, side: Side) -> Catalogue {
        for (file, source) in files.of(side) {
            let below = source.path.as_str().strip_prefix(USER_RULES);
            let Some(name) = below.and_then(|below| below.strip_suffix(".md")) else { continue };
            match name.split_once('/').filter(|(_, id)| !id.contains('/')) {
                Some((family, id)) => self.add(file, family, id, &source.text),
                None => {
                    let help = format!("lay it at `{USER_RULES}<family>/<id>.md`");
                    self.problems.push(problem(Span::start_of(file), "a rule lies in the folder of its family", Some(help)));
                }
            }
        }
        self.rules = sorted(self.rules);
        self
    }

    fn add(&mut self, file: FileId, family: &str, id: &str, text: &Arc<str>) {
        let mut page = read_page(file, family, id, text, Origin::User);
        if let Some(Rule { meta, check: Check::Expr(requirement) }) = &page.rule {
            page.problems.extend(requirement.problems(meta));
        }
        if self.rules.iter().any(|rule| rule.meta.id.as_str() == id) {
            let help = "rule ids are unique over all families".to_owned();
            page.problems.push(problem(Span::start_of(file), format!("there is a rule `{id}` already"), Some(help)));
        }
        if page.problems.is_empty() {
            self.rules.extend(page.rule.map(Arc::new));
        }
        self.problems.extend(page.problems);
    }

    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|rule| &**rule)
    }

    pub fn get(&self, id: &str) -> Option<&Rule> {
        let found = self.rules.binary_search_by(|rule| rule.meta.id.as_str().cmp(id)).ok()?;
        self.rules.get(found).map(|rule| &**rule)
    }

    /// The id that was probably meant.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.rules().map(|rule| rule.meta.id.as_str()))
    }
}

fn sorted(mut rules: Vec<Arc<Rule>>) -> Vec<Arc<Rule>> {
    rules.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    rules
}
