//! What to write instead of a value of the wrong type.

use topoc_syntax::ast::{BinaryOp, Expr, ExprKind, StmtKind, TextPart};
use ustr::Ustr;

use super::print::text_of;
use crate::checker::Checker;
use crate::suggest::{foreign_word, nearest};
use crate::ty::{FieldTy, Ty};

impl<'a> Checker<'a, '_> {
    /// What to write where `expr` of type `got` stands and `expected` is asked for.
    pub fn advice(&mut self, expr: &'a Expr, got: &Ty<'a>, expected: &Ty<'a>) -> Option<String> {
        let wanted = expected.present();
        if let Some(text) = literal_text(expr) {
            return self.advice_for_text(&text, wanted);
        }
        if let ExprKind::Field(base, _) = &expr.kind
            && matches!(wanted, Ty::Node(_) | Ty::Trait(_))
            && self.is_node_of(base, wanted)
        {
            return Some(format!("write `{}`, the node itself", text_of(base)));
        }
        let text = text_of(expr);
        if let Ty::List(inner) = wanted
            && self.fits(got, inner)
        {
            return Some(format!("write `[{text}]`"));
        }
        if let ExprKind::List(items) = &expr.kind
            && let [one] = items.as_slice()
            && self.passes(|it| it.check(one, expected))
        {
            return Some(format!("write `{}`, without brackets", text_of(one)));
        }
        match (got, wanted) {
            (
                Ty::Int | Ty::WholeNumber | Ty::Float | Ty::Bool | Ty::Port,
                Ty::String | Ty::Name,
            ) => {
                let is_name = matches!(expr.kind, ExprKind::Name(_));
                let text = if is_name { format!("{{{text}}}") } else { text };
                Some(format!("write `\"{text}\"`"))
            }
            (Ty::Enum(_) | Ty::Members(_) | Ty::Words(..), Ty::String | Ty::Name) => {
                Some(format!("write `\"{{{text}}}\"`"))
            }
            (Ty::Node(number), _) if wanted.is_text() => self.texts_of(*number, &text, wanted),
            (Ty::Int, Ty::Port) => Some("give it the type `Port` where it is declared".to_owned()),
            (Ty::Int | Ty::WholeNumber | Ty::Float, _) => measure(&text, wanted),
            (Ty::Bool, Ty::Inline(_) | Ty::Record(_)) if text == "false" => {
                Some("leave it out, or write `{ … }`".to_owned())
            }
            (Ty::List(_), Ty::Range(_)) => Some("a range is written `1..3`".to_owned()),
            (Ty::Inline(_) | Ty::Record(_), Ty::Range(_)) => {
                Some("a range is written `1..3`".to_owned())
            }
            (Ty::List(_), Ty::Map(item)) if matches!(**item, Ty::Cidr) => self.by_zone(expr),
            (Ty::List(_), Ty::Map(_)) => Some("a map is written `{ NAME = value }`".to_owned()),
            (Ty::Inline(_), Ty::List(_)) => Some("a list is written `[…]`".to_owned()),
            (_, Ty::List(inner)) => self
                .record_form(inner, got, expr)
                .map(|it| format!("write `[{it}]`")),
            (Ty::Duration, Ty::Int) => {
                Some(format!("as a number of seconds: `{text}.seconds`")).filter(|_| text != "…")
            }
            _ => self.members_advice(wanted),
        }
    }

    /// What a node shows that may stand where a text is asked for: `jobs.arn`, `jobs.name`.
    fn texts_of(&mut self, number: u32, node: &str, wanted: &Ty<'a>) -> Option<String> {
        let kind = self.kind(number)?;
        let outputs = kind.outputs.iter().map(|(name, it)| (*name, &it.ty));
        let own_name = kind
            .attributes
            .iter()
            .filter(|it| matches!(it.ty, Ty::Name));
        let shown = outputs.chain(own_name.map(|it| (it.name, &it.ty)));
        let fitting = shown.filter(|(_, ty)| !ty.is_unknown() && self.fits(ty, wanted));
        let mut texts: Vec<String> = fitting.map(|it| format!("`{node}.{}`", it.0)).collect();
        texts.sort();
        let word = if texts.len() > 1 {
            "one of: "
        } else {
            "write "
        };
        (!texts.is_empty() && node != "…").then(|| format!("{word}{}", texts.join(", ")))
    }

    /// What to declare where a node of this kind is asked for and a text stands.
    fn node_for_text(&mut self, number: u32, text: &str) -> String {
        let kind = self.print(&Ty::Node(number));
        let existing = self.kind(number).and_then(|it| it.existing.clone());
        let by_arn =
            text.starts_with("arn:") && existing.iter().flatten().any(|it| it.name == "arn");
        if by_arn {
            return format!(
                "declare what is there already, `existing {kind} NAME {{ arn = … }}` with this text, and give its name here"
            );
        }
        let form = self.declaration(number, "NAME");
        match existing {
            Some(_) => format!(
                "declare one, `{form}`, or `existing {kind} NAME {{ … }}` for what is there already, and give its name"
            ),
            None => format!("declare one, `{form}`, and give its name"),
        }
    }

    /// Whether `expr` is a node that `wanted` takes.
    fn is_node_of(&mut self, expr: &'a Expr, wanted: &Ty<'a>) -> bool {
        let ty = self.silently(|it| it.infer(expr));
        !ty.is_unknown() && self.fits(&ty, wanted)
    }

    /// Whether this begins with the name of a declaration that lacks one: `db.host`, `db`.
    pub fn begins_lost(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => {
                self.lookup(*name).is_none()
                    && (self.is_turned(*name) || self.may_be_lost(*name, expr.span))
            }
            ExprKind::Field(base, _) => self.begins_lost(base),
            _ => false,
        }
    }

    /// Whether names that nothing declares stand here where people would quote a text: `us-east-1`, `CNAME`.
    pub fn is_bare_text(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => {
                self.lookup(*name).is_none()
                    && foreign_word(name).is_none()
                    && nearest(name, self.suggestions()).is_none()
                    && (self.names)
                        .behind_alias(self.scope.file, *name, |it| &it.values)
                        .is_none()
            }
            ExprKind::Binary(BinaryOp::Sub | BinaryOp::Div, left, _) => self.is_bare_text(left),
            // `db.host` reads something, `www.example.com` is a text
            ExprKind::Field(base, end) => {
                let is_text = !self.is_name_space(base) && self.is_bare_text(base);
                is_text && !(matches!(base.kind, ExprKind::Name(_)) && self.is_read(end.name))
            }
            _ => false,
        }
    }

    /// Whether some kind has an attribute or output of that name.
    fn is_read(&self, name: Ustr) -> bool {
        let mut members = self.names.kinds.iter().flat_map(|it| &it.decl.members);
        members.any(|it| match &it.kind {
            StmtKind::Output(output) => output.name.name == name,
            StmtKind::Field(field) => field.name.name == name,
            _ => false,
        })
    }

    /// Whether a dot behind it reads a used file, a service of the library or an enumeration.
    fn is_name_space(&self, base: &Expr) -> bool {
        match &base.kind {
            ExprKind::Name(name) => {
                self.names.is_qualifier(self.scope.file, *name)
                    || name.starts_with(|it: char| it.is_ascii_uppercase())
            }
            ExprKind::Field(..) => false,
            _ => true,
        }
    }

    fn advice_for_text(&mut self, text: &str, wanted: &Ty<'a>) -> Option<String> {
        let bare = format!("write `{text}`, without quotes");
        let number = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        match wanted {
            Ty::Bool => Some(match text.to_ascii_lowercase().as_str() {
                "false" | "no" | "off" | "disabled" | "suspended" => "write `false`".to_owned(),
                "true" | "yes" | "on" | "enabled" => "write `true`".to_owned(),
                _ => "write `true` or `false`".to_owned(),
            }),
            Ty::Int | Ty::WholeNumber | Ty::Port | Ty::Float => {
                let number = text.trim_end_matches('%');
                let is_number = number.parse::<f64>().is_ok();
                is_number.then(|| format!("write `{number}`, without quotes"))
            }
            Ty::Duration | Ty::Size | Ty::Percent if number => measure(text, wanted),
            Ty::Duration | Ty::Size | Ty::Percent
                if text.starts_with(|it: char| it.is_ascii_digit()) =>
            {
                Some(bare)
            }
            Ty::Cidr if text.contains(['.', ':']) => Some(bare),
            Ty::Range(_) if text.contains("..") || number => Some(bare),
            Ty::Zone => {
                zone(text).map(|it| format!("write `{it}`, the letter of the zone, without quotes"))
            }
            Ty::Zones => zone(text)
                .map(|it| format!("write `[{it}]`, the letters of the zones, without quotes")),
            Ty::List(inner) if inner.is_text() => Some(format!("write `[\"{text}\"]`")),
            Ty::Asset => Some(format!(
                "write `asset(\"{text}\")`, which packs that file or folder"
            )),
            Ty::Node(number) => Some(self.node_for_text(*number, text)),
            Ty::Trait(_) | Ty::Group | Ty::Network | Ty::NetworkOf(_) | Ty::Subnet => {
                Some("give the declared thing itself, by its name and without quotes".to_owned())
            }
            Ty::Protocol => Some(bare),
            Ty::Secret => Some(
                "a secret is never written down: declare `input NAME: Secret` and give its name here"
                    .to_owned(),
            ),
            _ => {
                let is_member = self.members_of(wanted).iter().any(|it| it == text);
                if is_member {
                    Some(bare)
                } else {
                    self.members_advice(wanted)
                }
            }
        }
    }

    /// `{ after = 30d }`: a record with what it needs, or with the value itself where that is all.
    fn record_form(&mut self, ty: &Ty<'a>, got: &Ty<'a>, expr: &Expr) -> Option<String> {
        let Ty::Record(number) = ty else { return None };
        let fields = self.record_fields(*number);
        let needed: Vec<&FieldTy<'a>> = fields.iter().filter(|it| it.required).collect();
        if let [one] = needed.as_slice()
            && !got.is_unknown()
            && self.fits(got, &one.ty)
        {
            return Some(format!("{{ {} = {} }}", one.name, self.source(expr.span)));
        }
        let mut shown: Vec<Ustr> = needed.iter().map(|it| it.name).collect();
        if shown.is_empty() {
            shown = fields.iter().take(3).map(|it| it.name).collect();
        }
        Some(format!("{{ {} }}", self.given(&fields, &shown)))
    }

    /// `[10.0.0.0/24, 10.0.1.0/24]`, where each zone has a block.
    fn by_zone(&self, expr: &Expr) -> Option<String> {
        let ExprKind::List(blocks) = &expr.kind else {
            return None;
        };
        let blocks = ('a'..='h').zip(blocks);
        let blocks = blocks.map(|(zone, block)| format!("{zone} = {}", self.source(block.span)));
        let blocks: Vec<String> = blocks.collect();
        Some(format!("a map is written `{{ {} }}`", blocks.join(", ")))
    }

    fn members_advice(&self, wanted: &Ty<'a>) -> Option<String> {
        if matches!(wanted, Ty::Protocol) {
            return None;
        }
        let members: Vec<Ustr> = self.members_of(wanted);
        let all: Vec<&str> = members.iter().map(Ustr::as_str).collect();
        (!all.is_empty() && all.len() <= 8).then(|| format!("one of: {}", all.join(", ")))
    }
}

/// The text of a literal without insertions.
fn literal_text(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Text(parts) => match parts.as_slice() {
            [TextPart::Text(it)] => Some(it.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// A number that lacks its unit.
fn measure(number: &str, wanted: &Ty<'_>) -> Option<String> {
    Some(match wanted {
        Ty::Duration => {
            format!("a duration has a unit: `{number}s`, `{number}m`, `{number}h`, `{number}d`")
        }
        Ty::Size => format!("a size has a unit: `{number}MiB`, `{number}GiB`"),
        Ty::Percent => format!("write `{number}%`"),
        Ty::Bool => format!("write `{}`", if number == "0" { "false" } else { "true" }),
        _ => return None,
    })
}

/// `a` of `eu-central-1a`.
fn zone(text: &str) -> Option<char> {
    text.chars().last().filter(char::is_ascii_lowercase)
}
