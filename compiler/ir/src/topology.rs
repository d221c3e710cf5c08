//! The typed graph: places, nodes, groups, edges, and the library's resources as values.

use std::sync::Arc;

use indexmap::IndexMap;
use ipnet::IpNet;
use rustc_hash::FxHashMap;
use topoc_diagnostics::Span;
use ustr::Ustr;

use crate::asset::Asset;
use crate::network::{Network, Zone};
use crate::record::Record;
use crate::resource::{Resource, ResourceId};
use crate::value::{Protocol, Value};

/// The index of a node in [`Topology::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What elaboration gives: only values, references and edges remain.
#[derive(Clone, Debug, Default)]
pub struct Topology {
    /// Its name.
    pub name: Ustr,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// `eu-central-1`
    pub region: Ustr,
    /// What the library says of it.
    pub region_facts: Record,
    /// The chosen environment.
    pub env: Option<Ustr>,
    /// The physical prefix, `shop-prod`.
    pub prefix: Ustr,
    /// Tags of everything.
    pub tags: Vec<(Ustr, Value)>,
    /// The packages that its resources use, by key.
    pub assets: Vec<Arc<Asset>>,
    /// Networks in source order.
    pub networks: Vec<Network>,
    /// Named groups in source order.
    pub groups: Vec<Group>,
    /// Nodes, parts after their owners.
    pub nodes: Vec<Node>,
    /// Edges as declared, one for each pair of ends and verb, implied ones included.
    pub edges: Vec<Edge>,
    /// What `opens` says, the short forms included.
    pub openings: Vec<Opening>,
    /// What `needs` says, the `via` of access included.
    pub needs: Vec<Need>,
    /// The library's resources (and those of the program).
    pub resources: Vec<Resource>,
    /// What is looked up at deploy time; same form as resources.
    pub lookups: Vec<Resource>,
    /// Inputs in source order.
    pub inputs: Vec<Input>,
    /// Outputs in source order.
    pub outputs: Vec<Output>,
    /// Which resource type plays which meaning, with role → field.
    pub meanings: IndexMap<MeaningKey, Meaning>,
    /// The library's table of endpoints: AWS service (as `needs` and `via` name it) → a record with the lists
    /// `gateways`, `interfaces`, `also`.
    pub endpoint_table: Record,
    /// The numbers that `allot` gave, by scope and key.
    pub allotted: FxHashMap<(Ustr, Ustr), i64>,
}

/// `gateway(internet)` is `("gateway", Some("internet"))`.
pub type MeaningKey = (Ustr, Option<Ustr>);

/// A resource type that means something to the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The resource or lookup type.
    pub ty: Ustr,
    /// Role → field.
    pub roles: IndexMap<Ustr, Ustr>,
}

/// A named group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its path.
    pub path: Ustr,
    /// For `existing group`: its id.
    pub existing: Option<Value>,
    /// `rules = assume`: whoever owns it has the rules that edges would add.
    pub assumed: bool,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// Its own tags.
    pub tags: Vec<(Ustr, Value)>,
    /// Its declaration.
    pub span: Span,
    /// Its place in source order.
    pub rank: u32,
}

/// A node or a part of one.
#[derive(Clone, Debug)]
pub struct Node {
    /// `web`, `api["admin"]`, `web.task`
    pub path: Ustr,
    /// `service`
    pub kind: Ustr,
    /// The node it is a part of.
    pub owner: Option<NodeId>,
    /// Where it stands.
    pub placement: Option<Placement>,
    /// The named groups it is a member of, by index in [`Topology::groups`].
    pub groups: Vec<u32>,
    /// Whether it has a group of its own: it is placed, and an edge names it or it wears no other group.
    pub own_group: bool,
    /// Its kind is a `relay`.
    pub relay: bool,
    /// Its kind is a `principal`.
    pub principal: bool,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// How many interfaces it may have in one of its subnets, at worst.
    pub interfaces: u32,
    /// The smallest subnet it can stand in, as a prefix length.
    pub smallest_subnet: Option<u8>,
    /// Its own tags.
    pub tags: Vec<(Ustr, Value)>,
    /// Its declaration.
    pub span: Span,
    /// Its place in source order.
    pub rank: u32,
}

/// Where a node stands: subnets of one network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Index in [`Topology::networks`].
    pub network: u32,
    /// Index in [`Network::subnets`] and slot, ascending by declaration, then slot.
    pub subnets: Vec<(u32, Zone)>,
    /// `in …`
    pub span: Span,
}

/// One edge: two ends and a verb.
#[derive(Clone, Debug)]
pub struct Edge {
    /// `alb->web:forward["/*"]`; unique.
    pub id: Ustr,
    /// The end at which it starts.
    pub source: Peer,
    /// The end it points to.
    pub target: Peer,
    /// `forward`, `postgres`, `on created`
    pub verb: Ustr,
    /// As written in the program, white space folded: `web -> db : postgres`.
    pub text: Ustr,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// The edge; for implied ones the edge that implies it.
    pub span: Span,
    /// Its place in source order.
    pub rank: u32,
}

/// What can be the end of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    /// A node: its own group where it has one. An unplaced node is at the outside and has no group.
    Node(NodeId),
    /// A named group, by index; in every network where it has members.
    Group(u32),
    /// Literal ranges.
    Cidrs(Vec<IpNet>),
    /// The addresses of a node that has no group but addresses: a prefix list (its id) that counts for `weight` rules.
    PrefixList {
        /// The node it belongs to.
        node: Option<NodeId>,
        /// The id.
        id: Value,
        /// How many rules it counts for.
        weight: u32,
    },
    /// Ranges known at deployment only.
    LateCidr(Value),
    /// Everything outside: IPv4, IPv6.
    Internet {
        /// IPv4
        v4: bool,
        /// IPv6
        v6: bool,
    },
    /// An `endpoints` block: network index, name.
    Endpoints(u32, Ustr),
}

/// A rule pair.
#[derive(Clone, Debug)]
pub struct Opening {
    /// From.
    pub from: Peer,
    /// To.
    pub to: Peer,
    /// What.
    pub protocol: Protocol,
    /// The name it has for people (`postgres`), if it has one.
    pub name: Option<Ustr>,
    /// What it is for, where a kind says it.
    pub because: Option<Ustr>,
    /// Index in [`Topology::edges`]; `None`: said by a kind itself.
    pub edge: Option<u32>,
    /// The line that says it.
    pub span: Span,
    /// Its place in source order.
    pub rank: u32,
}

/// A way to an AWS service.
#[derive(Clone, Debug)]
pub struct Need {
    /// The node whose interfaces are used: the nearest placed one from the source upwards.
    /// `None`: nothing placed, so the way is the service's own.
    pub from: Option<NodeId>,
    /// A key of [`Topology::endpoint_table`].
    pub service: Ustr,
    /// Index in [`Topology::edges`]; `None`: said by a kind itself.
    pub edge: Option<u32>,
    /// The line that says it.
    pub span: Span,
}

/// An input.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: Ustr,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// `String`, `Int`, `Float`, `Bool`, or `Secret`; lists of them as `List<String>`.
    pub ty: Ustr,
    /// A default.
    pub default: Option<Value>,
    /// Facts the target can check.
    pub refinement: Vec<InputFact>,
    /// Its declaration.
    pub span: Span,
}

/// A fact about an input.
#[derive(Clone, Debug, PartialEq)]
pub enum InputFact {
    /// Lowest and highest number.
    Between(Option<Value>, Option<Value>),
    /// One of these.
    In(Vec<Value>),
    /// The whole text matches.
    Matches(Ustr),
    /// Fewest and most characters.
    Length(Option<i64>, Option<i64>),
}

/// An output.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Ustr,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// Its value.
    pub value: Value,
    /// Its declaration.
    pub span: Span,
}

impl Topology {
    /// The resource type of a meaning.
    pub fn meaning(&self, name: &str, argument: Option<&str>) -> Option<&Meaning> {
        self.meanings
            .get(&(Ustr::from(name), argument.map(Ustr::from)))
    }

    /// The node of an id.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }
}

/// The id of the group of a node; see `ids`.
pub fn own_group_id(node_path: Ustr) -> ResourceId {
    ResourceId(Ustr::joined(&[&node_path, "/group"]))
}

/// The id of a named group in a network.
pub fn named_group_id(group_path: Ustr, network_path: Ustr) -> ResourceId {
    ResourceId(Ustr::joined(&[&group_path, "/", &network_path]))
}

/// The id of one subnet, `main.app[a]`.
pub fn subnet_id(network_path: Ustr, subnet: Ustr, zone: Zone) -> ResourceId {
    ResourceId(Ustr::joined(&[
        &network_path,
        ".",
        &subnet,
        "[",
        &zone.name(),
        "]",
    ]))
}

/// The id of a network's own resource, `main`.
pub fn network_id(network_path: Ustr) -> ResourceId {
    ResourceId(network_path)
}

/// The table that a subnet is associated with, `main.app[a]/table`.
///
/// An alias: several subnets share a table, so `lower` puts the table's own id in its place.
pub fn subnet_table_id(network_path: Ustr, subnet: Ustr, zone: Zone) -> ResourceId {
    ResourceId(Ustr::from(&format!(
        "{network_path}.{subnet}[{}]/table",
        zone.name()
    )))
}

/// The NAT gateway that a zone uses, `main/nat[a]`.
///
/// An alias where the zone has none of its own (`nat = single`): `lower` puts the id of the one it uses in its place.
pub fn nat_id(network_path: Ustr, zone: Zone) -> ResourceId {
    ResourceId(Ustr::from(&format!("{network_path}/nat[{}]", zone.name())))
}

/// What puts the internet gateway into its network, `main/attachment`: whatever has a public address comes after it.
///
/// `lower` takes it out of `after` where the network has no such gateway.
pub fn attachment_id(network_path: Ustr) -> ResourceId {
    ResourceId(Ustr::from(&format!("{network_path}/attachment")))
}

/// The id of one endpoint of a block, `main.aws["ecr.api"]`.
pub fn endpoint_id(network_path: Ustr, block: Ustr, service: Ustr) -> ResourceId {
    ResourceId(Ustr::from(&format!(
        "{network_path}.{block}[\"{service}\"]"
    )))
}

/// The id of the group that the interfaces of an `endpoints` block wear, `main.aws/group`.
pub fn endpoint_group_id(network_path: Ustr, block: Ustr) -> ResourceId {
    ResourceId(Ustr::from(&format!("{network_path}.{block}/group")))
}

/// The id of the lookup of a service's own prefix list, `prefix_list["s3"]`.
pub fn prefix_list_id(service: Ustr) -> ResourceId {
    ResourceId(Ustr::from(&format!("prefix_list[\"{service}\"]")))
}
