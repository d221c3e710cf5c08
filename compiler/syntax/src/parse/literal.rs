//! Numbers, measures and blocks of addresses.

use std::str::FromStr;

use ipnet::IpNet;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use topoc_diagnostics::Span;

use super::errors;
use super::input::{In, Parsed, Reading};
use crate::ast::{Expr, ExprKind};
use crate::lex::Kind;

/// `512`, `0.5`, `15s`
pub fn number<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let token = inp.ahead(0);
    let (slice, span) = (inp.state().slice(token), inp.span_of(token));
    let digits = slice.replace('_', "");
    let found = match token.kind {
        Kind::Int => digits
            .parse()
            .map(ExprKind::Int)
            .map_err(|_| errors::number(span, slice)),
        Kind::Float => decimal(&digits, span).map(ExprKind::Float),
        Kind::Unit => measure(&digits, span),
        _ => return inp.unexpected("a number"),
    };
    inp.skip();
    let kind = found.unwrap_or_else(|report| {
        inp.report(report);
        meant(&digits, span).unwrap_or(ExprKind::Error)
    });
    Ok(inp.expr(kind, span))
}

/// `10GB` as `10GiB`: whether that is allowed can be said at once.
fn meant(text: &str, span: Span) -> Option<ExprKind> {
    let letters = text.trim_start_matches(|it: char| !it.is_ascii_alphabetic());
    let number = text.strip_suffix(letters)?;
    let unit = errors::better_unit(letters)?;
    measure(&format!("{number}{unit}"), span).ok()
}

/// `-5`, where only literals may stand.
pub fn signed_number<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let start = inp.here();
    if inp.eat(Kind::Minus).is_none() {
        return number(inp);
    }
    let positive = number(inp)?;
    let span = inp.since(start);
    Ok(inp.expr(ExprKind::Negate(Box::new(positive)), span))
}

/// `10.0.0.0/16`, `fd00::/56`
pub fn cidr<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let token = inp.ahead(0);
    inp.skip();
    let (slice, span) = (inp.state().slice(token), inp.span_of(token));
    let length = if slice.contains(':') { 128 } else { 32 };
    let written = if slice.contains('/') {
        slice.to_owned()
    } else {
        format!("{slice}/{length}")
    };
    let kind = match IpNet::from_str(&written) {
        Ok(net) => {
            if !slice.contains('/') {
                inp.report(errors::no_prefix(span, slice));
            } else if net.addr() != net.network() {
                inp.report(errors::host_bits(span, slice, &net.trunc().to_string()));
            }
            ExprKind::Cidr(net.trunc())
        }
        Err(_) => {
            inp.report(errors::no_address(span, slice));
            ExprKind::Error
        }
    };
    Ok(inp.expr(kind, span))
}

type Read<T> = Result<T, topoc_diagnostics::Diagnostic>;

/// Decimals have nine places.
fn decimal(digits: &str, span: Span) -> Read<Decimal> {
    Decimal::from_str_exact(digits)
        .ok()
        .filter(|it| it.normalize().scale() <= 9)
        .ok_or_else(|| errors::number(span, digits))
}

fn measure(text: &str, span: Span) -> Read<ExprKind> {
    let letters = text
        .find(|it: char| it.is_ascii_alphabetic() || it == '%')
        .unwrap_or(text.len());
    let (digits, letters) = text.split_at(letters);
    let number = decimal(digits, span)?;
    let whole = |factor: i64, unit: &str| {
        let product = number
            .checked_mul(Decimal::from(factor))
            .ok_or_else(|| errors::number(span, text))?;
        match product.is_integer() {
            true => product.to_i64().ok_or_else(|| errors::number(span, text)),
            false => Err(errors::not_whole(span, text, unit)),
        }
    };
    let duration = |factor| whole(factor, "milliseconds").map(ExprKind::Duration);
    let size = |power| whole(1_i64 << (10 * power), "bytes").map(ExprKind::Size);
    match letters {
        "ms" => duration(1),
        "s" => duration(1000),
        "m" => duration(60_000),
        "h" => duration(3_600_000),
        "d" => duration(86_400_000),
        "B" => size(0),
        "KiB" => size(1),
        "MiB" => size(2),
        "GiB" => size(3),
        "TiB" => size(4),
        "%" => Ok(ExprKind::Percent(number)),
        other => Err(errors::unit(span, digits, other)),
    }
}
