//! Installs the analyzer below `target/oracle` and asks it, all statements in one go. Panics when it cannot be had.

use super::{Columns, python};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Statements with the tables that they may name.
pub(crate) struct Group {
    pub(crate) tables: Vec<Value>,
    pub(crate) statements: Vec<String>,
}

/// The columns needed of each table, or why the statement is refused.
pub(crate) type Answer = Result<Columns, String>;

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The answers to each statement of each group, in order.
pub(crate) fn ask(name: &str, groups: &[Group]) -> Vec<Vec<Answer>> {
    // One after the other: the first compiles the module for all.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let python = python();
    let request = folder().join(format!("{name}.request.json"));
    let asked = groups.iter().map(|group| json!({"tables": group.tables, "statements": group.statements}));
    fs::write(&request, Value::from_iter(asked).to_string()).expect("the target folder is ours");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/analyze.py");
    let output = python::run(Command::new(python).arg("-B").arg(script).arg(compiled()).arg(&request));
    let answers: Vec<Vec<Value>> = serde_json::from_str(&output).expect("the analyzer answers in JSON");
    answers.iter().map(|group| group.iter().map(answer).collect()).collect()
}

fn answer(answer: &Value) -> Answer {
    if let Some(words) = answer["refused"].as_str() {
        return Err(words.to_owned());
    }
    let tables = answer["tables"].as_object().expect("tables, or a refusal");
    let names = |columns: &Value| columns.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(tables.iter().map(|(table, columns)| (table.clone(), names(columns))).collect())
}

fn folder() -> PathBuf {
    python::folder("oracle")
}

/// Named by the versions that made it, since no other can load it.
fn compiled() -> PathBuf {
    let versions: Vec<&str> = REQUIREMENTS.lines().take(2).collect();
    folder().join(format!("{}.compiled", versions.join("-").replace("==", "-")))
}

/// Made once for all tests of the program.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| python::environment(&folder(), REQUIREMENTS))
}
