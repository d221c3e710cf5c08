//! Calls: functions of the program and the library, and the built-in ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use ipnet::IpNet;
use rust_decimal::Decimal;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{Late, Record, Secret, Value};
use topoc_syntax::ast::{self, Arg, Expr, ExprKind, StmtKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::Template;
use crate::index::Site;
use crate::ops;
use crate::scope::{FrameKind, Scope};
use crate::session::{Eval, Session};

/// Numbers asked for with `allot`: settled after the third step.
#[derive(Default)]
pub(crate) struct Allotments {
    /// By scope, then key: the wish.
    pub(crate) wishes: BTreeMap<String, BTreeMap<String, Wish>>,
    pub(crate) count: u32,
}

/// One number asked for.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) index: u32,
    pub(crate) low: i64,
    pub(crate) high: i64,
    pub(crate) near: i64,
    pub(crate) span: Span,
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
                match self.index.service_value(*service, name.name).cloned() {
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
        let inside = Scope::file(site.file).with(FrameKind::Vars(vars));
        match &decl.ty {
            Some(ty) => self.eval_as(&decl.value, &self.ty(ty, site.file), &inside),
            None => self.eval(&decl.value, &inside),
        }
    }

    fn builtin_call(
        &self,
        name: Ustr,
        span: Span,
        at: Span,
        args: &'a [Arg],
        scope: &Scope<'a>,
    ) -> Eval {
        match name.as_str() {
            "allot" => return self.allot(span, args, scope),
            "nodes" => return self.nodes_call(args),
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
                let help = nearest(name.as_str(), BUILTINS.iter().copied())
                    .map(|it| format!("did you mean `{it}`?"));
                let report = errors::plain(code, at, message, "called here");
                Err(self.report(if known { report } else { report.help_opt(help) }))
            }
        }
    }

    fn text_of(&self, value: &Value, span: Span) -> Eval<Ustr> {
        match value {
            Value::Text(text) | Value::Word(text) => Ok(*text),
            other => Err(self.report(errors::wrong_type(span, "text", &self.describe(other)))),
        }
    }

    fn simple_call(
        &self,
        name: Ustr,
        values: &[Value],
        span: Span,
        scope: &Scope<'a>,
    ) -> Eval<Option<Value>> {
        let value = match (name.as_str(), values) {
            ("length", [Value::List(items)]) => Value::Int(items.len() as i64),
            ("length", [Value::Map(map) | Value::Record(map)]) => Value::Int(map.len() as i64),
            ("length", [Value::Text(text)]) => Value::Int(text.chars().count() as i64),
            ("length", [Value::None]) => Value::Int(0),
            ("length", [Value::Node(_)]) => Value::Int(1),
            ("first", [Value::List(items)]) => items.first().cloned().unwrap_or(Value::None),
            ("only", [Value::List(items)]) if items.len() == 1 => {
                items.first().cloned().unwrap_or(Value::None)
            }
            ("keys", [Value::Map(map) | Value::Record(map)]) => {
                Value::list(map.keys().map(|it| Value::Text(*it)).collect())
            }
            ("values", [Value::Map(map) | Value::Record(map)]) => {
                Value::list(map.values().cloned().collect())
            }
            ("values", [Value::None]) => Value::list(Vec::new()),
            ("values", [one @ (Value::Resource(_) | Value::Node(_))]) => {
                Value::list(vec![one.clone()])
            }
            ("flatten", [Value::List(items)]) => flatten(items),
            ("min" | "max", _) if !values.is_empty() => {
                self.extreme(name.as_str() == "min", values, span)?
            }
            ("round", [value]) => match ops::number(value) {
                Some(number) => Value::Int(ops::to_int(number)),
                None => return self.late_or(value, span, "a number").map(Some),
            },
            ("text", [value]) => {
                let mut template = Template::default();
                self.insert(&mut template, value, span)?;
                template.finish()
            }
            ("int", [Value::Text(text)]) => match text.trim().parse() {
                Ok(number) => Value::Int(number),
                Err(_) => {
                    let message = format!("\"{text}\" is no whole number");
                    return Err(self.report(errors::plain(
                        Code::E0303,
                        span,
                        message,
                        "converted here",
                    )));
                }
            },
            ("int", [Value::Int(it)]) => Value::Int(*it),
            ("join", [Value::List(items), Value::Text(separator)]) => {
                let mut template = Template::default();
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        template.push_text(separator);
                    }
                    self.insert(&mut template, item, span)?;
                }
                template.finish()
            }
            ("split", [Value::Text(text), Value::Text(separator)]) => {
                Value::list(text.split(separator.as_str()).map(Value::text).collect())
            }
            ("lower", [Value::Text(text)]) => Value::text(&text.to_lowercase()),
            ("upper", [Value::Text(text)]) => Value::text(&text.to_uppercase()),
            ("replace", [Value::Text(text), Value::Text(from), Value::Text(to)]) => {
                Value::text(&text.replace(from.as_str(), to))
            }
            ("contains", [Value::Text(text), Value::Text(part)]) => {
                Value::Bool(text.contains(part.as_str()))
            }
            ("contains", [Value::List(items), item]) => Value::Bool(items.contains(item)),
            ("starts_with", [Value::Text(text), Value::Text(part)]) => {
                Value::Bool(text.starts_with(part.as_str()))
            }
            ("ends_with", [Value::Text(text), Value::Text(part)]) => {
                Value::Bool(text.ends_with(part.as_str()))
            }
            ("range_of", [Value::Int(low), Value::Int(high)]) => {
                Value::list((*low..=*high).take(100_000).map(Value::Int).collect())
            }
            ("json", [value]) => crate::fit::json_text(value.clone()),
            ("block", [Value::Cidr(range), Value::Int(size), Value::Int(number)]) => {
                self.block(*range, *size, *number, span)?
            }
            ("host", [Value::Cidr(range), Value::Int(number)]) => {
                self.host(*range, *number, span)?
            }
            ("id", [value]) => self.field(
                value,
                ast::Ident {
                    name: Ustr::from("id"),
                    span,
                },
            )?,
            ("file", [Value::Text(path)]) => Value::text(&self.read_file(path, span, scope)?),
            ("template", [Value::Text(path), Value::Map(holes) | Value::Record(holes)]) => {
                let text = self.read_file(path, span, scope)?;
                self.template(&text, holes, span)?
            }
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    fn late_or(&self, value: &Value, span: Span, expected: &str) -> Eval {
        match value {
            Value::Late(_) => Ok(value.clone()),
            other => Err(self.report(errors::wrong_type(span, expected, &self.describe(other)))),
        }
    }

    fn extreme(&self, least: bool, values: &[Value], span: Span) -> Eval {
        let list = match values {
            [Value::List(items)] => items.to_vec(),
            _ => values.to_vec(),
        };
        let mut best: Option<Value> = None;
        for value in list {
            let better = match &best {
                None => true,
                Some(best) => {
                    let op = if least {
                        ast::BinaryOp::Lt
                    } else {
                        ast::BinaryOp::Gt
                    };
                    self.operate(op, value.clone(), best.clone(), span)? == Value::Bool(true)
                }
            };
            if better {
                best = Some(value);
            }
        }
        Ok(best.unwrap_or(Value::None))
    }

    fn sort(&self, list: &Value, keys: &Value, span: Span) -> Eval {
        let mut pairs: Vec<(Value, Value)> = keys
            .items()
            .iter()
            .cloned()
            .zip(list.items().iter().cloned())
            .collect();
        if pairs.len() != list.items().len() {
            let report = errors::plain(
                Code::E0304,
                span,
                "`sort` needs one key for each item",
                "called here",
            );
            return Err(self.report(report));
        }
        pairs.sort_by(|(a, _), (b, _)| compare(a, b));
        Ok(Value::list(
            pairs.into_iter().map(|(_, item)| item).collect(),
        ))
    }

    fn block(&self, range: IpNet, size: i64, number: i64, span: Span) -> Eval {
        let block = u8::try_from(size)
            .ok()
            .and_then(|size| range.subnets(size).ok())
            .and_then(|mut blocks| usize::try_from(number).ok().and_then(|it| blocks.nth(it)));
        block.map(Value::Cidr).ok_or_else(|| {
            let message = format!("{range} has no block number {number} of size /{size}");
            self.report(errors::plain(Code::E0505, span, message, "asked for here"))
        })
    }

    fn host(&self, range: IpNet, number: i64, span: Span) -> Eval {
        let host = usize::try_from(number).ok().and_then(|it| match range {
            IpNet::V4(range) => range
                .subnets(32)
                .ok()
                .and_then(|mut all| all.nth(it))
                .map(|it| it.addr().to_string()),
            IpNet::V6(range) => range
                .subnets(128)
                .ok()
                .and_then(|mut all| all.nth(it))
                .map(|it| it.addr().to_string()),
        });
        host.map(|it| Value::text(&it)).ok_or_else(|| {
            let message = format!("{range} has no address number {number}");
            self.report(errors::plain(Code::E0505, span, message, "asked for here"))
        })
    }

    fn read_file(&self, path: &str, span: Span, scope: &Scope<'a>) -> Eval<String> {
        let from = self
            .index
            .files
            .get(scope.file_index())
            .map_or("", |it| it.path.as_str());
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let full = if folder.is_empty() {
            path.to_owned()
        } else {
            format!("{folder}/{path}")
        };
        let text = self.settings.reader.as_ref().map(|read| read(&full));
        match text {
            Some(Ok(text)) => Ok(text),
            Some(Err(why)) => Err(self.report(errors::plain(
                Code::E0412,
                span,
                format!("`{path}` cannot be read: {why}"),
                "read here",
            ))),
            None => Err(self.report(errors::plain(
                Code::E0412,
                span,
                format!("`{path}` cannot be read"),
                "read here",
            ))),
        }
    }

    /// A JSON text with `${name}` holes, as a document with late leaves.
    fn template(&self, text: &str, holes: &Record, span: Span) -> Eval {
        let unknown = |message: String| {
            self.report(errors::plain(
                Code::E0412,
                span,
                message,
                "of this template",
            ))
        };
        let json: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| unknown(format!("the file is not JSON: {error}")))?;
        for name in holes.keys() {
            if !text.contains(&format!("${{{name}}}")) {
                return Err(unknown(format!("the file has no `${{{name}}}`")));
            }
        }
        Ok(Value::Document(Arc::new(
            self.json_value(&json, holes, span)?,
        )))
    }

    fn json_value(&self, json: &serde_json::Value, holes: &Record, span: Span) -> Eval {
        Ok(match json {
            serde_json::Value::Null => Value::None,
            serde_json::Value::Bool(it) => Value::Bool(*it),
            serde_json::Value::Number(it) => match it.as_i64() {
                Some(whole) => Value::Int(whole),
                None => Value::Float(it.to_string().parse::<Decimal>().unwrap_or_default()),
            },
            serde_json::Value::String(text) => self.fill_holes(text, holes, span)?,
            serde_json::Value::Array(items) => Value::list(
                items
                    .iter()
                    .map(|it| self.json_value(it, holes, span))
                    .collect::<Eval<Vec<_>>>()?,
            ),
            serde_json::Value::Object(fields) => {
                let mut map = Record::new();
                for (key, value) in fields {
                    map.insert(Ustr::from(key), self.json_value(value, holes, span)?);
                }
                Value::Map(Arc::new(map))
            }
        })
    }

    fn fill_holes(&self, text: &str, holes: &Record, span: Span) -> Eval {
        let mut template = Template::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            template.push_text(before);
            match holes.get(&Ustr::from(name)) {
                Some(value) => self.insert(&mut template, value, span)?,
                None => {
                    let message = format!("the file asks for `${{{name}}}`, which is not given");
                    return Err(self.report(errors::plain(
                        Code::E0412,
                        span,
                        message,
                        "of this template",
                    )));
                }
            }
            rest = tail;
        }
        template.push_text(rest);
        Ok(template.finish())
    }

    fn nodes_call(&self, args: &'a [Arg]) -> Eval {
        let wanted: Vec<Ustr> = args
            .iter()
            .filter_map(|arg| {
                if let ExprKind::Name(name) = &arg.value.kind {
                    Some(*name)
                } else {
                    None
                }
            })
            .collect();
        let nodes = self.nodes.borrow();
        let found = nodes
            .iter()
            .filter_map(|inst| inst.node())
            .filter(|part| wanted.contains(&part.kind.name));
        Ok(Value::list(
            found.map(|part| Value::Node(part.id)).collect(),
        ))
    }

    /// `allot(low..high, in = node, key = text, near = n)`
    fn allot(&self, span: Span, args: &'a [Arg], scope: &Scope<'a>) -> Eval {
        let find = |word: &str| {
            args.iter()
                .find(|arg| arg.name.is_some_and(|it| it.name.as_str() == word))
        };
        let wrong = || {
            self.report(errors::plain(
                Code::E0304,
                span,
                "`allot` takes a range, `in`, `key` and `near`",
                "called here",
            ))
        };
        let range = args
            .first()
            .filter(|it| it.name.is_none())
            .ok_or_else(wrong)?;
        let Value::Range(ends) = self.eval(&range.value, scope)? else {
            return Err(wrong());
        };
        let (Value::Int(low), Value::Int(high)) = (&ends.0, &ends.1) else {
            return Err(wrong());
        };
        let of = self.early_text(&find("in").ok_or_else(wrong)?.value, scope)?;
        let key = self.early_text(&find("key").ok_or_else(wrong)?.value, scope)?;
        let near = match find("near")
            .map(|it| self.eval(&it.value, scope))
            .transpose()?
        {
            Some(Value::Int(near)) => near.clamp(*low, *high),
            _ => *low,
        };
        let mut allotments = self.allot.borrow_mut();
        let index = allotments.count;
        let wish = Wish {
            index,
            low: *low,
            high: *high,
            near,
            span,
        };
        let scope_wishes = allotments.wishes.entry(of.to_string()).or_default();
        if let Some(first) = scope_wishes.get(key.as_str()) {
            let message = format!("`{key}` is used twice in `{of}`");
            let report = errors::plain(Code::E0411, span, message, "here again")
                .because(first.span, "first here");
            drop(allotments);
            return Err(self.report(report));
        }
        scope_wishes.insert(key.to_string(), wish);
        allotments.count += 1;
        Ok(Value::Late(Late::Allotted(index)))
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
    "json",
    "template",
    "nodes",
    "allot",
    "sort",
    "secret",
    "only",
];

fn argument<'a>(args: &'a [Arg], position: usize, name: Ustr) -> Option<&'a Expr> {
    let named = args
        .iter()
        .find(|arg| arg.name.is_some_and(|it| it.name == name));
    named
        .or_else(|| args.get(position).filter(|arg| arg.name.is_none()))
        .map(|arg| &arg.value)
}

fn flatten(items: &[Value]) -> Value {
    let mut flat = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Value::List(inner) => flat.extend(inner.iter().cloned()),
            Value::None => {}
            other => flat.push(other.clone()),
        }
    }
    Value::list(flat)
}

fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.as_str().cmp(b.as_str()),
        (Value::Duration(a), Value::Duration(b)) | (Value::Size(a), Value::Size(b)) => a.cmp(b),
        _ => ops::number(a).cmp(&ops::number(b)),
    }
}

/// The nearest of some names, if one is close.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    known
        .map(|it| (strsim::damerau_levenshtein(name, it), it))
        .filter(|(distance, it)| *distance <= 1 + it.len() / 4)
        .min()
        .map(|(_, it)| it)
}
