//! How long it takes to compare the names of all feeds with each other, against comparing them pair by pair.
//!
//! `cargo bench --bench names`. Every shape of names is measured with 2,000 and 10,000 feeds, one in a hundred of which
//! takes files of another; each figure is the best of three runs, and memory is the highest resident size so far.
#![expect(clippy::print_stdout, reason = "the table is the result")]
#![expect(clippy::disallowed_methods, reason = "a bench measures the world that the core must not see")]

use feedgate::model::NameIndex;
use feedgate::model::feed::{Feed, FeedSource, Lookup, Reading, read_feeds};
use feedgate::model::naming::overlap;
use feedgate::syntax::yaml;
use feedgate::text::{FileId, RepoPath};
use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn main() {
    println!(
        "{:<34} {:>7} {:>9} {:>9} {:>12} {:>7} {:>8}",
        "names", "feeds", "seconds", "conflicts", "pair by pair", "ratio", "peak MiB"
    );
    for (title, shape) in SHAPES {
        for n_feeds in [2_000, 10_000] {
            let feeds = feeds(n_feeds, shape);
            let (index, time) = best_of_three(|| NameIndex::new(&feeds, &[]));
            let (n_tried, pairs) = pair_by_pair(&index);
            let all = n_feeds as f64 * (n_feeds as f64 - 1.0) / 2.0;
            let pair_by_pair = pairs.as_secs_f64() * all / n_tried as f64;
            let (seconds, n_found) = (time.as_secs_f64(), index.conflicts().len());
            let ratio = pair_by_pair / seconds;
            println!("{title:<34} {n_feeds:>7} {seconds:>9.3} {n_found:>9} {pair_by_pair:>12.1} {ratio:>6.0}x {:>8}", peak_mib());
            assert!(n_found >= n_feeds / 100, "every planted conflict is found");
        }
    }
}

/// From the number of a feed to the map of its `file:`; one in a hundred takes a file of the feed before it.
type Shape = fn(usize) -> String;

const SHAPES: [(&str, Shape); 7] = [
    ("a prefix for each feed", |n| {
        let of = if n % 100 == 99 { n - 1 } else { n };
        format!(r#"{{ name: "{}_{{date:%Y%m%d}}_{{seq:4}}.json", prefix: {}/ }}"#, name(of), name(of))
    }),
    ("one prefix, name first", |n| match n % 100 {
        99 => format!(r#"{{ name: "{}_{{any}}.json", prefix: landing/ }}"#, name(n - 1)),
        _ => format!(r#"{{ name: "{}_{{date:%Y%m%d}}_{{seq:4}}.json", prefix: landing/ }}"#, name(n)),
    }),
    ("one prefix, date first", |n| match n % 100 {
        99 => format!(r#"{{ name: "{{any}}_{}_{{seq}}.json", prefix: landing/ }}"#, name(n - 1)),
        _ => format!(r#"{{ name: "{{date:%Y%m%d}}_{}_{{seq:4}}.json", prefix: landing/ }}"#, name(n)),
    }),
    ("number first, then the name", |n| match n % 100 {
        99 => format!(r#"{{ name: "{{seq:4}}_{}_{{any}}" }}"#, name(n - 1)),
        _ => format!(r#"{{ name: "{{seq}}_{}_{{uuid}}" }}"#, name(n)),
    }),
    ("regular expressions", |n| match n % 100 {
        99 => format!(r"{{ pattern: '^(?P<feed>{})_.*\.json$' }}", name(n - 1)),
        _ => format!(r"{{ pattern: '^(?P<feed>{})_(?P<date>\d{{8}})_(?P<seq>\d+)\.json$' }}", name(n)),
    }),
    ("anything around the name", |n| match n % 100 {
        99 => format!(r"{{ pattern: '^{}_x.*$' }}", name(n - 1)),
        _ => format!(r"{{ pattern: '^[^_]*{}_x\.json$' }}", name(n)),
    }),
    ("anything on both sides of some", |n| match n % 100 {
        99 => format!(r#"{{ name: "{{any}}_{}_{{any}}" }}"#, name(n - 1)),
        _ => format!(r#"{{ name: "{{seq}}_{}_{{seq}}" }}"#, name(n)),
    }),
];

fn name(number: usize) -> String {
    const WORDS: [&str; 8] = ["accounts", "balances", "events", "limits", "orders", "prices", "sessions", "transfers"];
    format!("{}_{number:05}", WORDS[number % WORDS.len()])
}

fn feeds(n_feeds: usize, shape: Shape) -> Vec<Feed> {
    let texts = (0..n_feeds).map(|number| format!("---\nfeed: feed_{number:05}\nfile: {}\n", shape(number)));
    let text: Arc<str> = texts.collect::<String>().into();
    let parsed = yaml::parse(FileId::from_index(0), &text);
    let path = RepoPath::new("feeds/all.yaml").expect("a plain path");
    let reading = Reading { source: FeedSource::FeedFile, path: &path, environment: None, lookup: &|_| Lookup::Missing };
    let (feeds, problems) = read_feeds(&parsed.document, &parsed.document.roots, &reading);
    assert!(feeds.len() == n_feeds && problems.is_empty(), "{problems:?}");
    feeds
}

fn best_of_three<T>(mut stage: impl FnMut() -> T) -> (T, Duration) {
    let runs = (0..3).map(|_| {
        let start = Instant::now();
        let result = black_box(stage());
        (result, start.elapsed())
    });
    runs.min_by_key(|(_, time)| *time).expect("there are three")
}

/// Compares pairs one after the other for a while; gives how many, and the time they took.
fn pair_by_pair(index: &NameIndex) -> (usize, Duration) {
    let start = Instant::now();
    let mut n_tried = 0;
    for (at, a) in index.feeds().iter().enumerate() {
        for b in index.feeds().iter().skip(at + 1) {
            let _ = black_box(overlap(&a.whole.automaton, &b.whole.automaton));
            n_tried += 1;
        }
        if start.elapsed() > Duration::from_millis(500) {
            break;
        }
    }
    (n_tried, start.elapsed())
}

fn peak_mib() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.map_or_else(|| "-".to_owned(), |kib| (kib / 1024).to_string())
}
