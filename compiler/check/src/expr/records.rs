//! Records and maps as written, and the bodies of nodes and resources, which are read the same way.

use topoc_diagnostics::Span;
use topoc_syntax::ast::{Attribute, Expr, Ident};
use ustr::{Ustr, UstrMap};

use crate::checker::{Asked, Checker};
use crate::ty::{FieldTy, Ty};
use crate::{errors, suggest};

impl<'a> Checker<'a, '_> {
    /// Checks a record literal against the fields of its type.
    pub fn check_record(
        &mut self,
        span: Span,
        given: &'a [Attribute],
        fields: &[FieldTy<'a>],
        ty: &Ty<'a>,
    ) {
        let owner = match ty {
            Ty::Inline(_) => "this record".to_owned(),
            named => self.print(named),
        };
        for it in given {
            match fields.iter().find(|field| field.name == it.name.name) {
                Some(field) => self.check_attribute(it, field),
                None => {
                    let known: Vec<Ustr> = fields.iter().map(|field| field.name).collect();
                    let near = near_field(&it.name.name, &known);
                    self.report(errors::unknown_field(it.name, &owner, near, &known));
                    let field = fields.iter().find(|of| Some(of.name) == near && !it.short);
                    if let Some(field) = field {
                        self.check_attribute(it, field);
                    }
                }
            }
        }
        self.check_repeated(given);
        let mut missing = self.missing(given, fields);
        let names: Vec<Ustr> = fields.iter().map(|it| it.name).collect();
        let wrong = given
            .iter()
            .map(|it| it.name.name)
            .filter(|it| !names.contains(it));
        let meant: Vec<Ustr> = wrong.filter_map(|it| near_field(&it, &names)).collect();
        missing.retain(|it| !meant.contains(it));
        if !missing.is_empty() {
            let help = self.lacking(fields, &missing);
            self.report(errors::missing_attribute(span, &owner, &missing, help));
        }
    }

    /// Checks one entry against its field.
    pub fn check_attribute(&mut self, given: &'a Attribute, field: &FieldTy<'a>) {
        self.asking(&given.value, field, |it| it.check_value(given, field));
    }

    /// Checks a value against a field that takes it without being named.
    pub fn check_against(&mut self, value: &'a Expr, field: &FieldTy<'a>) {
        self.asking(value, field, |it| {
            it.check(value, &field.ty);
            it.check_refined(value, field);
        });
    }

    fn asking(&mut self, value: &Expr, field: &FieldTy<'a>, work: impl FnOnce(&mut Self)) {
        let asked = field.span.map(|declared| Asked {
            value: value.id,
            name: field.name,
            declared,
            notes: field.notes,
        });
        let outer = std::mem::replace(&mut self.asked, asked);
        work(self);
        self.asked = outer;
    }

    fn check_value(&mut self, given: &'a Attribute, field: &FieldTy<'a>) {
        if given.short {
            let got = self.infer(&given.value);
            self.fit(&given.value, &got, &field.ty);
        } else {
            self.check(&given.value, &field.ty);
        }
        self.check_refined(&given.value, field);
    }

    /// Checks `{ KEY = value }` where a map is expected.
    pub fn check_map(&mut self, given: &'a [Attribute], item: &Ty<'a>) {
        for it in given {
            if it.short {
                let got = self.infer(&it.value);
                self.fit(&it.value, &got, item);
            } else {
                self.check(&it.value, item);
            }
        }
        self.check_repeated(given);
    }

    /// The required fields that are not given, in the order of the declaration. Where a field could not be read as a
    /// whole, it may have a default.
    pub fn missing(&self, given: &[Attribute], fields: &[FieldTy<'_>]) -> Vec<Ustr> {
        let is_given = |name: Ustr| given.iter().any(|it| it.name.name == name);
        let lost = self.lost.as_ref().map(|it| &it.0);
        let is_lost = |it: &FieldTy<'_>| {
            let lost = lost.zip(it.span);
            lost.is_some_and(|(lost, span)| lost.is_partly_read(span))
        };
        let missing = fields.iter().filter(|it| it.required && !is_given(it.name));
        missing
            .filter(|it| !is_lost(it))
            .map(|it| it.name)
            .collect()
    }

    /// Reports a name that is given twice, and what is wrong in names with insertions.
    pub fn check_repeated(&mut self, given: &'a [Attribute]) {
        let mut seen: UstrMap<Ident> = UstrMap::default();
        for it in given {
            if let Some(text) = &it.text {
                self.check_key(text);
            } else if let Some(earlier) = seen.insert(it.name.name, it.name) {
                self.report(errors::given_twice(it.name, earlier.span));
            }
        }
    }
}

/// The field that was meant.
fn near_field(name: &str, known: &[Ustr]) -> Option<Ustr> {
    suggest::nearest(name, known.iter().copied()).or_else(|| suggest::part_of(name, known))
}
