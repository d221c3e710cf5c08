//! Where the lexer found mistakes, so that the parser does not report what follows from them.

use topoc_diagnostics::Diagnostic;

use crate::lex::{NOTHING_TO_CLOSE, Token};

/// The mistakes of the lexer.
#[derive(Default)]
pub struct Broken {
    /// Where it reported, in order.
    places: Vec<u32>,
    /// Where closing brackets close nothing, in order.
    spares: Vec<u32>,
    /// From each bracket that is not closed to where it was closed in its stead.
    unclosed: Vec<(u32, u32)>,
}

impl Broken {
    /// What `reports`, in order, say about `tokens`.
    pub fn new(reports: &[Diagnostic], tokens: &[Token]) -> Self {
        let places: Vec<u32> = reports
            .iter()
            .filter_map(|it| it.primary.as_ref().map(|label| label.span.start))
            .collect();
        let unclosed = if places.is_empty() {
            Vec::new()
        } else {
            unclosed(tokens)
        };
        let spare = reports.iter().filter(|it| it.message == NOTHING_TO_CLOSE);
        let spares = spare.filter_map(|it| it.primary.as_ref().map(|label| label.span.start));
        Self {
            places,
            spares: spares.collect(),
            unclosed,
        }
    }

    /// Whether a mistake begins between `start` and `end`.
    pub fn has_place(&self, start: u32, end: u32) -> bool {
        let first = self.places.partition_point(|it| *it < start);
        self.places.get(first).is_some_and(|it| *it <= end)
    }

    /// Where a bracket that closes nothing follows next.
    pub fn next_spare(&self, start: u32) -> Option<u32> {
        let next = self.spares.partition_point(|it| *it < start);
        self.spares.get(next).copied()
    }

    /// Whether `place` lies in a bracket that is not closed.
    pub fn is_inside(&self, place: u32) -> bool {
        self.unclosed
            .iter()
            .any(|(start, end)| *start < place && place <= *end)
    }
}

/// By (balanced): closing brackets without text were added.
fn unclosed(tokens: &[Token]) -> Vec<(u32, u32)> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    for token in tokens {
        if token.kind.opens() {
            open.push(token.start);
        } else if token.kind.closes()
            && let Some(start) = open.pop()
            && token.start == token.end
        {
            found.push((start, token.start));
        }
    }
    found
}
