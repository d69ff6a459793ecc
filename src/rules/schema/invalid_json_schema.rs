//! A JSON Schema breaks the rules of its own draft.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::schema::Draft;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for schema in context.head.schemas.values() {
        let subject = Subject::new(SubjectKind::Schema, schema.path.as_str());
        if schema.draft == Draft::Other {
            sink.not_checked(&subject, "the draft that `$schema` names is not known", None);
        }
        for violation in &schema.violations {
            sink.report(subject.clone(), violation.span, violation.message.clone()).detail(violation.message.clone());
        }
    }
}
