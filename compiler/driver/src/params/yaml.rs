//! YAML 1.2 with places, read from the parser's events.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use topoc_diagnostics::{Diagnostic, Span};
use topoc_ir::{Given, GivenKind, Key};

use super::{Place, scalar, unreadable};

/// Deeper than any topo type; keeps hostile files harmless.
const DEEPEST: usize = 64;

/// One document; an empty one is null.
pub fn tree(text: &str, place: Place) -> Result<Given, Diagnostic> {
    let mut reader = Reader {
        offsets: Offsets::of(text),
        place,
        open: Vec::new(),
        root: None,
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, range)) => {
                let span = reader.span(&range.start, &range.end);
                reader.take(event, span)?;
            }
            Err(error) => {
                let span = reader.span(error.marker(), error.marker());
                return Err(unreadable(span, "YAML", error.info()));
            }
        }
    }
    Ok(reader.root.unwrap_or(Given {
        span: place.span(0, 0),
        kind: GivenKind::Null,
    }))
}

/// What is read so far.
struct Reader {
    offsets: Offsets,
    place: Place,
    open: Vec<Open>,
    root: Option<Given>,
}

/// A list or map that is not closed yet.
enum Open {
    List(Span, Vec<Given>),
    Map(Span, Vec<(Key, Given)>, Option<Key>),
}

impl Reader {
    fn take(&mut self, event: Event, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                refuse(anchor, tag.is_some(), span)?;
                self.scalar(&text, style, span)
            }
            Event::SequenceStart(anchor, tag) => {
                refuse(anchor, tag.is_some(), span)?;
                self.begin(Open::List(span, Vec::new()), span)
            }
            Event::MappingStart(anchor, tag) => {
                refuse(anchor, tag.is_some(), span)?;
                self.begin(Open::Map(span, Vec::new(), None), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(_) => Err(aliased(span)),
            Event::DocumentStart(_) if self.root.is_some() => Err(unreadable(
                span,
                "YAML for topo",
                "a second document begins here",
            )),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Result<(), Diagnostic> {
        if let Some(Open::Map(_, _, waiting @ None)) = self.open.last_mut() {
            *waiting = Some(Key {
                name: text.into(),
                span,
            });
            return Ok(());
        }
        let kind = match style {
            ScalarStyle::Plain => scalar::plain(text),
            ScalarStyle::SingleQuoted
            | ScalarStyle::DoubleQuoted
            | ScalarStyle::Literal
            | ScalarStyle::Folded => GivenKind::Text(text.into()),
        };
        self.put(Given { span, kind })
    }

    fn begin(&mut self, open: Open, span: Span) -> Result<(), Diagnostic> {
        if self.open.len() >= DEEPEST {
            return Err(unreadable(span, "YAML for topo", "nested too deeply"));
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Diagnostic> {
        let given = match self.open.pop() {
            Some(Open::List(start, items)) => Given {
                span: start.to(span),
                kind: GivenKind::List(items),
            },
            Some(Open::Map(start, entries, _)) => Given {
                span: start.to(span),
                kind: GivenKind::Map(entries),
            },
            None => return Ok(()),
        };
        self.put(given)
    }

    fn put(&mut self, given: Given) -> Result<(), Diagnostic> {
        match self.open.last_mut() {
            Some(Open::List(_, items)) => items.push(given),
            Some(Open::Map(_, entries, key)) => match key.take() {
                Some(key) => entries.push((key, given)),
                None => {
                    return Err(unreadable(
                        given.span,
                        "YAML for topo",
                        "a key must be text",
                    ));
                }
            },
            None => self.root = Some(given),
        }
        Ok(())
    }

    fn span(&self, start: &Marker, end: &Marker) -> Span {
        let at = |marker: &Marker| self.offsets.byte(marker.index());
        self.place.span(at(start), at(end))
    }
}

fn refuse(anchor: usize, tagged: bool, span: Span) -> Result<(), Diagnostic> {
    if anchor > 0 {
        return Err(aliased(span));
    }
    if tagged {
        let why = "tags are not read here; the type of the param decides";
        return Err(unreadable(span, "YAML for topo", why));
    }
    Ok(())
}

fn aliased(span: Span) -> Diagnostic {
    let why = "anchors and aliases are not read here; write the value out";
    unreadable(span, "YAML for topo", why)
}

/// The parser counts characters, spans count bytes.
enum Offsets {
    Ascii(usize),
    Wide(Vec<usize>),
}

impl Offsets {
    fn of(text: &str) -> Offsets {
        if text.is_ascii() {
            return Offsets::Ascii(text.len());
        }
        let ends = std::iter::once(text.len());
        Offsets::Wide(text.char_indices().map(|(at, _)| at).chain(ends).collect())
    }

    fn byte(&self, character: usize) -> usize {
        match self {
            Offsets::Ascii(length) => character.min(*length),
            Offsets::Wide(bytes) => bytes.get(character).or(bytes.last()).copied().unwrap_or(0),
        }
    }
}
