//! Values with the keys that the library gives them: the casing of each target undone.

use std::collections::BTreeMap;

use super::value::Value;
use crate::library::shape::Form;
use crate::library::{Target, recased};

/// The value with the library's keys. What the form does not know keeps its key, so that it differs.
pub fn plain(value: Value, form: &Form, target: Target) -> Value {
    let forms = form.present();
    match value {
        Value::Map(members) => match records(&forms, &members, target) {
            Some(fields) => record(members, fields, target),
            None => map(members, &forms, target),
        },
        Value::List(mut items) => {
            // The only block stands for the record.
            if target == 1
                && items.len() == 1
                && forms.iter().any(|it| matches!(it, Form::Record(_)))
            {
                return plain(items.remove(0), form, target);
            }
            let item = forms.iter().find_map(|it| {
                if let Form::List(item) = it {
                    Some(item.as_ref())
                } else {
                    None
                }
            });
            Value::List(
                items
                    .into_iter()
                    .map(|it| plain(it, item.unwrap_or(&Form::Any), target))
                    .collect(),
            )
        }
        Value::Encoded(inner) if forms.iter().any(|it| matches!(it, Form::Document)) => *inner,
        other => other,
    }
}

/// The record whose fields are these.
fn records<'a>(
    forms: &[&'a Form],
    members: &BTreeMap<String, Value>,
    target: Target,
) -> Option<&'a [(String, Form)]> {
    forms.iter().find_map(|form| match form {
        Form::Record(fields)
            if members
                .keys()
                .all(|key| fields.iter().any(|(name, _)| recased(name, target) == *key)) =>
        {
            Some(fields.as_slice())
        }
        _ => None,
    })
}

fn record(members: BTreeMap<String, Value>, fields: &[(String, Form)], target: Target) -> Value {
    let each = members.into_iter().map(|(key, value)| {
        let field = fields.iter().find(|(name, _)| recased(name, target) == key);
        match field {
            Some((name, form)) => (name.clone(), plain(value, form, target)),
            None => (key, value),
        }
    });
    Value::Map(each.collect())
}

fn map(members: BTreeMap<String, Value>, forms: &[&Form], target: Target) -> Value {
    let item = forms.iter().find_map(|it| {
        if let Form::Map(item) = it {
            Some(item.as_ref())
        } else {
            None
        }
    });
    Value::Map(
        members
            .into_iter()
            .map(|(key, it)| (key, plain(it, item.unwrap_or(&Form::Any), target)))
            .collect(),
    )
}

/// CloudFormation's list of `Key` and `Value` as the map that it is; anything else is left as it is.
pub fn tags(value: Value) -> Value {
    let Value::List(items) = &value else {
        return value;
    };
    let pair = |it: &Value| match it {
        Value::Map(members) if members.len() == 2 => Some((
            members.get("Key")?.plain()?.to_owned(),
            members.get("Value")?.clone(),
        )),
        _ => None,
    };
    items
        .iter()
        .map(pair)
        .collect::<Option<BTreeMap<String, Value>>>()
        .map_or(value.clone(), Value::Map)
}
