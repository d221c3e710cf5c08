//! The committed tables of what the real tools know: `tests/conformance/schemas/`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// One target's table.
#[derive(Debug)]
pub struct Table {
    resources: BTreeMap<String, Entry>,
    lookups: BTreeMap<String, Entry>,
    shapes: BTreeMap<String, Properties>,
}

/// A resource type or lookup type of a target.
#[derive(Debug)]
pub struct Entry {
    /// What can be set.
    pub properties: Properties,
    /// What can be read besides.
    pub outputs: Properties,
    /// Whether the type itself is deprecated.
    pub deprecated: bool,
}

/// Properties by name.
pub type Properties = BTreeMap<String, Property>;

/// A property.
#[derive(Clone, Debug)]
pub struct Property {
    /// `string`, `number`, `bool`, `list`, `set`, `map`, `object`, `json`, `any`
    pub ty: String,
    /// Of a list, a set, a map.
    pub item: Option<Box<Property>>,
    /// Of an object: a key of the table's shapes.
    pub shape: Option<String>,
    /// It must be set.
    pub required: bool,
    /// It cannot be set.
    pub read_only: bool,
    /// It should not be set.
    pub deprecated: bool,
    /// It is written as blocks.
    pub block: bool,
}

impl Table {
    /// Reads `schemas/TARGET.json`.
    pub fn load(target: &str) -> Table {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("conformance/schemas")
            .join(format!("{target}.json"));
        let text = std::fs::read_to_string(&file)
            .unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
        let json: Value = serde_json::from_str(&text)
            .unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
        let entries = |section: &str| {
            each(&json, section, |it| Entry {
                properties: properties(it.get("properties")),
                outputs: properties(it.get("outputs")),
                deprecated: flag(it, "deprecated"),
            })
        };
        Table {
            resources: entries("resources"),
            lookups: entries("lookups"),
            shapes: each(&json, "shapes", |it| properties(Some(it))),
        }
    }

    /// A type by its name.
    pub fn entry(&self, lookup: bool, name: &str) -> Option<&Entry> {
        if lookup {
            self.lookups.get(name)
        } else {
            self.resources.get(name)
        }
    }

    /// The properties of a record, `None` where the tools know none.
    pub fn record(&self, property: &Property) -> Option<&Properties> {
        self.shapes.get(property.shape.as_ref()?)
    }
}

impl Property {
    /// Whether it is a list or a set.
    pub fn is_listed(&self) -> bool {
        matches!(self.ty.as_str(), "list" | "set")
    }
}

fn each<T>(json: &Value, section: &str, read: impl Fn(&Value) -> T) -> BTreeMap<String, T> {
    let members = json.get(section).and_then(Value::as_object);
    members
        .into_iter()
        .flatten()
        .map(|(name, it)| (name.clone(), read(it)))
        .collect()
}

fn properties(json: Option<&Value>) -> Properties {
    let members = json.and_then(Value::as_object);
    members
        .into_iter()
        .flatten()
        .map(|(name, it)| (name.clone(), property(it)))
        .collect()
}

fn property(json: &Value) -> Property {
    let text = |key: &str| json.get(key).and_then(Value::as_str).map(str::to_owned);
    Property {
        ty: text("type").unwrap_or_else(|| "any".to_owned()),
        item: json.get("item").map(|it| Box::new(property(it))),
        shape: text("shape"),
        required: flag(json, "required"),
        read_only: flag(json, "read_only"),
        deprecated: flag(json, "deprecated"),
        block: flag(json, "block"),
    }
}

fn flag(json: &Value, key: &str) -> bool {
    json.get(key).and_then(Value::as_bool).unwrap_or_default()
}
