//! The instances that blocks make: modules of the repository through the calls that lead to them, and resources through
//! `for_each` and `count`. Each knows the entry that made it. What cannot be counted is one instance whose key is not known.

use super::Resource;
use super::evaluate::{Binding, Content, Evaluated, Evaluator, Member, pairs};
use super::index::Called;
use super::variables::Chosen;
use crate::model::{Skipped, Why};
use crate::syntax::{Document, NodeId};
use crate::text::{FileId, Span};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Modules call modules this deep; a circle ends here.
const MAX_MODULE_DEPTH: usize = 16;

/// So many modules are called in one repository.
const MAX_MODULES: usize = 20_000;

/// So many instances are made of one repository.
const MAX_INSTANCES: usize = 200_000;

/// What tells an instance apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub text: Arc<str>,
    is_number: bool,
    /// The places of the entry's key and of its value.
    pub entry: Option<(Span, Span)>,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_number { write!(f, "[{}]", self.text) } else { write!(f, "[\"{}\"]", self.text) }
    }
}

impl Key {
    /// A key that a plan says; where its entry is written is not known.
    pub(super) fn planned(text: &str, is_number: bool) -> Key {
        Key { text: text.into(), is_number, entry: None }
    }

    /// The place, if it lies in the entry.
    pub(super) fn place_of(&self, span: Span) -> Option<Span> {
        let (key, value) = self.entry?;
        [key, value].iter().any(|part| part.file == span.file && part.start <= span.start && span.end <= part.end).then_some(span)
    }
}

/// An instance of a module: a folder with the arguments of the call that leads to it.
#[derive(Debug)]
pub(super) struct Module<'a> {
    pub(super) folder: &'a str,
    /// The folder of the root module, from which paths are read.
    pub(super) root: &'a str,
    /// `module.feed["orders"]`; empty for a root module.
    pub(super) address: Arc<str>,
    /// Tells modules apart.
    pub(super) number: usize,
    pub(super) call: Option<Call<'a>>,
    depth: usize,
}

/// How a module is called.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) caller: Arc<Module<'a>>,
    pub(super) document: &'a Document,
    pub(super) body: NodeId,
    pub(super) key: Option<Key>,
    pub(super) binding: Option<Arc<Binding>>,
}

impl Module<'_> {
    /// An address within the module as one within the repository.
    pub(super) fn qualified(&self, address: &str) -> String {
        let folder = if self.root.is_empty() { String::new() } else { format!("{}:", self.root) };
        let path = if self.address.is_empty() { String::new() } else { format!("{}.", self.address) };
        format!("{folder}{path}{address}")
    }

    /// The entry that makes this instance, or one around it.
    pub(super) fn entry(&self) -> Option<&Key> {
        let call = self.call.as_ref()?;
        call.key.as_ref().filter(|key| key.entry.is_some()).or_else(|| call.caller.entry())
    }
}

/// The number of the calling module, the name of the call, and the key of its instance.
type CallId<'a> = (usize, &'a str, Option<Arc<str>>);

/// What evaluation remembers.
pub(super) struct State<'a> {
    pub(super) chosen: Chosen<'a>,
    pub(super) n_steps: Cell<usize>,
    /// Values of variables, locals and outputs, by module, kind and name.
    pub(super) known: RefCell<BTreeMap<(usize, &'static str, &'a str), Evaluated>>,
    /// Files that were decoded, each once.
    pub(super) decoded: RefCell<BTreeMap<FileId, Evaluated>>,
    modules: RefCell<BTreeMap<CallId<'a>, Arc<Module<'a>>>>,
    n_modules: Cell<usize>,
    is_full: Cell<bool>,
}

impl<'a> State<'a> {
    pub(super) fn new(environment: Option<&'a str>, workspace: Option<&'a str>) -> State<'a> {
        State {
            chosen: Chosen::new(environment, workspace),
            n_steps: Cell::new(0),
            known: RefCell::default(),
            decoded: RefCell::default(),
            modules: RefCell::default(),
            n_modules: Cell::new(0),
            is_full: Cell::new(false),
        }
    }

    pub(super) fn skipped(&self) -> Vec<Skipped> {
        let why = format!("it makes more than {MAX_INSTANCES} instances or {MAX_MODULES} modules, and the rest is left out");
        let (what, subject) = ("terraform".to_owned(), "the repository".to_owned());
        self.is_full.get().then_some(Skipped { what, subject, why, span: None }).into_iter().collect()
    }

    fn module(&self, module: Module<'a>) -> Arc<Module<'a>> {
        let number = self.n_modules.get();
        self.n_modules.set(number + 1);
        Arc::new(Module { number, ..module })
    }
}

/// One instance of a block.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) key: Option<Key>,
    pub(super) binding: Option<Arc<Binding>>,
}

impl<'a> Evaluator<'_, 'a> {
    /// The instances of all resources: those of root modules and of the modules that they call. A folder that is only
    /// called in a circle counts as a root.
    pub(super) fn resources(&self) -> Vec<Resource<'a>> {
        let called: BTreeSet<&str> = self.index.calls.values().filter_map(|call| call.folder).collect();
        let mut walk = Walk { evaluator: self, reached: BTreeSet::new(), resources: Vec::new() };
        let (below, roots): (Vec<&'a str>, Vec<&'a str>) =
            self.index.folders.iter().copied().partition(|folder| called.contains(folder));
        for folder in self.in_order(roots) {
            walk.root(folder);
        }
        for folder in below {
            if !walk.reached.contains(folder) {
                walk.root(folder);
            }
        }
        walk.resources
    }

    fn in_order(&self, mut folders: Vec<&'a str>) -> Vec<&'a str> {
        folders.sort_by_key(|folder| self.state.chosen.distance(folder));
        folders
    }

    /// Those of these root modules.
    pub(super) fn resources_of(&self, roots: &BTreeSet<&str>) -> Vec<Resource<'a>> {
        let mut walk = Walk { evaluator: self, reached: BTreeSet::new(), resources: Vec::new() };
        self.index.folders.iter().filter(|folder| roots.contains(*folder)).for_each(|folder| walk.root(folder));
        walk.resources
    }

    /// The modules of the repository, roots and called ones, that hold a value for each variable that they can have: in the
    /// order of their roots.
    pub(super) fn modules(&self) -> Vec<Arc<Module<'a>>> {
        let mut modules: Vec<_> = self.state.modules.borrow().values().cloned().collect();
        modules.sort_by_key(|module| self.state.chosen.distance(module.root));
        modules
    }

    /// What `for_each` or `count` makes of a block.
    pub(super) fn instances(
        &self,
        module: &Arc<Module<'a>>,
        document: &'a Document,
        body: NodeId,
        outer: Option<&Arc<Binding>>,
    ) -> Vec<Instance> {
        let bound = |name: &str, value| Some(Binding::new(name, value, outer.cloned()));
        let single = Instance { key: None, binding: outer.cloned() };
        if let Some(node) = document.get(body, "for_each") {
            let source = self.in_module(module, document, node, outer.map(Arc::as_ref));
            let Some(members) = members(&source) else {
                let why = source.why().cloned().unwrap_or_else(|| Why::new("`for_each` is no map and no set", Some(source.span)));
                return vec![Instance { binding: bound("each", Evaluated::new(Content::Unknown(why), source.span)), ..single }];
            };
            let instance = |member: Member| {
                let entry = Some((member.key_span, member.value.span));
                let key = Some(Key { text: member.key.clone(), is_number: false, entry });
                Instance { key, binding: bound("each", each(member)) }
            };
            return members.into_iter().map(instance).collect();
        }
        let Some(node) = document.get(body, "count") else { return vec![single] };
        let count = self.in_module(module, document, node, outer.map(Arc::as_ref));
        let index = |content| {
            Evaluated::new(Content::Map([Member::new("index", Evaluated::new(content, count.span))].into()), count.span)
        };
        match count.content {
            Content::Number(number) if number >= 0.0 && number <= MAX_INSTANCES as f64 => {
                let indices = (0..MAX_INSTANCES).take_while(|at| (*at as f64) < number);
                let instance = |at: usize| Instance {
                    key: Some(Key { text: at.to_string().into(), is_number: true, entry: None }),
                    binding: bound("count", index(Content::Number(at as f64))),
                };
                indices.map(instance).collect()
            }
            _ => {
                let why = Why::new("`count` is not known", Some(count.span));
                vec![Instance { binding: bound("count", index(Content::Unknown(why))), ..single }]
            }
        }
    }

    /// The instances of a block of this address, those and only those that a plan has, where one covers it.
    pub(super) fn planned(&self, module: &Arc<Module<'a>>, document: &'a Document, body: NodeId, address: &str) -> Vec<Instance> {
        let own = self.instances(module, document, body, None);
        let Some(keys) = self.index.plans.keys(module, &self.state.chosen, address) else { return own };
        let (is_map, is_counted) = (document.get(body, "for_each").is_some(), document.get(body, "count").is_some());
        if !is_map && !is_counted {
            return own;
        }
        let instance = |key: &Key| {
            let is_it = |own: &&Instance| own.key.as_ref().is_some_and(|own| own.text == key.text);
            own.iter().find(is_it).cloned().unwrap_or_else(|| {
                let span = document.span(body);
                let content = if key.is_number {
                    Content::Number(key.text.parse().unwrap_or(0.0))
                } else {
                    Content::Text(key.text.clone())
                };
                let (name, own) = if is_map { ("each", "key") } else { ("count", "index") };
                let mut members = vec![Member::new(own, Evaluated::new(content, span))];
                if is_map {
                    let why = "what `for_each` gives it is known only to the plan";
                    members.push(Member::new("value", Evaluated::unknown(why, span)));
                }
                let value = Evaluated::new(Content::Map(members.into()), span);
                Instance { key: Some(key.clone()), binding: Some(Binding::new(name, value, None)) }
            })
        };
        keys.iter().map(instance).collect()
    }

    /// What a `dynamic` block binds to its iterator, once for each block that it makes.
    pub(super) fn dynamic(&self, resource: &Resource<'a>, made: NodeId, iterator: &str) -> Result<Vec<Arc<Binding>>, Why> {
        let document = resource.document;
        let node = document.get(made, "for_each").ok_or_else(|| Why::new("it has no `for_each`", Some(document.span(made))))?;
        let source = self.of_resource(resource, node);
        if let Some(why) = source.why() {
            return Err(why.clone());
        }
        let bind = |(key, value): (Evaluated, Evaluated)| {
            let span = value.span;
            let value = Content::Map([Member::new("key", key), Member::new("value", value)].into());
            Binding::new(iterator, Evaluated::new(value, span), resource.binding.clone())
        };
        Ok(pairs(&source).into_iter().map(bind).collect())
    }

    /// The module that a call leads to, as the instance of this key.
    pub(super) fn called(
        &self,
        caller: &Arc<Module<'a>>,
        name: &'a str,
        call: &Called<'a>,
        instance: &Instance,
    ) -> Option<Arc<Module<'a>>> {
        let folder = call.folder.filter(|_| caller.depth < MAX_MODULE_DEPTH)?;
        let id = (caller.number, name, instance.key.as_ref().map(|key| key.text.clone()));
        if let Some(module) = self.state.modules.borrow().get(&id) {
            return Some(module.clone());
        }
        if self.state.n_modules.get() >= MAX_MODULES {
            self.state.is_full.set(true);
            return None;
        }
        let key = instance.key.as_ref().map_or_else(String::new, Key::to_string);
        let above = if caller.address.is_empty() { String::new() } else { format!("{}.", caller.address) };
        let module = self.state.module(Module {
            folder,
            root: caller.root,
            address: format!("{above}module.{name}{key}").into(),
            number: 0,
            depth: caller.depth + 1,
            call: Some(Call {
                caller: caller.clone(),
                document: call.document,
                body: call.body,
                key: instance.key.clone(),
                binding: instance.binding.clone(),
            }),
        });
        self.state.modules.borrow_mut().insert(id, module.clone());
        Some(module)
    }
}

/// Goes through modules from their roots down.
struct Walk<'w, 't, 'a> {
    evaluator: &'w Evaluator<'t, 'a>,
    reached: BTreeSet<&'a str>,
    resources: Vec<Resource<'a>>,
}

impl<'a> Walk<'_, '_, 'a> {
    fn root(&mut self, folder: &'a str) {
        let state = self.evaluator.state;
        let module = state.module(Module { folder, root: folder, address: "".into(), number: 0, call: None, depth: 0 });
        state.modules.borrow_mut().insert((usize::MAX, folder, None), module.clone());
        self.module(&module);
    }

    fn module(&mut self, module: &Arc<Module<'a>>) {
        self.reached.insert(module.folder);
        let index = self.evaluator.index;
        let own = (module.folder, "", "")..;
        for ((_, kind, name), declared) in index.resources.range(own).take_while(|((folder, ..), _)| *folder == module.folder) {
            let document = declared.document;
            for Instance { key, binding } in self.evaluator.planned(module, document, declared.body, &format!("{kind}.{name}")) {
                if self.resources.len() >= MAX_INSTANCES {
                    self.evaluator.state.is_full.set(true);
                    return;
                }
                let (span, body, module) = (declared.span, declared.body, module.clone());
                let resource = Resource { document, kind, name, span, body, key, module, binding, planned: None };
                let planned = index.plans.resource(&resource.module, &self.evaluator.state.chosen, &resource.address());
                self.resources.push(Resource { planned, ..resource });
            }
        }
        let own = (module.folder, "")..;
        for ((_, name), call) in index.calls.range(own).take_while(|((folder, _), _)| *folder == module.folder) {
            for instance in self.evaluator.planned(module, call.document, call.body, &format!("module.{name}")) {
                if let Some(called) = self.evaluator.called(module, name, call, &instance) {
                    self.module(&called);
                }
            }
        }
    }
}

/// `each`, with `key` and `value`.
fn each(member: Member) -> Evaluated {
    let span = member.value.span;
    let key = Evaluated::new(Content::Text(member.key), member.key_span);
    Evaluated::new(Content::Map([Member::new("key", key), Member::new("value", member.value)].into()), span)
}

/// The entries of a map, and the items of a set of texts.
fn members(source: &Evaluated) -> Option<Vec<Member>> {
    let item = |item: &Evaluated| Some(Member { key: item.text()?.into(), key_span: item.span, value: item.clone() });
    match &source.content {
        Content::Map(members) => Some(members.to_vec()),
        Content::List(items) => items.iter().map(item).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
