//! From a contract to trees of the shape of a feed file and to tables. What the standard has no word for stands in
//! `customProperties`, under `feedgate.` and the path of the key in a feed file: `feedgate.file.name`.

use super::{columns, items, member, record, service_level, text};
use crate::model::feed::draft::{self, Draft, Placed};
use crate::model::table::{Definition, DefinitionSource, Table, TableId, TableKind};
use crate::model::{Known, Why};
use crate::syntax::{Document, NodeId, Value};
use crate::text::Span;

/// What stands before the path of a key of ours.
const PREFIX: &str = "feedgate.";

/// What a contract comes to.
#[derive(Debug, Default)]
pub struct Lowered {
    /// A tree for each object that has a pattern of file names.
    pub feeds: Vec<NodeId>,
    /// A tree for each other object whose files lie in Cloud Storage: what it says of a feed that is defined elsewhere.
    pub others: Vec<NodeId>,
    /// The tables of a BigQuery server.
    pub tables: Vec<Table>,
}

pub(super) fn lower(document: &mut Document, root: NodeId, environment: Option<&str>) -> Lowered {
    let objects = items(document, root, "schema");
    let servers = Servers::choose(document, root, environment);
    let mut lowered = Lowered::default();
    for object in objects.iter().copied() {
        if text(document, object, "name").is_none() {
            continue;
        }
        lowered.tables.extend(servers.big_query.and_then(|server| table(document, server, object)));
        let draft = feed(document, root, object, &servers, objects.len() == 1);
        let is_feed = draft.has("file.name") || draft.has("file.pattern");
        let span = document.span(object);
        match (is_feed, servers.storage) {
            (true, _) => lowered.feeds.push(draft.build(document, span)),
            (false, Some(_)) => lowered.others.push(draft.build(document, span)),
            (false, None) => {}
        }
    }
    lowered
}

/// The servers that speak to us: of the environment that is asked for, else of production, else the first.
struct Servers {
    big_query: Option<NodeId>,
    /// Files in Cloud Storage.
    storage: Option<NodeId>,
}

impl Servers {
    fn choose(document: &Document, root: NodeId, environment: Option<&str>) -> Servers {
        let mut servers = items(document, root, "servers");
        servers.sort_by_key(|server| distance(document, *server, environment));
        let is_big_query = |server: &&NodeId| text(document, **server, "type") == Some("bigquery");
        let is_storage =
            |server: &&NodeId| text(document, **server, "location").is_some_and(|location| location.starts_with("gs://"));
        Servers { big_query: servers.iter().find(is_big_query).copied(), storage: servers.iter().find(is_storage).copied() }
    }
}

/// How far a server is from the environment: 0 for its own.
fn distance(document: &Document, server: NodeId, environment: Option<&str>) -> u8 {
    let names = ["environment", "server"].map(|key| text(document, server, key).unwrap_or("").to_ascii_lowercase());
    let is_one_of = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    match environment {
        Some(environment) if is_one_of(&[&environment.to_ascii_lowercase()]) => 0,
        _ if is_one_of(&["prod", "production"]) => 1,
        _ => 2,
    }
}

/// What an object says of a feed. It is one itself when it or its contract has a pattern of file names.
fn feed(document: &mut Document, root: NodeId, object: NodeId, servers: &Servers, is_only: bool) -> Draft {
    let mut draft = Draft::default();
    custom_properties(document, object, &mut draft);
    for server in [servers.storage, servers.big_query].into_iter().flatten() {
        custom_properties(document, server, &mut draft);
    }
    let mut of_contract = Draft::default();
    custom_properties(document, root, &mut of_contract);
    let has_name = draft.has("file.name") || draft.has("file.pattern");
    let is_wanted = |path: &str| match path {
        "feed" => is_only,
        "file.name" | "file.pattern" => !has_name,
        _ => true,
    };
    of_contract.give(document, &mut draft, is_wanted);
    let name = text(document, object, "name").unwrap_or_default().to_owned();
    say_members(document, object, &[("name", "feed"), ("description", "description")], &mut draft);
    about(document, root, &mut draft);
    service_level::say(document, root, &name, &mut draft);
    if let Some(server) = servers.storage {
        storage(document, server, &name, &mut draft);
    }
    if let Some(server) = servers.big_query {
        say_members(document, server, &[("project", "table.project"), ("dataset", "table.dataset")], &mut draft);
        if let Some(name) = record::name_node(document, object) {
            draft.say(document, "table.name", Placed { key_span: document.span(name), node: name });
        }
        partition_column(document, object, &mut draft);
    }
    if let Some(properties) = member(document, object, "properties").filter(|_| !draft.has("schema")) {
        let node = record::schema(document, object);
        draft.say(document, "schema", Placed { node, ..properties });
    }
    draft
}

/// Says what `customProperties` hold for us.
fn custom_properties(document: &Document, holder: NodeId, draft: &mut Draft) {
    for custom in items(document, holder, "customProperties") {
        let path = text(document, custom, "property").and_then(|name| name.strip_prefix(PREFIX));
        if let Some((path, value)) = path.zip(member(document, custom, "value")) {
            let key_span = document.get(custom, "property").map_or(value.key_span, |name| document.span(name));
            draft.say(document, path, Placed { key_span, ..value });
        }
    }
}

/// Says texts under other names.
fn say_members(document: &Document, holder: NodeId, names: &[(&str, &str)], draft: &mut Draft) {
    for (key, path) in names {
        if let Some(value) =
            member(document, holder, key).filter(|value| document.str(value.node).is_some_and(|text| !text.is_empty()))
        {
            draft.say(document, path, value);
        }
    }
}

/// Who answers, who reads, and what it is.
fn about(document: &mut Document, root: NodeId, draft: &mut Draft) {
    if let Some(description) = document.get(root, "description") {
        say_members(document, description, &[("purpose", "description")], draft);
    }
    owner(document, root, draft);
    say_members(document, root, &[("dataProduct", "source.system"), ("domain", "source.system")], draft);
    if let Some(support) = items(document, root, "support").first() {
        say_members(document, *support, &[("channel", "source.contact")], draft);
    }
    consumers(document, root, draft);
}

/// The member of the team whose role is to own it, else the team by its name.
fn owner(document: &mut Document, root: NodeId, draft: &mut Draft) {
    let Some(team) = member(document, root, "team") else { return };
    let members = match document.value(team.node) {
        Value::Sequence(_) => document.sequence(team.node).to_vec(),
        _ => items(document, team.node, "members"),
    };
    let is_owner = |person: &&NodeId| {
        let role = text(document, **person, "role").unwrap_or("").to_ascii_lowercase();
        role.contains("owner") && document.get(**person, "dateOut").is_none()
    };
    if let Some(person) = members.iter().find(is_owner) {
        return say_members(document, *person, &[("username", "owner"), ("name", "owner")], draft);
    }
    say_members(document, team.node, &[("name", "owner")], draft);
    if !members.is_empty() && !draft.has("owner") {
        let why = "no member of `team` has the role of an owner, and the team has no name";
        let node = draft::unknown(document, why, document.span(team.node));
        draft.say(document, "owner", Placed { node, ..team });
    }
}

/// The roles that may read.
fn consumers(document: &mut Document, root: NodeId, draft: &mut Draft) {
    let Some(roles) = member(document, root, "roles").filter(|_| !draft.has("consumers")) else { return };
    let readers =
        document.sequence(roles.node).to_vec().into_iter().filter(|role| text(document, *role, "access") == Some("read"));
    let readers: Vec<(Placed, Span)> =
        readers.filter_map(|role| Some((member(document, role, "role")?, document.span(role)))).collect();
    if readers.is_empty() {
        return;
    }
    let nodes: Vec<NodeId> = readers.into_iter().map(|(role, span)| draft::map(document, &[("team", role)], span)).collect();
    let span = document.span(roles.node);
    let node = draft::list(document, nodes, span);
    draft.say(document, "consumers", Placed { node, ..roles });
}

/// Bucket, prefix and format of files in Cloud Storage: `gs://acme-landing/orders/{model}/*.json`.
fn storage(document: &mut Document, server: NodeId, object: &str, draft: &mut Draft) {
    let Some(location) = member(document, server, "location") else { return };
    let span = document.span(location.node);
    let written = document.str(location.node).unwrap_or("").strip_prefix("gs://").unwrap_or("").replace("{model}", object);
    let (bucket, path) = written.split_once('/').unwrap_or((&written, ""));
    // What varies is the name of a file, or not one folder.
    let fixed = path.split(['*', '{', '?', '[']).next().unwrap_or("");
    let prefix = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
    let bucket = draft::text(document, bucket, span);
    draft.say(document, "file.bucket", Placed { node: bucket, ..location });
    if !prefix.is_empty() {
        let prefix = draft::text(document, format!("{prefix}/"), span);
        draft.say(document, "file.prefix", Placed { node: prefix, ..location });
    }
    format(document, server, draft);
}

fn format(document: &mut Document, server: NodeId, draft: &mut Draft) {
    let Some(format) = member(document, server, "format") else { return };
    let is_by_line = text(document, server, "delimiter").is_some_and(|delimiter| delimiter == "new_line");
    let name = match document.str(format.node) {
        Some("json") if is_by_line => "ndjson",
        Some(name @ ("json" | "ndjson" | "csv" | "avro" | "parquet")) => name,
        _ => return,
    }
    .to_owned();
    let node = draft::text(document, name, document.span(format.node));
    draft.say(document, "file.format", Placed { node, ..format });
}

/// The first property that the table is partitioned by. The standard has no word for the size of the partitions.
fn partition_column(document: &mut Document, object: NodeId, draft: &mut Draft) {
    let is_partitioned = |property: &NodeId| super::is_true(document, *property, "partitioned");
    let Some(property) = items(document, object, "properties").into_iter().find(is_partitioned) else { return };
    if draft.has("table.partitioning.field") || draft.has("table.partitioning.type") {
        return;
    }
    let Some((name, flag)) = record::name_node(document, property).zip(member(document, property, "partitioned")) else { return };
    draft.say(document, "table.partitioning.field", Placed { key_span: flag.key_span, node: name });
    let node = draft::unknown(document, "a contract does not say how large the partitions are", document.span(flag.node));
    draft.say(document, "table.partitioning.type", Placed { node, ..flag });
}

/// The table of an object, as the contract describes it.
fn table(document: &Document, server: NodeId, object: NodeId) -> Option<Table> {
    let name = record::name_node(document, object)?;
    let id = TableId::new(text(document, server, "project"), text(document, server, "dataset")?, document.str(name)?);
    let is_view = text(document, object, "physicalType").is_some_and(|kind| kind.eq_ignore_ascii_case("view"));
    let partitioning =
        || Known::Unknown(Why::new("a contract does not say how large the partitions are", Some(document.span(object))));
    let is_partitioned =
        items(document, object, "properties").iter().any(|property| super::is_true(document, *property, "partitioned"));
    Some(Table {
        id,
        address: None,
        definitions: vec![Definition { source: DefinitionSource::Contract, span: document.span(name) }],
        kind: if is_view { TableKind::View } else { TableKind::Table },
        columns: columns::columns(document, object),
        partitioning: if is_partitioned { partitioning() } else { Known::Absent },
        clustering: Known::Absent,
        require_partition_filter: Known::Absent,
        view_query: None,
        statistics: None,
        feeds: Vec::new(),
    })
}
