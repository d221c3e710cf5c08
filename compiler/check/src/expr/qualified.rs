//! Names of name spaces: `kit.value`, `iam.constant`, `Type.member`, `kit.Type.member`.

use topoc_syntax::ast::{Expr, ExprKind, Ident};
use ustr::Ustr;

use crate::checker::Checker;
use crate::names::{Found, TypeName};
use crate::ty::Ty;
use crate::{errors, suggest, types};

impl<'a> Checker<'a, '_> {
    /// `kit.value`, `iam.constant`, `Type.member`: where the base is no value.
    pub(super) fn qualified(&mut self, base: &'a Expr, name: Ident) -> Option<Ty<'a>> {
        let ExprKind::Name(qualifier) = &base.kind else {
            return self.qualified_member(base, name);
        };
        if self.lookup(*qualifier).is_some() {
            return None;
        }
        let file = self.scope.file;
        if let Some(number) = self
            .names
            .find_in(file, *qualifier, name.name, |it| &it.values)
            .first()
        {
            return Some(self.top_type(number));
        }
        let ty = match self.names.find(file, *qualifier, |it| &it.types) {
            Found::One(TypeName::Enum(number)) => Some(Ty::Enum(number)),
            Found::One(TypeName::Record(_)) | Found::None | Found::Many(_) => {
                types::words(qualifier)
            }
        };
        if let Some(ty) = ty {
            return Some(self.member_of_type(ty, name));
        }
        if self.names.is_qualifier(file, *qualifier) {
            let known: Vec<Ustr> = self.names.known_in(file, *qualifier, |it| &it.values);
            self.report(errors::unknown_field(
                name,
                &format!("`{qualifier}`"),
                suggest::nearest(&name.name, known.iter().copied()),
                &known,
            ));
            return Some(Ty::Unknown);
        }
        None
    }

    /// `kit.Type.member`
    fn qualified_member(&mut self, base: &Expr, name: Ident) -> Option<Ty<'a>> {
        let ExprKind::Field(space, ty) = &base.kind else {
            return None;
        };
        let ExprKind::Name(qualifier) = &space.kind else {
            return None;
        };
        if self.lookup(*qualifier).is_some() {
            return None;
        }
        let file = self.scope.file;
        let found = self
            .names
            .find_in(file, *qualifier, ty.name, |it| &it.types);
        match found.first() {
            Some(TypeName::Enum(number)) => Some(self.member_of_type(Ty::Enum(number), name)),
            Some(TypeName::Record(_)) | None => None,
        }
    }

    /// An enumeration, whose member the name has to be.
    fn member_of_type(&mut self, ty: Ty<'a>, name: Ident) -> Ty<'a> {
        let members = self.members_of(&ty);
        let is_first = match &ty {
            Ty::Enum(number) if !members.contains(&name.name) => {
                self.is_first_member(*number, name.name, name.span)
            }
            _ => false,
        };
        if is_first {
            self.report(errors::unknown_member(name, &self.print(&ty), &members));
        }
        ty
    }
}
