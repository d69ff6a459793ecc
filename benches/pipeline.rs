//! How long a run takes on a synthetic repository, stage by stage and as the whole binary, and how much memory it needs.
//!
//! `cargo bench --bench pipeline`, with `FEEDS=1000` for another size and `RUNS=1` for fewer repetitions. Each figure is
//! the best of its runs; memory is the highest resident size during the stage, where the system tells it.
#![expect(clippy::print_stdout, reason = "the table is the result")]
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a bench measures the world that the core must not see")]

mod synthetic;

use feedgate::config::Config;
use feedgate::estimate::{self, Samples as Measures};
use feedgate::model::Model;
use feedgate::model::build::{Input, build};
use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::report::{Pages, Report, View, json as json_report};
use feedgate::rules::Context;
use feedgate::rules::catalogue::Catalogue;
use feedgate::rules::run::Plan;
use feedgate::syntax::{Parsed, hcl, json, yaml};
use feedgate::text::{Date, FileId, Files, Side, SourceFile};
use feedgate::{Options, Tree};
use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use synthetic::SourceText;

fn main() {
    let (n_feeds, n_runs) = (setting("FEEDS", 10_000), setting("RUNS", 3));
    let files = synthetic::repository(n_feeds);
    let n_bytes: usize = files.iter().map(|file| file.text.len()).sum();
    let root = write_tree(&files, &n_feeds.to_string());
    println!("{n_feeds} feeds: {} files, {:.1} MB\n", files.len(), n_bytes as f64 / 1e6);
    println!("{:<28} {:>9} {:>9} {:>10}", "stage", "seconds", "MB/s", "peak MiB");
    let texts: Vec<(String, Arc<str>)> = files.into_iter().map(|file| (file.path, file.text.into())).collect();
    row("read every file (floor)", n_bytes, best_of(n_runs, || read_all(&root, &texts)));
    row("parse, one thread", n_bytes, best_of(n_runs, || parse_all(&texts)));
    row("walk and read", n_bytes, best_of(n_runs, || tree(&root)));
    let files = files_of(&tree(&root));
    row("parse and model", n_bytes, best_of(n_runs, || model(&files)));
    let model = model(&files);
    row(
        "estimates",
        n_bytes,
        best_of(n_runs, || estimate::all(&model, &Measures::measure(&model, &files), &Config::default(), options().today)),
    );
    let catalogue = Catalogue::embedded();
    row("rules", n_bytes, best_of(n_runs, || judge(&catalogue, &files, &model)));
    let run = feedgate::lint(&tree(&root), None, Catalogue::embedded(), &options());
    row("report as JSON", n_bytes, best_of(n_runs, || report(&run.files, &run.report)));
    row("feedgate lint, whole run", n_bytes, best_run(n_runs, &root));
    terraform(n_runs);
}

/// Terraform alone: a module called for each entry of a map, and two resources in each.
fn terraform(n_runs: usize) {
    let (n_files, n_entries) = (1_000, 5);
    let files = synthetic::terraform_repository(n_files, n_entries);
    let n_bytes: usize = files.iter().map(|file| file.text.len()).sum();
    let root = write_tree(&files, "terraform");
    let files = files_of(&tree(&root));
    let model = model(&files);
    let n_instances = model.buckets.len() + model.tables.len();
    assert_eq!(n_instances, 2 * n_files * n_entries);
    println!("\n{} Terraform files with {n_instances} instances: {:.1} MB\n", files.len(), n_bytes as f64 / 1e6);
    row("parse and model", n_bytes, best_of(n_runs, || self::model(&files)));
    row("feedgate lint, whole run", n_bytes, best_run(n_runs, &root));
}

/// Seconds and the peak of memory.
struct Measure {
    time: Duration,
    peak_kib: Option<u64>,
}

fn row(stage: &str, n_bytes: usize, measure: Measure) {
    let seconds = measure.time.as_secs_f64();
    let speed = n_bytes as f64 / 1e6 / seconds.max(1e-9);
    let peak = measure.peak_kib.map_or_else(|| "-".to_owned(), |kib| format!("{:.0}", kib as f64 / 1024.0));
    println!("{stage:<28} {seconds:>9.3} {speed:>9.1} {peak:>10}");
}

/// Runs a stage in this process. What it returns is dropped after the clock has stopped.
fn best_of<T>(n_runs: usize, mut stage: impl FnMut() -> T) -> Measure {
    let runs = (0..n_runs.max(1)).map(|_| {
        forget_peak();
        let start = Instant::now();
        let result = black_box(stage());
        let measure = Measure { time: start.elapsed(), peak_kib: peak_kib("self") };
        drop(result);
        measure
    });
    fastest(runs)
}

/// Runs the binary as a user would.
fn best_run(n_runs: usize, root: &Path) -> Measure {
    fastest((0..n_runs.max(1)).map(|_| run_binary(root)))
}

fn fastest(runs: impl Iterator<Item = Measure>) -> Measure {
    runs.min_by_key(|measure| measure.time).expect("there is at least one run")
}

fn run_binary(root: &Path) -> Measure {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_feedgate"))
        .args(["lint", "--format", "json", "--fail-on", "never"])
        .current_dir(root)
        .stdout(Stdio::null())
        .spawn()
        .expect("cargo has built the binary");
    let process = child.id().to_string();
    let mut peak = None;
    let status = loop {
        peak = peak_kib(&process).or(peak);
        if let Some(status) = child.try_wait().expect("the child is ours to wait for") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let time = start.elapsed();
    assert!(status.success(), "feedgate ended with {status}");
    Measure { time, peak_kib: peak }
}

fn read_all(root: &Path, texts: &[(String, Arc<str>)]) -> Vec<Vec<u8>> {
    texts.iter().map(|(path, _)| fs::read(root.join(path)).expect("the file was written before")).collect()
}

fn parse_all(texts: &[(String, Arc<str>)]) -> Vec<Parsed> {
    texts.iter().enumerate().filter_map(|(index, (path, text))| parse(FileId::from_index(index), path, text)).collect()
}

fn parse(file: FileId, path: &str, text: &Arc<str>) -> Option<Parsed> {
    match Path::new(path).extension()?.to_str()? {
        "yaml" => Some(yaml::parse(file, text)),
        "json" => Some(json::parse(file, text)),
        "tf" => Some(hcl::parse(file, text)),
        _ => None,
    }
}

fn tree(root: &Path) -> Tree {
    read_tree(root, Limits::default()).expect("the tree was written before")
}

fn files_of(tree: &Tree) -> Files {
    let mut files = Files::default();
    for file in &tree.files {
        let text = file.content.clone().expect("every file of ours is text");
        files.push(SourceFile::new(Side::Head, file.path.clone(), text));
    }
    files
}

fn model(files: &Files) -> Model {
    let unread = BTreeMap::new();
    build(&Input { files, side: Side::Head, unread: &unread, config: &Config::default(), environment: None })
}

fn judge(catalogue: &Catalogue, files: &Files, model: &Model) -> usize {
    let config = Config::default();
    let context = Context::alone(files, Side::Head, model, &config, options().today);
    Plan::new(catalogue, &config, &[], None).run(&context, &config).diagnostics.len()
}

fn report(files: &Files, report: &Report) -> String {
    let pages = Pages::new(Catalogue::embedded().rules().map(|rule| &rule.meta));
    json_report::render(&View { files, report, pages: &pages, prefix: "" })
}

fn options() -> Options {
    Options::new(Date { year: 2026, month: 11, day: 23 })
}

/// Writes the repository once for each size, below the target folder, and leaves it there for the next time.
fn write_tree(files: &[SourceText], name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("synthetic-{name}"));
    for file in files {
        let path = root.join(&file.path);
        if fs::read_to_string(&path).is_ok_and(|text| text == file.text) {
            continue;
        }
        fs::create_dir_all(path.parent().expect("every path has a folder")).expect("the target folder can be written");
        fs::write(&path, &file.text).expect("the target folder can be written");
    }
    root
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// The highest resident size of a process so far, in KiB; `None` where the system has no `/proc`.
fn peak_kib(process: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Lets the peak of this process begin anew. Where that cannot be done, the figure is that of the whole run so far.
fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").ok();
}
