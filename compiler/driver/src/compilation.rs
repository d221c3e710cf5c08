//! What comes out of a compilation.

use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Files, Severity};

use crate::road::Done;

/// Reports, and everything that printing needs.
pub struct Compilation {
    /// Every text that reports point into.
    pub files: Files,
    /// All reports, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// The environments that the program declares, in source order.
    pub environments: Vec<String>,
    /// `shop-prod`: what the output is called.
    pub name: String,
    /// The text of `topo.lock`, if it must be written.
    pub new_lock: Option<String>,
    /// What is wrong with the words behind `--deny`.
    pub misunderstood: Option<String>,
    pub(crate) deny: Vec<String>,
    /// Whether errors left something in doubt.
    pub(crate) is_unfinished: bool,
    pub(crate) done: Option<Done>,
}

impl Compilation {
    /// Whether nothing stops the output.
    pub fn succeeded(&self) -> bool {
        self.done.is_some() && !self.diagnostics.iter().any(is_error)
    }

    /// Whether reports left something in doubt, so that not everything was looked at.
    pub fn is_unfinished(&self) -> bool {
        let is_of_program = |it: &Diagnostic| is_error(it) && !it.code.id().starts_with("E09");
        self.is_unfinished && self.diagnostics.iter().any(is_of_program)
    }

    /// Adds reports that came later, of printing for one target; each once, and of two things with one name the first:
    /// names that differ by too little are often the same in several targets.
    pub fn add(&mut self, mut found: Vec<Diagnostic>) {
        let place = |it: &Diagnostic| it.primary.as_ref().map(|it| it.span);
        let is_known = |it: &Diagnostic| {
            let mut known = self.diagnostics.iter();
            known.any(|other| (other.code, place(other)) == (Code::E0602, place(it)))
        };
        found.retain(|it| it.code != Code::E0602 || !is_known(it));
        let mut all = Diagnostics::default();
        self.diagnostics
            .drain(..)
            .chain(found)
            .for_each(|it| all.push(it));
        self.diagnostics = all.sorted();
    }
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity() != Severity::Warning
}
