//! Reads a template back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::value::{Hole, Input, Piece, Printed, Resource, Value};

/// Reads the JSON of a template.
pub fn read(text: &str) -> Result<Printed, String> {
    let json: Json = serde_json::from_str(text).map_err(|it| it.to_string())?;
    let section = |name: &str| {
        json.get(name)
            .and_then(Json::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let parameters = section("Parameters");
    let reader = Reader {
        inputs: parameters.keys().cloned().collect(),
    };
    let mut printed = Printed::default();
    for (name, it) in &parameters {
        printed.inputs.insert(name.clone(), input(it));
    }
    for (name, it) in &section("Resources") {
        printed.resources.insert(name.clone(), reader.resource(it));
    }
    for (name, it) in &section("Outputs") {
        printed.outputs.insert(
            name.clone(),
            it.get("Value").map_or(Value::Null, |it| reader.value(it)),
        );
    }
    let known = [
        "AWSTemplateFormatVersion",
        "Description",
        "Parameters",
        "Resources",
        "Outputs",
    ];
    let strange = json
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| !known.contains(&key.as_str()));
    printed.strange = strange.map(|(key, _)| format!("section {key}")).collect();
    Ok(printed)
}

fn input(json: &Json) -> Input {
    let ty = match text(json, "Type") {
        "Number" => "number",
        "CommaDelimitedList" | "List<Number>" => "list",
        // There is no Boolean type.
        _ if json
            .get("AllowedValues")
            .is_some_and(|it| *it == serde_json::json!(["true", "false"])) =>
        {
            "bool"
        }
        _ => "text",
    };
    let default = json
        .get("Default")
        .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
    Input {
        ty,
        default,
        secret: json
            .get("NoEcho")
            .and_then(Json::as_bool)
            .unwrap_or_default(),
    }
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// A list in JSON, whose items are joined with what ends one item and begins the next, as the list that it is.
fn listed(text: &str, variables: &Map<String, Json>) -> String {
    let mut text = text.to_owned();
    for (name, it) in variables {
        let between = it.pointer("/Fn::Join/0").and_then(Json::as_str);
        let Some((end, begin)) = between.and_then(|it| it.split_once(',')) else {
            continue;
        };
        let reference = match it.pointer("/Fn::Join/1/Fn::GetAtt") {
            Some(Json::Array(parts)) => {
                let parts: Vec<&str> = parts.iter().filter_map(Json::as_str).collect();
                parts.join(".")
            }
            _ => it
                .pointer("/Fn::Join/1/Ref")
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned(),
        };
        let items = format!("[{begin}${{{name}}}{end}]");
        text = text.replace(&items, &format!("{begin}${{{reference}}}{end}"));
    }
    text
}

struct Reader {
    inputs: BTreeSet<String>,
}

impl Reader {
    fn resource(&self, json: &Json) -> Resource {
        let members = json.get("Properties").and_then(Json::as_object);
        let after = match json.get("DependsOn") {
            Some(Json::String(one)) => vec![one.clone()],
            Some(Json::Array(many)) => many
                .iter()
                .filter_map(Json::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        };
        Resource {
            ty: text(json, "Type").to_owned(),
            properties: members
                .into_iter()
                .flatten()
                .map(|(key, it)| (key.clone(), self.value(it)))
                .collect(),
            after,
            retain: match (
                text(json, "DeletionPolicy"),
                text(json, "UpdateReplacePolicy"),
            ) {
                ("Retain", "Retain") => Some("keep"),
                ("Snapshot", "Snapshot") => Some("snapshot"),
                _ => None,
            },
            ..Resource::default()
        }
    }

    fn value(&self, json: &Json) -> Value {
        match json {
            Json::Object(members) => self.intrinsic(members).unwrap_or_else(|| {
                Value::Map(
                    members
                        .iter()
                        .map(|(key, it)| (key.clone(), self.value(it)))
                        .collect(),
                )
            }),
            Json::Array(items) => Value::List(items.iter().map(|it| self.value(it)).collect()),
            Json::String(text) => Value::text(text),
            Json::Null | Json::Bool(_) | Json::Number(_) => Value::from_json(json, &Value::text),
        }
    }

    fn intrinsic(&self, members: &Map<String, Json>) -> Option<Value> {
        let (name, argument) = members.iter().next().filter(|_| members.len() == 1)?;
        match (name.as_str(), argument) {
            ("Ref", Json::String(of)) => Some(Value::hole(self.refer(of))),
            ("Fn::GetAtt", Json::Array(parts)) => {
                let parts: Vec<&str> = parts.iter().filter_map(Json::as_str).collect();
                let (of, attribute) = parts.split_first()?;
                Some(Value::hole(Hole::Attribute(
                    (*of).to_owned(),
                    attribute.join("."),
                )))
            }
            ("Fn::GetAtt", Json::String(whole)) => whole.split_once('.').map(|(of, attribute)| {
                Value::hole(Hole::Attribute(of.to_owned(), attribute.to_owned()))
            }),
            ("Fn::Sub", Json::String(text)) => Some(self.sub(text, &BTreeMap::new())),
            ("Fn::Sub", Json::Array(parts)) => {
                let [Json::String(text), Json::Object(variables)] = parts.as_slice() else {
                    return None;
                };
                let text = &listed(text, variables);
                let variables = variables
                    .iter()
                    .map(|(name, it)| (name.clone(), self.value(it)))
                    .collect();
                Some(self.sub(text, &variables))
            }
            // outputs are texts, so a list of deployment is joined
            ("Fn::Join", Json::Array(parts)) => match parts.as_slice() {
                [Json::String(between), list @ Json::Object(_)] if between == "," => {
                    Some(self.value(list))
                }
                _ => None,
            },
            ("Fn::Select", Json::Array(parts)) => {
                let [index, list] = parts.as_slice() else {
                    return None;
                };
                if let Some(range) = list.pointer("/Fn::Cidr/0/Fn::Select/1") {
                    return Some(Value::slice(&index.to_string(), self.value(range)));
                }
                list.get("Fn::GetAZs")?;
                Some(Value::hole(Hole::Zone(index.to_string().replace('"', ""))))
            }
            _ => None,
        }
    }

    fn refer(&self, name: &str) -> Hole {
        match name {
            "AWS::AccountId" => Hole::Account,
            _ if self.inputs.contains(name) => Hole::Input(name.to_owned()),
            _ => Hole::Attribute(name.to_owned(), String::new()),
        }
    }

    /// `${A}`, `${A.B}`, `${!literal}`.
    fn sub(&self, text: &str, variables: &BTreeMap<String, Value>) -> Value {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            pieces.push(Piece::Text(before.to_owned()));
            if let Some(literal) = after.strip_prefix('!') {
                pieces.push(Piece::Text("${".to_owned()));
                rest = literal;
                continue;
            }
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            match (variables.get(name), name.split_once('.')) {
                (Some(Value::Text(known)), _) => pieces.extend(known.iter().cloned()),
                (_, Some((of, attribute))) => pieces.push(Piece::Hole(Hole::Attribute(
                    of.to_owned(),
                    attribute.to_owned(),
                ))),
                (_, None) => pieces.push(Piece::Hole(self.refer(name))),
            }
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Value::pieces(pieces)
    }
}
