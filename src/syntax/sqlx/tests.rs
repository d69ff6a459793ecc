//! Files of Dataform in, their parts out.

use super::{PartKind, Piece, parse, pieces};
use crate::syntax::testing::file;

fn parts(text: &str) -> Vec<(PartKind, String)> {
    let sqlx = parse(file(), &text.into());
    let parts = sqlx.parts.into_iter().map(|part| (part.kind, text[part.range].trim().to_owned()));
    parts.filter(|(_, text)| !text.is_empty()).collect()
}

#[test]
fn braces_end_blocks_past_strings_comments_and_holes() {
    let text = "config { a: \"}\", b: `}${ \"}\" }` /* } */ } // }\n} js { f(\"{\") }\npre_operations { SELECT '}' -- }\n, ${ x(\"}\") } }\nSELECT 1";
    let said: Vec<(PartKind, String)> = parts(text);
    let kinds: Vec<PartKind> = said.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(said.last().map(|(_, text)| text.as_str()), Some("SELECT 1"));
    assert_eq!(kinds, [PartKind::Config, PartKind::Query, PartKind::Other, PartKind::PreOperations, PartKind::Query]);
}

#[test]
fn words_of_blocks_are_words_of_sql_elsewhere() {
    assert_eq!(
        parts("SELECT config, js FROM t.config -- config {"),
        [(PartKind::Query, "SELECT config, js FROM t.config -- config {".to_owned())]
    );
}

#[test]
fn holes_in_strings_are_left_to_them() {
    let text = "SELECT '${a}', ${b(\"}\")}\n---\nSELECT `${c}`";
    let found = pieces(text, 0..text.len());
    let shown: Vec<String> = found
        .into_iter()
        .map(|piece| match piece {
            Piece::Sql(range) => text[range].to_owned(),
            Piece::Hole(range) => format!("hole {}", &text[range]),
            Piece::Separator(_) => "separator".to_owned(),
        })
        .collect();
    assert_eq!(shown, ["SELECT '${a}', ", "hole ${b(\"}\")}", "\n", "separator", "\nSELECT `${c}`"]);
}
