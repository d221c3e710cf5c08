//! Documents in a template: `Ref`, `Fn::GetAtt`, and `Fn::Sub` for texts with holes.

use std::collections::BTreeMap;

use topoc_ir::{Doc, LateDoc, Piece, Reference, ResourceId, ids};
use ustr::Ustr;

use super::form::Form;
use crate::json;
use crate::names::{Names, list_item};

/// Writes a document.
pub fn document<F: Form>(form: &mut F, names: &Names<'_>, doc: &Doc) {
    match doc {
        Doc::Bool(it) => form.raw(format_args!("{it}")),
        Doc::Int(it) => form.raw(format_args!("{it}")),
        Doc::Float(it) => form.raw(format_args!("{}", it.normalize())),
        Doc::Text(it) | Doc::Package(it) => form.text(it),
        Doc::Template(pieces) => template(form, names, pieces),
        Doc::Late(it) | Doc::Typed(it, _) => late(form, names, it),
        Doc::List(items) => list(form, names, items),
        Doc::Block(fields) | Doc::Object(fields) => object(form, names, fields),
        Doc::Encoded(inner) => encoded(form, names, inner),
        Doc::Slice(range, number) => slice(form, names, range, *number),
    }
}

/// Writes what an output says. Outputs are texts, so a list of deployment is joined as one is that is known.
pub fn output<F: Form>(form: &mut F, names: &Names<'_>, doc: &Doc) {
    match whole(names, doc) {
        Some((list, ty)) if list_item(ty).is_some() => {
            join(form, ",", |form| late(form, names, list));
        }
        _ => document(form, names, doc),
    }
}

/// A value of deployment alone, and its type.
fn whole<'a>(names: &'a Names<'_>, doc: &'a Doc) -> Option<(&'a LateDoc, &'a str)> {
    match doc {
        Doc::Late(late @ LateDoc::Input(name)) => Some((late, names.input_type(*name))),
        Doc::Late(late) => Some((late, "String")),
        Doc::Typed(late, ty) => Some((late, ty.as_str())),
        Doc::Bool(_)
        | Doc::Int(_)
        | Doc::Float(_)
        | Doc::Text(_)
        | Doc::Package(_)
        | Doc::Template(_)
        | Doc::List(_)
        | Doc::Block(_)
        | Doc::Object(_)
        | Doc::Encoded(_)
        | Doc::Slice(..) => None,
    }
}

/// `Fn::Select` of the blocks that `Fn::Cidr` cuts the first IPv6 range of a network into.
fn slice<F: Form>(form: &mut F, names: &Names<'_>, range: &LateDoc, number: u16) {
    select(form, number, |form| {
        form.begin_object();
        form.key("Fn::Cidr");
        form.begin_list();
        form.item();
        select(form, 0, |form| late(form, names, range));
        form.item();
        form.raw(format_args!("{}", number + 1));
        form.item();
        form.raw(format_args!("64"));
        form.end_list();
        form.end_object();
    });
}

fn select<F: Form>(form: &mut F, number: u16, list: impl FnOnce(&mut F)) {
    form.begin_object();
    form.key("Fn::Select");
    form.begin_list();
    form.item();
    form.raw(format_args!("{number}"));
    form.item();
    list(form);
    form.end_list();
    form.end_object();
}

/// Writes an object.
pub fn object<F: Form>(form: &mut F, names: &Names<'_>, fields: &[(Ustr, Doc)]) {
    form.begin_object();
    for (key, doc) in fields {
        form.key(key);
        document(form, names, doc);
    }
    form.end_object();
}

fn list<F: Form>(form: &mut F, names: &Names<'_>, items: &[Doc]) {
    form.begin_list();
    for doc in items {
        form.item();
        document(form, names, doc);
    }
    form.end_list();
}

fn template<F: Form>(form: &mut F, names: &Names<'_>, pieces: &[Piece]) {
    match pieces {
        [Piece::Late(only)] => late(form, names, only),
        _ => {
            let mut text = Sub::new(names, holes_in(pieces));
            text.pieces(pieces);
            text.write(form);
        }
    }
}

fn late<F: Form>(form: &mut F, names: &Names<'_>, late: &LateDoc) {
    match late {
        LateDoc::Input(name) => form.refer(names.input(*name)),
        LateDoc::Resource(id, Reference::Id) => form.refer(names.name(*id)),
        LateDoc::Resource(id, Reference::Path(path)) => form.get_att(names.name(*id), path),
        LateDoc::Lookup(id, output) => form.refer(&parameter(names, *id, output)),
        LateDoc::Account => form.refer("AWS::AccountId"),
        LateDoc::ZoneSlot(slot) => form.zone(*slot),
        LateDoc::Resolve(pieces) => {
            let mut text = Sub::new(names, holes_in(pieces));
            text.resolve(pieces);
            text.write(form);
        }
    }
}

fn encoded<F: Form>(form: &mut F, names: &Names<'_>, doc: &Doc) {
    let mut holes = false;
    doc.each_late(&mut |_| holes = true);
    let mut text = Sub::new(names, holes);
    text.json(doc);
    text.write(form);
}

fn parameter(names: &Names<'_>, id: ResourceId, output: &Reference) -> String {
    let output = match output {
        Reference::Id => "id",
        Reference::Path(path) => path.as_str(),
    };
    ids::lookup_parameter(names.name(id), output)
}

fn holes_in(pieces: &[Piece]) -> bool {
    pieces.iter().any(|it| match it {
        Piece::Text(_) => false,
        Piece::Late(LateDoc::Resolve(inner)) => holes_in(inner),
        Piece::Late(_) => true,
    })
}

/// A text for `Fn::Sub`; without holes it is a text as it is.
struct Sub<'a> {
    names: &'a Names<'a>,
    holes: bool,
    text: String,
    /// In how many texts of JSON it stands, itself counted.
    depth: usize,
    /// What no hole can say by itself: `Fn::Sub` takes it as variables.
    variables: BTreeMap<String, Variable<'a>>,
}

/// A variable of `Fn::Sub`.
enum Variable<'a> {
    /// The name of a zone.
    Zone(u8),
    /// The items of a list, with this text between them.
    Joined(&'a LateDoc, String),
}

impl<'a> Sub<'a> {
    fn new(names: &'a Names<'a>, holes: bool) -> Self {
        Self {
            names,
            holes,
            text: String::new(),
            depth: 1,
            variables: BTreeMap::new(),
        }
    }

    fn pieces(&mut self, pieces: &'a [Piece]) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.literal(text),
                Piece::Late(late) => self.hole(late),
            }
        }
    }

    /// `${` of the text itself is written `${!`.
    fn literal(&mut self, text: &str) {
        if !self.holes || !text.contains("${") {
            self.text.push_str(text);
            return;
        }
        self.text.push_str(&text.replace("${", "${!"));
    }

    fn resolve(&mut self, pieces: &'a [Piece]) {
        self.text.push_str("{{resolve:");
        self.pieces(pieces);
        self.text.push_str("}}");
    }

    fn hole(&mut self, late: &'a LateDoc) {
        let names = self.names;
        match late {
            LateDoc::Input(name) => self.reference(&[names.input(*name)]),
            LateDoc::Resource(id, Reference::Id) => self.reference(&[names.name(*id)]),
            LateDoc::Resource(id, Reference::Path(path)) => {
                self.reference(&[names.name(*id), ".", path]);
            }
            LateDoc::Lookup(id, output) => self.reference(&[&parameter(names, *id, output)]),
            LateDoc::Account => self.reference(&["AWS::AccountId"]),
            LateDoc::ZoneSlot(slot) => {
                let name = format!("AvailabilityZone{slot}");
                self.reference(&[&name]);
                self.variables.insert(name, Variable::Zone(*slot));
            }
            LateDoc::Resolve(pieces) => self.resolve(pieces),
        }
    }

    fn reference(&mut self, parts: &[&str]) {
        self.text.push_str("${");
        parts.iter().for_each(|it| self.text.push_str(it));
        self.text.push('}');
    }

    /// JSON without blanks; holes stand in it.
    fn json(&mut self, doc: &'a Doc) {
        match doc {
            Doc::Bool(it) => self.text.push_str(if *it { "true" } else { "false" }),
            Doc::Int(it) => self.text.push_str(&it.to_string()),
            Doc::Float(it) => self.text.push_str(&it.normalize().to_string()),
            Doc::Text(it) | Doc::Package(it) => self.json_text(it),
            Doc::Template(pieces) => {
                self.text.push('"');
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => self.json_inside(text),
                        Piece::Late(late) => self.hole(late),
                    }
                }
                self.text.push('"');
            }
            Doc::Late(_) | Doc::Typed(..) => {
                if let Some((late, ty)) = whole(self.names, doc) {
                    self.json_hole(late, ty);
                }
            }
            Doc::Slice(late, _) => self.json_hole(late, "String"),
            Doc::List(items) => {
                self.text.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.text.push(',');
                    }
                    self.json(item);
                }
                self.text.push(']');
            }
            Doc::Block(fields) | Doc::Object(fields) => self.json_object(fields),
            Doc::Encoded(inner) => self.json_encoded(inner),
        }
    }

    fn json_object(&mut self, fields: &'a [(Ustr, Doc)]) {
        self.text.push('{');
        for (at, (key, doc)) in fields.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.json_text(key);
            self.text.push(':');
            self.json(doc);
        }
        self.text.push('}');
    }

    fn json_text(&mut self, text: &str) {
        self.text.push('"');
        self.json_inside(text);
        self.text.push('"');
    }

    fn json_inside(&mut self, text: &str) {
        let mut escaped = String::with_capacity(text.len());
        json::escape(&mut escaped, text);
        self.literal(&escaped);
    }

    /// Numbers and booleans stand without quotes; a list is its items, joined.
    fn json_hole(&mut self, late: &'a LateDoc, ty: &str) {
        let item = list_item(ty);
        let quote = match item.unwrap_or(ty) {
            "Int" | "Float" | "Bool" => "",
            _ => "\"",
        };
        if item.is_some() {
            return self.json_items(late, quote);
        }
        self.text.push_str(quote);
        self.hole(late);
        self.text.push_str(quote);
    }

    /// The items of a list of deployment. What stands between them is escaped as often as the text that they stand in.
    fn json_items(&mut self, list: &'a LateDoc, quote: &str) {
        let mut hole = Sub::new(self.names, true);
        hole.hole(list);
        let words = hole.text.chars().filter(char::is_ascii_alphanumeric);
        let name = format!("{}In{}Json", words.collect::<String>(), self.depth);
        let between = (1..self.depth).fold(format!("{quote},{quote}"), |text, _| {
            let mut escaped = String::new();
            json::escape(&mut escaped, &text);
            escaped
        });
        self.text.push('[');
        self.text.push_str(quote);
        self.reference(&[&name]);
        self.text.push_str(quote);
        self.text.push(']');
        self.variables.insert(name, Variable::Joined(list, between));
    }

    /// JSON inside JSON: the inner text is escaped once more, which leaves its holes as they are.
    fn json_encoded(&mut self, inner: &'a Doc) {
        let mut text = Sub::new(self.names, self.holes);
        text.depth = self.depth + 1;
        text.json(inner);
        self.text.push('"');
        json::escape(&mut self.text, &text.text);
        self.text.push('"');
        self.variables.extend(text.variables);
    }

    fn write<F: Form>(self, form: &mut F) {
        if !self.holes {
            form.text(&self.text);
        } else if self.variables.is_empty() {
            form.sub(&self.text);
        } else {
            self.write_with_variables(form);
        }
    }

    fn write_with_variables<F: Form>(self, form: &mut F) {
        form.begin_object();
        form.key("Fn::Sub");
        form.begin_list();
        form.item();
        form.text(&self.text);
        form.item();
        form.begin_object();
        for (name, variable) in &self.variables {
            form.key(name);
            match variable {
                Variable::Zone(slot) => form.zone(*slot),
                Variable::Joined(list, between) => {
                    join(form, between, |form| late(form, self.names, list));
                }
            }
        }
        form.end_object();
        form.end_list();
        form.end_object();
    }
}

/// `Fn::Join` of a list.
fn join<F: Form>(form: &mut F, between: &str, list: impl FnOnce(&mut F)) {
    form.begin_object();
    form.key("Fn::Join");
    form.begin_list();
    form.item();
    form.text(between);
    form.item();
    list(form);
    form.end_list();
    form.end_object();
}
