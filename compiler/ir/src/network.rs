//! Networks as declared, every attribute evaluated.

use ipnet::IpNet;
use topoc_diagnostics::Span;
use ustr::Ustr;

use crate::resource::ResourceId;
use crate::value::Value;

/// A zone slot. Letters are slots by alphabet (a = 0); numbers are bound at deploy time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Zone {
    /// 0 … 7
    pub slot: u8,
    /// Written as a letter: the zone of that letter; else the n-th available zone.
    pub letter: bool,
}

impl Zone {
    /// `a`, or `1` for the first slot without letter.
    pub fn name(self) -> String {
        if self.letter {
            char::from(b'a' + self.slot).to_string()
        } else {
            (self.slot + 1).to_string()
        }
    }
}

/// What a subnet routes to by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tier {
    /// The internet gateway.
    Public,
    /// NAT.
    Private,
    /// Nothing.
    Isolated,
}

/// How many NAT gateways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NatMode {
    /// None.
    Off,
    /// One, in the lowest slot.
    Single,
    /// One a zone.
    PerZone,
}

/// A network.
#[derive(Clone, Debug)]
pub struct Network {
    /// Its path, `main`.
    pub path: Ustr,
    /// Facts about a network that exists already.
    pub existing: Option<ExistingNetwork>,
    /// The range, and where it is written.
    pub cidr: (IpNet, Span),
    /// Further ranges.
    pub more: Vec<(IpNet, Span)>,
    /// Whether it has an IPv6 /56.
    pub ipv6: bool,
    /// Its slots, ascending.
    pub zones: Vec<Zone>,
    /// As written; `None`: derived.
    pub nat: Option<(NatMode, Span)>,
    /// The public subnet in which NAT stands.
    pub nat_in: Option<(Ustr, Span)>,
    /// Routes of every table.
    pub routes: Vec<Route>,
    /// In source order.
    pub subnets: Vec<Subnet>,
    /// Named tables.
    pub tables: Vec<Table>,
    /// Endpoint blocks.
    pub endpoints: Vec<Endpoints>,
    /// `defaults = closed`, where written.
    pub defaults_closed: Option<Span>,
    /// Its own tags.
    pub tags: Vec<(Ustr, Value)>,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// Its declaration.
    pub span: Span,
    /// Its place in source order.
    pub rank: u32,
}

/// What is stated about an existing network.
#[derive(Clone, Debug)]
pub struct ExistingNetwork {
    /// Its id.
    pub id: Value,
    /// The ids of each subnet, in the order of [`Network::subnets`]: late or known texts, or one late list.
    pub subnet_ids: Vec<Value>,
}

/// A subnet declaration: one subnet a zone.
#[derive(Clone, Debug)]
pub struct Subnet {
    /// Its name, `app`.
    pub name: Ustr,
    /// Its tier.
    pub tier: Tier,
    /// Its slots, ascending; a subset of the network's.
    pub zones: Vec<Zone>,
    /// Where `zones` is written.
    pub zones_span: Option<Span>,
    /// Prefix length.
    pub size: Option<(u8, Span)>,
    /// The block of slot 0; slot n takes the n-th after it.
    pub from: Option<(IpNet, Span)>,
    /// Blocks stated for each zone.
    pub cidrs: Vec<(Zone, IpNet, Span)>,
    /// Which route table.
    pub table: TableChoice,
    /// Its own routes.
    pub routes: Vec<Route>,
    /// `ipv6 = false` turns it off.
    pub ipv6: Option<bool>,
    /// The first slice of its IPv6 row.
    pub ipv6_from: Option<(u16, Span)>,
    /// Public addresses on launch.
    pub public_addresses: bool,
    /// Its own tags.
    pub tags: Vec<(Ustr, Value)>,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// Its declaration.
    pub span: Span,
}

/// Which route table a subnet uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableChoice {
    /// The one of its tier (or its own, if it has routes of its own).
    Tier,
    /// One of its own.
    Own,
    /// One of its own a zone.
    PerZone,
    /// A named table.
    Named(Ustr, Span),
}

/// A named table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Ustr,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Its declaration.
    pub span: Span,
}

/// `route CIDR via GATEWAY`
#[derive(Clone, Debug)]
pub struct Route {
    /// Where to.
    pub destination: IpNet,
    /// The next hop.
    pub via: RouteVia,
    /// The entry.
    pub span: Span,
}

/// The next hop of a route.
#[derive(Clone, Debug, PartialEq)]
pub enum RouteVia {
    /// `none`: takes a default away.
    None,
    /// `internet_gateway`
    InternetGateway,
    /// `nat`
    Nat,
    /// `egress_only`
    EgressOnly,
    /// A node's output `gateway`: the resource to go through.
    Gateway(ResourceId),
}

/// An `endpoints` block.
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// Its name, `aws`.
    pub name: Ustr,
    /// Indexes of the subnets in which interfaces stand; empty: derived.
    pub subnets: Vec<u32>,
    /// The services by the names of the library's table; `None`: exactly what the edges need.
    pub services: Option<Vec<(Ustr, Span)>>,
    /// An endpoint policy document for all of them.
    pub policy: Option<Value>,
    /// Private DNS (default on).
    pub private_dns: bool,
    /// The entry.
    pub span: Span,
}
