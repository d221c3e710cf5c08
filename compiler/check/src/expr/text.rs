//! Texts with insertions.

use topoc_syntax::ast::TextPart;

use crate::checker::Checker;
use crate::errors;
use crate::ty::{Shape, Ty};

impl<'a> Checker<'a, '_> {
    /// The type of a text: `String`, or `Secret` if it contains one.
    pub fn infer_text(&mut self, parts: &'a [TextPart]) -> Ty<'a> {
        let mut secret = false;
        for part in parts {
            let TextPart::Code(code) = part else { continue };
            let ty = self.infer(code);
            secret |= matches!(ty.present(), Ty::Secret);
            let unit = match &ty {
                Ty::Optional(inner) => {
                    self.report(errors::optional_value(
                        code.span,
                        &self.print(inner),
                        &self.text_of(code),
                    ));
                    continue;
                }
                Ty::Duration => "seconds",
                Ty::Size => "mib",
                Ty::Shaped(Shape::Image) => "uri",
                Ty::Percent
                | Ty::Range(_)
                | Ty::List(_)
                | Ty::Map(_)
                | Ty::Record(_)
                | Ty::Inline(_)
                | Ty::Absent => "",
                _ => continue,
            };
            let help =
                (!unit.is_empty()).then(|| format!("write `{{{}.{unit}}}`", self.text_of(code)));
            if !matches!(ty, Ty::Shaped(_)) {
                self.report(errors::not_text(code.span, &self.print(&ty), help));
            }
        }
        if secret { Ty::Secret } else { Ty::String }
    }
}
