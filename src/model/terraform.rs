//! Terraform as far as it can be read without running it: resources by module, and expressions that are literal,
//! arithmetic, or refer to other literals of the same module. Everything else is unknown, with the reason.

use super::{Known, Why};
use crate::syntax::{Children, Document, NodeId, Operator, Value};
use crate::text::{FileId, Files, RepoPath, Side, Span, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

/// References are followed this far; a circle ends here.
const MAX_REFERENCES: usize = 16;

/// Stands for `path.module` in a string until a function resolves the path.
const MODULE_PATH: &str = "${path.module}";

/// One block of a module: `resource "type" "name"`, with the folder that is its module.
#[derive(Debug, Clone, Copy)]
pub struct Resource<'a> {
    pub document: &'a Document,
    pub kind: &'a str,
    pub name: &'a str,
    /// The label that names it.
    pub span: Span,
    pub body: NodeId,
    pub module: &'a str,
}

impl Resource<'_> {
    /// `google_storage_bucket.landing`.
    pub fn address(&self) -> String {
        format!("{}.{}", self.kind, self.name)
    }

    /// The address with its module's folder, unique in the repository.
    pub fn unique_address(&self) -> String {
        if self.module.is_empty() { self.address() } else { format!("{}:{}", self.module, self.address()) }
    }
}

/// All Terraform files of one revision.
pub struct Terraform<'a> {
    files: &'a Files,
    side: Side,
    resources: BTreeMap<(&'a str, &'a str, &'a str), Resource<'a>>,
    locals: BTreeMap<(&'a str, &'a str), (&'a Document, NodeId)>,
}

/// A value as far as Terraform's expressions are folded here.
#[derive(Debug, Clone, PartialEq)]
enum Folded {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Unknown(Why),
}

impl<'a> Terraform<'a> {
    /// Indexes the documents of `.tf` and `.tf.json` files.
    pub fn index(files: &'a Files, side: Side, documents: impl IntoIterator<Item = &'a Document>) -> Terraform<'a> {
        let mut terraform = Terraform { files, side, resources: BTreeMap::new(), locals: BTreeMap::new() };
        for document in documents {
            let module = files.get(document.file()).path.folder();
            for root in &document.roots {
                terraform.index_root(document, *root, module);
            }
        }
        terraform
    }

    fn index_root(&mut self, document: &'a Document, root: NodeId, module: &'a str) {
        for entry in document.map(root) {
            match document.key(entry) {
                "resource" => self.index_resources(document, entry.value, module),
                "locals" => {
                    for body in bodies(document, entry.value) {
                        for local in document.map(body) {
                            self.locals.insert((module, document.key(local)), (document, local.value));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn index_resources(&mut self, document: &'a Document, types: NodeId, module: &'a str) {
        for kind in document.map(types) {
            for name in document.map(kind.value) {
                for body in bodies(document, name.value) {
                    let (kind, label) = (document.key(kind), document.key(name));
                    let resource = Resource { document, kind, name: label, span: name.key_span, body, module };
                    self.resources.entry((module, kind, label)).or_insert(resource);
                }
            }
        }
    }

    /// The resources of one type, by module and name.
    pub fn resources(&self, kind: &'a str) -> impl Iterator<Item = &Resource<'a>> {
        self.resources.values().filter(move |resource| resource.kind == kind)
    }

    /// The text of an attribute.
    pub fn text(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Known<String> {
        self.attribute(resource, body, attribute, |folded| match folded {
            Folded::Text(text) => Some(text),
            Folded::Number(number) => Some(number.to_string()),
            Folded::Bool(value) => Some(value.to_string()),
            Folded::Null | Folded::Unknown(_) => None,
        })
    }

    /// A number, also when it is written as a string, as the provider takes it.
    pub fn number(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Known<f64> {
        self.attribute(resource, body, attribute, |folded| match folded {
            Folded::Number(number) => Some(number),
            Folded::Text(text) => text.trim().parse().ok(),
            Folded::Null | Folded::Bool(_) | Folded::Unknown(_) => None,
        })
    }

    pub fn bool(&self, resource: &Resource<'a>, body: NodeId, attribute: &str) -> Known<bool> {
        self.attribute(resource, body, attribute, |folded| match folded {
            Folded::Bool(value) => Some(value),
            Folded::Text(text) => text.parse().ok(),
            Folded::Null | Folded::Number(_) | Folded::Unknown(_) => None,
        })
    }

    fn attribute<T>(
        &self,
        resource: &Resource<'a>,
        body: NodeId,
        attribute: &str,
        read: impl FnOnce(Folded) -> Option<T>,
    ) -> Known<T> {
        let Some(node) = resource.document.get(body, attribute) else { return Known::Absent };
        let span = resource.document.span(node);
        match self.fold(resource.document, resource.module, node, MAX_REFERENCES) {
            Folded::Null => Known::Absent,
            Folded::Unknown(why) => Known::Unknown(why),
            folded => match read(folded) {
                Some(value) => Known::Known(Spanned::new(value, span)),
                None => Known::Unknown(Why::new(format!("`{attribute}` is not of the kind that it must be"), Some(span))),
            },
        }
    }

    /// The file of the repository that `file("…")` names.
    pub fn file_argument(&self, resource: &Resource<'a>, node: NodeId) -> Option<Result<(FileId, RepoPath), Why>> {
        self.path_argument(resource, node, &["file"])
    }

    /// The same for any of these functions, which take a path as their first argument.
    pub fn path_argument(
        &self,
        resource: &Resource<'a>,
        node: NodeId,
        functions: &[&str],
    ) -> Option<Result<(FileId, RepoPath), Why>> {
        let document = resource.document;
        let Value::Expression { operator: Operator::Call, name, operands } = document.value(node) else { return None };
        if !functions.contains(&document.text(name)) {
            return None;
        }
        let argument = *document.items(operands).first()?;
        let span = document.span(argument);
        Some(match self.fold(document, resource.module, argument, MAX_REFERENCES) {
            Folded::Text(text) => self.find_file(resource.module, &text, span),
            Folded::Unknown(why) => Err(why),
            _ => Err(Why::new("the path is not a string", Some(span))),
        })
    }

    fn find_file(&self, module: &str, text: &str, span: Span) -> Result<(FileId, RepoPath), Why> {
        let relative = text.strip_prefix(MODULE_PATH).map_or(text, |rest| rest.trim_start_matches('/'));
        let joined = if module.is_empty() { relative.to_owned() } else { format!("{module}/{relative}") };
        let path = RepoPath::new(&joined).ok_or_else(|| Why::new(format!("`{text}` leads out of the repository"), Some(span)))?;
        let file = self.files.find(self.side, &path);
        file.map(|file| (file, path.clone())).ok_or_else(|| Why::new(format!("`{path}` is not in the repository"), Some(span)))
    }

    /// What stands behind names of locals, and behind functions that only trim a text.
    pub fn text_node(&self, resource: &Resource<'a>, node: NodeId) -> (&'a Document, NodeId) {
        let (mut document, mut node) = (resource.document, node);
        for _ in 0..MAX_REFERENCES {
            let Value::Expression { operator, name, operands } = document.value(node) else { break };
            let operands = document.items(operands);
            let next = match (operator, document.text(name), operands) {
                (Operator::Reference, "local", [name]) => {
                    document.str(*name).and_then(|name| self.locals.get(&(resource.module, name)).copied())
                }
                (Operator::Call, "trimspace" | "chomp", [text]) => Some((document, *text)),
                _ => None,
            };
            let Some(next) = next else { break };
            (document, node) = next;
        }
        (document, node)
    }

    /// The path of the file in which a resource stands.
    pub fn path(&self, resource: &Resource<'a>) -> &'a RepoPath {
        &self.files.get(resource.document.file()).path
    }

    /// The value of an expression, as far as it is literal.
    fn fold(&self, document: &'a Document, module: &'a str, node: NodeId, fuel: usize) -> Folded {
        let span = document.span(node);
        match document.value(node) {
            Value::Null => Folded::Null,
            Value::Bool(value) => Folded::Bool(value),
            // Seconds, days and counts are far below 2^52, where f64 is exact.
            Value::Int(value) => Folded::Number(value as f64),
            Value::Float(value) => Folded::Number(value),
            Value::Number(text) | Value::String(text) => Folded::Text(document.text(text).to_owned()),
            Value::Sequence(_) | Value::Map(_) => unknown("a collection is not folded", span),
            Value::Expression { .. } if fuel == 0 => unknown("the references go in a circle or too deep", span),
            Value::Expression { operator, name, operands } => {
                let scope = Scope { document, module, span, fuel: fuel - 1 };
                self.fold_expression(&scope, operator, document.text(name), operands)
            }
        }
    }

    fn fold_expression(&self, scope: &Scope<'a>, operator: Operator, name: &str, operands: Children) -> Folded {
        match operator {
            Operator::Reference => self.fold_reference(scope, name, operands),
            Operator::Template => self.fold_template(scope, operands),
            Operator::Binary | Operator::Unary => self.fold_arithmetic(scope, name, operands),
            Operator::Call if matches!(name, "tostring" | "tonumber") => {
                let argument = scope.document.items(operands).first().copied();
                argument.map_or(Folded::Null, |argument| self.fold(scope.document, scope.module, argument, scope.fuel))
            }
            Operator::Call => unknown(format!("`{name}(…)` is not evaluated"), scope.span),
            Operator::Conditional => unknown("a condition is not evaluated", scope.span),
            Operator::Other => unknown("the expression is not evaluated", scope.span),
            Operator::Unknown => unknown(name, scope.span),
        }
    }

    fn fold_template(&self, scope: &Scope<'a>, operands: Children) -> Folded {
        let mut text = String::new();
        for part in scope.document.items(operands) {
            match self.fold(scope.document, scope.module, *part, scope.fuel) {
                Folded::Text(part) => text.push_str(&part),
                Folded::Number(number) => text.push_str(&number.to_string()),
                Folded::Bool(value) => text.push_str(&value.to_string()),
                Folded::Null => return unknown("a hole of the template is null", scope.span),
                Folded::Unknown(why) => return Folded::Unknown(why),
            }
        }
        Folded::Text(text)
    }

    fn fold_arithmetic(&self, scope: &Scope<'a>, operator: &str, operands: Children) -> Folded {
        let mut numbers = Vec::new();
        for operand in scope.document.items(operands) {
            match self.fold(scope.document, scope.module, *operand, scope.fuel) {
                Folded::Number(number) => numbers.push(number),
                Folded::Unknown(why) => return Folded::Unknown(why),
                _ => return unknown(format!("`{operator}` is folded for numbers only"), scope.span),
            }
        }
        match (operator, numbers.as_slice()) {
            ("-", [a]) => Folded::Number(-a),
            ("+", [a, b]) => Folded::Number(a + b),
            ("-", [a, b]) => Folded::Number(a - b),
            ("*", [a, b]) => Folded::Number(a * b),
            ("/", [a, b]) if *b != 0.0 => Folded::Number(a / b),
            _ => unknown(format!("`{operator}` is not evaluated"), scope.span),
        }
    }

    fn fold_reference(&self, scope: &Scope<'a>, root: &str, operands: Children) -> Folded {
        let document = scope.document;
        let path: Vec<&str> = document.items(operands).iter().filter_map(|part| document.str(*part)).collect();
        match (root, path.as_slice()) {
            ("path", ["module" | "root" | "cwd"]) => Folded::Text(MODULE_PATH.to_owned()),
            ("local", [name]) => match self.locals.get(&(scope.module, *name)) {
                Some((document, node)) => self.fold(document, scope.module, *node, scope.fuel),
                None => unknown(format!("`local.{name}` is not defined in this module"), scope.span),
            },
            ("var", [name, ..]) => unknown(format!("`var.{name}` is set from outside"), scope.span),
            ("each", _) => unknown("`each` differs from instance to instance", scope.span),
            (kind, [name, attribute]) => self.fold_resource(scope, kind, name, attribute),
            _ => unknown(format!("`{root}` is known only when it is applied"), scope.span),
        }
    }

    fn fold_resource(&self, scope: &Scope<'a>, kind: &str, name: &str, attribute: &str) -> Folded {
        let known_when_applied = || unknown(format!("`{kind}.{name}.{attribute}` is known only when it is applied"), scope.span);
        let Some(resource) = self.resources.get(&(scope.module, kind, name)) else { return known_when_applied() };
        let node = resource.document.get(resource.body, attribute);
        node.map_or_else(known_when_applied, |node| self.fold(resource.document, resource.module, node, scope.fuel))
    }
}

/// Where an expression stands.
struct Scope<'a> {
    document: &'a Document,
    module: &'a str,
    span: Span,
    fuel: usize,
}

fn unknown(why: impl Into<Arc<str>>, span: Span) -> Folded {
    Folded::Unknown(Why::new(why, Some(span)))
}

/// The bodies of a block: HCL gives one map, JSON one map or a list of them.
pub fn bodies(document: &Document, node: NodeId) -> Vec<NodeId> {
    match document.value(node) {
        Value::Sequence(children) => document.items(children).to_vec(),
        _ => vec![node],
    }
}

/// The nested blocks of this type: key place and body, in order.
pub fn blocks(document: &Document, body: NodeId, kind: &str) -> Vec<(Span, NodeId)> {
    let entries = document.all(body, kind);
    entries.flat_map(|entry| bodies(document, entry.value).into_iter().map(|body| (entry.key_span, body))).collect()
}
