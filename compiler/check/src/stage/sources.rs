//! Follows a value back to the inputs, resources and attributes that it comes from.

use topoc_diagnostics::Span;
use topoc_syntax::ast::{self, Arg, BinaryOp, Expr, ExprKind, TextPart};
use ustr::Ustr;

use super::{Cause, Input, Source, Step};
use crate::checker::{Checker, Known};
use crate::names::{Value, What};
use crate::scope::{Binding, Home, LocalWhat, Scope};
use crate::ty::Ty;

/// How far a value is followed.
const DEPTH: u8 = 24;

/// How many expressions are looked at for one answer; what lies behind is taken as early.
const STEPS: u32 = 500;

impl<'a> Checker<'a, '_> {
    /// Where the value at `path` in `expr` comes from.
    pub fn sources(&mut self, expr: &'a Expr, path: &[Step]) -> Vec<Source> {
        let mut out = Vec::new();
        self.steps = STEPS;
        self.silently(|it| it.follow(expr, path, DEPTH, &mut out));
        out
    }

    fn follow(&mut self, expr: &'a Expr, path: &[Step], depth: u8, out: &mut Vec<Source>) {
        let (Some(depth), Some(steps)) = (depth.checked_sub(1), self.steps.checked_sub(1)) else {
            return;
        };
        self.steps = steps;
        match &expr.kind {
            // a member is no value
            ExprKind::Name(_) if self.members.contains_key(&expr.id) => {}
            ExprKind::Name(name) => self.follow_name(*name, expr.span, path, depth, out),
            ExprKind::Field(base, name) | ExprKind::OptField(base, name) => {
                let deeper = deeper(Step::Field(name.name), path);
                let before = out.len();
                if !self.follow_qualified(base, name.name, path, depth, out) {
                    self.follow(base, &deeper, depth, out);
                }
                place(out, before, expr.span);
            }
            ExprKind::Index(base, _) => {
                let before = out.len();
                self.follow(base, &deeper(Step::Item, path), depth, out);
                place(out, before, expr.span);
            }
            ExprKind::SelfNode => {
                if let [Step::Field(name), rest @ ..] = path
                    && matches!(self.scope.home, Home::Kind(_))
                {
                    self.follow_member(*name, expr.span, rest, depth, out);
                }
            }
            ExprKind::Text(parts) => {
                for part in parts {
                    if let TextPart::Code(code) = part {
                        self.follow(code, &[], depth, out);
                    }
                }
            }
            ExprKind::List(items) => match path {
                [Step::Count, ..] => {}
                [Step::Item, rest @ ..] | rest => items
                    .iter()
                    .for_each(|it| self.follow(it, rest, depth, out)),
            },
            ExprKind::Record(attributes) => self.follow_record(attributes, path, depth, out),
            ExprKind::ListFor(loops, body) | ExprKind::MapFor(loops, _, body) => match path {
                [Step::Count, ..] => {}
                [Step::Item, rest @ ..] | rest => self.inner(|it| {
                    loops.iter().for_each(|turn| it.assume_loop(&turn.head));
                    it.follow(body, rest, depth, out);
                }),
            },
            ExprKind::If(_, a, b) => self.follow_either(a, b, path, depth, out),
            ExprKind::Binary(op, a, b) => self.follow_binary(*op, a, b, path, depth, out),
            ExprKind::Not(inner) | ExprKind::Negate(inner) | ExprKind::Protocol(_, inner) => {
                self.follow(inner, &[], depth, out);
            }
            ExprKind::Range(low, high) => {
                let side = |name: &str| !matches!(path, [Step::Field(it), ..] if it != name);
                if side("low") {
                    self.follow(low, &[], depth, out);
                }
                if side("high") {
                    self.follow(high, &[], depth, out);
                }
            }
            ExprKind::Call(callee, args) => self.follow_call(callee, args, path, depth, out),
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Duration(_)
            | ExprKind::Size(_)
            | ExprKind::Percent(_)
            | ExprKind::None
            | ExprKind::Cidr(_)
            | ExprKind::Internet
            | ExprKind::Error => {}
        }
    }

    /// Brings the variables of a loop into scope without looking at their types.
    pub fn assume_loop(&mut self, head: &'a ast::LoopHead) {
        if let Some(key) = head.key {
            self.push_local(key, LocalWhat::Key, Known::Ty(Ty::Unknown));
        }
        self.push_local(head.item, LocalWhat::Item(head), Known::Ty(Ty::Unknown));
    }

    fn follow_record(
        &mut self,
        given: &'a [ast::Attribute],
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        match path {
            [Step::Count, ..] => {}
            [Step::Field(name), rest @ ..] => {
                if let Some(it) = given.iter().find(|it| it.name.name == *name) {
                    self.follow(&it.value, rest, depth, out);
                }
            }
            [Step::Item, rest @ ..] | rest => {
                given
                    .iter()
                    .for_each(|it| self.follow(&it.value, rest, depth, out));
            }
        }
    }

    /// One of two: late only if both are.
    fn follow_either(
        &mut self,
        a: &'a Expr,
        b: &'a Expr,
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        self.follow(a, path, depth, &mut left);
        self.follow(b, path, depth, &mut right);
        let is_late = |it: &Source| matches!(it, Source::Late { .. });
        let both = left.iter().any(is_late) && right.iter().any(is_late);
        out.extend(
            left.into_iter()
                .chain(right)
                .filter(|it| both || !is_late(it)),
        );
    }

    fn follow_binary(
        &mut self,
        op: BinaryOp,
        a: &'a Expr,
        b: &'a Expr,
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        let is_none = |it: &Expr| matches!(it.kind, ExprKind::None);
        match op {
            // whether something is present is always early
            BinaryOp::Eq | BinaryOp::Ne if is_none(a) || is_none(b) => {}
            BinaryOp::Fallback => self.follow_either(a, b, path, depth, out),
            BinaryOp::Add => {
                self.follow(a, path, depth, out);
                self.follow(b, path, depth, out);
            }
            BinaryOp::In => self.follow(a, &[], depth, out),
            BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Div => {
                self.follow(a, &[], depth, out);
                self.follow(b, &[], depth, out);
            }
        }
    }

    fn follow_call(
        &mut self,
        callee: &'a Expr,
        args: &'a [Arg],
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        let ExprKind::Name(name) = &callee.kind else {
            return;
        };
        let Some(first) = args.first().map(|it| &it.value) else {
            return;
        };
        match name.as_str() {
            "length" | "keys" => self.follow(first, &[Step::Count], depth, out),
            "first" | "only" => self.follow(first, &deeper(Step::Item, path), depth, out),
            "values" | "sort" => self.follow(first, path, depth, out),
            "flatten" => match path {
                [Step::Item, ..] => self.follow(first, &deeper(Step::Item, path), depth, out),
                _ => self.follow(first, path, depth, out),
            },
            "split" => self.follow(first, &[], depth, out),
            "lower" | "upper" | "replace" | "starts_with" | "ends_with" | "round" | "text"
            | "int" => {
                args.iter()
                    .for_each(|it| self.follow(&it.value, &[], depth, out));
            }
            _ => {}
        }
    }

    /// `kit.value`, where the base is no value.
    fn follow_qualified(
        &mut self,
        base: &'a Expr,
        name: Ustr,
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) -> bool {
        let ExprKind::Name(qualifier) = &base.kind else {
            return false;
        };
        if self.lookup(*qualifier).is_some() {
            return false;
        }
        let found = self
            .names
            .find_in(self.scope.file, *qualifier, name, |it| &it.values)
            .first();
        if let Some(value) = found.and_then(|it| self.names.values.get(it as usize)) {
            let scope = Scope::file(value.file);
            self.within(scope, |it| {
                it.follow_value(value, base.span, path, depth, out)
            });
        }
        true
    }

    fn follow_name(
        &mut self,
        name: Ustr,
        at: Span,
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        let before = out.len();
        match self.lookup(name) {
            Some(Binding::Local(local)) => {
                match self.scope.locals.get(local).map(|it| it.what.clone()) {
                    Some(LocalWhat::Item(head)) => {
                        self.follow(&head.list, &deeper(Step::Item, path), depth, out)
                    }
                    Some(LocalWhat::Value(value)) => {
                        self.follow_value(&value, at, path, depth, out)
                    }
                    Some(LocalWhat::Key | LocalWhat::Parameter) | None => {}
                }
            }
            Some(Binding::Member(_) | Binding::Output(_)) => {
                self.follow_member(name, at, path, depth, out)
            }
            Some(Binding::Top(number)) => {
                if let Some(value) = self.names.values.get(number as usize) {
                    let scope = Scope::file(value.file);
                    self.within(scope, |it| it.follow_value(value, at, path, depth, out));
                }
            }
            Some(Binding::BuiltIn(Ty::Aws)) => {
                let stated = self.names.topology.filter(|it| {
                    it.body
                        .attributes
                        .iter()
                        .any(|it| it.name.name == "account")
                });
                if matches!(path, [Step::Field(it), ..] if it == "account") && stated.is_none() {
                    out.push(Source::Late {
                        cause: Cause {
                            span: at,
                            input: None,
                        },
                        at,
                    });
                }
            }
            Some(Binding::BuiltIn(_) | Binding::Outside(_) | Binding::Ambiguous) | None => {}
        }
        place(out, before, at);
    }

    /// A member or an output of the kind or edge around.
    fn follow_member(
        &mut self,
        name: Ustr,
        at: Span,
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        let (value, output) = match &self.scope.home {
            Home::Kind(kind) => (
                kind.members.get(&name).cloned(),
                kind.outputs.get(&name).map(|it| it.decl),
            ),
            Home::Edge(edge) => (edge.members.get(&name).cloned(), None),
            Home::File => return,
        };
        if let Some(value) = value {
            self.follow_value(&value, at, path, depth, out);
        } else if let Some(value) = output.and_then(|it| it.value.as_ref()) {
            self.follow(value, path, depth, out);
        }
    }

    fn follow_value(
        &mut self,
        value: &Value<'a>,
        at: Span,
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        match value.what {
            What::Input(it) => {
                let ty = self.silently(|c| c.resolve(&it.ty, value.file));
                let input = Input {
                    name: it.name.name,
                    ty: Ustr::from(&self.print(&ty)),
                };
                let cause = Cause {
                    span: it.name.span,
                    input: Some(input),
                };
                out.push(Source::Late { cause, at });
            }
            What::Attribute(it) => {
                if matches!(self.scope.home, Home::Kind(_)) {
                    out.push(Source::Attribute {
                        name: it.name.name,
                        path: path.to_vec(),
                        at,
                    });
                }
            }
            What::Let(it) if it.params.is_none() => self.follow(&it.value, path, depth, out),
            What::Node(it) => self.follow_node(
                it,
                value.file,
                at,
                skip_keys(path, value.depth()),
                depth,
                out,
            ),
            What::Resource(it) | What::Lookup(it) => {
                self.follow_resource(
                    it,
                    value.file,
                    at,
                    skip_keys(path, value.depth()),
                    depth,
                    out,
                );
            }
            What::Param(_)
            | What::Let(_)
            | What::Collect(_)
            | What::Output(_)
            | What::Existing(_)
            | What::Network(_)
            | What::Group(_)
            | What::External(_)
            | What::Raw(_) => {}
        }
    }

    fn follow_resource(
        &mut self,
        it: &'a ast::Resource,
        file: usize,
        at: Span,
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        let [Step::Field(name), rest @ ..] = path else {
            return;
        };
        let number = self
            .names
            .find(file, it.ty.text(), |it| &it.resource_types)
            .first();
        let Some(info) = number.and_then(|it| self.resource_type(it)) else {
            return;
        };
        if let Some((_, output)) = info
            .decl
            .outputs
            .iter()
            .find(|(_, it)| it.name.name == *name)
        {
            let cause = Cause {
                span: output.name.span,
                input: None,
            };
            out.push(Source::Late { cause, at });
        } else if let Some(given) = it.body.attributes.iter().find(|it| it.name.name == *name) {
            self.follow(&given.value, rest, depth, out);
        }
    }

    fn follow_node(
        &mut self,
        node: &'a ast::NodeDecl,
        file: usize,
        at: Span,
        path: &[Step],
        depth: u8,
        out: &mut Vec<Source>,
    ) {
        let [Step::Field(name), rest @ ..] = path else {
            return;
        };
        let number = node
            .kind
            .as_ref()
            .and_then(|it| self.names.find_path(file, it, |it| &it.kinds).first());
        let Some(kind) = number.and_then(|it| self.kind(it)) else {
            return;
        };
        if let Some(given) = node.body.attributes.iter().find(|it| it.name.name == *name) {
            return self.follow(&given.value, rest, depth, out);
        }
        if kind.attribute(*name).is_some() {
            return;
        }
        let Some((value, decl)) = kind
            .outputs
            .get(name)
            .and_then(|it| it.decl.value.as_ref().map(|v| (v, it.decl)))
        else {
            return;
        };
        let mut inside = Vec::new();
        self.within(Scope::kind(kind.clone()), |it| {
            it.follow(value, rest, depth, &mut inside)
        });
        for source in inside {
            match source {
                Source::Late { .. } => {
                    let cause = Cause {
                        span: decl.name.span,
                        input: None,
                    };
                    out.push(Source::Late { cause, at });
                }
                Source::Attribute { name, path, .. } => {
                    if let Some(given) = node.body.attributes.iter().find(|it| it.name.name == name)
                    {
                        self.follow(&given.value, &path, depth, out);
                    }
                }
            }
        }
    }
}

/// What was found since `before` came by the expression at `at`.
fn place(out: &mut [Source], before: usize, span: Span) {
    for source in out.iter_mut().skip(before) {
        match source {
            Source::Late { at, .. } | Source::Attribute { at, .. } => *at = span,
        }
    }
}

fn deeper(step: Step, path: &[Step]) -> Vec<Step> {
    std::iter::once(step).chain(path.iter().copied()).collect()
}

/// A family is indexed before its fields are read.
fn skip_keys(path: &[Step], depth: usize) -> &[Step] {
    match path {
        [Step::Item, rest @ ..] if depth > 0 => rest,
        _ => path,
    }
}
