//! Networks: tables, routes, gateways, NAT, subnets.

use topoc_diagnostics::{Code, Diagnostics, Files, render};
use topoc_ir::topology::{attachment_id, nat_id, network_id, subnet_id, subnet_table_id};
use topoc_ir::{Late, Lock, NatMode, Part, Tier, Value, Zone};
use topoc_lower::lower;
use ustr::Ustr;

use crate::build::{Build, net, route, zone};
use crate::show::{resources, run, show, wrong};

const TABLES: &[&str] = &["table", "route", "association"];

/// notejam: three zones, a NAT gateway in each, two subnets for data.
fn notejam() -> Build {
    let mut build = Build::new();
    let subnets = ["web public", "app private", "data isolated a b"];
    build.network("main", "10.0.0.0/16", "abc", &subnets);
    build.nat(NatMode::PerZone);
    build
}

#[test]
fn a_network_with_three_tiers() {
    let expected = "\
vpc main cidr=10.0.0.0/16
internet_gateway main/internet_gateway
attachment main/attachment network=main gateway=main/internet_gateway
subnet main.web[a] network=main cidr=10.0.0.0/22 zone='eu-central-1a'
subnet main.web[b] network=main cidr=10.0.4.0/22 zone='eu-central-1b'
subnet main.web[c] network=main cidr=10.0.8.0/22 zone='eu-central-1c'
subnet main.app[a] network=main cidr=10.0.16.0/22 zone='eu-central-1a'
subnet main.app[b] network=main cidr=10.0.20.0/22 zone='eu-central-1b'
subnet main.app[c] network=main cidr=10.0.24.0/22 zone='eu-central-1c'
subnet main.data[a] network=main cidr=10.0.32.0/22 zone='eu-central-1a'
subnet main.data[b] network=main cidr=10.0.36.0/22 zone='eu-central-1b'
address main/nat[a]/address after=main/attachment
nat main/nat[a] subnet=main.web[a] address=main/nat[a]/address
address main/nat[b]/address after=main/attachment
nat main/nat[b] subnet=main.web[b] address=main/nat[b]/address
address main/nat[c]/address after=main/attachment
nat main/nat[c] subnet=main.web[c] address=main/nat[c]/address
table main/routes/public network=main
route main/routes/public/default table=main/routes/public destination=0.0.0.0/0 internet=main/internet_gateway after=main/attachment
table main/routes/private[a] network=main
route main/routes/private[a]/default table=main/routes/private[a] destination=0.0.0.0/0 nat=main/nat[a]
table main/routes/private[b] network=main
route main/routes/private[b]/default table=main/routes/private[b] destination=0.0.0.0/0 nat=main/nat[b]
table main/routes/private[c] network=main
route main/routes/private[c]/default table=main/routes/private[c] destination=0.0.0.0/0 nat=main/nat[c]
table main/routes/isolated network=main
association main.web[a]/association subnet=main.web[a] table=main/routes/public
association main.web[b]/association subnet=main.web[b] table=main/routes/public
association main.web[c]/association subnet=main.web[c] table=main/routes/public
association main.app[a]/association subnet=main.app[a] table=main/routes/private[a]
association main.app[b]/association subnet=main.app[b] table=main/routes/private[b]
association main.app[c]/association subnet=main.app[c] table=main/routes/private[c]
association main.data[a]/association subnet=main.data[a] table=main/routes/isolated
association main.data[b]/association subnet=main.data[b] table=main/routes/isolated
";
    assert_eq!(resources(notejam().topology, &[]), expected);
}

#[test]
fn a_single_gateway_stands_in_the_lowest_zone() {
    let mut build = Build::new();
    build.network("main", "10.0.0.0/16", "bc", &["web public", "app private"]);
    build.nat(NatMode::Single);
    let expected = "\
nat main/nat[b] subnet=main.web[b] address=main/nat[b]/address
route main/routes/public/default table=main/routes/public destination=0.0.0.0/0 internet=main/internet_gateway after=main/attachment
route main/routes/private/default table=main/routes/private destination=0.0.0.0/0 nat=main/nat[b]
";
    assert_eq!(resources(build.topology, &["nat", "route"]), expected);
}

#[test]
fn without_nat_private_subnets_keep_their_tier() {
    let mut build = notejam();
    build.main().nat.as_mut().unwrap().0 = NatMode::Off;
    let (lowered, reports) = run(build.topology);
    let expected = "W0702 `main.app` is private but has no way out | say `tier = isolated` if that is meant, or `nat = single`";
    assert_eq!(reports, [expected]);
    let tables = "table main/routes/public network=main\ntable main/routes/private network=main\n\
                  table main/routes/isolated network=main\n";
    assert_eq!(show(&lowered, &["table", "nat", "address"]), tables);
}

#[test]
fn a_zone_without_public_subnet_depends_on_another() {
    let mut build = Build::new();
    build.network(
        "main",
        "10.0.0.0/16",
        "ab",
        &["web public b", "app private"],
    );
    let (lowered, reports) = run(build.topology);
    let expected =
        "W0701 zone `a` of `main` depends on zone `b` | give the public subnet zone `a` too";
    assert_eq!(reports, [expected]);
    let nat = "nat main/nat[b] subnet=main.web[b] address=main/nat[b]/address\n";
    assert_eq!(show(&lowered, &["nat"]), nat);
}

#[test]
fn nat_needs_one_public_subnet() {
    let mut build = Build::new();
    build.network("main", "10.0.0.0/16", "a", &["app private"]);
    let expected = "E0510 `main` has no public subnet for the NAT gateway of its private ones | add `subnet web { tier = \
                    public }`, or say `tier = isolated` here";
    assert_eq!(wrong(build.topology), [expected]);

    let mut build = Build::new();
    build.network(
        "main",
        "10.0.0.0/16",
        "a",
        &["web public", "edge public", "app private"],
    );
    let expected = "E0510 the NAT gateways of `main` could stand in several subnets | say `nat_in = web` or `nat_in = edge`";
    assert_eq!(wrong(build.topology.clone()), [expected]);
    let span = build.span();
    build.main().nat_in = Some((Ustr::from("edge"), span));
    let nat = "nat main/nat[a] subnet=main.edge[a] address=main/nat[a]/address\n";
    assert_eq!(resources(build.topology, &["nat"]), nat);
}

#[test]
fn routes_override_from_outside_in() {
    let mut build = Build::new();
    let subnets = [
        "web public",
        "app private",
        "ops private 0.0.0.0/0>office 192.168.0.0/16>office 10.9.0.0/16>none",
        "lab isolated table=per_zone",
    ];
    let span = build.span();
    let network = build.network("main", "10.0.0.0/16", "ab", &subnets);
    network.routes.push(route("10.9.0.0/16", "office", span));
    let expected = "\
table main/routes/public network=main
route main/routes/public/default table=main/routes/public destination=0.0.0.0/0 internet=main/internet_gateway after=main/attachment
route main/routes/public/route[\"10.9.0.0/16\"] table=main/routes/public destination=10.9.0.0/16 via=office.id
table main/routes/private[a] network=main
route main/routes/private[a]/default table=main/routes/private[a] destination=0.0.0.0/0 nat=main/nat[a]
route main/routes/private[a]/route[\"10.9.0.0/16\"] table=main/routes/private[a] destination=10.9.0.0/16 via=office.id
table main/routes/private[b] network=main
route main/routes/private[b]/default table=main/routes/private[b] destination=0.0.0.0/0 nat=main/nat[b]
route main/routes/private[b]/route[\"10.9.0.0/16\"] table=main/routes/private[b] destination=10.9.0.0/16 via=office.id
table main.ops/routes network=main
route main.ops/routes/default table=main.ops/routes destination=0.0.0.0/0 via=office.id
route main.ops/routes/route[\"192.168.0.0/16\"] table=main.ops/routes destination=192.168.0.0/16 via=office.id
table main.lab/routes[a] network=main
route main.lab/routes[a]/route[\"10.9.0.0/16\"] table=main.lab/routes[a] destination=10.9.0.0/16 via=office.id
table main.lab/routes[b] network=main
route main.lab/routes[b]/route[\"10.9.0.0/16\"] table=main.lab/routes[b] destination=10.9.0.0/16 via=office.id
";
    assert_eq!(resources(build.topology, &["table", "route"]), expected);
}

#[test]
fn named_tables_are_shared() {
    let mut build = Build::new();
    build.network(
        "main",
        "10.0.0.0/16",
        "a",
        &["one isolated table=inner", "two isolated table=inner"],
    );
    build.table("inner", &[("10.9.0.0/16", "office")]);
    let expected = "\
table main/table/inner network=main
route main/table/inner/route[\"10.9.0.0/16\"] table=main/table/inner destination=10.9.0.0/16 via=office.id
association main.one[a]/association subnet=main.one[a] table=main/table/inner
association main.two[a]/association subnet=main.two[a] table=main/table/inner
";
    assert_eq!(resources(build.topology.clone(), TABLES), expected);

    build.main().subnets[1].tier = Tier::Public;
    let expected = "E0511 `one` and `two` share a table, but their tiers route 0.0.0.0/0 differently | say it in the \
                    table: `route 0.0.0.0/0 via …`, or `via none`";
    assert_eq!(wrong(build.topology), [expected]);

    let mut build = Build::new();
    build.network("main", "10.0.0.0/16", "a", &["one isolated table=outer"]);
    let expected = "E0201 `main` has no table `outer` | add `table outer { … }` to the network, or say `table = own`";
    assert_eq!(wrong(build.topology), [expected]);
}

#[test]
fn nat_is_no_way_from_where_it_stands() {
    let subnets = ["web public", "edge public table=own", "data isolated"];
    let mut build = Build::new();
    let span = build.span();
    let network = build.network("main", "10.0.0.0/16", "ab", &subnets);
    network.routes.push(route("203.0.113.0/24", "nat", span));
    network.nat_in = Some((Ustr::from("web"), span));
    let expected = "\
table main/routes/public network=main
route main/routes/public/default table=main/routes/public destination=0.0.0.0/0 internet=main/internet_gateway after=main/attachment
table main/routes/isolated[a] network=main
route main/routes/isolated[a]/route[\"203.0.113.0/24\"] table=main/routes/isolated[a] destination=203.0.113.0/24 nat=main/nat[a]
table main/routes/isolated[b] network=main
route main/routes/isolated[b]/route[\"203.0.113.0/24\"] table=main/routes/isolated[b] destination=203.0.113.0/24 nat=main/nat[b]
table main.edge/routes[a] network=main
route main.edge/routes[a]/default table=main.edge/routes[a] destination=0.0.0.0/0 internet=main/internet_gateway after=main/attachment
route main.edge/routes[a]/route[\"203.0.113.0/24\"] table=main.edge/routes[a] destination=203.0.113.0/24 nat=main/nat[a]
table main.edge/routes[b] network=main
route main.edge/routes[b]/default table=main.edge/routes[b] destination=0.0.0.0/0 internet=main/internet_gateway after=main/attachment
route main.edge/routes[b]/route[\"203.0.113.0/24\"] table=main.edge/routes[b] destination=203.0.113.0/24 nat=main/nat[b]
";
    assert_eq!(resources(build.topology, &["table", "route"]), expected);
}

#[test]
fn a_written_way_back_to_nat_is_refused() {
    let mut build = Build::new();
    let subnets = ["web public 203.0.113.0/24>nat", "app private"];
    build.network("main", "10.0.0.0/16", "a", &subnets);
    let expected = "E0511 a route via `nat` from where the NAT gateway of `main` stands | write `route 203.0.113.0/24 via nat` in the subnets that need it";
    assert_eq!(wrong(build.topology), [expected]);
}

#[test]
fn two_targets_of_one_destination_conflict() {
    let mut build = Build::new();
    build.network(
        "main",
        "10.0.0.0/16",
        "a",
        &["one isolated 10.9.0.0/16>office 10.9.0.0/16>other"],
    );
    assert_eq!(
        wrong(build.topology),
        ["E0511 two routes to 10.9.0.0/16 | keep one of them"]
    );

    let mut build = Build::new();
    build.network("main", "10.0.0.0/16", "a", &["one isolated 0.0.0.0/0>nat"]);
    build.nat(NatMode::Off);
    let expected =
        "E0511 a route via `nat`, but `main` has none | `nat = per_zone` gives it one in each zone";
    assert_eq!(wrong(build.topology), [expected]);
}

#[test]
fn ipv6_leaves_by_a_gateway_of_its_own() {
    let mut build = notejam();
    build.main().ipv6 = true;
    let expected = "\
vpc main cidr=10.0.0.0/16
ipv6 main/ipv6 network=main
egress_only main/egress_only_gateway network=main
";
    assert_eq!(
        resources(build.topology.clone(), &["vpc", "ipv6", "egress_only"]),
        expected
    );
    let routes = resources(build.topology, &["route"]);
    let six: Vec<&str> = routes.lines().filter(|it| it.contains("::/0")).collect();
    let expected = [
        "route main/routes/public/default6 table=main/routes/public destination6=::/0 internet=main/internet_gateway after=main/attachment",
        "route main/routes/private[a]/default6 table=main/routes/private[a] destination6=::/0 egress_only=main/egress_only_gateway",
        "route main/routes/private[b]/default6 table=main/routes/private[b] destination6=::/0 egress_only=main/egress_only_gateway",
        "route main/routes/private[c]/default6 table=main/routes/private[c] destination6=::/0 egress_only=main/egress_only_gateway",
    ];
    assert_eq!(six, expected);
}

#[test]
fn zones_by_number_and_further_ranges() {
    let mut build = Build::new();
    let span = build.span();
    let network = build.network("main", "10.0.0.0/28", "ab", &["one isolated size=28"]);
    network.more.push((net("100.64.0.0/16"), span));
    for zone in network
        .zones
        .iter_mut()
        .chain(&mut network.subnets[0].zones)
    {
        zone.letter = false;
    }
    let expected = "\
vpc main cidr=10.0.0.0/28
range main/range[\"100.64.0.0/16\"] network=main cidr=100.64.0.0/16
subnet main.one[1] network=main cidr=100.64.0.0/28 zone=zone_slot(0) after=main/range[\"100.64.0.0/16\"]
subnet main.one[2] network=main cidr=100.64.0.16/28 zone=zone_slot(1) after=main/range[\"100.64.0.0/16\"]
";
    assert_eq!(
        resources(build.topology, &["vpc", "range", "subnet"]),
        expected
    );
}

#[test]
fn values_of_places_are_resolved() {
    let mut build = notejam();
    build.main().nat.as_mut().unwrap().0 = NatMode::Single;
    let path = Ustr::from("main");
    let block = |slot| Late::Block(0, 1, slot);
    let text = [Part::Text(Ustr::from("in ")), Part::Late(block(0))];
    build.resource(
        "thing",
        &[
            (
                "blocks",
                Value::list(vec![Value::Late(block(0)), Value::Late(block(1))]),
            ),
            ("text", Value::Template(text.into())),
            (
                "table",
                Value::Resource(subnet_table_id(path, Ustr::from("app"), zone('b'))),
            ),
            (
                "tables",
                Value::list(
                    ['a', 'b']
                        .map(|it| {
                            Value::Resource(subnet_table_id(path, Ustr::from("app"), zone(it)))
                        })
                        .to_vec(),
                ),
            ),
            (
                "nat",
                Value::Late(Late::Output(nat_id(path, zone('c')), Ustr::from("id"))),
            ),
            (
                "public",
                Value::Resource(subnet_id(path, Ustr::from("web"), zone('a'))),
            ),
        ],
    );
    let expected = "thing thing blocks=[10.0.16.0/22, 10.0.20.0/22] text='in 10.0.16.0/22' table=main/routes/private \
                    tables=[main/routes/private] nat=main/nat[a].id public=main.web[a] after=main/attachment\n";
    assert_eq!(resources(build.topology, &["thing"]), expected);
}

#[test]
fn existing_networks_are_not_made() {
    let mut build = Build::new();
    build.network(
        "corp",
        "10.8.0.0/16",
        "ab",
        &["inner private", "other private a"],
    );
    let input = |name| Value::Late(Late::Input(Ustr::from(name)));
    let inner = vec![Value::text("subnet-1"), input("second")];
    build.existing(input("vpc_id"), vec![Value::list(inner), Value::None]);
    build.node("web", Some((0, 0)), &[]);
    let path = Ustr::from("corp");
    let inner = |letter| subnet_id(path, Ustr::from("inner"), zone(letter));
    build.resource(
        "thing",
        &[
            ("network", Value::Resource(network_id(path))),
            (
                "id",
                Value::Late(Late::Output(network_id(path), Ustr::from("id"))),
            ),
            (
                "subnets",
                Value::list(vec![
                    Value::Resource(inner('a')),
                    Value::Resource(inner('b')),
                ]),
            ),
            (
                "second",
                Value::Late(Late::Output(inner('b'), Ustr::from("id"))),
            ),
        ],
    );
    build.topology.resources[0]
        .after
        .push(attachment_id(Ustr::from("corp")));
    let expected = "\
group web/group network={id=input.vpc_id} description='group of web'
thing thing network={id=input.vpc_id} id=input.vpc_id subnets=[{id='subnet-1'}, {id=input.second}] second=input.second
";
    assert_eq!(resources(build.topology, &[]), expected);
}

#[test]
fn a_new_subnet_only_adds() {
    let before = resources(notejam().topology, &[]);
    let mut build = notejam();
    let span = build.span();
    let mut subnet = crate::build::subnet("jobs private", span);
    subnet.zones = ['a', 'b'].map(zone).to_vec();
    build.main().subnets.push(subnet);
    let after = resources(build.topology, &[]);
    assert!(before.lines().all(|it| after.contains(it)));
    assert_eq!(after.lines().count(), before.lines().count() + 4);
}

#[test]
fn a_missing_meaning_is_reported() {
    let mut build = Build::new();
    build.network("main", "10.0.0.0/16", "a", &[]);
    build.topology.meanings.clear();
    let expected = "E0314 no resource type means `network` | one of the library's resource types must say `means network { … }`";
    assert_eq!(wrong(build.topology), [expected]);
}

#[test]
fn zone_names() {
    assert_eq!(
        Zone {
            slot: 2,
            letter: true
        }
        .name(),
        "c"
    );
}

/// No program shows E0314, so its page shows what is reported here.
#[test]
fn a_meaning_that_is_missing_is_named() {
    let mut topology = notejam().topology;
    topology
        .meanings
        .retain(|(_, argument), _| *argument != Some(Ustr::from("nat")));
    let mut out = Diagnostics::default();
    lower(topology, &Lock::default(), &mut out, || {});
    let files = Files::default();
    let shown: String = out.iter().map(|it| render(it, &files, false)).collect();
    let page = Code::E0314.row().page;
    assert!(page.contains(&format!("```text\n{shown}```")), "{shown}");
}
