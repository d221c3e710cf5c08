//! A small builder of topologies. Every declaration has a span of its own: its number in the order of building.

use ipnet::IpNet;
use topoc_diagnostics::{FileId, Span};
use topoc_ir::{
    Edge, Endpoints, ExistingNetwork, Group, Meaning, NatMode, Need, Network, Node, NodeId,
    Opening, Peer, Placement, Protocol, Resource, ResourceId, Retain, Route, RouteVia, Subnet,
    Table, TableChoice, Tier, Topology, Transport, Value, Zone,
};
use ustr::Ustr;

/// Roles of the library's resource types; the field is called like the role, but for `subnet` (tested by renaming).
const MEANINGS: &[(&str, Option<&str>, &str, &[&str])] = &[
    ("network", None, "vpc", &["cidr", "ipv6"]),
    ("network_ipv6", None, "ipv6", &["network"]),
    ("network_range", None, "range", &["network", "cidr"]),
    (
        "subnet",
        None,
        "subnet",
        &["network", "cidr", "zone", "public_addresses"],
    ),
    ("gateway", Some("internet"), "internet_gateway", &[]),
    ("attachment", None, "attachment", &["network", "gateway"]),
    ("gateway", Some("egress_only"), "egress_only", &["network"]),
    ("gateway", Some("nat"), "nat", &["subnet", "address"]),
    ("address", None, "address", &[]),
    ("table", None, "table", &["network"]),
    ("association", None, "association", &["subnet", "table"]),
    (
        "route",
        None,
        "route",
        &[
            "table",
            "destination",
            "destination6",
            "internet",
            "nat",
            "egress_only",
            "via",
        ],
    ),
    ("group", None, "group", &["network", "description"]),
    ("rule", Some("ingress"), "ingress", RULE),
    ("rule", Some("egress"), "egress", RULE),
    (
        "endpoint",
        Some("interface"),
        "interface_endpoint",
        &[
            "network",
            "service",
            "subnets",
            "groups",
            "private_dns",
            "policy",
        ],
    ),
    (
        "endpoint",
        Some("gateway"),
        "gateway_endpoint",
        &["network", "service", "tables", "policy"],
    ),
    ("prefix_list", None, "prefix_list", &["service"]),
];

const RULE: &[&str] = &[
    "group",
    "protocol",
    "from_port",
    "to_port",
    "peer",
    "cidr",
    "cidr6",
    "prefix_list",
    "description",
];

/// The topology under construction.
pub struct Build {
    pub topology: Topology,
    next: u32,
}

pub fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

pub fn zone(letter: char) -> Zone {
    Zone {
        slot: letter as u8 - b'a',
        letter: true,
    }
}

pub fn tcp(port: u16) -> Protocol {
    Protocol::Ports(Transport::Tcp, port, port)
}

pub const INTERNET: Peer = Peer::Internet { v4: true, v6: true };

/// `app private`, `app private a b size=24 from=10.0.0.0/24 a=10.0.1.0/24 table=own|per_zone|NAME DEST:VIA`
pub fn subnet(text: &str, span: Span) -> Subnet {
    let mut words = text.split(' ');
    let name = Ustr::from(words.next().unwrap());
    let tier = match words.next() {
        Some("public") => Tier::Public,
        Some("isolated") => Tier::Isolated,
        _ => Tier::Private,
    };
    let mut subnet = Subnet {
        name,
        tier,
        zones: Vec::new(),
        zones_span: None,
        size: None,
        from: None,
        cidrs: Vec::new(),
        table: TableChoice::Tier,
        routes: Vec::new(),
        ipv6: None,
        ipv6_from: None,
        public_addresses: false,
        tags: Vec::new(),
        docs: None,
        span,
    };
    for word in words {
        if let Some((destination, via)) = word.split_once('>') {
            subnet.routes.push(route(destination, via, span));
        } else {
            match word.split_once('=') {
                None => subnet.zones.push(zone(word.chars().next().unwrap())),
                Some(("size", size)) => subnet.size = Some((size.parse().unwrap(), span)),
                Some(("from", from)) => subnet.from = Some((net(from), span)),
                Some(("table", "own")) => subnet.table = TableChoice::Own,
                Some(("table", "per_zone")) => subnet.table = TableChoice::PerZone,
                Some(("table", name)) => subnet.table = TableChoice::Named(Ustr::from(name), span),
                Some((letter, cidr)) => {
                    subnet
                        .cidrs
                        .push((zone(letter.chars().next().unwrap()), net(cidr), span));
                }
            }
        }
    }
    subnet
}

pub fn route(destination: &str, via: &str, span: Span) -> Route {
    let via = match via {
        "none" => RouteVia::None,
        "internet" => RouteVia::InternetGateway,
        "nat" => RouteVia::Nat,
        "egress_only" => RouteVia::EgressOnly,
        other => RouteVia::Gateway(ResourceId(Ustr::from(other))),
    };
    Route {
        destination: net(destination),
        via,
        span,
    }
}

impl Build {
    pub fn new() -> Self {
        let mut topology = Topology {
            name: Ustr::from("shop"),
            region: Ustr::from("eu-central-1"),
            prefix: Ustr::from("shop"),
            ..Topology::default()
        };
        for (name, argument, ty, roles) in MEANINGS {
            let key = (Ustr::from(name), argument.map(Ustr::from));
            let roles = roles.iter().map(|it| (Ustr::from(it), Ustr::from(it)));
            let meaning = Meaning {
                ty: Ustr::from(ty),
                roles: roles.collect(),
            };
            topology.meanings.insert(key, meaning);
        }
        let mut build = Self { topology, next: 0 };
        build.services("s3", &["s3"], &[], &[]);
        build.services("sqs", &[], &["sqs"], &[]);
        build.services("ecr", &[], &["ecr.api", "ecr.dkr"], &["s3"]);
        build.services("iam", &[], &[], &[]);
        build
    }

    fn services(&mut self, name: &str, gateways: &[&str], interfaces: &[&str], also: &[&str]) {
        let list = |it: &[&str]| Value::list(it.iter().map(|it| Value::text(it)).collect());
        let fields = [
            ("gateways", list(gateways)),
            ("interfaces", list(interfaces)),
            ("also", list(also)),
        ];
        let record = Value::record(fields.map(|(key, value)| (Ustr::from(key), value)));
        self.topology
            .endpoint_table
            .insert(Ustr::from(name), record);
    }

    pub fn span(&mut self) -> Span {
        self.next += 1;
        Span::new(FileId(0), self.next, self.next)
    }

    /// `zones` are letters; subnets without zones get all of them.
    pub fn network(
        &mut self,
        path: &str,
        cidr: &str,
        zones: &str,
        subnets: &[&str],
    ) -> &mut Network {
        let span = self.span();
        let zones: Vec<Zone> = zones.chars().map(zone).collect();
        let subnets = subnets.iter().map(|text| {
            let mut subnet = subnet(text, self.span());
            if subnet.zones.is_empty() {
                subnet.zones.clone_from(&zones);
            }
            subnet
        });
        let subnets: Vec<Subnet> = subnets.collect();
        self.topology.networks.push(Network {
            path: Ustr::from(path),
            existing: None,
            cidr: (net(cidr), span),
            more: Vec::new(),
            ipv6: false,
            zones,
            nat: None,
            nat_in: None,
            routes: Vec::new(),
            subnets,
            tables: Vec::new(),
            endpoints: Vec::new(),
            defaults_closed: None,
            tags: Vec::new(),
            docs: None,
            span,
            rank: span.start,
        });
        self.topology.networks.last_mut().unwrap()
    }

    pub fn main(&mut self) -> &mut Network {
        &mut self.topology.networks[0]
    }

    pub fn nat(&mut self, mode: NatMode) {
        let span = self.span();
        self.main().nat = Some((mode, span));
    }

    pub fn table(&mut self, name: &str, routes: &[(&str, &str)]) {
        let span = self.span();
        let routes = routes
            .iter()
            .map(|(to, via)| route(to, via, span))
            .collect();
        self.main().tables.push(Table {
            name: Ustr::from(name),
            routes,
            span,
        });
    }

    pub fn existing(&mut self, id: Value, subnet_ids: Vec<Value>) {
        self.main().existing = Some(ExistingNetwork { id, subnet_ids });
    }

    /// `services`: `None` derives them.
    pub fn endpoints(&mut self, name: &str, subnets: &[u32], services: Option<&[&str]>) {
        let span = self.span();
        let services = services.map(|it| it.iter().map(|it| (Ustr::from(it), span)).collect());
        self.main().endpoints.push(Endpoints {
            name: Ustr::from(name),
            subnets: subnets.to_vec(),
            services,
            policy: None,
            private_dns: true,
            span,
        });
    }

    pub fn group(&mut self, path: &str) -> u32 {
        let span = self.span();
        self.topology.groups.push(Group {
            path: Ustr::from(path),
            existing: None,
            assumed: false,
            docs: None,
            tags: Vec::new(),
            span,
            rank: span.start,
        });
        self.topology.groups.len() as u32 - 1
    }

    /// In `(network, subnet)`, all zones; `None`: unplaced.
    pub fn node(&mut self, path: &str, place: Option<(u32, u32)>, groups: &[u32]) -> NodeId {
        let span = self.span();
        let placement = place.map(|(network, subnet)| {
            let zones = &self.topology.networks[network as usize].subnets[subnet as usize].zones;
            Placement {
                network,
                subnets: zones.iter().map(|it| (subnet, *it)).collect(),
                span,
            }
        });
        self.topology.nodes.push(Node {
            path: Ustr::from(path),
            kind: Ustr::from("service"),
            owner: None,
            own_group: placement.is_some(),
            placement,
            groups: groups.to_vec(),
            relay: false,
            principal: false,
            interfaces: 1,
            smallest_subnet: None,
            docs: None,
            tags: Vec::new(),
            span,
            rank: span.start,
        });
        NodeId(self.topology.nodes.len() as u32 - 1)
    }

    pub fn open(&mut self, from: Peer, to: Peer, protocol: Protocol, text: &str) {
        let span = self.span();
        let edge = self.edge(from.clone(), to.clone(), text, span);
        self.topology.openings.push(Opening {
            from,
            to,
            protocol,
            name: None,
            because: None,
            edge: Some(edge),
            span,
            rank: span.start,
        });
    }

    fn edge(&mut self, source: Peer, target: Peer, text: &str, span: Span) -> u32 {
        self.topology.edges.push(Edge {
            id: Ustr::from(text),
            source,
            target,
            verb: Ustr::from("verb"),
            text: Ustr::from(text),
            docs: None,
            span,
            rank: span.start,
        });
        self.topology.edges.len() as u32 - 1
    }

    pub fn need(&mut self, from: NodeId, service: &str) {
        let span = self.span();
        self.topology.needs.push(Need {
            from: Some(from),
            service: Ustr::from(service),
            edge: None,
            span,
        });
    }

    pub fn resource(&mut self, id: &str, fields: &[(&str, Value)]) {
        let span = self.span();
        self.topology.resources.push(Resource {
            id: ResourceId(Ustr::from(id)),
            ty: Ustr::from("thing"),
            fields: fields
                .iter()
                .map(|(name, value)| (Ustr::from(name), value.clone()))
                .collect(),
            after: Vec::new(),
            region: None,
            retain: Retain::Delete,
            ignore: Vec::new(),
            tags: Vec::new(),
            extra: Vec::new(),
            docs: None,
            allows: Vec::new(),
            origin: topoc_ir::Origin {
                span,
                others: Vec::new(),
            },
            rank: span.start,
        });
    }
}
