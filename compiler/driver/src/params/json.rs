//! JSON with places.

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use topoc_diagnostics::Diagnostic;
use topoc_ir::{Given, GivenKind, Key};

use super::{Place, scalar, unreadable};

/// Strict JSON: no comments, no trailing commas.
pub fn tree(text: &str, place: Place) -> Result<Given, Diagnostic> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict()).map_err(|it| {
        let range = it.range();
        let why = it.kind().to_string().to_lowercase();
        unreadable(place.span(range.start, range.end), "JSON", &why)
    })?;
    match &parsed.value {
        Some(value) => given(value, place),
        None => Err(unreadable(place.span(0, 0), "JSON", "the file is empty")),
    }
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn given(value: &Value, place: Place) -> Result<Given, Diagnostic> {
    let span = place.span(value.start(), value.end());
    let kind = match value {
        Value::NullKeyword(_) => GivenKind::Null,
        Value::BooleanLit(it) => GivenKind::Bool(it.value),
        Value::NumberLit(it) => return scalar::number(it.value, span, "JSON"),
        Value::StringLit(it) => GivenKind::Text(it.value.as_ref().into()),
        Value::Array(it) => GivenKind::List(all(&it.elements, |one| given(one, place))?),
        Value::Object(it) => GivenKind::Map(all(&it.properties, |one| entry(one, place))?),
    };
    Ok(Given { span, kind })
}

fn entry(property: &ObjectProp, place: Place) -> Result<(Key, Given), Diagnostic> {
    let name = property.name.as_str();
    let start = property.start();
    let key = Key {
        name: name.into(),
        span: place.span(start, start + name.len() + 2),
    };
    Ok((key, given(&property.value, place)?))
}

fn all<T, U>(
    items: &[T],
    each: impl FnMut(&T) -> Result<U, Diagnostic>,
) -> Result<Vec<U>, Diagnostic> {
    items.iter().map(each).collect()
}
