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
    /// The furthest end of this place and those before it.
    reach: u32,
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
                reach: 0,
            });
        }
    }

    /// Puts them in order, once all are noted; before that none is found.
    pub(super) fn sort(&mut self) {
        for places in &mut self.0 {
            places.sort_unstable_by_key(|it| (it.start, it.end));
            let mut reach = 0;
            for place in places {
                reach = place.end.max(reach);
                place.reach = reach;
            }
        }
    }

    fn of(&self, span: Span) -> impl Iterator<Item = &Place> {
        let places = self.0.get(span.file.0 as usize);
        let places = places.map_or(&[][..], Vec::as_slice);
        let count = places.partition_point(|it| it.start <= span.end);
        let before = places.get(..count).unwrap_or_default().iter().rev();
        let near = before.take_while(move |it| it.reach >= span.start);
        near.filter(move |it| overlap(it, span))
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
