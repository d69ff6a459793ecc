//! YAML 1.2, core schema, into the tree. Reads the events of `granit-parser`; what they mean is the builder's business.
//! Flow collections may close at the column of their key, as every reader in use allows.

use super::node::{Document, Parsed, Problem, ProblemKind};
use super::yaml_build::{Builder, Kind, Reading};
use super::yaml_message::syntax_problem;
use super::{MAX_DEPTH, yaml_fast};
use crate::text::{BOM, FileId, Span};
use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, StructureStyle, Tag, options};
use std::ops::Range;
use std::sync::Arc;

/// After this many broken YAML documents in one file the rest is left unread.
const MAX_BROKEN_DOCUMENTS: usize = 100;

/// Reads a YAML file of any number of documents.
pub fn parse(file: FileId, source: &Arc<str>) -> Parsed {
    read_fast(file, source).unwrap_or_else(|| read_events(file, source))
}

/// The ordinary subset, several times as fast; `None` for everything else.
fn read_fast(file: FileId, source: &Arc<str>) -> Option<Parsed> {
    let start = if source.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let mut builder = Builder::new(Document::new(file, source.clone()));
    yaml_fast::read(source, start, &mut builder)?;
    Some(Parsed { document: builder.document, problems: builder.problems })
}

fn read_events(file: FileId, source: &Arc<str>) -> Parsed {
    let start = if source.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let text = source.get(start..).unwrap_or("");
    let builder = Builder::new(Document::new(file, source.clone()));
    let parser = Parser::new_from_str_with_options(text, parser_options());
    let mut reader = Reader { source, start, parser, builder, last_end: start, first_root: 0, n_broken: 0 };
    reader.read();
    let Builder { document, mut problems, .. } = reader.builder;
    if let Some(hole) = template_hole(source, &problems) {
        problems = vec![template_problem(Span::new(file, hole))];
    }
    Parsed { document, problems }
}

fn parser_options() -> Options {
    let mut options = options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    options.set_emit_comments(false);
    options
}

/// The hole of a template (`{{ … }}`, `{% … %}`) that made a file unreadable as YAML, which it is not before it is
/// rendered. A hole inside an open quote is text, and the quote is the mistake.
fn template_hole(source: &str, problems: &[Problem]) -> Option<Range<usize>> {
    let is_unreadable = |problem: &&Problem| match problem.kind {
        ProblemKind::Syntax | ProblemKind::NotAnalysed => true,
        ProblemKind::DuplicateKey | ProblemKind::AmbiguousScalar | ProblemKind::Shape => false,
    };
    problems.iter().filter(is_unreadable).find_map(|problem| {
        let at = problem.span.range();
        let is_quote = source.get(at.clone()).is_some_and(|text| text.starts_with(['"', '\'']));
        let line_start = source.get(..at.start)?.rfind('\n').map_or(0, |index| index + 1);
        let line = source.get(line_start..)?.lines().next().filter(|_| !is_quote)?;
        let hole = line.find("{{").or_else(|| line.find("{%"))?;
        Some(line_start + hole..line_start + hole + 2)
    })
}

fn template_problem(span: Span) -> Problem {
    Problem {
        kind: ProblemKind::NotAnalysed,
        span,
        message: "this file is a template, and no YAML before its holes are filled in".to_owned(),
        help: Some("if it is YAML as it stands, put the hole in quotes".to_owned()),
        related: None,
    }
}

struct Reader<'s> {
    source: &'s str,
    /// Where the text begins: after a byte order mark.
    start: usize,
    parser: Parser<'s, granit_parser::StrInput<'s>>,
    builder: Builder,
    /// The end of the last event: what comes next is written after it.
    last_end: usize,
    /// How many roots the documents before this one gave.
    first_root: usize,
    n_broken: usize,
}

impl<'s> Reader<'s> {
    fn read(&mut self) {
        while let Some(next) = self.parser.next_event() {
            match next {
                Ok((event, span)) => {
                    let range = span.byte_range().unwrap_or(0..0);
                    self.on_event(event, range.start + self.start..range.end + self.start);
                }
                Err(error) => self.on_error(&error),
            }
            if self.builder.is_refused() && !self.next_document() {
                return;
            }
        }
    }

    fn on_event(&mut self, event: Event<'s>, range: Range<usize>) {
        let end = range.end;
        match event {
            Event::Scalar(value, style, anchor, tag) => self.on_scalar(&value, style, anchor, tag.as_deref(), range),
            Event::SequenceStart(style, anchor, _) => self.builder.begin(Kind::Sequence, range.start, is_flow(style), anchor),
            Event::MappingStart(style, anchor, _) => self.builder.begin(Kind::Map, range.start, is_flow(style), anchor),
            Event::SequenceEnd | Event::MappingEnd => self.builder.end(range.end),
            Event::Alias(anchor) => self.builder.alias(anchor, range),
            Event::UnresolvedAlias(name) => self.builder.unknown_alias(&name, range),
            Event::DocumentEnd => self.end_document(),
            _ => {}
        }
        self.last_end = self.last_end.max(end);
    }

    fn on_scalar(&mut self, value: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, range: Range<usize>) {
        let (content, range) = match style {
            ScalarStyle::Plain => (range.clone(), range),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (range.start + 1..range.end.saturating_sub(1), range),
            ScalarStyle::Literal | ScalarStyle::Folded => (range.clone(), self.block_range(range)),
        };
        let value = if style == ScalarStyle::Plain && content.is_empty() { "" } else { value };
        let same = self.source.get(content.start..).is_some_and(|rest| rest.starts_with(value));
        let text = if same && content.start + value.len() <= content.end {
            self.builder.document.slice_text(content.start, content.start + value.len())
        } else {
            self.builder.document.owned_text(value)
        };
        self.builder.scalar(text, reading(style, tag), range, anchor);
    }

    /// A block scalar from its `|` or `>` to the end of its last line that is not empty.
    fn block_range(&self, content: Range<usize>) -> Range<usize> {
        let indicator = block_indicator(self.source, self.last_end..content.start).unwrap_or(content.start);
        let text = self.source.get(indicator..content.end).unwrap_or("").trim_end_matches([' ', '\n', '\r']);
        let header = self.source.get(indicator..content.start).map_or(0, |header| header.trim_end().len());
        indicator..indicator + text.len().max(header)
    }

    fn on_error(&mut self, error: &ScanError) {
        let at = (error.marker().byte_offset().unwrap_or(0) + self.start).min(self.source.len());
        let problem = syntax_problem(error.kind(), at, self.last_end, self.source, &self.builder);
        self.builder.problems.push(problem);
        self.n_broken += 1;
        if self.n_broken >= MAX_BROKEN_DOCUMENTS {
            let rest = at..at;
            self.end_broken_document();
            self.builder.problem(
                ProblemKind::NotAnalysed,
                rest,
                "the rest of this file was not read: too many of its documents are broken",
                None,
            );
            return;
        }
        self.end_broken_document();
        self.next_document();
    }

    fn end_document(&mut self) {
        self.builder.end_document();
        self.first_root = self.builder.document.roots.len();
    }

    fn end_broken_document(&mut self) {
        self.builder.end_document();
        self.builder.document.mark_broken(self.first_root);
        self.first_root = self.builder.document.roots.len();
    }

    /// Leaves the current document; `false` when it was the last.
    fn next_document(&mut self) -> bool {
        self.end_document();
        self.parser.proceed_next_document().unwrap_or(false)
    }
}

fn is_flow(style: StructureStyle) -> bool {
    style == StructureStyle::Flow
}

fn reading(style: ScalarStyle, tag: Option<&Tag>) -> Reading {
    match tag {
        None if style == ScalarStyle::Plain => Reading::Plain,
        Some(tag) if matches!(tag.core_suffix(), Some("int" | "float" | "bool" | "null")) => Reading::Tagged,
        _ => Reading::Text,
    }
}

/// The place of `|` or `>` in what stands between a key and a block scalar's text: `: &anchor !tag |2- # remark`.
fn block_indicator(source: &str, between: Range<usize>) -> Option<usize> {
    let text = source.get(between.clone())?;
    let mut bytes = text.bytes().enumerate().peekable();
    let mut after_blank = true;
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'|' | b'>' => return Some(between.start + index),
            b'#' if after_blank => while bytes.next_if(|(_, byte)| !matches!(byte, b'\n' | b'\r')).is_some() {},
            b'&' | b'!' => while bytes.next_if(|(_, byte)| !byte.is_ascii_whitespace()).is_some() {},
            _ => {}
        }
        after_blank = byte.is_ascii_whitespace();
    }
    None
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
        let parsed = read("a: &x [1, 'two', {b: ~}]\nc: *x\nd:\n- |\n  e\n  f\n- >-\n  g\n  h\n- \"i\\n\"\nk:\n");
        assert_eq!(
            dump(&parsed),
            r#"{a: [1, "two", {b: null}], c: [1, "two", {b: null}], d: ["e\nf\n", "g h", "i\n"], k: null}"#
        );
        assert_eq!(problems(&parsed), "");
    }

    #[test]
    fn an_alias_is_the_node_that_it_names() {
        let parsed = read("a: &x [1]\nb: *x\n");
        let root = parsed.document.roots[0];
        assert_eq!(parsed.document.get(root, "a"), parsed.document.get(root, "b"));
    }

    #[test]
    fn spans_cover_what_is_written() {
        let parsed =
            read("\u{feff}a: 'x'\r\nb:\r\n  - |  # remark | here\r\n    t\r\n\r\n  - {c: d} # end\r\ne: &f !g >-\r\n  h\r\n");
        let expected = [
            "\"a: 'x'\\r\\nb:\\r\\n  - |  # remark | here\\r\\n    t\\r\\n\\r\\n  - {c: d} # end\\r\\ne: &f !g >-\\r\\n  h\"",
            "\"a\": \"'x'\" \"b\": \"|  # remark | here\\r\\n    t\\r\\n\\r\\n  - {c: d}\"",
            "\"|  # remark | here\\r\\n    t\" \"{c: d}\" \"c\": \"d\" \"e\": \">-\\r\\n  h\"",
        ];
        assert_eq!(places(&parsed), expected.join(" "));
    }

    #[test]
    fn own_keys_win_over_merged_ones() {
        let parsed =
            read("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {y: 0, <<: *a}\nd: {<<: [*a, *b]}\ne: {<<: text, '<<': *a}\n");
        assert_eq!(
            dump(&parsed),
            r#"{a: {x: 1, y: 2}, b: {y: 3, z: 4}, c: {y: 0, <x: 1}, d: {<x: 1, <y: 2, <z: 4}, e: {<<: "text", <<: {x: 1, y: 2}}}"#
        );
    }

    #[test]
    fn several_documents_are_several_roots_and_a_broken_one_costs_only_itself() {
        let parsed = read("a: 1\n---\nb: [1, {c: 2\n---\nd: 3\n");
        assert_eq!(dump(&parsed), "{a: 1}\n{b: [1]}\n{d: 3}");
        assert_eq!(problems(&parsed), "Syntax 16:\"{\" `{` is never closed\n");
    }

    #[test]
    fn only_the_document_that_breaks_off_is_broken() {
        let parsed = read("a: 1\n---\nb: c: d\n---\ne: 2\n--- 3\n");
        let broken = parsed.document.roots.iter().map(|root| parsed.document.is_broken(*root));
        assert_eq!(broken.collect::<Vec<_>>(), [false, true, false, false]);
    }

    #[test]
    fn problems_say_what_is_wrong_and_where() {
        for (text, said) in [
            ("a:\n\tb: 1\n", "Syntax 3:\"\\t\" a tab indents this line, and YAML indents with spaces only\n"),
            (
                "a: [1, 2\nb: 3\n",
                "Syntax 3:\"[\" `[` is not closed before the next key <- 9:\"b: 3\" this line cannot stand inside it\n",
            ),
            ("a: [1}\n", "Syntax 3:\"[\" `[` is closed by `}`\n"),
            (
                "a: \"x\nb: 1\nc: \"y\"\n",
                "Syntax 3:\"\\\"\" this quote is not closed on its line, and its text runs on to the next quote <- 14:\"\\\"\" this quote closes it\n",
            ),
            ("a: \"x\" y\n", "Syntax 7:\"y\" text follows a closing quote\n"),
            ("a: \"abc\nb: c\n", "Syntax 3:\"\\\"\" this quote is never closed\n"),
            ("a: b: c\n", "Syntax 4:\":\" a second `: ` stands in this value\n"),
            ("a: 1\n  b: 2\n", "Syntax 8:\":\" a second `: ` stands in this value\n"),
            (
                "a:\n  b: 1\n c: 2\n",
                "Syntax 11:\"c: 2\" this line is not indented like the lines that it belongs to <- 0:\"a\" the last key of the map that it would belong to\n",
            ),
            ("a: 1\nb\nc: 2\n", "Syntax 5:\"b\" a key was expected here, and no `:` follows this text\n"),
            ("a: @x\n", "Syntax 3:\"@x\" a value cannot begin with `@`\n"),
            ("a: - b\n", "Syntax 3:\"-\" a list cannot begin on the line of its key\n"),
            ("a: \"\\q\"\n", "Syntax 4:\"\\\\q\" a double-quoted text knows no such escape\n"),
            ("a: *b\n", "Syntax 3:\"*b\" no node before this alias is anchored as `&b`\n"),
            ("a: &b [*b]\n", "Syntax 7:\"*b\" this alias stands inside the node that it names\n"),
            ("a: 1\nb: 2\na: 3\n", "DuplicateKey 10:\"a\" the key `a` stands twice in this map <- 0:\"a\" first written here\n"),
            ("a: no\n", "AmbiguousScalar 3:\"no\" `no` is a string in YAML 1.2 and `false` to readers of YAML 1.1\n"),
            ("on: 1\n", "AmbiguousScalar 0:\"on\" `on` is a string in YAML 1.2 and `true` to readers of YAML 1.1\n"),
            ("a: {{ x }}\n", "NotAnalysed 3:\"{{\" this file is a template, and no YAML before its holes are filled in\n"),
            ("a: {[b]: c}\n", "NotAnalysed 4:\"[b]\" a map or a list stands as a key, which this tool does not read\n"),
            ("{% if x %}\na: 1\n", "NotAnalysed 0:\"{%\" this file is a template, and no YAML before its holes are filled in\n"),
            ("a: \"{{ x }}\n", "Syntax 3:\"\\\"\" this quote is never closed\n"),
            ("a: \0\n", "Syntax 3:\"\\0\" the control character U+0000 is not allowed in YAML\n"),
        ] {
            assert_eq!(problems(&read(text)), said, "{text:?}");
        }
    }

    #[test]
    fn what_is_right_has_no_problem() {
        for text in [
            "",
            "# only a remark\n",
            "---\n...\n",
            "a: [\n  1\n]\n",
            "a: \"no\"\n",
            "a: 'b\n  c'\n",
            "%YAML 1.2\n---\na: 1\n",
            "a: 1\rb: 2\r",
        ] {
            assert_eq!(problems(&read(text)), "", "{text:?}");
        }
    }

    /// What both readers must agree on.
    fn whole(parsed: &Parsed) -> String {
        [dump(parsed), places(parsed), problems(parsed)].join("\n")
    }

    const ORDINARY: [&str; 5] = [
        "---\nfeed: trades # é\nfile:\n  name: \"t_\\\"{seq}\\n\"\n  list: [a, 'b''c', {d: e, f: *x}, []]\n  none:\nlast: -1\n",
        "a: &x\n  b: 1\n  c: 'd: e'\nf:\n- g: h\n  i: j\n- - k\n  - l\n-\n  m: n\no: {<<: *x, \"p\": 1.5}\n<<: *x\n",
        "a: |\n  one\n    two\n\n  # three\nb: >-\r\n  four\r\n  five\r\n\r\n  six\r\nc: |+\n  seven\n\n# end\nd: no\n",
        "a:\n  b: &y [1, 2]\n  c: *y\n  d: x:y#z\n  e: http://f/g?h=i#j\n\n  k: 2024-01-01\na: 12:30\n",
        "- a\n- \"b\"\n# c\n- d: >\n    e\n\n\n    f\n  g: |-\n      h\n- [{i: j}, {k: {l: []}}]\n-  m:   n\n",
    ];

    #[test]
    fn the_fast_reader_sees_what_the_parser_sees() {
        let mut n_taken = 0;
        for_each_mutation(&ORDINARY, 20_000, |text| {
            let Some(fast) = read_fast(testing::file(), text) else { return };
            n_taken += 1;
            assert_eq!(whole(&fast), whole(&read_events(testing::file(), text)), "{text:?}");
        });
        assert!(n_taken > 10_000, "only {n_taken} of the mutations were taken, which tests little");
    }

    #[test]
    fn the_fast_reader_takes_ordinary_files() {
        for text in ORDINARY.iter().skip(1) {
            assert!(read_fast(testing::file(), &Arc::from(*text)).is_some(), "{text:?}");
        }
    }

    const SEEDS: [&str; 5] = [
        "feed: trades\nfile:\n  name: \"t_{date:%Y%m%d}\\n.json\"\n  samples: [a, 'b''c', {d: e}]\n",
        "a: &a\n  x: 1 # é\nb:\n  <<: *a\n  y: |-\n    SELECT 1\n      FROM t\n\n  z: >\n    folded\n    text\n",
        "- - 1\n  - ? k\n    : v\n- !!str 2\n---\nno: 012\n...\n%YAML 1.2\n---\nlast: [é, \u{1F600}]\n",
        "\u{feff}a: 'b'\r\nc:\r\n- d\r\n-\r\n  e: >2-\r\n     f\r\n",
        "a: \"x\n  y\"\nb: plain\n  more\n\nc: *a\nd: &b [*b]\n",
    ];

    #[test]
    fn no_text_makes_it_panic_and_every_span_lies_in_the_file() {
        for_each_mutation(&SEEDS, 3_000, |text| assert_spans_lie_in_the_file(&parse(testing::file(), text)));
    }

    #[test]
    fn hostile_texts_end_soon_with_a_problem() {
        let laughs: String =
            (1..40).map(|level| format!("l{level}: &l{level} [{}]\n", format!("*l{},", level - 1).repeat(9))).collect();
        let merges: String =
            (1..3_000).map(|level| format!("m{level}: &m{level} {{<<: *m{}, k{level}: 1}}\n", level - 1)).collect();
        let chain: String = (1..3_000).map(|level| format!("c{level}: &c{level} [*c{}]\n", level - 1)).collect();
        let keys: String = (0..200_000).map(|key| format!("k{}: {key}\n", key % 199_999)).collect();
        let hostile = [
            "[".repeat(100_000),
            "{a: ".repeat(100_000),
            "- ".repeat(100_000),
            "? ".repeat(100_000),
            format!("l0: &l0 [x]\n{laughs}"),
            format!("m0: &m0 {{k0: 1}}\n{merges}"),
            format!("c0: &c0 [1]\n{chain}"),
            keys,
            "\0".repeat(100_000),
            "[\n---\n".repeat(10_000),
            format!("{}: 1", "k".repeat(5_000_000)),
        ];
        for text in hostile {
            in_small_stack(20, move || {
                let parsed = read(&text);
                assert!(!parsed.problems.is_empty(), "{}", &text[..20]);
                assert!(parsed.problems.len() <= 101);
            });
        }
    }
}
