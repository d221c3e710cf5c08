//! Endpoints, and other ways to AWS services.

use topoc_ir::{NatMode, Peer, Value};
use ustr::Ustr;

use crate::build::{Build, INTERNET, tcp};
use crate::show::{resources, run, show, wrong};

const ENDPOINTS: &[&str] = &[
    "interface_endpoint",
    "gateway_endpoint",
    "prefix_list",
    "group",
    "egress",
    "ingress",
];

/// nexus: one isolated subnet.
fn nexus() -> Build {
    let mut build = Build::new();
    build.network("main", "10.1.0.0/16", "ab", &["core isolated"]);
    build
}

#[test]
fn derived_endpoints_are_what_the_needs_call_for() {
    let mut build = nexus();
    build.endpoints("aws", &[], None);
    let worker = build.node("worker", Some((0, 0)), &[]);
    let idle = build.node("idle", Some((0, 0)), &[]);
    build.need(worker, "ecr");
    build.need(worker, "sqs");
    build.need(idle, "sqs");
    build.need(worker, "ecr");
    let expected = "\
group main.aws/group network=main description='group of main.aws'
interface_endpoint main.aws[\"ecr.api\"] network=main service='ecr.api' subnets=[main.core[a], main.core[b]] groups=[main.aws/group] private_dns=true
interface_endpoint main.aws[\"ecr.dkr\"] network=main service='ecr.dkr' subnets=[main.core[a], main.core[b]] groups=[main.aws/group] private_dns=true
gateway_endpoint main.aws[\"s3\"] network=main service='s3' tables=[main/routes/isolated]
interface_endpoint main.aws[\"sqs\"] network=main service='sqs' subnets=[main.core[a], main.core[b]] groups=[main.aws/group] private_dns=true
group worker/group network=main description='group of worker'
egress worker->main.aws:tcp-443/egress group=worker/group protocol='tcp' from_port=443 to_port=443 description='worker to main.aws: https' peer=main.aws/group
ingress worker->main.aws:tcp-443/ingress group=main.aws/group protocol='tcp' from_port=443 to_port=443 description='worker to main.aws: https' peer=worker/group
egress worker->prefix_list[\"s3\"]:tcp-443/egress group=worker/group protocol='tcp' from_port=443 to_port=443 description='worker to s3: https' prefix_list=prefix_list[\"s3\"].id
group idle/group network=main description='group of idle'
egress idle->main.aws:tcp-443/egress group=idle/group protocol='tcp' from_port=443 to_port=443 description='idle to main.aws: https' peer=main.aws/group
ingress idle->main.aws:tcp-443/ingress group=main.aws/group protocol='tcp' from_port=443 to_port=443 description='idle to main.aws: https' peer=idle/group
prefix_list prefix_list[\"s3\"] service='s3'
";
    assert_eq!(resources(build.topology, ENDPOINTS), expected);
}

#[test]
fn without_a_way_the_endpoint_is_proposed() {
    let mut build = nexus();
    let worker = build.node("worker", Some((0, 0)), &[]);
    build.need(worker, "sqs");
    build.need(worker, "iam");
    let expected = "E0512 `worker` has no way to the AWS services `sqs`, `iam` | no endpoint serves `iam`: place \
                    `worker` in a private subnet, with NAT";
    assert_eq!(wrong(build.topology.clone()), [expected]);
    build.topology.needs.pop();
    let expected = "E0512 `worker` has no way to the AWS service `sqs` | add `endpoints aws` to `network main`";
    assert_eq!(wrong(build.topology.clone()), [expected]);
    build.endpoints("aws", &[], Some(&["s3"]));
    let report = &wrong(build.topology)[0];
    assert_eq!(
        report,
        "E0512 `worker` has no way to the AWS service `sqs` | say `services = [s3, sqs]`"
    );
}

#[test]
fn nat_is_a_way_that_opens_https() {
    let mut build = Build::new();
    build.network("main", "10.0.0.0/16", "a", &["web public", "app private"]);
    build.nat(NatMode::PerZone);
    let web = build.node("web", Some((0, 1)), &[]);
    build.need(web, "sqs");
    build.need(web, "iam");
    let expected = "\
group web/group network=main description='group of web'
egress web->internet:tcp-443/egress group=web/group protocol='tcp' from_port=443 to_port=443 description='web to AWS services: https' cidr=0.0.0.0/0
";
    assert_eq!(resources(build.topology, ENDPOINTS), expected);
}

#[test]
fn an_edge_explains_a_rule_rather_than_a_need() {
    let mut build = Build::new();
    build.network("main", "10.0.0.0/16", "a", &["web public", "app private"]);
    let web = build.node("web", Some((0, 1)), &[]);
    build.need(web, "sqs");
    build.open(
        Peer::Node(web),
        INTERNET,
        tcp(443),
        "web -> internet : https",
    );
    let expected = "egress web->internet:tcp-443/egress group=web/group protocol='tcp' from_port=443 to_port=443 \
                    description='web to internet: https' cidr=0.0.0.0/0\n";
    assert_eq!(resources(build.topology, &["egress"]), expected);
}

#[test]
fn a_stated_endpoint_serves_those_behind_nat_too() {
    let mut build = Build::new();
    build.network(
        "main",
        "10.0.0.0/16",
        "a",
        &["web public", "app private", "data isolated"],
    );
    build.endpoints("aws", &[], None);
    let web = build.node("web", Some((0, 1)), &[]);
    let job = build.node("job", Some((0, 2)), &[]);
    for node in [web, job] {
        build.need(node, "sqs");
        build.need(node, "s3");
    }
    let text = resources(
        build.topology,
        &["interface_endpoint", "gateway_endpoint", "egress"],
    );
    let expected = "\
gateway_endpoint main.aws[\"s3\"] network=main service='s3' tables=[main/routes/private[a], main/routes/isolated]
interface_endpoint main.aws[\"sqs\"] network=main service='sqs' subnets=[main.data[a]] groups=[main.aws/group] private_dns=true
egress web->main.aws:tcp-443/egress group=web/group protocol='tcp' from_port=443 to_port=443 description='web to main.aws: https' peer=main.aws/group
egress web->prefix_list[\"s3\"]:tcp-443/egress group=web/group protocol='tcp' from_port=443 to_port=443 description='web to s3: https' prefix_list=prefix_list[\"s3\"].id
egress job->main.aws:tcp-443/egress group=job/group protocol='tcp' from_port=443 to_port=443 description='job to main.aws: https' peer=main.aws/group
egress job->prefix_list[\"s3\"]:tcp-443/egress group=job/group protocol='tcp' from_port=443 to_port=443 description='job to s3: https' prefix_list=prefix_list[\"s3\"].id
";
    assert_eq!(text, expected);
}

#[test]
fn clients_in_several_subnets_ask_for_a_place() {
    let mut build = Build::new();
    build.network(
        "main",
        "10.0.0.0/16",
        "ab",
        &["one isolated", "two isolated"],
    );
    build.endpoints("aws", &[], None);
    for place in [0, 1] {
        let node = build.node(["a", "b"][place as usize], Some((0, place)), &[]);
        build.need(node, "sqs");
    }
    let expected =
        "E0501 `main.aws` could stand in several subnets | say `endpoints aws in [main.one]`";
    assert_eq!(wrong(build.topology.clone()), [expected]);
    build.main().endpoints[0].subnets = vec![1];
    let expected = "interface_endpoint main.aws[\"sqs\"] network=main service='sqs' subnets=[main.two[a], main.two[b]] \
                    groups=[main.aws/group] private_dns=true\n";
    assert_eq!(resources(build.topology, &["interface_endpoint"]), expected);
}

#[test]
fn a_gateway_serves_the_tables_it_stands_in() {
    let mut build = Build::new();
    let subnets = [
        "web public",
        "app private",
        "data isolated",
        "lab isolated table=own",
    ];
    build.network("main", "10.0.0.0/16", "a", &subnets);
    build.endpoints("aws", &[2], Some(&["s3"]));
    let web = build.node("web", Some((0, 1)), &[]);
    let job = build.node("job", Some((0, 2)), &[]);
    build.need(web, "s3");
    build.need(job, "s3");
    let (lowered, reports) = run(build.topology.clone());
    assert_eq!(reports, Vec::<String>::new());
    let text = show(&lowered, &["gateway_endpoint", "egress"]);
    let ids: Vec<&str> = text
        .lines()
        .map(|it| it.split(' ').nth(1).unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "main.aws[\"s3\"]",
            "web->internet:tcp-443/egress",
            "job->prefix_list[\"s3\"]:tcp-443/egress"
        ]
    );
    let lab = build.node("lab", Some((0, 3)), &[]);
    build.need(lab, "s3");
    let expected = "E0512 `lab` has no way to the AWS service `s3` | take `in` away from `endpoints aws`, or name that subnet there";
    assert_eq!(wrong(build.topology), [expected]);
}

#[test]
fn stated_services_without_clients() {
    let mut build = nexus();
    build.endpoints("aws", &[0], Some(&["s3", "sqs"]));
    build.endpoints("more", &[0], Some(&["sqs", "iam"]));
    let reports = wrong(build.topology.clone());
    assert_eq!(
        reports,
        [
            "E0403 `main` has two endpoints for `sqs`",
            "E0512 no endpoint serves `iam`"
        ]
    );
    build.main().endpoints.pop();
    build.main().endpoints[0].policy = Some(Value::text("policy"));
    build.main().endpoints[0].private_dns = false;
    let expected = "\
group main.aws/group network=main description='group of main.aws'
gateway_endpoint main.aws[\"s3\"] network=main service='s3' policy='policy' tables=[main/routes/isolated]
interface_endpoint main.aws[\"sqs\"] network=main service='sqs' policy='policy' subnets=[main.core[a], main.core[b]] groups=[main.aws/group] private_dns=false
";
    assert_eq!(resources(build.topology, ENDPOINTS), expected);
}

#[test]
fn a_block_is_the_end_of_an_edge() {
    let mut build = nexus();
    build.endpoints("aws", &[], Some(&["s3", "sqs"]));
    let admins = build.group("admins");
    build.node("admin", Some((0, 0)), &[admins]);
    let to = Peer::Endpoints(0, Ustr::from("aws"));
    build.open(
        Peer::Group(admins),
        to,
        tcp(443),
        "admins -> main.aws : https",
    );
    let expected = "\
gateway_endpoint main.aws[\"s3\"] network=main service='s3' tables=[main/routes/isolated]
interface_endpoint main.aws[\"sqs\"] network=main service='sqs' subnets=[main.core[a], main.core[b]] groups=[main.aws/group] private_dns=true
egress admins/main->main.aws:tcp-443/egress group=admins/main protocol='tcp' from_port=443 to_port=443 description='admins to main.aws: https' peer=main.aws/group
ingress admins/main->main.aws:tcp-443/ingress group=main.aws/group protocol='tcp' from_port=443 to_port=443 description='admins to main.aws: https' peer=admins/main
egress admins/main->prefix_list[\"s3\"]:tcp-443/egress group=admins/main protocol='tcp' from_port=443 to_port=443 description='admins to main.aws: https' prefix_list=prefix_list[\"s3\"].id
prefix_list prefix_list[\"s3\"] service='s3'
";
    let types = [
        "interface_endpoint",
        "gateway_endpoint",
        "egress",
        "ingress",
        "prefix_list",
    ];
    assert_eq!(resources(build.topology, &types), expected);
}
