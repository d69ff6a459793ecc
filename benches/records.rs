//! How fast `feedgate check-file` checks records, beside the tools that people use for it, on one file in one run.
//!
//! `cargo bench --bench records`, with `MB=100` for a smaller file and `RUNS=1` for fewer repetitions. The file has orders
//! of 20 fields, one a line. The peers come from PyPI and are installed below the target folder: `jsonschema-rs` reads
//! the whole file with `orjson`; `check-jsonschema`, which takes no lines, reads the first records of the same file as one
//! list, because the whole would take hours. Each figure is the best of its runs.
#![expect(clippy::print_stdout, reason = "the table is the result")]
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a bench measures the world that the core must not see")]

#[path = "records/made.rs"]
mod made;

use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Of the file, what `check-jsonschema` reads.
const SLOW_RECORDS: usize = 4_000;

const PACKAGES: [&str; 3] = ["check-jsonschema==0.39.0", "jsonschema-rs==0.60.3", "orjson==3.13.0"];

fn main() {
    let (n_mb, n_runs) = (setting("MB", 500), setting("RUNS", 3));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("records-{n_mb}"));
    let (file, n_records) = write_repository(&folder, n_mb * 1_000_000);
    let n_bytes = size(&file);
    println!("{n_records} records of 20 fields, {:.0} MB, {} cores\n", n_bytes / 1e6, cores());
    println!("{:<34} {:>8} {:>8} {:>8} {:>9}", "", "MB/s", "seconds", "of CPU", "peak MiB");
    let ours = best(n_runs, || run_ours(&folder, &file, n_records));
    row("feedgate: schema and table", n_bytes, &ours);
    let bin = install();
    let rs = best(n_runs, || run_jsonschema_rs(&bin, &folder, &file, n_records));
    row("jsonschema-rs + orjson: schema", n_bytes, &rs);
    let list = write_list(&folder, &file);
    let slow = best(1, || run_check_jsonschema(&bin, &folder, &list));
    row("check-jsonschema: schema", size(&list), &slow);
    let speed = |measure: &Measure, n_bytes: f64| n_bytes / measure.time.as_secs_f64();
    println!("\nfeedgate is {:.1} times as fast as jsonschema-rs", speed(&ours, n_bytes) / speed(&rs, n_bytes));
    println!("feedgate is {:.0} times as fast as check-jsonschema", speed(&ours, n_bytes) / speed(&slow, size(&list)));
}

struct Measure {
    time: Duration,
    /// Seconds of all cores, where the system tells them.
    cpu: Option<f64>,
    peak_kib: Option<u64>,
}

fn row(what: &str, n_bytes: f64, measure: &Measure) {
    let seconds = measure.time.as_secs_f64();
    let cpu = measure.cpu.map_or_else(|| "-".to_owned(), |cpu| format!("{cpu:.2}"));
    let peak = measure.peak_kib.map_or_else(|| "-".to_owned(), |kib| format!("{:.0}", kib as f64 / 1024.0));
    println!("{what:<34} {:>8.1} {seconds:>8.2} {cpu:>8} {peak:>9}", n_bytes / 1e6 / seconds);
}

fn best(n_runs: usize, mut run: impl FnMut() -> Measure) -> Measure {
    (0..n_runs.max(1)).map(|_| run()).min_by_key(|measure| measure.time).expect("there is at least one run")
}

fn run_ours(folder: &Path, file: &Path, n_records: u64) -> Measure {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedgate"));
    command.args(["check-file", "--format", "json", "--as-of", "2026-08-04", "--root"]).arg(folder).arg(file);
    let (measure, output) = measured(&mut command);
    let report: Value = serde_json::from_str(&output).expect("the report is JSON");
    let content = &report["files"][0]["content"];
    assert_eq!((&content["records"], &content["records_with_findings"]), (&n_records.into(), &0.into()), "{report}");
    measure
}

fn run_jsonschema_rs(bin: &Path, folder: &Path, file: &Path, n_records: u64) -> Measure {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/records/peer.py");
    let mut command = Command::new(bin.join("python"));
    let (measure, output) = measured(command.arg("-B").arg(script).arg(folder.join("orders.schema.json")).arg(file));
    assert_eq!(output.trim(), n_records.to_string());
    measure
}

fn run_check_jsonschema(bin: &Path, folder: &Path, list: &Path) -> Measure {
    let mut command = Command::new(bin.join("check-jsonschema"));
    measured(command.arg("--schemafile").arg(folder.join("list.schema.json")).arg(list)).0
}

/// Runs a program to its end; what it prints comes back.
fn measured(command: &mut Command) -> (Measure, String) {
    let (start, cpu) = (Instant::now(), cpu_of_children());
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the program is there");
    let (process, mut peak_kib) = (child.id().to_string(), None);
    while child.try_wait().expect("the child is ours to wait for").is_none() {
        peak_kib = self::peak_kib(&process).or(peak_kib);
        std::thread::sleep(Duration::from_millis(2));
    }
    let time = start.elapsed();
    let output = child.wait_with_output().expect("the child has ended");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stdout));
    let cpu = cpu_of_children().zip(cpu).map(|(after, before)| after - before);
    (Measure { time, cpu, peak_kib }, String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Seconds that the children which have ended have used, where `/proc` says so.
fn cpu_of_children() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(|ticks| ticks.parse::<f64>().ok());
    Some(ticks.sum::<Option<f64>>()? / 100.0)
}

fn peak_kib(process: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// An environment with the peers, made on the first run. What gives the folder its name is in it.
fn install() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("peers-{}", PACKAGES.join("-").replace("==", "-")));
    let bin = folder.join("bin");
    if !bin.join("check-jsonschema").exists() {
        let run = |command: &mut Command| assert!(command.status().expect("Python is there").success(), "{command:?}");
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        run(Command::new(bin.join("python")).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES));
    }
    bin
}

/// The repository and its file, which is left there for the next time.
fn write_repository(folder: &Path, n_bytes: usize) -> (PathBuf, u64) {
    fs::create_dir_all(folder.join("feeds")).expect("the target folder can be written");
    let write = |path: &str, text: &str| fs::write(folder.join(path), text).expect("the target folder can be written");
    write("feedgate.yaml", "version: 1\n");
    write("feeds/orders.yaml", made::FEED);
    write("orders.schema.json", &made::schema().to_string());
    write("orders.table.json", &made::table().to_string());
    write("list.schema.json", &json!({ "type": "array", "items": made::schema() }).to_string());
    let path = folder.join(made::FILE);
    let is_there = fs::metadata(&path).is_ok_and(|metadata| metadata.len() >= n_bytes as u64);
    let mut file = (!is_there).then(|| BufWriter::new(File::create(&path).expect("the target folder can be written")));
    let (mut text, mut n_written, mut n_records) = (String::new(), 0, 0);
    while n_written < n_bytes {
        text.clear();
        made::record(n_records, &mut text);
        if let Some(file) = &mut file {
            file.write_all(text.as_bytes()).expect("the target folder can be written");
        }
        n_written += text.len();
        n_records += 1;
    }
    (path, n_records)
}

fn write_list(folder: &Path, file: &Path) -> PathBuf {
    let lines = BufReader::new(File::open(file).expect("it was written before")).lines().take(SLOW_RECORDS);
    let records: Vec<String> = lines.map(|line| line.expect("it is text")).collect();
    let path = folder.join("list.json");
    fs::write(&path, format!("[{}]", records.join(",\n"))).expect("the target folder can be written");
    path
}

fn size(file: &Path) -> f64 {
    fs::metadata(file).expect("it was written before").len() as f64
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
