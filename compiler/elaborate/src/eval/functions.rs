//! The built-in functions.

use crate::errors;
use crate::eval::Template;
use crate::eval::ops;
use crate::eval::scope::Scope;
use crate::session::{Eval, Session, Stop};
use ipnet::IpNet;
use topoc_diagnostics::{Code, Span};
use topoc_ir::Value;
use topoc_syntax::ast::{self, Arg};
use ustr::Ustr;

impl<'a> Session<'a> {
    pub(crate) fn text_of(&self, value: &Value, span: Span) -> Eval<Ustr> {
        match value {
            Value::Text(text) | Value::Word(_, text) => Ok(*text),
            other => Err(self.report(errors::wrong_type(span, "text", &self.describe(other)))),
        }
    }

    pub(crate) fn simple_call(
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
                    name: ustr::name!("id"),
                    span,
                },
            )?,
            ("file", [Value::Text(path)]) => Value::text(&self.read_file(path, span, scope)?),
            ("asset", [Value::Text(path)]) => self.pack(path, span, scope)?,
            ("template", [Value::Text(path), Value::Map(holes) | Value::Record(holes)]) => {
                let text = self.read_file(path, span, scope)?;
                self.template(&text, holes, span)?
            }
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    pub(crate) fn late_or(&self, value: &Value, span: Span, expected: &str) -> Eval {
        match value {
            Value::Late(_) => Ok(value.clone()),
            other => Err(self.report(errors::wrong_type(span, expected, &self.describe(other)))),
        }
    }

    pub(crate) fn extreme(&self, least: bool, values: &[Value], span: Span) -> Eval {
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

    pub(crate) fn sort(&self, list: &Value, keys: &Value, span: Span) -> Eval {
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

    pub(crate) fn block(&self, range: IpNet, size: i64, number: i64, span: Span) -> Eval {
        let block = u8::try_from(size)
            .ok()
            .and_then(|size| range.subnets(size).ok())
            .and_then(|mut blocks| usize::try_from(number).ok().and_then(|it| blocks.nth(it)));
        block.map(Value::Cidr).ok_or_else(|| {
            let message = format!("{range} has no block number {number} of size /{size}");
            self.report(errors::plain(Code::E0505, span, message, "asked for here"))
        })
    }

    pub(crate) fn host(&self, range: IpNet, number: i64, span: Span) -> Eval {
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

    /// `nodes(queue, kit.app)`
    pub(crate) fn nodes_call(&self, args: &'a [Arg], file: usize) -> Eval {
        if self.doubts_nodes() {
            return Err(Stop::Reported);
        }
        let kinds = args
            .iter()
            .map(|it| crate::finish::reference_text(&it.value));
        let wanted: Vec<Ustr> = kinds
            .filter_map(|it| Some(self.index.kind(file, it)?.id))
            .collect();
        let nodes = self.nodes.borrow();
        let found = nodes
            .iter()
            .filter_map(|inst| inst.node())
            .filter(|part| wanted.contains(&part.kind.id));
        Ok(Value::list(
            found.map(|part| Value::Node(part.id)).collect(),
        ))
    }
}

pub(crate) fn flatten(items: &[Value]) -> Value {
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

pub(crate) fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.as_str().cmp(b.as_str()),
        (Value::Duration(a), Value::Duration(b)) | (Value::Size(a), Value::Size(b)) => a.cmp(b),
        _ => ops::number(a).cmp(&ops::number(b)),
    }
}
