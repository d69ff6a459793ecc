//! A JSON Schema breaks the rules of its own draft.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::JsonSchema;
use crate::model::schema::Draft;
use crate::model::schema_check::{Violation, violations};
use crate::rules::{Context, Sink};
use rayon::prelude::*;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let schemas: Vec<&JsonSchema> = context.head.schemas.values().collect();
    let found: Vec<(&JsonSchema, Vec<Violation>)> = schemas
        .par_iter()
        .filter_map(|schema| Some((*schema, violations(schema, context.head.documents.get(&schema.file)?))))
        .collect();
    for (schema, violations) in found {
        let subject = Subject::new(SubjectKind::Schema, schema.path.as_str());
        if schema.draft == Draft::Other {
            sink.not_checked(&subject, "the draft that `$schema` names is not known", None);
        }
        for violation in violations {
            sink.report(subject.clone(), violation.span, violation.message.clone()).detail(violation.message);
        }
    }
}
