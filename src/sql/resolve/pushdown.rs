//! Where conditions get to: from the columns that they name down to those of base tables, through queries that keep rows
//! as they are, through all references of what `WITH` names, and over the equalities of joins.

use super::graph::{ColumnId, Equality, Filter, Graph, Path, RelationId, ScanId, ScopeId, Source, Wrapped, joined, leaf_name};
use super::hindrance::stray;
use crate::sql::Predicate;
use crate::sql::condition::{Condition, Hindrance, Obstacle, Wrapper};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

type Named = (ColumnId, Path);

/// The conditions under which each base table is read.
pub(super) fn predicates(graph: &Graph) -> BTreeMap<ScanId, Vec<Predicate>> {
    let mut descent = Descent { graph, over: equal_columns(graph), ..Descent::of(graph) };
    for filter in &graph.filters {
        descent.enter(filter);
        descent.run();
    }
    descent.run_carried();
    descent.out
}

/// A condition that has come to a column.
#[derive(Debug, Clone)]
struct Arrival {
    /// Which condition it is.
    id: usize,
    named: Named,
    /// The scope that names the column.
    scope: Option<ScopeId>,
    /// Functions around the column, the innermost first.
    through: Vec<Wrapper>,
    condition: Result<Condition, Hindrance>,
    range: Range<usize>,
    is_direct: bool,
    is_carried: bool,
    /// It holds in all scopes that name the relation.
    holds_everywhere: bool,
}

/// By the column of what `WITH` names, and by the scope that names it: what has come so far.
type Waiting = BTreeMap<Named, BTreeMap<ScopeId, Vec<Arrival>>>;

struct Descent<'a> {
    graph: &'a Graph,
    /// The equalities that a condition on a column reaches, each with the scope that must name the column for it.
    over: BTreeMap<Named, Vec<(Option<ScopeId>, &'a Equality)>>,
    n_conditions: usize,
    work: Vec<Arrival>,
    carried: Vec<Arrival>,
    waiting: BTreeMap<RelationId, Waiting>,
    seen: BTreeSet<(usize, Named)>,
    told: BTreeSet<(ScanId, String, usize, usize, bool)>,
    out: BTreeMap<ScanId, Vec<Predicate>>,
}

impl<'a> Descent<'a> {
    fn of(graph: &'a Graph) -> Descent<'a> {
        Descent {
            graph,
            over: BTreeMap::new(),
            n_conditions: 0,
            work: Vec::new(),
            carried: Vec::new(),
            waiting: BTreeMap::new(),
            seen: BTreeSet::new(),
            told: BTreeSet::new(),
            out: BTreeMap::new(),
        }
    }

    fn enter(&mut self, filter: &Filter) {
        for named in filter.columns.iter().rev() {
            let condition = match &filter.condition {
                Ok((column, condition)) if column == named => Ok(condition.clone()),
                // `USING` made it one with the column that is meant, and carries the condition on.
                Ok((column, _)) if self.makes_equal(column, named) => continue,
                Ok(_) => Err(Hindrance::of(Obstacle::OtherColumn, filter.range.clone())),
                Err(hindrance) => Err(stray(hindrance, &filter.branches, named)),
            };
            self.n_conditions += 1;
            self.work.push(Arrival {
                id: self.n_conditions,
                named: named.clone(),
                scope: Some(filter.scope),
                through: Vec::new(),
                condition,
                range: filter.range.clone(),
                is_direct: filter.is_direct,
                is_carried: false,
                holds_everywhere: false,
            });
        }
    }

    fn makes_equal(&self, first: &Named, second: &Named) -> bool {
        self.over.get(first).into_iter().flatten().any(|(_, equality)| equality.second.named == *second)
    }

    fn run(&mut self) {
        while let Some(arrival) = self.work.pop() {
            if self.seen.insert((arrival.id, arrival.named.clone())) {
                self.carry(&arrival);
                self.descend(arrival);
            }
        }
    }

    /// What is carried comes after what is written, and what `WITH` names after all that names it.
    fn run_carried(&mut self) {
        loop {
            if let Some(arrival) = self.carried.pop() {
                self.work.push(arrival);
            } else if let Some((_, waiting)) = self.waiting.pop_last() {
                waiting.into_iter().for_each(|(named, by_scope)| self.unite(&named, by_scope));
            } else {
                return;
            }
            self.run();
        }
    }

    fn descend(&mut self, arrival: Arrival) {
        let (id, path) = &arrival.named;
        let column = &self.graph.columns[*id];
        let relation = &self.graph.relations[column.relation];
        if let Source::Base(scan) = &column.source {
            return self.tell(*scan, leaf_name(&column.name, path), arrival);
        }
        if !relation.is_transparent {
            return;
        }
        if relation.references > 1 && !arrival.holds_everywhere {
            return self.wait(column.relation, arrival);
        }
        let below = |named: Named| Arrival { named, scope: relation.of, holds_everywhere: false, ..arrival.clone() };
        match &column.source {
            Source::Same(inner, fields) => self.work.push(below((*inner, joined(fields, path)))),
            Source::Branches(columns) => self.work.extend(columns.iter().map(|inner| below((*inner, path.clone())))),
            Source::Computed(_) if path.is_empty() => {
                self.work.extend(column.wraps.clone().map(|wrapped| below((0, Path::new())).within(wrapped)));
            }
            Source::Base(_) | Source::Computed(_) => {}
        }
    }

    fn tell(&mut self, scan: ScanId, column: String, arrival: Arrival) {
        let Arrival { id, through, condition, range, is_carried, is_direct, .. } = arrival;
        // Inside a view all conditions stand at one place, so that they are told apart by number.
        let (start, end) = if is_direct { (range.start, range.end) } else { (id, usize::MAX) };
        let condition = condition.map(|condition| condition.within(&through));
        let told = self.out.entry(scan).or_default();
        let is_known = |one: &Predicate| one.column == column && one.condition == condition;
        let is_new = self.told.insert((scan, column.clone(), start, end, condition.is_ok()));
        if is_new && !(is_carried && told.iter().any(is_known)) {
            told.push(Predicate { column, range, is_constant: condition.is_ok(), condition, is_carried, is_direct });
        }
    }

    /// Only what holds wherever it is named holds of all its rows.
    fn wait(&mut self, relation: RelationId, arrival: Arrival) {
        if let Some(scope) = arrival.scope.filter(|_| arrival.condition.is_ok()) {
            let waiting = self.waiting.entry(relation).or_default().entry(arrival.named.clone()).or_default();
            waiting.entry(scope).or_default().push(arrival);
        }
    }

    /// One condition of those that came from each of the scopes.
    fn unite(&mut self, named: &Named, by_scope: BTreeMap<ScopeId, Vec<Arrival>>) {
        let relation = &self.graph.relations[self.graph.columns[named.0].relation];
        let has_all = relation.named_in.iter().all(|scope| by_scope.contains_key(scope));
        let Some(first) = by_scope.values().flatten().next().cloned() else { return };
        if !has_all || by_scope.len() != relation.references {
            return;
        }
        let is_carried = by_scope.values().any(|arrivals| arrivals.iter().all(|arrival| arrival.is_carried));
        let parts = by_scope.into_values().map(|arrivals| {
            let all = arrivals.into_iter().filter(|arrival| is_carried || !arrival.is_carried);
            Condition::All(all.filter_map(Arrival::into_condition).collect())
        });
        self.n_conditions += 1;
        let condition = Ok(Condition::Any(parts.collect()));
        let id = self.n_conditions;
        self.work.push(Arrival { id, through: Vec::new(), condition, is_carried, holds_everywhere: true, ..first });
    }

    /// A constant that one side of an equality is compared with.
    fn carry(&mut self, arrival: &Arrival) {
        if arrival.condition.is_err() {
            return;
        }
        let references = self.graph.relations[self.graph.columns[arrival.named.0].relation].references;
        let is_clear = |scope: &Option<ScopeId>| references <= 1 || arrival.holds_everywhere || *scope == arrival.scope;
        let reached = self.over.get(&arrival.named).into_iter().flatten().filter(|(scope, _)| is_clear(scope));
        let carried = reached.map(|(_, equality)| {
            let there = Arrival { scope: Some(equality.scope), is_carried: true, holds_everywhere: false, ..arrival.clone() };
            there.within(equality.second.clone())
        });
        self.carried.extend(carried);
    }
}

impl Arrival {
    /// At the column that lies within these functions.
    fn within(self, wrapped: Wrapped) -> Arrival {
        Arrival { named: wrapped.named, through: [wrapped.through, self.through].concat(), ..self }
    }

    fn into_condition(self) -> Option<Condition> {
        self.condition.ok().map(|condition| condition.within(&self.through))
    }
}

/// By each column that is what the first side of an equality shows, under whatever names.
fn equal_columns(graph: &Graph) -> BTreeMap<Named, Vec<(Option<ScopeId>, &Equality)>> {
    let mut over: BTreeMap<Named, Vec<(Option<ScopeId>, &Equality)>> = BTreeMap::new();
    for equality in &graph.equalities {
        let (mut named, mut scope) = (equality.first.clone(), Some(equality.scope));
        while over.get(&named).is_none_or(|known| known.iter().all(|(_, other)| !std::ptr::eq(*other, equality))) {
            over.entry(named.clone()).or_default().push((scope, equality));
            let column = &graph.columns[named.0];
            let Source::Same(inner, fields) = &column.source else { break };
            named = (*inner, joined(fields, &named.1));
            scope = graph.relations[column.relation].of;
        }
    }
    over
}
