//! Terraform as far as it can be read without running it: the instances of its resources, through modules of the
//! repository, `for_each` and `count`, with the values of one environment. What cannot be known is so, with the reason.

mod attributes;
mod backend;
pub mod evaluate;
pub mod feeds;
mod index;
mod instances;
mod moves;
mod order;
mod plan;
mod provider;
mod source;
mod templates;
mod variables;
mod words;

use super::{Known, Skipped, Why};
use crate::syntax::{Document, NodeId, Operator, Value};
use crate::text::{FileId, RepoPath, Span, Spanned};
use evaluate::{Binding, Content, Evaluated, Evaluator};
use index::{Index, named};
use instances::{Module, State};
use plan::{Planned, Plans};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use attributes::meaning;
pub use instances::Key;
pub use moves::Moves;
pub use order::Order;
pub use source::{Loading, Source};
pub use templates::Templates;
pub use words::{Style, style};

/// References are followed this far; a circle ends here.
const MAX_REFERENCES: usize = 16;

/// An instance of a block that stands in a module: a resource, or a block within one. What `for_each`, `count` and `dynamic`
/// give it is bound to it.
#[derive(Debug, Clone)]
pub struct Resource<'a> {
    pub document: &'a Document,
    pub kind: &'a str,
    pub name: &'a str,
    /// The label that names it; of a block within a resource, its type.
    pub span: Span,
    pub body: NodeId,
    /// `["orders"]` or `[0]`, where the block makes several.
    pub key: Option<Key>,
    module: Arc<Module<'a>>,
    binding: Option<Arc<Binding>>,
    /// What a plan says of it.
    planned: Option<Planned<'a>>,
}

impl Resource<'_> {
    /// `google_storage_bucket.landing["orders"]`, without its module.
    pub fn address(&self) -> String {
        let key = self.key.as_ref().map_or_else(String::new, Key::to_string);
        format!("{}.{}{key}", self.kind, self.name)
    }

    /// The address with the folder of the root module, unique in the repository:
    /// `infra:module.feed["orders"].google_storage_bucket.landing`.
    pub fn unique_address(&self) -> String {
        self.module.qualified(&self.address())
    }

    /// The folder of the root module.
    pub fn root(&self) -> &str {
        self.module.root
    }

    /// As it is written.
    pub fn source(&self) -> &str {
        self.document.source().get(self.document.span(self.body).range()).unwrap_or_default()
    }

    /// The address as one looks for it from the file: with the modules that lead to it, where it is not of a root module.
    pub fn address_from_file(&self) -> String {
        if self.module.address.is_empty() { self.address() } else { self.unique_address() }
    }

    /// The entry of the map or the list that makes this instance, of the resource itself or of a module around it.
    pub fn entry(&self) -> Option<&Key> {
        self.key.as_ref().filter(|key| key.entry.is_some()).or_else(|| self.module.entry())
    }
}

/// The blocks of one type within another.
#[derive(Debug, Clone)]
pub struct Nested<'a> {
    pub blocks: Vec<Resource<'a>>,
    /// Why there may be more.
    pub hidden: Option<Why>,
}

impl<'a> Nested<'a> {
    /// The block that may stand once; unknown where it may or may not be there.
    pub fn single(self) -> Known<Resource<'a>> {
        match (self.blocks.into_iter().next(), self.hidden) {
            (Some(block), _) => {
                let span = block.span;
                Known::Known(Spanned::new(block, span))
            }
            (None, Some(why)) => Known::Unknown(why),
            (None, None) => Known::Absent,
        }
    }
}

/// All Terraform files of one revision, as the instances that they make in one environment.
pub struct Terraform<'a> {
    index: Arc<Index<'a>>,
    state: State<'a>,
    resources: Vec<Resource<'a>>,
}

impl<'a> Terraform<'a> {
    /// Reads the documents of `.tf` and `.tf.json` files, of `.tfvars` files, and of plans. The workspace counts where no
    /// environment is asked for.
    pub fn read(
        templates: &'a Templates<'a>,
        documents: impl IntoIterator<Item = &'a Document>,
        of_variables: impl IntoIterator<Item = &'a Document>,
        plans: impl IntoIterator<Item = &'a Document>,
        environment: Option<&'a str>,
        workspace: Option<&'a str>,
    ) -> Terraform<'a> {
        let mut index = Index::read(templates, documents, of_variables);
        index.plans = Plans::read(templates.files, &index, plans);
        let state = State::new(environment, workspace);
        let resources = Evaluator::new(&index, &state).resources();
        Terraform { index: Arc::new(index), state, resources }
    }

    /// The instances that some root modules make in another environment. What a plan that is named for none says, holds
    /// there as well.
    pub fn in_environment(&self, environment: &'a str, roots: &BTreeSet<&str>) -> Terraform<'a> {
        let state = State::new(Some(environment), None);
        let resources = Evaluator::new(&self.index, &state).resources_of(roots);
        Terraform { index: self.index.clone(), state, resources }
    }

    /// The files of variables that count only where they are chosen, by the root module that they are for. One with a plan
    /// has chosen.
    pub fn files_to_choose(&self) -> Vec<(&'a str, &'a RepoPath)> {
        let called: BTreeSet<&str> = self.index.calls.values().filter_map(|call| call.folder).collect();
        let is_free = |folder: &str| !called.contains(folder) && !self.index.plans.is_of(folder);
        self.index.variables.to_choose().filter(|(folder, _)| is_free(folder)).collect()
    }

    /// The environments that root modules have plans for.
    pub fn planned_environments(&self) -> impl Iterator<Item = (&'a str, BTreeSet<&'static str>)> {
        self.index.plans.environments()
    }

    fn evaluator(&self) -> Evaluator<'_, 'a> {
        Evaluator::new(&self.index, &self.state)
    }

    /// The instances of all resources of one type, by module and name.
    pub fn resources(&self, kind: &str) -> impl Iterator<Item = &Resource<'a>> {
        self.resources.iter().filter(move |resource| resource.kind == kind)
    }

    /// The first instance of each block that declares resources of one type.
    pub fn blocks_of(&self, kind: &str) -> impl Iterator<Item = &Resource<'a>> {
        let mut seen = BTreeSet::new();
        self.resources(kind).filter(move |resource| seen.insert(resource.span))
    }

    /// The instances of resources of one type, of each block so many.
    pub fn instances_of(&self, kind: &str, most: usize) -> impl Iterator<Item = &Resource<'a>> {
        let mut n_of: BTreeMap<Span, usize> = BTreeMap::new();
        self.resources(kind).filter(move |resource| {
            let n = n_of.entry(resource.span).or_default();
            *n += 1;
            *n <= most
        })
    }

    /// What was left out because there is too much of it.
    pub fn skipped(&self) -> Vec<Skipped> {
        let Index { plans, files, .. } = &*self.index;
        let of_nothing = "the plan has no resource of a root module of this repository";
        let unused = plans.unused.iter().map(|span| (*span, of_nothing.to_owned()));
        let of_plans = unused.chain(plans.left_out(files, &self.state.chosen)).map(|(span, why)| Skipped {
            what: "terraform".to_owned(),
            subject: files.get(span.file).path.to_string(),
            why,
            span: Some(span),
        });
        self.state.skipped().into_iter().chain(of_plans).collect()
    }

    /// The text of an attribute.
    pub fn text(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Known<String> {
        self.attribute(resource, body, attribute, evaluate::to_text)
    }

    /// A number, also when it is written as a string, as the provider takes it.
    pub fn number(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Known<f64> {
        self.attribute(resource, body, attribute, |value| match &value.content {
            Content::Number(number) => Some(*number),
            Content::Text(text) => text.trim().parse().ok(),
            _ => None,
        })
    }

    pub fn bool(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Known<bool> {
        self.attribute(resource, body, attribute, |value| match &value.content {
            Content::Bool(value) => Some(*value),
            Content::Text(text) => text.parse().ok(),
            _ => None,
        })
    }

    fn attribute<T>(
        &self,
        resource: &Resource<'a>,
        body: NodeId,
        attribute: &str,
        read: impl FnOnce(&Evaluated) -> Option<T>,
    ) -> Known<T> {
        let Some(node) = resource.document.get(body, attribute) else { return Known::Absent };
        let span = resource.document.span(node);
        let own = self.evaluator().of_resource(resource, node);
        let planned = resource.planned.filter(|_| body == resource.body).and_then(|planned| planned.get(attribute));
        let value = planned.map_or_else(|| own.clone(), |planned| self.evaluator().planned_value(planned, own.span));
        let span = resource.entry().map_or(span, |key| key.place_of(value.span).unwrap_or(span));
        match &value.content {
            Content::Null => Known::Absent,
            Content::Unknown(why) | Content::Failed(why) => Known::Unknown(why.clone()),
            _ => match read(&value) {
                Some(value) => Known::Known(Spanned::new(value, span)),
                None => Known::Unknown(Why::new(format!("`{attribute}` is not of the kind that it must be"), Some(span))),
            },
        }
    }

    /// The place that says an attribute: behind names, the literal, which may stand in a file of variables.
    pub fn origin(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Option<Span> {
        let node = resource.document.get(body, attribute)?;
        Some(self.evaluator().of_resource(resource, node).span)
    }

    /// The blocks of this type within a body, those that `dynamic` makes among them, each as a place of its own to ask for
    /// attributes.
    pub fn nested(&self, resource: &Resource<'a>, body: NodeId, kind: &'a str) -> Nested<'a> {
        let document = resource.document;
        let planned = resource.planned.filter(|_| body == resource.body).map(|planned| planned.blocks(kind));
        let block = |span, body, binding| Resource { kind, name: "", span, body, binding, planned: None, ..resource.clone() };
        let plain = blocks(document, body, kind).into_iter().map(|(span, body)| block(span, body, resource.binding.clone()));
        let mut nested = Nested { blocks: plain.collect(), hidden: None };
        for (span, made) in dynamic(document, body, kind) {
            let Some((_, content)) = blocks(document, made, "content").into_iter().next() else { continue };
            let iterator = document.get(made, "iterator").and_then(|node| name_of(document, node)).unwrap_or(kind);
            match (self.evaluator().dynamic(resource, made, iterator), &planned) {
                (Ok(bindings), _) => {
                    nested.blocks.extend(bindings.into_iter().map(|binding| block(span, content, Some(binding))))
                }
                // The only one that is hidden makes what the plan has beyond the others.
                (Err(_), Some(planned)) if nested.hidden.is_none() => {
                    let n_made = planned.len().saturating_sub(nested.blocks.len());
                    nested.blocks.extend((0..n_made).map(|_| block(span, content, resource.binding.clone())));
                }
                (Err(why), _) => {
                    nested.hidden = Some(Why::new(format!("`{kind}` is a dynamic block: {}", why.text), Some(span)));
                }
            }
        }
        if let Some(planned) = planned.filter(|planned| planned.len() == nested.blocks.len()) {
            nested.blocks.iter_mut().zip(planned).for_each(|(block, planned)| block.planned = Some(planned));
        }
        nested
    }

    /// The unique address of the resource that an attribute refers to, as `google_storage_bucket.landing.name` does, where
    /// the reference stands there as such, or behind variables and outputs.
    pub fn target(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Option<String> {
        let node = resource.document.get(body, attribute)?;
        let behind = || self.evaluator().of_resource(resource, node).why()?.of.as_deref().map(str::to_owned);
        self.evaluator().target(resource, node).or_else(behind)
    }

    /// A list of texts.
    pub fn texts(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Known<Vec<Spanned<String>>> {
        self.attribute(resource, body, attribute, |value| match &value.content {
            Content::List(items) => items.iter().map(|item| Some(Spanned::new(evaluate::to_text(item)?, item.span))).collect(),
            _ => None,
        })
    }

    /// The keys of a map.
    pub fn keys(&self, resource: &Resource<'a>, attribute: &str) -> Known<BTreeSet<String>> {
        self.attribute(resource, resource.body, attribute, |value| match &value.content {
            Content::Map(members) => Some(members.iter().map(|member| member.key.to_string()).collect()),
            _ => None,
        })
    }

    /// The labels that the provider puts on everything that it makes in a root module, by their keys.
    pub fn default_labels(&self, resource: &Resource<'a>) -> Result<BTreeSet<String>, Why> {
        let mut keys = BTreeSet::new();
        for (document, labels) in self.index.default_labels.get(resource.module.root).into_iter().flatten() {
            let Value::Map(_) = document.value(*labels) else {
                return Err(Why::new("the labels of the provider are computed", Some(document.span(*labels))));
            };
            keys.extend(document.map(*labels).iter().map(|entry| document.key(entry).to_owned()));
        }
        Ok(keys)
    }

    /// The texts of a list of which some may be unknown.
    pub fn each_text(&self, resource: &Resource<'a>, attribute: &str) -> Result<Vec<Known<String>>, Why> {
        let Some(node) = resource.document.get(resource.body, attribute) else { return Ok(Vec::new()) };
        let value = self.evaluator().of_resource(resource, node);
        if let Some(why) = value.why() {
            return Err(why.clone());
        }
        let text = |item: &Evaluated| match (item.why(), evaluate::to_text(item)) {
            (Some(why), _) => Known::Unknown(why.clone()),
            (None, Some(text)) => Known::Known(Spanned::new(text, item.span)),
            (None, None) => Known::Unknown(Why::new("it is no text", Some(item.span))),
        };
        Ok(value.items().iter().map(text).collect())
    }

    /// The text of each call of a module from elsewhere, by the folder of its root module.
    pub fn calls_elsewhere(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let elsewhere = self.index.calls.iter().filter(|(_, call)| call.folder.is_none());
        elsewhere.filter_map(|((folder, _), call)| {
            let span = call.document.span(call.body);
            Some((*folder, call.document.source().get(span.range())?))
        })
    }

    /// The file of the repository that `file("…")` names.
    pub fn file_argument(&self, resource: &Resource<'a>, node: NodeId) -> Option<Result<(FileId, RepoPath), Why>> {
        self.path_argument(resource, node, &["file"])
    }

    /// The file whose text is handed on, as it is or as a template.
    pub fn text_file(&self, resource: &Resource<'a>, node: NodeId) -> Option<Result<(FileId, RepoPath), Why>> {
        self.path_argument(resource, node, &["file", "templatefile"])
    }

    /// The file that any of these functions names, which take a path as their first argument. The call may stand behind the
    /// name of a local, in another file of the module.
    fn path_argument(
        &self,
        resource: &Resource<'a>,
        node: NodeId,
        functions: &[&str],
    ) -> Option<Result<(FileId, RepoPath), Why>> {
        let (document, node) = self.text_node(resource, node);
        let Value::Expression { operator, name, operands } = document.value(node) else { return None };
        if operator == Operator::Reference && functions.contains(&"file") {
            return self.file_behind(resource, document, node).map(Ok);
        }
        if operator != Operator::Call || !functions.contains(&document.text(name)) {
            return None;
        }
        let argument = *document.items(operands).first()?;
        let span = document.span(argument);
        let binding = resource.binding.as_deref();
        Some(match self.evaluator().in_module(&resource.module, document, argument, binding).content {
            Content::Text(text) => self.index.find_file(resource.module.root, &text, span),
            Content::Unknown(why) | Content::Failed(why) => Err(why),
            _ => Err(Why::new("the path is not a string", Some(span))),
        })
    }

    /// The file whose text a name stands for, as `each.value` does in a loop over `{ for f in fileset(…) : f => file(f) }`.
    fn file_behind(&self, resource: &Resource<'a>, document: &'a Document, node: NodeId) -> Option<(FileId, RepoPath)> {
        let value = self.evaluator().in_module(&resource.module, document, node, resource.binding.as_deref());
        let Content::File(file) = value.content else { return None };
        Some((file, self.index.files.get(file).path.clone()))
    }

    /// What stands behind names of locals, behind conditions that are known, and behind functions that only trim a text.
    pub fn text_node(&self, resource: &Resource<'a>, node: NodeId) -> (&'a Document, NodeId) {
        let (mut document, mut node) = (resource.document, node);
        for _ in 0..MAX_REFERENCES {
            let Value::Expression { operator, name, operands } = document.value(node) else { break };
            let operands = document.items(operands);
            let next = match (operator, document.text(name), operands) {
                (Operator::Reference, "local", [name]) => {
                    document.str(*name).and_then(|name| self.index.locals.get(&(resource.module.folder, name)).copied())
                }
                (Operator::Call, "trimspace" | "chomp", [text]) => Some((document, *text)),
                (Operator::Conditional, _, [condition, yes, no]) => {
                    let binding = resource.binding.as_deref();
                    match self.evaluator().in_module(&resource.module, document, *condition, binding).content {
                        Content::Bool(holds) => Some((document, if holds { *yes } else { *no })),
                        _ => None,
                    }
                }
                _ => None,
            };
            let Some(next) = next else { break };
            (document, node) = next;
        }
        (document, node)
    }

    /// The path of the file in which a resource stands.
    pub fn path(&self, resource: &Resource<'a>) -> &'a RepoPath {
        &self.index.files.get(resource.document.file()).path
    }
}

/// The bodies of a block: HCL gives one map, JSON one map or a list of them.
pub fn bodies(document: &Document, node: NodeId) -> Vec<NodeId> {
    match document.value(node) {
        Value::Sequence(children) => document.items(children).to_vec(),
        _ => vec![node],
    }
}

/// The `dynamic` blocks that make blocks of this type: key place and body.
fn dynamic(document: &Document, body: NodeId, kind: &str) -> Vec<(Span, NodeId)> {
    let all = document.all(body, "dynamic").flat_map(|entry| bodies(document, entry.value));
    all.flat_map(|made| blocks(document, made, kind)).collect()
}

/// A name that stands alone, as `iterator = file`.
fn name_of(document: &Document, node: NodeId) -> Option<&str> {
    match document.value(node) {
        Value::Expression { operator: Operator::Reference, name, .. } => Some(document.text(name)),
        _ => document.str(node),
    }
}

/// The nested blocks of this type: key place and body, in order.
pub fn blocks(document: &Document, body: NodeId, kind: &str) -> Vec<(Span, NodeId)> {
    let entries = document.all(body, kind);
    entries.flat_map(|entry| bodies(document, entry.value).into_iter().map(|body| (entry.key_span, body))).collect()
}
