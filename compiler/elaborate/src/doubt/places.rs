//! Where something was reported.

use topoc_diagnostics::{Code, Span};

/// The places of reports, by file.
#[derive(Default)]
pub(super) struct Places(Vec<Vec<Place>>);

#[derive(Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
    /// What is reported there is something that is not there.
    absent: bool,
}

impl Places {
    /// Notes a place; `absent` if something is missing there.
    pub(super) fn add(&mut self, span: Span, absent: bool) {
        let file = span.file.0 as usize;
        if self.0.len() <= file {
            self.0.resize(file + 1, Vec::new());
        }
        if let Some(places) = self.0.get_mut(file) {
            places.push(Place {
                start: span.start,
                end: span.end,
                absent,
            });
        }
    }

    fn of(&self, span: Span) -> impl Iterator<Item = &Place> {
        let places = self.0.get(span.file.0 as usize);
        let meets = move |it: &&Place| overlap(it, span);
        places.map_or(&[][..], Vec::as_slice).iter().filter(meets)
    }

    /// Whether something was reported in a piece of text, or around it.
    pub(super) fn meet(&self, span: Span) -> bool {
        self.of(span).next().is_some()
    }

    /// Whether a piece of text says something else than it seems to.
    pub(super) fn spoil(&self, span: Span) -> bool {
        self.of(span).any(|it| !it.absent)
    }

    /// Whether a report of `code` at `span` tells what was told.
    pub(super) fn tell(&self, span: Span, code: Code) -> bool {
        self.of(span).any(|it| !it.absent || code == Code::E0302)
    }

    /// The places inside a piece of text.
    pub(super) fn inside(&self, span: Span) -> impl Iterator<Item = Span> {
        self.of(span)
            .map(move |it| Span::new(span.file, it.start, it.end))
    }
}

/// What has no length stands between two characters, and belongs to both.
fn overlap(place: &Place, span: Span) -> bool {
    if place.start == place.end || span.start == span.end {
        return place.start <= span.end && span.start <= place.end;
    }
    place.start < span.end && span.start < place.end
}
