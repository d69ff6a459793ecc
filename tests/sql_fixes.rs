//! `lint --fix` on SQL, through the binary: the text that comes out is the one that goes in but for the fix, whatever file
//! holds it; the finding is gone, the text still reads, and a second run changes nothing.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "these tests run the binary on trees that they make")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sql-fixes-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Folder(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a path below the folder")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).expect("it is there")
    }

    fn lint(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedgate"));
        command.args(["lint", "--format", "json", "--as-of", "2026-08-22"]).args(arguments).current_dir(&self.0);
        command.output().expect("the binary runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn rules(output: &Output) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let findings = report["findings"].as_array().expect("a list").iter();
    findings.map(|finding| finding["rule"].as_str().expect("a name").to_owned()).collect()
}

/// What readers say of a text that they do not take.
const UNREAD: [&str; 4] = ["sql-syntax-error", "invalid-yaml", "invalid-hcl", "invalid-json"];

/// The text after all fixes of the rule, safe or not.
fn fixed(name: &str, rule: &str, path: &str, text: &str) -> String {
    let folder = Folder::new(name);
    folder.write("feedgate.yaml", "location: EU\n");
    folder.write(path, text);
    assert!(rules(&folder.lint(&["--only", rule])).contains(&rule.to_owned()), "{name}: the finding is there");
    folder.lint(&["--only", rule, "--fix", "--unsafe-fixes"]);
    let after = folder.read(path);
    if after != text {
        assert_eq!(rules(&folder.lint(&["--only", rule])), Vec::<String>::new(), "{name}: it is gone");
        let unread: Vec<String> = rules(&folder.lint(&[])).into_iter().filter(|rule| UNREAD.contains(&rule.as_str())).collect();
        assert_eq!(unread, Vec::<String>::new(), "{name}: the text reads");
        folder.lint(&["--only", rule, "--fix", "--unsafe-fixes"]);
        assert_eq!(folder.read(path), after, "{name}: a second run changes nothing");
    }
    after
}

const SCRIPTS: &str = "scripts-counted-twice";

#[test]
fn a_condition_with_or_is_put_in_parentheses_and_added_to() {
    let text = "-- per person\nSELECT user_email, SUM(total_slot_ms) AS slots -- all of them\nFROM `region-eu`.INFORMATION_SCHEMA.JOBS\n\
                WHERE creation_time >= @since -- or none\n  OR creation_time IS NULL -- queued\nGROUP BY user_email;\n";
    let expected = text
        .replace("WHERE creation_time", "WHERE (creation_time")
        .replace("IS NULL --", "IS NULL) AND (statement_type IS NULL OR statement_type != 'SCRIPT') --");
    assert_eq!(fixed("or", SCRIPTS, "sql/slots.sql", text), expected);
}

#[test]
fn a_condition_is_added_where_there_is_none() {
    let text = "SELECT project_id, SUM(total_bytes_billed) AS bytes\nFROM `region-eu`.INFORMATION_SCHEMA.JOBS AS jobs -- the history\n\
                GROUP BY project_id\n";
    let expected = text.replace("AS jobs", "AS jobs WHERE (statement_type IS NULL OR statement_type != 'SCRIPT')");
    assert_eq!(fixed("where", SCRIPTS, "sql/bytes.sql", text), expected);
}

#[test]
fn the_region_is_put_before_the_view() {
    let text = "SELECT COUNT(*) AS jobs /* all */ FROM INFORMATION_SCHEMA.JOBS_BY_PROJECT WHERE creation_time >= @since;\n";
    let expected = text.replace("FROM INFORMATION", "FROM `region-eu`.INFORMATION");
    assert_eq!(fixed("region", "job-history-without-region", "sql/jobs.sql", text), expected);
}

#[test]
fn an_idle_order_goes_and_comments_stay() {
    let order = |text: &str| fixed("order", "idle-order-by", "sql/dear.sql", text);
    let text = "WITH dear AS (\n  SELECT isin, price FROM raw.trades -- all\n  ORDER BY price DESC, isin -- dearest first\n)\nSELECT isin FROM dear;\n";
    assert_eq!(order(text), text.replace("ORDER BY price DESC, isin -- d", "-- d"));
    let text = "SELECT a FROM (SELECT a FROM raw.trades ORDER BY LOWER(a), b), raw.days WHERE a = day\n";
    assert_eq!(order(text), text.replace(" ORDER BY LOWER(a), b", ""));
    let text = "SELECT a FROM (SELECT a FROM raw.trades ORDER BY /* why */ a) GROUP BY a\n";
    assert_eq!(order(text), text, "a comment within is not thrown away");
}

const JOBS: &str = "SELECT SUM(total_slot_ms) AS slots FROM `region-eu`.INFORMATION_SCHEMA.JOBS WHERE creation_time >= ";

#[test]
fn what_a_heredoc_or_a_block_scalar_holds_is_fixed_where_it_stands() {
    let condition = " AND (statement_type IS NULL OR statement_type != 'SCRIPT')";
    let heredoc = format!(
        "variable \"since\" {{ type = string }}\n\nresource \"google_bigquery_data_transfer_config\" \"slots\" {{\n  display_name   = \"slots\"\n  \
         location       = \"EU\"\n  data_source_id = \"scheduled_query\"\n  params = {{\n    query = <<-SQL\n      -- from ${{var.since}} on\n      {JOBS}\n        \
         '${{var.since}}' -- and back\n    SQL\n  }}\n}}\n"
    );
    assert_eq!(fixed("heredoc", SCRIPTS, "infra/slots.tf", &heredoc), heredoc.replace("' --", &format!("'{condition} --")));
    let block = format!(
        "main:\n  steps:\n    - ask:\n        call: googleapis.bigquery.v2.jobs.query\n        args:\n          projectId: acme\n          body:\n            \
         useLegacySql: false\n            query: |\n              {JOBS}\n                '2026-08-01' -- this month\n"
    );
    assert_eq!(fixed("block", SCRIPTS, "workflows/slots.yaml", &block), block.replace("01'", &format!("01'{condition}")));
}

#[test]
fn what_is_written_with_escapes_is_left_alone() {
    let quoted = format!(
        "main:\n  steps:\n    - ask:\n        call: googleapis.bigquery.v2.jobs.query\n        args:\n          projectId: acme\n          body:\n            \
         useLegacySql: false\n            query: \"{JOBS}\\t\\\"2026-08-01\\\"\"\n"
    );
    assert_eq!(fixed("quoted", SCRIPTS, "workflows/slots.yaml", &quoted), quoted);
}
