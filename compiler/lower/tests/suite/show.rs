//! Results as text, so that tests compare all of it.

use topoc_diagnostics::Diagnostics;
use topoc_ir::{Late, Lock, Part, Resource, Topology, Value};
use topoc_lower::{Lowered, lower};

/// Lowers without lock.
pub fn run(topology: Topology) -> (Lowered, Vec<String>) {
    let mut out = Diagnostics::default();
    let (lowered, _) = lower(topology, &Lock::default(), &mut out, || {});
    (lowered, reports(&out))
}

/// Lowers what must be right, and shows the resources of these types.
pub fn resources(topology: Topology, types: &[&str]) -> String {
    let (lowered, reports) = run(topology);
    assert_eq!(reports, Vec::<String>::new());
    show(&lowered, types)
}

/// Lowers what must be wrong.
pub fn wrong(topology: Topology) -> Vec<String> {
    run(topology).1
}

pub fn show(lowered: &Lowered, types: &[&str]) -> String {
    let all = lowered.resources.iter().chain(&lowered.topology.lookups);
    let shown = all.filter(|it| types.is_empty() || types.contains(&it.ty.as_str()));
    shown.map(line).collect()
}

/// `E0503 message | help`
pub fn reports(out: &Diagnostics) -> Vec<String> {
    let reports = out.iter().map(|it| {
        let help = it
            .help
            .as_ref()
            .map(|it| format!(" | {it}"))
            .unwrap_or_default();
        format!("{} {}{help}", it.code.id(), it.message)
    });
    reports.collect()
}

fn line(it: &Resource) -> String {
    let mut line = format!("{} {}", it.ty, it.id.0);
    for (name, field) in &it.fields {
        line.push_str(&format!(" {name}={}", value(field)));
    }
    for after in &it.after {
        line.push_str(&format!(" after={}", after.0));
    }
    line.push('\n');
    line
}

pub fn value(it: &Value) -> String {
    match it {
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Text(it) => format!("'{it}'"),
        Value::Cidr(it) => it.to_string(),
        Value::Resource(it) => it.0.to_string(),
        Value::Late(it) => late(it),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(value).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Record(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, it)| format!("{key}={}", value(it)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Template(parts) => {
            let parts = parts.iter().map(|it| match it {
                Part::Text(it) => it.to_string(),
                Part::Late(it) => format!("{{{}}}", late(it)),
            });
            format!("'{}'", parts.collect::<String>())
        }
        other => format!("{other:?}"),
    }
}

fn late(it: &Late) -> String {
    match it {
        Late::Input(name) => format!("input.{name}"),
        Late::Output(id, output) => format!("{}.{output}", id.0),
        Late::ZoneSlot(slot) => format!("zone_slot({slot})"),
        other => format!("{other:?}"),
    }
}
