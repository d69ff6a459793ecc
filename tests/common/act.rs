//! A repository on a GitHub that is not there: pull requests, events, and workflows that `act` executes on this machine.
#![allow(dead_code, reason = "each test uses a part of it")]

use super::git::Repository;
use super::github::StandIn;
use super::peers;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The action as a release has it, with the binary of this test as that release.
pub(crate) struct Release {
    /// A copy of `action.yml` and `action/` that knows the checksum.
    pub(crate) action: Repository,
    /// The address of its archives.
    pub(crate) archives: String,
    pub(crate) archive: PathBuf,
    pub(crate) checksum: String,
}

impl Release {
    pub(crate) fn make(name: &str, binary: &Path) -> Release {
        let action = Repository::new(&format!("action-{name}"));
        let version = env!("CARGO_PKG_VERSION");
        let archive = action.0.join(format!("archives/v{version}/feedgate-{version}-{}.tar.gz", target()));
        fs::create_dir_all(archive.parent().expect("it lies in a folder")).expect("the folder is ours");
        let folder = binary.parent().expect("it lies in a folder");
        let packed =
            Command::new("tar").args(["-I", "gzip -1", "-cf"]).arg(&archive).arg("-C").arg(folder).arg("feedgate").status();
        assert!(packed.is_ok_and(|status| status.success()), "tar is installed");
        let checksum = sha256(&archive);
        for file in ["action.yml", "action/install.sh", "action/lint.sh", "action/VERSION", "action/checksums.txt"] {
            fs::create_dir_all(action.0.join("action")).expect("the folder is ours");
            fs::copy(root().join(file), action.0.join(file)).expect("the action is there");
        }
        let release = Release { archives: format!("file://{}/archives", action.0.display()), action, archive, checksum };
        release.know(&release.checksum);
        release
    }

    /// Writes what the archive's checksum is to be.
    pub(crate) fn know(&self, checksum: &str) {
        let name = self.archive.file_name().expect("it has a name").to_string_lossy();
        self.action.write("action/checksums.txt", format!("# of a test\n{checksum} {name}\n"));
        self.action.write(".gitignore", "archives/\n");
        self.action.commit();
    }

    /// The tool below this cache.
    pub(crate) fn tool(&self, cache: &Path) -> PathBuf {
        cache.join("feedgate").join(format!("{}-{}", env!("CARGO_PKG_VERSION"), &self.checksum[..16])).join(target())
    }
}

fn target() -> String {
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-gnu" };
    format!("{}-{system}", std::env::consts::ARCH)
}

fn sha256(file: &Path) -> String {
    let ask = "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())";
    super::python::run(Command::new(peers::interpreter()).args(["-c", ask]).arg(file)).trim().to_owned()
}

/// The release that all workflows share; it is unpacked once, and found in the tool cache from then on.
pub(crate) fn released() -> &'static Release {
    static RELEASE: OnceLock<Release> = OnceLock::new();
    RELEASE.get_or_init(|| {
        let release = Release::make("shared", Path::new(env!("CARGO_BIN_EXE_feedgate")));
        let tool = release.tool(&home().join("cache/act/tool_cache"));
        let _ = fs::remove_dir_all(&tool);
        fs::create_dir_all(&tool).expect("the folder is ours");
        fs::copy(env!("CARGO_BIN_EXE_feedgate"), tool.join("feedgate")).expect("the binary is there");
        release
    })
}

/// What act takes for the home of its user.
pub(crate) fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("act-home");
        // Without a file of settings it asks a question.
        fs::create_dir_all(home.join("config/act")).expect("the folder is ours");
        fs::write(home.join("config/act/actrc"), "").expect("the folder is ours");
        home
    })
}

/// What a workflow runs for.
pub(crate) struct Event {
    pub(crate) name: &'static str,
    /// What is checked out.
    pub(crate) reference: &'static str,
    pub(crate) payload: Value,
}

/// A repository, a pull request in it, and what GitHub says of both.
pub(crate) struct Zone {
    pub(crate) origin: Repository,
    pub(crate) stand_in: StandIn,
    workspace: Repository,
}

impl Zone {
    /// `main` with a feed and a query; the pull request 7 from `topic` with whatever `change` writes.
    pub(crate) fn new(name: &str, change: impl FnOnce(&Repository)) -> Zone {
        let origin = Repository::new(&format!("act-{name}"));
        origin.write("feeds/orders.yaml", "feed: orders\nowner: desk@example.com\n");
        origin.write("sql/orders.sql", "SELECT id FROM raw.orders;\n");
        let fields = json!([{"name": "id", "type": "INT64"}, {"name": "amount", "type": "NUMERIC"}]);
        let table = json!({"tableReference": {"datasetId": "raw", "tableId": "orders"}, "type": "TABLE", "location": "EU",
            "numRows": "1000000", "numBytes": "24000000", "schema": {"fields": fields}});
        origin.write("feedgate.tables.json", json!([table]).to_string());
        origin.commit();
        origin.git(&["branch", "topic"]);
        let zone = Zone::of(origin, name);
        zone.push(change);
        zone
    }

    /// A repository of whose branch `topic` a pull request is to be made.
    pub(crate) fn of(origin: Repository, name: &str) -> Zone {
        let workspace = origin.clone_with(&format!("act-{name}-workspace"), &[]);
        workspace.git(&["remote", "set-url", "origin", "https://github.com/acme/zone.git"]);
        Zone { origin, stand_in: StandIn::start(), workspace }
    }

    /// Pushes one more commit of the pull request.
    pub(crate) fn push(&self, change: impl FnOnce(&Repository)) {
        self.origin.git(&["checkout", "--quiet", "topic"]);
        change(&self.origin);
        self.origin.commit();
        self.merge();
    }

    /// Merges the pull request for a try, as GitHub does after each push.
    pub(crate) fn merge(&self) {
        self.origin.git(&["checkout", "--quiet", "--detach", "main"]);
        self.origin.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "topic"]);
        self.origin.git(&["update-ref", "refs/pull/7/merge", "HEAD"]);
        self.stand_in.seed(json!({"pulls": {"7": {"head": self.head()}}}));
    }

    pub(crate) fn head(&self) -> String {
        self.origin.git(&["rev-parse", "topic"])
    }

    pub(crate) fn base(&self) -> String {
        self.origin.git(&["rev-parse", "main"])
    }

    pub(crate) fn pull_request(&self, is_draft: bool) -> Event {
        let pull_request = json!({"number": 7, "state": "open", "draft": is_draft,
            "head": {"ref": "topic", "sha": self.head()}, "base": {"ref": "main", "sha": self.base()}});
        let payload = json!({"action": "synchronize", "number": 7, "pull_request": pull_request, "repository": repository()});
        Event { name: "pull_request", reference: "refs/pull/7/merge", payload }
    }

    /// Executes a workflow of `examples/workflows`, or one whose path is absolute.
    pub(crate) fn run(&self, workflow: &str, event: &Event, token: &str, run: u64) -> Executed {
        self.run_with(released(), workflow, event, token, run)
    }

    pub(crate) fn run_with(&self, release: &Release, workflow: &str, event: &Event, token: &str, run: u64) -> Executed {
        self.workspace.git(&["fetch", "--quiet", self.origin.0.to_str().expect("our folders are UTF-8"), event.reference]);
        let branch = event.reference.trim_start_matches("refs/").trim_start_matches("heads/");
        self.workspace.git(&["checkout", "--quiet", "-B", branch, "FETCH_HEAD"]);
        self.workspace.write(".git/event.json", event.payload.to_string());
        let workflow = root().join("examples/workflows").join(workflow);
        let mut command = Command::new(peers::program("act"));
        command.current_dir(&self.workspace.0).env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("HOME", home()).env("XDG_CONFIG_HOME", home().join("config")).env("XDG_CACHE_HOME", home().join("cache"));
        command.arg(event.name).args(["-P", "ubuntu-latest=-self-hosted", "--no-cache-server", "--no-skip-checkout", "--json"]);
        command.args(["--insecure-secrets", "--rm", "-s", &format!("GITHUB_TOKEN={token}")]);
        command.arg("-e").arg(self.workspace.0.join(".git/event.json")).arg("-W").arg(&workflow);
        for (name, value) in [
            ("GITHUB_API_URL", self.stand_in.api()),
            ("GITHUB_GRAPHQL_URL", format!("{}/graphql", self.stand_in.api())),
            ("GITHUB_RUN_ID", run.to_string()),
            ("FEEDGATE_RELEASES", release.archives.clone()),
            ("STUB_ORIGIN", self.origin.0.display().to_string()),
            ("STUB_REF", event.reference.to_owned()),
            ("STUB_ARTIFACTS", self.artifacts().display().to_string()),
        ] {
            command.arg("--env").arg(format!("{name}={value}"));
        }
        for (name, folder) in repositories(&workflow, release) {
            command.arg("--local-repository").arg(format!("{name}={}", folder.display()));
        }
        Executed::of(&mut command)
    }

    /// Where workflows put what they keep.
    pub(crate) fn artifacts(&self) -> PathBuf {
        self.workspace.0.join(".git/artifacts")
    }
}

pub(crate) fn repository() -> Value {
    json!({"full_name": "acme/zone", "default_branch": "main"})
}

/// The actions that a workflow uses, as `owner/name@commit`, and where they are here.
fn repositories(workflow: &Path, release: &Release) -> Vec<(String, PathBuf)> {
    let text = fs::read_to_string(workflow).expect("the workflow is there");
    let uses = text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "));
    let folder = |uses: &str| {
        let (path, commit) = uses.split_whitespace().next()?.split_once('@')?;
        let name: Vec<&str> = path.split('/').take(2).collect();
        let here = if name == ["feedgate", "feedgate"] { release.action.0.clone() } else { stub(&name.join("/")) };
        Some((format!("{}@{commit}", name.join("/")), here))
    };
    uses.filter_map(folder).collect()
}

/// What stands in for an action of others.
fn stub(name: &str) -> PathBuf {
    root().join("tests/action/stubs").join(name)
}

/// What act said of a run.
pub(crate) struct Executed {
    pub(crate) is_good: bool,
    pub(crate) text: String,
    lines: Vec<Value>,
}

impl Executed {
    fn of(command: &mut Command) -> Executed {
        let output = command.output().expect("it was installed");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let lines = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Executed { is_good: output.status.success(), text, lines }
    }

    /// An output of the action.
    pub(crate) fn output(&self, name: &str) -> &str {
        let is_it = |line: &&Value| line["command"] == "set-output" && line["name"] == name;
        self.lines.iter().rev().find(is_it).and_then(|line| line["arg"].as_str()).unwrap_or_default()
    }

    /// What a step added to the summary of the job; act says it of the step of an action, and of the action again.
    pub(crate) fn summary(&self) -> &str {
        let is_summary = |line: &&Value| line["command"] == "summary";
        self.lines.iter().rev().find(is_summary).and_then(|line| line["content"].as_str()).unwrap_or_default()
    }

    /// The annotations, decoded: level, properties, message.
    pub(crate) fn annotations(&self) -> Vec<(&str, &Value, &str)> {
        self.lines
            .iter()
            .filter_map(|line| {
                let level = line["command"].as_str().filter(|name| ["error", "warning", "notice"].contains(name))?;
                Some((level, &line["kvPairs"], line["arg"].as_str().unwrap_or_default()))
            })
            .collect()
    }
}
