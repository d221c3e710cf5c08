//! `@allow`: what is allowed, and why, on its way to the output.

use topoc_syntax::ast::{ExprKind, Note};
use ustr::Ustr;

use crate::eval::lookup::plain_text;
use crate::instance::Inst;

/// What the notes above a declaration allow: a lint or rule, and the reason.
#[derive(Clone, Default)]
pub(crate) struct Allowed {
    /// Lints of this compiler: they concern the declaration's own resources.
    lints: Vec<(Ustr, Ustr)>,
    /// Rules of other checkers: they concern the resources of its parts, too.
    rules: Vec<(Ustr, Ustr)>,
}

impl Allowed {
    /// Reads the notes of a declaration inside `owner`; what stands nearer decides about a rule.
    pub(crate) fn read(notes: &[Note], owner: Option<&Inst<'_>>) -> Self {
        let mut found = Self::default();
        for note in notes.iter().filter(|it| it.name.name.as_str() == "allow") {
            found.note(note);
        }
        let outer = owner.map_or(&[][..], |it| &it.allowed.rules);
        for said in outer {
            if !found.rules.iter().any(|it| it.0 == said.0) {
                found.rules.push(*said);
            }
        }
        found
    }

    fn note(&mut self, note: &Note) {
        let reason = note
            .args
            .iter()
            .find(|it| it.name.is_some_and(|it| it.name.as_str() == "reason"))
            .and_then(|it| plain_text(&it.value))
            .unwrap_or_default();
        for argument in note.args.iter().filter(|it| it.name.is_none()) {
            if let ExprKind::Name(lint) = &argument.value.kind {
                self.lints.push((*lint, reason));
            } else if let Some(rule) = plain_text(&argument.value) {
                self.rules.push((rule, reason));
            }
        }
    }
}

/// What is allowed at a resource: by its own notes, and by those of the node that it belongs to.
pub(crate) fn allowed(inst: Option<&Inst<'_>>, notes: &[Note]) -> Vec<(Ustr, Ustr)> {
    let own = Allowed::read(notes, inst);
    let outer = inst.map_or(&[][..], |it| &it.allowed.lints);
    outer
        .iter()
        .chain(&own.lints)
        .chain(&own.rules)
        .copied()
        .collect()
}
