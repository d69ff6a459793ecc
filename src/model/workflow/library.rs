//! What workflows may call: the standard library and the helpers of expressions, after
//! <https://cloud.google.com/workflows/docs/reference/stdlib/overview> and its pages, and of connectors those that feeds
//! use, after <https://cloud.google.com/workflows/docs/reference/googleapis>. Written down 2026-11-26.

/// A function of the standard library.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// In the order in which an expression gives them.
    pub(super) params: &'static [&'static str],
    /// So many of them must be there.
    pub(super) n_required: usize,
    /// It stops the workflow until it is done, and may be called by a step only.
    pub(super) is_blocking: bool,
    /// The page names each parameter, so that another name is wrong.
    pub(super) is_complete: bool,
}

const fn pure(name: &'static str, params: &'static [&'static str], n_required: usize) -> Function {
    Function { name, params, n_required, is_blocking: false, is_complete: false }
}

const fn blocking(name: &'static str, params: &'static [&'static str], n_required: usize) -> Function {
    Function { name, params, n_required, is_blocking: true, is_complete: true }
}

const HTTP: &[&str] = &["url", "timeout", "body", "headers", "query", "auth", "private_service_name", "ca_certificate"];

const HTTP_REQUEST: &[&str] =
    &["method", "url", "timeout", "body", "headers", "query", "auth", "private_service_name", "ca_certificate"];

/// The policies and predicates of retries are among them: they are called with an error, or named.
const FUNCTIONS: &[Function] = &[
    pure("base64.decode", &["data", "padding"], 1),
    pure("base64.encode", &["data", "padding"], 1),
    pure("bool", &["value"], 1),
    pure("default", &["val", "defaultVal"], 2),
    pure("double", &["value"], 1),
    blocking("events.await_callback", &["callback", "timeout"], 1),
    pure("events.create_callback_endpoint", &["http_callback_method"], 0),
    pure("get_type", &["value"], 1),
    pure("hash.compute_checksum", &["data", "algorithm"], 2),
    pure("hash.compute_hmac", &["key", "data", "algorithm"], 3),
    pure("http.default_retry", &["exception"], 0),
    pure("http.default_retry_non_idempotent", &["exception"], 0),
    pure("http.default_retry_predicate", &["exception"], 0),
    pure("http.default_retry_predicate_non_idempotent", &["exception"], 0),
    blocking("http.delete", HTTP, 1),
    blocking("http.get", HTTP, 1),
    blocking("http.patch", HTTP, 1),
    blocking("http.post", HTTP, 1),
    blocking("http.put", HTTP, 1),
    blocking("http.request", HTTP_REQUEST, 2),
    pure("if", &["condition", "ifTrue", "ifFalse"], 3),
    pure("int", &["value"], 1),
    pure("json.decode", &["data"], 1),
    pure("json.encode", &["data", "indent"], 1),
    pure("json.encode_to_string", &["data", "indent"], 1),
    pure("keys", &["map"], 1),
    pure("len", &["value"], 1),
    pure("list.concat", &["objs", "val"], 2),
    pure("list.prepend", &["objs", "val"], 2),
    pure("map.delete", &["map", "key"], 2),
    pure("map.get", &["map", "keys", "default"], 2),
    pure("map.merge", &["first", "second"], 2),
    pure("map.merge_nested", &["first", "second"], 2),
    pure("math.abs", &["x"], 1),
    pure("math.floor", &["x"], 1),
    pure("math.max", &["x", "y"], 2),
    pure("math.min", &["x", "y"], 2),
    pure("retry.always", &["exception"], 0),
    pure("retry.default_backoff", &[], 0),
    pure("retry.never", &["exception"], 0),
    pure("string", &["value"], 1),
    pure("sys.get_env", &["name", "default"], 1),
    blocking("sys.log", &["data", "severity", "text", "json", "timeout"], 0),
    pure("sys.now", &[], 0),
    blocking("sys.sleep", &["seconds"], 1),
    blocking("sys.sleep_until", &["time"], 1),
    pure("text.decode", &["data", "charset"], 1),
    pure("text.encode", &["text", "charset"], 1),
    pure("text.find_all", &["source", "substr"], 2),
    pure("text.find_all_regex", &["source", "regexp"], 2),
    pure("text.match_regex", &["source", "regexp"], 2),
    pure("text.replace_all", &["source", "substr", "repl"], 3),
    pure("text.replace_all_regex", &["source", "regexp", "repl"], 3),
    pure("text.split", &["source", "separator"], 2),
    pure("text.substring", &["source", "start", "end"], 3),
    pure("text.to_lower", &["source"], 1),
    pure("text.to_upper", &["source"], 1),
    pure("text.url_decode", &["source"], 1),
    pure("text.url_encode", &["source"], 1),
    pure("text.url_encode_plus", &["source"], 1),
    pure("time.format", &["seconds", "timezone"], 1),
    pure("time.parse", &["value"], 1),
    pure("type", &["value"], 1),
    pure("uuid.generate", &[], 0),
];

pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Whether a name is that of a module whose functions are all listed.
pub(super) fn is_module(name: &str) -> bool {
    FUNCTIONS.iter().any(|function| function.name.split_once('.').is_some_and(|(module, _)| module == name))
}

/// The function whose name is nearest, for who mistyped one.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let names = FUNCTIONS.iter().map(|function| function.name);
    names.filter(|own| is_near(own, name)).min_by_key(|own| own.len().abs_diff(name.len()))
}

/// Whether two names differ by one stroke, or by the module alone.
fn is_near(own: &str, name: &str) -> bool {
    let prefix = own.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    let (own_rest, rest) = (own.get(prefix..).unwrap_or_default(), name.get(prefix..).unwrap_or_default());
    let suffix = own_rest.bytes().rev().zip(rest.bytes().rev()).take_while(|(a, b)| a == b).count();
    let is_stroke = own_rest.len().max(rest.len()) - suffix <= 2;
    let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
    is_stroke || last(own) == last(name)
}

/// The arguments that a method must be given.
pub(super) type Required = &'static [&'static str];

/// The methods of one module, with what each must be given.
pub(super) type Methods = &'static [(&'static str, Required)];

/// Transfers of a project are called alike wherever they lie.
const TRANSFERS: Methods = &[
    ("create", &["parent"]),
    ("delete", &["name"]),
    ("get", &["name"]),
    ("list", &["parent"]),
    ("patch", &["name"]),
    ("scheduleRuns", &["parent"]),
    ("startManualRuns", &["parent"]),
];

/// The methods of connectors of which all are listed, and what each must be given.
const METHODS: &[(&str, Methods)] = &[
    (
        "googleapis.bigquery.v2.datasets.",
        &[
            ("delete", &["datasetId", "projectId"]),
            ("get", &["datasetId", "projectId"]),
            ("insert", &["projectId", "body"]),
            ("list", &["projectId"]),
            ("patch", &["datasetId", "projectId"]),
            ("undelete", &["datasetId", "projectId"]),
            ("update", &["datasetId", "projectId"]),
        ],
    ),
    (
        "googleapis.bigquery.v2.jobs.",
        &[
            ("cancel", &["jobId", "projectId"]),
            ("delete", &["jobId", "projectId"]),
            ("get", &["jobId", "projectId"]),
            ("getQueryResults", &["jobId", "projectId"]),
            ("insert", &["projectId", "body"]),
            ("list", &["projectId"]),
            ("query", &["projectId", "body"]),
        ],
    ),
    (
        "googleapis.bigquery.v2.tabledata.",
        &[("insertAll", &["datasetId", "projectId", "tableId", "body"]), ("list", &["datasetId", "projectId", "tableId"])],
    ),
    (
        "googleapis.bigquery.v2.tables.",
        &[
            ("delete", &["datasetId", "projectId", "tableId"]),
            ("get", &["datasetId", "projectId", "tableId"]),
            ("getIamPolicy", &["resource"]),
            ("insert", &["datasetId", "projectId"]),
            ("list", &["datasetId", "projectId"]),
            ("patch", &["datasetId", "projectId", "tableId"]),
            ("setIamPolicy", &["resource"]),
            ("testIamPermissions", &["resource"]),
            ("update", &["datasetId", "projectId", "tableId"]),
        ],
    ),
    ("googleapis.bigquerydatatransfer.v1.projects.locations.transferConfigs.", TRANSFERS),
    ("googleapis.bigquerydatatransfer.v1.projects.transferConfigs.", TRANSFERS),
    (
        "googleapis.pubsub.v1.projects.topics.",
        &[
            ("create", &["name"]),
            ("delete", &["topic"]),
            ("get", &["topic"]),
            ("getIamPolicy", &["resource"]),
            ("list", &["project"]),
            ("patch", &["name"]),
            ("publish", &["topic"]),
            ("setIamPolicy", &["resource"]),
            ("testIamPermissions", &["resource"]),
        ],
    ),
    (
        "googleapis.pubsub.v1.projects.subscriptions.",
        &[
            ("acknowledge", &["subscription"]),
            ("create", &["name"]),
            ("delete", &["subscription"]),
            ("detach", &["subscription"]),
            ("get", &["subscription"]),
            ("getIamPolicy", &["resource"]),
            ("list", &["project"]),
            ("modifyAckDeadline", &["subscription"]),
            ("modifyPushConfig", &["subscription"]),
            ("patch", &["name"]),
            ("pull", &["subscription"]),
            ("seek", &["subscription"]),
            ("setIamPolicy", &["resource"]),
            ("testIamPermissions", &["resource"]),
        ],
    ),
    (
        "googleapis.storage.v1.objects.",
        &[
            ("bulkRestore", &["bucket"]),
            ("compose", &["destinationBucket", "destinationObject"]),
            ("copy", &["destinationBucket", "destinationObject", "sourceBucket", "sourceObject"]),
            ("delete", &["bucket", "object"]),
            ("get", &["bucket", "object"]),
            ("getIamPolicy", &["bucket", "object"]),
            ("insert", &["bucket"]),
            ("list", &["bucket"]),
            ("move", &["bucket", "sourceObject", "destinationObject"]),
            ("patch", &["bucket", "object"]),
            ("restore", &["bucket", "object"]),
            ("rewrite", &["destinationBucket", "destinationObject", "sourceBucket", "sourceObject"]),
            ("setIamPolicy", &["bucket", "object"]),
            ("testIamPermissions", &["bucket", "object"]),
            ("update", &["bucket", "object"]),
            ("watchAll", &["bucket"]),
        ],
    ),
    (
        "googleapis.workflowexecutions.v1.projects.locations.workflows.executions.",
        &[
            ("cancel", &["name"]),
            ("create", &["parent"]),
            ("deleteExecutionHistory", &["name"]),
            ("exportData", &["name"]),
            ("get", &["name"]),
            ("list", &["parent"]),
            ("run", &["workflow_id"]),
        ],
    ),
];

/// What a connector must be given; `None` where it is not in the tables, and the methods that there are where it is none of
/// them. Resources within a resource, as `topics.subscriptions`, have methods of their own.
pub(super) fn connector(name: &str) -> Option<Result<Required, Methods>> {
    let method = |(module, methods): &(&str, Methods)| Some((name.strip_prefix(module)?, *methods));
    let (method, methods) = METHODS.iter().find_map(method).filter(|(method, _)| !method.contains('.'))?;
    let found = methods.iter().find(|(own, _)| *own == method);
    Some(found.map(|(_, required)| *required).ok_or(methods))
}
