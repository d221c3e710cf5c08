//! Values: what attributes and fields hold once every name is resolved.

use std::sync::Arc;

use ipnet::IpNet;
use rust_decimal::Decimal;
use ustr::Ustr;

use crate::asset::Asset;
use crate::network::Zone;
use crate::record::Record;
use crate::resource::ResourceId;
use crate::topology::NodeId;

/// A value. Each leaf is early, or [`Value::Late`] or a [`Value::Template`] with late parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Absent.
    None,
    /// `true`
    Bool(bool),
    /// `512`
    Int(i64),
    /// `0.5`
    Float(Decimal),
    /// `50%` is 50.
    Percent(Decimal),
    /// Milliseconds.
    Duration(i64),
    /// Bytes.
    Size(i64),
    /// Known text.
    Text(Ustr),
    /// Text with holes that deployment fills. INVARIANT: at least one part is late; no two texts are neighbours.
    Template(Arc<[Part]>),
    /// A member of an enumeration, and the text that stands for it in the output.
    Word(Ustr, Ustr),
    /// An address range; the host bits are clear.
    Cidr(IpNet),
    /// A protocol with its ports.
    Protocol(Protocol),
    /// A zone slot.
    Zone(Zone),
    /// `low..high`, both ends included.
    Range(Arc<(Value, Value)>),
    /// Items in order.
    List(Arc<[Value]>),
    /// A record: its keys are names of the language and are recased for each target.
    Record(Arc<Record>),
    /// A map: its keys are data and stay verbatim.
    Map(Arc<Record>),
    /// JSON that is an object in CloudFormation and text elsewhere. Keys stay verbatim.
    Document(Arc<Value>),
    /// JSON encoded as text in every target.
    JsonText(Arc<Value>),
    /// A secret by reference; never its text.
    Secret(Arc<Secret>),
    /// A file or folder, packed.
    Asset(Arc<Asset>),
    /// A node.
    Node(NodeId),
    /// A network, by its index in the topology.
    Network(u32),
    /// A subnet declaration: network and subnet index; with a slot, one of its subnets.
    Subnet(u32, u32, Option<Zone>),
    /// A named group, by its index.
    Group(u32),
    /// An external, by its index.
    External(u32),
    /// An `endpoints` block: network, name.
    Endpoints(u32, Ustr),
    /// `internet`
    Internet,
    /// A resource or a looked-up thing.
    Resource(ResourceId),
    /// Known at deployment.
    Late(Late),
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Known text.
    Text(Ustr),
    /// A hole.
    Late(Late),
}

/// A value of deployment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Late {
    /// An `input` of the program.
    Input(Ustr),
    /// The n-th item of an `input` that is a list: the id of one subnet of several.
    Item(Ustr, u8),
    /// An output of a resource or lookup, by the name it has in its resource type.
    Output(ResourceId, Ustr),
    /// The account that is deployed to.
    Account,
    /// The name of the n-th available zone of the region.
    ZoneSlot(u8),
    /// The block of a subnet: known after allotment (index of network, of subnet, slot), so before any target sees it.
    Block(u32, u32, u8),
    /// The n-th /64 of the IPv6 range of a network.
    Slice(ResourceId, u16),
    /// A number that `allot` gives, by scope and key; known before any target sees it.
    Allotted(Ustr, Ustr),
}

/// A secret: where it is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Secret {
    /// A secret of Secrets Manager; with a field, that field of its JSON.
    Kept {
        /// Its ARN.
        arn: Value,
        /// The field.
        field: Option<Ustr>,
    },
    /// An `input x: Secret`.
    Input(Ustr),
}

/// TCP or UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// 6
    Tcp,
    /// 17
    Udp,
}

/// A protocol with its ports, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP or UDP, from port to port.
    Ports(Transport, u16, u16),
    /// ICMP (IPv4; ICMPv6 in IPv6), of one type or of all.
    Icmp(Option<u8>),
    /// An IP protocol by number.
    Number(u8),
    /// Everything.
    All,
}

impl Value {
    /// Known text.
    pub fn text(text: &str) -> Value {
        Value::Text(Ustr::from(text))
    }

    /// A member without a text of its own.
    pub fn word(word: Ustr) -> Value {
        Value::Word(word, word)
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(items.into())
    }

    /// A record.
    pub fn record(fields: impl IntoIterator<Item = (Ustr, Value)>) -> Value {
        Value::Record(Arc::new(fields.into_iter().collect()))
    }

    /// Whether it is [`Value::None`].
    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }

    /// The items of a list; empty for anything else.
    pub fn items(&self) -> &[Value] {
        if let Value::List(items) = self {
            items
        } else {
            &[]
        }
    }

    /// One item of a list, also of one that only deployment knows; anything else is each of its items.
    pub fn item(&self, at: usize) -> Value {
        match (self, u8::try_from(at)) {
            (Value::Late(Late::Input(name)), Ok(at)) => Value::Late(Late::Item(*name, at)),
            _ => self.items().get(at).unwrap_or(self).clone(),
        }
    }
}
