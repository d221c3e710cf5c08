//! Documents in Pulumi YAML: `${…}` for references, `fn::` for what YAML has no notation for.

use std::borrow::Cow;

use topoc_ir::verify::names::{PULUMI_ACCOUNT, PULUMI_ZONES};
use topoc_ir::{Doc, LateDoc, Piece, Reference, ResourceId};
use ustr::Ustr;

use crate::names::{Names, list_item};
use crate::yaml::Yaml;

/// Writes a document.
pub fn document(yaml: &mut Yaml, names: &Names<'_>, doc: &Doc) {
    match doc {
        Doc::Bool(it) => yaml.raw(format_args!("{it}")),
        Doc::Int(it) => yaml.raw(format_args!("{it}")),
        Doc::Float(it) => yaml.raw(format_args!("{}", it.normalize())),
        Doc::Text(it) => yaml.text(&literal(it)),
        Doc::Template(pieces) => yaml.text(&text(names, pieces)),
        Doc::Late(LateDoc::Input(name)) => input(yaml, names, *name),
        Doc::Late(it) | Doc::Typed(it, _) => yaml.text(&whole(names, it)),
        Doc::Package(path) => package(yaml, path),
        Doc::List(items) => list(yaml, names, items),
        Doc::Block(fields) | Doc::Object(fields) => object(yaml, names, fields),
        Doc::Slice(range, number) => slice(yaml, names, range, *number),
        Doc::Encoded(inner) => {
            yaml.begin_object();
            yaml.key("fn::toJSON");
            document(yaml, names, inner);
            yaml.end_object();
        }
    }
}

/// Writes a mapping.
pub fn object(yaml: &mut Yaml, names: &Names<'_>, fields: &[(Ustr, Doc)]) {
    yaml.begin_object();
    for (key, doc) in fields {
        yaml.key(&key_text(key));
        document(yaml, names, doc);
    }
    yaml.end_object();
}

/// `${web}`: the resource itself, for order and providers.
pub fn itself(names: &Names<'_>, id: ResourceId) -> String {
    format!("${{{}}}", names.name(id))
}

fn list(yaml: &mut Yaml, names: &Names<'_>, items: &[Doc]) {
    yaml.begin_list();
    for doc in items {
        yaml.item();
        document(yaml, names, doc);
    }
    yaml.end_list();
}

/// What Pulumi is told to be an archive it uploads.
fn package(yaml: &mut Yaml, path: &str) {
    yaml.begin_object();
    yaml.key("fn::fileArchive");
    yaml.text(&format!("./{path}"));
    yaml.end_object();
}

/// Pulumi YAML has no function for addresses; its standard package has.
fn slice(yaml: &mut Yaml, names: &Names<'_>, range: &LateDoc, number: u16) {
    standard(yaml, "std:cidrsubnet", |yaml| {
        yaml.key("input");
        yaml.text(&whole(names, range));
        yaml.key("newbits");
        yaml.raw(format_args!("8"));
        yaml.key("netnum");
        yaml.raw(format_args!("{number}"));
    });
}

/// What a function of the standard package gives.
fn standard(yaml: &mut Yaml, function: &str, arguments: impl FnOnce(&mut Yaml)) {
    yaml.begin_object();
    yaml.key("fn::invoke");
    yaml.begin_object();
    yaml.key("function");
    yaml.text(function);
    yaml.key("arguments");
    yaml.begin_object();
    arguments(yaml);
    yaml.end_object();
    yaml.key("return");
    yaml.text("result");
    yaml.end_object();
    yaml.end_object();
}

/// Lists and broken numbers of configuration are texts, as no other type of theirs pleases all versions.
fn input(yaml: &mut Yaml, names: &Names<'_>, name: Ustr) {
    let ty = names.input_type(name);
    let item = list_item(ty);
    let text = format!("${{{}}}", names.input(name));
    match (ty, item) {
        ("Float", _) => decoded(yaml, &text),
        (_, Some("Int" | "Float" | "Bool")) => decoded(yaml, &format!("[{text}]")),
        (_, Some(_)) => split(yaml, &text),
        (_, None) => yaml.text(&text),
    }
}

/// The value of a text of JSON.
fn decoded(yaml: &mut Yaml, json: &str) {
    standard(yaml, "std:jsondecode", |yaml| {
        yaml.key("input");
        yaml.text(json);
    });
}

fn split(yaml: &mut Yaml, text: &str) {
    yaml.begin_object();
    yaml.key("fn::split");
    yaml.begin_list();
    yaml.item();
    yaml.text(",");
    yaml.item();
    yaml.text(text);
    yaml.end_list();
    yaml.end_object();
}

fn whole(names: &Names<'_>, late: &LateDoc) -> String {
    let mut text = String::new();
    hole(&mut text, names, late);
    text
}

fn text(names: &Names<'_>, pieces: &[Piece]) -> String {
    let mut text = String::new();
    all_pieces(&mut text, names, pieces);
    text
}

fn all_pieces(out: &mut String, names: &Names<'_>, pieces: &[Piece]) {
    for piece in pieces {
        match piece {
            Piece::Text(it) => out.push_str(&literal(it)),
            Piece::Late(it) => hole(out, names, it),
        }
    }
}

fn hole(out: &mut String, names: &Names<'_>, late: &LateDoc) {
    let parts = match late {
        LateDoc::Input(name) => [names.input(*name), "", ""],
        LateDoc::Resource(id, reference) | LateDoc::Lookup(id, reference) => {
            let path = match reference {
                Reference::Id => "id",
                Reference::Path(path) => path.as_str(),
            };
            [names.name(*id), ".", path]
        }
        LateDoc::Account => [PULUMI_ACCOUNT, ".accountId", ""],
        LateDoc::ZoneSlot(slot) => {
            out.push_str(&format!("${{{PULUMI_ZONES}.names[{slot}]}}"));
            return;
        }
        // CloudFormation's alone; elsewhere a secret is an attribute of a lookup.
        LateDoc::Resolve(pieces) => return all_pieces(out, names, pieces),
    };
    out.push_str("${");
    parts.iter().for_each(|it| out.push_str(it));
    out.push('}');
}

/// Every `$` of the text itself is doubled.
fn literal(text: &str) -> Cow<'_, str> {
    if text.contains('$') {
        text.replace('$', "$$").into()
    } else {
        text.into()
    }
}

/// Keys are texts too; those of built-ins are left alone.
fn key_text(key: &str) -> Cow<'_, str> {
    literal(key)
}
