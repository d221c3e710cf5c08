//! Which tables a network has, what they route, and which NAT gateways that takes.
//!
//! INVARIANT (identity): a table is named after tier, named table or subnet, and zone; never after what it holds.
//! So a new subnet never changes the table of another one.

mod errors;
mod nat;
mod tables;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::{NatMode, Network, ResourceId, RouteVia, Zone};

/// Everything about the ways of one network.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// What `nat` comes to.
    pub nat: Option<NatMode>,
    /// The NAT gateways, by slot.
    pub gateways: Vec<Nat>,
    /// The tables in order of output.
    pub tables: Vec<Table>,
    /// Whether some table routes to the internet gateway.
    pub internet: bool,
    /// Whether some table routes to the egress-only gateway.
    pub egress_only: bool,
    /// For each subnet the index of its table by slot.
    by_subnet: Vec<[Option<u32>; 8]>,
}

/// A NAT gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nat {
    /// Its zone.
    pub zone: Zone,
    /// The public subnet it stands in, by index.
    pub subnet: u32,
    /// The subnets that made it necessary.
    pub causes: Vec<Span>,
}

/// A route table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its path.
    pub id: ResourceId,
    /// Its zone, where there is one table a zone.
    pub zone: Option<Zone>,
    /// What it routes besides the network's own ranges.
    pub routes: Vec<Hop>,
    /// The declarations of its subnets, or of the table itself.
    pub spans: Vec<Span>,
    /// Index of the subnet whose own table it is.
    pub owner: Option<u32>,
}

/// An effective route.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    /// Where to.
    pub destination: IpNet,
    /// The next hop; never [`RouteVia::None`].
    pub via: RouteVia,
    /// For NAT: the zone of the gateway.
    pub nat: Option<Zone>,
    /// Whether the program says it, rather than a tier.
    pub written: bool,
    /// The line that says it; for a default of a tier the subnet.
    pub span: Span,
}

impl Ways {
    /// Plans tables, routes and gateways.
    pub fn plan(network: &Network, out: &mut Diagnostics) -> Self {
        let families = tables::families(network, out);
        let mut ways = tables::tables(network, families, out);
        nat::place(network, &mut ways, out);
        let vias = || {
            ways.tables
                .iter()
                .flat_map(|it| &it.routes)
                .map(|it| &it.via)
        };
        let internet = vias().any(|it| *it == RouteVia::InternetGateway);
        let egress_only = vias().any(|it| *it == RouteVia::EgressOnly);
        ways.internet = internet;
        ways.egress_only = egress_only;
        ways
    }

    /// The table of a subnet, by its index, in a zone.
    pub fn table(&self, subnet: u32, zone: Zone) -> Option<&Table> {
        let tables = self.by_subnet.get(subnet as usize)?;
        let index = tables.get(usize::from(zone.slot)).copied()??;
        self.tables.get(index as usize)
    }

    /// The NAT gateway that a zone uses, if it uses one.
    pub fn gateway_of(&self, zone: Zone) -> Option<Zone> {
        let own = self.gateways.iter().find(|it| it.zone == zone);
        own.or(self.gateways.first()).map(|it| it.zone)
    }
}

impl Table {
    /// Where packets to a range go: the longest destination that contains it.
    pub fn way_to(&self, range: IpNet) -> Option<&Hop> {
        let covering = self
            .routes
            .iter()
            .filter(|it| it.destination.contains(&range));
        covering.max_by_key(|it| it.destination.prefix_len())
    }

    /// Its IPv4 default route.
    pub fn way_out(&self) -> Option<&Hop> {
        self.way_to(everything())
    }

    /// Its IPv6 default route.
    pub fn way_out6(&self) -> Option<&Hop> {
        self.way_to(everything6())
    }

    /// Whether the internet can come in by it.
    pub fn is_public(&self) -> bool {
        self.way_out()
            .is_some_and(|it| it.via == RouteVia::InternetGateway)
    }
}

/// `0.0.0.0/0`
pub fn everything() -> IpNet {
    IpNet::V4(Ipv4Net::default())
}

/// `::/0`
pub fn everything6() -> IpNet {
    IpNet::V6(Ipv6Net::default())
}
