//! A field is classified, and everybody who may read the table may read it.

use super::alignment::{Pair, pairs};
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::Column;
use crate::model::column_name::folded;
use crate::model::facts::Item;
use crate::model::schema::shape::{Field, Shape};
use crate::rules::{Context, Sink};
use crate::text::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// A column without a policy tag whose values are classified.
struct Bare<'a> {
    path: String,
    column: &'a Column,
    field: &'a Field,
    says: &'a Spanned<Box<str>>,
}

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if context.config.policy.policy_tags.is_empty() {
        return;
    }
    // Of several feeds that share a table, or a table schema, the first speaks for all.
    let mut reported = BTreeSet::new();
    for pair in pairs(context, |_| {}) {
        let mut walk = Walk { context, bare: Vec::new() };
        walk.record(&pair.schema.shape, pair.columns, "", None);
        let new = walk.bare.iter().filter(|bare| reported.insert(bare.column.name_span));
        new.for_each(|bare| report(context, &pair, bare, sink));
    }
    for feed in context.head.feeds.values() {
        let Some(table) = context.head.schema_of(feed).and_then(|_| context.head.table_of(feed)) else { continue };
        if let Some(why) = table.columns.why() {
            sink.not_checked(&Item::Feed(feed).subject(), why.text.to_string(), why.span);
        }
    }
}

fn report(context: &Context<'_>, pair: &Pair<'_>, bare: &Bare<'_>, sink: &mut Sink<'_>) {
    let subject = Subject::new(SubjectKind::Column, format!("{}.{}", pair.table.id, bare.path));
    if let Some(why) = bare.column.policy_tags.why() {
        return sink.not_checked(&subject, why.text.to_string(), why.span);
    }
    let message = format!(
        "column `{}` of table `{}` carries no policy tag, and field `{}` of feed `{}` is {}",
        bare.path, pair.table.id, bare.field.name, pair.feed.id, bare.says.value
    );
    let diagnostic = sink.report(subject, bare.column.name_span, message);
    diagnostic.related(bare.says.span, "the JSON Schema says so");
    if let Some(asked) = asked(context, bare.says) {
        diagnostic.related(asked, "the policy asks for a tag");
    }
    pair.relate_feed(diagnostic);
}

/// The entry of the policy that names this classification, in any case.
fn asked(context: &Context<'_>, says: &Spanned<Box<str>>) -> Option<Span> {
    let is_same = |named: &&Spanned<String>| named.value.eq_ignore_ascii_case(&says.value);
    context.config.policy.policy_tags.iter().find(is_same).map(|named| named.span)
}

struct Walk<'a> {
    context: &'a Context<'a>,
    bare: Vec<Bare<'a>>,
}

/// Where a classification was said: it holds for all fields of a record that say nothing else.
type Said<'a> = Option<(&'a Field, &'a Spanned<Box<str>>)>;

impl<'a> Walk<'a> {
    fn record(&mut self, shape: &'a Shape, columns: &'a [Column], above: &str, said: Said<'a>) {
        let of_list = shape.list.as_ref().and_then(|list| list.items.as_ref()).and_then(|items| items.record.as_ref());
        let fields = shape.record.as_ref().or(of_list).map_or(&[][..], |record| &record.fields);
        let by_name: BTreeMap<_, &Field> = fields.iter().map(|field| (folded(&field.name), field)).collect();
        for column in columns {
            let path = if above.is_empty() { column.name.clone() } else { format!("{above}.{}", column.name) };
            let field = by_name.get(&folded(&column.name)).copied();
            let own = field.and_then(|field| Some((field, field.classification.as_deref()?)));
            self.column(column, field, path, own.or(said));
        }
    }

    /// BigQuery takes tags on columns that hold values, and none on records.
    fn column(&mut self, column: &'a Column, field: Option<&'a Field>, path: String, said: Said<'a>) {
        if !column.fields.is_empty() {
            match field {
                Some(field) => self.record(&field.shape, &column.fields, &path, said),
                None => {
                    column.fields.iter().for_each(|nested| self.column(nested, None, format!("{path}.{}", nested.name), said))
                }
            }
            return;
        }
        let Some((field, says)) = said else { return };
        if column.policy_tags.value().is_none() && asked(self.context, says).is_some() {
            self.bare.push(Bare { path, column, field, says });
        }
    }
}
