//! Trees and problems as texts, and a generator of broken texts, for the tests of the readers.

use super::node::{Document, NodeId, Parsed, Value};
use crate::text::{FileId, Span};
use std::fmt::Write;
use std::sync::Arc;

pub(super) fn file() -> FileId {
    FileId::from_index(0)
}

/// The roots of a document, one per line, in a notation like JSON. Merged entries begin with `<`.
pub(super) fn dump(parsed: &Parsed) -> String {
    let roots = parsed.document.roots.iter().map(|root| dump_node(&parsed.document, *root));
    roots.collect::<Vec<_>>().join("\n")
}

fn dump_node(document: &Document, id: NodeId) -> String {
    let list = |items: &[NodeId]| items.iter().map(|item| dump_node(document, *item)).collect::<Vec<_>>().join(", ");
    match document.value(id) {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Number(text) => format!("#{}", document.text(text)),
        Value::String(text) => format!("{:?}", document.text(text)),
        Value::Sequence(children) => format!("[{}]", list(document.items(children))),
        Value::Map(children) => {
            let entries = document.entries(children).iter().map(|entry| {
                let mark = if entry.merged { "<" } else { "" };
                format!("{mark}{}: {}", document.key(entry), dump_node(document, entry.value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Expression { operator, name, operands } => {
            format!("{operator:?}({})", [document.text(name), &list(document.items(operands))].join("; "))
        }
    }
}

/// What each node and key covers, in the order of the arena.
pub(super) fn places(parsed: &Parsed) -> String {
    let mut all = Vec::new();
    for root in &parsed.document.roots {
        collect_places(&parsed.document, *root, &mut all);
    }
    all.join(" ")
}

fn collect_places(document: &Document, id: NodeId, all: &mut Vec<String>) {
    let slice = |span: Span| format!("{:?}", document.source().get(span.range()).unwrap_or("?"));
    all.push(slice(document.span(id)));
    for entry in document.map(id) {
        all.push(format!("{}:", slice(entry.key_span)));
        collect_places(document, entry.value, all);
    }
    for item in document.sequence(id) {
        collect_places(document, *item, all);
    }
}

/// One line for each problem: its kind, the text it covers, the message, and what it goes back to.
pub(super) fn problems(parsed: &Parsed) -> String {
    let mut text = String::new();
    let source = parsed.document.source();
    let slice = |span: Span| format!("{}:{:?}", span.start, source.get(span.range()).unwrap_or("?"));
    for problem in &parsed.problems {
        let _ = write!(text, "{:?} {} {}", problem.kind, slice(problem.span), problem.message);
        if let Some((span, label)) = &problem.related {
            let _ = write!(text, " <- {} {label}", slice(*span));
        }
        text.push('\n');
    }
    text
}

/// Panics when a span leaves the file, ends before it starts or cuts a character.
pub(super) fn assert_spans_lie_in_the_file(parsed: &Parsed) {
    let source = parsed.document.source();
    let mut spans: Vec<Span> = parsed.problems.iter().map(|problem| problem.span).collect();
    spans.extend(parsed.problems.iter().filter_map(|problem| problem.related.as_ref()).map(|(span, _)| *span));
    for id in parsed.document.node_ids() {
        spans.push(parsed.document.span(id));
        spans.extend(parsed.document.map(id).iter().map(|entry| entry.key_span));
    }
    for span in spans {
        assert!(source.get(span.range()).is_some(), "{span:?} does not lie in {source:?}");
    }
}

/// Runs `check` over thousands of mutations of the seeds, the same ones each time.
pub(crate) fn for_each_mutation(seeds: &[&str], rounds: usize, mut check: impl FnMut(&Arc<str>)) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for seed in seeds {
        check(&Arc::from(*seed));
        for _ in 0..rounds {
            let mut text = (*seed).to_owned();
            for _ in 0..=random.below(3) {
                mutate(&mut text, seeds, &mut random);
            }
            check(&text.into());
        }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }
}

const PIECES: [&str; 36] = [
    "\t",
    "\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "#",
    "&a ",
    "*a",
    "|\n",
    ">-\n",
    "---\n",
    "é",
    "\u{feff}",
    "\0",
    "\\",
    "${",
    "}",
    "<<EOT\n",
    "EOT\n",
    "<<: ",
    "=",
    "%{",
    ",",
    "0",
    "null",
    "\u{1F600}",
    "? ",
];

fn mutate(text: &mut String, seeds: &[&str], random: &mut Random) {
    let at = text.floor_char_boundary(random.below(text.len() + 1));
    let to = text.floor_char_boundary((at + random.below(12)).min(text.len())).max(at);
    match random.below(4) {
        0 => text.insert_str(at, PIECES[random.below(PIECES.len())]),
        1 => text.replace_range(at..to, ""),
        2 => text.replace_range(at..to, PIECES[random.below(PIECES.len())]),
        _ => {
            let other = seeds[random.below(seeds.len())];
            let from = other.floor_char_boundary(random.below(other.len() + 1));
            let end = other.floor_char_boundary((from + random.below(30)).min(other.len())).max(from);
            text.insert_str(at, &other[from..end]);
        }
    }
}

/// Runs `work` on a small stack and panics when it takes longer than `seconds`.
pub(super) fn in_small_stack(seconds: u64, work: impl FnOnce() + Send + 'static) {
    let (done, finished) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        work();
        let _ = done.send(());
    });
    let thread = thread.expect("a thread can be started");
    let in_time = finished.recv_timeout(std::time::Duration::from_secs(seconds)).is_ok() || thread.is_finished();
    assert!(in_time, "it took longer than {seconds} s");
    thread.join().expect("the work itself does not panic");
}
