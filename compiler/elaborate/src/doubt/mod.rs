//! What earlier reports leave in doubt, so that only what is certain is told beside them.
//!
//! INVARIANT (one cause): what was reported, or could not be read, has no value: whatever reads it is silent. Three things
//! follow. An expression that holds such a place gives nothing (`eval`). An entry of a declaration that nobody knows, or
//! that could not be read, may be any that is not given (`is_open`). A statement that is refused may have added
//! something, so what is collected at the nodes that it names is not complete (`losses`).
//!
//! Reading order: `find` (what is in doubt before anything is evaluated), `losses` (what is lost on the way).

mod find;
mod losses;
mod offers;
mod places;

use rustc_hash::FxHashSet as HashSet;
use topoc_check::Lost;
use topoc_diagnostics::{Code, Diagnostic, Severity, Span};
use topoc_syntax::LoadedFile;
use topoc_syntax::ast::{Attribute, Expr, Stmt};
use ustr::{Ustr, UstrSet};

use crate::instance::Inst;
use crate::session::Session;
use places::Places;

pub(crate) use losses::Losses;

/// What a program with errors leaves in doubt. A program without errors has none of it, and pays nothing.
pub(crate) struct Doubt<'a> {
    lost: Option<&'a Lost>,
    files: &'a [LoadedFile],
    places: Places,
    /// Statements that say something else than they seem to, by their place.
    refused: HashSet<Span>,
    /// Declarations with an entry that may be any, by the place of their name.
    open: HashSet<Span>,
    /// Names that nothing declares, reported where they stand first.
    unknown: UstrSet,
    /// What refused statements and entries say.
    refusals: Vec<Refusal>,
    /// Params may have other values.
    params: bool,
    /// The topology's own facts may be others.
    header: bool,
    /// There may be further nodes.
    nodes: bool,
    /// The topology may be there, and be none because of its first word.
    topology: bool,
}

/// What something refused may have said.
struct Refusal {
    span: Span,
    /// It may hold edges whose ends nobody knows.
    any_ends: bool,
}

impl Doubt<'_> {
    /// Whether a report may only follow from what is known already.
    fn explains(&self, report: &Diagnostic) -> bool {
        let Some(place) = report.primary.as_ref().map(|it| it.span) else {
            return false;
        };
        // what is only a warning can wait
        if report.severity() == Severity::Warning {
            return true;
        }
        let text = self.text(place);
        let is_name = matches!(
            report.code,
            Code::E0201 | Code::E0202 | Code::E0206 | Code::E0207 | Code::E0211
        );
        (is_name && words(text).any(|it| self.unknown.contains(&it)))
            || self.places.tell(place, report.code)
            || self.lost.is_some_and(|it| it.explains(report, text))
    }

    /// Whether something with this name may be declared although nothing is found.
    fn may_declare(&self, name: Ustr) -> bool {
        self.unknown.contains(&name) || self.lost.is_some_and(|it| it.may_declare(name))
    }

    fn text(&self, span: Span) -> &str {
        let file = self.files.get(span.file.0 as usize);
        let text = file.and_then(|it| it.text.get(span.start as usize..span.end as usize));
        text.unwrap_or_default()
    }
}

impl<'a> Session<'a> {
    /// Whether an error was found, so that something may be missing.
    pub(crate) fn in_doubt(&self) -> bool {
        self.doubt.is_some() || self.failed.get()
    }

    /// Whether an expression holds what was reported.
    pub(crate) fn is_told(&self, expr: &Expr) -> bool {
        let doubt = self.doubt.as_ref();
        doubt.is_some_and(|it| it.places.meet(expr.span))
    }

    /// Whether a statement is to be taken for nothing.
    pub(crate) fn refuses(&self, stmt: &Stmt) -> bool {
        let doubt = self.doubt.as_ref();
        doubt.is_some_and(|it| it.refused.contains(&stmt.span))
    }

    /// Whether a piece of text holds what was reported.
    pub(crate) fn is_touched(&self, span: Span) -> bool {
        let doubt = self.doubt.as_ref();
        doubt.is_some_and(|it| it.places.meet(span))
    }

    /// Whether an attribute may have another value than is found: it was refused itself, or is not given where an
    /// entry that nobody knows may be it.
    pub(crate) fn is_open(&self, inst: &Inst<'a>, name: Ustr) -> bool {
        let Some(doubt) = &self.doubt else {
            return false;
        };
        let mut given = inst.given.iter().filter(|it| it.name.name == name);
        let told = |it: &Attribute| doubt.places.meet(it.name.span);
        match given.next() {
            Some(first) => told(first) || given.any(told),
            None => doubt.open.contains(&inst.declared),
        }
    }

    /// Whether a name that nothing declares is one that was reported, or may stand where nothing could be read.
    pub(crate) fn may_be_declared(&self, name: Ustr) -> bool {
        let doubt = self.doubt.as_ref();
        doubt.is_some_and(|it| it.may_declare(name))
    }

    /// Whether params may have other values than those that are found.
    pub(crate) fn doubts_params(&self) -> bool {
        self.losses.params.get() || self.doubt.as_ref().is_some_and(|it| it.params)
    }

    /// Whether the topology may have another region, prefix or account.
    pub(crate) fn doubts_header(&self) -> bool {
        self.losses.header.get() || self.doubt.as_ref().is_some_and(|it| it.header)
    }

    /// Whether the topology may stand in text that could not be read.
    pub(crate) fn doubts_topology(&self) -> bool {
        let doubt = self.doubt.as_ref();
        doubt.is_some_and(|it| it.header || it.topology)
    }

    /// Whether there may be further nodes.
    pub(crate) fn doubts_nodes(&self) -> bool {
        self.losses.nodes.get() || self.doubt.as_ref().is_some_and(|it| it.nodes)
    }

    /// Whether a report may only follow from what is known already.
    pub(crate) fn explains(&self, report: &Diagnostic) -> bool {
        let doubt = self.doubt.as_ref();
        doubt.is_some_and(|it| it.explains(report))
    }
}

/// The words of a text.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Ustr> {
    let is_sign = |it: char| !it.is_alphanumeric() && it != '_';
    let words = text.split(is_sign).filter(|it| !it.is_empty());
    words.map(Ustr::from)
}
