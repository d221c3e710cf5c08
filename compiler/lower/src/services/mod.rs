//! Ways to AWS services: endpoints, else NAT or a public address, else an error.
//!
//! A need that leaves by the default route opens HTTPS to the whole internet at the client, since the addresses of
//! AWS services are no narrower range that all targets could name.

mod closure;
mod offers;
mod places;

use rustc_hash::FxHashMap as HashMap;
use rustc_hash::FxHashSet as HashSet;

use indexmap::IndexMap;
use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::topology::{endpoint_group_id, prefix_list_id};
use topoc_ir::{
    Late, Network, NodeId, Peer, Protocol, ResourceId, Topology, Transport, Value, Zone,
};
use ustr::Ustr;

use self::closure::Closures;
pub use self::offers::make;
use self::places::Places;
use crate::errors;
use crate::groups::{Groups, Stand, Wearing, stands_of};
use crate::plan::Plan;
use crate::routes::{everything, everything6};
use crate::rules::{End, Rules, reason};

const HTTPS: Protocol = Protocol::Ports(Transport::Tcp, 443, 443);

/// The endpoints of every network.
#[derive(Clone, Debug, Default)]
pub struct Services {
    networks: Vec<Vec<Offer>>,
}

/// One endpoint.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Index of its block in [`Network::endpoints`].
    pub block: usize,
    /// The short name of the service, `ecr.api`.
    pub service: Ustr,
    /// A route in tables rather than interfaces.
    pub gateway: bool,
    /// The subnets of interfaces: declaration and zone, at most one a zone.
    pub subnets: Vec<(u32, Zone)>,
    /// The tables of a gateway.
    pub tables: Vec<ResourceId>,
    /// The lines that need it.
    pub causes: Vec<Span>,
    /// For a gateway: whether rules name the prefix list of its service.
    listed: bool,
    clients: Vec<NodeId>,
}

impl Services {
    /// The endpoints of a network.
    pub fn of(&self, network: u32) -> &[Offer] {
        self.networks
            .get(network as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// The group of the interfaces of a block, if it has any.
    pub fn group(&self, topology: &Topology, network: u32, block: Ustr) -> Option<Wearing> {
        let place = topology.networks.get(network as usize)?;
        let index = place.endpoints.iter().position(|it| it.name == block)?;
        let mut offers = self.of(network).iter();
        offers.find(|it| it.block == index && !it.gateway)?;
        Some(worn(place, network, block))
    }

    /// The prefix lists of the gateways of a block.
    pub fn lists(&self, topology: &Topology, network: u32, block: Ustr) -> Vec<End> {
        let place = topology.networks.get(network as usize);
        let index = place.and_then(|it| it.endpoints.iter().position(|it| it.name == block));
        let offers = self.of(network).iter();
        let gateways = offers.filter(|it| it.gateway && Some(it.block) == index);
        gateways.map(|it| list(it.service)).collect()
    }
}

/// The prefix list of a service.
fn list(service: Ustr) -> End {
    let list = prefix_list_id(service);
    let id = Value::Late(Late::Output(list, ustr::name!("id")));
    End::list(list.0, id, 1)
}

fn worn(network: &Network, index: u32, block: Ustr) -> Wearing {
    Wearing {
        id: endpoint_group_id(network.path, block),
        label: Ustr::from(&format!("{}.{block}", network.path)),
        network: Some(index),
        span: network.span,
        assumed: false,
    }
}

/// One distinct need: who needs what, and where it is said first.
struct Want {
    node: NodeId,
    network: u32,
    service: Ustr,
    /// Some subnet of the node has no default route.
    enclosed: bool,
    /// An edge of the program says it, rather than the node's kind.
    declared: bool,
    /// That edge, or the node.
    span: Span,
    rank: u32,
}

/// Finds the endpoints that the needs call for, and drafts the rules of their clients.
pub fn plan(
    topology: &Topology,
    plans: &[Plan],
    groups: &Groups<'_>,
    rules: &mut Rules,
    out: &mut Diagnostics,
) -> Services {
    let wants = wants(topology, plans);
    let mut closures = Closures::new(topology);
    let mut services = Services::default();
    let mut by_network: Vec<Vec<&Want>> = vec![Vec::new(); topology.networks.len()];
    for want in &wants {
        if let Some(wants) = by_network.get_mut(want.network as usize) {
            wants.push(want);
        }
    }
    for ((index, network), wants) in (0u32..).zip(&topology.networks).zip(by_network) {
        let mut work = Work {
            topology,
            network,
            index,
            plan: plans.get(index as usize),
            groups,
            offers: offers::offers(network, &wants, &mut closures, out),
        };
        work.find_clients(&wants, &mut closures);
        let callers = callers(topology, groups, index);
        work.finish_offers(&callers);
        let places = Places {
            network,
            topology,
            plan: work.plan,
            callers: &callers,
        };
        places.settle(&mut work.offers, out);
        work.open(&wants, &mut closures, rules, out);
        services.networks.push(work.offers);
    }
    services
}

/// Where those stand that edges to the blocks of a network come from.
fn callers(topology: &Topology, groups: &Groups<'_>, index: u32) -> Vec<(usize, Stand)> {
    let Some(network) = topology.networks.get(index as usize) else {
        return Vec::new();
    };
    let mut callers = Vec::new();
    for opening in &topology.openings {
        let Peer::Endpoints(to, name) = &opening.to else {
            continue;
        };
        let block = network.endpoints.iter().position(|it| it.name == *name);
        let Some(block) = block.filter(|_| *to == index) else {
            continue;
        };
        let stands = groups.stands_of_peer(&opening.from);
        let here = stands.into_iter().filter(|it| it.0 == index);
        callers.extend(here.map(|it| (block, it)));
    }
    callers
}

/// Needs of placed nodes, each once.
fn wants(topology: &Topology, plans: &[Plan]) -> Vec<Want> {
    let mut seen = HashSet::default();
    let mut wants = Vec::new();
    for need in &topology.needs {
        let Some(id) = need.from.filter(|it| seen.insert((*it, need.service))) else {
            continue;
        };
        let Some(node) = topology.node(id) else {
            continue;
        };
        let Some(placement) = &node.placement else {
            continue;
        };
        let plan = plans.get(placement.network as usize);
        let enclosed = stands_of(node).any(|(_, subnet, zone)| {
            let table = plan.and_then(|it| it.ways.table(subnet, zone));
            table.is_none_or(|it| it.way_out().is_none())
        });
        let edge = need.edge.and_then(|it| topology.edges.get(it as usize));
        let declared = edge.is_some_and(|it| is_outside_kinds(topology, &it.source));
        wants.push(Want {
            node: id,
            network: placement.network,
            service: need.service,
            enclosed,
            declared,
            span: if declared { need.span } else { node.span },
            rank: edge.map_or(node.rank, |it| it.rank),
        });
    }
    wants
}

/// Parts of a node draw their edges inside its kind.
fn is_outside_kinds(topology: &Topology, source: &Peer) -> bool {
    match source {
        Peer::Node(id) => topology.node(*id).is_some_and(|it| it.owner.is_none()),
        Peer::Group(_)
        | Peer::Cidrs(_)
        | Peer::PrefixList { .. }
        | Peer::LateCidr(_)
        | Peer::Internet { .. }
        | Peer::Endpoints(..) => true,
    }
}

/// A service that a node has no way to.
pub struct Missing {
    /// As `needs` and `via` name it.
    pub service: Ustr,
    /// The edge of the program that needs it; else the node's kind does.
    pub line: Option<Span>,
    /// Whether an endpoint could serve it.
    pub served: bool,
}

/// The work on one network.
struct Work<'a> {
    topology: &'a Topology,
    network: &'a Network,
    index: u32,
    plan: Option<&'a Plan>,
    groups: &'a Groups<'a>,
    offers: Vec<Offer>,
}

impl Work<'_> {
    /// Everybody who needs a service goes through its endpoint: private DNS leads there from the whole network.
    fn find_clients(&mut self, wants: &[&Want], closures: &mut Closures<'_>) {
        let by_name: HashMap<Ustr, usize> =
            self.offers.iter().map(|it| it.service).zip(0..).collect();
        for want in wants {
            for service in &closures.of(want.service).services {
                let offer = by_name
                    .get(&service.name)
                    .and_then(|it| self.offers.get_mut(*it));
                let Some(offer) = offer else { continue };
                let dns = self
                    .network
                    .endpoints
                    .get(offer.block)
                    .is_none_or(|it| it.private_dns);
                if (offer.gateway || dns || want.enclosed)
                    && offer.clients.last() != Some(&want.node)
                {
                    offer.clients.push(want.node);
                    offer.causes.push(want.span);
                }
            }
        }
    }

    /// Every cause once; and whether rules will name the prefix list of a gateway.
    fn finish_offers(&mut self, callers: &[(usize, Stand)]) {
        for offer in &mut self.offers {
            let mut seen = HashSet::default();
            offer.causes.retain(|it| seen.insert(*it));
            let called = callers.iter().any(|it| it.0 == offer.block);
            offer.listed = called || !offer.clients.is_empty();
        }
    }

    /// Drafts the rules of every need, or reports that there is no way.
    fn open(
        &self,
        wants: &[&Want],
        closures: &mut Closures<'_>,
        rules: &mut Rules,
        out: &mut Diagnostics,
    ) {
        let by_name: HashMap<Ustr, usize> =
            self.offers.iter().map(|it| it.service).zip(0..).collect();
        let clients: Vec<HashSet<NodeId>> = self
            .offers
            .iter()
            .map(|it| it.clients.iter().copied().collect())
            .collect();
        let mut lacking: IndexMap<NodeId, Vec<Missing>> = IndexMap::new();
        for want in wants {
            let closure = closures.of(want.service);
            let mut outside = closure.services.is_empty();
            for service in &closure.services {
                let index = by_name.get(&service.name).copied();
                let used =
                    index.filter(|it| clients.get(*it).is_some_and(|it| it.contains(&want.node)));
                match used.and_then(|it| self.offers.get(it)) {
                    Some(offer) if self.serves(offer, want) => self.through(offer, want, rules),
                    _ => outside = true,
                }
            }
            if outside && want.enclosed {
                let missing = lacking.entry(want.node).or_default();
                missing.push(Missing {
                    service: want.service,
                    line: want.declared.then_some(want.span),
                    served: !closure.services.is_empty(),
                });
            } else if outside {
                self.to_internet(want, rules);
            }
        }
        for (id, missing) in lacking {
            if let Some(node) = self.topology.node(id) {
                out.push(errors::no_way_to_services(self.network, node, &missing));
            }
        }
    }

    /// A gateway serves the tables it stands in, interfaces the whole network.
    fn serves(&self, offer: &Offer, want: &Want) -> bool {
        let Some(node) = self.topology.node(want.node) else {
            return false;
        };
        !offer.gateway
            || stands_of(node).all(|(_, subnet, zone)| {
                let table = self.plan.and_then(|it| it.ways.table(subnet, zone));
                table.is_some_and(|it| offer.tables.contains(&it.id))
            })
    }

    fn through(&self, offer: &Offer, want: &Want, rules: &mut Rules) {
        let Some(client) = self.groups.of_node(want.node) else {
            return;
        };
        if offer.gateway {
            let reason = reason(
                &[&client.label, " to ", &offer.service, ": https"].concat(),
                want.span,
                want.rank,
            );
            rules.egress(client, list(offer.service), HTTPS, reason);
        } else if let Some(block) = self.network.endpoints.get(offer.block) {
            let worn = worn(self.network, self.index, block.name);
            let reason = reason(
                &[&client.label, " to ", &worn.label, ": https"].concat(),
                want.span,
                want.rank,
            );
            rules.pair(client, worn, HTTPS, reason);
        }
    }

    fn to_internet(&self, want: &Want, rules: &mut Rules) {
        let Some(client) = self.groups.of_node(want.node) else {
            return;
        };
        let reason = reason(
            &[&client.label, " to AWS services: https"].concat(),
            want.span,
            want.rank,
        );
        rules.egress(client, End::range(everything()), HTTPS, reason);
        let table = self.topology.node(want.node).and_then(|node| {
            let (_, subnet, zone) = stands_of(node).next()?;
            self.plan?.ways.table(subnet, zone)
        });
        if self.network.ipv6 && table.is_some_and(|it| it.way_out6().is_some()) {
            rules.egress(client, End::range(everything6()), HTTPS, reason);
        }
    }
}
