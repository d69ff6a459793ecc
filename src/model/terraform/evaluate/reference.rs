//! What names refer to: what a block binds, locals, variables, modules and their outputs, and other resources.

use super::{Content, Evaluated, Evaluator, Given, MAX_DEPTH, Member, Scope, functions, is_same};
use crate::model::Why;
use crate::model::terraform::Resource;
use crate::model::terraform::index::{Called, Declared, path_of};
use crate::model::terraform::instances::{Instance, Key};
use crate::model::terraform::variables::Place;
use crate::syntax::{Document, Entry, NodeId, Operator, Value};
use crate::text::Span;

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn reference(&self, scope: Scope<'a, '_>, root: &'a str, path: &[NodeId], span: Span) -> Evaluated {
        if let Some(value) = bound(scope, root) {
            return self.steps(scope, value, path, span);
        }
        if let Some(Given { variables, .. }) = scope.given {
            return self.steps(scope, given(variables, root, span), path, span);
        }
        let step = |at: usize| path.get(at).and_then(|node| scope.document.str(*node));
        let rest = path.get(1..).unwrap_or(&[]);
        let value = match (root, step(0)) {
            ("path", Some(which)) => {
                let folder = if which == "module" { scope.module.folder } else { scope.module.root };
                Evaluated::new(Content::Text(path_of(folder).into()), span)
            }
            ("terraform", Some("workspace")) => match self.state.chosen.workspace() {
                Some(name) => Evaluated::new(Content::Text(name.into()), span),
                None => Evaluated::unknown("the workspace is chosen when it is applied: name an environment with `--env`", span),
            },
            ("local", Some(name)) => self.local(scope, name, span),
            ("var", Some(name)) => self.variable(scope, name, span),
            ("module", Some(name)) => return self.output(scope, name, path, span),
            ("each" | "count" | "self", _) => Evaluated::unknown(format!("`{root}` differs from instance to instance"), span),
            ("data", kind) => {
                let name = step(1).unwrap_or_default();
                let address = scope.module.qualified(&format!("data.{}.{name}", kind.unwrap_or_default()));
                let why = Why::applied("a data source is known only when it is applied", span, address);
                Evaluated::new(Content::Unknown(why), span)
            }
            (kind, Some(name)) => return self.resource(scope, kind, name, rest, span),
            (root, None) => Evaluated::unknown(format!("`{root}` is known only when it is applied"), span),
        };
        self.steps(scope, value, rest, span)
    }

    fn local(&self, scope: Scope<'a, '_>, name: &'a str, span: Span) -> Evaluated {
        let Some((document, node)) = self.index.locals.get(&(scope.module.folder, name)).copied() else {
            return Evaluated::unknown(format!("`local.{name}` is not defined in this module"), span);
        };
        self.once(scope, "local", name, |scope| self.node(Scope { document, bound: None, binding: None, ..scope }, node))
    }

    /// The value of a variable: of a called module, what the call says; of a root, what files of variables say; else its
    /// default.
    pub(super) fn variable(&self, scope: Scope<'a, '_>, name: &'a str, span: Span) -> Evaluated {
        let value = self.once(scope, "var", name, |scope| self.variable_once(scope, name, span));
        // What is not known is so at the place that asks.
        match value.content {
            Content::Unknown(why) => Evaluated::new(Content::Unknown(Why { of: why.of, ..Why::new(why.text, Some(span)) }), span),
            _ => value,
        }
    }

    fn variable_once(&self, scope: Scope<'a, '_>, name: &'a str, span: Span) -> Evaluated {
        let folder = scope.module.folder;
        let nothing = || Evaluated::unknown(format!("`var.{name}` has no value in the repository"), span);
        let (places, type_node) = match &scope.module.call {
            Some(call) => {
                let argument = call.document.get(call.body, name);
                let declared = self.index.variables.declared(folder, name);
                let value = match argument {
                    Some(node) => {
                        let (document, binding) = (call.document, call.binding.as_deref());
                        let scope = Scope { document, module: &call.caller, bound: None, binding, ..scope };
                        self.node(Scope { depth: scope.depth + 1, ..scope }, node)
                    }
                    None => match declared.and_then(|declared| declared.default) {
                        Some((document, node)) => self.node(Scope { document, bound: None, binding: None, ..scope }, node),
                        None => return nothing(),
                    },
                };
                (vec![value], declared.and_then(|declared| declared.type_node))
            }
            None => {
                let Some(found) = self.index.variables.choose(folder, name, &self.state.chosen) else { return nothing() };
                let value =
                    |place: &Place<'a>| self.node(Scope { document: place.0, bound: None, binding: None, ..scope }, place.1);
                let own: Vec<Evaluated> = found.values.iter().map(value).collect();
                (self.as_planned(scope.module.root, name, own, span), found.type_node)
            }
        };
        let Some((first, others)) = places.split_first() else { return nothing() };
        if others.iter().any(|other| !is_same(other, first)) {
            let why = format!("`var.{name}` differs between files of variables: name an environment with `--env`");
            return Evaluated::unknown(why, span);
        }
        match type_node {
            Some((document, node)) => {
                self.with_optional(Scope { document, bound: None, binding: None, ..scope }, node, first.clone())
            }
            None => first.clone(),
        }
    }

    /// What a plan says of a variable, at the place of that value if the files say it as well.
    fn as_planned(&self, root: &str, name: &str, own: Vec<Evaluated>, span: Span) -> Vec<Evaluated> {
        let Some(planned) = self.index.plans.variable(root, &self.state.chosen, name) else { return own };
        let planned = self.planned_value(planned, own.first().map_or(span, |own| own.span));
        let written = own.into_iter().find(|own| is_same(own, &planned));
        vec![written.unwrap_or(planned)]
    }

    /// `module.name.output` and `module.name["key"].output`.
    fn output(&self, scope: Scope<'a, '_>, name: &'a str, path: &[NodeId], span: Span) -> Evaluated {
        let applied = || Evaluated::unknown(format!("`module.{name}` comes from elsewhere"), span);
        let Some(call) = self.index.calls.get(&(scope.module.folder, name)) else { return applied() };
        let Some((instance, at)) = self.instance(scope, call.document, call.body, path.get(1..)) else {
            return Evaluated::unknown(format!("which instance of `module.{name}` is meant is not known"), span);
        };
        self.of_called(scope, name, call, &instance, path.get(at + 1..).unwrap_or(&[]), span).unwrap_or_else(applied)
    }

    fn of_called(
        &self,
        scope: Scope<'a, '_>,
        name: &'a str,
        call: &Called<'a>,
        instance: &Instance,
        path: &[NodeId],
        span: Span,
    ) -> Option<Evaluated> {
        let called = self.called(scope.module, name, call, instance)?;
        let output = scope.document.str(*path.first()?)?;
        let (document, node) = self.index.outputs.get(&(called.folder, output)).copied()?;
        let of_output =
            |scope: Scope<'a, '_>| self.node(Scope { document, module: &called, bound: None, binding: None, ..scope }, node);
        let value = self.once(Scope { module: &called, ..scope }, "output", output, of_output);
        Some(self.steps(scope, value, path.get(1..).unwrap_or(&[]), span))
    }

    /// `type.name.attribute` and `type.name["key"].attribute`, as far as the block says it.
    fn resource(&self, scope: Scope<'a, '_>, kind: &'a str, name: &'a str, path: &[NodeId], span: Span) -> Evaluated {
        let Some(declared) = self.index.resources.get(&(scope.module.folder, kind, name)) else {
            return Evaluated::unknown(format!("`{kind}.{name}` is known only when it is applied"), span);
        };
        let Declared { document, body, .. } = *declared;
        if path.is_empty() {
            return self.whole(scope, document, body, span);
        }
        let Some((instance, at)) = self.instance(scope, document, body, Some(path)) else {
            return Evaluated::unknown(format!("which instance of `{kind}.{name}` is meant is not known"), span);
        };
        let attribute = path.get(at).and_then(|node| scope.document.str(*node));
        let key = instance.key.as_ref().map_or_else(String::new, Key::to_string);
        let planned = self.index.plans.resource(scope.module, &self.state.chosen, &format!("{kind}.{name}{key}"));
        if let Some(planned) = planned.and_then(|planned| planned.get(attribute?)) {
            let value = self.planned_value(planned, span);
            return self.steps(scope, value, path.get(at + 1..).unwrap_or(&[]), span);
        }
        let Some(node) = attribute.and_then(|attribute| document.get(body, attribute)) else {
            let attribute = attribute.unwrap_or("*");
            let key = instance.key.as_ref().map_or_else(String::new, Key::to_string);
            let address = scope.module.qualified(&format!("{kind}.{name}{key}"));
            let text = format!("`{kind}.{name}.{attribute}` is known only when it is applied");
            return Evaluated::new(Content::Unknown(Why::applied(text, span, address)), span);
        };
        let scope_of_block = Scope { document, bound: None, binding: instance.binding.as_deref(), ..scope };
        let value = self.node(scope_of_block, node);
        self.steps(scope, value, path.get(at + 1..).unwrap_or(&[]), span)
    }

    /// The unique address of the resource that an expression refers to.
    pub(in crate::model::terraform) fn target(&self, resource: &Resource<'a>, node: NodeId) -> Option<String> {
        let document = resource.document;
        let Value::Expression { operator: Operator::Reference, name, operands } = document.value(node) else { return None };
        let (kind, path) = (document.text(name), document.items(operands));
        let name = document.str(*path.first()?)?;
        let declared = self.index.resources.get(&(resource.module.folder, kind, name))?;
        let (module, binding) = (&resource.module, resource.binding.as_deref());
        let scope = Scope { document, module, bound: None, binding, given: None, depth: 0 };
        let (instance, _) = self.instance(scope, declared.document, declared.body, path.get(1..))?;
        let key = instance.key.as_ref().map_or_else(String::new, Key::to_string);
        Some(resource.module.qualified(&format!("{kind}.{name}{key}")))
    }

    /// A resource with what its block says: one, or all of `count` or `for_each`.
    fn whole(&self, scope: Scope<'a, '_>, document: &'a Document, body: NodeId, span: Span) -> Evaluated {
        if scope.depth >= MAX_DEPTH {
            return Evaluated::unknown("the references go in a circle or too deep", span);
        }
        let one = |instance: &Instance| {
            let of_block = Scope { document, bound: None, binding: instance.binding.as_deref(), ..scope };
            // Blocks are no attributes: their keys may repeat.
            let own = document.map(body).iter().filter(|entry| !matches!(document.value(entry.value), Value::Map(_)));
            let member = |entry: &Entry| Member {
                key: document.key(entry).into(),
                key_span: entry.key_span,
                value: self.node(of_block, entry.value),
            };
            Evaluated::new(Content::Resource(own.map(member).collect()), span)
        };
        let instances = self.instances(scope.module, document, body, None);
        let is_map = document.get(body, "for_each").is_some();
        let content = match instances.as_slice() {
            [single] if single.key.is_none() && (is_map || document.get(body, "count").is_some()) => {
                return Evaluated::unknown("how many instances there are is not known", span);
            }
            [single] if single.key.is_none() => return one(single),
            all if is_map => {
                let key = |instance: &Instance| instance.key.as_ref().map_or_else(|| "".into(), |key| key.text.clone());
                Content::Map(
                    all.iter().map(|instance| Member { key: key(instance), key_span: span, value: one(instance) }).collect(),
                )
            }
            all => Content::List(all.iter().map(one).collect()),
        };
        Evaluated::new(content, span)
    }

    /// The instance that a path names, and how many of its steps say which.
    fn instance(
        &self,
        scope: Scope<'a, '_>,
        document: &'a Document,
        body: NodeId,
        path: Option<&[NodeId]>,
    ) -> Option<(Instance, usize)> {
        if document.get(body, "for_each").is_none() && document.get(body, "count").is_none() {
            return Some((Instance { key: None, binding: None }, 0));
        }
        if scope.depth >= MAX_DEPTH {
            return None;
        }
        let key = functions::to_text(&self.node(scope, *path?.first()?))?;
        let instances = self.instances(scope.module, document, body, None);
        let found = instances.into_iter().find(|instance| instance.key.as_ref().is_some_and(|own| *own.text == *key));
        Some((found?, 1))
    }

    /// Works a name of a module out once.
    fn once(
        &self,
        scope: Scope<'a, '_>,
        kind: &'static str,
        name: &'a str,
        work: impl FnOnce(Scope<'a, '_>) -> Evaluated,
    ) -> Evaluated {
        let id = (scope.module.number, kind, name);
        if let Some(known) = self.state.known.borrow().get(&id) {
            return known.clone();
        }
        let value = work(scope);
        // What was asked for deep down may have ended for want of depth, and not for what it is.
        if scope.depth < MAX_DEPTH / 2 || value.why().is_none() {
            self.state.known.borrow_mut().insert(id, value.clone());
        }
        value
    }
}

/// What a template is given by this name.
fn given(variables: &Evaluated, name: &str, span: Span) -> Evaluated {
    match (variables.get(name), &variables.content) {
        (Some(member), _) => member.value.clone(),
        (None, Content::Map(_)) => Evaluated::failed(format!("the template is given no `{name}`"), span),
        (None, _) => Evaluated::unknown("the variables of the template are not known", span),
    }
}

/// What `for`, and else the block, binds to a name.
fn bound(scope: Scope<'_, '_>, name: &str) -> Option<Evaluated> {
    let of_for = std::iter::successors(scope.bound, |bound| bound.outer).find(|bound| bound.name == name);
    let of_block =
        || std::iter::successors(scope.binding, |binding| binding.outer.as_deref()).find(|binding| &*binding.name == name);
    of_for.map(|bound| bound.value.clone()).or_else(|| Some(of_block()?.value.clone()))
}
