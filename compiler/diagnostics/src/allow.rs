//! What `@allow` silences: findings of one lint inside one declaration.

use crate::{Code, Diagnostic, Severity, Span};

/// One `@allow(lint, reason = "…", until = "…")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The lint: the name of a code in snake_case, or of a lint of a kind.
    pub lint: String,
    /// The declaration that it stands above.
    pub covers: Span,
    /// The note itself.
    pub note: Span,
    /// Whether a finding needed it.
    pub used: bool,
}

impl Allow {
    /// Whether it silences this report.
    pub(crate) fn silences(&self, report: &Diagnostic) -> bool {
        let primary = report.primary.as_ref().map(|it| it.span);
        let mut places = primary.iter().chain(&report.within);
        let covers = |it: &Span| {
            it.file == self.covers.file
                && it.start >= self.covers.start
                && it.end <= self.covers.end
        };
        places.any(covers) && report.code.can_be_allowed() && report.lint_name() == self.lint
    }
}

impl Code {
    /// Whether a program may silence it with a reason: warnings, and errors about limits that AWS raises on request.
    pub fn can_be_allowed(self) -> bool {
        self.severity() == Severity::Warning || self == Code::E0513
    }
}

impl Diagnostic {
    /// What `@allow` calls it.
    pub fn lint_name(&self) -> String {
        self.lint
            .clone()
            .unwrap_or_else(|| self.code.row().slug.replace('-', "_"))
    }
}
