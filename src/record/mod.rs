//! Records of delivered files against their JSON Schema and against what BigQuery loads into their table: a fast pass
//! over the text that is sure of what is right, and everything else by the `jsonschema` crate, whose word is final.
//! Knows bytes, schemas and columns; only `of_feed` and `delivered` know feeds, and nothing reads a file.

pub mod align;
pub mod compatibility;
mod cursor;
pub mod delivered;
mod explain;
mod fast;
pub mod layout;
mod load;
mod of_feed;
pub mod packing;
mod pattern;
mod plan;
mod raw;
pub mod schema_text;
mod tally;
#[cfg(test)]
mod tests;
mod time;
mod unloadable;
mod words;

pub use layout::{Chunk, Chunks, Layout, MAX_RECORD};
pub use of_feed::{Content, content_of};
pub use tally::Tally;

use crate::diagnostic::Severity;
use crate::model::Column;
use fast::Memory;
use jsonschema::Validator as Engine;
use layout::{BOM, Bounds, n_lines};
use plan::Plan;
use serde_json::Value;
use std::sync::OnceLock;

/// What a record is checked against.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub schema: Option<Value>,
    /// The columns of the table that records are loaded into.
    pub columns: Option<Vec<Column>>,
    /// The load leaves out keys that the table does not have, instead of refusing the record.
    pub ignores_unknown: bool,
}

/// Rules, made ready for many records.
pub struct Checker {
    rules: Rules,
    plan: Option<Plan>,
    /// Compiled for the first record that the plan is not sure of: most files have none.
    engine: OnceLock<Result<Option<Engine>, String>>,
}

/// Which part of the agreement a record breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// How records are set apart in the file.
    Layout,
    /// The text is no JSON.
    Json,
    /// The feed's JSON Schema.
    Schema,
    /// What BigQuery loads.
    Load,
}

impl Check {
    pub fn name(self) -> &'static str {
        match self {
            Check::Layout => "layout",
            Check::Json => "json",
            Check::Schema => "schema",
            Check::Load => "load",
        }
    }
}

/// The first complaint of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub check: Check,
    /// What it is, for programs: `required`, `unknown-key`.
    pub code: &'static str,
    pub message: String,
    /// What to change in the file.
    pub help: Option<String>,
    pub place: Place,
    /// How often it was found.
    pub count: u64,
}

impl Finding {
    /// What may load and still not be what was meant is a warning.
    pub fn severity(&self) -> Severity {
        if matches!(self.code, "unsafe-integer" | "decimals" | "empty") { Severity::Warning } else { Severity::Error }
    }
}

/// Where something stands in the text of a file, unpacked. Lines and records count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub line: u64,
    pub record: u64,
    /// `$.legs[2].currency`.
    pub path: String,
    pub offset: u64,
    pub n_bytes: u64,
}

/// What a worker keeps from chunk to chunk.
pub struct Worker<'a> {
    checker: &'a Checker,
    memory: Option<Memory>,
}

/// Compiles a schema the way this module understands it: formats are checked, nothing is fetched.
fn engine(schema: &Value) -> Result<Engine, String> {
    with_formats().build(schema).map_err(|error| error.to_string())
}

fn with_formats() -> jsonschema::ValidationOptions<'static> {
    let options = jsonschema::options().should_validate_formats(true);
    options.with_pattern_options(jsonschema::PatternOptions::fancy_regex().backtrack_limit(10_000))
}

impl Checker {
    pub fn new(rules: Rules) -> Checker {
        let schema = rules.schema.as_ref().unwrap_or(&Value::Bool(true));
        let plan = Plan::new(schema, rules.columns.as_deref(), rules.ignores_unknown);
        Checker { rules, plan, engine: OnceLock::new() }
    }

    /// Why the schema cannot be used, when it cannot.
    pub fn defect(&self) -> Option<&str> {
        self.engine().err()
    }

    fn engine(&self) -> Result<Option<&Engine>, &str> {
        let compiled = self.engine.get_or_init(|| self.rules.schema.as_ref().map(engine).transpose());
        compiled.as_ref().map(Option::as_ref).map_err(String::as_str)
    }

    pub fn worker(&self) -> Worker<'_> {
        Worker { checker: self, memory: self.plan.as_ref().map(Memory::new) }
    }

    /// Checks a text that is there as a whole.
    pub fn check(&self, text: &[u8]) -> Tally {
        let (mut chunks, mut worker, mut tally) = (Chunks::new(text), self.worker(), Tally::default());
        let mut buffer = Vec::new();
        while let Some(chunk) = chunks.next(&mut buffer).expect("bytes in memory are read without error") {
            tally.append(worker.check(&buffer, chunk));
        }
        tally.end();
        tally
    }

    /// Whether records are read by the fast pass at all.
    pub fn has_fast_pass(&self) -> bool {
        self.plan.is_some()
    }
}

/// Where a record stands in its chunk.
#[derive(Debug, Clone, Copy)]
struct Origin {
    line: u64,
    record: u64,
    offset: u64,
    /// The text ends with this record, and without a line break.
    ends_text: bool,
}

impl Origin {
    fn start() -> Origin {
        Origin { line: 1, record: 1, offset: 0, ends_text: false }
    }
}

impl Tally {
    /// Says what can be said only when everything is counted.
    pub fn end(&mut self) {
        if self.n_records == 0 && self.is_clean() {
            explain::add(self, Origin::start(), Check::Layout, "empty", words::no_record());
        }
    }
}

impl Worker<'_> {
    /// Checks the records of a chunk.
    pub fn check(&mut self, bytes: &[u8], chunk: Chunk) -> Tally {
        let mut tally = Tally::default();
        if let Some(n_skipped) = chunk.n_skipped {
            skipped(n_skipped, chunk, &mut tally);
            return tally;
        }
        if let Some(what) = layout::foreign(bytes).filter(|_| chunk.is_first) {
            explain::add(&mut tally, Origin::start(), Check::Json, "foreign", words::foreign(what));
            tally.n_bytes = bytes.len() as u64;
            return tally;
        }
        let has_bom = chunk.is_first && bytes.starts_with(BOM);
        let start = if has_bom { BOM.len() } else { 0 };
        if chunk.is_first {
            about_layout(chunk.layout, has_bom, &mut tally);
        }
        match chunk.layout {
            Layout::Lines => self.lines(bytes, start, chunk.is_last, &mut tally),
            Layout::List => self.list(bytes, start, chunk, &mut tally),
            Layout::Spread => self.spread(bytes, start, chunk.is_last, &mut tally),
        }
        tally.n_lines = n_lines(bytes);
        tally.n_bytes = bytes.len() as u64;
        tally
    }

    fn lines(&mut self, bytes: &[u8], start: usize, is_last: bool, tally: &mut Tally) {
        // One look for all lines is much faster than one for each.
        let whole = std::str::from_utf8(bytes).ok();
        let (mut at, mut line) = (start, 1);
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or(&[]);
            let end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |end| at + end);
            let origin =
                Origin { line, record: tally.n_records + 1, offset: at as u64, ends_text: is_last && end == bytes.len() };
            match whole {
                Some(text) => self.record(text.get(at..end).unwrap_or(""), origin, tally),
                None => self.bytes(bytes.get(at..end).unwrap_or(&[]), origin, tally),
            }
            at = end + 1;
            line += 1;
        }
    }

    fn list(&mut self, bytes: &[u8], start: usize, chunk: Chunk, tally: &mut Tally) {
        let (mut at, mut line) = (start, 1);
        let mut wanted = if chunk.is_first { b'[' } else { b',' };
        loop {
            let begin = skip_space(bytes, at, &mut line);
            let origin = Origin { line, record: tally.n_records + 1, offset: begin as u64, ends_text: chunk.is_last };
            match bytes.get(begin) {
                // A chunk that is not the last ends behind a record.
                None if !chunk.is_last => return,
                None => return explain::add(tally, origin, Check::Json, "open-list", words::open_list()),
                Some(b']') if wanted == b',' => return self.after_list(bytes, begin + 1, line, tally),
                Some(sign) if *sign == wanted => {}
                Some(_) => return explain::add(tally, origin, Check::Json, "broken-list", words::broken_list()),
            }
            let begin = skip_space(bytes, begin + 1, &mut line);
            if wanted == b'[' && bytes.get(begin) == Some(&b']') {
                return self.after_list(bytes, begin + 1, line, tally);
            }
            wanted = b',';
            let end = record_end(bytes, begin, Bounds::inside_list(), 0);
            let origin = Origin { line, record: tally.n_records + 1, offset: begin as u64, ends_text: false };
            let record = bytes.get(begin..end).unwrap_or(&[]);
            if record.is_empty() {
                explain::add(tally, origin, Check::Json, "spare-comma", words::spare_comma());
            }
            line += n_lines(record);
            self.bytes(record.trim_ascii_end(), origin, tally);
            at = end;
        }
    }

    fn after_list(&mut self, bytes: &[u8], at: usize, mut line: u64, tally: &mut Tally) {
        let at = skip_space(bytes, at, &mut line);
        if at < bytes.len() {
            let origin = Origin { line, record: tally.n_records + 1, offset: at as u64, ends_text: false };
            explain::add(tally, origin, Check::Json, "behind-list", words::behind_list());
        }
    }

    fn spread(&mut self, bytes: &[u8], start: usize, is_last: bool, tally: &mut Tally) {
        let (mut at, mut line) = (start, 1);
        loop {
            let begin = skip_space(bytes, at, &mut line);
            if begin >= bytes.len() {
                return;
            }
            let end = record_end(bytes, begin, Bounds::new(Layout::Spread), 1);
            let ends_text = is_last && end == bytes.len();
            let origin = Origin { line, record: tally.n_records + 1, offset: begin as u64, ends_text };
            let record = bytes.get(begin..end).unwrap_or(&[]);
            line += n_lines(record);
            self.bytes(record, origin, tally);
            at = end;
        }
    }

    fn bytes(&mut self, bytes: &[u8], origin: Origin, tally: &mut Tally) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.record(text, origin, tally),
            Err(error) => {
                tally.n_records += 1;
                tally.n_wrong_records += 1;
                let offset = origin.offset + error.valid_up_to() as u64;
                let said = words::not_utf8(bytes.get(error.valid_up_to()).copied().unwrap_or(0));
                explain::add(tally, Origin { offset, ..origin }, Check::Json, "not-utf-8", said);
            }
        }
    }

    fn record(&mut self, text: &str, origin: Origin, tally: &mut Tally) {
        let is_right = match (&self.checker.plan, &mut self.memory) {
            (Some(plan), Some(memory)) => fast::is_right(plan, memory, text),
            _ => false,
        };
        if is_right {
            tally.n_records += 1;
        } else if !text.trim_ascii().is_empty() {
            tally.n_records += 1;
            // A schema that cannot be used has no word to say; `defect` says so.
            let engine = self.checker.engine().unwrap_or(None);
            let is_wrong = explain::record(&self.checker.rules, engine, text, origin, tally);
            tally.n_wrong_records += u64::from(is_wrong);
        }
    }
}

fn skip_space(bytes: &[u8], at: usize, line: &mut u64) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    let space = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
    let mut n_bytes = 0;
    for byte in space {
        n_bytes += 1;
        *line += u64::from(*byte == b'\n');
    }
    at + n_bytes
}

/// Where the record that begins here ends; `n_behind` bytes of the end belong to it.
fn record_end(bytes: &[u8], begin: usize, mut bounds: Bounds, n_behind: usize) -> usize {
    let rest = bytes.get(begin..).unwrap_or(&[]);
    rest.iter().position(|byte| bounds.is_end(*byte)).map_or(bytes.len(), |end| begin + end + n_behind)
}

fn about_layout(layout: Layout, has_bom: bool, tally: &mut Tally) {
    let said = match layout {
        Layout::Lines => None,
        Layout::List => Some(("list", words::list_layout())),
        Layout::Spread => Some(("spread", words::spread_layout())),
    };
    let origin = Origin::start();
    if let Some((code, said)) = said {
        explain::add(tally, origin, Check::Layout, code, said);
    }
    if has_bom {
        explain::add(tally, origin, Check::Layout, "byte-order-mark", words::byte_order_mark());
    }
}

fn skipped(n_bytes: u64, chunk: Chunk, tally: &mut Tally) {
    let is_line = chunk.layout == Layout::Lines;
    tally.n_records = 1;
    tally.n_wrong_records = 1;
    tally.n_lines = 1;
    tally.n_bytes = n_bytes + u64::from(!chunk.is_last);
    let origin = Origin::start();
    let (check, code) = if is_line { (Check::Load, "long-record") } else { (Check::Json, "endless-record") };
    explain::add(tally, origin, check, code, words::long_record(n_bytes, is_line));
}
