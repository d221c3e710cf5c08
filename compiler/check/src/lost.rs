//! What the text does not say because it could not be read, so that nothing follows from it.
//!
//! INVARIANT (one cause): a mistake in the text is reported once. A name that stands in text that could not be read
//! may be declared there; what is missing in a declaration may be given there.

use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Span};
use topoc_syntax::Program;
use ustr::{Ustr, UstrSet};

/// The gaps of a program's text.
#[derive(Debug, Default)]
pub struct Lost {
    /// Every word in a gap.
    words: UstrSet,
    /// A declaration's file and first byte, and the end of the gap in it.
    gaps: Vec<Span>,
    /// Where reading reported something.
    places: Vec<Span>,
    /// Where a finding was kept back.
    silent: Vec<Span>,
    /// Where a unit was strange: what was meant is known, and may not be allowed.
    units: Vec<Span>,
    /// Whether a file or the line that uses it could not be read: then any name may be there.
    file: bool,
    /// Whether an assertion could not be read: then anything may be sure.
    claim: bool,
    /// Whether a declaration that could not be read has no name: then it may have any.
    nameless: bool,
    /// The same of a subnet.
    nameless_part: bool,
}

impl Lost {
    /// From what loading left out of `program` and reported.
    pub fn new(program: &Program, reports: &Diagnostics) -> Self {
        let mut lost = Lost::default();
        for report in reports.iter() {
            lost.file |= matches!(report.code, Code::E0209 | Code::E0901);
            let span = report.primary.as_ref().map(|it| it.span);
            match report.code {
                Code::E0104 => lost.units.extend(span),
                Code::E0109 => lost.places.extend(span.map(|it| rest_of_line(program, it))),
                Code::E0100 => lost
                    .places
                    .extend(span.map(|it| with_gap_before(program, it))),
                _ => lost.places.extend(span),
            }
        }
        for file in &program.files {
            for gap in &file.ast.skipped {
                let text = file
                    .text
                    .get(gap.span.start as usize..gap.span.end as usize)
                    .unwrap_or_default();
                lost.words_of(text);
                let text = below_notes(text);
                let is_part = text.starts_with("subnet");
                lost.nameless_part |= is_part && is_nameless(text);
                lost.nameless |= !is_part && gap.within == gap.span.start && is_nameless(text);
                lost.gaps
                    .push(Span::new(gap.span.file, gap.within, gap.span.end));
            }
        }
        lost
    }

    fn words_of(&mut self, text: &str) {
        let is_sign = |it: char| !it.is_alphanumeric() && it != '_';
        // the path of a `use` without its word
        self.file |= text.trim_start().starts_with("\"./");
        let words: Vec<&str> = text.split(is_sign).filter(|it| !it.is_empty()).collect();
        // `bucket thumb nails` may declare `thumbnails`
        let joined = words.windows(2).map(|it| Ustr::from(&it.concat()));
        self.words.extend(joined);
        for (position, word) in words.into_iter().enumerate() {
            self.file |= position == 0 && matches!(word, "use" | "import" | "include");
            self.claim |= position == 0 && word == "assert";
            self.words.insert(Ustr::from(word));
        }
    }

    /// Whether a file could not be read, so that any name may be declared in it.
    pub fn is_file(&self) -> bool {
        self.file
    }

    /// Whether a name may be declared in text that could not be read.
    pub fn may_declare(&self, name: Ustr) -> bool {
        self.file || self.words.contains(&name)
    }

    /// Whether a name, or a part as `main.app`, may be what a declaration without a name is called; such a use is kept back.
    pub(crate) fn may_be_called(&mut self, name: Ustr, place: Span) -> bool {
        let found = match name.contains('.') {
            true => self.nameless_part,
            false => self.nameless,
        };
        self.silent.extend(found.then_some(place));
        found
    }

    /// Where reading reported something, and where a finding was kept back.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        let places = self.places.iter().chain(&self.silent);
        places.chain(&self.units).copied()
    }

    /// Keeps a finding back if it may only follow from what is lost.
    pub(crate) fn keeps(&mut self, finding: &Diagnostic, text: &str) -> bool {
        let explained = self.explains(finding, text);
        if explained {
            let place = finding.primary.as_ref().map(|it| it.span);
            self.silent.extend(place);
        }
        explained
    }

    /// Whether a finding may only follow from what is lost. `text` is what its main place says.
    pub fn explains(&self, finding: &Diagnostic, text: &str) -> bool {
        let Some(place) = finding.primary.as_ref().map(|it| it.span) else {
            return false;
        };
        let follows = finding.code != Code::E0303 && self.units.iter().any(|it| meet(*it, place));
        if follows || self.places.iter().any(|it| meet(*it, place)) {
            return true;
        }
        match finding.code {
            Code::E0201 | Code::E0202 | Code::E0206 | Code::E0210 | Code::E0211 => {
                self.file || self.has_word(text)
            }
            // a kind of the file that could not be read may stand where one of the library was found
            Code::E0203 | Code::E0207 => self.file || self.has_word(text),
            Code::E0306 | Code::E0407 | Code::E0506 | Code::E0507 => self.has_word(text),
            Code::E0302 => self.file || self.has_gap(place),
            Code::E0304 | Code::E0311 => self.has_gap(place),
            Code::E0303 | Code::E0308 => self.claim,
            _ => false,
        }
    }

    fn has_word(&self, text: &str) -> bool {
        let is_sign = |it: char| !it.is_alphanumeric() && it != '_';
        let mut words = text.split(is_sign).filter(|it| !it.is_empty());
        !self.words.is_empty() && words.any(|it| self.words.contains(&Ustr::from(it)))
    }

    /// Whether the declaration around `place` has a gap behind it.
    fn has_gap(&self, place: Span) -> bool {
        let inside =
            |it: &Span| it.file == place.file && it.start <= place.start && place.start <= it.end;
        self.gaps.iter().any(inside)
    }
}

/// What stands below the comments and notes of a declaration.
fn below_notes(mut text: &str) -> &str {
    while let Some((line, rest)) = text.split_once('\n')
        && line.starts_with(['/', '@'])
    {
        text = rest.trim_start();
    }
    text
}

/// `queue { … }`, `param : Int`, `service in main.app`
fn is_nameless(text: &str) -> bool {
    let is_sign = |it: char| !it.is_alphanumeric() && it != '_';
    let (word, rest) = text.split_at(text.find(is_sign).unwrap_or(text.len()));
    let rest = rest.trim_start();
    let in_place = rest
        .strip_prefix("in")
        .is_some_and(|it| it.starts_with(is_sign));
    let is_value = matches!(word, "param" | "input" | "output" | "let");
    !word.is_empty()
        && (in_place
            || rest.is_empty()
            || rest.starts_with('{')
            || (is_value && rest.starts_with([':', '='])))
}

/// From a bracket without its partner to the end of its line, if what it holds would stand there.
fn rest_of_line(program: &Program, bracket: Span) -> Span {
    let file = program.files.get(bracket.file.0 as usize);
    let rest = file.and_then(|it| it.text.get(bracket.start as usize..));
    let rest = rest
        .filter(|it| it.starts_with(['[', '(']))
        .unwrap_or_default();
    let length = rest.find('\n').unwrap_or(rest.len());
    let end = (bracket.start + length as u32).max(bracket.end);
    Span::new(bracket.file, bracket.start, end)
}

/// A place and the space before it: what ends there may be what was not understood.
fn with_gap_before(program: &Program, place: Span) -> Span {
    let file = program.files.get(place.file.0 as usize);
    let before = file.and_then(|it| it.text.get(..place.start as usize));
    let end = before.map_or(0, |it| it.trim_end_matches(' ').len());
    Span::new(place.file, (end as u32).min(place.start), place.end)
}

fn meet(a: Span, b: Span) -> bool {
    a.file == b.file && a.start <= b.end && b.start <= a.end
}
