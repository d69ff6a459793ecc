//! How large values are in the sample files of feeds: the mean of each column, and how often it is missing.
//! Measures text that is given to it; where the text lies is not its business.

use super::bytes::{Leaf, ValueSize, value_size};
use crate::model::schema::Target;
use crate::model::{FeedId, Model};
use crate::text::{Files, Span};
use serde_json::Value;
use std::collections::BTreeMap;

/// What was measured, by feed.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Samples(pub BTreeMap<FeedId, Sample>);

/// The measures of one feed's samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub n_records: u64,
    /// The reference to the first sample, for the steps of an estimate.
    pub span: Span,
    columns: BTreeMap<String, Measure>,
}

/// Sums over the records, of one column.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Measure {
    n_values: u64,
    text_bytes: u64,
    /// Sum of the squares of each record's bytes as a string.
    squares: f64,
}

/// More of a sample than this is not read.
const MAX_SAMPLE_BYTES: usize = 1 << 20;

/// A mean is never trusted to better than this share: samples are not drawn at random.
const SHARE_OF_DOUBT: f64 = 0.1;

/// Deeper values count by their text.
const MAX_DEPTH: usize = 16;

impl Samples {
    /// Measures the samples that the feeds of a model name.
    pub fn measure(model: &Model, files: &Files) -> Samples {
        let mut samples = BTreeMap::new();
        for feed in model.feeds.values() {
            let texts = feed.file.samples.iter().filter_map(|sample| match &sample.value.target {
                Target::File(file, _) => Some(files.get(*file).text.as_ref()),
                Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => None,
            });
            let span = feed.file.samples.first().map_or(feed.name_span, |sample| sample.span);
            if let Some(sample) = Sample::measure(texts, span) {
                samples.insert(feed.id.clone(), sample);
            }
        }
        Samples(samples)
    }
}

impl Sample {
    /// Measures records: one JSON object per line, or an array of objects. `None` when there are none.
    pub fn measure<'a>(texts: impl Iterator<Item = &'a str>, span: Span) -> Option<Sample> {
        let mut sample = Sample { n_records: 0, span, columns: BTreeMap::new() };
        for text in texts {
            records(head(text)).for_each(|record| sample.add(&record));
        }
        (sample.n_records > 0).then_some(sample)
    }

    fn add(&mut self, record: &Value) {
        self.n_records += 1;
        let mut of_record: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        collect(record, "", 0, &mut of_record);
        for (path, (n_values, text_bytes)) in of_record {
            let measure = self.columns.entry(path).or_default();
            measure.n_values += n_values;
            measure.text_bytes += text_bytes;
            // A record of a sample is at most 1 MiB: exact in f64.
            measure.squares += ((text_bytes + 2 * n_values) as f64).powi(2);
        }
    }

    /// The least and the most mean bytes of a column in one row, `None` where the size of its type does not follow
    /// from text.
    pub fn mean_bounds(&self, leaf: &Leaf) -> Option<(f64, f64)> {
        let measure = self.columns.get(&leaf.path.to_ascii_lowercase()).copied().unwrap_or_default();
        let n = self.n_records as f64;
        let n_values = measure.n_values as f64;
        let text_mean = (measure.text_bytes as f64 + 2.0 * n_values) / n;
        let (mean, deviation) = match value_size(&leaf.data_type) {
            ValueSize::Fixed(size) => (size as f64 * n_values / n, 0.0),
            ValueSize::Text => (text_mean, (measure.squares / n - text_mean * text_mean).max(0.0).sqrt()),
            // A JSON column of a sample is taken apart here as a record is.
            ValueSize::Json | ValueSize::Geography | ValueSize::Unknown => return None,
        };
        let doubt = (mean * SHARE_OF_DOUBT).max(2.0 * deviation / n.sqrt());
        Some(((mean - doubt).max(0.0), mean + doubt))
    }
}

/// The part of a text that is measured: whole lines of its first MiB.
fn head(text: &str) -> &str {
    if text.len() <= MAX_SAMPLE_BYTES {
        return text;
    }
    let cut = text.get(..text.floor_char_boundary(MAX_SAMPLE_BYTES)).unwrap_or("");
    cut.rfind('\n').and_then(|end| cut.get(..end)).unwrap_or("")
}

/// Lines that are no JSON objects are left out: what is wrong with a sample is not said here.
fn records(text: &str) -> impl Iterator<Item = Value> {
    let whole = if text.trim_start().starts_with('[') { serde_json::from_str::<Vec<Value>>(text).ok() } else { None };
    let lines = if whole.is_some() { "" } else { text };
    let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    whole.unwrap_or_default().into_iter().chain(lines).filter(Value::is_object)
}

/// Adds up the values of a record by path, in lower case as BigQuery compares names: how many, and bytes of text.
fn collect(value: &Value, path: &str, depth: usize, sums: &mut BTreeMap<String, (u64, u64)>) {
    let mut add = |text_bytes: usize| {
        let sum = sums.entry(path.to_owned()).or_default();
        sum.0 += 1;
        sum.1 += text_bytes as u64;
    };
    match value {
        Value::Null => {}
        Value::String(text) => add(text.len()),
        Value::Bool(_) | Value::Number(_) => add(value.to_string().len()),
        Value::Array(_) | Value::Object(_) if depth > MAX_DEPTH => add(value.to_string().len()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, depth + 1, sums)),
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.to_ascii_lowercase();
                let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                collect(member, &path, depth + 1, sums);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;
    use crate::estimate::bytes::Leaf;
    use crate::text::{FileId, Span};

    fn span() -> Span {
        Span::start_of(FileId::from_index(0))
    }

    fn mean(text: &str, path: &str, data_type: &str) -> Option<(f64, f64)> {
        let sample = Sample::measure([text].into_iter(), span()).expect("there are records");
        let leaf =
            Leaf { path: path.to_owned(), data_type: data_type.to_owned(), span: span(), is_required: false, is_repeated: false };
        sample.mean_bounds(&leaf)
    }

    #[test]
    fn strings_count_two_bytes_and_their_text_and_nulls_nothing() {
        let text = "{\"isin\":\"XS0123456789\"}\n{\"isin\":\"XS0123456780\"}\n";
        assert_eq!(mean(text, "isin", "STRING").map(|(low, high)| (low.round(), high.round())), Some((13.0, 15.0)));
        let half = "{\"price\":1.5}\n{\"price\":null}\n{}\n{\"PRICE\":2}\nnot json\n";
        assert_eq!(mean(half, "price", "FLOAT64"), Some((3.6, 4.4)));
        assert_eq!(mean(half, "other", "FLOAT64"), Some((0.0, 0.0)));
    }

    #[test]
    fn arrays_and_records_count_by_leaf() {
        let text = r#"[{"legs":[{"ccy":"EUR"},{"ccy":"USD"}]},{"legs":[]}]"#;
        let (low, high) = mean(text, "legs.ccy", "STRING").expect("a string");
        assert!(low < 5.0 && 5.0 < high, "{low} {high}");
    }

    #[test]
    fn sizes_that_differ_much_are_trusted_less() {
        let even = "{\"a\":\"xxxxx\"}\n".repeat(100);
        let uneven = "{\"a\":\"\"}\n".repeat(99) + &format!("{{\"a\":\"{}\"}}\n", "x".repeat(500));
        let width = |text: &str| mean(text, "a", "STRING").map(|(low, high)| (high - low) / (high + low));
        assert!(width(&even) < width(&uneven));
    }

    #[test]
    fn a_text_without_records_measures_nothing() {
        assert_eq!(Sample::measure(["", "[1,2]", "{", "a,b\n1,2\n"].into_iter(), span()), None);
    }
}
