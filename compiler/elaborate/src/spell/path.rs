//! Where a field goes: `a.b`, `a[].b`, `a[+]`.

use topoc_ir::Doc;
use ustr::Ustr;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `a`
    Plain,
    /// `a[]`: the only element.
    Only,
    /// `a[+]`: one more element.
    Append,
}

/// A path.
pub(crate) type Path = Vec<(Ustr, Step)>;

/// Reads a path.
pub(crate) fn parse(text: &str) -> Path {
    if text.is_empty() {
        return Vec::new();
    }
    let step = |part: &str| match (part.strip_suffix("[]"), part.strip_suffix("[+]")) {
        (Some(name), _) => (Ustr::from(name), Step::Only),
        (_, Some(name)) => (Ustr::from(name), Step::Append),
        _ => (Ustr::from(part), Step::Plain),
    };
    text.split('.').map(step).collect()
}

/// Puts a document at a path below a record.
pub(crate) fn put(into: &mut Vec<(Ustr, Doc)>, path: &[(Ustr, Step)], doc: Doc) {
    let Some(((name, step), rest)) = path.split_first() else {
        if let Doc::Block(fields) = doc {
            fields
                .into_iter()
                .for_each(|(name, doc)| merge_field(into, name, doc));
        }
        return;
    };
    let doc = if rest.is_empty() {
        doc
    } else {
        if *step != Step::Append
            && let Some(inner) = inner_block(into, *name, *step)
        {
            put(inner, rest, doc);
            return;
        }
        let mut inner = Vec::with_capacity(1);
        put(&mut inner, rest, doc);
        Doc::Block(inner)
    };
    match step {
        Step::Plain => merge_field(into, *name, doc),
        Step::Only => into.push((*name, Doc::List(vec![doc]))),
        Step::Append => append(into, *name, doc),
    }
}

/// The record that an earlier field made at this step.
fn inner_block(into: &mut [(Ustr, Doc)], name: Ustr, step: Step) -> Option<&mut Vec<(Ustr, Doc)>> {
    let (_, doc) = into.iter_mut().find(|(it, _)| *it == name)?;
    match (doc, step) {
        (Doc::Block(fields) | Doc::Object(fields), Step::Plain) => Some(fields),
        (Doc::List(items), Step::Only) => match items.first_mut() {
            Some(Doc::Block(fields) | Doc::Object(fields)) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}

fn append(into: &mut Vec<(Ustr, Doc)>, name: Ustr, doc: Doc) {
    match into.iter_mut().find(|(it, _)| *it == name) {
        Some((_, Doc::List(items))) => items.push(doc),
        _ => into.push((name, Doc::List(vec![doc]))),
    }
}

/// Sets a field; records are merged, lists joined.
pub(crate) fn merge_field(into: &mut Vec<(Ustr, Doc)>, name: Ustr, doc: Doc) {
    let Some((_, known)) = into.iter_mut().find(|(it, _)| *it == name) else {
        into.push((name, doc));
        return;
    };
    match (known, doc) {
        (Doc::Block(known) | Doc::Object(known), Doc::Block(fields) | Doc::Object(fields)) => {
            fields
                .into_iter()
                .for_each(|(name, doc)| merge_field(known, name, doc));
        }
        (Doc::List(known), Doc::List(items)) => known.extend(items),
        (known, doc) => *known = doc,
    }
}

/// `some_field` as `SomeField`.
pub(crate) fn pascal(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut chars = word.chars();
        text.extend(chars.next().map(|it| it.to_ascii_uppercase()));
        text.push_str(chars.as_str());
    }
    text
}

/// `some_field` as `someField`; paths keep their dots and brackets.
pub(crate) fn camel(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut upper = false;
    for c in path.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                text.push(c.to_ascii_uppercase());
                upper = false;
            }
            c => text.push(c),
        }
    }
    text
}

/// Whether a key of a record is a name of the language, to be recased for each target.
pub(crate) fn is_snake(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
