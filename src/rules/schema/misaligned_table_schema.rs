//! The records that a feed's JSON Schema allows do not fit the table that they are loaded into.

use super::alignment::{Pair, pairs};
use super::table_fix::TableFix;
use crate::diagnostic::{Diagnostic, Subject, SubjectKind};
use crate::model::Column;
use crate::model::facts::Item;
use crate::record::align::{Misfit, Reason};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let unknown = |table: &crate::model::Table| {
        if let Some(why) = table.columns.why() {
            sink.not_checked(&Item::Table(table).subject(), why.text.to_string(), why.span);
        }
    };
    for pair in pairs(context, unknown) {
        let alignment = pair.align();
        pair.not_checked(&alignment, sink);
        let fix = TableFix::new(context, &pair);
        alignment.misfits.iter().for_each(|misfit| report(&pair, misfit, &fix, sink));
    }
}

fn report(pair: &Pair<'_>, misfit: &Misfit<'_>, fix: &TableFix<'_>, sink: &mut Sink<'_>) {
    let diagnostic = match misfit.column {
        Some(column) => misfitting(pair, misfit, column, sink),
        None => {
            let Some(diagnostic) = missing(pair, misfit, sink) else { return };
            diagnostic
        }
    };
    pair.relate_feed(diagnostic);
    diagnostic.fix = fix.of(misfit);
}

fn missing<'s>(pair: &Pair<'_>, misfit: &Misfit<'_>, sink: &'s mut Sink<'_>) -> Option<&'s mut Diagnostic> {
    let (field, path) = (misfit.field?, &misfit.field_path);
    let subject = Subject::new(SubjectKind::Field, format!("{}#{path}", pair.schema.path));
    if pair.may_have_more_columns() {
        let why = format!("field `{path}`: not all that defines table `{}` gives it the same columns", pair.table.id);
        sink.not_checked(&subject, why, Some(field.key_span));
        return None;
    }
    let message = format!("field `{path}` of feed `{}` has no column in table `{}`", pair.feed.id, pair.table.id);
    let diagnostic = sink.report(subject, field.key_span, message);
    diagnostic.help("add the column to the table schema: a load refuses records with keys that the table does not have");
    pair.relate_table(diagnostic);
    Some(diagnostic)
}

fn misfitting<'s>(pair: &Pair<'_>, misfit: &Misfit<'_>, column: &Column, sink: &'s mut Sink<'_>) -> &'s mut Diagnostic {
    let (feed, path) = (&pair.feed.id, &misfit.column_path);
    let subject = Subject::new(SubjectKind::Column, format!("{}.{path}", pair.table.id));
    let Some(field) = misfit.field else {
        let message = format!("column `{path}` is REQUIRED, and feed `{feed}` has no such field");
        let diagnostic = sink.report(subject, column.name_span, message);
        return diagnostic.help("make the column NULLABLE, or add the field to the JSON Schema");
    };
    let why = words(&misfit.why, column);
    let message = format!("field `{}` of feed `{feed}` does not fit column `{path}`: {why}", misfit.field_path);
    let diagnostic = sink.report(subject, column.type_span, message);
    diagnostic.help(help(&misfit.why)).related(field.key_span, "the field of the JSON Schema")
}

fn words(why: &Reason, column: &Column) -> String {
    let data_type = column.type_text();
    match why {
        Reason::NoColumn | Reason::NoField => "there is none".to_owned(),
        Reason::NotRepeated => format!("the field is a list, the column is not REPEATED ({data_type})"),
        Reason::NotList => "the column is REPEATED, the field is not a list".to_owned(),
        Reason::Null => "the column is REQUIRED, the field may be null".to_owned(),
        Reason::Optional => "the column is REQUIRED, the field is not".to_owned(),
        Reason::NullItems => "its items may be null, which a REPEATED column does not take".to_owned(),
        Reason::ListOfLists => format!("its items are lists, the column holds {data_type}"),
        Reason::FreeKeys => "its keys are free, the fields of the record are not".to_owned(),
        Reason::Value { what, is_item: true } if what == "an object" => {
            format!("its items are objects, the column holds {data_type}")
        }
        Reason::Value { what, is_item: true } => format!("{what} as an item is not loaded into {data_type}"),
        Reason::Value { what, is_item: false } => format!("{what} is not loaded into {data_type}"),
    }
}

fn help(why: &Reason) -> &'static str {
    match why {
        Reason::FreeKeys | Reason::ListOfLists => "make it a column of type JSON, which takes any value",
        Reason::NullItems => "leave `null` out of the types of the items, or make it a column of type JSON",
        Reason::Optional => "make the column NULLABLE, or list the field under `required`",
        Reason::Null => "make the column NULLABLE, or leave `null` out of the types of the field",
        Reason::NoColumn | Reason::NoField | Reason::NotRepeated | Reason::NotList | Reason::Value { .. } => {
            "change the column or the field, so that every record that the schema allows can be loaded"
        }
    }
}
