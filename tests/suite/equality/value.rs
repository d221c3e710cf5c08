//! What is printed, in no target's notation.

use std::collections::BTreeMap;

/// A printed program.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    /// The target refuses this program.
    pub refused: bool,
    /// By logical name, written as CloudFormation writes it.
    pub resources: BTreeMap<String, Resource>,
    /// Data sources and calls; empty in CloudFormation, which asks by parameters.
    pub lookups: BTreeMap<String, Resource>,
    /// What is asked for at deployment, by name as CloudFormation writes it.
    pub inputs: BTreeMap<String, Input>,
    /// What is told after it.
    pub outputs: BTreeMap<String, Value>,
    /// What could not be read.
    pub strange: Vec<String>,
}

/// A printed resource.
#[derive(Clone, Debug, Default)]
pub struct Resource {
    /// The target's type.
    pub ty: String,
    /// Its properties.
    pub properties: BTreeMap<String, Value>,
    /// Names of resources that exist first.
    pub after: Vec<String>,
    /// A region of its own.
    pub region: Option<String>,
    /// Properties that somebody else changes.
    pub ignored: Vec<String>,
    /// `keep` or `snapshot`: what stays when it is deleted.
    pub retain: Option<&'static str>,
}

/// A printed input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// `text`, `number`, `bool`, `list`
    pub ty: &'static str,
    /// Its default, as text.
    pub default: Option<String>,
    /// Whether it is hidden.
    pub secret: bool,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`
    Bool(bool),
    /// As written, without a needless fraction.
    Number(String),
    /// Text, with holes.
    Text(Vec<Piece>),
    /// Items; in terraform repeated blocks too.
    List(Vec<Value>),
    /// An object or a block.
    Map(BTreeMap<String, Value>),
    /// `jsonencode(…)`, `fn::toJSON`.
    Encoded(Box<Value>),
    /// What `text(…)` made of something: equal to a number or a Boolean of that spelling.
    Loose(String),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As is.
    Text(String),
    /// A hole.
    Hole(Hole),
}

/// What fills a hole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hole {
    /// An input.
    Input(String),
    /// Something of a resource or lookup: its name, and the attribute as the target writes it (empty: `Ref`, `id`).
    Attribute(String, String),
    /// The account.
    Account,
    /// The n-th zone.
    Zone(String),
}

impl Value {
    /// Text without holes.
    pub fn text(text: &str) -> Value {
        Value::pieces(vec![Piece::Text(text.to_owned())])
    }

    /// The n-th /64 of an IPv6 range.
    pub fn slice(number: &str, range: Value) -> Value {
        let head = Piece::Text(format!("slice {number} of "));
        match range {
            Value::Text(pieces) => Value::pieces(std::iter::once(head).chain(pieces).collect()),
            other => other,
        }
    }

    /// One hole.
    pub fn hole(hole: Hole) -> Value {
        Value::Text(vec![Piece::Hole(hole)])
    }

    /// Text made of pieces: neighbours joined, nothing empty.
    pub fn pieces(pieces: Vec<Piece>) -> Value {
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (_, Piece::Text(text)) if text.is_empty() => {}
                (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
                (_, piece) => joined.push(piece),
            }
        }
        Value::Text(joined)
    }

    /// The text, if it has no holes.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Value::Text(pieces) => match pieces.as_slice() {
                [] => Some(""),
                [Piece::Text(text)] => Some(text),
                _ => None,
            },
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::List(_)
            | Value::Map(_)
            | Value::Encoded(_)
            | Value::Loose(_) => None,
        }
    }

    /// A number, in one spelling: `1`, not `1.0`.
    pub fn number(text: &str) -> Value {
        let trimmed = if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            text
        };
        Value::Number(trimmed.to_owned())
    }

    /// Reads JSON with holes: the text of each hole is given a place that JSON allows.
    pub fn from_json_pieces(pieces: &[Piece]) -> Option<Value> {
        let mut text = String::new();
        let mut holes = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(it) => text.push_str(it),
                Piece::Hole(hole) => {
                    // Inside quotes the mark stands as it is; a bare hole is quoted.
                    let quoted = in_quotes(&text);
                    let mark = format!("\u{1}{}\u{2}", holes.len());
                    text.push_str(&if quoted { mark } else { format!("\"{mark}\"") });
                    holes.push(hole.clone());
                }
            }
        }
        // A control character may not stand in JSON, so it is escaped.
        let text = text.replace('\u{1}', "\\u0001").replace('\u{2}', "\\u0002");
        let json: serde_json::Value = serde_json::from_str(&text).ok()?;
        Some(Value::from_json(&json, &|text| filled(text, &holes)))
    }

    /// JSON as a value; `text` reads its texts.
    pub fn from_json(json: &serde_json::Value, text: &dyn Fn(&str) -> Value) -> Value {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(it) => Value::Bool(*it),
            serde_json::Value::Number(it) => Value::number(&it.to_string()),
            serde_json::Value::String(it) => text(it),
            serde_json::Value::Array(items) => {
                Value::List(items.iter().map(|it| Value::from_json(it, text)).collect())
            }
            serde_json::Value::Object(members) => Value::Map(
                members
                    .iter()
                    .map(|(key, it)| (key.clone(), Value::from_json(it, text)))
                    .collect(),
            ),
        }
    }
}

/// Whether what follows this beginning of JSON stands in a text.
fn in_quotes(beginning: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    for it in beginning.bytes() {
        if escaped {
            escaped = false;
        } else if it == b'"' {
            quoted = !quoted;
        } else {
            escaped = quoted && it == b'\\';
        }
    }
    quoted
}

fn filled(text: &str, holes: &[Hole]) -> Value {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1}') {
        let (number, behind) = after.split_once('\u{2}').unwrap_or((after, ""));
        pieces.push(Piece::Text(before.to_owned()));
        pieces.extend(
            number
                .parse()
                .ok()
                .and_then(|at: usize| holes.get(at))
                .cloned()
                .map(Piece::Hole),
        );
        rest = behind;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Value::pieces(pieces)
}

/// `main_app_a` and `main-app-a` as CloudFormation writes them.
pub fn logical(name: &str) -> String {
    let words = name.split(['_', '-']).filter(|it| !it.is_empty());
    words.fold(String::new(), |mut whole, word| {
        let mut chars = word.chars();
        let Some(first) = chars.next() else {
            return whole;
        };
        if first.is_ascii_digit() && whole.ends_with(|it: char| it.is_ascii_digit()) {
            whole.push('x');
        }
        whole.extend(first.to_uppercase());
        whole.push_str(chars.as_str());
        whole
    })
}

/// `webImage`, `web_image` as CloudFormation writes it.
pub fn parameter(name: &str) -> String {
    logical(name)
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(it) => write!(f, "{it}"),
            Value::Number(it) | Value::Loose(it) => f.write_str(it),
            Value::Text(pieces) => {
                f.write_str("\"")?;
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => f.write_str(text)?,
                        Piece::Hole(hole) => write!(f, "<{hole:?}>")?,
                    }
                }
                f.write_str("\"")
            }
            Value::List(items) => {
                f.write_str("[")?;
                items.iter().try_for_each(|it| write!(f, "{it}, "))?;
                f.write_str("]")
            }
            Value::Map(members) => {
                f.write_str("{")?;
                members
                    .iter()
                    .try_for_each(|(key, it)| write!(f, "{key}: {it}, "))?;
                f.write_str("}")
            }
            Value::Encoded(inner) => write!(f, "json({inner})"),
        }
    }
}
