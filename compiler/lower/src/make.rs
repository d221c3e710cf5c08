//! Makes resources by what they mean; only the library knows what they are.

use ipnet::{IpNet, Ipv4Net};
use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Span};
use topoc_ir::{Meaning, Origin, Resource, ResourceId, Retain, Topology, Value};
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
    /// What was asked for so far; `None`: no resource type means it.
    known: Vec<(Means, Option<&'a Meaning>)>,
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
            known: Vec::new(),
        }
    }

    /// What resources are made for.
    pub fn topology(&self) -> &'a Topology {
        self.topology
    }

    /// Makes a resource; its fields are given by role, absent values are left out.
    pub fn make(&mut self, means: Means, frame: Frame, roles: &[(&str, Value)]) {
        let class = frame.class;
        if let Some(resource) = self.resource(means, frame, roles) {
            self.made.push((class, resource));
        }
    }

    /// The same without keeping it: lookups are no resources.
    pub fn resource(
        &mut self,
        means: Means,
        frame: Frame,
        roles: &[(&str, Value)],
    ) -> Option<Resource> {
        let meaning = self.meaning(means)?;
        let mut fields = Vec::with_capacity(roles.len());
        for (role, value) in roles.iter().filter(|(_, value)| !value.is_none()) {
            if let Some((_, field)) = meaning.roles.iter().find(|it| it.0.as_str() == *role) {
                fields.push((*field, value.clone()));
            }
        }
        Some(Resource {
            id: frame.id,
            ty: meaning.ty,
            fields,
            after: frame.after,
            region: None,
            retain: Retain::Delete,
            ignore: Vec::new(),
            tags: frame.tags,
            extra: Vec::new(),
            docs: frame.docs,
            allows: Vec::new(),
            origin: frame.origin,
            rank: frame.rank,
        })
    }

    fn meaning(&mut self, means: Means) -> Option<&'a Meaning> {
        if let Some((_, known)) = self.known.iter().find(|it| it.0 == means) {
            return *known;
        }
        let meaning = self.topology.meaning(means.0, means.1);
        self.known.push((means, meaning));
        meaning
    }

    /// Everything made; reports meanings that no resource type has.
    pub fn finish(self, out: &mut Diagnostics) -> Vec<(Class, Resource)> {
        let missing = self.known.iter().filter(|it| it.1.is_none());
        for ((name, argument), _) in missing {
            let meaning = argument.map_or_else(|| (*name).to_owned(), |it| format!("{name}({it})"));
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
