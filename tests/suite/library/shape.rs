//! What a conversion makes, without running it: the form of the value that reaches a path.

use topoc_syntax::ast::{BinaryOp, Expr, ExprKind, Field, LoopHead, RecordType, Type, TypeKind};

use super::card::{Card, Conversion};
use super::{Library, names};

/// The form of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Not known, or checked elsewhere.
    Any,
    /// Text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A duration, a size, a percentage: no target takes it without a conversion.
    Measure,
    /// JSON.
    Document,
    /// Left out.
    Absent,
    /// Items.
    List(Box<Form>),
    /// Verbatim keys.
    Map(Box<Form>),
    /// Named fields.
    Record(Vec<(String, Form)>),
    /// One of several.
    Either(Vec<Form>),
    /// A resource of this type.
    Resource(String),
}

impl Form {
    /// The forms it may have, absence left out.
    pub fn present(&self) -> Vec<&Form> {
        match self {
            Form::Either(forms) => forms.iter().flat_map(Form::present).collect(),
            Form::Absent => Vec::new(),
            other => vec![other],
        }
    }

    /// Whether it may be left out.
    pub fn optional(&self) -> bool {
        match self {
            Form::Either(forms) => forms.iter().any(Form::optional),
            other => *other == Form::Absent,
        }
    }

    fn either(forms: Vec<Form>) -> Form {
        let mut found: Vec<Form> = Vec::new();
        for form in forms {
            let parts = if let Form::Either(parts) = form {
                parts
            } else {
                vec![form]
            };
            parts.into_iter().for_each(|it| {
                if !found.contains(&it) {
                    found.push(it)
                }
            });
        }
        match found.len() {
            1 => found.remove(0),
            _ => Form::Either(found),
        }
    }
}

/// Names in scope of a conversion.
struct Scope<'a> {
    service: String,
    vars: Vec<(&'a str, Form)>,
    depth: usize,
}

impl Library {
    /// The form that reaches a path of a field.
    pub fn form(
        &self,
        card: &Card,
        ty: &Type,
        default: Option<&Expr>,
        conversion: &Conversion,
    ) -> Form {
        let mut form = if matches!(ty.kind, TypeKind::Infer) {
            let scope = Scope {
                service: card.service.clone(),
                vars: Vec::new(),
                depth: 0,
            };
            default.map_or(Form::Any, |value| self.of(value, &scope))
        } else {
            self.of_type(&card.service, ty, 0)
        };
        // An absent value never reaches a conversion; the path is left out.
        let optional = form.optional();
        for step in &conversion.steps {
            let present = Form::either(form.present().into_iter().cloned().collect());
            let scope = Scope {
                service: card.service.clone(),
                vars: vec![("it", present)],
                depth: 0,
            };
            form = self.of(step, &scope);
        }
        if optional {
            Form::either(vec![form, Form::Absent])
        } else {
            form
        }
    }

    /// The form of a type's values.
    pub fn of_type(&self, service: &str, ty: &Type, depth: usize) -> Form {
        let form = match &ty.kind {
            TypeKind::Infer => Form::Any,
            TypeKind::Enum(_) => Form::Text,
            TypeKind::Record(record) => self.of_record(service, record, depth),
            TypeKind::Named(path, argument) => {
                self.of_named(service, path.text().as_str(), argument.as_deref(), depth)
            }
        };
        if ty.optional {
            Form::either(vec![form, Form::Absent])
        } else {
            form
        }
    }

    fn of_record(&self, service: &str, record: &RecordType, depth: usize) -> Form {
        if depth > 6 {
            return Form::Any;
        }
        Form::Record(
            record
                .fields
                .iter()
                .map(|it| {
                    (
                        it.name.name.as_str().to_owned(),
                        self.of_field(service, it, depth),
                    )
                })
                .collect(),
        )
    }

    fn of_field(&self, service: &str, field: &Field, depth: usize) -> Form {
        self.of_type(service, &field.ty, depth + 1)
    }

    fn of_named(&self, service: &str, name: &str, argument: Option<&Type>, depth: usize) -> Form {
        let item = || Box::new(argument.map_or(Form::Any, |it| self.of_type(service, it, depth)));
        match name {
            "Bool" => Form::Bool,
            "Int" | "Float" | "Port" => Form::Number,
            "Duration" | "Size" | "Percent" => Form::Measure,
            "String" | "Arn" | "Image" | "Region" | "Schedule" | "Cidr" | "Zone" | "Secret"
            | "Name" | "Protocol" => Form::Text,
            "Json" | "Document" => Form::Document,
            "Tags" => Form::Map(Box::new(Form::Text)),
            "List" => Form::List(item()),
            "Map" => Form::Map(item()),
            "Asset" => Form::Any,
            _ => self.of_declared(service, name, depth),
        }
    }

    fn of_declared(&self, service: &str, name: &str, depth: usize) -> Form {
        if self.card(name).is_some() {
            return Form::Resource(name.to_owned());
        }
        let (space, word) = name.rsplit_once('.').unwrap_or((service, name));
        if let Some((space, ty)) = names::find(&self.names.types, space, word) {
            return self.of_record(space, &ty.record, depth);
        }
        if names::find(&self.names.enums, space, word).is_some() {
            Form::Text
        } else {
            Form::Any
        }
    }

    fn of(&self, expr: &Expr, scope: &Scope) -> Form {
        match &expr.kind {
            ExprKind::Bool(_) | ExprKind::Not(_) => Form::Bool,
            ExprKind::Int(_) | ExprKind::Float(_) => Form::Number,
            ExprKind::Duration(_) | ExprKind::Size(_) | ExprKind::Percent(_) => Form::Measure,
            ExprKind::None => Form::Absent,
            ExprKind::Text(_) | ExprKind::Cidr(_) => Form::Text,
            ExprKind::Name(name) => self.of_name(name.as_str(), expr, scope),
            ExprKind::Field(base, name) => self.of_member(base, name.name.as_str(), expr, scope),
            ExprKind::OptField(base, name) => Form::either(vec![
                self.of_member(base, name.name.as_str(), expr, scope),
                Form::Absent,
            ]),
            ExprKind::Index(base, _) => item(&self.of(base, scope)),
            ExprKind::Call(callee, arguments) => {
                let values: Vec<Form> = arguments
                    .iter()
                    .map(|it| self.of(&it.value, scope))
                    .collect();
                self.of_call(callee, values, scope)
            }
            ExprKind::List(items) => Form::List(Box::new(Form::either(
                items.iter().map(|it| self.of(it, scope)).collect(),
            ))),
            ExprKind::ListFor(loops, body) => {
                let inner = loops
                    .iter()
                    .fold(scope.inner(), |scope, it| self.bound(&it.head, scope));
                Form::List(Box::new(self.of(body, &inner)))
            }
            ExprKind::MapFor(loops, _, body) => {
                let inner = loops
                    .iter()
                    .fold(scope.inner(), |scope, it| self.bound(&it.head, scope));
                Form::Map(Box::new(self.of(body, &inner)))
            }
            ExprKind::Record(fields) => Form::Record(
                fields
                    .iter()
                    .map(|it| (it.name.name.as_str().to_owned(), self.of(&it.value, scope)))
                    .collect(),
            ),
            ExprKind::If(_, then, otherwise) => {
                Form::either(vec![self.of(then, scope), self.of(otherwise, scope)])
            }
            ExprKind::Binary(op, left, right) => self.of_binary(*op, left, right, scope),
            ExprKind::Negate(value) => self.of(value, scope),
            ExprKind::SelfNode
            | ExprKind::Internet
            | ExprKind::Range(..)
            | ExprKind::Protocol(..)
            | ExprKind::Error => Form::Any,
        }
    }

    fn bound<'a>(&self, head: &'a LoopHead, mut scope: Scope<'a>) -> Scope<'a> {
        let list = self.of(&head.list, &scope);
        if let Some(key) = &head.key {
            scope.vars.push((
                key.name.as_str(),
                if matches!(list, Form::Map(_)) {
                    Form::Text
                } else {
                    Form::Number
                },
            ));
        }
        scope.vars.push((head.item.name.as_str(), item(&list)));
        scope
    }

    fn of_name(&self, name: &str, expr: &Expr, scope: &Scope) -> Form {
        if let Some((_, form)) = scope.vars.iter().rev().find(|(other, _)| *other == name) {
            return form.clone();
        }
        self.of_constant(expr, scope)
    }

    fn of_constant(&self, expr: &Expr, scope: &Scope) -> Form {
        let Some((space, it)) = self.names.value(&scope.service, expr) else {
            return Form::Any;
        };
        match &it.ty {
            Some(ty) => self.of_type(space, ty, 0),
            None => self.of(
                &it.value,
                &Scope {
                    service: space.to_owned(),
                    vars: Vec::new(),
                    depth: scope.depth + 1,
                },
            ),
        }
    }

    fn of_member(&self, base: &Expr, name: &str, expr: &Expr, scope: &Scope) -> Form {
        let bases = self.of(base, scope);
        let found = bases.present().into_iter().map(|base| match base {
            Form::Record(fields) => fields
                .iter()
                .find(|(other, _)| other == name)
                .map_or(Form::Absent, |(_, form)| form.clone()),
            Form::Resource(ty) => self.of_output(ty, name),
            Form::Measure => Form::Number,
            Form::Map(item) => item.as_ref().clone(),
            Form::Any => self.of_constant(expr, scope),
            Form::Text
            | Form::Number
            | Form::Bool
            | Form::Document
            | Form::Absent
            | Form::List(_)
            | Form::Either(_) => Form::Any,
        });
        Form::either(found.collect())
    }

    fn of_output(&self, ty: &str, name: &str) -> Form {
        let Some(card) = self.card(ty) else {
            return Form::Any;
        };
        let output = card.outputs.iter().find(|it| it.name == name);
        output
            .and_then(|it| it.ty.as_ref())
            .map_or(Form::Any, |ty| self.of_type(&card.service, ty, 0))
    }

    fn of_call(&self, callee: &Expr, values: Vec<Form>, scope: &Scope) -> Form {
        let first = values.first().cloned().unwrap_or(Form::Any);
        let name = if let ExprKind::Name(name) = &callee.kind {
            name.as_str()
        } else {
            ""
        };
        match name {
            "text" | "json" | "join" | "lower" | "upper" | "replace" | "host" | "id" | "file"
            | "block" => Form::Text,
            "round" | "length" | "int" | "allot" => Form::Number,
            "contains" | "starts_with" | "ends_with" => Form::Bool,
            "split" | "keys" => Form::List(Box::new(Form::Text)),
            "flatten" | "first" => item(&first),
            "values" => Form::List(Box::new(item(&first))),
            "sort" | "min" | "max" => first,
            _ => self.of_function(callee, values, scope),
        }
    }

    fn of_function(&self, callee: &Expr, values: Vec<Form>, scope: &Scope) -> Form {
        let Some((space, it)) = self.names.value(&scope.service, callee) else {
            return Form::Any;
        };
        let declared = it.ty.as_ref().map(|ty| self.of_type(space, ty, 0));
        let opaque = |form: &Form| {
            form.present()
                .iter()
                .all(|it| matches!(it, Form::Any | Form::Document))
        };
        match declared {
            Some(form) if !opaque(&form) || scope.depth > 8 => form,
            _ => {
                let names = it.params.iter().flatten().map(|it| it.name.name.as_str());
                let inner = Scope {
                    service: space.to_owned(),
                    vars: names.zip(values).collect(),
                    depth: scope.depth + 1,
                };
                self.of(&it.value, &inner)
            }
        }
    }

    fn of_binary(&self, op: BinaryOp, left: &Expr, right: &Expr, scope: &Scope) -> Form {
        let (a, b) = (self.of(left, scope), self.of(right, scope));
        match op {
            BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::In => Form::Bool,
            BinaryOp::Fallback => {
                Form::either(a.present().into_iter().cloned().chain([b]).collect())
            }
            BinaryOp::Div if a == Form::Measure && b == Form::Measure => Form::Number,
            BinaryOp::Add => match (a, b) {
                (Form::List(x), Form::List(y)) => Form::List(Box::new(Form::either(vec![*x, *y]))),
                (a, _) => a,
            },
            BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => {
                if a == Form::Measure || b == Form::Measure {
                    Form::Measure
                } else {
                    Form::Number
                }
            }
        }
    }
}

impl<'a> Scope<'a> {
    fn inner(&self) -> Scope<'a> {
        Scope {
            service: self.service.clone(),
            vars: self.vars.clone(),
            depth: self.depth,
        }
    }
}

fn item(list: &Form) -> Form {
    let items = list.present().into_iter().map(|it| match it {
        Form::List(item) | Form::Map(item) => item.as_ref().clone(),
        Form::Any
        | Form::Text
        | Form::Number
        | Form::Bool
        | Form::Measure
        | Form::Document
        | Form::Absent
        | Form::Record(_)
        | Form::Either(_)
        | Form::Resource(_) => Form::Any,
    });
    Form::either(items.collect())
}
