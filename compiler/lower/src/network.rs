//! A network's own resources: network, ranges, gateways, subnets, NAT, tables, routes, associations.

use rustc_hash::FxHashMap as HashMap;

use ipnet::{IpNet, Ipv4Net};
use topoc_diagnostics::Span;
use topoc_ir::topology::{attachment_id, nat_id, network_id, subnet_id};
use topoc_ir::{Late, Network, Resource, ResourceId, RouteVia, Subnet, Topology, Value, Zone};
use ustr::Ustr;

use crate::make::{Class, Frame, Maker, cidr, reference};
use crate::plan::Plan;
use crate::routes::{Hop, Table, Ways, everything, everything6};

/// For each gateway of a node, the resources of that node: a route through it needs all of them.
pub type NodeGateways = HashMap<ResourceId, Vec<ResourceId>>;

/// The gateways that the program's routes lead through.
pub fn node_gateways(topology: &Topology, resources: &[Resource]) -> NodeGateways {
    let mut by_owner: HashMap<&str, Vec<ResourceId>> = HashMap::default();
    let mut gateways = NodeGateways::default();
    for network in &topology.networks {
        let shared = network.tables.iter().flat_map(|it| &it.routes);
        let own = network.subnets.iter().flat_map(|it| &it.routes);
        for route in network.routes.iter().chain(shared).chain(own) {
            if let RouteVia::Gateway(id) = &route.via {
                gateways.insert(*id, Vec::new());
            }
        }
    }
    if gateways.is_empty() {
        return gateways;
    }
    for resource in resources {
        by_owner
            .entry(owner(resource.id))
            .or_default()
            .push(resource.id);
    }
    for (id, parts) in &mut gateways {
        let all = by_owner.get(owner(*id)).into_iter().flatten();
        parts.extend(all.filter(|it| *it != id));
    }
    gateways
}

/// `office` of `office.main`; keys may hold dots.
fn owner(id: ResourceId) -> &'static str {
    let path = id.0.as_str();
    let end = path.rfind(']').map_or(0, |it| it + 1);
    match path.get(end..).and_then(|it| it.rfind('.')) {
        Some(dot) => path.get(..end + dot).unwrap_or(path),
        None => path
            .rfind('.')
            .and_then(|dot| path.get(..dot))
            .unwrap_or(path),
    }
}

/// Makes everything of a network; of an existing one, nothing.
pub fn network(maker: &mut Maker<'_>, (network, plan): (&Network, &Plan), through: &NodeGateways) {
    if network.existing.is_some() {
        return;
    }
    let (blocks, ways) = (&plan.blocks, &plan.ways);
    let mut build = Build {
        maker,
        network,
        through,
    };
    build.network();
    build.ranges();
    build.default_group();
    build.gateways(ways);
    for (index, subnet) in network.subnets.iter().enumerate() {
        let slice = plan.slices.get(index).copied().flatten();
        build.subnet(subnet, blocks.of(index), slice);
    }
    build.nat(ways);
    for table in &ways.tables {
        build.table(table);
    }
    for (index, subnet) in (0u32..).zip(&network.subnets) {
        build.associations(index, subnet, ways);
    }
}

/// The id of the internet gateway of a network.
pub fn internet_gateway_id(network: Ustr) -> ResourceId {
    inside(network, "internet_gateway")
}

fn egress_only_id(network: Ustr) -> ResourceId {
    inside(network, "egress_only_gateway")
}

fn range_id(network: Ustr, range: IpNet) -> ResourceId {
    inside(network, &format!("range[\"{range}\"]"))
}

fn inside(network: Ustr, part: &str) -> ResourceId {
    ResourceId(Ustr::from(&format!("{network}/{part}")))
}

fn part(of: ResourceId, part: &str) -> ResourceId {
    ResourceId(Ustr::from(&format!("{}/{part}", of.0)))
}

struct Build<'m, 'a> {
    maker: &'m mut Maker<'a>,
    network: &'m Network,
    through: &'m NodeGateways,
}

impl Build<'_, '_> {
    fn frame(&self, id: ResourceId, span: Span) -> Frame {
        Frame::new(id, Class::Network, self.network.rank, span)
            .tags(self.network.tags.iter().cloned())
    }

    fn own(&self) -> Value {
        reference(network_id(self.network.path))
    }

    fn network(&mut self) {
        let mut frame = self.frame(network_id(self.network.path), self.network.span);
        frame.docs = self.network.docs;
        let roles = [("cidr", Value::Cidr(self.network.cidr.0))];
        self.maker.make(("network", None), frame, &roles);
        if self.network.ipv6 {
            let frame = self.frame(inside(self.network.path, "ipv6"), self.network.span);
            self.maker
                .make(("network_ipv6", None), frame, &[("network", self.own())]);
        }
    }

    fn ranges(&mut self) {
        for (range, span) in &self.network.more {
            let frame = self.frame(range_id(self.network.path, *range), *span);
            let roles = [("network", self.own()), ("cidr", Value::Cidr(*range))];
            self.maker.make(("network_range", None), frame, &roles);
        }
    }

    /// `defaults = closed`
    fn default_group(&mut self) {
        if let Some(span) = self.network.defaults_closed {
            let frame = self.frame(inside(self.network.path, "default_group"), span);
            let roles = [("network", self.own())];
            self.maker.make(("default_group", None), frame, &roles);
        }
    }

    fn gateways(&mut self, ways: &Ways) {
        let path = self.network.path;
        if ways.internet {
            let gateway = internet_gateway_id(path);
            let frame = self.frame(
                gateway,
                cause(ways, &RouteVia::InternetGateway, self.network),
            );
            let attachment = self.frame(attachment_id(path), frame.origin.span);
            self.maker.make(("gateway", Some("internet")), frame, &[]);
            let roles = [("network", self.own()), ("gateway", reference(gateway))];
            self.maker.make(("attachment", None), attachment, &roles);
        }
        if ways.egress_only {
            let frame = self.frame(
                egress_only_id(path),
                cause(ways, &RouteVia::EgressOnly, self.network),
            );
            let roles = [("network", self.own())];
            self.maker
                .make(("gateway", Some("egress_only")), frame, &roles);
        }
    }

    fn subnet(&mut self, subnet: &Subnet, blocks: &[(Zone, Ipv4Net)], slice: Option<u16>) {
        for (zone, block) in blocks {
            let id = subnet_id(self.network.path, subnet.name, *zone);
            let mut frame = self.frame(id, subnet.span).after(self.range_of(*block));
            frame.tags = merged(&self.network.tags, &subnet.tags);
            frame.docs = subnet.docs;
            frame.origin.others.extend(subnet.zones_span);
            let public = if subnet.public_addresses {
                Value::Bool(true)
            } else {
                Value::None
            };
            let own = network_id(self.network.path);
            let six = match slice {
                Some(first) => Value::Late(Late::Slice(own, first + u16::from(zone.slot))),
                None => Value::None,
            };
            if slice.is_some() {
                frame = frame.after(Some(inside(self.network.path, "ipv6")));
            }
            let roles = [
                ("network", self.own()),
                ("cidr", cidr(*block)),
                ("zone", zone_name(self.maker.topology().region, *zone)),
                ("public_addresses", public),
                ("ipv6_cidr", six),
            ];
            self.maker.make(("subnet", None), frame, &roles);
        }
    }

    /// The further range that a block lies in: it must be there before.
    fn range_of(&self, block: Ipv4Net) -> Option<ResourceId> {
        let mut more = self.network.more.iter();
        let range = more.find(|it| it.0.contains(&IpNet::V4(block)))?;
        Some(range_id(self.network.path, range.0))
    }

    fn nat(&mut self, ways: &Ways) {
        let path = self.network.path;
        for nat in &ways.gateways {
            let Some(subnet) = self.network.subnets.get(nat.subnet as usize) else {
                continue;
            };
            let id = nat_id(path, nat.zone);
            let span = self.network.nat.map_or(subnet.span, |it| it.1);
            let mut frame = self.frame(id, span);
            frame.origin.others.clone_from(&nat.causes);
            let mut address = frame
                .clone()
                .after(ways.internet.then(|| attachment_id(path)));
            address.id = part(id, "address");
            let roles = [
                ("subnet", reference(subnet_id(path, subnet.name, nat.zone))),
                ("address", reference(address.id)),
            ];
            self.maker.make(("address", None), address, &[]);
            self.maker.make(("gateway", Some("nat")), frame, &roles);
        }
    }

    fn table(&mut self, table: &Table) {
        let span = table.spans.first().copied().unwrap_or(self.network.span);
        let mut frame = self.frame(table.id, span);
        frame.origin.others.extend(table.spans.iter().skip(1));
        if let Some(subnet) = table
            .owner
            .and_then(|it| self.network.subnets.get(it as usize))
        {
            frame.tags = merged(&self.network.tags, &subnet.tags);
        }
        self.maker
            .make(("table", None), frame, &[("network", self.own())]);
        for hop in &table.routes {
            self.route(table, hop);
        }
    }

    fn route(&mut self, table: &Table, hop: &Hop) {
        let path = self.network.path;
        let (role, target, after) = match &hop.via {
            RouteVia::None => return,
            RouteVia::InternetGateway => (
                "internet",
                reference(internet_gateway_id(path)),
                Some(attachment_id(path)),
            ),
            RouteVia::Nat => match hop.nat {
                Some(zone) => ("nat", reference(nat_id(path, zone)), None),
                None => return,
            },
            RouteVia::EgressOnly => ("egress_only", reference(egress_only_id(path)), None),
            RouteVia::Gateway(id) => (
                "via",
                Value::Late(Late::Output(*id, ustr::name!("id"))),
                None,
            ),
        };
        let destination = match hop.destination {
            IpNet::V4(_) => "destination",
            IpNet::V6(_) => "destination6",
        };
        let mut frame = self
            .frame(route_id(table.id, hop.destination), hop.span)
            .after(after);
        frame.tags.clear();
        if let RouteVia::Gateway(id) = &hop.via {
            let parts = self.through.get(id).into_iter().flatten();
            frame = parts.fold(frame, |it, part| it.after([*part]));
        }
        let roles = [
            ("table", reference(table.id)),
            (destination, Value::Cidr(hop.destination)),
            (role, target),
        ];
        self.maker.make(("route", None), frame, &roles);
    }

    fn associations(&mut self, index: u32, subnet: &Subnet, ways: &Ways) {
        for zone in &subnet.zones {
            let Some(table) = ways.table(index, *zone) else {
                continue;
            };
            let id = subnet_id(self.network.path, subnet.name, *zone);
            let mut frame = self.frame(part(id, "association"), subnet.span);
            frame.tags.clear();
            let roles = [("subnet", reference(id)), ("table", reference(table.id))];
            self.maker.make(("association", None), frame, &roles);
        }
    }
}

/// `main/routes/public/default`, `main/routes/public/route["10.9.0.0/16"]`
fn route_id(table: ResourceId, destination: IpNet) -> ResourceId {
    if destination == everything() {
        part(table, "default")
    } else if destination == everything6() {
        part(table, "default6")
    } else {
        part(table, &format!("route[\"{destination}\"]"))
    }
}

/// The line of the first route to a gateway.
fn cause(ways: &Ways, via: &RouteVia, network: &Network) -> Span {
    let mut routes = ways.tables.iter().flat_map(|it| &it.routes);
    routes
        .find(|it| it.via == *via)
        .map_or(network.span, |it| it.span)
}

/// The name of a zone: known for letters, a slot of deployment for numbers.
fn zone_name(region: Ustr, zone: Zone) -> Value {
    if zone.letter {
        Value::text(&format!("{region}{}", zone.name()))
    } else {
        Value::Late(Late::ZoneSlot(zone.slot))
    }
}

/// Tags of the inner declaration win.
pub fn merged(outer: &[(Ustr, Value)], inner: &[(Ustr, Value)]) -> Vec<(Ustr, Value)> {
    let kept = outer
        .iter()
        .filter(|(key, _)| !inner.iter().any(|it| it.0 == *key));
    kept.chain(inner).cloned().collect()
}
