//! Which file a declaration's resources stand in: one for each top-level declaration.
//!
//! INVARIANT (stable files): a file's name depends on the declaration alone. The members of a family share one. What
//! stems from an edge stands with its target, `web` in `alb -> web : forward "/*"`, and with its source where the target
//! makes nothing of its own.

use std::collections::HashSet;

use topoc_ir::spelled::SpelledResource;

/// Files with a purpose of their own.
const RESERVED: [&str; 6] = [
    "versions",
    "providers",
    "variables",
    "data",
    "outputs",
    "edges",
];

/// The declarations that make resources, so that edges can be put to them.
pub struct Files<'a> {
    declared: HashSet<&'a str>,
}

impl<'a> Files<'a> {
    /// Learns which declarations make resources.
    pub fn new(resources: &'a [SpelledResource]) -> Self {
        let groups = resources.iter().map(|it| it.group.as_str());
        Self {
            declared: groups.filter(|it| !it.contains("->")).map(family).collect(),
        }
    }

    /// The file of a group, without its ending.
    pub fn of<'b>(&self, group: &'b str) -> std::borrow::Cow<'b, str> {
        let name = match group.split_once("->") {
            Some((source, target)) => self
                .end(target)
                .or_else(|| self.end(source))
                .unwrap_or("edges"),
            None => family(group),
        };
        if RESERVED.contains(&name) && name != "edges" || name.is_empty() {
            return format!("{name}_resources").into();
        }
        name.into()
    }

    fn end<'b>(&self, text: &'b str) -> Option<&'b str> {
        let name = family(text.trim_start().trim_start_matches('['));
        self.declared.contains(name).then_some(name)
    }
}

/// The name without key and part: `api` of `api["admin"].run`.
fn family(path: &str) -> &str {
    let end = path.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    path.get(..end.unwrap_or(path.len())).unwrap_or(path)
}
