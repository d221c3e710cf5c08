//! What a program's statements change, as a snapshot, and the rule that all of it keeps.

use std::collections::BTreeMap;
use std::fmt::Write;

use topoc_driver::Target;

use super::blocks::{Change, Run};
use super::statements::{Without, each};
use super::{Program, added};
use crate::cases::home;

/// Compares a program's snapshot; what breaks the rule comes back.
pub fn compare(program: &Program) -> Vec<String> {
    let (mut said, mut broken, mut tried) = (String::new(), Vec::new(), 0);
    for without in each(&program.text) {
        let Ok(found) = added(program, &without.text, &program.text, None) else {
            continue;
        };
        tried += 1;
        say(&without, &found, &mut said);
        broken.extend(wrong(&without, &found).map(|it| format!("{}: {it}", program.case.name())));
    }
    assert!(
        tried > 2,
        "{}: nothing can be taken out",
        program.case.name()
    );
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(home().join("tests/edits"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let name = program.case.name();
    let name = name.rsplit('/').next().unwrap_or_default();
    settings.bind(|| insta::assert_snapshot!(name, said));
    broken
}

fn say(without: &Without, found: &BTreeMap<Target, Vec<Change>>, said: &mut String) {
    let _ = writeln!(said, "{}", without.what);
    for (target, changes) in found {
        let new = changes
            .iter()
            .filter(|it| matches!(it, Change::New(_)))
            .count();
        let _ = writeln!(said, "  {}: {new} new", target.word());
        for change in changes.iter().filter(|it| !matches!(it, Change::New(_))) {
            let _ = writeln!(said, "    {change}");
        }
    }
}

/// INVARIANT (only its own lines): what was there stays, word for word and in its order; words are only added. The exceptions are
/// two: a rule that two edges open has the words of the first one, and an order that new references imply is not said again.
fn wrong<'a>(
    without: &'a Without,
    found: &'a BTreeMap<Target, Vec<Change>>,
) -> impl Iterator<Item = String> + 'a {
    let all = found.iter();
    let all = all.flat_map(|(target, changes)| changes.iter().map(move |it| (target, it)));
    all.filter(|(_, it)| !keeps(it))
        .map(|(target, it)| format!("{}: {}: {it}", without.what, target.word()))
}

/// Whether a change is one of those that one more thing may bring.
pub fn keeps(change: &Change) -> bool {
    match change {
        Change::New(_) => true,
        Change::Gone(_) | Change::Order(_) => false,
        Change::Words { of, runs } => {
            let excused = |it: &Run| {
                let key = it.key.to_ascii_lowercase().replace('_', "");
                key == "dependson" || key == "description" && rule(of)
            };
            runs.iter().all(|it| it.added || excused(it))
        }
    }
}

/// Whether a piece is a rule of a group, in any target: their ids end so.
fn rule(of: &str) -> bool {
    let of = of.trim_end_matches('"').to_ascii_lowercase();
    of.ends_with("egress") || of.ends_with("ingress")
}
