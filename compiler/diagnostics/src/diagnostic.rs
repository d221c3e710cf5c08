//! One report: what is wrong, where, why, and what to type instead.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{Allow, Code, Severity, Span};

/// A piece of text with a remark.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is said about it; may be empty.
    pub text: String,
}

/// One report. Its severity follows from its code, unless `--deny` raises it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The row of the catalogue.
    pub code: Code,
    /// One lowercase sentence fragment without a period.
    pub message: String,
    /// What is wrong here; `None` for mistakes outside every file (command line).
    pub primary: Option<Label>,
    /// Why we believe so.
    pub others: Vec<Label>,
    /// Something to type.
    pub help: Option<String>,
    /// The declarations, beside the main place, inside which `@allow` silences it: of the part that it is about.
    pub within: Vec<Span>,
    /// The lint of a kind that found it; `None`: the code's own name.
    pub lint: Option<String>,
    /// What makes this warning an error: `--deny warnings`.
    pub denied_by: Option<String>,
    /// The environments that have it, where several are looked at.
    pub environments: Vec<String>,
}

impl Diagnostic {
    /// A report without places yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            primary: None,
            others: Vec::new(),
            help: None,
            within: Vec::new(),
            lint: None,
            denied_by: None,
            environments: Vec::new(),
        }
    }

    /// Sets the guilty place.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.primary = Some(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds a place that explains.
    pub fn because(mut self, span: Span, text: impl Into<String>) -> Self {
        self.others.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says what to type.
    pub fn help(self, text: impl Into<String>) -> Self {
        self.help_opt(Some(text.into()))
    }

    /// Says what to type, if there is something.
    pub fn help_opt(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
    }

    /// Says inside which declarations it may be silenced, too.
    pub fn within(mut self, spans: impl IntoIterator<Item = Span>) -> Self {
        self.within.extend(spans);
        self
    }

    /// Names the lint of a kind that found it.
    pub fn lint(mut self, name: impl Into<String>) -> Self {
        self.lint = Some(name.into());
        self
    }

    /// Fatal, error or warning.
    pub fn severity(&self) -> Severity {
        match &self.denied_by {
            Some(_) => Severity::Error,
            None => self.code.severity(),
        }
    }

    /// Whether it is an error that touches no place of `told`: one that speaks of what was reported says nothing new.
    pub fn is_news(&self, told: &[Span]) -> bool {
        let mut places = self.primary.iter().chain(&self.others).map(|it| it.span);
        self.severity() != Severity::Warning
            && !places.any(|place| told.iter().any(|it| it.overlaps(place)))
    }
}

/// The sink that every phase reports into.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Where those stand whose hash is the same.
    places: HashMap<u64, Vec<usize>>,
    allows: Vec<Allow>,
}

impl Diagnostics {
    /// Silences findings from now on.
    pub fn allow(&mut self, allow: Allow) {
        self.allows.push(allow);
    }

    /// The silences that nothing needed.
    pub fn unused_allows(&self) -> impl Iterator<Item = &Allow> {
        self.allows.iter().filter(|it| !it.used)
    }

    /// Adds a report unless the program allows it; an equal one is kept once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let mut allows = self.allows.iter_mut();
        if let Some(allow) = allows.find(|it| it.silences(&diagnostic)) {
            allow.used = true;
            return;
        }
        let mut hasher = DefaultHasher::new();
        diagnostic.hash(&mut hasher);
        let places = self.places.entry(hasher.finish()).or_default();
        let is_new = |at: &usize| self.list.get(*at) != Some(&diagnostic);
        if places.iter().all(is_new) {
            places.push(self.list.len());
            self.list.push(diagnostic);
        }
    }

    /// Whether anything stops the compilation.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|it| it.severity() != Severity::Warning)
    }

    /// Where errors stand.
    pub fn told(&self) -> Vec<Span> {
        let errors = self.list.iter();
        let errors = errors.filter(|it| it.severity() != Severity::Warning);
        let places = errors.filter_map(|it| it.primary.as_ref());
        places.map(|it| it.span).collect()
    }

    /// All reports in the order of their places.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.list
            .sort_by_key(|it| it.primary.as_ref().map(|label| label.span));
        self.list
    }

    /// All reports in the order they were made.
    pub fn in_order(self) -> Vec<Diagnostic> {
        self.list
    }

    /// All reports in the order they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }
}
