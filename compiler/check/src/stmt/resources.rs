//! Resources, lookups, raw resources, and their types.

use topoc_syntax::ast::{self, Form, FormKind, Spelling};
use ustr::Ustr;

use super::files::optional_field;
use crate::checker::Checker;
use crate::kinds::ResourceInfo;
use crate::names::Found;
use crate::ty::{FieldTy, Ty};
use crate::{errors, suggest};

impl<'a> Checker<'a, '_> {
    pub(super) fn resource(&mut self, it: &'a ast::Resource) {
        self.declared(
            it.name,
            it.key.as_ref(),
            &format!("resource {}", it.ty.text()),
        );
        let number = match self
            .names
            .find(self.scope.file, it.ty.text(), |it| &it.resource_types)
        {
            Found::One(number) => number,
            Found::Many(_) | Found::None => {
                let mut known = self.names.known(self.scope.file, |it| &it.resource_types);
                known.extend(suggest::library_resource_types(self.library));
                let near = suggest::nearest(&it.ty.text(), known);
                return self.report(errors::unknown_type(it.ty.text(), it.ty.span, near));
            }
        };
        let Some(info) = self.resource_type(number) else {
            return;
        };
        self.resource_fields(it, &info);
    }

    fn resource_fields(&mut self, it: &'a ast::Resource, info: &ResourceInfo<'a>) {
        let mut fields = with_always(&info.fields);
        if info.decl.lookup {
            // nothing is looked up where the outputs are stated, so what is asked for may be absent
            fields
                .iter_mut()
                .for_each(|it| it.ty = it.ty.clone().optional());
        }
        for given in &it.body.attributes {
            match given.name.name.as_str() {
                "ignore" => self.ignored(&given.value, info),
                _ => self.check_body_entry(given, &fields, &it.ty.text()),
            }
        }
        self.check_repeated(&it.body.attributes);
        let missing = self.missing(&it.body.attributes, &info.fields);
        if !missing.is_empty() {
            let owner = format!("{} `{}`", it.ty.text(), it.name.name);
            let help = self.lacking(&info.fields, &missing);
            let span = it.name.span;
            self.report(errors::missing_attribute(span, &owner, &missing, help));
        }
    }

    fn check_body_entry(&mut self, given: &'a ast::Attribute, fields: &[FieldTy<'a>], owner: &str) {
        if let Some(field) = fields.iter().find(|it| it.name == given.name.name) {
            return self.check_attribute(given, field);
        }
        let known: Vec<Ustr> = fields.iter().map(|it| it.name).collect();
        let near = suggest::nearest(&given.name.name, known.iter().copied());
        self.report(errors::unknown_attribute(given.name, owner, near, &known));
    }

    /// `ignore = [count]`: fields of the resource as bare words.
    fn ignored(&mut self, value: &'a ast::Expr, info: &ResourceInfo<'a>) {
        match &value.kind {
            ast::ExprKind::List(items) => items.iter().for_each(|it| self.ignored(it, info)),
            ast::ExprKind::If(condition, a, b) => {
                self.check_condition(condition);
                self.ignored(a, info);
                self.ignored(b, info);
            }
            ast::ExprKind::Name(word) => {
                self.members.insert(value.id, None);
                if !info.fields.iter().any(|it| it.name == *word) {
                    let known = info.fields.iter().map(|it| it.name);
                    let name = ast::Ident {
                        name: *word,
                        span: value.span,
                    };
                    let owner = info.decl.path.text();
                    self.report(errors::unknown_attribute(
                        name,
                        &owner,
                        suggest::nearest(word, known),
                        &[],
                    ));
                }
            }
            _ => drop(self.infer(value)),
        }
    }

    pub(super) fn raw_resource(&mut self, it: &'a ast::RawResource) {
        self.declared(it.name, it.key.as_ref(), "resource raw");
        for target in ["cfn", "terraform", "pulumi"] {
            if !it
                .targets
                .iter()
                .any(|it| it.target.name.as_str() == target)
            {
                self.report(errors::raw_without(it.name, target));
            }
        }
        for target in &it.targets {
            if let Ok((_, body)) = &target.form {
                self.free_body(body);
            }
        }
        self.block(&it.claims);
    }

    pub(super) fn adjust(&mut self, it: &'a ast::Adjust) {
        // resources inside a node are private; only the node itself is looked up here
        let mut root = &it.target;
        while let ast::ExprKind::Field(base, _) | ast::ExprKind::Index(base, _) = &root.kind {
            root = base;
        }
        self.infer(root);
        self.free_body(&it.body);
    }

    pub(super) fn resource_type_body(&mut self, it: &'a ast::ResourceType) {
        let file = self.scope.file;
        let mut seen: Vec<ast::Ident> = Vec::new();
        for typed in &it.fields {
            let field = &typed.field;
            if let Some(first) = seen.iter().find(|it| it.name == field.name.name) {
                self.report(errors::duplicate_name(field.name, first.span));
            }
            seen.push(field.name);
            self.check_field(field, file);
            let ty = self.resolve(&field.ty, file);
            let before = self.scope.it.replace(ty.present().clone());
            if let Some(convert) = &field.convert {
                self.infer(convert);
                // what a target converts is converted already
                self.scope.it = Some(Ty::Unknown);
            }
            if let Some(spelling) = &field.spelling {
                self.spelling(spelling);
            }
            self.scope.it = before;
        }
        for (_, output) in &it.outputs {
            if let Some(ty) = &output.ty {
                self.check_type(ty, file);
            }
        }
        self.meanings(it);
    }

    fn meanings(&mut self, it: &'a ast::ResourceType) {
        for means in &it.means {
            for (_, field) in &means.roles {
                if !it.fields.iter().any(|it| it.field.name.name == field.name) {
                    let known = it.fields.iter().map(|it| it.field.name.name);
                    let near = suggest::nearest(&field.name, known);
                    self.report(errors::unknown_field(*field, &it.path.text(), near, &[]));
                }
            }
        }
    }

    fn spelling(&mut self, it: &'a Spelling) {
        for form in [&it.cfn, &it.terraform, &it.pulumi].into_iter().flatten() {
            self.form(form);
        }
    }

    fn form(&mut self, form: &'a Form) {
        match &form.kind {
            FormKind::Path {
                convert: Some(convert),
                ..
            } => drop(self.infer(convert)),
            FormKind::Spread(body) => self.free_body(body),
            FormKind::Path { .. }
            | FormKind::Ref
            | FormKind::PartOf { .. }
            | FormKind::Parameter { .. }
            | FormKind::Default
            | FormKind::None(_) => {}
        }
    }
}

/// The fields of a resource, and what every resource may say.
fn with_always<'a>(fields: &[FieldTy<'a>]) -> Vec<FieldTy<'a>> {
    let mut all = fields.to_vec();
    let always = [
        ("after", Ty::Resource.optional().list()),
        ("region", Ty::String.optional()),
        ("retain", Ty::Unknown),
        ("tags", Ty::Tags),
        ("extra", Ty::Document),
    ];
    for (name, ty) in always {
        if !fields.iter().any(|it| it.name == name) {
            all.push(optional_field(name, ty));
        }
    }
    all
}
