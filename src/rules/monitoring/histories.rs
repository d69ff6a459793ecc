//! Each history of jobs that a statement reads by itself: two of one statement are judged apart.

use super::money::Money;
use super::reckonings;
use crate::model::Query;
use crate::rules::Context;
use crate::sql::reckoning::{Key, Named, Reckoning, Source, SourceKind, Sum, Test};
use std::collections::BTreeSet;

/// A history of jobs in the text of a statement, and what the statement makes of it.
pub(super) struct History<'a> {
    pub(super) query: &'a Query,
    pub(super) source: &'a Source,
    reckoning: &'a Reckoning,
    /// Its place among the sources.
    at: usize,
    /// Those whose rows are the same jobs, itself among them: what is asked of one is asked of all.
    same: BTreeSet<usize>,
}

/// All of the head.
pub(super) fn histories<'a>(context: &Context<'a>) -> impl Iterator<Item = History<'a>> {
    reckonings(context).flat_map(|(query, reckoning)| {
        let groups = groups(reckoning);
        let here = reckoning.sources.iter().enumerate().filter(|(_, source)| is_history(source));
        here.map(move |(at, source)| {
            let group = groups.get(at);
            let same = (0..groups.len()).filter(|other| groups.get(*other) == group).collect();
            History { query, source, reckoning, at, same }
        })
    })
}

fn is_history(source: &Source) -> bool {
    source.kind == SourceKind::Jobs && !source.is_elsewhere
}

/// The number of a group for each source: an equality of their jobs' ids puts two into one.
fn groups(reckoning: &Reckoning) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..reckoning.sources.len()).collect();
    let is_of_ids = |test: &&Test| test.is_equality && test.columns.iter().all(|named| named.column == "job_id");
    for test in reckoning.tests.iter().filter(is_of_ids) {
        let mut of_test = test.columns.iter().filter_map(|named| groups.get(named.source).copied());
        let Some(first) = of_test.next() else { continue };
        let others: BTreeSet<usize> = of_test.collect();
        groups.iter_mut().filter(|group| others.contains(group)).for_each(|group| *group = first);
    }
    groups
}

impl<'a> History<'a> {
    /// What is asked of its jobs.
    pub(super) fn tests(&self) -> impl Iterator<Item = &'a Test> {
        self.reckoning.tests.iter().filter(|test| test.columns.iter().any(|named| self.same.contains(&named.source)))
    }

    pub(super) fn sums(&self) -> impl Iterator<Item = &'a Sum> {
        self.reckoning.sums.iter().filter(|sum| sum.columns.iter().any(|named| self.is_of(named)))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a Key> {
        self.reckoning.keys.iter().filter(|key| key.columns.iter().any(|named| self.is_of(named)))
    }

    /// What its bytes are turned into.
    pub(super) fn moneys(&self) -> impl Iterator<Item = Money<'a>> {
        let all = self.reckoning.products.iter().filter_map(Money::of);
        all.filter(|money| money.bytes.iter().any(|named| self.is_of(named)))
    }

    pub(super) fn is_of(&self, named: &Named) -> bool {
        named.source == self.at
    }
}
