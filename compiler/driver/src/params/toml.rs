//! TOML with places.

use std::borrow::Cow;
use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use topoc_diagnostics::Diagnostic;
use topoc_ir::{Given, GivenKind, Key};

use super::{Place, scalar, unreadable};

/// A whole file is a table.
pub fn tree(text: &str, place: Place) -> Result<Given, Diagnostic> {
    let table = DeTable::parse(text).map_err(|it| {
        let range = it.span().unwrap_or_default();
        unreadable(place.span(range.start, range.end), "TOML", it.message())
    })?;
    Ok(Given {
        span: place.span(0, text.len()),
        kind: entries(table.get_ref(), place)?,
    })
}

fn given(value: &Spanned<DeValue>, place: Place) -> Result<Given, Diagnostic> {
    let Range { start, end } = value.span();
    let span = place.span(start, end);
    let kind = match value.get_ref() {
        DeValue::String(it) => GivenKind::Text(it.as_ref().into()),
        DeValue::Boolean(it) => GivenKind::Bool(*it),
        DeValue::Integer(it) => match i64::from_str_radix(it.as_str(), it.radix()) {
            Ok(number) => GivenKind::Int(number),
            Err(_) => return scalar::number(it.as_str(), span, "TOML"),
        },
        DeValue::Float(it) => return scalar::number(it.as_str(), span, "TOML"),
        DeValue::Datetime(_) => {
            return Err(unreadable(
                span,
                "TOML for topo",
                "topo has no dates; write text",
            ));
        }
        DeValue::Array(it) => {
            let items: Result<_, _> = it.iter().map(|one| given(one, place)).collect();
            GivenKind::List(items?)
        }
        DeValue::Table(it) => entries(it, place)?,
    };
    Ok(Given { span, kind })
}

/// In source order: the table itself is sorted by name.
fn entries(table: &DeTable, place: Place) -> Result<GivenKind, Diagnostic> {
    let mut rows: Vec<(&Spanned<Cow<str>>, &Spanned<DeValue>)> = table.iter().collect();
    rows.sort_by_key(|(key, _)| key.span().start);
    let entries: Result<_, _> = rows.into_iter().map(|it| entry(it, place)).collect();
    entries.map(GivenKind::Map)
}

fn entry(
    (key, value): (&Spanned<Cow<str>>, &Spanned<DeValue>),
    place: Place,
) -> Result<(Key, Given), Diagnostic> {
    let Range { start, end } = key.span();
    let key = Key {
        name: key.get_ref().as_ref().into(),
        span: place.span(start, end),
    };
    Ok((key, given(value, place)?))
}
