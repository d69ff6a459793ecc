//! JSON (RFC 8259) into the tree, through `jsonc-parser` with all its leniences off.

use super::duplicate::duplicates;
use super::json_message::{Said, of_error, of_flaw};
use super::json_scan::{Flaw, scan};
use super::node::{Document, Entry, Format, NodeId, Parsed, Problem, ProblemKind, Text, Value};
use super::number::decimal;
use crate::text::{BOM, FileId, Span};
use jsonc_parser::ast;
use jsonc_parser::common::{Range as AstRange, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::ops::Range;
use std::sync::Arc;

/// Whether a file may hold `//` and `/* */` comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comments {
    Refused,
    Allowed,
}

/// Reads a JSON file.
pub fn parse(file: FileId, source: &Arc<str>) -> Parsed {
    parse_with(file, source, Comments::Refused)
}

/// Reads a JSON file, with comments where its format allows them. A text that is no JSON gives no root.
pub fn parse_with(file: FileId, source: &Arc<str>, comments: Comments) -> Parsed {
    let start = if source.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let mut document = Document::new(file, source.clone());
    document.format = Format::Json;
    let mut reader = Reader { start, parsed: Parsed { document, problems: Vec::new() } };
    reader.read(source.get(start..).unwrap_or(""), comments);
    reader.parsed
}

struct Reader {
    /// Where the text begins: after a byte order mark.
    start: usize,
    parsed: Parsed,
}

impl Reader {
    fn read(&mut self, text: &str, comments: Comments) {
        let (flaw, _) = scan(text);
        if flaw.as_ref().is_some_and(|flaw| !flaw.is_harmless()) {
            return self.say_flaw(flaw, text);
        }
        match parse_to_ast(text, &CollectOptions::default(), &options(comments)) {
            Err(error) => {
                let said = of_error(&error, text);
                let ended_early = matches!(error.kind(), ParseErrorKind::UnterminatedArray | ParseErrorKind::UnterminatedObject);
                let flaw = flaw.filter(|flaw| comes_first(flaw, &said, ended_early));
                if flaw.is_none() { self.say(said) } else { self.say_flaw(flaw, text) }
            }
            Ok(result) => {
                self.say_flaw(flaw, text);
                match result.value {
                    Some(value) => {
                        let root = self.lower(&value);
                        self.parsed.document.roots.push(root);
                    }
                    None => self.say(empty(text)),
                }
            }
        }
    }

    fn say_flaw(&mut self, flaw: Option<Flaw>, text: &str) {
        if let Some(flaw) = flaw {
            self.say(of_flaw(flaw, text));
        }
    }

    fn say(&mut self, said: Said) {
        let related = said.related.map(|(range, label)| (self.span(range), label.to_owned()));
        let span = self.span(said.range);
        let help = said.help.map(str::to_owned);
        self.parsed.problems.push(Problem { kind: said.kind, span, message: said.message, help, related });
    }

    fn span(&self, range: Range<usize>) -> Span {
        let source = self.parsed.document.source();
        let start = source.floor_char_boundary(range.start + self.start);
        let end = source.ceil_char_boundary((range.end + self.start).min(source.len()));
        Span::new(self.parsed.document.file(), start..end)
    }

    /// The scan bounds the depth, so that this may recurse.
    fn lower(&mut self, node: &ast::Value<'_>) -> NodeId {
        let range = node.range();
        let value = match node {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
            ast::Value::NumberLit(literal) => {
                decimal(literal.value, self.parsed.document.slice_text(range.start + self.start, range.end + self.start))
            }
            ast::Value::StringLit(literal) => Value::String(self.text(&literal.value, range)),
            ast::Value::Array(array) => {
                let items: Vec<NodeId> = array.elements.iter().map(|element| self.lower(element)).collect();
                Value::Sequence(self.parsed.document.push_items(items))
            }
            ast::Value::Object(object) => self.object(object),
        };
        let span = Span::new(self.parsed.document.file(), range.start + self.start..range.end + self.start);
        self.parsed.document.push(value, span)
    }

    fn object(&mut self, object: &ast::Object<'_>) -> Value {
        let entries: Vec<Entry> = object.properties.iter().map(|property| self.entry(property)).collect();
        self.parsed.problems.extend(duplicates(&self.parsed.document, &entries));
        Value::Map(self.parsed.document.push_entries(entries))
    }

    fn entry(&mut self, property: &ast::ObjectProp<'_>) -> Entry {
        let value = self.lower(&property.value);
        let range = property.name.range();
        let key = match &property.name {
            ast::ObjectPropName::String(literal) => self.text(&literal.value, range),
            ast::ObjectPropName::Word(word) => self.parsed.document.owned_text(word.value),
        };
        let key_span = Span::new(self.parsed.document.file(), range.start + self.start..range.end + self.start);
        Entry { key, key_span, value, merged: false }
    }

    /// The text of a string literal; `range` includes its quotes.
    fn text(&mut self, value: &str, range: AstRange) -> Text {
        let inner = range.start + self.start + 1..range.end + self.start - 1;
        match self.parsed.document.source().get(inner.clone()) == Some(value) {
            true => self.parsed.document.slice_text(inner.start, inner.end),
            false => self.parsed.document.owned_text(value),
        }
    }
}

/// An unclosed bracket is the last resort: where the parser stumbled earlier, it is closer to the mistake.
fn comes_first(flaw: &Flaw, said: &Said, ended_early: bool) -> bool {
    match flaw {
        Flaw::NeverClosed(_) => ended_early,
        Flaw::TooDeep(range)
        | Flaw::OpenString(range)
        | Flaw::OddSpace(range)
        | Flaw::ControlCharacter(range)
        | Flaw::Mismatch(range, _)
        | Flaw::NothingOpen(range) => range.start <= said.range.start,
    }
}

fn empty(text: &str) -> Said {
    let help = Some("an empty map is `{}`, and an empty list `[]`");
    Said {
        kind: ProblemKind::Syntax,
        range: 0..text.len(),
        message: "the file holds no JSON value".to_owned(),
        help,
        related: None,
    }
}

fn options(comments: Comments) -> ParseOptions {
    ParseOptions {
        allow_comments: comments == Comments::Allowed,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::testing::{self, assert_spans_lie_in_the_file, dump, for_each_mutation, in_small_stack, places, problems};

    fn read(text: &str) -> Parsed {
        parse(testing::file(), &text.into())
    }

    #[test]
    fn trees_hold_every_kind_of_node() {
        let parsed = read(r#"{"a": [1, -2.5, true, null], "b\n": "c\u00e9\ud83d\ude00", "big": 123456789012345678901234567890}"#);
        assert_eq!(dump(&parsed), "{a: [1, -2.5, true, null], b\n: \"cé😀\", big: #123456789012345678901234567890}");
        assert_eq!(problems(&parsed), "");
    }

    #[test]
    fn spans_cover_what_is_written() {
        let parsed = read("\u{feff}{\r\n\"é\": [1, \"x\"]}");
        assert_eq!(places(&parsed), r#""{\r\n\"é\": [1, \"x\"]}" "\"é\"": "[1, \"x\"]" "1" "\"x\"""#);
    }

    #[test]
    fn problems_say_what_is_wrong_and_where() {
        for (text, said) in [
            ("", "Syntax 0:\"\" the file holds no JSON value\n"),
            ("{\"a\": 1 \"b\": 2}", "Syntax 6:\"1\" expected `,` or `}` after this value\n"),
            ("[\"é\" 2]", "Syntax 4:\"\\\"\" expected `,` or `]` after this value\n"),
            ("[1, 2,]", "Syntax 5:\",\" a comma stands before a closing bracket\n"),
            ("{a: 1}", "Syntax 1:\"a\" a key stands without quotes\n"),
            ("{'a': 1}", "Syntax 1:\"'\" a text stands in single quotes\n"),
            ("[NaN]", "Syntax 1:\"NaN\" `NaN` is no JSON value\n"),
            ("[-Infinity]", "Syntax 1:\"-Infinity\" `-Infinity` is no JSON value\n"),
            ("[True]", "Syntax 1:\"True\" `True` is no JSON value\n"),
            ("[01]", "Syntax 1:\"0\" a number cannot begin with `0`\n"),
            ("[+1, 0x1]", "Syntax 1:\"+1\" a number cannot begin with `+`\n"),
            ("[.5]", "Syntax 1:\".5\" a number needs digits on both sides of its point\n"),
            ("{} {}", "Syntax 3:\"{\" text follows the end of the JSON value\n"),
            ("[1] // x", "Syntax 4:\"// x\" JSON has no comments\n"),
            ("{\"a\": [1, 2}", "Syntax 11:\"}\" `}` does not close `[` <- 6:\"[\" opened here\n"),
            ("{\"a\": [1, 2]", "Syntax 0:\"{\" `{` is never closed\n"),
            ("{\"a: 1,\n\"b\": 2}", "Syntax 1:\"\\\"\" this text is not closed on its line\n"),
            ("[\"\\x\"]", "Syntax 2:\"\\\\x\" JSON knows no such escape\n"),
            ("[\"\\ud800\"]", "Syntax 2:\"\\\\ud800\" this escape is half of a surrogate pair\n"),
            ("[\u{a0}1]", "Syntax 1:\"\\u{a0}\" U+00A0 is no white space in JSON\n"),
            (
                "{\"a\": 1, \"a\": 2}",
                "DuplicateKey 9:\"\\\"a\\\"\" the key `a` stands twice in this map <- 1:\"\\\"a\\\"\" first written here\n",
            ),
            ("{\"a\": }", "Syntax 6:\"}\" a value is missing before this\n"),
            ("{\"a\" 1}", "Syntax 5:\"1\" expected `:` between a key and this\n"),
        ] {
            assert_eq!(problems(&read(text)), said, "{text:?}");
        }
    }

    #[test]
    fn a_tab_inside_a_text_is_said_and_the_tree_is_still_there() {
        let parsed = read("[\"a\tb\"]");
        assert_eq!(problems(&parsed), "Syntax 3:\"\\t\" the control character U+0009 stands inside a text\n");
        assert_eq!(dump(&parsed), r#"["a\tb"]"#);
    }

    #[test]
    fn comments_stand_only_where_they_are_allowed() {
        let text: Arc<str> = "// one \" quote\n[1, /* [ */ 2]".into();
        let parsed = parse_with(testing::file(), &text, Comments::Allowed);
        assert_eq!((dump(&parsed).as_str(), problems(&parsed).as_str()), ("[1, 2]", ""));
        assert_eq!(problems(&parse(testing::file(), &text)), "Syntax 0:\"// one \\\" quote\" JSON has no comments\n");
    }

    const SEEDS: [&str; 3] = [
        r#"{"$schema": "x", "type": "object", "properties": {"é": {"type": ["string", "null"], "maxLength": 12.50e1}}}"#,
        "[\r\n  {\"name\": \"a\\u00e9\\n\", \"mode\": \"REQUIRED\", \"n\": -0.0},\r\n  true, false, null, [], {}\r\n]\r\n",
        "\"\u{1F600}\"",
    ];

    #[test]
    fn it_takes_what_serde_json_takes_and_nothing_else() {
        let mut n_taken = 0;
        for_each_mutation(&SEEDS, 4_000, |text| {
            let parsed = parse(testing::file(), text);
            assert_spans_lie_in_the_file(&parsed);
            let is_right = parsed.problems.iter().all(|problem| problem.kind == ProblemKind::DuplicateKey);
            let reference = serde_json::from_str::<serde::de::IgnoredAny>(text.strip_prefix(BOM).unwrap_or(text)).is_ok();
            // A number beyond `f64` is an error there and a text here.
            assert_eq!(is_right, reference, "{text:?} {}", problems(&parsed));
            n_taken += usize::from(is_right);
        });
        assert!(n_taken > 500, "only {n_taken} of the mutations were right, which tests little");
    }

    #[test]
    fn hostile_texts_end_soon_with_a_problem() {
        let keys: String = (0..200_000).map(|key| format!("\"k{}\": {key},", key % 199_999)).collect();
        for text in [
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "[[".repeat(64) + "[" + &"]]".repeat(64),
            "\0".repeat(100_000),
            format!("{{{keys}\"last\": 1}}"),
            format!("[{}", "1,".repeat(1_000_000)),
            "\"".repeat(1_000_001),
        ] {
            in_small_stack(20, move || assert!(!read(&text).problems.is_empty()));
        }
    }

    #[test]
    fn nesting_up_to_the_limit_is_read() {
        in_small_stack(20, || {
            let parsed = read(&format!("{}{}", "[".repeat(128), "]".repeat(128)));
            assert_eq!(problems(&parsed), "");
        });
    }
}
