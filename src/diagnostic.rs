//! What users see: a finding with its place, what it is about, and what to do.
//! Knows places, and neither rules nor formats.

pub mod fix;
mod novelty;

pub use novelty::mark_new;

use crate::text::{RepoPath, Span};
use std::fmt;
use std::sync::Arc;

/// How much a finding weighs. Ordered: a note is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    pub fn from_name(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A place with a remark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

impl Label {
    pub fn new(span: Span, text: impl Into<String>) -> Label {
        Label { span, text: text.into() }
    }
}

/// The replacement of one span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

/// A file that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    pub path: RepoPath,
    pub text: String,
}

/// Who has to look at a fix before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Nobody: what is fixed means what was meant before, or was broken.
    Safe,
    /// A person: what the file does may change beyond the finding.
    Unsafe,
}

impl Applicability {
    pub fn name(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        }
    }
}

/// Edits that, made together, cure a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "anchor the pattern".
    pub title: String,
    pub applicability: Applicability,
    pub edits: Vec<Edit>,
    pub new_files: Vec<NewFile>,
}

/// What a finding is about: `column raw.orders.amount`. Equal in both revisions, whatever the lines do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    pub kind: SubjectKind,
    pub key: Arc<str>,
}

impl Subject {
    pub fn new(kind: SubjectKind, key: impl Into<Arc<str>>) -> Subject {
        Subject { kind, key: key.into() }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.name(), self.key)
    }
}

/// The kinds of thing that rules speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubjectKind {
    File,
    Feed,
    Schema,
    Field,
    Bucket,
    Trigger,
    Workflow,
    Dataset,
    Table,
    Column,
    Query,
}

impl SubjectKind {
    pub const ALL: [SubjectKind; 11] = [
        SubjectKind::File,
        SubjectKind::Feed,
        SubjectKind::Schema,
        SubjectKind::Field,
        SubjectKind::Bucket,
        SubjectKind::Trigger,
        SubjectKind::Workflow,
        SubjectKind::Dataset,
        SubjectKind::Table,
        SubjectKind::Column,
        SubjectKind::Query,
    ];

    pub fn name(self) -> &'static str {
        match self {
            SubjectKind::File => "file",
            SubjectKind::Feed => "feed",
            SubjectKind::Schema => "schema",
            SubjectKind::Field => "field",
            SubjectKind::Bucket => "bucket",
            SubjectKind::Trigger => "trigger",
            SubjectKind::Workflow => "workflow",
            SubjectKind::Dataset => "dataset",
            SubjectKind::Table => "table",
            SubjectKind::Column => "column",
            SubjectKind::Query => "query",
        }
    }

    pub fn from_name(name: &str) -> Option<SubjectKind> {
        SubjectKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The id of a rule: kebab-case, the defect as a noun phrase.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(Arc<str>);

impl RuleId {
    pub fn new(id: impl Into<Arc<str>>) -> RuleId {
        RuleId(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub rule: RuleId,
    pub severity: Severity,
    /// Names the thing in backticks and says what is wrong; no full stop.
    pub message: String,
    pub primary: Span,
    /// A remark under the primary place, where the message alone does not say why it is this place.
    pub label: Option<String>,
    pub related: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    pub fix: Option<Fix>,
    pub subject: Subject,
    /// Tells two findings of one rule on one subject apart, equal in both revisions: never a line number.
    pub detail: String,
    /// Whether the base is free of it; `None` where nothing was compared.
    pub is_new: Option<bool>,
}

impl Diagnostic {
    /// The identity over revisions: 16 hexadecimal digits of FNV-1a over rule, subject and detail.
    pub fn fingerprint(&self) -> String {
        let subject = self.subject.to_string();
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for part in [self.rule.as_str(), &subject, &self.detail] {
            for byte in part.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }
}
