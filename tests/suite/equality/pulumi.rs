//! Reads a `Pulumi.yaml` back.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::value::{Hole, Input, Piece, Printed, Resource, Value, logical, parameter};

/// Reads the text of `Pulumi.yaml`.
pub fn read(text: &str) -> Result<Printed, String> {
    let json: Json = serde_yaml_ng::from_str(text).map_err(|it| it.to_string())?;
    let section = |name: &str| {
        json.get(name)
            .and_then(Json::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let (config, variables) = (section("config"), section("variables"));
    let mut reader = Reader::default();
    reader
        .inputs
        .extend(config.keys().filter(|it| !it.contains(':')).cloned());
    for (name, it) in &variables {
        match it.pointer("/fn::invoke/function").and_then(Json::as_str) {
            Some("aws:getCallerIdentity") => reader.account = Some(name.clone()),
            Some("aws:getAvailabilityZones") => reader.zones = Some(name.clone()),
            _ => {}
        }
    }
    let mut printed = Printed::default();
    for (name, it) in config.iter().filter(|(name, _)| !name.contains(':')) {
        printed.inputs.insert(parameter(name), input(it));
    }
    for (name, it) in &variables {
        if Some(name) != reader.account.as_ref() && Some(name) != reader.zones.as_ref() {
            printed.lookups.insert(logical(name), reader.lookup(it));
        }
    }
    for (name, it) in &section("resources") {
        if it.get("type").and_then(Json::as_str) != Some("pulumi:providers:aws") {
            printed.resources.insert(logical(name), reader.resource(it));
        }
    }
    for (name, it) in &section("outputs") {
        printed.outputs.insert(parameter(name), reader.value(it));
    }
    let known = [
        "name",
        "runtime",
        "description",
        "config",
        "variables",
        "resources",
        "outputs",
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
    let ty = match json.get("type").and_then(Json::as_str) {
        Some("integer") => "number",
        Some("boolean") => "bool",
        _ => "text",
    };
    let default = json
        .get("default")
        .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
    Input {
        ty,
        default,
        secret: json
            .get("secret")
            .and_then(Json::as_bool)
            .unwrap_or_default(),
    }
}

#[derive(Default)]
struct Reader {
    inputs: std::collections::BTreeSet<String>,
    account: Option<String>,
    zones: Option<String>,
}

impl Reader {
    fn resource(&self, json: &Json) -> Resource {
        let options = json.get("options");
        let words = |key: &str| {
            options
                .and_then(|it| it.get(key))
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
                .filter_map(Json::as_str)
        };
        let provider = options
            .and_then(|it| it.get("provider"))
            .and_then(Json::as_str);
        let mut properties = self.members(json.get("properties"));
        let region = properties
            .remove("region")
            .and_then(|it| it.plain().map(str::to_owned));
        Resource {
            ty: json
                .get("type")
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned(),
            properties,
            after: words("dependsOn")
                .map(|it| logical(it.trim_start_matches("${").trim_end_matches('}')))
                .collect(),
            region: region.or_else(|| provider.map(region_of)),
            ignored: words("ignoreChanges").map(str::to_owned).collect(),
            retain: options
                .and_then(|it| it.get("retainOnDelete"))
                .and_then(Json::as_bool)
                .and_then(|it| it.then_some("keep")),
        }
    }

    fn lookup(&self, json: &Json) -> Resource {
        let call = json.get("fn::invoke").cloned().unwrap_or_default();
        Resource {
            ty: call
                .get("function")
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned(),
            properties: self.members(call.get("arguments")),
            region: call
                .pointer("/options/provider")
                .and_then(Json::as_str)
                .map(region_of),
            ..Resource::default()
        }
    }

    fn members(&self, json: Option<&Json>) -> BTreeMap<String, Value> {
        let members = json.and_then(Json::as_object);
        members
            .into_iter()
            .flatten()
            .map(|(key, it)| (key.replace("$$", "$"), self.value(it)))
            .collect()
    }

    fn value(&self, json: &Json) -> Value {
        match json {
            Json::Object(members) => self
                .built_in(members)
                .unwrap_or_else(|| Value::Map(self.members(Some(json)))),
            Json::Array(items) => Value::List(items.iter().map(|it| self.value(it)).collect()),
            Json::String(text) => self.text(text),
            Json::Null | Json::Bool(_) | Json::Number(_) => Value::from_json(json, &Value::text),
        }
    }

    fn built_in(&self, members: &Map<String, Json>) -> Option<Value> {
        let (name, argument) = members.iter().next().filter(|_| members.len() == 1)?;
        match name.as_str() {
            "fn::toJSON" => Some(Value::Encoded(Box::new(self.value(argument)))),
            "fn::split" => argument.get(1).map(|it| self.value(it)),
            "fn::secret" => Some(self.value(argument)),
            "fn::invoke" if argument.get("function")? == "std:cidrsubnet" => {
                let given = argument.get("arguments")?;
                let number = given.get("netnum")?.to_string();
                Some(Value::slice(&number, self.value(given.get("input")?)))
            }
            "fn::invoke" if argument.get("function")? == "std:jsondecode" => {
                let json = argument.pointer("/arguments/input")?.as_str()?;
                let list = json.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
                Some(self.text(list.unwrap_or(json)))
            }
            _ => None,
        }
    }

    /// `${a.b}` is a hole, `$$` a dollar.
    fn text(&self, text: &str) -> Value {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            pieces.push(Piece::Text(before.to_owned()));
            if let Some(behind) = after.strip_prefix('$') {
                pieces.push(Piece::Text("$".to_owned()));
                rest = behind;
            } else if let Some((inner, behind)) =
                after.strip_prefix('{').and_then(|it| it.split_once('}'))
            {
                pieces.push(Piece::Hole(self.access(inner)));
                rest = behind;
            } else {
                pieces.push(Piece::Text("$".to_owned()));
                rest = after;
            }
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Value::pieces(pieces)
    }

    fn access(&self, text: &str) -> Hole {
        let (name, path) = text.split_once('.').unwrap_or((text, ""));
        if self.account.as_deref() == Some(name) {
            return Hole::Account;
        }
        if self.zones.as_deref() == Some(name) {
            return Hole::Zone(
                path.trim_start_matches("names[")
                    .trim_end_matches(']')
                    .to_owned(),
            );
        }
        if self.inputs.contains(name) && path.is_empty() {
            return Hole::Input(parameter(name));
        }
        Hole::Attribute(
            logical(name),
            if path == "id" {
                String::new()
            } else {
                path.replace("[0]", "[]")
            },
        )
    }
}

/// `${us-east-1}` and the like name the provider of a region.
fn region_of(provider: &str) -> String {
    let name = provider.trim_start_matches("${").trim_end_matches('}');
    name.trim_start_matches("aws-").to_owned()
}
