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
    /// The gaps themselves.
    skipped: Vec<Span>,
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
    /// How many declarations that could not be read have no name, of each sort: they may have any.
    nameless: [usize; 3],
    /// What they may be called, by the names that nothing declares.
    called: UstrSet,
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
                lost.lacks_name(text, gap.within == gap.span.start);
                lost.skipped.push(gap.span);
                lost.gaps
                    .push(Span::new(gap.span.file, gap.within, gap.span.end));
            }
        }
        lost
    }

    /// Counts a gap whose text begins without the name that it declares. A field without its name may be what a value, or
    /// a part of one, is asked for.
    fn lacks_name(&mut self, text: &str, is_whole: bool) {
        let is_part = text.starts_with("subnet") || text.starts_with("endpoints");
        let is_field = text.starts_with([':', '=']);
        let is_type = text.starts_with("type") || text.starts_with("enum");
        let sorts = match (is_part, is_field, is_type) {
            _ if !is_nameless(text) => [false; 3],
            (true, _, _) => [false, true, false],
            (_, true, _) => [true, true, false],
            (_, _, is_type) => [is_whole && !is_type, false, is_whole && is_type],
        };
        for (count, adds) in self.nameless.iter_mut().zip(sorts) {
            *count += usize::from(adds);
        }
    }

    fn words_of(&mut self, text: &str) {
        let is_sign = |it: char| !it.is_alphanumeric() && it != '_';
        // the path of a `use` without its word
        let mut pieces = text.split_whitespace().take(2);
        self.file |= pieces.any(|it| it.starts_with("\"./"));
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
        let left = self.nameless.get_mut(sort(&name)).filter(|it| **it > 0);
        let found = self.called.contains(&name) || left.is_some();
        if let Some(left) = left.filter(|_| self.called.insert(name)) {
            *left -= 1;
        }
        self.silent.extend(found.then_some(place));
        found
    }

    /// Whether not all of what is declared at `place` could be read.
    pub(crate) fn is_partly_read(&self, place: Span) -> bool {
        self.skipped.iter().any(|it| meet(*it, place))
    }

    /// Where reading reported something, and where a finding was kept back.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        let places = self.places.iter().chain(&self.silent);
        places.chain(&self.units).copied()
    }

    /// Notes where a finding was kept back.
    pub(crate) fn keep_silent(&mut self, place: Span) {
        self.silent.push(place);
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
            Code::E0306 | Code::E0407 => self.has_word(text),
            Code::E0506 | Code::E0507 => self.has_word(text) || self.has_gap(place),
            // one of the two may not be what it seems
            Code::E0204 | Code::E0402 => {
                let others = finding.others.iter().map(|it| it.span);
                self.is_partly_read(place) || others.into_iter().any(|it| self.is_partly_read(it))
            }
            Code::E0208 => self.has_word(text),
            Code::E0302 => self.file || self.has_gap(place),
            Code::E0304 | Code::E0311 => self.has_gap(place),
            Code::E0303 | Code::E0308 => self.claim && !is_literal(text),
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

/// Which sort of name it is: a value's, that of a part as `main.app`, or a type's.
fn sort(name: &str) -> usize {
    match name.starts_with(|it: char| it.is_ascii_uppercase()) {
        _ if name.contains('.') => 1,
        true => 2,
        false => 0,
    }
}

/// What no assertion can say more about.
fn is_literal(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '"' | '-'))
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
    let is_value = matches!(
        word,
        "param" | "input" | "output" | "let" | "type" | "protocol"
    );
    let kind = rest.split(is_sign).next().unwrap_or_default();
    let of_kind = rest.get(kind.len()..).unwrap_or_default().trim_start();
    word.is_empty() && rest.starts_with([':', '='])
        || !word.is_empty()
            && (in_place
                || rest.is_empty()
                || rest.starts_with(['{', '['])
                || (word == "existing" && of_kind.starts_with('{'))
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
