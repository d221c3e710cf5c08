//! What stands in files: topology, params, inputs, outputs, environments, values, enumerations, tests.

use topoc_syntax::ast::{self, Ident, TestItem};
use ustr::Ustr;

use crate::checker::{Checker, Known};
use crate::names::What;
use crate::scope::LocalWhat;
use crate::ty::{FieldTy, Shape, Ty};
use crate::{errors, suggest};

impl<'a> Checker<'a, '_> {
    /// `topology` and `env` stand in the root.
    fn only_in_root(&mut self, word: &str, name: Ident) {
        if self.scope.file != 0 {
            self.report(errors::not_in_root(word, name));
        }
    }

    pub(super) fn topology(&mut self, it: &'a ast::Topology) {
        self.only_in_root("topology", it.name);
        if let Some(first) = self
            .names
            .topology
            .filter(|first| first.name.span != it.name.span)
        {
            self.report(errors::second_topology(it.name, first.name.span));
        }
        let known = [
            ("region", Ty::Shaped(Shape::Region)),
            ("account", Ty::String),
            ("prefix", Ty::String),
            ("tags", Ty::Tags),
        ];
        let fields: Vec<FieldTy<'a>> = known
            .into_iter()
            .map(|(name, ty)| optional_field(name, ty))
            .collect();
        self.check_body(&it.body, &fields, "topology");
    }

    pub(super) fn param(&mut self, it: &'a ast::Field) {
        self.check_field(it, self.scope.file);
        if matches!(self.resolve(&it.ty, self.scope.file).present(), Ty::Secret) {
            let help = format!("make it an `input {}: Secret`", it.name.name);
            self.report(errors::secret_declared(it.ty.span, "a param", &help));
        }
        if let Some(default) = &it.default {
            self.must_be_early(default);
        }
    }

    pub(super) fn input(&mut self, it: &'a ast::Field) {
        self.check_field(it, self.scope.file);
        if it.ty.optional {
            self.report(errors::optional_input(it.ty.span));
        }
        let ty = self.resolve(&it.ty, self.scope.file);
        if !is_input(&ty) {
            self.report(errors::input_of_parts(it.ty.span, &self.print(&ty)));
        }
    }

    pub(super) fn output(&mut self, it: &'a ast::Output) {
        if let Some(ty) = &it.ty {
            self.check_type(ty, self.scope.file);
        }
        let Some(value) = &it.value else {
            return;
        };
        let expected = self.output_type(it);
        if matches!(self.scope.home, crate::scope::Home::File) && it.ty.is_none() {
            let ty = self.infer(value).widened();
            return self.report(errors::untyped_output(it.name, &self.written(&ty)));
        }
        if matches!(self.scope.home, crate::scope::Home::File)
            && matches!(expected.present(), Ty::Secret)
        {
            let span = it.ty.as_ref().map_or(it.name.span, |it| it.span);
            self.report(errors::secret_declared(
                span,
                "an output",
                "give its `arn` instead",
            ));
        }
        self.check(value, &expected);
    }

    /// The type of an output as written, or as a trait promises it.
    fn output_type(&mut self, it: &'a ast::Output) -> Ty<'a> {
        if let Some(ty) = &it.ty {
            return self.resolve(ty, self.scope.file);
        }
        match &self.scope.home {
            crate::scope::Home::Kind(kind) => kind
                .outputs
                .get(&it.name.name)
                .map_or(Ty::Unknown, |it| it.ty.clone()),
            crate::scope::Home::File | crate::scope::Home::Edge(_) => Ty::Unknown,
        }
    }

    /// A type as a declaration writes it, `…` where nobody knows it.
    fn written(&self, ty: &Ty<'a>) -> String {
        match ty.is_unknown() {
            true => "…".to_owned(),
            false => self.print(ty),
        }
    }

    pub(super) fn env(&mut self, it: &'a ast::Env) {
        self.only_in_root("env", it.name);
        for given in &it.body.attributes {
            let found = self.names.values.iter().find(|value| {
                value.name.name == given.name.name
                    && matches!(value.what, What::Param(_))
                    && !self.names.is_library(value.file)
            });
            let Some((What::Param(param), file)) = found.map(|it| (it.what, it.file)) else {
                let params: Vec<Ustr> = self.params();
                let near = suggest::nearest(&given.name.name, params.iter().copied());
                if !self.is_first_use(given.name.name, given.name.span) {
                    continue;
                }
                let ty = self.silently(|it| it.infer(&given.value)).widened();
                self.report(errors::unknown_param(given.name, near, &self.written(&ty)));
                continue;
            };
            let field = self.field(param, file);
            self.check_attribute(given, &field);
            self.must_be_early(&given.value);
        }
        self.check_repeated(&it.body.attributes);
    }

    fn params(&self) -> Vec<Ustr> {
        let all = self
            .names
            .values
            .iter()
            .filter(|it| matches!(it.what, What::Param(_)));
        all.map(|it| it.name.name).collect()
    }

    pub(super) fn let_value(&mut self, it: &'a ast::Let) {
        if let Some(ty) = &it.ty {
            self.check_type(ty, self.scope.file);
        }
        let declared = it.ty.as_ref().map(|ty| self.resolve(ty, self.scope.file));
        match (&it.params, declared) {
            (Some(params), declared) => self.inner(|c| {
                for param in params {
                    c.check_type(&param.ty, c.scope.file);
                    c.refuse_hiding(param.name);
                }
                for param in params {
                    let ty = c.resolve(&param.ty, c.scope.file);
                    c.push_local(param.name, LocalWhat::Parameter, Known::Ty(ty));
                }
                match declared {
                    Some(ty) => c.check(&it.value, &ty),
                    None => drop(c.infer(&it.value)),
                }
            }),
            (None, Some(ty)) => self.check(&it.value, &ty),
            (None, None) => {
                if let Some(binding) = self.lookup(it.name.name) {
                    self.binding_type(&binding);
                }
            }
        }
    }

    pub(super) fn enumeration(&mut self, it: &'a ast::EnumDecl) {
        let mut seen: Vec<Ident> = Vec::new();
        for member in &it.members {
            if let Some(first) = seen.iter().find(|it| it.name == member.name.name) {
                self.report(errors::duplicate_name(member.name, first.span));
            }
            seen.push(member.name);
        }
    }

    pub(super) fn test(&mut self, it: &'a ast::Test) {
        for (name, value) in &it.with {
            match self
                .names
                .values
                .iter()
                .find(|it| it.name.name == name.name)
                .map(|it| (it.what, it.file))
            {
                Some((What::Param(param) | What::Input(param), file)) => {
                    let ty = self.resolve(&param.ty, file);
                    self.check(value, &ty);
                }
                _ if name.name == "env" => self.check(value, &Ty::Env),
                _ => {
                    if !self.is_first_use(name.name, name.span) {
                        continue;
                    }
                    let near = suggest::nearest(&name.name, self.params());
                    let ty = self.silently(|it| it.infer(value)).widened();
                    self.report(errors::unknown_param(*name, near, &self.written(&ty)));
                }
            }
        }
        self.inner(|c| {
            let statements = it.body.iter().filter_map(|it| match it {
                TestItem::Stmt(stmt) => Some(std::slice::from_ref(&**stmt)),
                // what is expected to fail is not checked here
                TestItem::Expect(..) => None,
            });
            let statements: Vec<_> = statements.collect();
            statements.iter().for_each(|it| c.push_block(it));
            statements.iter().for_each(|it| c.statements(it));
        });
    }
}

/// Whether deployment can be asked for it: one value, or a list that is only passed on.
fn is_input(ty: &Ty<'_>) -> bool {
    match ty.present() {
        Ty::List(item) => !matches!(**item, Ty::List(_) | Ty::Secret) && is_input(item),
        Ty::Map(_)
        | Ty::Range(_)
        | Ty::Record(_)
        | Ty::Inline(_)
        | Ty::Zones
        | Ty::Protocol
        | Ty::Asset
        | Ty::Tags
        | Ty::Resource
        | Ty::Node(_)
        | Ty::Trait(_) => false,
        _ => true,
    }
}

/// A field that need not be given.
pub(super) fn optional_field<'a>(name: &str, ty: Ty<'a>) -> FieldTy<'a> {
    FieldTy {
        name: name.into(),
        ty,
        required: false,
        refinement: None,
        span: None,
        notes: &[],
        default: None,
    }
}
