//! Calls of functions: declared ones, and the built-in helpers.

use topoc_syntax::ast::{self, Arg, Expr, ExprKind};
use ustr::Ustr;

use crate::checker::Checker;
use crate::names::{Found, What};
use crate::ty::Ty;
use crate::{errors, suggest};

/// Name, least and most arguments without a name.
const BUILT_IN: &[(&str, usize, usize)] = &[
    ("length", 1, 1),
    ("first", 1, 1),
    ("only", 1, 1),
    ("keys", 1, 1),
    ("values", 1, 1),
    ("flatten", 1, 1),
    ("min", 1, 99),
    ("max", 1, 99),
    ("round", 1, 1),
    ("text", 1, 1),
    ("int", 1, 1),
    ("join", 2, 2),
    ("split", 2, 2),
    ("lower", 1, 1),
    ("upper", 1, 1),
    ("replace", 3, 3),
    ("contains", 2, 2),
    ("starts_with", 2, 2),
    ("ends_with", 2, 2),
    ("range_of", 1, 3),
    ("block", 2, 3),
    ("host", 2, 2),
    ("id", 1, 2),
    ("file", 1, 1),
    ("asset", 1, 1),
    ("json", 1, 1),
    ("template", 1, 2),
    ("nodes", 1, 99),
    ("allot", 1, 4),
    ("sort", 1, 2),
    ("secret", 1, 2),
];

impl<'a> Checker<'a, '_> {
    /// The type of `callee(args)`.
    pub fn infer_call(&mut self, expr: &'a Expr, callee: &'a Expr, args: &'a [Arg]) -> Ty<'a> {
        let (name, found) = match &callee.kind {
            ExprKind::Name(name) => (*name, self.function(*name)),
            ExprKind::Field(base, name) => match &base.kind {
                ExprKind::Name(qualifier) if self.lookup(*qualifier).is_none() => {
                    let found = self
                        .names
                        .find_in(self.scope.file, *qualifier, name.name, |it| &it.values);
                    match found {
                        Found::None => return self.unknown_in(*qualifier, base, *name, args),
                        Found::One(number) => (name.name, Some(number)),
                        Found::Many(_) => return Ty::Unknown,
                    }
                }
                _ => {
                    self.infer(base);
                    self.infer_args(args);
                    self.report(errors::no_method(*name, &self.text_of(base)));
                    return Ty::Unknown;
                }
            },
            _ => {
                self.infer_args(args);
                return Ty::Unknown;
            }
        };
        if let Some(number) = found {
            return self.call_declared(expr, callee, number, args);
        }
        match BUILT_IN.iter().find(|(it, ..)| *it == name.as_str()) {
            Some((_, least, most)) => self.call_built_in(expr, name.as_str(), *least, *most, args),
            None => {
                self.infer_args(args);
                self.report_unknown_function(expr, callee, name, args);
                Ty::Unknown
            }
        }
    }

    fn function(&self, name: Ustr) -> Option<u32> {
        // a program's own function wins over a helper, another value does not
        if BUILT_IN.iter().any(|(it, ..)| *it == name.as_str()) {
            return self.declared_function(name);
        }
        self.names
            .find(self.scope.file, name, |it| &it.values)
            .first()
    }

    fn declared_function(&self, name: Ustr) -> Option<u32> {
        let number = self
            .names
            .find(self.scope.file, name, |it| &it.values)
            .first()?;
        let value = self.names.values.get(number as usize)?;
        matches!(value.what, What::Let(it) if it.params.is_some()).then_some(number)
    }

    fn infer_args(&mut self, args: &'a [Arg]) {
        args.iter().for_each(|it| drop(self.infer_word(&it.value)));
    }

    fn unknown_in(
        &mut self,
        qualifier: Ustr,
        base: &'a Expr,
        name: ast::Ident,
        args: &'a [Arg],
    ) -> Ty<'a> {
        self.infer_args(args);
        let known = self
            .names
            .known_in(self.scope.file, qualifier, |it| &it.values);
        if known.is_empty() && !self.names.is_qualifier(self.scope.file, qualifier) {
            self.report_unknown_name(base, qualifier);
        } else {
            let near = suggest::nearest(&name.name, known)
                .map(|it| Ustr::from(&format!("{qualifier}.{it}")));
            self.report(errors::unknown_function(
                Ustr::from(&format!("{qualifier}.{}", name.name)),
                name.span,
                near,
            ));
        }
        Ty::Unknown
    }

    fn report_unknown_function(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        name: Ustr,
        args: &'a [Arg],
    ) {
        if self.lookup(name).is_some() {
            return self.report(errors::not_a_function(name, callee.span));
        }
        let mut known: Vec<Ustr> = BUILT_IN.iter().map(|(it, ..)| Ustr::from(it)).collect();
        known.extend(
            self.names
                .known(self.scope.file, |it| &it.values)
                .into_iter()
                .filter(|it| self.declared_function(*it).is_some()),
        );
        let given = args.first().map(|it| self.source(it.value.span));
        let given = given.unwrap_or_else(|| "\"./folder\"".to_owned());
        let foreign = suggest::foreign_function(&name).map(|it| it.replace("\"./folder\"", &given));
        let near = suggest::nearest(&name, known).filter(|_| foreign.is_none());
        let help = match near {
            Some(_) => foreign,
            None => foreign.or_else(|| self.told(expr.id)),
        };
        self.report(errors::unknown_function(name, callee.span, near).help_opt(help));
    }

    fn call_declared(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        number: u32,
        args: &'a [Arg],
    ) -> Ty<'a> {
        let Some(value) = self.names.values.get(number as usize) else {
            return Ty::Unknown;
        };
        let What::Let(function) = value.what else {
            self.infer_args(args);
            self.report(errors::not_a_function(value.name.name, callee.span));
            return Ty::Unknown;
        };
        let Some(params) = &function.params else {
            self.infer_args(args);
            self.report(errors::not_a_function(value.name.name, callee.span));
            return Ty::Unknown;
        };
        let mut given = vec![false; params.len()];
        for (place, arg) in args.iter().enumerate() {
            let place = match arg.name {
                Some(name) => params.iter().position(|it| it.name.name == name.name),
                None => (place < params.len()).then_some(place),
            };
            match place.and_then(|place| params.get(place).map(|param| (place, param))) {
                Some((place, param)) => {
                    let ty = self.resolve(&param.ty, value.file);
                    self.check(&arg.value, &ty);
                    if let Some(slot) = given.get_mut(place) {
                        *slot = true;
                    }
                }
                None => {
                    self.infer_word(&arg.value);
                    let span = arg.name.map_or(arg.value.span, |it| it.span);
                    self.report(errors::extra_argument(
                        span,
                        value.name.name,
                        params,
                        value.name.span,
                    ));
                }
            }
        }
        let missing: Vec<Ustr> = params
            .iter()
            .zip(&given)
            .filter(|(_, given)| !**given)
            .map(|(it, _)| it.name.name)
            .collect();
        if !missing.is_empty() && args.len() <= params.len() {
            self.report(errors::missing_argument(
                expr.span,
                value.name.name,
                &missing,
                value.name.span,
            ));
        }
        match &function.ty {
            Some(ty) => self.resolve(ty, value.file),
            None => Ty::Unknown,
        }
    }

    fn call_built_in(
        &mut self,
        expr: &'a Expr,
        name: &str,
        least: usize,
        most: usize,
        args: &'a [Arg],
    ) -> Ty<'a> {
        if matches!(name, "nodes") {
            return self.nodes(args);
        }
        if matches!(name, "json" | "template") {
            args.iter()
                .for_each(|it| self.check(&it.value, &Ty::Document));
            return if name == "json" {
                Ty::String
            } else {
                Ty::Document
            };
        }
        let plain = args.iter().filter(|it| it.name.is_none()).count();
        if plain > most || args.len() < least {
            self.infer_args(args);
            self.report(errors::argument_count(
                expr.span,
                name,
                least,
                most,
                args.len(),
            ));
            return Ty::Unknown;
        }
        let types: Vec<Ty<'a>> = args.iter().map(|it| self.infer_word(&it.value)).collect();
        for (arg, ty) in args.iter().zip(&types) {
            let skips = matches!(
                name,
                "length" | "values" | "allot" | "sort" | "flatten" | "text"
            );
            if let Ty::Optional(inner) = ty
                && !skips
                && !inner.is_unknown()
            {
                let text = self.text_of(&arg.value);
                self.report(errors::optional_value(
                    arg.value.span,
                    &self.print(inner),
                    &text,
                ));
            }
        }
        let first = types.first().cloned().unwrap_or(Ty::Unknown);
        match name {
            "length" => {
                if let (
                    Ty::Bool
                    | Ty::Int
                    | Ty::WholeNumber
                    | Ty::Float
                    | Ty::Duration
                    | Ty::Size
                    | Ty::Node(_),
                    Some(arg),
                ) = (&first, args.first())
                {
                    self.report(errors::no_list(arg.value.span, &self.print(&first)));
                }
                Ty::WholeNumber
            }
            "round" | "int" => Ty::WholeNumber,
            "allot" => Ty::Int,
            "first" | "only" => match first.present() {
                Ty::List(item) => (**item).clone(),
                _ => Ty::Unknown,
            },
            "keys" => Ty::String.list(),
            "values" => match first.present() {
                Ty::Map(item) => (**item).clone().list(),
                _ => Ty::Unknown,
            },
            "flatten" => match first.present() {
                Ty::List(item) if matches!(**item, Ty::List(_)) => (**item).clone(),
                _ => Ty::Unknown.list(),
            },
            "sort" | "min" | "max" => match first {
                Ty::List(_) if matches!(name, "min" | "max") => Ty::Unknown,
                Ty::WholeNumber => Ty::Unknown,
                other => other,
            },
            "text" | "join" | "lower" | "upper" | "replace" => Ty::String,
            "split" => Ty::String.list(),
            "contains" | "starts_with" | "ends_with" => Ty::Bool,
            "block" => Ty::Cidr,
            "asset" => Ty::Asset,
            "secret" => Ty::Secret,
            _ => Ty::Unknown,
        }
    }

    fn nodes(&mut self, args: &'a [Arg]) -> Ty<'a> {
        let mut kinds = Vec::new();
        for arg in args {
            let ExprKind::Name(name) = &arg.value.kind else {
                continue;
            };
            match self
                .names
                .find(self.scope.file, *name, |it| &it.kinds)
                .first()
            {
                Some(number) => {
                    self.members.insert(arg.value.id, None);
                    kinds.push(number);
                }
                None if self
                    .names
                    .find(self.scope.file, *name, |it| &it.traits)
                    .first()
                    .is_some() =>
                {
                    self.members.insert(arg.value.id, None);
                    return Ty::Unknown.list();
                }
                None => {
                    let known = self.names.known(self.scope.file, |it| &it.kinds);
                    self.report(errors::unknown_kind(
                        *name,
                        arg.value.span,
                        suggest::nearest(name, known),
                    ));
                }
            }
        }
        match kinds.as_slice() {
            [one] => Ty::Node(*one).list(),
            _ => Ty::AnyOf(kinds.into()).list(),
        }
    }
}
