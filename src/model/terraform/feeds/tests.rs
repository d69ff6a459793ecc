use crate::config::Config;
use crate::diagnostic::SubjectKind;
use crate::model::FileProblemKind;
use crate::model::facts::{self, FactValue};
use crate::model::testing::{files, model_of};
use crate::syntax::testing::for_each_mutation;
use crate::syntax::yaml;
use crate::text::FileId;

/// Each feed with these facts, and the line of each.
fn shown(texts: &[(&str, &str)], config: &str, environment: Option<&str>, wanted: &[&str]) -> Vec<String> {
    let files = files(texts);
    let config = Config::read(&yaml::parse(FileId::from_index(0), &config.into()).document);
    let model = model_of(&files, &config, environment);
    let line = |span: crate::text::Span| {
        let file = files.get(span.file);
        format!("{}:{}", file.path, file.position(span.start).line)
    };
    let mut lines = Vec::new();
    for item in facts::items(&model, SubjectKind::Feed) {
        let facts = facts::of(SubjectKind::Feed).iter().filter(|fact| wanted.contains(&fact.name));
        let facts = facts.map(|fact| (fact.name, fact.read(&item))).filter(|(_, reading)| reading.value != FactValue::Null);
        let facts: Vec<String> = facts
            .map(|(name, reading)| format!("{name} = {} <{}>", reading.value, reading.span.map(line).unwrap_or_default()))
            .collect();
        lines.push(facts.join("; "));
    }
    let conflicts = model.problems.iter().filter(|problem| problem.kind == FileProblemKind::Conflict);
    lines.extend(conflicts.map(|found| format!("{}: {}", line(found.problem.span), found.problem.message)));
    lines.extend(model.skipped.iter().map(|skipped| format!("not read: {}: {}", skipped.subject, skipped.why)));
    lines
}

const FEED: &str = "\
feeds = {
  trades = {
    file_pattern   = \"trades/trades_*.json\"
    bucket         = \"acme-landing\"
    dataset_id     = \"raw\"
    table_id       = \"trades\"
    retention_days = 180
    owner          = \"desk\"
  }
}
";

#[test]
fn an_entry_says_what_a_feed_file_would_say() {
    let wanted = ["name", "defined_in", "owner", "file_name", "bucket", "prefix", "dataset", "table", "retention_days"];
    let expected = "name = trades <f.auto.tfvars:2>; defined_in = Terraform <f.auto.tfvars:2>; owner = desk <f.auto.tfvars:8>; \
                    file_name = ^trades_[^/]*\\.json$ <f.auto.tfvars:3>; bucket = acme-landing <f.auto.tfvars:4>; \
                    prefix = trades/ <f.auto.tfvars:3>; retention_days = 180 <f.auto.tfvars:7>; dataset = raw <f.auto.tfvars:5>; \
                    table = trades <f.auto.tfvars:6>";
    assert_eq!(shown(&[("f.auto.tfvars", FEED)], "", None, &wanted), [expected]);
}

#[test]
fn maps_that_do_not_look_like_feeds_are_left_alone() {
    let cases = [
        "variable \"feeds\" { default = { a = { topic = \"x\", owner = \"y\" } } }\n",
        "variable \"scripts\" { default = { a = { file_name = \"x.sh\", bucket = \"b\" } } }\nresource \"a\" \"b\" { for_each = var.scripts }\n",
        "locals { datasets = { raw = { dataset_id = \"raw\", owner = \"x\", schema = \"y\" } } }\n",
        "variable \"sources\" { default = [\"a\", \"b\"] }\n",
        "resource \"google_storage_bucket\" \"b\" { for_each = { a = { prefix = \"x\", dataset = \"y\", retention_days = 3 } } }\n",
    ];
    for text in cases {
        assert_eq!(shown(&[("main.tf", text)], "", None, &["name"]), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_is_looped_over_is_worked_out() {
    let entry = "{ file_name = \"x_{date:%Y%m%d}.json\", table = \"raw.x\", owner = \"o\" }";
    let cases = [
        format!("resource \"a\" \"b\" {{\n  for_each = {{ x = {entry} }}\n}}\n"),
        format!("locals {{\n  all = merge({{ x = {entry} }}, {{}})\n}}\nmodule \"m\" {{ for_each = local.all }}\n"),
        format!(
            "variable \"all\" {{\n  default = [merge({entry}, {{ id = \"x\" }})]\n}}\nresource \"a\" \"b\" {{ for_each = {{ for f in var.all : f.id => f }} }}\n"
        ),
        format!("module \"m\" {{\n  feeds = {{ x = {entry} }}\n}}\n"),
        format!("variable \"feeds\" {{\n  default = {{ for k, v in {{ x = {entry}, y = {{}} }} : k => v if k != \"y\" }}\n}}\n"),
    ];
    for text in cases {
        let found = shown(&[("main.tf", &text)], "", None, &["name", "table", "dataset"]);
        assert_eq!(found, ["name = x <main.tf:2>; dataset = raw <main.tf:2>; table = x <main.tf:2>"], "{text}");
    }
}

#[test]
fn a_folder_of_yaml_is_a_map_and_findings_point_into_its_files() {
    let factory = "locals {\n  feeds = { for f in fileset(path.module, \"feeds/*.yaml\") : trimsuffix(basename(f), \".yaml\") => yamldecode(file(\"${path.module}/${f}\")) }\n}\n";
    let texts = [("infra/main.tf", factory), ("infra/feeds/x.yaml", "owner: a\nfile_name: x.json\nschedule: daily\n")];
    let found = shown(&texts, "", None, &["name", "owner", "cadence"]);
    assert_eq!(
        found,
        ["name = x <infra/feeds/x.yaml:1>; owner = a <infra/feeds/x.yaml:1>; cadence = daily <infra/feeds/x.yaml:3>"]
    );
    // A feed file of ours that Terraform decodes is the feed that it defines, not a second one.
    let texts = [("infra/main.tf", factory), ("infra/feeds/x.yaml", "feed: x\nowner: a\nfile: { name: x.json }\n")];
    assert_eq!(shown(&texts, "", None, &["defined_in"]), ["defined_in = feed file <infra/feeds/x.yaml:1>"]);
}

#[test]
fn a_template_of_yaml_is_a_map_and_findings_point_into_the_template() {
    let factory = "variable \"env\" { default = \"prod\" }\nlocals {\n  feeds = yamldecode(templatefile(\"${path.module}/feeds.yaml.tftpl\", { env = \
                   var.env, owner = \"desk\" }))\n}\n";
    let template = "# ours\nx:\n  owner: ${owner}\n  bucket: acme-${env}\n  file_name: x.json\n";
    let texts = [("infra/main.tf", factory), ("infra/feeds.yaml.tftpl", template)];
    let found = shown(&texts, "", None, &["name", "owner", "bucket"]);
    let places = [
        "name = x <infra/feeds.yaml.tftpl:2>",
        "owner = desk <infra/feeds.yaml.tftpl:3>",
        "bucket = acme-prod <infra/feeds.yaml.tftpl:4>",
    ];
    assert_eq!(found, [places.join("; ")]);
}

#[test]
fn files_of_variables_hold_in_terraforms_order() {
    let variables = "variable \"feeds\" { default = {} }\nvariable \"bucket\" {}\nlocals { x = 1 }\n";
    let of = |bucket: &str| FEED.replace("acme-landing", bucket);
    let base = [
        ("main.tf", variables),
        ("terraform.tfvars", &of("bucket-a")),
        ("z.auto.tfvars", &of("bucket-c")),
        ("b.auto.tfvars", &of("bucket-b")),
    ];
    let bucket = |texts: &[(&str, &str)], environment| shown(texts, "", environment, &["bucket"]);
    assert_eq!(bucket(&base, None), ["bucket = bucket-c <z.auto.tfvars:4>"]);
    let (dev, prod) = (of("dev"), of("prod"));
    let named = [base[0], base[3], ("env/dev.tfvars", dev.as_str()), ("env/prod.tfvars", prod.as_str())];
    assert_eq!(bucket(&named, Some("dev")), ["bucket = dev <env/dev.tfvars:4>"]);
    assert_eq!(bucket(&named, Some("test")), ["bucket = bucket-b <b.auto.tfvars:4>"]);
    assert_eq!(bucket(&named, None), ["bucket = prod <env/prod.tfvars:4>"]);
    let open = [("main.tf", "variable \"feeds\" {}\n"), ("one.tfvars", dev.as_str()), ("two.tfvars", prod.as_str())];
    assert_eq!(
        bucket(&open, None),
        ["not read: var.feeds: `var.feeds` differs between files of variables: name an environment with `--env`"]
    );
}

#[test]
fn defaults_of_optional_attributes_hold() {
    let text = "variable \"feeds\" {\n  type = map(object({\n    file_name = string\n    table     = string\n    cadence   = optional(string, \"daily\")\n  }))\n  default = { x = { file_name = \"x.json\", table = \"raw.x\" } }\n}\n";
    assert_eq!(shown(&[("main.tf", text)], "", None, &["cadence"]), ["cadence = daily <main.tf:5>"]);
}

#[test]
fn what_a_plan_alone_knows_is_unknown_and_contradicts_nothing() {
    let tf = "variable \"suffix\" {}\nlocals {\n  feeds = { x = { file_name = \"x_{date:%Y%m%d}.json\", bucket = \"a-${var.suffix}\", dataset = google_bigquery_dataset.d.dataset_id, table = \"t\" } }\n}\n";
    let feed = "feed: x\nfile: { name: \"x_{date:%Y%m%d}.json\", bucket: acme }\ntable: { dataset: raw, name: t }\n";
    assert_eq!(
        shown(&[("x.yaml", feed), ("main.tf", tf)], "", None, &["name", "bucket", "defined_in"]),
        ["name = x <x.yaml:1>; defined_in = feed file, Terraform <x.yaml:1>; bucket = acme <x.yaml:2>"]
    );
    assert_eq!(
        shown(&[("main.tf", tf)], "", None, &["bucket"]),
        ["bucket = `var.suffix` has no value in the repository <main.tf:3>"]
    );
}

#[test]
fn an_entry_and_a_feed_file_of_one_name_are_one_feed_or_contradict_each_other() {
    let feed = "feed: trades\nowner: desk@example.com\nfile: { name: 'trades_{date}.json', bucket: acme-landing, prefix: trades }\nretention: 90 days\ntable: { dataset: raw, name: trades }\n";
    let found = shown(&[("trades.yaml", feed), ("f.auto.tfvars", FEED)], "", None, &["defined_in", "retention_days"]);
    assert_eq!(
        found,
        [
            "defined_in = feed file, Terraform <trades.yaml:1>; retention_days = 90 <trades.yaml:4>",
            "f.auto.tfvars:7: feed `trades`: `retention_days` is `180` here and `90` in its feed file"
        ]
    );
}

#[test]
fn the_configuration_says_which_map_and_which_attribute() {
    let text = "variable \"inbound\" {\n  default = { x = { object = { pattern_of = \"x.json\" }, team_name = \"a\" } }\n}\n";
    let config = "terraform: { feeds: { variable: inbound, attributes: { file_name: object.pattern_of, owner: team_name } } }";
    let wanted = ["name", "owner", "file_name"];
    let expected = ["name = x <main.tf:2>; owner = a <main.tf:2>; file_name = x.json <main.tf:2>"];
    assert_eq!(shown(&[("main.tf", text)], config, None, &wanted), expected);
    let off = "terraform: { feeds: { guess: false } }";
    assert_eq!(shown(&[("f.auto.tfvars", FEED)], off, None, &wanted), Vec::<String>::new());
}

#[test]
fn circles_and_floods_end_with_a_reason() {
    let circle = "locals {\n  feeds = local.b\n  b = local.feeds\n}\n";
    assert_eq!(
        shown(&[("main.tf", circle)], "", None, &["name"]),
        ["not read: local.feeds: the references go in a circle or too deep"]
    );
    let list = format!("[{}]", "0,".repeat(300));
    let flood = format!(
        "locals {{\n  l = {list}\n  feeds = [for a in local.l : [for b in local.l : [for c in local.l : {{ file_name = \"x\" }}]]]\n}}\n"
    );
    shown(&[("main.tf", &flood)], "", None, &["name"]);
}

#[test]
fn no_mutation_of_a_map_ends_in_a_panic() {
    let seeds = [
        FEED,
        "feeds = { for k, v in { x = { file_name = \"x\", table = upper(\"a\") } } : k => merge(v, { b = v.table[0] }) if true }\n",
    ];
    for_each_mutation(&seeds, 400, |text| {
        let files = files(&[
            ("f.auto.tfvars", text),
            ("main.tf", &text.replace("feeds =", "locals { feeds =").replace("\n}\n", "\n}\n}\n")),
        ]);
        let model = model_of(&files, &Config::default(), None);
        assert!(model.feeds.values().all(|feed| files.get(feed.name_span.file).text.get(feed.name_span.range()).is_some()));
    });
}

/// Feeds whose entries name neither bucket nor dataset.
const TERSE: &str = "feeds = {\n  trades = { file_pattern = \"^trades_\\\\d{8}.json$\", prefix = \"trades/\", table = \"trades\", cadence = \"daily\" }\n}\n";

#[test]
fn what_an_entry_leaves_out_is_said_by_what_it_makes() {
    let resources = "\
variable \"feeds\" {}
variable \"project\" { default = \"acme\" }
resource \"google_storage_bucket\" \"landing\" {
  for_each = var.feeds
  name     = \"${var.project}-${each.key}\"
}
resource \"google_storage_bucket\" \"refused\" {
  for_each = toset(keys(var.feeds))
  name     = \"${var.project}-refused-${each.key}\"
}
resource \"google_eventarc_trigger\" \"landing\" {
  for_each = var.feeds
  matching_criteria {
    attribute = \"bucket\"
    value     = google_storage_bucket.landing[each.key].name
  }
}
resource \"google_bigquery_table\" \"raw\" {
  for_each   = { for name, feed in var.feeds : name => merge(feed, { label = name }) }
  project    = var.project
  dataset_id = \"raw\"
  table_id   = each.value.table
}
resource \"google_bigquery_table\" \"newest\" {
  for_each   = var.feeds
  dataset_id = \"marts\"
  table_id   = each.value.table
  view { query = \"SELECT 1\" }
}
";
    let wanted = ["bucket", "dataset", "table"];
    let found = shown(&[("main.tf", resources), ("terraform.tfvars", TERSE)], "", None, &wanted);
    assert_eq!(found, ["bucket = acme-trades <main.tf:5>; dataset = raw <main.tf:21>; table = trades <terraform.tfvars:2>"]);
}

#[test]
fn feeds_without_a_bucket_of_their_own_share_the_only_one_that_starts_something() {
    let resources = "\
variable \"feeds\" {}
resource \"google_storage_bucket\" \"landing\" { name = \"acme-landing\" }
resource \"google_storage_bucket\" \"code\" { name = \"acme-code\" }
resource \"google_bigquery_table\" \"raw\" {
  for_each   = var.feeds
  dataset_id = \"raw\"
  table_id   = each.key
}
";
    let on = |bucket: &str| {
        format!(
            "resource \"google_eventarc_trigger\" \"{bucket}\" {{\n  matching_criteria {{\n    attribute = \"bucket\"\n    value = \
             google_storage_bucket.{bucket}.name\n  }}\n}}\n"
        )
    };
    let found = |triggers: &[&str]| {
        let triggers: String = triggers.iter().map(|bucket| on(bucket)).collect();
        let texts = [("main.tf", &*format!("{resources}{triggers}")), ("terraform.tfvars", TERSE)];
        shown(&texts, "", None, &["bucket"])
    };
    assert_eq!(found(&["landing"]), ["bucket = acme-landing <main.tf:2>"]);
    assert_eq!(found(&[]), [""]);
    assert_eq!(found(&["landing", "code"]), [""]);
}

#[test]
fn of_several_root_modules_that_of_the_environment_counts() {
    let root = "variable \"feeds\" {}\nmodule \"feed\" {\n  source   = \"../../modules/feed\"\n  for_each = var.feeds\n  name     = \
                each.key\n  project  = basename(path.root)\n}\n";
    let module = "variable \"name\" {}\nvariable \"project\" {}\nresource \"google_storage_bucket\" \"in\" { name = \
                  \"acme-${var.project}-${var.name}\" }\n";
    let texts: Vec<(String, &str)> = ["dev", "prod", "uat"]
        .iter()
        .flat_map(|name| [(format!("envs/{name}/main.tf"), root), (format!("envs/{name}/terraform.tfvars"), TERSE)])
        .chain([("modules/feed/main.tf".to_owned(), module)])
        .collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let found = |environment| shown(&texts, "", environment, &["name", "bucket"]);
    assert_eq!(found(None), ["name = trades <envs/prod/terraform.tfvars:2>; bucket = acme-prod-trades <modules/feed/main.tf:3>"]);
    assert_eq!(
        found(Some("uat")),
        ["name = trades <envs/uat/terraform.tfvars:2>; bucket = acme-uat-trades <modules/feed/main.tf:3>"]
    );
}

#[test]
fn objects_within_an_entry_group_what_it_says() {
    let text = "\
variable \"feeds\" {
  default = {
    trades = {
      landing = { object_regex = \"^trades_\\\\d{8}.json$\", folder = \"trades/\", bucket = \"acme-landing\" }
      table   = { dataset_id = \"raw\", table_id = \"trades\" }
      labels  = { owner = \"nobody\" }
    }
  }
}
";
    let found = shown(&[("main.tf", text)], "", None, &["owner", "bucket", "prefix", "dataset", "table"]);
    assert_eq!(
        found,
        [
            "bucket = acme-landing <main.tf:4>; prefix = trades/ <main.tf:4>; dataset = raw <main.tf:5>; table = trades <main.tf:5>"
        ]
    );
}

#[test]
fn a_map_of_feeds_whose_names_of_files_are_not_found_is_said() {
    let text = "variable \"feeds\" { default = { a = { glob = \"x*\", dataset = \"raw\" } } }\n";
    let found = shown(&[("main.tf", text)], "", None, &["name"]);
    assert!(
        matches!(found.as_slice(), [only] if only.contains("var.feeds") && only.contains("terraform.feeds.attributes")),
        "{found:?}"
    );
}

#[test]
fn the_workspace_is_that_of_production_where_nothing_else_is_asked_for() {
    let text = "locals {\n  feeds = { trades = { file_name = \"x.json\", owner = \"o\", bucket = \"acme-${terraform.workspace}\" } }\n}\n";
    let found = |config: &str, environment| shown(&[("main.tf", text)], config, environment, &["bucket"]);
    let config = "environments: { dev: {}, production: {} }\n";
    assert_eq!(found(config, None), ["bucket = acme-production <main.tf:2>"]);
    assert_eq!(found(config, Some("dev")), ["bucket = acme-dev <main.tf:2>"]);
    assert!(!found("", None).concat().contains("acme-"));
}

#[test]
fn a_contract_of_files_completes_the_feed_of_its_name() {
    let text = "locals {\n  feeds = { trades = { file_name = \"x.json\", cadence = \"weekdays\", bucket = \"acme\" } }\n}\n";
    let contract = |server: &str| {
        format!(
            "apiVersion: v3.0.2\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\nservers:\n  - {server}\nschema:\n  - name: \
             trades\n    properties:\n      - {{ name: id, logicalType: string }}\nslaProperties:\n  - {{ property: frequency, value: 1, unit: d \
             }}\n"
        )
    };
    let found =
        |server: &str| shown(&[("main.tf", text), ("trades.odcs.yaml", &contract(server))], "", None, &["cadence", "schema"]);
    let of_files = found("{ server: s, type: custom, location: 'gs://acme/' }");
    assert!(matches!(of_files.as_slice(), [only] if only.contains("schema = ")), "{of_files:?}");
    let of_warehouse = found("{ server: s, type: bigquery, project: p, dataset: d }");
    assert_eq!(of_warehouse, ["cadence = weekdays <main.tf:2>"]);
}
