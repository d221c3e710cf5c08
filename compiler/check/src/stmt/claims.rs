//! Assertions: names and types only; whether they hold is found later.

use topoc_syntax::ast::{self, Claim, VerbKind};

use crate::checker::Checker;
use crate::ty::Ty;
use crate::{errors, suggest};

impl<'a> Checker<'a, '_> {
    pub(super) fn assertion(&mut self, it: &'a ast::Assertion) {
        match &it.claim {
            Claim::Holds(claim) => {
                self.check(claim, &Ty::Bool);
                self.must_be_early(claim);
            }
            Claim::Only { sources, reach } | Claim::Can { sources, reach, .. } => {
                self.ends(sources);
                self.ends(&reach.targets);
                reach.verbs.iter().for_each(|it| self.claimed_verb(it));
            }
            Claim::EveryPath {
                sources,
                targets,
                through,
            } => {
                self.ends(sources);
                self.ends(targets);
                self.ends(through);
            }
        }
        for text in [&it.because, &it.help].into_iter().flatten() {
            self.message(text);
        }
    }

    fn ends(&mut self, ends: &'a [ast::End]) {
        ends.iter().for_each(|it| drop(self.end(it)));
    }

    fn claimed_verb(&mut self, verb: &'a ast::Verb) {
        if let VerbKind::Named { name, .. } = &verb.kind
            && !self.is_verb(verb.on, name.name)
        {
            let known = self.names.known(self.scope.file, |it| &it.protocols);
            self.report(errors::unknown_verb(
                *name,
                suggest::nearest(&name.name, known),
                &[],
            ));
        }
    }

    /// The text of a message may show anything; only names must exist.
    pub(super) fn message(&mut self, text: &'a ast::Expr) {
        if let ast::ExprKind::Text(parts) = &text.kind {
            for part in parts {
                if let ast::TextPart::Code(code) = part {
                    self.infer(code);
                }
            }
        }
    }
}
