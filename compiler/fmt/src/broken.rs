//! Where a text has mistakes, and so what is left as it is.

use topoc_diagnostics::{Code, Diagnostic};

/// Places of mistakes, in order.
#[derive(Default)]
pub struct Broken {
    /// Those of the lexer: brackets and quotes cannot be trusted around them.
    pub lexical: Vec<u32>,
    /// Those of the parser.
    pub parsed: Vec<u32>,
}

impl Broken {
    /// From the reports of the lexer, and those of lexer and parser together.
    pub fn new(lexer: Vec<Diagnostic>, all: Vec<Diagnostic>) -> Self {
        let is_known = |it: &Diagnostic| {
            lexer
                .iter()
                .any(|known| known.code == it.code && known.primary == it.primary)
        };
        let parsed = places(all.into_iter().filter(|it| !is_known(it)));
        let lexical = places(lexer.into_iter().filter(is_lexical));
        Self { lexical, parsed }
    }

    /// Whether there are any.
    pub fn any(&self) -> bool {
        !self.lexical.is_empty() || !self.parsed.is_empty()
    }

    /// Whether the lexer reported something between these bytes.
    pub fn has_lexical(&self, start: usize, end: usize) -> bool {
        let first = self.lexical.partition_point(|it| (*it as usize) < start);
        let place = self.lexical.get(first);
        place.is_some_and(|it| *it as usize <= end)
    }

    /// Takes the parser's mistakes between these bytes; says whether there were some.
    pub fn take(&mut self, start: usize, end: usize) -> bool {
        let first = self.parsed.partition_point(|it| (*it as usize) < start);
        let after = self.parsed.partition_point(|it| (*it as usize) <= end);
        self.parsed.drain(first..after).count() > 0
    }
}

fn places(reports: impl Iterator<Item = Diagnostic>) -> Vec<u32> {
    let starts = reports.filter_map(|it| it.primary.map(|label| label.span.start));
    let mut places: Vec<u32> = starts.collect();
    places.sort_unstable();
    places
}

fn is_lexical(report: &Diagnostic) -> bool {
    matches!(
        report.code,
        Code::E0101 | Code::E0102 | Code::E0103 | Code::E0109 | Code::E0113
    )
}
