//! Parameters: inputs with their facts, and one for each output of a lookup in use.

use topoc_ir::spelled::{SpelledInput, SpelledLookup};
use topoc_ir::{InputFact, ids};

use super::form::Form;
use crate::facts::{anchored, text_of, text_of_default};
use crate::names::{Names, list_item};
use crate::prose;

/// The longest description of a parameter.
const DESCRIPTION: usize = 4000;

/// Writes the parameter of an input.
pub fn input<F: Form>(form: &mut F, names: &Names<'_>, it: &SpelledInput) {
    form.key(names.input(it.input.name));
    form.begin_object();
    form.key("Type");
    let ty = parameter_type(it.input.ty.as_str());
    form.text(ty);
    if let Some(docs) = it.input.docs {
        form.key("Description");
        form.text(&prose::line(&docs, DESCRIPTION));
    }
    if it.input.ty.as_str() == "Secret" {
        form.key("NoEcho");
        form.raw(format_args!("true"));
    }
    if let Some(default) = &it.default {
        form.key("Default");
        scalar(form, ty, &text_of_default(default));
    }
    if it.input.ty.as_str() == "Bool" {
        allowed_values(form, ty, ["true".to_owned(), "false".to_owned()]);
    }
    it.input
        .refinement
        .iter()
        .for_each(|fact| one_fact(form, ty, fact));
    form.end_object();
}

/// Writes the parameters of a lookup.
pub fn lookup<F: Form>(form: &mut F, names: &Names<'_>, it: &SpelledLookup) {
    for (output, ty, default) in &it.parameters {
        form.key(&ids::lookup_parameter(names.name(it.id), output));
        form.begin_object();
        form.key("Type");
        form.text(ty);
        form.key("Description");
        let what = format!("The {} of {}.", output.replace('_', " "), it.id);
        match it.docs {
            Some(docs) => form.text(&prose::line(&format!("{what} {docs}"), DESCRIPTION)),
            None => form.text(&what),
        }
        if let Some(default) = default {
            form.key("Default");
            scalar(form, ty, &text_of_default(default));
        }
        form.end_object();
    }
}

/// There are no booleans, and lists are one text.
fn parameter_type(ty: &str) -> &'static str {
    match ty {
        "Int" | "Float" => "Number",
        "List<Int>" | "List<Float>" => "List<Number>",
        _ if list_item(ty).is_some() => "CommaDelimitedList",
        _ => "String",
    }
}

/// Each fact stands where its type allows it.
fn one_fact<F: Form>(form: &mut F, ty: &str, fact: &InputFact) {
    match fact {
        InputFact::Between(low, high) if ty == "Number" => {
            for (key, bound) in [("MinValue", low), ("MaxValue", high)] {
                if let Some(bound) = bound.as_ref().and_then(text_of) {
                    form.key(key);
                    scalar(form, ty, &bound);
                }
            }
        }
        InputFact::In(values) => allowed_values(form, ty, values.iter().filter_map(text_of)),
        InputFact::Matches(pattern) if ty != "Number" => {
            form.key("AllowedPattern");
            form.text(&anchored(pattern));
        }
        InputFact::Length(low, high) if ty == "String" => {
            for (key, bound) in [("MinLength", low), ("MaxLength", high)] {
                if let Some(bound) = bound {
                    form.key(key);
                    form.raw(format_args!("{bound}"));
                }
            }
        }
        InputFact::Between(..) | InputFact::Matches(_) | InputFact::Length(..) => {}
    }
}

fn allowed_values<F: Form>(form: &mut F, ty: &str, values: impl IntoIterator<Item = String>) {
    form.key("AllowedValues");
    form.begin_list();
    for value in values {
        form.item();
        scalar(form, ty, &value);
    }
    form.end_list();
}

fn scalar<F: Form>(form: &mut F, ty: &str, text: &str) {
    if ty == "Number" {
        form.raw(format_args!("{text}"));
    } else {
        form.text(text);
    }
}
