use crate::config::Config;
use crate::model::testing::{files, model_of};
use crate::model::{Known, Model};
use crate::text::Files;

fn read(texts: &[(&str, &str)], environment: Option<&str>) -> (Files, Model) {
    let files = files(texts);
    let model = model_of(&files, &Config::default(), environment);
    (files, model)
}

/// Each bucket with its address, its retention, and the line that says it.
fn buckets(texts: &[(&str, &str)], environment: Option<&str>) -> Vec<String> {
    let (files, model) = read(texts, environment);
    let retention = |known: &Known<u64>| match known {
        Known::Known(value) => {
            let file = files.get(value.span.file);
            format!("{} s <{}:{}>", value.value, file.path, file.position(value.span.start).line)
        }
        Known::Absent => "none".to_owned(),
        Known::Unknown(why) => format!("unknown: {}", why.text),
    };
    let shown =
        model.buckets.values().map(|bucket| format!("{} {} {}", bucket.id, bucket.address, retention(&bucket.retention_seconds)));
    shown.collect()
}

const BUCKET: &str = "\
resource \"google_storage_bucket\" \"landing\" {
  for_each = var.feeds
  name     = \"acme-${each.key}\"
  retention_policy {
    retention_period = each.value.retention
  }
}
";
const FEEDS: &str = "feeds = {\n  orders = { retention = 100 }\n  trades = { retention = 200 }\n}\n";

#[test]
fn each_entry_makes_an_instance_whose_values_stand_in_the_entry() {
    let texts = [("main.tf", BUCKET), ("vars.tf", "variable \"feeds\" {}\n"), ("terraform.tfvars", FEEDS)];
    let expected = [
        "acme-orders google_storage_bucket.landing[\"orders\"] 100 s <terraform.tfvars:2>",
        "acme-trades google_storage_bucket.landing[\"trades\"] 200 s <terraform.tfvars:3>",
    ];
    assert_eq!(buckets(&texts, None), expected);
}

#[test]
fn a_map_that_is_not_known_makes_one_instance_that_is_not_known_either() {
    let found = buckets(&[("main.tf", BUCKET), ("vars.tf", "variable \"feeds\" {}\n")], None);
    let why = "`var.feeds` has no value in the repository";
    assert_eq!(found, [format!("google_storage_bucket.landing google_storage_bucket.landing unknown: {why}")]);
}

#[test]
fn a_set_and_a_count_make_instances() {
    let set = "resource \"google_storage_bucket\" \"a\" {\n  for_each = toset([\"x\", \"y\"])\n  name = \"a-${each.value}\"\n}\n";
    let count = "resource \"google_storage_bucket\" \"b\" {\n  count = 2\n  name = \"b-${count.index}\"\n}\n";
    let none = "resource \"google_storage_bucket\" \"c\" {\n  count = false ? 1 : 0\n  name = \"c\"\n}\n";
    let expected = [
        "a-x google_storage_bucket.a[\"x\"] none",
        "a-y google_storage_bucket.a[\"y\"] none",
        "b-0 google_storage_bucket.b[0] none",
        "b-1 google_storage_bucket.b[1] none",
    ];
    assert_eq!(buckets(&[("a.tf", set), ("b.tf", count), ("c.tf", none)], None), expected);
}

#[test]
fn a_module_of_the_repository_is_read_through_its_calls() {
    let root = "module \"feed\" {\n  for_each = { orders = 100, trades = 200 }\n  source = \"../modules/feed\"\n  name = each.key\n  retention = each.value\n}\n";
    let module = "\
variable \"name\" {}
variable \"retention\" {}
variable \"prefix\" { default = \"acme\" }
locals { full = \"${var.prefix}-${var.name}\" }
resource \"google_storage_bucket\" \"this\" {
  name = local.full
  retention_policy {
    retention_period = var.retention
  }
}
output \"bucket\" { value = google_storage_bucket.this.name }
";
    let user = "resource \"google_storage_bucket\" \"log\" { name = \"log-of-${module.feed[\"orders\"].bucket}\" }\n";
    let texts = [("infra/main.tf", root), ("infra/log.tf", user), ("modules/feed/main.tf", module)];
    let expected = [
        "acme-orders google_storage_bucket.this 100 s <infra/main.tf:2>",
        "acme-trades google_storage_bucket.this 200 s <infra/main.tf:2>",
        "log-of-acme-orders google_storage_bucket.log none",
    ];
    assert_eq!(buckets(&texts, None), expected);
}

#[test]
fn a_module_that_nobody_calls_is_read_with_its_defaults() {
    let module = "variable \"name\" { default = \"x\" }\nresource \"google_storage_bucket\" \"a\" { name = var.name }\n";
    assert_eq!(buckets(&[("modules/feed/main.tf", module)], None), ["x google_storage_bucket.a none"]);
}

#[test]
fn modules_that_call_each_other_end() {
    let call = |folder: &str| {
        format!("module \"a\" {{\n  count = 3\n  source = \"../{folder}\"\n}}\nmodule \"b\" {{\n  source = \"../{folder}\"\n}}\n")
    };
    let (_, model) = read(&[("x/main.tf", &call("y")), ("y/main.tf", &call("x"))], None);
    let skipped: Vec<String> = model.skipped.iter().map(|skipped| format!("{}: {}", skipped.what, skipped.why)).collect();
    assert_eq!(skipped, ["terraform: it makes more than 200000 instances or 20000 modules, and the rest is left out"]);
}

#[test]
fn paths_are_those_of_the_module_or_of_the_root() {
    let module = "resource \"google_storage_bucket\" \"a\" { name = jsondecode(file(\"${path.module}/own.json\")).name }\nresource \"google_storage_bucket\" \"b\" { name = jsondecode(file(\"of_root.json\")).name }\n";
    let texts = [
        ("infra/main.tf", "module \"m\" {\n  source = \"./m\"\n}\n"),
        ("infra/m/main.tf", module),
        ("infra/m/own.json", "{\"name\": \"own\"}"),
        ("infra/of_root.json", "{\"name\": \"of-root\"}"),
    ];
    assert_eq!(buckets(&texts, None), ["of-root google_storage_bucket.b none", "own google_storage_bucket.a none"]);
}

#[test]
fn the_environment_chooses_the_file_of_variables_and_the_workspace() {
    let main =
        "variable \"size\" {}\nresource \"google_storage_bucket\" \"a\" { name = \"${terraform.workspace}-${var.size}\" }\n";
    let texts = [("main.tf", main), ("dev.tfvars", "size = 1\n"), ("prod.tfvars", "size = 2\n")];
    assert_eq!(buckets(&texts, Some("dev")), ["dev-1 google_storage_bucket.a none"]);
    assert_eq!(buckets(&texts, Some("prod")), ["prod-2 google_storage_bucket.a none"]);
}

#[test]
fn dynamic_blocks_are_there_as_often_as_they_are_made() {
    let dynamic = |source: &str| {
        format!(
            "resource \"google_storage_bucket\" \"a\" {{\n  name = \"a\"\n  dynamic \"retention_policy\" {{\n    for_each = {source}\n    iterator = it\n    content {{\n      retention_period = it.value * 2\n    }}\n  }}\n}}\nvariable \"x\" {{}}\n"
        )
    };
    let found = |source: &str| buckets(&[("main.tf", &dynamic(source))], None).join("\n");
    assert_eq!(found("[50]"), "a google_storage_bucket.a 100 s <main.tf:7>");
    assert_eq!(found("false ? [50] : []"), "a google_storage_bucket.a none");
    let why = "`retention_policy` is a dynamic block: `var.x` has no value in the repository";
    assert_eq!(found("var.x"), format!("a google_storage_bucket.a unknown: {why}"));
}

/// What `terraform show -json` says of a bucket, or of several.
fn plan(variables: &str, resources: &[(&str, &str, &str)]) -> String {
    let resource = |(address, index, values): &(&str, &str, &str)| {
        let kind = "google_storage_bucket";
        let address = address.replace('"', "\\\"");
        format!(
            "{{\"address\":\"{address}\",\"mode\":\"managed\",\"type\":\"{kind}\",\"name\":\"landing\",{index}\"values\":{values}}}"
        )
    };
    let resources: Vec<String> = resources.iter().map(resource).collect();
    let module = format!("{{\"resources\":[{}]}}", resources.join(","));
    format!("{{\"format_version\":\"1.2\",\"variables\":{{{variables}}},\"planned_values\":{{\"root_module\":{module}}}}}")
}

const VALUES: &str = "{\"name\":\"acme-orders\",\"retention_policy\":[{\"retention_period\":\"300\",\"is_locked\":false}]}";
const IS: &str = "google_storage_bucket.landing[\"orders\"]";

#[test]
fn a_plan_says_which_instances_there_are_and_what_they_hold() {
    let plan = plan("", &[(IS, "\"index\":\"orders\",", VALUES)]);
    let texts = [("infra/main.tf", BUCKET), ("infra/vars.tf", "variable \"feeds\" {}\n"), ("feedgate.plan.0.json", &*plan)];
    let expected = ["acme-orders google_storage_bucket.landing[\"orders\"] 300 s <infra/main.tf:5>"];
    assert_eq!(buckets(&texts, None), expected);
    // What the files say besides is not made, and what the plan says counts, at the place in the files.
    let texts = [
        ("main.tf", BUCKET),
        ("vars.tf", "variable \"feeds\" {}\n"),
        ("terraform.tfvars", FEEDS),
        ("feedgate.plan.0.json", &*plan),
    ];
    assert_eq!(buckets(&texts, None), ["acme-orders google_storage_bucket.landing[\"orders\"] 300 s <terraform.tfvars:2>"]);
}

#[test]
fn variables_of_a_plan_stand_over_those_of_files() {
    let variables = "\"feeds\":{\"value\":{\"orders\":{\"retention\":7}}}";
    let plan = plan(variables, &[(IS, "\"index\":\"orders\",", "{\"name\":\"acme-orders\",\"retention_policy\":null}")]);
    let texts = [("main.tf", BUCKET), ("vars.tf", "variable \"feeds\" {}\n"), ("feedgate.plan.0.json", &*plan)];
    assert_eq!(buckets(&texts, None), ["acme-orders google_storage_bucket.landing[\"orders\"] 7 s <main.tf:2>"]);
}

#[test]
fn blocks_that_only_a_plan_can_count_are_read_from_it() {
    let text = "resource \"google_storage_bucket\" \"landing\" {\n  name = \"acme-orders\"\n  dynamic \"retention_policy\" {\n    for_each = \
                data.x.y.z\n    content {\n      retention_period = retention_policy.value\n    }\n  }\n}\n";
    let plan = plan("", &[("google_storage_bucket.landing", "", VALUES)]);
    let found = buckets(&[("main.tf", text), ("feedgate.plan.0.json", &*plan)], None);
    assert_eq!(found, ["acme-orders google_storage_bucket.landing 300 s <main.tf:6>"]);
    let (_, model) = read(&[("main.tf", "locals {}\n"), ("feedgate.plan.0.json", &*plan)], None);
    assert_eq!(model.skipped.iter().map(|skipped| &*skipped.subject).collect::<Vec<_>>(), ["feedgate.plan.0.json"]);
}
