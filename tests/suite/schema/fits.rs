//! Whether a path exists, and whether it takes a value of some form.

use super::table::{Properties, Property, Table};
use super::takes_element;
use crate::library::shape::Form;
use crate::library::{Seg, recased};

/// Follows a path from the properties of a type; the property at its end, which can be set.
pub fn walk(table: &Table, properties: &Properties, path: &[Seg]) -> Result<Property, String> {
    let [first, rest @ ..] = path else {
        return Err("the path is empty".to_owned());
    };
    let property = properties
        .get(&first.name)
        .ok_or_else(|| unknown(&first.name, properties))?;
    if property.read_only {
        return Err(format!("`{}` can only be read", first.name));
    }
    if property.deprecated {
        return Err(format!("`{}` is deprecated", first.name));
    }
    if rest.is_empty() && !takes_element(first) {
        return Ok(property.clone());
    }
    let inner = step(first, property)?;
    if rest.is_empty() {
        return Ok(Property {
            block: property.block,
            ..inner.clone()
        });
    }
    let record = table.record(inner).ok_or_else(|| {
        format!(
            "`{}` is {} and has no `{}`",
            first.name,
            inner.ty,
            rest.iter()
                .map(|it| it.name.as_str())
                .collect::<Vec<_>>()
                .join(".")
        )
    });
    match inner.ty.as_str() {
        "json" | "any" => Ok(Property {
            ty: "any".to_owned(),
            ..inner.clone()
        }),
        "map" => Ok(inner
            .item
            .as_deref()
            .cloned()
            .unwrap_or_else(|| inner.clone())),
        _ => walk(table, record?, rest),
    }
}

/// The same for reading: what is deprecated or read-only may be read.
pub fn walk_in(table: &Table, property: &Property, path: &[Seg]) -> Result<(), String> {
    let [first, rest @ ..] = path else {
        return Ok(());
    };
    match property.ty.as_str() {
        "any" | "json" | "map" => Ok(()),
        _ => {
            let record = table
                .record(property)
                .ok_or_else(|| format!("{} has no `{}`", property.ty, first.name))?;
            let next = record
                .get(&first.name)
                .ok_or_else(|| unknown(&first.name, record))?;
            step(first, next).and_then(|inner| walk_in(table, inner, rest))
        }
    }
}

/// Into the element of a list where the path says so; a record may stand for the only block of a list.
pub fn step<'a>(seg: &Seg, property: &'a Property) -> Result<&'a Property, String> {
    let element = property.item.as_deref();
    match (takes_element(seg), property.is_listed()) {
        (true, true) => element.ok_or_else(|| format!("`{}` has no elements", seg.name)),
        (true, false) => Err(format!("`{}` is {}, not a list", seg.name, property.ty)),
        (false, true) if property.block => {
            element.ok_or_else(|| format!("`{}` has no elements", seg.name))
        }
        (false, _) => Ok(property),
    }
}

fn unknown(name: &str, properties: &Properties) -> String {
    let folded = |text: &str| text.to_lowercase().replace('_', "");
    let near = properties.keys().find(|it| {
        folded(it) == folded(name)
            || folded(it).contains(&folded(name))
            || folded(name).contains(&folded(it))
    });
    let hint = near.map_or_else(String::new, |near| format!(" (there is `{near}`)"));
    format!("there is no `{name}`{hint}")
}

/// Compares forms with properties; keys of records are recased for the target.
pub struct Keys<'a> {
    /// The target's table.
    pub table: &'a Table,
    /// Which target.
    pub target: usize,
}

impl Keys<'_> {
    /// What is wrong; empty if it fits.
    pub fn fits(&self, form: &Form, property: &Property) -> Vec<String> {
        form.present()
            .into_iter()
            .flat_map(|form| self.one(form, property))
            .collect()
    }

    fn one(&self, form: &Form, property: &Property) -> Vec<String> {
        let ty = property.ty.as_str();
        match (form, ty) {
            (Form::Any | Form::Absent, _) | (_, "any") => Vec::new(),
            (Form::Text, "string" | "json")
            | (Form::Number, "number")
            | (Form::Bool, "bool")
            | (Form::Document, "json" | "map") => Vec::new(),
            (Form::Document, "string") if self.target != 0 => Vec::new(),
            // Terraform converts, and its schema has text for numbers and Booleans that may be unset.
            (Form::Number | Form::Bool, "string") if self.target == 1 => Vec::new(),
            (Form::Record(_) | Form::Map(_) | Form::List(_), "json") => Vec::new(),
            (Form::Record(_), "list" | "set") if property.block => self.element(form, property),
            (Form::List(item), "list" | "set") => self.element(item, property),
            (Form::List(_), "object") if property.block => Vec::new(),
            (Form::Record(fields), "object") => self.record(fields, property),
            (Form::Record(fields), "map") => fields
                .iter()
                .flat_map(|(_, form)| self.element(form, property))
                .collect(),
            (Form::Map(item), "map") => self.element(item, property),
            (Form::Map(_), "list") if self.target == 0 && self.is_tags(property) => Vec::new(),
            _ => vec![format!("takes {ty}, is given {}", name(form))],
        }
    }

    fn element(&self, form: &Form, property: &Property) -> Vec<String> {
        property.item.as_deref().map_or_else(Vec::new, |item| {
            self.fits(
                form,
                &Property {
                    block: false,
                    ..item.clone()
                },
            )
        })
    }

    fn record(&self, fields: &[(String, Form)], property: &Property) -> Vec<String> {
        let Some(known) = self.table.record(property) else {
            return Vec::new();
        };
        let mut wrong = Vec::new();
        for (key, form) in fields {
            if form.present().is_empty() {
                continue;
            }
            let key = recased(key, self.target);
            match known.get(&key) {
                None => wrong.push(unknown(&key, known)),
                Some(property) if property.read_only => {
                    wrong.push(format!("`{key}` can only be read"))
                }
                Some(property) if property.deprecated => {
                    wrong.push(format!("`{key}` is deprecated"))
                }
                Some(property) => wrong.extend(
                    self.fits(form, property)
                        .into_iter()
                        .map(|it| format!("`{key}` {it}")),
                ),
            }
        }
        let given = |name: &str| {
            fields
                .iter()
                .any(|(key, _)| recased(key, self.target) == name)
        };
        let missing = known
            .iter()
            .filter(|(name, it)| it.required && !it.read_only && !given(name));
        wrong.extend(missing.map(|(name, _)| format!("`{name}` is required")));
        wrong
    }

    /// CloudFormation's list of `Key` and `Value`.
    fn is_tags(&self, property: &Property) -> bool {
        let item = property
            .item
            .as_deref()
            .and_then(|it| self.table.record(it));
        item.is_some_and(|it| it.contains_key("Key") && it.contains_key("Value"))
    }
}

fn name(form: &Form) -> &'static str {
    match form {
        Form::Any => "anything",
        Form::Text => "text",
        Form::Number => "a number",
        Form::Bool => "a Bool",
        Form::Measure => "a duration or size without a conversion",
        Form::Document => "a document",
        Form::Absent => "nothing",
        Form::List(_) => "a list",
        Form::Map(_) => "a map",
        Form::Record(_) => "a record",
        Form::Either(_) => "one of several",
        Form::Resource(_) => "a resource without a conversion",
    }
}
