//! How long `feedgate estimate` takes over a folder of SQL, as the whole binary, with sqlglot (its compiled extension) parsing
//! the same files in the same run: the ratio is what can be compared between machines.
//!
//! `cargo bench --bench sql`, with `SQL=folder` for texts of your own, `FILES=200` for another size of the synthetic folder and
//! `RUNS=1` for fewer repetitions. What each could not parse is counted; templates are no SQL to sqlglot. It is installed below
//! the target folder on the first run.
#![expect(clippy::print_stdout, reason = "the table is the result")]
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a bench measures the world that the core must not see")]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const REQUIREMENTS: &str = "sqlglot[c]==30.30.0";

/// Best of some runs over all texts, and how many it parsed. Only the parsing is timed, not the start of the interpreter.
const PEER: &str = r#"
import json, pathlib, sys, time
import sqlglot
texts = [path.read_text(errors="replace") for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.sql")) if path.is_file()]
best, parsed = None, 0
for _ in range(int(sys.argv[2])):
    start, parsed = time.perf_counter(), 0
    for text in texts:
        try:
            sqlglot.parse(text, read="bigquery")
            parsed += 1
        except Exception:
            pass
    took = time.perf_counter() - start
    best = took if best is None else min(best, took)
print(json.dumps({"seconds": best, "parsed": parsed, "files": len(texts), "bytes": sum(map(len, texts))}))
"#;

fn main() {
    let (n_files, n_runs) = (setting("FILES", 2_452), setting("RUNS", 3));
    let given = std::env::var_os("SQL").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| synthetic(n_files));
    let ours = (0..n_runs.max(1)).map(|_| estimate(&folder)).min().expect("there is at least one run").as_secs_f64();
    let skipped = not_understood(&folder);
    let peer = peer(&folder, n_runs.max(1));
    let number = |name: &str| peer[name].as_f64().expect("the peer says so");
    let (theirs, mb) = (number("seconds"), number("bytes") / 1e6);
    println!("{} files of SQL, {mb:.1} MB\n", number("files"));
    println!("{:<34} {:>9} {:>9} {:>16}", "", "seconds", "MB/s", "not understood");
    println!("{:<34} {ours:>9.3} {:>9.1} {skipped:>16}", "feedgate estimate, whole run", mb / ours);
    println!("{:<34} {theirs:>9.3} {:>9.1} {:>16}", "sqlglot, parsing alone", mb / theirs, number("files") - number("parsed"));
    println!("\nsqlglot takes {:.1} times as long", theirs / ours);
}

fn estimate(folder: &Path) -> Duration {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedgate"));
    command.args(["estimate", "--format", "json"]).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().expect("cargo has built the binary");
    assert!(status.code().is_some_and(|code| code < 2), "feedgate ended with {status}");
    start.elapsed()
}

/// Files with a statement that is wrong or was not understood, by the rule that says so.
fn not_understood(folder: &Path) -> usize {
    let rule = "sql-syntax-error";
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedgate"));
    let command = command.args(["lint", "--format", "json", "--fail-on", "never", "--only", rule]).current_dir(folder);
    let output = command.stderr(Stdio::null()).output().expect("cargo has built the binary");
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let all = ["findings", "skipped"].into_iter().flat_map(|list| report[list].as_array().into_iter().flatten());
    let paths: std::collections::BTreeSet<&str> = all.filter_map(|one| one["path"].as_str()).collect();
    paths.len()
}

fn peer(folder: &Path, n_runs: usize) -> Value {
    let mut command = Command::new(python());
    command.arg("-c").arg(PEER).arg(fs::canonicalize(folder).expect("the folder is there")).arg(n_runs.to_string());
    let output = command.stderr(Stdio::null()).output().expect("the interpreter starts");
    serde_json::from_slice(&output.stdout).expect("the peer answers in JSON")
}

/// The Python of an environment with the pinned package, made on first use.
fn python() -> PathBuf {
    let environment = target().join("sqlglot");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = environment.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == REQUIREMENTS) {
        return python;
    }
    let run = |command: &mut Command| assert!(command.status().is_ok_and(|status| status.success()), "{command:?} failed");
    let system = if cfg!(windows) { "python" } else { "python3" };
    run(Command::new(system).args(["-m", "venv", "--clear"]).arg(&environment));
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENTS]));
    fs::write(&stamp, REQUIREMENTS).expect("the environment is ours");
    python
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it lies in the target folder")
}

/// Tables, and queries over them of the size that warehouses keep: a few kilobytes, with common table expressions, joins,
/// windows and conditions on partitions.
fn synthetic(n_files: usize) -> PathBuf {
    let root = target().join("tmp").join(format!("sql-{n_files}"));
    for number in 0..n_files {
        let path = root.join(format!("sql/dataset_{}/query_{number}.sql", number % 50));
        let text = if number % 10 == 0 { table(number) } else { query(number) };
        if fs::read_to_string(&path).is_ok_and(|known| known == text) {
            continue;
        }
        fs::create_dir_all(path.parent().expect("every path has a folder")).expect("the target folder can be written");
        fs::write(&path, text).expect("the target folder can be written");
    }
    // The root of a repository, though it lies in another.
    fs::write(root.join("feedgate.yaml"), "").expect("the target folder can be written");
    root
}

const N_COLUMNS: usize = 40;

fn table(number: usize) -> String {
    let columns: Vec<String> = (0..N_COLUMNS).map(|n| format!("  metric_{n} INT64,\n")).collect();
    format!(
        "CREATE TABLE dataset_{}.table_{number} (\n  day DATE NOT NULL,\n  id STRING,\n  country STRING,\n{})\nPARTITION BY day;\n",
        number % 50,
        columns.concat()
    )
}

fn query(number: usize) -> String {
    let table = number / 10 * 10;
    let name = format!("dataset_{}.table_{table}", table % 50);
    let sums: Vec<String> =
        (0..N_COLUMNS).map(|n| format!("    SUM(IF(country = 'x{n}', metric_{n}, 0)) AS metric_{n},\n")).collect();
    let shares: Vec<String> = (0..N_COLUMNS)
        .map(|n| format!("  SAFE_DIVIDE(metric_{n}, SUM(metric_{n}) OVER (PARTITION BY country ORDER BY day)) AS share_{n},\n"))
        .collect();
    format!(
        "-- Query {number}.\nWITH daily AS (\n  SELECT\n    day,\n    country,\n{}  FROM `{name}`\n  WHERE day >= '2026-01-{:02}' AND id IS NOT NULL\n  \
         GROUP BY day, country\n)\nSELECT\n  day,\n  daily.country,\n{}FROM daily\nLEFT JOIN (SELECT DISTINCT id, country FROM {name}) AS names \
         ON names.country = daily.country\nQUALIFY ROW_NUMBER() OVER (PARTITION BY daily.country ORDER BY day DESC) = 1\nORDER BY day;\n",
        sums.concat(),
        number % 28 + 1,
        shares.concat()
    )
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
