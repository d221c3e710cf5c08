//! Calls: functions of the program and the library, and the built-in ones.

use std::sync::Arc;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{Secret, Value};
use topoc_syntax::ast::{Arg, Expr, ExprKind, Let, StmtKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::{FrameKind, Scope};
use crate::index::{Site, is_library};
use crate::session::{Eval, Session, Stop};

/// How many results of a function are kept.
const REMEMBERED: usize = 8;

/// Whether what is made of a value depends on nothing but the value: a node has more to say in each step.
fn stands_alone(value: &Value) -> bool {
    match value {
        Value::Node(_)
        | Value::Network(_)
        | Value::Subnet(..)
        | Value::Group(_)
        | Value::External(_)
        | Value::Endpoints(..) => false,
        Value::List(items) => items.iter().all(stands_alone),
        Value::Record(fields) | Value::Map(fields) => fields.values().all(stands_alone),
        Value::Document(inner) | Value::JsonText(inner) => stands_alone(inner),
        _ => true,
    }
}

impl<'a> Session<'a> {
    pub(crate) fn call(
        &self,
        span: Span,
        callee: &'a Expr,
        args: &'a [Arg],
        scope: &Scope<'a>,
    ) -> Eval {
        match &callee.kind {
            ExprKind::Name(name) => match self.function(*name, scope) {
                Some(site) => self.apply(&site, span, args, scope),
                None => self.builtin_call(*name, span, callee.span, args, scope),
            },
            ExprKind::Field(of, name) => {
                let ExprKind::Name(service) = &of.kind else {
                    return Err(self.report(errors::plain(
                        Code::E0211,
                        callee.span,
                        "this is no function",
                        "called here",
                    )));
                };
                let file = scope.file_index();
                match self
                    .index
                    .qualified_value(file, *service, name.name)
                    .cloned()
                {
                    Some(site) => self.apply(&site, span, args, scope),
                    None => {
                        let message = format!("there is no function `{service}.{}`", name.name);
                        Err(self.report(errors::plain(
                            Code::E0211,
                            callee.span,
                            message,
                            "called here",
                        )))
                    }
                }
            }
            _ => Err(self.report(errors::plain(
                Code::E0211,
                callee.span,
                "this is no function",
                "called here",
            ))),
        }
    }

    fn function(&self, name: Ustr, scope: &Scope<'a>) -> Option<Site<'a>> {
        let sites = self.index.value(scope.file_index(), name)?;
        sites
            .iter()
            .find(|it| matches!(&it.stmt.kind, StmtKind::Let(decl) if decl.params.is_some()))
            .cloned()
    }

    fn apply(&self, site: &Site<'a>, span: Span, args: &'a [Arg], scope: &Scope<'a>) -> Eval {
        if self.refuses(site.stmt) {
            return Err(Stop::Reported);
        }
        let StmtKind::Let(decl) = &site.stmt.kind else {
            return Err(self.report(errors::plain(
                Code::E0211,
                span,
                "this is no function",
                "called here",
            )));
        };
        let params = decl.params.as_deref().unwrap_or(&[]);
        let mut vars = Vec::with_capacity(params.len());
        for (position, param) in params.iter().enumerate() {
            let ty = self.ty(&param.ty, site.file);
            let value = match argument(args, position, param.name.name) {
                Some(arg) => self.eval_as(arg, &ty, scope)?,
                None if ty.is_optional() => Value::None,
                None => {
                    let message = format!("`{}` needs `{}`", decl.name.name, param.name.name);
                    return Err(self.report(errors::plain(
                        Code::E0304,
                        span,
                        message,
                        "called here",
                    )));
                }
            };
            vars.push((param.name.name, value));
        }
        if args.len() > params.len() {
            let message = format!("`{}` takes {} arguments", decl.name.name, params.len());
            return Err(self.report(errors::plain(
                Code::E0304,
                span,
                message,
                format!("{} are given", args.len()),
            )));
        }
        if !self.is_remembered(site, &vars) {
            return self.applied(decl, site, vars);
        }
        let given: Vec<Value> = vars.iter().map(|(_, value)| value.clone()).collect();
        let all = self.applied.borrow();
        let known = all.get(&decl.name.span).map_or(&[][..], Vec::as_slice);
        if let Some((_, value)) = known.iter().find(|(it, _)| *it == given) {
            return Ok(value.clone());
        }
        let room = known.len() < REMEMBERED;
        drop(all);
        let value = self.applied(decl, site, vars)?;
        if room {
            let mut all = self.applied.borrow_mut();
            let known = all.entry(decl.name.span).or_default();
            known.push((given, value.clone()));
        }
        Ok(value)
    }

    fn applied(&self, decl: &'a Let, site: &Site<'a>, vars: Vec<(Ustr, Value)>) -> Eval {
        let inside = Scope::file(site.file).with(FrameKind::Params(vars));
        match &decl.ty {
            Some(ty) => self.eval_as(&decl.value, &self.ty(ty, site.file), &inside),
            None => self.eval(&decl.value, &inside),
        }
    }

    /// Functions of the library are asked the same again and again: whether Fargate has a size, who may take a role.
    fn is_remembered(&self, site: &Site<'a>, vars: &[(Ustr, Value)]) -> bool {
        let file = self.index.files.get(site.file);
        !vars.is_empty()
            && vars.iter().all(|(_, it)| stands_alone(it))
            && file.is_some_and(is_library)
    }

    fn builtin_call(
        &self,
        name: Ustr,
        span: Span,
        at: Span,
        args: &'a [Arg],
        scope: &Scope<'a>,
    ) -> Eval {
        // what these give is not the same each time
        match name.as_str() {
            "allot" => {
                self.reads_own();
                return self.allot(span, args, scope);
            }
            "nodes" => {
                self.reads_own();
                return self.nodes_call(args, scope.file_index());
            }
            _ => {}
        }
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.eval(&arg.value, scope)?);
        }
        let named = |word: &str| {
            args.iter()
                .zip(&values)
                .find(|(arg, _)| arg.name.is_some_and(|it| it.name.as_str() == word))
                .map(|it| it.1)
        };
        if let Some(result) = self.simple_call(name, &values, span, scope)? {
            return Ok(result);
        }
        match (name.as_str(), values.as_slice()) {
            ("sort", [list, ..]) => {
                let keys = named("by")
                    .cloned()
                    .or_else(|| values.get(1).cloned())
                    .unwrap_or_else(|| list.clone());
                self.sort(list, &keys, span)
            }
            ("secret", [arn, rest @ ..]) => {
                let field = rest.first().map(|it| self.text_of(it, span)).transpose()?;
                Ok(Value::Secret(Arc::new(Secret::Kept {
                    arn: arn.clone(),
                    field,
                })))
            }
            _ => {
                let known = BUILTINS.contains(&name.as_str());
                let message = if known {
                    format!("`{name}` does not take these")
                } else {
                    format!("there is no function `{name}`")
                };
                let code = if known { Code::E0304 } else { Code::E0211 };
                let help = topoc_diagnostics::nearest(name.as_str(), BUILTINS.iter().copied())
                    .map(|it| format!("did you mean `{it}`?"));
                let report = errors::plain(code, at, message, "called here");
                Err(self.report(if known { report } else { report.help_opt(help) }))
            }
        }
    }
}

const BUILTINS: &[&str] = &[
    "length",
    "first",
    "keys",
    "values",
    "flatten",
    "min",
    "max",
    "round",
    "text",
    "int",
    "join",
    "split",
    "lower",
    "upper",
    "replace",
    "contains",
    "starts_with",
    "ends_with",
    "range_of",
    "block",
    "host",
    "id",
    "file",
    "asset",
    "json",
    "template",
    "nodes",
    "allot",
    "sort",
    "secret",
    "only",
];

fn argument(args: &[Arg], position: usize, name: Ustr) -> Option<&Expr> {
    let named = args
        .iter()
        .find(|arg| arg.name.is_some_and(|it| it.name == name));
    named
        .or_else(|| args.get(position).filter(|arg| arg.name.is_none()))
        .map(|arg| &arg.value)
}
