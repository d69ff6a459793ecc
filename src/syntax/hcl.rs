//! HCL (Terraform) into the tree, through `hcl-edit`. A file that it refuses is cut into its top-level items, and each
//! is read alone, so that one broken block costs only itself. What is valid Terraform and a gap of the parser is
//! rewritten, byte for byte, to what it reads.

use super::duplicate::duplicates;
use super::hcl_lex::{Flaw, Item, flattened, items};
use super::hcl_lower::{Host, Lowering};
use super::hcl_message::{Cause, cause, of_flaw};
use super::json_text;
use super::node::{Document, Entry, Format, NodeId, Parsed, Problem, ProblemKind, Value};
use super::{MAX_DEPTH, json};
use crate::text::{BOM, FileId, Span};
use hcl_edit::parser::{parse_body, parse_template};
use hcl_edit::structure::Body;
use std::ops::Range;
use std::sync::Arc;

/// After this many broken items the rest of a file is left unread.
const MAX_BROKEN_ITEMS: usize = 100;

/// After this many keys that stand twice in one item it is left unread.
const MAX_RENAMED_KEYS: usize = 64;

/// Reads a `.tf` or `.tfvars` file. Its root is a map.
pub fn parse(file: FileId, source: &Arc<str>) -> Parsed {
    let mut document = Document::new(file, source.clone());
    document.format = Format::Hcl;
    let mut reader = Reader { source, document, problems: Vec::new(), entries: Vec::new(), attributes: Vec::new(), n_broken: 0 };
    let start = if source.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    reader.read(start);
    let root = Value::Map(reader.document.push_entries(reader.entries));
    let span = Span::new(file, start..source.len());
    let root = reader.document.push(root, span);
    reader.document.roots.push(root);
    Parsed { document: reader.document, problems: reader.problems }
}

/// Reads a `.tf.json` or `.tfvars.json` file: as JSON, and strings with holes as templates.
pub fn parse_json(file: FileId, source: &Arc<str>) -> Parsed {
    let mut parsed = json::parse(file, source);
    parsed.document.format = Format::HclJson;
    let strings: Vec<NodeId> = parsed.document.node_ids().filter(|id| has_template(&parsed.document, *id)).collect();
    for id in strings {
        lower_template(&mut parsed, id);
    }
    parsed
}

fn has_template(document: &Document, id: NodeId) -> bool {
    document.str(id).is_some_and(|text| text.contains("${") || text.contains("%{"))
}

fn lower_template(parsed: &mut Parsed, id: NodeId) {
    let span = parsed.document.span(id);
    let (text, map) = json_text::decode(parsed.document.source(), span.range()).into_map(span.file, span.range());
    let Ok(template) = parse_template(&text) else {
        let kind = ProblemKind::NotAnalysed;
        let message = "this text holds `${` or `%{` and is no template that could be read".to_owned();
        let help = Some("write `$${` or `%%{` for the characters themselves".to_owned());
        parsed.problems.push(Problem { kind, span, message, help, related: None });
        return;
    };
    let Parsed { document, problems } = parsed;
    let mut lowering = Lowering { document, problems, text: &text, host: Host::Map(map), depth: 0 };
    let value = lowering.bare_template(&template);
    parsed.document.replace(id, value);
}

struct Reader<'s> {
    source: &'s str,
    document: Document,
    problems: Vec<Problem>,
    entries: Vec<Entry>,
    /// The attributes at top level: each may stand once.
    attributes: Vec<Entry>,
    n_broken: usize,
}

impl Reader<'_> {
    fn read(&mut self, start: usize) {
        let text = self.source.get(start..).unwrap_or("");
        match parse_body(text) {
            Ok(body) => self.keep(&body, start, text),
            Err(_) => {
                for item in items(text) {
                    self.item(item, start, text);
                }
            }
        }
        self.problems.extend(duplicates(&self.document, &self.attributes));
    }

    fn keep(&mut self, body: &Body, start: usize, text: &str) {
        let (document, problems) = (&mut self.document, &mut self.problems);
        let mut lowering = Lowering { document, problems, text, host: Host::File(start), depth: 1 };
        let entries = lowering.body(body);
        let blocks: Vec<Span> =
            body.blocks().filter_map(|block| Some(lowering.place(hcl_edit::Span::span(&block.ident)?))).collect();
        let is_attribute = |entry: &&Entry| blocks.binary_search(&entry.key_span).is_err();
        self.attributes.extend(entries.iter().filter(is_attribute).copied());
        self.entries.extend(entries);
    }

    fn item(&mut self, item: Item, start: usize, text: &str) {
        if self.n_broken > MAX_BROKEN_ITEMS {
            return;
        }
        // With its line break, so that the parser can point behind the item's last character.
        let end = (item.range.end + 1).min(text.len());
        let piece = text.get(item.range.start..end).or_else(|| text.get(item.range.clone())).unwrap_or("");
        let start = start + item.range.start;
        let result = parse_body(piece).or_else(|error| retry(piece, &error));
        match result {
            Ok(body) => self.keep(&body, start, piece),
            Err(error) => {
                let at = error.location().offset();
                self.broken(item.flaw.map(|flaw| moved(flaw, item.range.start)), cause(error.message(), at, piece), start);
            }
        }
    }

    fn broken(&mut self, flaw: Option<Flaw>, cause: Cause, start: usize) {
        self.n_broken += 1;
        let cause = match flaw {
            Some(flaw) if cause.kind == ProblemKind::Syntax => of_flaw(&flaw, self.source.get(start..).unwrap_or("")),
            _ => cause,
        };
        let span = self.span(cause.range.clone(), start);
        if cause.kind == ProblemKind::Syntax && self.is_template(span) {
            self.problems.push(template_problem(span));
            return;
        }
        let help = Some(cause.help.to_owned());
        let related = cause.related.map(|(range, label)| (self.span(range, start), label.to_owned()));
        self.problems.push(Problem { kind: cause.kind, span, message: cause.message, help, related });
        if self.n_broken > MAX_BROKEN_ITEMS {
            let message = "the rest of this file was not read: too many of its items are broken".to_owned();
            self.problems.push(Problem { kind: ProblemKind::NotAnalysed, span, message, help: None, related: None });
        }
    }

    /// Whether the line holds something that a program puts a value in place of: `%%NAME%%`, `{{ name }}`, `<%= name %>`.
    fn is_template(&self, at: Span) -> bool {
        let line_start = self.source.get(..at.range().start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let line = self.source.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        ["%%", "{{", "<%"].iter().any(|hole| line.contains(hole))
    }

    fn span(&self, range: Range<usize>, start: usize) -> Span {
        let begin = self.source.floor_char_boundary(range.start + start);
        let end = self.source.ceil_char_boundary((range.end + start).min(self.source.len()));
        Span::new(self.document.file(), begin..end)
    }
}

fn template_problem(span: Span) -> Problem {
    let message = "this is a template, and no Terraform before its holes are filled in".to_owned();
    Problem { kind: ProblemKind::NotAnalysed, span, message, help: None, related: None }
}

/// The flaw's ranges, relative to the item that begins at `start`.
fn moved(flaw: Flaw, start: usize) -> Flaw {
    let back = |range: Range<usize>| range.start.saturating_sub(start)..range.end.saturating_sub(start);
    match flaw {
        Flaw::OpenQuote(range) => Flaw::OpenQuote(back(range)),
        Flaw::OpenHeredoc(range) => Flaw::OpenHeredoc(back(range)),
        Flaw::NeverClosed(range) => Flaw::NeverClosed(back(range)),
        Flaw::Mismatch(range, open) => Flaw::Mismatch(back(range), open.map(back)),
    }
}

/// Tries what Terraform reads and the parser does not: line breaks without meaning, and keys that stand twice, which get
/// another name of the same length. The tree takes its keys from the source, and says which stand twice.
fn retry(piece: &str, first: &hcl_edit::parser::Error) -> Result<Body, hcl_edit::parser::Error> {
    let mut text = if is_redefinition(first) { piece.to_owned() } else { flattened(piece) };
    let mut n_renamed = 0;
    loop {
        match parse_body(&text) {
            Err(error) if is_redefinition(&error) && n_renamed < MAX_RENAMED_KEYS => {
                n_renamed += 1;
                if rename(&mut text, error.location().offset(), n_renamed).is_none() {
                    return Err(error);
                }
            }
            Err(_) if n_renamed > 0 && text != flattened(&text) => text = flattened(&text),
            result => return result,
        }
    }
}

fn is_redefinition(error: &hcl_edit::parser::Error) -> bool {
    error.message().contains("redefined")
}

/// Puts letters that count up in the place of the name at `at`.
fn rename(text: &mut String, at: usize, number: usize) -> Option<()> {
    let start = at + usize::from(text.get(at..)?.starts_with('"'));
    let name = text.get(start..)?;
    let length = name.find(|next: char| !(next.is_ascii_alphanumeric() || next == '_' || next == '-')).unwrap_or(name.len());
    if length == 0 {
        return None;
    }
    let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut rest = number;
    let mut new = String::new();
    for _ in 0..length {
        new.push(char::from(letters[rest % letters.len()]));
        rest /= letters.len();
    }
    text.replace_range(start..start + length, &new);
    Some(())
}

/// The parser's own limit, for messages.
pub(super) const PARSER_DEPTH: usize = if MAX_DEPTH < 64 { MAX_DEPTH } else { 64 };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::testing::{self, assert_spans_lie_in_the_file, dump, for_each_mutation, in_small_stack, places, problems};

    fn read(text: &str) -> Parsed {
        parse(testing::file(), &text.into())
    }

    #[test]
    fn blocks_are_entries_that_may_repeat_and_labels_are_maps() {
        let parsed = read("resource \"a\" \"b\" {\n  x = 1\n  y {\n    z = true\n  }\n  y {}\n}\nlocals {}\n");
        assert_eq!(dump(&parsed), "{resource: {a: {b: {x: 1, y: {z: true}, y: {}}}}, locals: {}}");
        assert_eq!(problems(&parsed), "");
    }

    #[test]
    fn spans_cover_what_is_written() {
        let parsed = read("\u{feff}a \"é\" {\r\n  x = [\"y\"]\r\n}\r\n");
        let expected = [
            r#""a \"é\" {\r\n  x = [\"y\"]\r\n}\r\n" "a": "\"é\" {\r\n  x = [\"y\"]\r\n}" "\"é\"":"#,
            r#""{\r\n  x = [\"y\"]\r\n}" "x": "[\"y\"]" "\"y\"""#,
        ];
        assert_eq!(places(&parsed), expected.join(" "));
    }

    #[test]
    fn expressions_keep_their_shape() {
        for (text, tree) in [
            ("a = -1.5e3", "{a: -1500.0}"),
            ("a = 12345678901234567890123", "{a: #12345678901234567890123}"),
            ("a = { b = 1, \"c\" : null, (d) = [] }", "{a: {b: 1, c: null, (d): []}}"),
            ("a = var.b[\"c\"].d[0]", "{a: Reference(var; \"b\", \"c\", \"d\", 0)}"),
            ("a = f(1, g())", "{a: Call(f; 1, Call(g; ))}"),
            ("a = \"x${b}y\"", "{a: Template(; \"x\", Reference(b; ), \"y\")}"),
            ("a = !(b && 1 < 2)", "{a: Unary(!; Binary(&&; Reference(b; ), Binary(<; 1, 2)))}"),
            ("a = b ? 1 : 2", "{a: Conditional(; Reference(b; ), 1, 2)}"),
            ("a = [for x in y : x]", "{a: For(; Reference(y; ), null, \"x\", null, Reference(x; ), true, false)}"),
            (
                "a = { for k, v in y : k => v.b... if v.c }",
                "{a: For(; Reference(y; ), \"k\", \"v\", Reference(k; ), Reference(v; \"b\"), Reference(v; \"c\"), true)}",
            ),
            ("a = f(b).c[0]", "{a: Access(; Call(f; Reference(b; )), \"c\", 0)}"),
            ("a = b.*.c", "{a: Splat(; Reference(b; ), Reference(*; \"c\"))}"),
            ("a = b.*.c[0]", "{a: Access(; Splat(; Reference(b; ), Reference(*; \"c\")), 0)}"),
            ("a = b[*].c[0]", "{a: Splat(; Reference(b; ), Reference(*; \"c\", 0))}"),
            ("a = f(b)[*].c[*]", "{a: Splat(; Call(f; Reference(b; )), Splat(; Reference(*; \"c\"), Reference(*; )))}"),
            ("a = f(b...)", "{a: Call(f; Expand(; Reference(b; )))}"),
            ("a = \"%{ if b }c%{ endif }d\"", "{a: Template(; Conditional(; Reference(b; ), \"c\", \"\"), \"d\")}"),
            (
                "a = \"%{ if b ~} c %{~ else ~} d %{ endif ~} e\"",
                "{a: Template(; Conditional(; Reference(b; ), \"c\", \"d \"), \"e\")}",
            ),
            (
                "a = \"%{ for x in y }${x},%{ endfor }\"",
                "{a: Template(; Call(join; \"\", For(; Reference(y; ), null, \"x\", null, Template(; Reference(x; ), \",\"), true, false)))}",
            ),
            ("a = <<-X\n   b ${c}\n     d\n  X\n", "{a: Template(; \"b \", Reference(c; ), \"\\n  d\\n\")}"),
        ] {
            let parsed = read(text);
            assert_eq!((dump(&parsed).as_str(), problems(&parsed).as_str()), (tree, ""), "{text}");
        }
    }

    #[test]
    fn one_broken_block_still_gives_the_others() {
        let parsed = read("a {\n  x = 1\n}\n\nb {\n  x = = 2\n}\nc = 3\nresource \"d\" \"e\" {\n  x = [\n\nvariable \"f\" {}\n");
        assert_eq!(dump(&parsed), "{a: {x: 1}, c: 3, variable: {f: {}}}");
        let said = "Syntax 25:\"=\" expected a value before `=`\nSyntax 54:\"{\" `{` is never closed\n";
        assert_eq!(problems(&parsed), said);
    }

    #[test]
    fn problems_say_what_is_wrong_and_where() {
        for (text, said) in [
            ("a = \"b\nc = 1\n", "Syntax 4:\"\\\"\" this text is not closed on its line\n"),
            ("a = <<X\nb\n", "Syntax 4:\"<<X\" this heredoc is never closed\n"),
            ("a = [1}\n", "Syntax 6:\"}\" `}` does not close `[` <- 4:\"[\" opened here\n"),
            ("a = 1 b = 2\n", "Syntax 6:\"b\" `b` follows a value that has ended\n"),
            ("a b\n", "Syntax 0:\"a b\" this is neither an attribute nor a block\n"),
            ("a =\n", "Syntax 3:\"\\n\" expected a value before the end of the line\n"),
            ("a = [1 2]\n", "Syntax 7:\"2\" expected `]` before `2`\n"),
            ("a = 'x'\n", "Syntax 4:\"'\" a text stands in single quotes\n"),
            ("a 'x' {\n}\n", "Syntax 2:\"'\" a text stands in single quotes\n"),
            ("a {\n  b: \"x\"\n}\n", "Syntax 7:\":\" an attribute takes `=`, and no `:`\n"),
            ("a = var.\n", "Syntax 0:\"a = var.\" this attribute or block does not follow HCL's grammar\n"),
            ("a = \"\\q\"\n", "Syntax 5:\"\\\\q\" a text in quotes knows no such escape\n"),
            ("}\n", "Syntax 0:\"}\" `}` closes nothing\n"),
            ("a = 1\na = 2\n", "DuplicateKey 6:\"a\" the key `a` stands twice in this map <- 0:\"a\" first written here\n"),
            (
                "a {\n  b = 1\n  b = 2\n}\n",
                "DuplicateKey 14:\"b\" the key `b` stands twice in this map <- 6:\"b\" first written here\n",
            ),
            (
                "a = { bc = 1, \"bc\" = 2 }\n",
                "DuplicateKey 14:\"\\\"bc\\\"\" the key `bc` stands twice in this map <- 6:\"bc\" first written here\n",
            ),
        ] {
            assert_eq!(problems(&read(text)), said, "{text:?}");
        }
    }

    #[test]
    fn line_breaks_that_mean_nothing_cost_nothing() {
        for text in ["a = f(\n  1 # one\n  , 2\n)\n", "a = {\n  for k in b : k =>\n  k\n}\n", "a = [\n  1\n  ,\n  2\n]\n"] {
            assert_eq!(problems(&read(text)), "", "{text:?}");
        }
    }

    #[test]
    fn terraform_in_json_has_the_same_shape() {
        let text = r#"{"resource": {"a": {"b": {"x": "${var.y}-z", "w": "$${v}"}}}}"#;
        let parsed = parse_json(testing::file(), &text.into());
        assert_eq!(dump(&parsed), "{resource: {a: {b: {x: Template(; Reference(var; \"y\"), \"-z\"), w: \"${v}\"}}}}");
        assert_eq!(problems(&parsed), "");
        assert_spans_lie_in_the_file(&parsed);
    }

    const SEEDS: [&str; 4] = [
        "resource \"google_storage_bucket\" \"b\" {\n  name = \"x-${var.env}\"\n  labels = { a = 1, \"b\" = \"é\" }\n  rule {\n    age = 180\n  }\n}\n",
        "q = <<-EOT\n    SELECT ${join(\",\", [for c in var.c : c])}\n      FROM t %{ if x }y%{ endif }\n  EOT\nn = -1 + 2 * f(x...)\n",
        "a = var.b[\"c\"].d[0].*.e\nf = g ? h : \"i\" # j\n/* k */ l = !m\nl = 2\n",
        "locals {\r\n  a = [\r\n    1, // x\r\n  ]\r\n  a = { b = 1, b = 2 }\r\n}\r\n",
    ];

    #[test]
    fn no_text_makes_it_panic_and_every_span_lies_in_the_file() {
        for_each_mutation(&SEEDS, 2_000, |text| {
            let parsed = parse(testing::file(), text);
            assert_spans_lie_in_the_file(&parsed);
            assert_eq!(parsed.document.roots.len(), 1);
        });
        let json = [r#"{"a": "x ${var.b[\"c\"]} \u00e9 $${d} %{ if e }f%{ endif }", "g": ["${h}", "i"]}"#];
        for_each_mutation(&json, 3_000, |text| assert_spans_lie_in_the_file(&parse_json(testing::file(), text)));
    }

    #[test]
    fn hostile_texts_end_soon_with_a_problem() {
        let twice = |n: usize| (0..n).map(|key| format!("  k{} = {key}\n", key % 1_000)).collect::<String>();
        let hostile = [
            format!("a = {}", "[".repeat(100_000)),
            format!("a = {}", "(".repeat(100_000)),
            format!("a = {}", "{a = ".repeat(100_000)),
            "a {\n".repeat(100_000),
            format!("a = {}1", "-".repeat(100_000)),
            format!("a = {}", "\"${".repeat(100_000)),
            format!("a = {}", "\"%{ if ".repeat(100_000)),
            format!("a = 1{}", " + 1".repeat(100_000)),
            format!("a = b{}", " ? c : d".repeat(100_000)),
            format!("a {} {{}}", "b ".repeat(100_000)),
            format!("a = <<X\n{}", "${\n".repeat(100_000)),
            format!("a = [{}]", "f(".repeat(60) + &")".repeat(60) + &"[".repeat(70)),
            format!("a {{\n{}}}\n", twice(20_000)),
            twice(20_000),
            "\0".repeat(100_000),
            "a = =\n".repeat(50_000),
            "\"".repeat(100_000),
            "<<X\n".repeat(50_000),
            "/*".repeat(100_000),
        ];
        for text in hostile {
            in_small_stack(20, move || {
                let parsed = read(&text);
                assert!(!parsed.problems.is_empty(), "{}", text.chars().take(20).collect::<String>());
                let json = serde_json::json!({ "a": text }).to_string();
                assert_spans_lie_in_the_file(&parse_json(testing::file(), &json.into()));
            });
        }
    }
}
