//! JSON Schemas of records, and references from one file of the repository to another.

use crate::syntax::NodeId;
use crate::text::{FileId, RepoPath, Span};

/// A path written in a definition, and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaReference {
    pub text: String,
    pub target: Target,
}

/// What a reference leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    File(FileId, RepoPath),
    /// The schema stands where the reference would be.
    Inline(NodeId),
    /// No such file in the repository; the nearest path that exists, if one is near.
    Missing {
        path: RepoPath,
        nearest: Option<RepoPath>,
    },
    /// Absolute, or above the root.
    OutsideRoot,
    /// It is there but was not read: why.
    Unread {
        path: RepoPath,
        why: String,
    },
}

/// A JSON Schema.
#[derive(Debug, Clone)]
pub struct JsonSchema {
    pub path: RepoPath,
    pub file: FileId,
    pub root: NodeId,
    /// The draft that `$schema` names; 2020-12 without one.
    pub draft: Draft,
    /// The top-level and nested properties, in order, nested ones with dotted paths and `[]` for array items.
    pub fields: Vec<SchemaField>,
    /// Feeds that name it.
    pub feeds: Vec<super::FeedId>,
    /// Violations of the draft's own meta-schema: place and message.
    pub violations: Vec<(Span, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draft {
    Draft4,
    Draft6,
    Draft7,
    Draft201909,
    Draft202012,
    /// A `$schema` that we do not know.
    Other,
}

/// A property of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaField {
    /// `address.zip`, `tags[]`: the path of the property.
    pub path: String,
    /// The property's own name.
    pub name: String,
    pub key_span: Span,
    pub node: NodeId,
    /// The types that it may have, without `null`; empty where the schema does not say.
    pub types: Vec<String>,
    pub nullable: bool,
    pub required: bool,
    pub format: Option<String>,
    pub max_length: Option<u64>,
    /// The longest string of `enum` or `const`, and the shortest, in UTF-8 bytes.
    pub literal_lengths: Option<(u64, u64)>,
    /// Nested one level down for each `.` and `[]` of the path.
    pub depth: usize,
}
