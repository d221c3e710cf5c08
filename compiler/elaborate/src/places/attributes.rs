//! The attributes of networks and subnets, evaluated.

use crate::errors;
use crate::eval::scope::Scope;
use crate::session::{Eval, Session, Stop};
use crate::types::Ty;
use ipnet::IpNet;
use std::rc::Rc;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{NatMode, TableChoice, Tier, Value, Zone};
use topoc_syntax::ast::{self, Expr, ExprKind};
use ustr::Ustr;

/// Attributes of places that the language has room for; without effect they would be a trap.
const PLANNED: &[&str] = &["acl", "nat64"];

impl<'a> Session<'a> {
    pub(crate) fn known_attributes(&self, body: &'a ast::Body, known: &[&str], what: &str) {
        for attribute in &body.attributes {
            let name = attribute.name.name;
            if PLANNED.contains(&name.as_str()) {
                let message = format!("`{name}` is not part of the language yet");
                let span = attribute.name.span;
                self.report(errors::plain(Code::E0203, span, message, "kept for later"));
            } else if !known.contains(&name.as_str()) {
                let help = topoc_diagnostics::nearest(&name, known.iter().copied());
                let report = errors::plain(
                    Code::E0203,
                    attribute.name.span,
                    format!("{what} has no attribute `{name}`"),
                    "given here",
                );
                self.report(report.help_opt(help.map(|it| format!("did you mean `{it}`?"))));
            }
        }
    }

    pub(crate) fn tier(&self, decl: &'a ast::Subnet, scope: &Scope<'a>) -> Eval<Tier> {
        let Some(given) = find(&decl.body, "tier") else {
            if self.is_touched(decl.span) {
                return Err(Stop::Reported);
            }
            let report = errors::missing(
                decl.name.span,
                ustr::name!("tier"),
                &format!("subnet `{}`", decl.name.name),
            );
            return Err(self.report(report.help("tier = public, private or isolated")));
        };
        let members = ["public", "private", "isolated"];
        let word = match &given.value.kind {
            ExprKind::Name(word) if members.contains(&word.as_str()) => *word,
            _ => match self.eval(&given.value, scope)? {
                Value::Word(word, _) | Value::Text(word) => word,
                other => {
                    return Err(self.report(errors::wrong_type(
                        given.value.span,
                        "a tier",
                        &self.describe(&other),
                    )));
                }
            },
        };
        match word.as_str() {
            "public" => Ok(Tier::Public),
            "private" => Ok(Tier::Private),
            "isolated" => Ok(Tier::Isolated),
            _ => {
                let known = members.map(str::to_owned);
                Err(self.report(errors::unknown_member(given.value.span, word, &known)))
            }
        }
    }

    pub(crate) fn nat(
        &self,
        body: &'a ast::Body,
        scope: &Scope<'a>,
    ) -> Eval<Option<(NatMode, Span)>> {
        let Some(given) = find(body, "nat") else {
            return Ok(None);
        };
        let members = ["off", "single", "per_zone"];
        let word = match &given.value.kind {
            ExprKind::Name(word) if members.contains(&word.as_str()) && !given.short => *word,
            _ => match self.eval(&given.value, scope)? {
                Value::Word(word, _) | Value::Text(word) => word,
                other => {
                    return Err(self.report(errors::wrong_type(
                        given.value.span,
                        "off, single or per_zone",
                        &self.describe(&other),
                    )));
                }
            },
        };
        let mode = match word.as_str() {
            "off" => NatMode::Off,
            "single" => NatMode::Single,
            "per_zone" => NatMode::PerZone,
            _ => {
                return Err(self.report(errors::unknown_member(
                    given.value.span,
                    word,
                    &members.map(str::to_owned),
                )));
            }
        };
        Ok(Some((mode, given.value.span)))
    }

    pub(crate) fn zone_list(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Option<Vec<Zone>>> {
        let Some(given) = find(body, name) else {
            return Ok(None);
        };
        let value = self.eval_as(&given.value, &Ty::Zones, scope)?;
        let zones = value.items().iter().filter_map(|it| {
            if let Value::Zone(zone) = it {
                Some(*zone)
            } else {
                None
            }
        });
        Ok(Some(zones.collect()))
    }

    pub(crate) fn flag(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Option<bool>> {
        find(body, name)
            .map(|it| self.condition(&it.value, scope))
            .transpose()
    }

    pub(crate) fn whole(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Option<(i64, Span)>> {
        let Some(given) = find(body, name) else {
            return Ok(None);
        };
        match self.eval(&given.value, scope)? {
            Value::Int(number) => Ok(Some((number, given.value.span))),
            other => Err(self.report(errors::wrong_type(
                given.value.span,
                "a whole number",
                &self.describe(&other),
            ))),
        }
    }

    pub(crate) fn prefix_length(
        &self,
        body: &'a ast::Body,
        scope: &Scope<'a>,
    ) -> Eval<Option<(u8, Span)>> {
        let Some((size, span)) = self.whole(body, "size", scope)? else {
            return Ok(None);
        };
        if !(16..=28).contains(&size) {
            let message = format!("a subnet cannot have the size /{size}");
            return Err(self.report(errors::plain(
                Code::E0505,
                span,
                message,
                "AWS takes /16 to /28",
            )));
        }
        Ok(Some((size as u8, span)))
    }

    pub(crate) fn one_cidr(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval<IpNet> {
        match self.eval(expr, scope)? {
            Value::Cidr(range) => Ok(range),
            Value::Late(_) => Err(self.report(errors::late(
                expr.span,
                "addresses are allotted by the compiler",
            ))),
            other => Err(self.report(errors::wrong_type(
                expr.span,
                "an address range",
                &self.describe(&other),
            ))),
        }
    }

    pub(crate) fn cidr(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Option<(IpNet, Span)>> {
        let Some(given) = find(body, name) else {
            return Ok(None);
        };
        Ok(Some((
            self.one_cidr(&given.value, scope)?,
            given.value.span,
        )))
    }

    pub(crate) fn cidr_list(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Vec<(IpNet, Span)>> {
        let Some(given) = find(body, name) else {
            return Ok(Vec::new());
        };
        let value = self.eval(&given.value, scope)?;
        let cidrs = value.items().iter().filter_map(|it| {
            if let Value::Cidr(range) = it {
                Some(*range)
            } else {
                None
            }
        });
        Ok(cidrs.map(|it| (it, given.value.span)).collect())
    }

    pub(crate) fn zone_cidrs(
        &self,
        body: &'a ast::Body,
        scope: &Scope<'a>,
    ) -> Eval<Vec<(Zone, IpNet, Span)>> {
        let Some(given) = find(body, "cidrs") else {
            return Ok(Vec::new());
        };
        let ExprKind::Record(entries) = &given.value.kind else {
            return Err(self.report(errors::wrong_type(
                given.value.span,
                "a record like `{ a = 10.0.1.0/24 }`",
                "something else",
            )));
        };
        let mut cidrs = Vec::new();
        for entry in entries {
            let text = entry.name.name;
            let value = text.parse().map_or(Value::Text(text), Value::Int);
            if let Value::Zone(zone) = self.fit(value, &Ty::Zone, entry.name.span)? {
                cidrs.push((zone, self.one_cidr(&entry.value, scope)?, entry.value.span));
            }
        }
        Ok(cidrs)
    }

    /// `tags = { … }`
    pub(crate) fn own_tags(
        &self,
        attributes: &'a [ast::Attribute],
        scope: &Scope<'a>,
    ) -> Eval<Vec<(Ustr, Value)>> {
        let Some(given) = attributes.iter().find(|it| it.name.name.as_str() == "tags") else {
            return Ok(Vec::new());
        };
        match self.eval_as(&given.value, &Ty::Map(Rc::new(Ty::Text)), scope)? {
            Value::Map(map) => Ok(map
                .iter()
                .map(|(key, value)| (*key, value.clone()))
                .collect()),
            _ => Ok(Vec::new()),
        }
    }
}

pub(crate) fn find<'b>(body: &'b ast::Body, name: &str) -> Option<&'b ast::Attribute> {
    body.attributes
        .iter()
        .find(|it| it.name.name.as_str() == name)
}

/// `main.app` or `app`: the last name.
pub(crate) fn subnet_name(expr: &Expr) -> Option<(Ustr, Span)> {
    match &expr.kind {
        ExprKind::Name(name) => Some((*name, expr.span)),
        ExprKind::Field(_, name) => Some((name.name, name.span)),
        _ => None,
    }
}

pub(crate) fn service_words(expr: &Expr) -> Vec<(Ustr, Span)> {
    let word = |expr: &Expr| match &expr.kind {
        ExprKind::Name(name) => Some((*name, expr.span)),
        _ => crate::eval::lookup::plain_text(expr).map(|text| (text, expr.span)),
    };
    match &expr.kind {
        ExprKind::List(items) => items.iter().filter_map(word).collect(),
        _ => word(expr).into_iter().collect(),
    }
}

pub(crate) fn table_choice(body: &ast::Body) -> TableChoice {
    match find(body, "table").map(|it| (&it.value.kind, it.value.span)) {
        None => TableChoice::Tier,
        Some((ExprKind::Name(word), span)) => match word.as_str() {
            "own" => TableChoice::Own,
            "per_zone" => TableChoice::PerZone,
            _ => TableChoice::Named(*word, span),
        },
        Some((ExprKind::Field(_, name), span)) => TableChoice::Named(name.name, span),
        Some(_) => TableChoice::Tier,
    }
}
