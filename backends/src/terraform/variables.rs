//! `variables.tf`: inputs with their types, defaults and facts.

use topoc_ir::InputFact;
use topoc_ir::Value;
use topoc_ir::spelled::SpelledInput;

use super::print::{Hcl, Shape};
use super::value::argument;
use crate::facts::{anchored, text_of};
use crate::names::{Names, list_item};
use crate::prose;

/// Writes one variable.
pub fn variable(hcl: &mut Hcl, names: &Names<'_>, it: &SpelledInput) {
    let name = names.input(it.input.name);
    hcl.begin_block(format_args!("variable \"{name}\""));
    if let Some(docs) = it.input.docs {
        let docs = prose::line(&docs, usize::MAX);
        hcl.attribute("description", Shape::Line, |hcl| hcl.quote(&docs));
    }
    let ty = it.input.ty.as_str();
    let list = list_item(ty).is_some();
    hcl.attribute("type", Shape::Line, |hcl| hcl.push(variable_type(ty)));
    if let Some(default) = &it.default {
        argument(hcl, names, "default", default);
    }
    if ty == "Secret" {
        hcl.attribute("sensitive", Shape::Line, |hcl| hcl.push("true"));
    }
    for fact in &it.input.refinement {
        validation(hcl, name, list, fact);
    }
    hcl.end_block();
}

fn variable_type(ty: &str) -> &'static str {
    match ty {
        "Int" | "Float" => "number",
        "Bool" => "bool",
        "List<Int>" | "List<Float>" => "list(number)",
        "List<Bool>" => "list(bool)",
        _ if list_item(ty).is_some() => "list(string)",
        _ => "string",
    }
}

/// A fact about a list holds for each of its items, but for its length.
fn validation(hcl: &mut Hcl, name: &str, list: bool, fact: &InputFact) {
    let whole = format!("var.{name}");
    let one = if list { "it" } else { whole.as_str() };
    let (condition, message) = match fact {
        InputFact::Between(low, high) => between(one, low.as_ref(), high.as_ref()),
        InputFact::In(values) => {
            let values: Vec<String> = values.iter().map(literal).collect();
            let values = values.join(", ");
            let plain = values.replace('"', "");
            (
                format!("contains([{values}], {one})"),
                format!("must be one of: {plain}"),
            )
        }
        InputFact::Matches(pattern) => {
            let pattern = anchored(pattern);
            let mut quoted = Hcl::default();
            quoted.quote(&pattern);
            (
                format!("can(regex({}, {one}))", quoted.finish()),
                format!("must match {pattern}"),
            )
        }
        InputFact::Length(low, high) => {
            let of = format!("length({whole})");
            let (condition, bounds) = bounds(
                &of,
                low.map(|it| it.to_string()),
                high.map(|it| it.to_string()),
            );
            let what = if list { "items" } else { "characters" };
            return block(
                hcl,
                &condition,
                &format!("{name} must have {bounds} {what}."),
            );
        }
    };
    let condition = if list {
        format!("alltrue([for it in {whole} : {condition}])")
    } else {
        condition
    };
    block(hcl, &condition, &format!("{name} {message}."));
}

fn between(of: &str, low: Option<&Value>, high: Option<&Value>) -> (String, String) {
    let (condition, bounds) = bounds(of, low.and_then(text_of), high.and_then(text_of));
    (condition, format!("must be {bounds}"))
}

/// A condition, and the same for people.
fn bounds(of: &str, low: Option<String>, high: Option<String>) -> (String, String) {
    match (low, high) {
        (Some(low), Some(high)) => (
            format!("{of} >= {low} && {of} <= {high}"),
            format!("{low} to {high}"),
        ),
        (Some(low), None) => (format!("{of} >= {low}"), format!("at least {low}")),
        (None, Some(high)) => (format!("{of} <= {high}"), format!("at most {high}")),
        (None, None) => ("true".to_owned(), "anything".to_owned()),
    }
}

fn literal(value: &Value) -> String {
    let text = text_of(value).unwrap_or_default();
    if matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_)) {
        return text;
    }
    let mut quoted = Hcl::default();
    quoted.quote(&text);
    quoted.finish()
}

fn block(hcl: &mut Hcl, condition: &str, message: &str) {
    hcl.begin_block(format_args!("validation"));
    hcl.attribute("condition", Shape::Line, |hcl| hcl.push(condition));
    hcl.attribute("error_message", Shape::Line, |hcl| hcl.quote(message));
    hcl.end_block();
}
