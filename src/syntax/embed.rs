//! The text of a string node together with the map back to its host: SQL in a block scalar, a heredoc, a JSON string.

use super::decoded::Decoded;
use super::hcl_text::{self, Style};
use super::node::{Document, Format, NodeId, Operator, Value};
use super::{json_text, yaml_text};
use crate::text::SpanMap;
use std::ops::Range;

/// The decoded text of a string (or of a template, whose holes become `${…}` as they are written) and where each byte of it stands.
#[derive(Debug, Clone)]
pub struct Embedded {
    pub text: String,
    pub map: SpanMap,
}

/// `None` when the node is neither a string nor a template.
pub fn embedded(document: &Document, node: NodeId) -> Option<Embedded> {
    let value = match document.value(node) {
        Value::String(text) => match document.text_range(text) {
            Some(range) => return Some(verbatim(document, range)),
            None => Some(document.text(text)),
        },
        Value::Expression { operator: Operator::Template, .. } => None,
        _ => return None,
    };
    let span = document.span(node);
    if span.file != document.file() {
        // The node was made of a text of another file, whose source is not at hand.
        let text = value?.to_owned();
        let mut map = SpanMap::new(span.file);
        map.push_replaced(0, span.range());
        return Some(Embedded { text, map });
    }
    let mut decoded = decode(document, span.range(), value);
    if let Some(value) = value.filter(|value| *value != decoded.text) {
        // The parser and the decoder disagree: then the whole scalar stands for each byte of its text.
        decoded = Decoded::default();
        decoded.replace(value, span.range());
    }
    let (text, map) = decoded.into_map(document.file(), span.range());
    Some(Embedded { text, map: if is_literal(document, span.range()) { map.literal() } else { map } })
}

fn verbatim(document: &Document, range: Range<usize>) -> Embedded {
    let text = document.source().get(range.clone()).unwrap_or("").to_owned();
    Embedded { text, map: SpanMap::verbatim(document.file(), range) }
}

/// A block scalar or a heredoc, which take any line as it is.
fn is_literal(document: &Document, range: Range<usize>) -> bool {
    let written = document.source().get(range).unwrap_or_default();
    match document.format {
        Format::Yaml => written.starts_with(['|', '>']),
        Format::Hcl => written.starts_with("<<"),
        Format::Json | Format::HclJson => false,
    }
}

fn decode(document: &Document, range: Range<usize>, value: Option<&str>) -> Decoded {
    let source = document.source();
    match document.format {
        Format::Yaml => yaml_text::decode(source, range, value.unwrap_or("")),
        Format::Json => json_text::decode(source, range),
        Format::Hcl => hcl(source, range),
        Format::HclJson => {
            let json = json_text::decode(source, range);
            hcl_text::decode(&json.text, 0..json.text.len(), Style::Bare).within(&json)
        }
    }
}

fn hcl(source: &str, range: Range<usize>) -> Decoded {
    let written = source.get(range.clone()).unwrap_or("");
    if written.starts_with("<<") {
        let (content, style) = hcl_text::heredoc(source, range.clone()).unwrap_or((range, Style::Bare));
        return hcl_text::decode(source, content, style);
    }
    if written.len() >= 2 && written.starts_with('"') && written.ends_with('"') {
        return hcl_text::decode(source, range.start + 1..range.end - 1, Style::Quoted);
    }
    hcl_text::decode(source, range, Style::Quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::node::Parsed;
    use crate::syntax::testing::{file, for_each_mutation};
    use crate::syntax::{hcl, json, yaml};

    /// Each string and template of the file: its text, and what stands in the file for each of its words.
    fn maps(parsed: &Parsed) -> String {
        let nodes = parsed.document.node_ids().filter_map(|id| embedded(&parsed.document, id));
        nodes.map(|embedded| words(parsed, &embedded)).collect::<Vec<_>>().join("\n")
    }

    fn words(parsed: &Parsed, embedded: &Embedded) -> String {
        let mut said = format!("{:?}", embedded.text);
        let mut at = 0;
        for word in embedded.text.split_inclusive([' ', '\n']) {
            let span = embedded.map.span(at..at + word.trim_end().len());
            said.push_str(&format!(" {:?}", parsed.document.source().get(span.range()).expect("a span lies in the file")));
            at += word.len();
        }
        said
    }

    fn yaml(text: &str) -> String {
        maps(&yaml::parse(file(), &text.into()))
    }

    fn hcl(text: &str) -> String {
        maps(&hcl::parse(file(), &text.into()))
    }

    #[test]
    fn yaml_scalars_map_to_where_they_are_written() {
        assert_eq!(yaml("a: plain text"), r#""plain text" "plain" "text""#);
        assert_eq!(yaml("a: one\n  two\n\n  three"), r#""one two\nthree" "one" "two" "three""#);
        assert_eq!(yaml("a: 'it''s so'"), r#""it's so" "it''s" "so""#);
        assert_eq!(yaml("a: \"a\\tb \\\n   c d\\u00e9\\n\""), r#""a\tb c dé\n" "a\\tb" "c" "d\\u00e9""#);
        assert_eq!(
            yaml("a: |-\r\n  SELECT\r\n    x\r\n\r\n  FROM t\r\nb: 1"),
            r#""SELECT\n  x\n\nFROM t" "SELECT" "" "" "x" "" "FROM" "t""#
        );
        assert_eq!(
            yaml("a: >+ # c\n\n  one\n  two\n\n  three\n    four\n  five\n\n"),
            r#""\none two\nthree\n  four\nfive\n\n" "" "one" "two" "three" "" "" "four" "five" """#
        );
        assert_eq!(yaml("a: |2\n    x\n   y\n"), r#""  x\n y\n" "" "" "x" "" "y""#);
    }

    #[test]
    fn json_strings_map_to_where_they_are_written() {
        let parsed = json::parse(file(), &r#"["a \"b\" \ud83d\ude00x"]"#.into());
        assert_eq!(maps(&parsed), r#""a \"b\" 😀x" "a" "\\\"b\\\"" "\\ud83d\\ude00x""#);
    }

    #[test]
    fn hcl_strings_and_heredocs_map_to_where_they_are_written() {
        assert_eq!(hcl(r#"a = "x \"y\" $${z}""#), r#""x \"y\" ${z}" "x" "\\\"y\\\"" "$${z}""#);
        assert_eq!(hcl("a = <<EOT\n  one\ntwo $${x}\nEOT\n"), r#""  one\ntwo ${x}\n" "" "" "one" "two" "$${x}""#);
        assert_eq!(hcl("a = <<-EOT\n    one\n\n      two\n  EOT\n"), r#""one\n\n  two\n" "one" "" "" "" "two""#);
    }

    #[test]
    fn holes_stand_in_the_text_as_they_are_written() {
        let parsed = hcl::parse(file(), &"a = <<-EOT\n    SELECT ${var.x}\n      FROM t\n  EOT\n".into());
        let template = parsed.document.get(parsed.document.roots[0], "a").and_then(|node| embedded(&parsed.document, node));
        let said = template.map(|template| words(&parsed, &template));
        assert_eq!(said.as_deref(), Some(r#""SELECT ${var.x}\n  FROM t\n" "SELECT" "${var.x}" "" "" "FROM" "t""#));
    }

    #[test]
    fn templates_in_json_map_through_both_notations() {
        let parsed = hcl::parse_json(file(), &r#"{"a": "x\t${var.b} $${c}"}"#.into());
        let template = parsed.document.get(parsed.document.roots[0], "a").and_then(|node| embedded(&parsed.document, node));
        let said = template.map(|template| words(&parsed, &template));
        assert_eq!(said.as_deref(), Some(r#""x\t${var.b} ${c}" "x\\t${var.b}" "$${c}""#));
    }

    const YAML: [&str; 3] = [
        "a: \"x \\\"y\\\" \\u00e9\\\n  z\n\n  w\"\nb: 'it''s\n  é'\nc: one\n  two\n",
        "a:\n  - |\n    SELECT\n      1\n\n    FROM é\n  - >-\n    one\n    two\n\n     three\n",
        "a: |2+\r\n    x\r\n   y\r\n\r\nb: >\r\n  z\r\n",
    ];
    const HCL: [&str; 2] = [
        "a = \"x \\\"y\\\" $${z} \\u00e9 %%{\"\nb = <<-EOT\n    one\n\n      two ${var.x} é\n  EOT\nc = <<X\n  y\n%{ if a }z%{ endif }\nX\n",
        "a = \"${f(\"}\")} b ${c}\"\nd = [\"\\n\", \"e\"]\n",
    ];

    /// Every text that the tree holds is found again, and its map never leaves the file.
    fn check(parsed: &Parsed) -> usize {
        let mut n_decoded = 0;
        for id in parsed.document.node_ids() {
            let Some(embedded) = embedded(&parsed.document, id) else { continue };
            assert!(parsed.document.str(id).is_none_or(|text| text == embedded.text));
            let is_whole = embedded.map.span(0..embedded.text.len()) == embedded.map.span(0..1.min(embedded.text.len()));
            n_decoded += usize::from(!is_whole);
            for (at, character) in embedded.text.char_indices() {
                let span = embedded.map.span(at..at + character.len_utf8());
                let written = parsed.document.source().get(span.range());
                assert!(written.is_some(), "{:?}", parsed.document.source());
            }
        }
        n_decoded
    }

    #[test]
    fn no_mutation_leads_a_map_out_of_its_file() {
        for_each_mutation(&YAML, 2_000, |text| {
            check(&yaml::parse(file(), text));
        });
        for_each_mutation(&HCL, 1_000, |text| {
            check(&hcl::parse(file(), text));
        });
    }
}
