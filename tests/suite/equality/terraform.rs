//! Reads the `.tf` files of a folder back.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::{Element, Template};

use super::value::{Hole, Input, Piece, Printed, Resource, Value, logical, parameter};

/// Reads all files of a configuration as one.
pub fn read<'a>(files: impl IntoIterator<Item = &'a str>) -> Result<Printed, String> {
    let mut printed = Printed::default();
    for text in files {
        let body: Body = hcl_edit::parser::parse_body(text).map_err(|it| it.to_string())?;
        if let Some(attribute) = body.attributes().next() {
            printed.strange.push(format!(
                "argument {} outside blocks",
                attribute.key.as_str()
            ));
        }
        for block in body.blocks() {
            let label = |at: usize| block.labels.get(at).map_or("", |it| it.as_str());
            match block.ident.as_str() {
                "resource" => insert(
                    &mut printed.resources,
                    &mut printed.strange,
                    label(0),
                    label(1),
                    block,
                ),
                "data" if !matches!(label(0), "aws_caller_identity" | "aws_availability_zones") => {
                    insert(
                        &mut printed.lookups,
                        &mut printed.strange,
                        label(0),
                        label(1),
                        block,
                    );
                }
                "variable" => {
                    printed
                        .inputs
                        .insert(parameter(variable(label(0))), input(block));
                }
                "output" => {
                    let value = block
                        .body
                        .get_attribute("value")
                        .map_or(Value::Null, |it| value(&it.value));
                    printed.outputs.insert(parameter(label(0)), value);
                }
                "terraform" | "provider" | "data" => {}
                other => printed.strange.push(format!("block {other}")),
            }
        }
    }
    Ok(printed)
}

/// Names that terraform keeps for itself bear a prefix.
fn variable(name: &str) -> &str {
    const KEPT: [&str; 8] = [
        "source",
        "version",
        "providers",
        "count",
        "for_each",
        "lifecycle",
        "depends_on",
        "locals",
    ];
    name.strip_prefix("input_")
        .filter(|it| KEPT.contains(it))
        .unwrap_or(name)
}

fn insert(
    into: &mut BTreeMap<String, Resource>,
    strange: &mut Vec<String>,
    ty: &str,
    name: &str,
    block: &Block,
) {
    if into.insert(logical(name), resource(ty, block)).is_some() {
        strange.push(format!("{name} is there twice"));
    }
}

fn input(block: &Block) -> Input {
    let attribute = |name: &str| block.body.get_attribute(name).map(|it| value(&it.value));
    let ty = match block
        .body
        .get_attribute("type")
        .map(|it| it.value.to_string())
        .unwrap_or_default()
        .trim()
    {
        "number" => "number",
        "bool" => "bool",
        ty if ty.starts_with("list") => "list",
        _ => "text",
    };
    let default = attribute("default").map(|it| match it {
        Value::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => plain(&other),
    });
    Input {
        ty,
        default,
        secret: attribute("sensitive") == Some(Value::Bool(true)),
    }
}

fn plain(value: &Value) -> String {
    value
        .plain()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn resource(ty: &str, block: &Block) -> Resource {
    let mut found = Resource {
        ty: ty.to_owned(),
        ..Resource::default()
    };
    for (name, value) in members(&block.body) {
        match name.as_str() {
            "depends_on" => found.after = items(&value).iter().filter_map(named).collect(),
            "lifecycle" => {
                found.ignored = items(&value).iter().flat_map(ignored).collect();
                found.retain = items(&value).iter().any(kept).then_some("keep");
            }
            "provider" => {
                found.region = block.body.get_attribute("provider").map(|it| {
                    it.value
                        .to_string()
                        .trim()
                        .trim_start_matches("aws.")
                        .replace('_', "-")
                })
            }
            _ => drop(found.properties.insert(name, value)),
        }
    }
    found
}

fn items(value: &Value) -> &[Value] {
    if let Value::List(items) = value {
        items
    } else {
        &[]
    }
}

/// The resource that an entry of `depends_on` names.
fn named(value: &Value) -> Option<String> {
    let Value::Text(pieces) = value else {
        return None;
    };
    let [Piece::Hole(Hole::Attribute(name, _))] = pieces.as_slice() else {
        return None;
    };
    Some(name.clone())
}

fn kept(lifecycle: &Value) -> bool {
    let Value::Map(members) = lifecycle else {
        return false;
    };
    matches!(members.get("prevent_destroy"), Some(Value::Bool(true)))
}

fn ignored(lifecycle: &Value) -> Vec<String> {
    let Value::Map(members) = lifecycle else {
        return Vec::new();
    };
    let names = members.get("ignore_changes").map(items).unwrap_or_default();
    names
        .iter()
        .map(|it| it.plain().map_or_else(|| it.to_string(), str::to_owned))
        .collect()
}

/// Arguments, and blocks as lists.
fn members(body: &Body) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Value> = body
        .attributes()
        .map(|it| (it.key.as_str().to_owned(), value(&it.value)))
        .collect();
    for block in body.blocks() {
        let inner = Value::Map(members(&block.body));
        if let Value::List(items) = found
            .entry(block.ident.as_str().to_owned())
            .or_insert_with(|| Value::List(Vec::new()))
        {
            items.push(inner);
        }
    }
    found
}

fn value(expression: &Expression) -> Value {
    match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(it) => Value::Bool(*it.value()),
        Expression::Number(it) => Value::number(&it.value().to_string()),
        Expression::String(it) => Value::text(&unescaped(it.value())),
        Expression::Array(items) => Value::List(items.iter().map(value).collect()),
        Expression::Object(members) => Value::Map(
            members
                .iter()
                .map(|(key, it)| (key_text(key), value(it.expr())))
                .collect(),
        ),
        Expression::StringTemplate(it) => Value::pieces(it.iter().flat_map(element).collect()),
        Expression::HeredocTemplate(it) => heredoc(&it.template),
        Expression::Parenthesis(it) => value(it.inner()),
        Expression::FuncCall(call) if call.name.name.as_str() == "jsonencode" => {
            Value::Encoded(Box::new(call.args.get(0).map_or(Value::Null, value)))
        }
        Expression::FuncCall(call) if call.name.name.as_str() == "cidrsubnet" => {
            let number = call.args.get(2).map(ToString::to_string);
            let range = call.args.get(0).map_or(Value::Null, value);
            Value::slice(number.unwrap_or_default().trim(), range)
        }
        Expression::Variable(it) => Value::text(it.as_str()),
        Expression::UnaryOp(_) => negative(expression),
        Expression::Traversal(_) | Expression::FuncCall(_) => access(expression),
        Expression::Conditional(_) | Expression::BinaryOp(_) | Expression::ForExpr(_) => {
            Value::text(&format!("<{}>", expression.to_string().trim()))
        }
    }
}

fn negative(expression: &Expression) -> Value {
    Value::number(&expression.to_string().replace(' ', ""))
}

fn heredoc(template: &Template) -> Value {
    Value::pieces(template.iter().flat_map(element).collect())
}

fn element(element: &Element) -> Vec<Piece> {
    match element {
        Element::Literal(text) => vec![Piece::Text(unescaped(text.value()))],
        Element::Interpolation(inner) => match value(&inner.expr) {
            Value::Text(pieces) => pieces,
            other => vec![Piece::Text(other.to_string())],
        },
        Element::Directive(_) => vec![Piece::Text("<directive>".to_owned())],
    }
}

/// `$${` and `%%{` are literal.
fn unescaped(text: &str) -> String {
    text.replace("$${", "${").replace("%%{", "%{")
}

fn key_text(key: &ObjectKey) -> String {
    match key {
        ObjectKey::Ident(it) => it.as_str().to_owned(),
        ObjectKey::Expression(it) => match value(it) {
            Value::Text(pieces) if !pieces.is_empty() => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::Hole(hole) => format!("<{hole:?}>"),
                })
                .collect(),
            other => other
                .plain()
                .map_or_else(|| other.to_string(), str::to_owned),
        },
    }
}

/// `aws_vpc.main.id`, `data.T.N.a[0].b`, `var.x`, `tolist(T.N.a)[0].b`
fn access(expression: &Expression) -> Value {
    let path = steps(expression);
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    let hole = match words.as_slice() {
        ["var", name] => Hole::Input(parameter(variable(name))),
        ["data", "aws_caller_identity", _, "account_id"] => Hole::Account,
        ["data", "aws_availability_zones", _, "names", index] => {
            Hole::Zone(index.trim_matches(['[', ']']).to_owned())
        }
        ["data", _, name, rest @ ..] => Hole::Attribute(logical(name), attribute(rest)),
        [_, name, rest @ ..] => Hole::Attribute(logical(name), attribute(rest)),
        _ => return Value::text(&format!("<{}>", expression.to_string().trim())),
    };
    Value::hole(hole)
}

/// `id` is nothing; any element of a list counts as its only one.
fn attribute(steps: &[&str]) -> String {
    // `a[*].b` of one element is its `b`.
    let steps = match steps {
        [rest @ .., "[0]"] if rest.contains(&"[*]") => rest,
        all => all,
    };
    let path = steps.iter().fold(String::new(), |path, step| match *step {
        "[0]" | "[*]" => path + "[]",
        step if path.is_empty() || step.starts_with('[') => path + step,
        step => path + "." + step,
    });
    if path == "id" { String::new() } else { path }
}

fn steps(expression: &Expression) -> Vec<String> {
    match expression {
        Expression::Variable(name) => vec![name.as_str().to_owned()],
        Expression::Parenthesis(it) => steps(it.inner()),
        // What a set needs before an element can be taken; `one` takes it itself.
        Expression::FuncCall(call) if matches!(call.name.name.as_str(), "tolist" | "one") => {
            let mut path = call.args.get(0).map(steps).unwrap_or_default();
            if call.name.name.as_str() == "one" {
                path.push("[0]".to_owned());
            }
            path
        }
        Expression::Traversal(it) => {
            let mut path = steps(&it.expr);
            path.extend(it.operators.iter().map(|operator| match operator.value() {
                TraversalOperator::GetAttr(name) => name.as_str().to_owned(),
                TraversalOperator::Index(index) => {
                    format!("[{}]", index.to_string().trim().trim_matches('"'))
                }
                TraversalOperator::LegacyIndex(index) => format!("[{}]", index.value()),
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    "[*]".to_owned()
                }
            }));
            path
        }
        _ => Vec::new(),
    }
}
