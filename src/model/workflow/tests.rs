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
