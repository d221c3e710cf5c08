//! Text from outside becomes [`Params`]: the `--params` files in order, then `--set`.
//!
//! Comes in: file names and texts. Goes out: settings, each with its place. Holds afterwards: no map has one key twice.

mod json;
mod scalar;
mod set;
#[cfg(test)]
mod tests;
mod toml;
mod yaml;

use topoc_diagnostics::{Code, Diagnostic, Diagnostics, FileId, Span};
use topoc_ir::{Given, GivenKind, Key, Params, Setting};
use ustr::Ustr;

pub use set::text_of_sets;

/// A params file, or the command line's settings.
pub struct Layer<'a> {
    /// The number that places in it carry.
    pub id: FileId,
    /// Its name; the ending decides how it is read.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Reads all layers, weakest first. `sets` is the text made by [`text_of_sets`].
pub fn read(files: &[Layer], sets: &Layer, out: &mut Diagnostics) -> Params {
    let mut settings: Vec<Setting> = files.iter().flat_map(|it| file(it, out)).collect();
    settings.extend(set::settings(sets, out));
    Params { settings }
}

fn file(layer: &Layer, out: &mut Diagnostics) -> Vec<Setting> {
    let place = Place { file: layer.id };
    let tree = match layer.name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("yaml" | "yml") => yaml::tree(layer.text, place),
        Some("json") => json::tree(layer.text, place),
        Some("toml") => toml::tree(layer.text, place),
        _ => Err(unknown_format(layer.name)),
    };
    match tree.map(|it| (it.span, it.kind)) {
        Ok((_, GivenKind::Null)) => Vec::new(),
        Ok((_, GivenKind::Map(entries))) => whole_values(entries, out),
        Ok((span, _)) => {
            out.push(not_a_map(span));
            Vec::new()
        }
        Err(diagnostic) => {
            out.push(diagnostic);
            Vec::new()
        }
    }
}

fn whole_values(entries: Vec<(Key, Given)>, out: &mut Diagnostics) -> Vec<Setting> {
    entries_once(&entries, out);
    entries
        .into_iter()
        .map(|(key, value)| Setting {
            path: vec![key],
            value,
        })
        .collect()
}

/// Reports keys that stand twice in a map, here and below.
fn entries_once(entries: &[(Key, Given)], out: &mut Diagnostics) {
    let mut seen = std::collections::HashMap::<Ustr, Span>::with_capacity(entries.len());
    for (key, value) in entries {
        match seen.insert(key.name, key.span) {
            Some(first) => out.push(duplicate_key(key, first)),
            None => keys_once(value, out),
        }
    }
}

fn keys_once(value: &Given, out: &mut Diagnostics) {
    match &value.kind {
        GivenKind::Map(entries) => entries_once(entries, out),
        GivenKind::List(items) => items.iter().for_each(|it| keys_once(it, out)),
        GivenKind::Null
        | GivenKind::Bool(_)
        | GivenKind::Int(_)
        | GivenKind::Float(_)
        | GivenKind::Text(_)
        | GivenKind::Word(_) => {}
    }
}

/// Turns ranges of one file into spans.
#[derive(Clone, Copy)]
struct Place {
    file: FileId,
}

impl Place {
    fn span(self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end.max(start)))
    }
}

fn unknown_format(name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0409,
        format!("`{name}` is neither YAML nor JSON nor TOML"),
    )
    .help("name it `.yaml`, `.yml`, `.json` or `.toml`")
}

fn unreadable(span: Span, format: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::E0409, format!("this is not valid {format}")).at(span, why)
}

fn not_a_map(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0409, "a params file gives values by name")
        .at(span, "not a map from param to value")
        .help("write one `name: value` for each param")
}

fn duplicate_key(key: &Key, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0403, format!("`{}` is given twice", key.name))
        .at(key.span, "again here")
        .because(first, "first here")
}
