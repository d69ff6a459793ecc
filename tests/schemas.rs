//! The published JSON Schemas are what the declaration of keys says, and they judge as our own check does.
#![expect(clippy::disallowed_methods, reason = "tests read and, when asked to, write the committed files")]

use feedgate::keys::{self, Shape};
use feedgate::syntax::yaml;
use feedgate::text::FileId;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

fn feed_schema() -> Value {
    let about = "One feed: what is delivered, when, under which name, by which schema, and into which table.";
    keys::json_schema("feed.schema.json", "feedgate feed", about, &keys::feed::SHAPE)
}

fn config_schema() -> Value {
    let about = "feedgate.yaml: where things lie, the policy, and how much each finding weighs. Nothing in it is required.";
    keys::json_schema("feedgate.schema.json", "feedgate configuration", about, &keys::config::SHAPE)
}

fn assert_committed(name: &str, schema: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(schema).expect("a schema is JSON"));
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(&path, &text).expect("the root of the package can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "{name} is stale: run `UPDATE=1 cargo test --test schemas`");
}

#[test]
fn the_committed_schemas_are_current() {
    assert_committed("feed.schema.json", &feed_schema());
    assert_committed("feedgate.schema.json", &config_schema());
}

#[test]
fn every_key_is_described() {
    for schema in [feed_schema(), config_schema()] {
        jsonschema::meta::validate(&schema).expect("the schema is one of its own draft");
        undescribed(&schema, &mut Vec::new());
    }
}

fn undescribed(schema: &Value, path: &mut Vec<String>) {
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        path.push(name.clone());
        let about = property.get("description").and_then(Value::as_str).unwrap_or("");
        assert!(about.ends_with('.'), "{} needs a description that is a sentence", path.join("."));
        undescribed(property, path);
        path.pop();
    }
}

/// Whether the published schema and our own check take a document, which is valid YAML as it is valid JSON.
fn judge(schema: &Value, shape: &Shape, document: &Value) -> (bool, bool) {
    let text: Arc<str> = document.to_string().into();
    let parsed = yaml::parse(FileId::from_index(0), &text);
    let root = parsed.document.roots.first().expect("JSON is YAML");
    (jsonschema::is_valid(schema, document), keys::check(&parsed.document, *root, shape).is_empty())
}

#[test]
fn the_published_schema_and_the_check_agree() {
    let feeds = [
        (json!({"feed": "a"}), true),
        (json!({"feed": "A"}), false),
        (json!({}), false),
        (json!({"feed": "a", "ownr": "x"}), false),
        (json!({"feed": "a", "owner": ""}), false),
        (json!({"feed": "a", "delivery": {"cadence": "daily", "rows": 5, "bytes": "5 MiB", "grace": "PT2H"}}), true),
        (json!({"feed": "a", "delivery": {"cadence": "0 6 * * 1-5", "bytes": 5}}), true),
        (json!({"feed": "a", "delivery": {"cadence": "dayly"}}), false),
        (json!({"feed": "a", "delivery": {"grace": 5}}), false),
        (json!({"feed": "a", "delivery": {"files": 0}}), false),
        (json!({"feed": "a", "delivery": {"due": "24:30"}}), false),
        (json!({"feed": "a", "file": {"name": "x"}}), true),
        (json!({"feed": "a", "file": {"name": "x", "pattern": "y"}}), false),
        (json!({"feed": "a", "file": {}}), false),
        (json!({"feed": "a", "schema": {"type": "object"}}), true),
        (json!({"feed": "a", "schema": []}), false),
        (json!({"feed": "a", "environments": {"dev": {"file": {"bucket": "abc"}}}}), true),
        (json!({"feed": "a", "environments": {"dev": {"table": {"partitioning": {"expiration": "5 days"}}}}}), true),
        (json!({"feed": "a", "environments": {"dev": {"feed": "b"}}}), false),
        (json!({"feed": "a", "environments": {"dev": {"file": {"name": "x", "pattern": "y"}}}}), false),
        (json!({"feed": "a", "table": {"partitioning": {"field": "x"}}}), false),
    ];
    for (document, expected) in feeds {
        assert_eq!(judge(&feed_schema(), &keys::feed::SHAPE, &document), (expected, expected), "{document}");
    }
    let configs = [
        (json!({}), true),
        (json!({"version": 2}), false),
        (json!({"rules": {"a-rule": "off", "b-rule": {"level": "error", "options": {"x": [], "y": 1}}}}), true),
        (json!({"rules": {"a-rule": "warn"}}), false),
        (json!({"rules": {"a-rule": {"options": {"x": {}}}}}), false),
        (json!({"prices": {"EU": 6.25}}), true),
        (json!({"prices": {"EU": -1}}), false),
        (json!({"environments": {"dev": {}}}), true),
        (json!({"environments": {"dev": {"x": 1}}}), false),
        (json!({"paths": {"feeds": ["feeds/**"]}}), true),
        (json!({"paths": {"feeds": "feeds/**"}}), false),
    ];
    for (document, expected) in configs {
        assert_eq!(judge(&config_schema(), &keys::config::SHAPE, &document), (expected, expected), "{document}");
    }
}

/// Every example that the schemas give is one that they take.
#[test]
fn the_examples_of_the_schemas_are_valid() {
    for schema in [feed_schema(), config_schema()] {
        let mut open = vec![&schema];
        while let Some(part) = open.pop() {
            for example in part.get("examples").and_then(Value::as_array).into_iter().flatten() {
                assert!(jsonschema::is_valid(part, example), "{example} against {part}");
            }
            open.extend(part.get("properties").and_then(Value::as_object).into_iter().flat_map(|map| map.values()));
        }
    }
}
