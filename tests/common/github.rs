//! The stand-in for the API of GitHub, started for a test, and what its log is held against.
#![allow(dead_code, reason = "each test uses a part of it")]

use super::git::Ran;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// May write, and is looked for in everything that is printed.
pub(crate) const TOKEN: &str = "ghs_thisIsSecret0123456789";

pub(crate) struct StandIn {
    child: Child,
    pub(crate) port: u16,
    prefix: &'static str,
}

impl StandIn {
    pub(crate) fn start() -> StandIn {
        StandIn::with_prefix("")
    }

    /// As an Enterprise server has its API: below a path.
    pub(crate) fn with_prefix(prefix: &'static str) -> StandIn {
        let python = Path::new(if cfg!(windows) { "python" } else { "python3" });
        let (child, port) = serve(python, "stand_in.py", &["0", prefix]);
        let stand_in = StandIn { child, port, prefix };
        stand_in.seed(json!({"tokens": {TOKEN: "write", "ghs_readOnly": "read"}}));
        stand_in
    }

    pub(crate) fn api(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.prefix)
    }

    pub(crate) fn seed(&self, what: Value) {
        self.control("POST", "/_ctl/seed", &what);
    }

    pub(crate) fn fault(&self, what: Value) {
        self.control("POST", "/_ctl/fault", &what);
    }

    pub(crate) fn state(&self) -> Value {
        self.control("GET", "/_ctl/state", &Value::Null)
    }

    /// The bodies of all comments, in the order of their ids.
    pub(crate) fn comments(&self) -> Vec<String> {
        let state = self.state();
        let mut all: Vec<(u64, String)> = state["comments"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, one)| (one["id"].as_u64().unwrap_or(0), one["body"].as_str().unwrap_or_default().to_owned()))
            .collect();
        all.sort();
        all.into_iter().map(|(_, body)| body).collect()
    }

    /// `POST /repos/acme/zone/issues/7/comments`, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        let state = self.state();
        let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        state["log"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| format!("{} {}", text(one, "method"), text(one, "path")))
            .collect()
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the stand-in listens");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).expect("the stand-in listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the stand-in answers in UTF-8");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a body");
        serde_json::from_str(body).expect("an answer is JSON")
    }

    /// Holds every request of the log against GitHub's own description.
    pub(crate) fn assert_described(&self) {
        let description = Description::read();
        for request in self.state()["log"].as_array().into_iter().flatten() {
            description.assert_holds(request, self.prefix);
        }
    }
}

/// Starts a server of `tests/github`, which says its port in its first line.
pub(crate) fn serve(python: &Path, script: &str, arguments: &[&str]) -> (Child, u16) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/github").join(script);
    let mut command = Command::new(python);
    let mut child = command.arg(script).args(arguments).stdout(Stdio::piped()).spawn().expect("Python is installed");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("it is piped");
    BufReader::new(stdout).read_line(&mut line).expect("it says its port");
    (child, line.trim().parse().expect("it says its port"))
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes a command a step of a workflow for a pull request of `acme/zone`; `event` is the file of its payload.
pub(crate) fn in_workflow(command: &mut Command, stand_in: &StandIn, event: &Path, run: u64) {
    without_proxies(command);
    command
        .env("GITHUB_TOKEN", TOKEN)
        .env("GITHUB_API_URL", stand_in.api())
        .env("GITHUB_SERVER_URL", "https://ghe.example.com")
        .env("GITHUB_REPOSITORY", "acme/zone")
        .env("GITHUB_EVENT_NAME", "pull_request")
        .env("GITHUB_EVENT_PATH", event)
        .env("GITHUB_RUN_ID", run.to_string())
        .env("GITHUB_RUN_ATTEMPT", "1");
}

/// Runs it; the token is in nothing that it prints.
pub(crate) fn run(command: &mut Command) -> Ran {
    let ran = Ran::of(command);
    assert!(!ran.stdout.contains("ghs_") && !ran.stderr.contains("ghs_"), "{}{}", ran.stdout, ran.stderr);
    ran
}

/// Where the tests run, there may be a proxy; what they speak with is on this machine.
pub(crate) fn without_proxies(command: &mut Command) {
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
}

/// GitHub's description of its API, in the words of JSON Schema.
struct Description(Value);

impl Description {
    fn read() -> Description {
        let text = include_str!("../github/openapi-subset.json");
        let mut description = serde_json::from_str(text).expect("the description is JSON");
        make_nullable(&mut description);
        Description(description)
    }

    fn assert_holds(&self, request: &Value, prefix: &str) {
        let (path, query) = split(request["path"].as_str().expect("a request has a path"));
        // GraphQL is described elsewhere.
        if path.ends_with("/graphql") || request["method"] == "CONNECT" {
            return;
        }
        let path = path.strip_prefix(prefix).expect("every path has the prefix");
        let paths = self.0["paths"].as_object().expect("it has paths");
        let (_, item) =
            paths.iter().find(|(template, _)| is_of(template, path)).unwrap_or_else(|| panic!("{path} is not described"));
        let method = request["method"].as_str().expect("a request has a method").to_lowercase();
        let operation = &item[&method];
        assert!(operation.is_object(), "{method} {path} is not described");
        for name in query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty()) {
            assert!(self.takes(operation, name), "{method} {path} takes no `{name}`");
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        match (&request["body"], schema.is_object()) {
            (Value::Null, _) => assert_ne!(operation["requestBody"]["required"], true, "{method} {path} lacks its body"),
            (_, false) => panic!("{method} {path} takes no body"),
            (body, true) => self.assert_body(schema, body, &format!("{method} {path}")),
        }
    }

    fn takes(&self, operation: &Value, name: &str) -> bool {
        operation["parameters"].as_array().into_iter().flatten().any(|one| {
            let one = one["$ref"].as_str().and_then(|reference| self.0.pointer(&reference[1..])).unwrap_or(one);
            one["in"] == "query" && one["name"] == name
        })
    }

    fn assert_body(&self, schema: &Value, body: &Value, what: &str) {
        let known = &schema["properties"];
        for name in body.as_object().into_iter().flatten().map(|(name, _)| name) {
            assert!(!known.is_object() || known[name].is_object(), "{what} takes no `{name}`");
        }
        let mut whole = schema.clone();
        whole["components"] = self.0["components"].clone();
        let validator = jsonschema::draft4::options().build(&whole).unwrap_or_else(|error| panic!("{what}: {error}"));
        let wrong: Vec<String> = validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{what}: {}", wrong.join("; "));
    }
}

fn split(path: &str) -> (&str, &str) {
    path.split_once('?').unwrap_or((path, ""))
}

fn is_of(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(&path).all(|(a, b)| a == b || a.starts_with('{'))
}

/// OpenAPI 3.0 says `nullable` where JSON Schema lists `null` among the types.
fn make_nullable(value: &mut Value) {
    if let Some(object) = value.as_object_mut() {
        let is_nullable = object.get("nullable") == Some(&Value::Bool(true));
        if let Some(of_type) = object.get("type").cloned().filter(|_| is_nullable) {
            object.insert("type".to_owned(), json!([of_type, "null"]));
        }
        object.values_mut().for_each(make_nullable);
    } else if let Some(list) = value.as_array_mut() {
        list.iter_mut().for_each(make_nullable);
    }
}
