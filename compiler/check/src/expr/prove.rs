//! Refinements on inputs: nobody can look at the value, so the input's own refinement must imply what is asked for.

use topoc_syntax::ast::{Expr, ExprKind, Fact, Refinement};
use ustr::Ustr;

use super::refine::{number, plain_text, shown};
use crate::checker::Checker;
use crate::errors;
use crate::names::What;
use crate::scope::Binding;
use crate::ty::{FieldTy, Ty};

impl<'a> Checker<'a, '_> {
    /// An input must bring a refinement that proves what the field asks for: nobody can look at it when compiling.
    pub fn check_proved(
        &mut self,
        value: &'a Expr,
        name: Ustr,
        field: &FieldTy<'a>,
        asked: &'a Refinement,
    ) {
        let Some(Binding::Top(number)) = self.lookup(name) else {
            return;
        };
        let Some(What::Input(input)) = self.names.values.get(number as usize).map(|it| it.what)
        else {
            return;
        };
        let given = input
            .refinement
            .as_ref()
            .map_or(&[][..], |it| it.facts.as_slice());
        let unproved = asked
            .facts
            .iter()
            .find(|it| !proved(it, given) && !matches!(field.ty.present(), Ty::Name));
        if let Some(fact) = unproved {
            let needed = format!(
                "input {name}: {} where {}",
                self.print(field.ty.present()),
                written(fact)
            );
            self.report(errors::unproved(
                value.span,
                field.name,
                name,
                input.name.span,
                asked.span,
                &needed,
            ));
        }
    }
}

/// Whether what is given implies the fact.
fn proved(fact: &Fact, given: &[Fact]) -> bool {
    match fact {
        Fact::Matches(pattern, _) => given
            .iter()
            .any(|it| matches!(it, Fact::Matches(own, _) if own == pattern)),
        Fact::Chars(allowed, _) => given
            .iter()
            .any(|it| matches!(it, Fact::Chars(own, _) if own == allowed)),
        Fact::In(list) => given
            .iter()
            .any(|it| matches!(it, Fact::In(own) if is_subset(own, list))),
        // asking for the length of every name would burden each program; the service refuses what is too long
        Fact::LengthBetween(..) | Fact::LengthAtMost(_) | Fact::LengthAtLeast(_) => true,
        Fact::Between(..) | Fact::Less(_) | Fact::AtMost(_) | Fact::More(_) | Fact::AtLeast(_) => {
            within(&interval(given), &interval(std::slice::from_ref(fact)))
        }
    }
}

/// Low and high end with whether they belong to it.
type Interval = [(f64, bool); 2];

fn interval(facts: &[Fact]) -> Interval {
    let mut found: Interval = [(f64::NEG_INFINITY, false), (f64::INFINITY, false)];
    let [low, high] = &mut found;
    for fact in facts {
        let (from, to) = match fact {
            Fact::Between(a, b) => (number(a), number(b)),
            Fact::AtLeast(a) => (number(a), None),
            Fact::AtMost(b) => (None, number(b)),
            Fact::More(a) => {
                raise(low, number(a).map(|it| (it, false)));
                continue;
            }
            Fact::Less(b) => {
                lower(high, number(b).map(|it| (it, false)));
                continue;
            }
            Fact::In(list) => ends(list),
            _ => (None, None),
        };
        raise(low, from.map(|it| (it, true)));
        lower(high, to.map(|it| (it, true)));
    }
    found
}

fn raise(low: &mut (f64, bool), to: Option<(f64, bool)>) {
    if let Some(to) = to.filter(|it| it.0 > low.0 || (it.0 == low.0 && !it.1)) {
        *low = to;
    }
}

fn lower(high: &mut (f64, bool), to: Option<(f64, bool)>) {
    if let Some(to) = to.filter(|it| it.0 < high.0 || (it.0 == high.0 && !it.1)) {
        *high = to;
    }
}

fn within(inner: &Interval, outer: &Interval) -> bool {
    let [(a, a_in), (b, b_in)] = *inner;
    let [(c, c_in), (d, d_in)] = *outer;
    (a > c || (a == c && (c_in || !a_in))) && (b < d || (b == d && (d_in || !b_in)))
}

/// The least and the greatest of the listed numbers.
fn ends(list: &Expr) -> (Option<f64>, Option<f64>) {
    let ExprKind::List(items) = &list.kind else {
        return (None, None);
    };
    let all: Option<Vec<f64>> = items.iter().map(number).collect();
    let all = all.unwrap_or_default();
    (
        all.iter().copied().reduce(f64::min),
        all.iter().copied().reduce(f64::max),
    )
}

fn is_subset(own: &Expr, list: &Expr) -> bool {
    let (ExprKind::List(own), ExprKind::List(list)) = (&own.kind, &list.kind) else {
        return false;
    };
    let same = |a: &Expr, b: &Expr| match (&a.kind, &b.kind) {
        (ExprKind::Name(a), ExprKind::Name(b)) => a == b,
        (ExprKind::Text(a), ExprKind::Text(b)) => {
            plain_text(a).is_some() && plain_text(a) == plain_text(b)
        }
        _ => number(a).is_some() && number(a) == number(b),
    };
    own.iter()
        .all(|it| list.iter().any(|other| same(it, other)))
}

/// A fact as it is written.
fn written(fact: &Fact) -> String {
    match fact {
        Fact::Between(a, b) => format!("{}..{}", shown(a), shown(b)),
        Fact::Less(it) => format!("< {}", shown(it)),
        Fact::AtMost(it) => format!("<= {}", shown(it)),
        Fact::More(it) => format!("> {}", shown(it)),
        Fact::AtLeast(it) => format!(">= {}", shown(it)),
        Fact::In(_) => "in […]".to_owned(),
        Fact::Matches(pattern, _) => format!("matches r\"{pattern}\""),
        Fact::Chars(allowed, _) => format!("chars \"{allowed}\""),
        Fact::LengthBetween(a, b) => format!("length {}..{}", shown(a), shown(b)),
        Fact::LengthAtMost(it) => format!("length <= {}", shown(it)),
        Fact::LengthAtLeast(it) => format!("length >= {}", shown(it)),
    }
}
