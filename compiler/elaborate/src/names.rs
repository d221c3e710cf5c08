//! Paths, physical names, and how values are called in messages.

use std::rc::Rc;

use topoc_ir::{NodeId, Value};
use ustr::Ustr;

use crate::errors;
use crate::instance::Inst;
use crate::session::Session;

impl<'a> Session<'a> {
    /// The node of an id.
    pub(crate) fn inst(&self, id: NodeId) -> Rc<Inst<'a>> {
        // INVARIANT (nodes): ids are positions in `nodes`, which only grows
        self.nodes
            .borrow()
            .get(id.0 as usize)
            .cloned()
            .expect("by (nodes)")
    }

    /// The path of a node.
    pub(crate) fn node_path(&self, id: NodeId) -> Ustr {
        self.inst(id).path
    }

    /// `{prefix}-{path}`, not fitted yet.
    pub(crate) fn physical_name(&self, inst: &Inst<'a>) -> Ustr {
        Ustr::joined(&[&self.prefix.get(), "-", &words(inst.path.as_str())])
    }

    /// How a node or edge is called in messages.
    pub(crate) fn instance_text(&self, inst: &Inst<'a>) -> String {
        match inst.node() {
            Some(part) => format!("`{}`, {},", inst.path, errors::a(&part.kind.name)),
            None => "this edge".into(),
        }
    }

    /// A node, for messages; spelling does not know which.
    fn node_text(&self, id: NodeId) -> String {
        let inst = self.nodes.borrow().get(id.0 as usize).cloned();
        inst.map_or("a node".into(), |it| {
            self.instance_text(&it).trim_end_matches(',').into()
        })
    }

    /// What a value is, for messages.
    pub(crate) fn describe(&self, value: &Value) -> String {
        match value {
            Value::None => "`none`".into(),
            Value::Bool(it) => format!("`{it}`"),
            Value::Int(it) => format!("the number {it}"),
            Value::Float(it) => format!("the number {}", it.normalize()),
            Value::Percent(_) => "a percentage".into(),
            Value::Duration(_) => "a duration".into(),
            Value::Size(_) => "a size".into(),
            Value::Text(text) => format!("the text \"{text}\""),
            Value::Template(_) => "a text of deployment".into(),
            Value::Word(word, _) => format!("`{word}`, and nothing is called so"),
            Value::Cidr(it) => format!("the range {it}"),
            Value::Protocol(_) => "a protocol".into(),
            Value::Zone(_) => "a zone".into(),
            Value::Range(_) => "a range".into(),
            Value::List(_) => "a list".into(),
            Value::Record(_) => "a record".into(),
            Value::Map(_) => "a map".into(),
            Value::Document(_) | Value::JsonText(_) => "a document".into(),
            Value::Secret(_) => "a secret".into(),
            Value::Asset(_) => "a packed file or folder".into(),
            Value::Node(id) => self.node_text(*id),
            Value::Network(_) => "a network".into(),
            Value::Subnet(..) => "a subnet".into(),
            Value::Group(_) => "a group".into(),
            Value::External(_) => "an external".into(),
            Value::Endpoints(..) => "a block of endpoints".into(),
            Value::Internet => "`internet`".into(),
            Value::Resource(_) => "a resource".into(),
            Value::Late(_) => "a value of deployment".into(),
        }
    }
}

/// The words of a path, joined by `-`: letters, digits and single hyphens.
pub(crate) fn words(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii_alphanumeric() {
            text.push(c);
        } else if c == '*' {
            push_word(&mut text, "any");
        } else if !text.ends_with('-') && !text.is_empty() {
            text.push('-');
        }
    }
    text.trim_end_matches('-').to_owned()
}

fn push_word(text: &mut String, word: &str) {
    if !text.is_empty() && !text.ends_with('-') {
        text.push('-');
    }
    text.push_str(word);
}
