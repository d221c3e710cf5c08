//! Groups and rules, and edges that could carry nothing.

use topoc_ir::topology::named_group_id;
use topoc_ir::{Late, Peer, Protocol, ResourceId, Transport, Value};
use ustr::Ustr;

use crate::build::{Build, INTERNET, net, tcp};
use crate::show::{resources, run, wrong};

const RULES: &[&str] = &["group", "ingress", "egress", "thing"];

const PUBLIC: Option<(u32, u32)> = Some((0, 0));
const PRIVATE: Option<(u32, u32)> = Some((0, 1));
const ISOLATED: Option<(u32, u32)> = Some((0, 2));

fn build() -> Build {
    let mut build = Build::new();
    build.network(
        "main",
        "10.0.0.0/16",
        "ab",
        &["web public", "app private", "data isolated"],
    );
    build
}

fn lines(text: &str, with: &str) -> Vec<String> {
    text.lines()
        .filter(|it| it.contains(with))
        .map(str::to_owned)
        .collect()
}

#[test]
fn an_edge_is_a_pair_of_rules() {
    let mut build = build();
    let alb = build.node("alb", PUBLIC, &[]);
    build.resource("alb.main", &[]);
    build.topology.resources[0].rank = build.topology.nodes[0].rank;
    let web = build.node("web", PRIVATE, &[]);
    let db = build.node("db", ISOLATED, &[]);
    build.open(
        INTERNET,
        Peer::Node(alb),
        tcp(443),
        "internet -> alb : https",
    );
    build.open(
        Peer::Node(alb),
        Peer::Node(web),
        tcp(8000),
        "alb -> web : forward \"/*\"",
    );
    build.open(
        Peer::Node(web),
        Peer::Node(db),
        tcp(5432),
        "web -> db : postgres",
    );
    build.open(
        Peer::Node(web),
        INTERNET,
        tcp(443),
        "web -> internet : https",
    );
    let expected = "\
group alb/group network=main description='group of alb'
thing alb.main
group web/group network=main description='group of web'
group db/group network=main description='group of db'
ingress internet->alb:tcp-443/ingress group=alb/group protocol='tcp' from_port=443 to_port=443 description='internet to alb: https' cidr=0.0.0.0/0
egress alb->web:tcp-8000/egress group=alb/group protocol='tcp' from_port=8000 to_port=8000 description='alb to web: forward /*' peer=web/group
ingress alb->web:tcp-8000/ingress group=web/group protocol='tcp' from_port=8000 to_port=8000 description='alb to web: forward /*' peer=alb/group
egress web->db:tcp-5432/egress group=web/group protocol='tcp' from_port=5432 to_port=5432 description='web to db: postgres' peer=db/group
ingress web->db:tcp-5432/ingress group=db/group protocol='tcp' from_port=5432 to_port=5432 description='web to db: postgres' peer=web/group
egress web->internet:tcp-443/egress group=web/group protocol='tcp' from_port=443 to_port=443 description='web to internet: https' cidr=0.0.0.0/0
";
    assert_eq!(resources(build.topology, RULES), expected);
}

#[test]
fn ipv6_has_rules_of_its_own() {
    let mut build = build();
    build.main().ipv6 = true;
    let web = build.node("web", PUBLIC, &[]);
    build.open(
        INTERNET,
        Peer::Node(web),
        Protocol::Icmp(Some(8)),
        "internet -> web : icmp 8",
    );
    let six = Peer::Cidrs(vec![net("2001:db8::/32")]);
    build.open(
        Peer::Node(web),
        six,
        Protocol::Number(50),
        "web -> partner : protocol 50",
    );
    let expected = "\
group web/group network=main description='group of web'
ingress internet->web:icmp-8/ingress group=web/group protocol='icmp' from_port=8 to_port=-1 description='internet to web: icmp 8' cidr=0.0.0.0/0
ingress internet_v6->web:icmp-8/ingress group=web/group protocol='icmpv6' from_port=8 to_port=-1 description='internet to web: icmp 8' cidr6=::/0
egress web->2001:db8::/32:protocol-50/egress group=web/group protocol='50' description='web to partner: protocol 50' cidr6=2001:db8::/32
";
    assert_eq!(resources(build.topology, RULES), expected);
}

#[test]
fn overlapping_rules_are_merged() {
    let mut build = build();
    let (web, db) = (
        build.node("web", PRIVATE, &[]),
        build.node("db", PRIVATE, &[]),
    );
    let range = |low, high| Protocol::Ports(Transport::Udp, low, high);
    for (protocol, text) in [
        (tcp(80), "web -> db : http"),
        (tcp(80), "web -> db : other"),
        (range(10, 20), "web -> db : udp 10..20"),
        (range(15, 30), "web -> db : udp 15..30"),
        (range(31, 40), "web -> db : udp 31..40"),
    ] {
        build.open(Peer::Node(web), Peer::Node(db), protocol, text);
    }
    let (lowered, reports) = run(build.topology);
    assert_eq!(reports, Vec::<String>::new());
    let rules = lowered
        .resources
        .iter()
        .filter(|it| it.ty.as_str() == "egress");
    let rules: Vec<(&str, usize)> = rules
        .map(|it| (it.id.0.as_str(), it.origin.others.len()))
        .collect();
    let expected = [
        ("web->db:tcp-80/egress", 1),
        ("web->db:udp-10-to-30/egress", 1),
        ("web->db:udp-31-to-40/egress", 0),
    ];
    assert_eq!(rules, expected);
}

#[test]
fn self_mutual_and_circular_edges() {
    let mut build = build();
    let nodes = ["a", "b", "c"].map(|it| build.node(it, PRIVATE, &[]));
    let [a, b, c] = nodes.map(Peer::Node);
    for (from, to) in [(&a, &a), (&a, &b), (&b, &a), (&b, &c), (&c, &a)] {
        build.open(from.clone(), to.clone(), Protocol::All, "x -> y : all");
    }
    let text = resources(build.topology, &["egress"]);
    let ids: Vec<&str> = text
        .lines()
        .map(|it| it.split(' ').nth(1).unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "a->a:all/egress",
            "a->b:all/egress",
            "b->a:all/egress",
            "b->c:all/egress",
            "c->a:all/egress"
        ]
    );
    assert!(text.starts_with("egress a->a:all/egress group=a/group protocol='-1' description='x to y: all' peer=a/group\n"));
}

#[test]
fn a_named_group_appears_once_in_each_network() {
    let mut build = build();
    build.network("other", "10.1.0.0/16", "a", &["app isolated"]);
    let clients = build.group("clients");
    let idle = build.group("idle");
    build.node("one", PRIVATE, &[clients]);
    build.node("two", Some((1, 0)), &[clients]);
    build
        .topology
        .nodes
        .iter_mut()
        .for_each(|it| it.own_group = false);
    build.open(
        Peer::Group(clients),
        Peer::Group(clients),
        tcp(7946),
        "clients -> clients : tcp 7946",
    );
    build.open(
        Peer::Group(idle),
        Peer::Group(clients),
        tcp(1),
        "idle -> clients : tcp 1",
    );
    let expected = "\
group clients/main network=main description='group of clients'
group clients/other network=other description='group of clients'
egress clients/main->clients/main:tcp-7946/egress group=clients/main protocol='tcp' from_port=7946 to_port=7946 description='clients to clients: tcp 7946' peer=clients/main
ingress clients/main->clients/main:tcp-7946/ingress group=clients/main protocol='tcp' from_port=7946 to_port=7946 description='clients to clients: tcp 7946' peer=clients/main
egress clients/other->clients/other:tcp-7946/egress group=clients/other protocol='tcp' from_port=7946 to_port=7946 description='clients to clients: tcp 7946' peer=clients/other
ingress clients/other->clients/other:tcp-7946/ingress group=clients/other protocol='tcp' from_port=7946 to_port=7946 description='clients to clients: tcp 7946' peer=clients/other
";
    assert_eq!(resources(build.topology, RULES), expected);
}

#[test]
fn every_member_needs_a_way() {
    let mut build = build();
    build.network("other", "10.1.0.0/16", "a", &["app isolated"]);
    let clients = build.group("clients");
    build.node("one", PRIVATE, &[clients]);
    build.node("two", Some((1, 0)), &[clients]);
    let db = build.node("db", PRIVATE, &[]);
    build.open(
        Peer::Group(clients),
        Peer::Node(db),
        tcp(5432),
        "clients -> db : postgres",
    );
    let expected = "E0514 nothing links `other` with `main` | place both in one network";
    assert_eq!(wrong(build.topology), [expected]);
}

#[test]
fn a_rule_of_a_group_covers_that_of_its_member() {
    let mut build = build();
    let clients = build.group("clients");
    let web = build.node("web", PRIVATE, &[clients]);
    let db = build.node("db", PRIVATE, &[]);
    build.open(
        Peer::Group(clients),
        Peer::Node(db),
        tcp(5432),
        "clients -> db : postgres",
    );
    build.open(
        Peer::Node(web),
        Peer::Node(db),
        tcp(5432),
        "web -> db : postgres",
    );
    build.open(Peer::Node(web), Peer::Node(db), tcp(80), "web -> db : http");
    let text = resources(build.topology, &["egress", "ingress"]);
    let ids: Vec<&str> = text
        .lines()
        .map(|it| it.split(' ').nth(1).unwrap())
        .collect();
    let expected = [
        "clients/main->db:tcp-5432/egress",
        "clients/main->db:tcp-5432/ingress",
        "web->db:tcp-80/egress",
        "web->db:tcp-80/ingress",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn existing_groups_get_rules() {
    let mut build = build();
    let front = build.group("front");
    build.topology.groups[0].existing = Some(Value::Late(Late::Input(Ustr::from("group_id"))));
    let web = build.node("web", PRIVATE, &[]);
    build.node("worker", PRIVATE, &[front]);
    build.open(
        Peer::Group(front),
        Peer::Node(web),
        tcp(80),
        "front -> web : http",
    );
    build.resource(
        "worker.main",
        &[(
            "groups",
            Value::Resource(named_group_id("front".into(), "main".into())),
        )],
    );
    let expected = "\
group web/group network=main description='group of web'
group worker/group network=main description='group of worker'
egress front->web:tcp-80/egress group={id=input.group_id} protocol='tcp' from_port=80 to_port=80 description='front to web: http' peer=web/group
ingress front->web:tcp-80/ingress group=web/group protocol='tcp' from_port=80 to_port=80 description='front to web: http' peer={id=input.group_id}
thing worker.main groups={id=input.group_id}
";
    assert_eq!(resources(build.topology, RULES), expected);
}

#[test]
fn ranges_lists_and_late_ranges() {
    let mut build = build();
    let alb = build.node("alb", PUBLIC, &[]);
    let cdn = build.node("front", None, &[]);
    let id = Value::Late(Late::Output(
        ResourceId("cloudfront_ranges".into()),
        "id".into(),
    ));
    build.open(
        Peer::PrefixList {
            node: Some(cdn),
            id,
            weight: 55,
        },
        Peer::Node(alb),
        tcp(443),
        "front -> alb : forward \"/*\"",
    );
    let late = Value::list(vec![
        Value::Late(Late::Input("office".into())),
        Value::Late(Late::Block(0, 1, 0)),
    ]);
    build.open(
        Peer::LateCidr(late),
        Peer::Node(alb),
        tcp(22),
        "office -> alb : ssh",
    );
    build.open(
        Peer::Node(alb),
        Peer::Cidrs(vec![net("10.0.16.0/22"), net("140.82.112.0/20")]),
        tcp(22),
        "alb -> github : ssh",
    );
    let text = resources(build.topology, &["ingress", "egress"]);
    let expected = "\
ingress cloudfront_ranges->alb:tcp-443/ingress group=alb/group protocol='tcp' from_port=443 to_port=443 description='front to alb: forward /*' prefix_list=cloudfront_ranges.id
ingress office->alb:tcp-22/ingress group=alb/group protocol='tcp' from_port=22 to_port=22 description='office to alb: ssh' cidr=input.office
ingress 10.0.16.0/22->alb:tcp-22/ingress group=alb/group protocol='tcp' from_port=22 to_port=22 description='office to alb: ssh' cidr=10.0.16.0/22
egress alb->10.0.16.0/22:tcp-22/egress group=alb/group protocol='tcp' from_port=22 to_port=22 description='alb to github: ssh' cidr=10.0.16.0/22
egress alb->140.82.112.0/20:tcp-22/egress group=alb/group protocol='tcp' from_port=22 to_port=22 description='alb to github: ssh' cidr=140.82.112.0/20
";
    assert_eq!(text, expected);
}

#[test]
fn rules_are_counted_with_the_weight_of_lists() {
    let list = |name: &str| Peer::PrefixList {
        node: None,
        id: Value::Late(Late::Output(ResourceId(name.into()), "id".into())),
        weight: 55,
    };
    let mut build = build();
    let alb = build.node("alb", PUBLIC, &[]);
    build.open(
        list("ranges"),
        Peer::Node(alb),
        tcp(443),
        "front -> alb : https",
    );
    let fits = build.topology.clone();
    build.open(
        list("ranges"),
        Peer::Node(alb),
        tcp(80),
        "front -> alb : http",
    );
    assert_eq!(run(fits).1, Vec::<String>::new());
    let expected = "E0513 `alb` needs 110 rules for what may enter, but 60 are possible | put its peers into one group, \
                    and draw one edge to or from that: `groups = [peers]`; or, where AWS has raised the quota, \
                    `@allow(group_members, reason = \"…\")`";
    assert_eq!(wrong(build.topology), [expected]);
}

#[test]
fn neighbouring_ports_join_where_they_must() {
    let ports = |count: u16| {
        let mut build = build();
        let (web, db) = (
            build.node("web", PRIVATE, &[]),
            build.node("db", PRIVATE, &[]),
        );
        for port in 0..count {
            build.open(
                Peer::Node(web),
                Peer::Node(db),
                tcp(8000 + port),
                "web -> db : tcp",
            );
        }
        lines(&resources(build.topology, &["egress"]), "egress").len()
    };
    assert_eq!((ports(60), ports(61)), (60, 1));
}

#[test]
fn an_interface_wears_five_groups() {
    let mut build = build();
    let groups: Vec<u32> = ["g1", "g2", "g3", "g4", "g5"]
        .iter()
        .map(|it| build.group(it))
        .collect();
    build.node("web", PRIVATE, &groups);
    let expected =
        "E0513 `web` wears 6 groups, its own included | one group can take the edges of several";
    assert_eq!(wrong(build.topology), [expected]);
}

#[test]
fn edges_need_a_way() {
    let mut build = build();
    build.network("other", "10.1.0.0/16", "a", &["app isolated"]);
    let alb = Peer::Node(build.node("alb", PUBLIC, &[]));
    let web = Peer::Node(build.node("web", PRIVATE, &[]));
    let db = Peer::Node(build.node("db", ISOLATED, &[]));
    let far = Peer::Node(build.node("far", Some((1, 0)), &[]));
    let job = Peer::Node(build.node("job", None, &[]));
    let partner = Peer::Cidrs(vec![net("203.0.113.0/24")]);
    for (from, to) in [
        (&db, &INTERNET),
        (&INTERNET, &web),
        (&job, &db),
        (&job, &alb),
        (&web, &far),
        (&partner, &web),
        (&db, &partner),
        (&db, &job),
    ] {
        build.open(from.clone(), to.clone(), tcp(443), "edge");
    }
    // these are fine
    for (from, to) in [
        (&web, &INTERNET),
        (&INTERNET, &alb),
        (&partner, &alb),
        (&web, &partner),
        (&web, &job),
    ] {
        build.open(from.clone(), to.clone(), tcp(8443), "edge");
    }
    let front = "put a load balancer in `main.web` before `web`, or place `web` in `main.web`";
    let expected = [
        "E0514 `db` has no way to `internet` | make `data` private, or add a `route` to it".to_owned(),
        format!("E0514 `internet` cannot reach `web` | {front}"),
        "E0514 `job` stands in no network and cannot reach `db` | place it: `job in main.data`".to_owned(),
        "E0514 `job` has no address that `alb` could admit | place `job` in a network, or say `internet -> alb : tcp-443`".to_owned(),
        "E0514 nothing links `main` with `other` | place both in one network".to_owned(),
        format!("E0514 `203.0.113.0/24` cannot reach `web` | {front}"),
        "E0514 `db` has no way to `203.0.113.0/24` | make `data` private, or add a `route` to it".to_owned(),
        "E0514 `db` has no way to `job` | make `data` private, or add a `route` to it".to_owned(),
    ];
    assert_eq!(wrong(build.topology), expected);
}

#[test]
fn an_unplaced_node_comes_from_the_internet() {
    let mut build = build();
    let alb = Peer::Node(build.node("alb", PUBLIC, &[]));
    let job = Peer::Node(build.node("job", None, &[]));
    build.open(INTERNET, alb.clone(), tcp(443), "internet -> alb : https");
    build.open(job, alb, tcp(443), "job -> alb : https");
    assert_eq!(
        lines(&resources(build.topology, &["ingress"]), "ingress").len(),
        1
    );
}

#[test]
fn a_new_edge_only_adds_lines() {
    let edges: &[(&str, &str, u16)] = &[
        ("a", "b", 80),
        ("b", "c", 81),
        ("a", "c", 80),
        ("c", "a", 80),
        ("a", "b", 82),
    ];
    let text = |edges: &[(&str, &str, u16)]| {
        let mut build = build();
        let ids = ["a", "b", "c"].map(|it| build.node(it, PRIVATE, &[]));
        let node = |name: &str| Peer::Node(ids[usize::from(name.as_bytes()[0] - b'a')]);
        for (from, to, port) in edges {
            build.open(
                node(from),
                node(to),
                tcp(*port),
                &format!("{from} -> {to} : tcp {port}"),
            );
        }
        resources(build.topology, &["egress", "ingress", "group"])
    };
    let all = text(edges);
    for left_out in 0..edges.len() {
        let mut fewer = edges.to_vec();
        fewer.remove(left_out);
        let before = text(&fewer);
        assert!(before.lines().all(|it| all.contains(it)));
        assert_eq!(before.lines().count() + 2, all.lines().count());
    }
}
