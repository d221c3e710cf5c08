//! Documents as HCL expressions, and as the arguments and nested blocks of a body.

use topoc_ir::ids::Place;
use topoc_ir::{Doc, LateDoc, Piece, Reference, ResourceId};
use ustr::Ustr;

use super::heredoc;
use super::layout::{self, shape};
use super::print::{Hcl, Shape};
use crate::names::Names;

/// Writes the properties of a resource or a nested block: arguments first, then blocks, then tags.
pub fn body(hcl: &mut Hcl, names: &Names<'_>, fields: &[(Ustr, Doc)]) {
    let is_last = |name: &Ustr| name.as_str() == "tags";
    let arguments = fields.iter().filter(|(_, it)| !is_block(it));
    arguments
        .clone()
        .filter(|(name, _)| !is_last(name))
        .for_each(|(name, it)| argument(hcl, names, name, it));
    for (name, it) in fields.iter().filter(|(_, it)| is_block(it)) {
        blocks(hcl, names, name, it);
    }
    arguments
        .filter(|(name, _)| is_last(name))
        .for_each(|(name, it)| argument(hcl, names, name, it));
}

/// Writes `NAME = VALUE`.
pub fn argument(hcl: &mut Hcl, names: &Names<'_>, name: &str, doc: &Doc) {
    let shape = match doc.fields() {
        Some([_, ..]) => Shape::Brackets,
        Some([]) | None => shape(names, doc),
    };
    hcl.attribute(name, shape, |hcl| value(hcl, names, doc, shape));
}

/// Writes the value of an attribute or an entry.
fn value(hcl: &mut Hcl, names: &Names<'_>, doc: &Doc, shape: Shape) {
    match (shape, doc) {
        (Shape::Heredoc, Doc::Text(text)) => heredoc::write(hcl, names, &[Piece::Text(*text)]),
        (Shape::Heredoc, Doc::Template(pieces)) => heredoc::write(hcl, names, pieces),
        (Shape::Brackets, Doc::Object(fields) | Doc::Block(fields)) => lines(hcl, names, fields),
        (Shape::Heredoc | Shape::Line | Shape::Brackets, _) => expression(hcl, names, doc),
    }
}

fn is_block(doc: &Doc) -> bool {
    match doc {
        Doc::Block(_) => true,
        Doc::List(items) => matches!(items.first(), Some(Doc::Block(_))),
        Doc::Bool(_)
        | Doc::Int(_)
        | Doc::Float(_)
        | Doc::Text(_)
        | Doc::Template(_)
        | Doc::Late(_)
        | Doc::Typed(..)
        | Doc::Package(_)
        | Doc::Object(_)
        | Doc::Slice(..)
        | Doc::Encoded(_) => false,
    }
}

fn blocks(hcl: &mut Hcl, names: &Names<'_>, name: &str, doc: &Doc) {
    if let Doc::Block(fields) = doc {
        hcl.begin_block(format_args!("{name}"));
        body(hcl, names, fields);
        hcl.end_block();
    } else if let Doc::List(items) = doc {
        items.iter().for_each(|it| blocks(hcl, names, name, it));
    }
}

/// Writes an expression.
pub fn expression(hcl: &mut Hcl, names: &Names<'_>, doc: &Doc) {
    match doc {
        Doc::Bool(it) => hcl.write(format_args!("{it}")),
        Doc::Int(it) => hcl.write(format_args!("{it}")),
        Doc::Float(it) => hcl.write(format_args!("{}", it.normalize())),
        Doc::Text(it) => hcl.quote(it),
        Doc::Template(pieces) => template(hcl, names, pieces),
        Doc::Late(it) | Doc::Typed(it, _) => late(hcl, names, it),
        Doc::Package(path) => hcl.write(format_args!("\"${{path.module}}/{path}\"")),
        Doc::List(items) => list(hcl, names, doc, items),
        Doc::Block(fields) | Doc::Object(fields) => object(hcl, names, doc, fields),
        Doc::Slice(range, number) => {
            hcl.push("cidrsubnet(");
            late(hcl, names, range);
            hcl.write(format_args!(", 8, {number})"));
        }
        Doc::Encoded(inner) => {
            hcl.push("jsonencode(");
            expression(hcl, names, inner);
            hcl.push(")");
        }
    }
}

/// One short entry stands on the line of its braces.
fn object(hcl: &mut Hcl, names: &Names<'_>, doc: &Doc, fields: &[(Ustr, Doc)]) {
    match fields {
        [] => hcl.push("{}"),
        [(key, inner)] if layout::is_flat(names, doc) => {
            hcl.push("{ ");
            hcl.key(key);
            hcl.push(" = ");
            expression(hcl, names, inner);
            hcl.push(" }");
        }
        _ => lines(hcl, names, fields),
    }
}

fn lines(hcl: &mut Hcl, names: &Names<'_>, fields: &[(Ustr, Doc)]) {
    hcl.begin_lines("{");
    for (key, doc) in fields {
        let shape = shape(names, doc);
        hcl.entry(key, shape, |hcl| value(hcl, names, doc, shape));
    }
    hcl.end_lines("}");
}

fn list(hcl: &mut Hcl, names: &Names<'_>, doc: &Doc, items: &[Doc]) {
    if !layout::is_flat(names, doc) {
        hcl.begin_lines("[");
        for doc in items {
            hcl.item(|hcl| item(hcl, names, doc));
        }
        return hcl.end_lines("]");
    }
    hcl.push("[");
    for (at, doc) in items.iter().enumerate() {
        if at > 0 {
            hcl.push(", ");
        }
        item(hcl, names, doc);
    }
    hcl.push("]");
}

/// Small records stand on one line in a list: `{ name = "PORT", value = "8000" }`.
fn item(hcl: &mut Hcl, names: &Names<'_>, doc: &Doc) {
    match doc.fields() {
        Some(fields) if layout::is_row(names, fields) => {
            hcl.push("{ ");
            for (at, (key, doc)) in fields.iter().enumerate() {
                if at > 0 {
                    hcl.push(", ");
                }
                hcl.key(key);
                hcl.push(" = ");
                expression(hcl, names, doc);
            }
            hcl.push(" }");
        }
        _ => expression(hcl, names, doc),
    }
}

fn template(hcl: &mut Hcl, names: &Names<'_>, pieces: &[Piece]) {
    if let [Piece::Late(only)] = pieces {
        return late(hcl, names, only);
    }
    hcl.push("\"");
    inside(hcl, names, pieces);
    hcl.push("\"");
}

fn inside(hcl: &mut Hcl, names: &Names<'_>, pieces: &[Piece]) {
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => {
                let (before, dollars) = before_hole(text, at + 1 < pieces.len());
                hcl.inside(before);
                hold_back(hcl, dollars);
            }
            Piece::Late(LateDoc::Resolve(inner)) => inside(hcl, names, inner),
            Piece::Late(it) => {
                hcl.push("${");
                late(hcl, names, it);
                hcl.push("}");
            }
        }
    }
}

/// Splits a text before a hole: `$` at its end would turn the hole's `${` into a literal.
pub fn before_hole(text: &str, hole: bool) -> (&str, &str) {
    let end = match hole {
        true => text.trim_end_matches('$').len(),
        false => text.len(),
    };
    text.split_at(end)
}

/// Writes the `$` before a hole.
pub fn hold_back(hcl: &mut Hcl, dollars: &str) {
    if !dollars.is_empty() {
        hcl.write(format_args!("${{\"{dollars}\"}}"));
    }
}

/// Writes a reference.
pub fn late(hcl: &mut Hcl, names: &Names<'_>, late: &LateDoc) {
    match late {
        LateDoc::Input(name) => hcl.write(format_args!("var.{}", names.input(*name))),
        LateDoc::Resource(id, reference) | LateDoc::Lookup(id, reference) => {
            address(hcl, names, *id);
            match reference {
                Reference::Id => hcl.push(".id"),
                Reference::Path(path) => hcl.write(format_args!(".{path}")),
            }
        }
        LateDoc::Account => hcl.push("data.aws_caller_identity.current.account_id"),
        LateDoc::ZoneSlot(slot) => {
            hcl.write(format_args!(
                "data.aws_availability_zones.available.names[{slot}]"
            ));
        }
        // CloudFormation's alone; elsewhere a secret is an attribute of a lookup.
        LateDoc::Resolve(pieces) => template(hcl, names, pieces),
    }
}

/// `aws_vpc.main`, `data.aws_acm_certificate.site_found`
pub fn address(hcl: &mut Hcl, names: &Names<'_>, id: ResourceId) {
    if let Some(it) = names.of(id) {
        let data = match it.place {
            Place::Resource(_) => "",
            Place::Lookup(_) => "data.",
        };
        hcl.write(format_args!("{data}{}.{}", it.ty, it.name));
    }
}
