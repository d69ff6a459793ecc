//! Terraform as far as it can be read without running it: resources by module, and expressions that are literal,
//! arithmetic, or refer to other literals of the same module. Everything else is unknown, with the reason.

mod attributes;
pub mod evaluate;
pub mod feeds;
mod variables;
mod words;

use super::{Known, Why};
use crate::syntax::{Document, NodeId, Operator, Value};
use crate::text::{FileId, Files, RepoPath, Side, Span, Spanned};
use evaluate::{Content, Evaluated, Evaluator};
use std::collections::BTreeMap;

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
    variables: variables::Variables<'a>,
    /// `module` blocks: the folder in which they stand, the name, and the body.
    calls: Vec<(&'a str, &'a str, &'a Document, NodeId)>,
}

impl<'a> Terraform<'a> {
    /// Indexes the documents of `.tf` and `.tf.json` files, and of `.tfvars` files.
    pub fn index(
        files: &'a Files,
        side: Side,
        documents: impl IntoIterator<Item = &'a Document>,
        of_variables: impl IntoIterator<Item = &'a Document>,
    ) -> Terraform<'a> {
        let (resources, locals, variables) = (BTreeMap::new(), BTreeMap::new(), variables::Variables::default());
        let mut terraform = Terraform { files, side, resources, locals, variables, calls: Vec::new() };
        for document in documents {
            let module = files.get(document.file()).path.folder();
            for root in &document.roots {
                terraform.index_root(document, *root, module);
            }
        }
        for document in of_variables {
            terraform.variables.assign(files, document);
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
                "variable" => self.variables.declare(document, entry.value, module),
                "module" => {
                    for name in document.map(entry.value) {
                        let calls = bodies(document, name.value).into_iter();
                        self.calls.extend(calls.map(|body| (module, document.key(name), document, body)));
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
        let value = Evaluator::new(self).evaluate(resource.document, resource.module, node);
        match &value.content {
            Content::Null => Known::Absent,
            Content::Unknown(why) | Content::Failed(why) => Known::Unknown(why.clone()),
            _ => match read(&value) {
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
        Some(match Evaluator::new(self).evaluate(document, resource.module, argument).content {
            Content::Text(text) => self.find_file(resource.module, &text, span),
            Content::Unknown(why) | Content::Failed(why) => Err(why),
            _ => Err(Why::new("the path is not a string", Some(span))),
        })
    }

    fn find_file(&self, module: &str, text: &str, span: Span) -> Result<(FileId, RepoPath), Why> {
        let path = RepoPath::new(&in_module(module, text))
            .ok_or_else(|| Why::new(format!("`{text}` leads out of the repository"), Some(span)))?;
        let file = self.files.find(self.side, &path);
        file.map(|file| (file, path.clone())).ok_or_else(|| Why::new(format!("`{path}` is not in the repository"), Some(span)))
    }

    /// The files below a folder of a module that a pattern names, relative to the folder; `None` when it is no pattern.
    fn file_set(&self, module: &str, folder: &str, pattern: &str) -> Option<Vec<String>> {
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build().ok()?.compile_matcher();
        let folder = RepoPath::new(&in_module(module, folder));
        let below = |path: &RepoPath| match &folder {
            Some(folder) if path.lies_in(folder) => path.as_str().get(folder.as_str().len() + 1..).map(str::to_owned),
            Some(_) => None,
            // The root of the repository is no path of its own.
            None => Some(path.as_str().to_owned()),
        };
        let own = self.files.iter().filter(|(_, file)| file.side == self.side);
        let mut names: Vec<String> = own.filter_map(|(_, file)| below(&file.path)).filter(|name| glob.is_match(name)).collect();
        names.sort();
        Some(names)
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

/// A path that an expression gives, from the root of the repository.
fn in_module(module: &str, text: &str) -> String {
    let relative = text.strip_prefix(MODULE_PATH).map_or(text, |rest| rest.trim_start_matches('/'));
    if module.is_empty() { relative.to_owned() } else { format!("{module}/{relative}") }
}
