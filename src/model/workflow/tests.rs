use super::of_file;
use crate::text::{Files, RepoPath, Side, SourceFile};

/// What is wrong with a workflow, each with the words it points at.
fn faults(text: &str) -> String {
    let mut files = Files::default();
    let path = RepoPath::new("load.yaml").expect("a plain path");
    let id = files.push(SourceFile::new(Side::Head, path, text.into()));
    let Some(workflow) = of_file(id, files.get(id)) else { return "no workflow".to_owned() };
    let shown = |fault: &super::Fault| format!("{:?}: {} @{}", fault.kind, fault.message, files.slice(fault.span));
    workflow.faults.iter().map(shown).collect::<Vec<_>>().join("\n")
}

#[test]
fn variables_are_seen_on_every_path_that_may_lead_to_them() {
    let clean = [
        "main:\n  params: [event]\n  steps:\n  - a:\n      assign:\n      - x: ${event.data}\n      - y: ${x}\n  - b:\n      return: ${y}\n",
        "- a:\n    switch:\n    - condition: ${true}\n      steps:\n      - b:\n          assign:\n          - x: 1\n- c:\n    return: ${x}\n",
        "- a:\n    next: c\n- b:\n    return: ${x}\n- c:\n    assign:\n    - x: 1\n    next: b\n",
        "- a:\n    try:\n      call: sys.log\n      result: r\n    except:\n      as: e\n      steps:\n      - b:\n          raise: ${e}\n- c:\n    return: ${r}\n",
        "- a:\n    for:\n      value: v\n      index: i\n      range: [1, 2]\n      steps:\n      - b:\n          assign:\n          - x: ${v + i}\n- c:\n    return: 1\n",
        "- a:\n    try:\n      call: sys.log\n    retry: ${http.default_retry}\n",
    ];
    for text in clean {
        assert_eq!(faults(text), "", "{text}");
    }
    assert_eq!(
        faults("- a:\n    assign:\n    - y: ${x}\n    - x: 1\n- b:\n    return: ${z}\n"),
        "Unassigned: `x` is used, and nothing has given it a value @x\nUnassigned: `z` is used, and nothing has given it a value @z"
    );
    assert_eq!(
        faults(
            "- a:\n    for:\n      value: v\n      in: [1]\n      steps:\n      - b:\n          assign:\n          - x: ${v}\n- c:\n    return: ${x}\n"
        ),
        "Unassigned: `x` is used, and nothing has given it a value @x"
    );
}

#[test]
fn a_template_that_nothing_deploys_is_read_with_its_holes() {
    let text = "- a:\n    call: http.get\n    args:\n      url: ${uri}\n    result: r\n- b:\n    return: $${r.body + s}\n";
    assert_eq!(faults(text), "Unassigned: `s` is used, and nothing has given it a value @s");
}

/// The names of the steps that a workflow takes for a file, what it loads, and how it ends.
fn way(text: &str, object: &str) -> String {
    let mut files = Files::default();
    let path = RepoPath::new("load.yaml").expect("a plain path");
    let id = files.push(SourceFile::new(Side::Head, path, text.into()));
    let workflow = of_file(id, files.get(id)).expect("it is a workflow");
    let run = super::run::run(&workflow, super::value::storage_event("acme", object)).expect("it has a main");
    let steps: Vec<&str> = run.visits.iter().map(|visit| visit.step.name.value.as_str()).collect();
    let loads = run.effects.iter().filter_map(super::Load::of);
    let tables: Vec<String> = loads.map(|load| format!(" → {}", load.table[2].as_deref().unwrap_or("?"))).collect();
    let end = match &run.outcome {
        super::Outcome::Done(..) => "done",
        super::Outcome::Raised(_) => "raised",
        super::Outcome::Undecided(_) => "undecided",
    };
    format!("{}{} {end}", steps.join(" "), tables.concat())
}

const ROUTER: &str = r#"
main:
  params: [event]
  steps:
    - choose:
        switch:
          - condition: ${text.match_regex(event.data.name, "^trades/")}
            steps:
              - table_of_trades:
                  assign:
                    - table: trades
            next: load
          - condition: ${event.data.name == "check"}
            next: check
          - condition: ${event.data.size == 0}
            next: leave
    - leave:
        raise: unknown
    - check:
        try:
          raise: {code: 404}
        except:
          as: e
          steps:
            - look:
                switch:
                  - condition: ${e.code == 404}
                    return: missing
    - load:
        call: load_into
        args:
          table: ${table}
        next: each
    - skip:
        return: 1
    - each:
        for:
          value: n
          range: [1, 3]
          steps:
            - stop:
                switch:
                  - condition: ${n == 2}
                    next: break
load_into:
  params: [table]
  steps:
    - insert:
        call: googleapis.bigquery.v2.jobs.insert
        args:
          projectId: acme
          body: {configuration: {load: {destinationTable: {projectId: acme, datasetId: raw, tableId: "${table}"}}}}
"#;

#[test]
fn a_file_is_followed_by_its_name() {
    assert_eq!(way(ROUTER, "trades/a.json"), "choose table_of_trades load insert each stop stop → trades done");
    assert_eq!(way(ROUTER, "check"), "choose check look done");
    assert_eq!(way(ROUTER, "quotes/a.json"), "choose undecided");
}

#[test]
fn no_workflow_runs_for_ever() {
    assert!(way("- a:\n    assign:\n    - x: 1\n    next: a\n", "x").ends_with(" undecided"));
    assert!(way("main:\n  steps:\n  - a:\n      call: b\nb:\n  steps:\n  - c:\n      call: b\n", "x").ends_with(" undecided"));
}

#[test]
fn no_mutation_breaks_the_reader_or_the_walk() {
    crate::syntax::testing::for_each_mutation(&[ROUTER], 1_500, |text| {
        let mut files = Files::default();
        let path = RepoPath::new("load.yaml").expect("a plain path");
        let id = files.push(SourceFile::new(Side::Head, path, text.clone()));
        let Some(workflow) = of_file(id, files.get(id)) else { return };
        for fault in &workflow.faults {
            assert!(text.get(fault.span.range()).is_some(), "{fault:?} {text}");
        }
        let _ = super::run::run(&workflow, super::value::storage_event("acme", "trades/a.json"));
    });
}
