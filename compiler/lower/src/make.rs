//! Makes resources by what they mean; only the library knows what they are.

use ipnet::{IpNet, Ipv4Net};
use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Span};
use topoc_ir::{Origin, Resource, ResourceId, Retain, Topology, Value};
use ustr::Ustr;

/// Where a resource stands among those of one declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Networks and what stands in them.
    Network,
    /// Groups, before the node that wears them.
    Group,
    /// The library's.
    Library,
    /// Rules, after everything they name.
    Rule,
}

/// What a resource means: `("gateway", Some("nat"))`.
pub type Means = (&'static str, Option<&'static str>);

/// Everything made so far.
pub struct Maker<'a> {
    topology: &'a Topology,
    made: Vec<(Class, Resource)>,
    missing: Vec<Means>,
}

/// What every resource has, whatever it means.
#[derive(Clone)]
pub struct Frame {
    /// Its path.
    pub id: ResourceId,
    /// Where it stands in its declaration.
    pub class: Class,
    /// Where that declaration stands.
    pub rank: u32,
    /// The lines that caused it.
    pub origin: Origin,
    /// Its own tags.
    pub tags: Vec<(Ustr, Value)>,
    /// A comment for people.
    pub docs: Option<Ustr>,
    /// These exist first.
    pub after: Vec<ResourceId>,
}

impl Frame {
    /// Without tags, comment and order.
    pub fn new(id: ResourceId, class: Class, rank: u32, span: Span) -> Self {
        Self {
            id,
            class,
            rank,
            origin: Origin {
                span,
                others: Vec::new(),
            },
            tags: Vec::new(),
            docs: None,
            after: Vec::new(),
        }
    }

    /// With tags.
    pub fn tags(mut self, tags: impl IntoIterator<Item = (Ustr, Value)>) -> Self {
        self.tags.extend(tags);
        self
    }

    /// With an order.
    pub fn after(mut self, after: impl IntoIterator<Item = ResourceId>) -> Self {
        self.after.extend(after);
        self
    }
}

impl<'a> Maker<'a> {
    /// Nothing yet.
    pub fn new(topology: &'a Topology) -> Self {
        Self {
            topology,
            made: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// What resources are made for.
    pub fn topology(&self) -> &'a Topology {
        self.topology
    }

    /// Makes a resource; its fields are given by role, absent values are left out.
    pub fn make(&mut self, means: Means, frame: Frame, roles: &[(&str, Value)]) {
        if let Some(resource) = self.resource(means, &frame, roles) {
            self.made.push((frame.class, resource));
        }
    }

    /// The same without keeping it: lookups are no resources.
    pub fn resource(
        &mut self,
        means: Means,
        frame: &Frame,
        roles: &[(&str, Value)],
    ) -> Option<Resource> {
        let Some(meaning) = self.topology.meaning(means.0, means.1) else {
            if !self.missing.contains(&means) {
                self.missing.push(means);
            }
            return None;
        };
        let given = roles.iter().filter(|(_, value)| !value.is_none());
        let fields = given.filter_map(|(role, value)| {
            let field = meaning.roles.get(&Ustr::from(role))?;
            Some((*field, value.clone()))
        });
        Some(Resource {
            id: frame.id,
            ty: meaning.ty,
            fields: fields.collect(),
            after: frame.after.clone(),
            region: None,
            retain: Retain::Delete,
            ignore: Vec::new(),
            tags: frame.tags.clone(),
            extra: Vec::new(),
            docs: frame.docs,
            allows: Vec::new(),
            origin: frame.origin.clone(),
            rank: frame.rank,
        })
    }

    /// Everything made; reports meanings that no resource type has.
    pub fn finish(self, out: &mut Diagnostics) -> Vec<(Class, Resource)> {
        for (name, argument) in self.missing {
            let meaning = argument.map_or_else(|| name.to_owned(), |it| format!("{name}({it})"));
            out.push(
                Diagnostic::new(Code::E0314, format!("no resource type means `{meaning}`")).help(
                    format!(
                        "one of the library's resource types must say `means {meaning} {{ … }}`"
                    ),
                ),
            );
        }
        self.made
    }
}

/// A reference.
pub fn reference(id: ResourceId) -> Value {
    Value::Resource(id)
}

/// A list of references.
pub fn references(ids: impl IntoIterator<Item = ResourceId>) -> Value {
    Value::list(ids.into_iter().map(Value::Resource).collect())
}

/// A block of addresses.
pub fn cidr(net: Ipv4Net) -> Value {
    Value::Cidr(IpNet::V4(net))
}
