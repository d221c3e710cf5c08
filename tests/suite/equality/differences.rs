//! Differences that are known and justified: `tests/conformance/differences.json`, a reason each.

use std::collections::BTreeSet;
use std::path::Path;

use crate::library::{TARGETS, Target};

/// What may differ.
#[derive(Debug, Default)]
pub struct Differences {
    entries: Vec<Entry>,
    /// Logical names of resources that no type of the library is (`resource raw`).
    pub raw: BTreeSet<String>,
}

#[derive(Debug)]
struct Entry {
    resource: String,
    field: String,
    targets: BTreeSet<String>,
}

impl Differences {
    /// Reads the file.
    pub fn load() -> Differences {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/differences.json");
        let text = std::fs::read_to_string(&file)
            .unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
        let json: serde_json::Value = serde_json::from_str(&text)
            .unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
        let mut found = Differences::default();
        for it in json.as_array().into_iter().flatten() {
            let word = |key: &str| {
                it.get(key)
                    .and_then(serde_json::Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            assert!(
                word("because").len() > 20,
                "{it}: a difference needs a reason"
            );
            if it.get("raw").is_some() {
                found.raw.insert(word("raw"));
                continue;
            }
            let targets = it
                .get("targets")
                .and_then(serde_json::Value::as_array)
                .into_iter()
                .flatten();
            let targets = targets
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect();
            found.entries.push(Entry {
                resource: word("resource"),
                field: word("field"),
                targets,
            });
        }
        found
    }

    /// Whether a field may differ between two targets.
    pub fn field(&self, resource: &str, field: &str, targets: [Target; 2]) -> bool {
        let words: Vec<&str> = targets
            .iter()
            .filter_map(|it| TARGETS.get(*it).copied())
            .collect();
        self.entries.iter().any(|it| {
            it.resource == resource
                && it.field == field
                && words.iter().all(|word| it.targets.contains(*word))
        })
    }

    /// Whether one target alone may make a resource of one type before one of another.
    pub fn order(&self, first: &str, later: &str, target: &str) -> bool {
        self.entries.iter().any(|it| {
            it.resource == first
                && it.field == format!("before {later}")
                && it.targets.contains(target)
        })
    }

    /// Whether a target may have a property that no field explains.
    pub fn property(&self, resource: &str, property: &str, target: Target) -> bool {
        let word = TARGETS.get(target).copied().unwrap_or_default();
        self.entries.iter().any(|it| {
            it.resource == resource
                && it.field == format!("+{property}")
                && it.targets.contains(word)
        })
    }
}
