//! The measured program is the system that it claims to be, and grows without a report.

#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "a test: what is not listed is nothing it knows, and a panic is a failure"
)]

mod names;
mod reference;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use topoc_benches::system::{Single, program};
use topoc_driver::{Format, Options, Target, compile, emit};

use names::{ours, resolved};

type Resources = Map<String, Value>;

#[test]
fn it_is_the_reference() {
    for services in [1, 3] {
        let problems = problems(services, program(services));
        assert!(problems.is_empty(), "{services} services: {problems:#?}");
    }
}

/// So many are worked on in shares, and have more addresses than the template that one writes by hand.
#[test]
fn many_are_the_reference() {
    let problems = problems(500, program(500));
    let addresses = ["MainApp", "MainRange100x"];
    let others: Vec<&String> = problems
        .iter()
        .filter(|it| addresses.iter().all(|start| !it.starts_with(start)))
        .collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn several_at_once_do_not_stop_each_other() {
    let text = program(500);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let source = Single(text.as_str().into());
                let compilation = compile("main.topo", &source, &Options::default());
                assert!(emit(&compilation, Target::Cfn, Format::Json).is_ok());
            });
        }
    });
}

/// Whether one processor works or several do.
#[test]
fn mistakes_are_told_wherever_they_stand() {
    for services in [3, 500] {
        let text = program(services);
        let last = format!("svc{services}");
        let text = text.replacen("svc1 -> ", "svc1 -> nowhere : tcp 1\nsvc1 -> ", 1);
        let text =
            format!("{text}{last} -> db : redis\nbucket again {{ size = 1 }}\nbucket again\n");
        let compilation = compile("main.topo", &Single(text.into()), &Options::default());
        let reports = compilation.diagnostics.iter();
        let told: Vec<String> = reports
            .map(|it| format!("{:?} {}", it.code, it.message))
            .collect();
        let expected = [
            "E0201 nothing here is called `nowhere`",
            "E0507 a database does not understand `redis`",
            "E0203 a bucket has no attribute `size`",
            "E0204 `again` is declared twice",
        ];
        assert_eq!(told, expected, "{services} services");
    }
}

#[test]
fn another_system_is_not() {
    let text = program(2);
    let more_tasks = text.replacen("2..2", "3..3", 1);
    let without_next = text.replace("svc1 -> svc2   : tcp 8000\n", "");
    let with_write = text.replacen("read \"svc1/\", ", "", 1);
    let with_log = format!("{text}log_group lines\n");
    let place = "Svc1TaskMain.Properties.Policies";
    let grant =
        |action: &str| format!("(\"\\\"s3:{action}\\\"\", \"arn:aws:s3:::ref-assets/svc1/*\")");
    let (read, write, stop) = (
        grant("GetObject"),
        grant("PutObject"),
        grant("AbortMultipartUpload"),
    );
    for (changed, expected) in [
        (
            more_tasks,
            vec!["Svc1Run.Properties.DesiredCount: want 2, got 3".to_owned()],
        ),
        (
            without_next,
            vec![
                "Svc1ToSvc2Tcp8000Ingress is missing".to_owned(),
                "Svc1ToSvc2Tcp8000Egress is missing".to_owned(),
            ],
        ),
        (
            with_write,
            vec![format!("{place}: lacks {read}, has {{{stop}, {write}}}")],
        ),
        (
            with_log,
            vec!["LinesMain is not in the reference".to_owned()],
        ),
    ] {
        assert_eq!(problems(2, changed), expected);
    }
}

/// In what the template of a program differs from the reference.
fn problems(services: usize, text: String) -> Vec<String> {
    let template = template(text);
    let mut printed = template["Resources"]
        .as_object()
        .cloned()
        .expect("resources");
    fold_policies(&mut printed);
    let printed: Resources = printed
        .into_iter()
        .map(|(name, it)| (name, resolved(&it)))
        .collect();
    let (mut problems, mut named) = (Vec::new(), BTreeSet::new());
    for (name, expected) in reference::resources(services) {
        let own = ours(&name);
        match printed.get(&own) {
            Some(found) => differences(
                &own,
                &resolved(&names::renamed(&expected)),
                found,
                &mut problems,
            ),
            None => problems.push(format!("{own} is missing")),
        }
        named.insert(own);
    }
    let more = printed
        .keys()
        .filter(|it| !named.contains(*it) && !is_extra(it));
    problems.extend(more.map(|it| format!("{it} is not in the reference")));
    let outputs = resolved(&names::renamed(&reference::outputs()));
    differences(
        "outputs",
        &outputs,
        &resolved(&template["Outputs"]),
        &mut problems,
    );
    problems
}

/// Around the sizes where the program changes: more rules than a group holds, more tasks than the small plan holds.
#[test]
fn every_size_compiles_in_peace() {
    for services in [59, 60, 61, 62] {
        let text = program(services);
        assert_eq!(topoc_fmt::format(&text).text, text, "the layout");
        let compiled = compile("main.topo", &Single(text.into()), &Options::default());
        let reports: Vec<&str> = compiled
            .diagnostics
            .iter()
            .map(|it| it.message.as_str())
            .collect();
        assert!(
            compiled.succeeded() && reports.is_empty(),
            "{services} services: {reports:#?}"
        );
        for target in Target::ALL {
            assert!(
                emit(&compiled, target, Format::Json).is_ok(),
                "{services} services for {}",
                target.word()
            );
        }
    }
}

fn template(text: String) -> Value {
    let compiled = compile("main.topo", &Single(text.into()), &Options::default());
    let emitted = emit(&compiled, Target::Cfn, Format::Json).expect("it compiles");
    let text = emitted.files.first().map(|it| it.text.to_string());
    serde_json::from_str(&text.unwrap_or_default()).expect("JSON")
}

/// What the library adds by default.
fn is_extra(name: &str) -> bool {
    name == "DbSettings" || name.starts_with("DbExports") || name.contains("ToPrefixListS3")
}

/// Puts policies that are resources of their own into their roles.
fn fold_policies(resources: &mut Resources) {
    let is_policy = |it: &Value| it["Type"] == "AWS::IAM::Policy";
    let policies: Vec<Value> = resources
        .values()
        .filter(|it| is_policy(it))
        .cloned()
        .collect();
    resources.retain(|_, it| !is_policy(it));
    for policy in policies {
        let role = policy["Properties"]["Roles"][0]["Ref"]
            .as_str()
            .unwrap_or_default();
        if let Some(role) = resources.get_mut(role) {
            role["Properties"]["Policies"] = json!([policy["Properties"]]);
        }
    }
}

/// Where `found` lacks something of `expected`; it may have more.
fn differences(place: &str, expected: &Value, found: &Value, out: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(fields), Value::Object(_)) => {
            for (key, value) in fields {
                let place = format!("{place}.{key}");
                match key.as_str() {
                    "Policies" => granted(&place, value, &found[key], out),
                    "DependsOn" => ordered(&place, value, &found[key], out),
                    _ => differences(&place, value, &found[key], out),
                }
            }
        }
        (Value::Array(wanted), Value::Array(there)) if wanted.len() == there.len() => {
            for (at, (wanted, there)) in wanted.iter().zip(there).enumerate() {
                differences(&format!("{place}[{at}]"), wanted, there, out);
            }
        }
        _ if expected == found => {}
        _ => out.push(format!("{place}: want {expected}, got {found}")),
    }
}

fn granted(place: &str, expected: &Value, found: &Value, out: &mut Vec<String>) {
    let found = grants(found);
    let missing = grants(expected)
        .into_iter()
        .filter(|it| !found.contains(it));
    out.extend(missing.map(|it| format!("{place}: lacks {it:?}, has {found:?}")));
}

/// Every action with every resource it is allowed on.
fn grants(policies: &Value) -> BTreeSet<(String, String)> {
    let statements = entries(policies)
        .iter()
        .flat_map(|it| entries(&it["PolicyDocument"]["Statement"]));
    statements
        .flat_map(|it| {
            let resources = entries(&it["Resource"]);
            let pair = |action: &Value, resource: &Value| {
                let resource = resource.as_str().unwrap_or_default();
                (
                    action.to_string(),
                    resource.trim_end_matches(":log-stream:*").to_owned(),
                )
            };
            let actions = entries(&it["Action"]).iter();
            actions.flat_map(move |action| {
                resources.iter().map(move |resource| pair(action, resource))
            })
        })
        .collect()
}

fn ordered(place: &str, expected: &Value, found: &Value, out: &mut Vec<String>) {
    let found = match found {
        Value::Array(names) => names.as_slice(),
        one => std::slice::from_ref(one),
    };
    let missing = entries(expected).iter().filter(|it| !found.contains(it));
    out.extend(missing.map(|it| format!("{place}: lacks {it}")));
}

fn entries(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}
