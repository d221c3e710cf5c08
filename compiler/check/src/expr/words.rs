//! Bare words: members where an enumeration, a zone or a protocol is expected, else values.

use topoc_diagnostics::Span;
use topoc_syntax::ast::{self, Expr, ExprKind, Ident};
use ustr::Ustr;

use crate::checker::Checker;
use crate::errors;
use crate::scope::Binding;
use crate::ty::Ty;

impl<'a> Checker<'a, '_> {
    /// The members of a type, in source order.
    pub fn members_of(&self, ty: &Ty<'a>) -> Vec<Ustr> {
        match ty.present() {
            Ty::Enum(number) => match self.names.enums.get(*number as usize) {
                Some(entry) => entry.decl.members.iter().map(|it| it.name.name).collect(),
                None => Vec::new(),
            },
            Ty::Members(members) => members.iter().map(|it| it.name.name).collect(),
            Ty::Words(_, members) => members.iter().map(|it| Ustr::from(it)).collect(),
            Ty::Env => self.names.envs.iter().map(|it| it.decl.name.name).collect(),
            Ty::Protocol => {
                let mut all = self.names.known(self.scope.file, |it| &it.protocols);
                all.extend(crate::suggest::library_values(self.library));
                all.extend(["all", "icmp"].map(Ustr::from));
                all.sort_by_key(|it| it.as_str());
                all
            }
            _ => Vec::new(),
        }
    }

    fn is_member(&self, ty: &Ty<'a>, word: Ustr) -> bool {
        match ty {
            Ty::Enum(number) => {
                let entry = self.names.enums.get(*number as usize);
                entry.is_some_and(|it| it.decl.members.iter().any(|it| it.name.name == word))
            }
            Ty::Members(members) => members.iter().any(|it| it.name.name == word),
            Ty::Words(_, members) => members.contains(&word.as_str()),
            Ty::Env => self.names.envs.iter().any(|it| it.decl.name.name == word),
            Ty::Zone => word.len() == 1 && word.starts_with(|c: char| c.is_ascii_lowercase()),
            Ty::Protocol => {
                matches!(word.as_str(), "all" | "icmp")
                    || self
                        .names
                        .find(self.scope.file, word, |it| &it.protocols)
                        .first()
                        .is_some()
            }
            _ => false,
        }
    }

    /// The text that stands for a member, if that is not its name.
    fn text_of_member(&self, ty: &Ty<'a>, word: Ustr) -> Option<Ustr> {
        let members: &[ast::Member] = match ty {
            Ty::Enum(number) => &self.names.enums.get(*number as usize)?.decl.members,
            Ty::Members(members) => members,
            _ => return None,
        };
        members.iter().find(|it| it.name.name == word)?.text
    }

    /// Settles a bare word where members are expected.
    pub fn check_word(&mut self, expr: &'a Expr, word: Ustr, expected: &Ty<'a>) {
        let inner = expected.present();
        let value = self
            .lookup(word)
            .filter(|it| !matches!(it, Binding::Outside(_) | Binding::Ambiguous));
        if self.is_member(inner, word) {
            if let Some(value) = value
                && !matches!(inner, Ty::Zone | Ty::Protocol)
            {
                let ty = self.silently(|it| it.binding_type(&value));
                if !ty.is_unknown() && self.fits(&ty, expected) {
                    let declared = self.binding_span(&value);
                    return self.report(errors::member_or_value(
                        word,
                        expr.span,
                        &self.print(inner),
                        declared,
                    ));
                }
            }
            let text = self.text_of_member(inner, word);
            self.members.insert(expr.id, text);
            return;
        }
        if self.lookup(word).is_some() {
            let got = self.infer(expr);
            return self.fit(expr, &got, expected);
        }
        self.report_unknown_word(expr, word, inner);
    }

    fn report_unknown_word(&mut self, expr: &'a Expr, word: Ustr, ty: &Ty<'a>) {
        let name = Ident {
            name: word,
            span: expr.span,
        };
        match ty {
            Ty::Zone => self.report(errors::unknown_zone(name)),
            Ty::Env if self.names.envs.is_empty() => self.report_unknown_name(expr, word),
            Ty::Env if self.may_be_lost(word, expr.span) => {}
            Ty::Enum(number) if !self.is_first_member(*number, word, expr.span) => {}
            _ => self.report(errors::unknown_word(
                name,
                &self.print(ty),
                &self.members_of(ty),
            )),
        }
    }

    /// By (one cause), a word that the program's own enumeration lacks is told once.
    pub(super) fn is_first_member(&mut self, number: u32, word: Ustr, place: Span) -> bool {
        let entry = self.names.enums.get(number as usize);
        let Some(entry) = entry.filter(|it| !self.names.is_library(it.file)) else {
            return true;
        };
        let whole = Ustr::from(&format!("{}.{word}", entry.decl.name.name));
        self.is_first_use(whole, place)
    }

    /// `zones = a` is meant as `[a]`; a value may be a list, a number or a zone.
    pub fn check_zones_word(&mut self, expr: &'a Expr, word: Ustr) {
        if self.lookup(word).is_none() && self.is_member(&Ty::Zone, word) {
            return self.report(errors::one_zone(word, expr.span));
        }
        let got = self.infer(expr);
        self.fit(expr, &got, &Ty::Zones);
    }

    /// The type of an expression whose place expects nothing: an unknown bare word may be a member and is silent.
    pub fn infer_word(&mut self, expr: &'a Expr) -> Ty<'a> {
        match &expr.kind {
            ExprKind::Name(name) if self.lookup(*name).is_none() => Ty::Unknown,
            ExprKind::List(items) => {
                let mut item = Ty::Unknown;
                for it in items {
                    item = self.infer_word(it).widened();
                }
                item.list()
            }
            _ => self.infer(expr),
        }
    }

    fn binding_span(&self, binding: &Binding<'a>) -> Option<topoc_diagnostics::Span> {
        match binding {
            Binding::Local(place) => self.scope.locals.get(*place).map(|it| it.name.span),
            Binding::Member(value) => Some(value.name.span),
            Binding::Output(output) => Some(output.decl.name.span),
            Binding::Top(number) | Binding::Outside(number) => self
                .names
                .values
                .get(*number as usize)
                .map(|it| it.name.span),
            Binding::BuiltIn(_) | Binding::Ambiguous => None,
        }
    }
}
