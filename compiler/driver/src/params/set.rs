//! `--set k=v`, `--set a.b=v`: a pseudo file with one setting a line, so that they have places too.

use topoc_diagnostics::{Code, Diagnostic, Diagnostics};
use topoc_ir::{Given, GivenKind, Key, Setting};

use super::{Layer, Place, entries_once, keys_once, yaml};

/// The pseudo file: `k=v`, one a line; line breaks inside values become blanks.
pub fn text_of_sets(sets: &[(String, String)]) -> String {
    let line = |(name, value): &(String, String)| {
        let one_line = value.replace(['\n', '\r'], " ");
        format!("{name}={one_line}\n")
    };
    sets.iter().map(line).collect()
}

/// Reads the pseudo file.
pub fn settings(layer: &Layer, out: &mut Diagnostics) -> Vec<Setting> {
    let mut start = 0;
    let mut settings = Vec::new();
    for line in layer.text.split_inclusive('\n') {
        match setting(line.trim_end_matches('\n'), start, Place { file: layer.id }) {
            Ok(setting) => {
                keys_once(&setting.value, out);
                settings.push(setting);
            }
            Err(diagnostic) => out.push(diagnostic),
        }
        start += line.len();
    }
    once(&settings, out);
    settings
}

/// A path that is set twice is a mistake of the command line.
fn once(settings: &[Setting], out: &mut Diagnostics) {
    let joined = |path: &[Key]| {
        let names: Vec<&str> = path.iter().map(|it| it.name.as_str()).collect();
        names.join(".").into()
    };
    let entries: Vec<(Key, Given)> = settings
        .iter()
        .filter_map(|it| Some((it.path.first()?, it)))
        .map(|(first, it)| {
            let (name, span) = (joined(&it.path), first.span);
            let given = Given {
                span,
                kind: GivenKind::Null,
            };
            (Key { name, span }, given)
        })
        .collect();
    entries_once(&entries, out);
}

fn setting(line: &str, start: usize, place: Place) -> Result<Setting, Diagnostic> {
    let (name, value) = line.split_once('=').unwrap_or((line, ""));
    let path = path(name, start, place)?;
    let at = start + name.len() + 1;
    let value = match value.trim_start().chars().next() {
        Some('[' | '{' | '"') => structured(value, at, place)?,
        _ => Given {
            span: place.span(at, at + value.len()),
            kind: GivenKind::Word(value.into()),
        },
    };
    Ok(Setting { path, value })
}

fn path(name: &str, start: usize, place: Place) -> Result<Vec<Key>, Diagnostic> {
    let mut at = start;
    let mut keys = Vec::new();
    for part in name.split('.') {
        let span = place.span(at, at + part.len());
        if part.is_empty() {
            return Err(empty_name(place.span(start, start + name.len())));
        }
        keys.push(Key {
            name: part.into(),
            span,
        });
        at += part.len() + 1;
    }
    Ok(keys)
}

/// A list, a map or quoted text: YAML on one line, so JSON too. Places are those of the whole value.
fn structured(value: &str, at: usize, place: Place) -> Result<Given, Diagnostic> {
    let span = place.span(at, at + value.len());
    yaml::tree(value, place)
        .map(|mut given| {
            relocate(&mut given, span);
            given
        })
        .map_err(|mut it| {
            if let Some(label) = &mut it.primary {
                label.span = span;
            }
            it
        })
}

fn relocate(given: &mut Given, span: topoc_diagnostics::Span) {
    given.span = span;
    match &mut given.kind {
        GivenKind::List(items) => items.iter_mut().for_each(|it| relocate(it, span)),
        GivenKind::Map(entries) => entries.iter_mut().for_each(|(key, it)| {
            key.span = span;
            relocate(it, span);
        }),
        GivenKind::Null
        | GivenKind::Bool(_)
        | GivenKind::Int(_)
        | GivenKind::Float(_)
        | GivenKind::Text(_)
        | GivenKind::Word(_) => {}
    }
}

fn empty_name(span: topoc_diagnostics::Span) -> Diagnostic {
    Diagnostic::new(Code::E0407, "a setting begins with the name of a param")
        .at(span, "no name here")
        .help("--set name=value, or --set name.field=value")
}
