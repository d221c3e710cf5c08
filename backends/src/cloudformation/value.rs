//! Documents in a template: `Ref`, `Fn::GetAtt`, and `Fn::Sub` for texts with holes.

use topoc_ir::{Doc, LateDoc, Piece, Reference, ResourceId, ids};
use ustr::Ustr;

use super::form::Form;
use crate::json;
use crate::names::Names;

/// Writes a document.
pub fn document<F: Form>(form: &mut F, names: &Names<'_>, doc: &Doc) {
    match doc {
        Doc::Bool(it) => form.raw(format_args!("{it}")),
        Doc::Int(it) => form.raw(format_args!("{it}")),
        Doc::Float(it) => form.raw(format_args!("{}", it.normalize())),
        Doc::Text(it) => form.text(it),
        Doc::Template(pieces) => template(form, names, pieces),
        Doc::Late(it) => late(form, names, it),
        Doc::List(items) => list(form, names, items),
        Doc::Block(fields) | Doc::Object(fields) => object(form, names, fields),
        Doc::Encoded(inner) => encoded(form, names, inner),
        Doc::Slice(range, number) => slice(form, names, range, *number),
    }
}

/// Writes what an output says. Outputs are texts, so a list of deployment is joined as one is that is known.
pub fn output<F: Form>(form: &mut F, names: &Names<'_>, doc: &Doc) {
    if let Doc::Late(list @ LateDoc::Input(name)) = doc
        && names.input_type(*name).starts_with("List<")
    {
        form.begin_object();
        form.key("Fn::Join");
        form.begin_list();
        form.item();
        form.text(",");
        form.item();
        late(form, names, list);
        form.end_list();
        form.end_object();
    } else {
        document(form, names, doc);
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
    /// Zone slots in use: `Fn::Sub` takes them as variables.
    zones: Vec<u8>,
}

impl<'a> Sub<'a> {
    fn new(names: &'a Names<'a>, holes: bool) -> Self {
        Self {
            names,
            holes,
            text: String::new(),
            zones: Vec::new(),
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
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

    fn resolve(&mut self, pieces: &[Piece]) {
        self.text.push_str("{{resolve:");
        self.pieces(pieces);
        self.text.push_str("}}");
    }

    fn hole(&mut self, late: &LateDoc) {
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
                self.zones.push(*slot);
                self.reference(&[&zone_variable(*slot)]);
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
    fn json(&mut self, doc: &Doc) {
        match doc {
            Doc::Bool(it) => self.text.push_str(if *it { "true" } else { "false" }),
            Doc::Int(it) => self.text.push_str(&it.to_string()),
            Doc::Float(it) => self.text.push_str(&it.normalize().to_string()),
            Doc::Text(it) => self.json_text(it),
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
            Doc::Late(late) | Doc::Slice(late, _) => self.json_hole(late),
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

    fn json_object(&mut self, fields: &[(Ustr, Doc)]) {
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

    /// Numbers and booleans stand without quotes.
    fn json_hole(&mut self, late: &LateDoc) {
        let bare = match late {
            LateDoc::Input(name) => {
                matches!(self.names.input_type(*name), "Int" | "Float" | "Bool")
            }
            LateDoc::Resource(..)
            | LateDoc::Lookup(..)
            | LateDoc::Account
            | LateDoc::ZoneSlot(_)
            | LateDoc::Resolve(_) => false,
        };
        let quote = if bare { "" } else { "\"" };
        self.text.push_str(quote);
        self.hole(late);
        self.text.push_str(quote);
    }

    /// JSON inside JSON: the inner text is escaped once more, which leaves its holes as they are.
    fn json_encoded(&mut self, inner: &Doc) {
        let mut text = Sub::new(self.names, self.holes);
        text.json(inner);
        self.text.push('"');
        json::escape(&mut self.text, &text.text);
        self.text.push('"');
        self.zones.extend(text.zones);
    }

    fn write<F: Form>(self, form: &mut F) {
        if !self.holes {
            form.text(&self.text);
        } else if self.zones.is_empty() {
            form.sub(&self.text);
        } else {
            self.write_with_variables(form);
        }
    }

    fn write_with_variables<F: Form>(mut self, form: &mut F) {
        self.zones.sort_unstable();
        self.zones.dedup();
        form.begin_object();
        form.key("Fn::Sub");
        form.begin_list();
        form.item();
        form.text(&self.text);
        form.item();
        form.begin_object();
        for slot in self.zones {
            form.key(&zone_variable(slot));
            form.zone(slot);
        }
        form.end_object();
        form.end_list();
        form.end_object();
    }
}

fn zone_variable(slot: u8) -> String {
    format!("AvailabilityZone{slot}")
}
