//! Which properties the paths of a card reach, and which required ones they miss.

use std::collections::BTreeMap;

use super::table::{Properties, Property, Table};
use crate::library::Seg;

/// The properties that paths touch.
#[derive(Debug, Default)]
pub struct Tree {
    inner: BTreeMap<String, Tree>,
    /// A value stands here; its form was checked by itself.
    whole: bool,
}

impl Tree {
    /// Notes a path.
    pub fn cover(&mut self, path: &[Seg]) {
        match path {
            [] => self.whole = true,
            [first, rest @ ..] => self
                .inner
                .entry(first.name.clone())
                .or_default()
                .cover(rest),
        }
    }

    /// The required properties that no path reaches.
    pub fn missing(&self, properties: &Properties, table: &Table, place: &str) -> Vec<String> {
        let required = properties
            .iter()
            .filter(|(name, it)| it.required && !it.read_only && !self.inner.contains_key(*name));
        let mut found: Vec<String> = required
            .map(|(name, _)| format!("nothing sets `{name}` of `{place}`, which is required"))
            .collect();
        for (name, tree) in self.inner.iter().filter(|(_, tree)| !tree.whole) {
            if let Some(record) = properties.get(name).and_then(|it| record(it, table)) {
                found.extend(tree.missing(record, table, &format!("{place}.{name}")));
            }
        }
        found
    }
}

fn record<'a>(property: &'a Property, table: &'a Table) -> Option<&'a Properties> {
    let record = if property.is_listed() {
        property.item.as_deref()?
    } else {
        property
    };
    table.record(record)
}
