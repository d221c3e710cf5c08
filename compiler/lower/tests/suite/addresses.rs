//! Single plans of addresses, with and without a lock.

use topoc_diagnostics::Diagnostics;
use topoc_ir::{Lock, Topology};
use topoc_lower::lower;

use crate::build::{Build, net};
use crate::show::{reports, wrong};

/// `web[a] 10.0.0.0/22`, line by line, and the reports.
fn plan(topology: Topology, lock: &mut Lock) -> (String, Vec<String>) {
    let mut out = Diagnostics::default();
    let (lowered, new) = lower(topology, lock, &mut out, || {});
    *lock = new;
    let subnets = lowered.topology.networks[0].subnets.iter().enumerate();
    let lines = subnets.flat_map(|(index, subnet)| {
        let blocks = lowered.plans[0].blocks.of(index).iter();
        blocks.map(move |(zone, block)| format!("{}[{}] {block}\n", subnet.name, zone.name()))
    });
    let text = lines.collect();
    let reports = reports(&out)
        .into_iter()
        .filter(|it| !it.starts_with("W0702"));
    (text, reports.collect())
}

fn network(cidr: &str, zones: &str, subnets: &[&str]) -> Topology {
    let mut build = Build::new();
    build.network("main", cidr, zones, subnets);
    build.topology
}

fn fresh(cidr: &str, zones: &str, subnets: &[&str]) -> (String, Vec<String>) {
    plan(network(cidr, zones, subnets), &mut Lock::default())
}

#[test]
fn rows_reserve_four_zones() {
    let (blocks, reports) = fresh(
        "10.0.0.0/16",
        "ac",
        &["web isolated", "app isolated size=24", "data isolated a"],
    );
    let expected = "\
web[a] 10.0.0.0/22
web[c] 10.0.8.0/22
app[a] 10.0.16.0/24
app[c] 10.0.18.0/24
data[a] 10.0.32.0/22
";
    assert_eq!((blocks.as_str(), reports.len()), (expected, 0));
}

#[test]
fn sizes_of_small_networks() {
    let (blocks, _) = fresh(
        "10.0.0.0/24",
        "a",
        &["one isolated", "two isolated", "three isolated"],
    );
    assert_eq!(
        blocks,
        "one[a] 10.0.0.0/28\ntwo[a] 10.0.0.64/28\nthree[a] 10.0.0.128/28\n"
    );
}

#[test]
fn fixed_blocks_come_first() {
    let subnets = [
        "app isolated",
        "web isolated from=10.0.0.0/22",
        "old isolated a=10.0.20.0/24 b=10.0.200.0/24",
    ];
    let (blocks, reports) = fresh("10.0.0.0/16", "ab", &subnets);
    let expected = "\
app[a] 10.0.32.0/22
app[b] 10.0.36.0/22
web[a] 10.0.0.0/22
web[b] 10.0.4.0/22
old[a] 10.0.20.0/24
old[b] 10.0.200.0/24
";
    assert_eq!((blocks.as_str(), reports), (expected, Vec::new()));
}

#[test]
fn overlaps_name_both_blocks_and_a_free_one() {
    let subnets = [
        "web isolated from=10.0.0.0/22",
        "old isolated a=10.0.1.0/24 b=10.0.99.0/24",
    ];
    let (_, reports) = fresh("10.0.0.0/16", "ab", &subnets);
    let expected = "E0503 `main.old[a]` (10.0.1.0/24) overlaps `main.web[a]` (10.0.0.0/22) | `10.0.8.0/24` is free";
    assert_eq!(reports, [expected]);
}

#[test]
fn blocks_outside_are_refused() {
    let (_, reports) = fresh(
        "10.0.0.0/16",
        "a",
        &["old isolated a=10.1.0.0/24", "big isolated size=29"],
    );
    let expected = [
        "E0505 `main.old[a]` (10.1.0.0/24) is outside of `main` | `10.0.0.0/24` is free",
        "E0505 a subnet of /29 is not possible",
    ];
    assert_eq!(reports, expected);
    let (_, reports) = fresh("10.0.0.0/8", "a", &[]);
    assert!(reports[0].starts_with("E0505 a network of /8 is not possible"));
}

#[test]
fn the_next_zone_of_a_stated_plan_is_looked_at() {
    let subnets = [
        "web isolated from=10.0.0.0/22",
        "app isolated from=10.0.8.0/22",
    ];
    let (_, reports) = fresh("10.0.0.0/16", "ab", &subnets);
    assert_eq!(reports, ["W0703 `main.web` has no room for zone `c`"]);
}

#[test]
fn tight_rows_continue_in_another_one() {
    let mut lock = Lock::default();
    let (before, reports) = plan(
        network("10.0.0.0/16", "a", &["one isolated size=17"]),
        &mut lock,
    );
    assert_eq!(before, "one[a] 10.0.0.0/17\n");
    let help = "a smaller block (`size`), or a further range of the network (`more`), leaves room for every zone";
    assert_eq!(
        reports,
        [format!(
            "W0703 `main.one` has room for zone `a` only | {help}"
        )]
    );
    let (after, _) = plan(
        network("10.0.0.0/16", "ab", &["one isolated size=17"]),
        &mut lock,
    );
    assert_eq!(after, "one[a] 10.0.0.0/17\none[b] 10.0.128.0/17\n");
    assert_eq!(
        lock.environments["shop"].networks["main"].rows["one"].len(),
        2
    );
}

#[test]
fn rows_give_up_what_nobody_uses() {
    let mut lock = Lock::default();
    let halves = ["one isolated size=18", "two isolated size=18"];
    let (blocks, reports) = plan(network("10.0.0.0/16", "ab", &halves), &mut lock);
    let expected =
        "one[a] 10.0.0.0/18\none[b] 10.0.64.0/18\ntwo[a] 10.0.128.0/18\ntwo[b] 10.0.192.0/18\n";
    assert_eq!(blocks, expected);
    assert_eq!(reports.len(), 2);
    assert!(
        reports
            .iter()
            .all(|it| it.contains("has room for zone `a`, `b` only")),
        "{reports:?}"
    );
    let (again, _) = plan(network("10.0.0.0/16", "ab", &halves), &mut lock);
    assert_eq!(again, expected);
}

#[test]
fn exhaustion_shows_the_map() {
    let (_, reports) = fresh(
        "10.0.0.0/24",
        "ab",
        &["one isolated size=26", "two isolated size=25"],
    );
    let expected = "\
E0504 `main` has no room for 2 × /25 | `size = 26` for `main.two` fits; or a larger network: `cidr = 10.0.0.0/23`
  10.0.0.0/25        the blocks of `main.one`
  10.0.0.128/25      free";
    assert_eq!(reports.last().map(String::as_str), Some(expected));
    let (_, reports) = fresh(
        "10.0.0.0/24",
        "a",
        &["one isolated size=26 a", "two isolated size=24 a"],
    );
    assert!(reports.iter().any(|it| it.contains("E0504")), "{reports:?}");
}

#[test]
fn further_ranges_come_after_the_first() {
    let mut build = Build::new();
    let span = build.span();
    let network = build.network(
        "main",
        "10.0.0.0/24",
        "a",
        &["one isolated size=26", "two isolated size=26"],
    );
    network.more.push((net("100.64.0.0/16"), span));
    let (blocks, _) = plan(build.topology, &mut Lock::default());
    assert_eq!(blocks, "one[a] 10.0.0.0/26\ntwo[a] 100.64.0.0/26\n");
}

#[test]
fn deleted_rows_are_used_last() {
    let mut lock = Lock::default();
    plan(
        network("10.0.0.0/20", "a", &["one isolated", "two isolated"]),
        &mut lock,
    );
    let (blocks, _) = plan(
        network("10.0.0.0/20", "a", &["two isolated", "three isolated"]),
        &mut lock,
    );
    assert_eq!(blocks, "two[a] 10.0.1.0/26\nthree[a] 10.0.2.0/26\n");
    assert_eq!(lock.environments["shop"].networks["main"].freed.len(), 1);
    let many: Vec<String> = (0..15).map(|it| format!("s{it} isolated")).collect();
    let mut all = vec!["two isolated", "three isolated"];
    all.extend(many.iter().take(14).map(String::as_str));
    let (blocks, reports) = plan(network("10.0.0.0/20", "a", &all), &mut lock);
    assert_eq!(reports, Vec::<String>::new());
    assert!(blocks.ends_with("s13[a] 10.0.0.0/26\n"), "{blocks}");
    assert_eq!(lock.environments["shop"].networks["main"].freed.len(), 0);
}

#[test]
fn a_stated_block_may_not_take_a_kept_row() {
    let mut lock = Lock::default();
    plan(network("10.0.0.0/16", "a", &["one isolated"]), &mut lock);
    let subnets = ["one isolated", "new isolated from=10.0.4.0/22"];
    let (_, reports) = plan(network("10.0.0.0/16", "a", &subnets), &mut lock);
    let expected = "E0503 `main.new[a]` (10.0.4.0/22) lies in the blocks of `main.one` (10.0.0.0/20), which `topo.lock` \
                    keeps | state another block, or take the row out of `topo.lock` if nothing is deployed yet";
    assert_eq!(reports, [expected]);
}

#[test]
fn letters_do_not_become_numbers() {
    let mut lock = Lock::default();
    plan(network("10.0.0.0/16", "a", &["one isolated"]), &mut lock);
    let mut topology = network("10.0.0.0/16", "a", &["one isolated"]);
    topology.networks[0].zones[0].letter = false;
    topology.networks[0].subnets[0].zones[0].letter = false;
    let (_, reports) = plan(topology, &mut lock);
    assert!(
        reports[0].starts_with("E0502 the zones of `main` are a number now"),
        "{reports:?}"
    );
}

#[test]
fn environments_have_rows_of_their_own() {
    let mut lock = Lock::default();
    let mut topology = network("10.0.0.0/16", "a", &["one isolated"]);
    topology.prefix = "shop-dev".into();
    plan(topology, &mut lock);
    let mut topology = network("10.0.0.0/16", "a", &["two isolated", "one isolated"]);
    topology.prefix = "shop-prod".into();
    let (blocks, _) = plan(topology, &mut lock);
    assert_eq!(blocks, "two[a] 10.0.0.0/22\none[a] 10.0.16.0/22\n");
    assert_eq!(lock.environments.len(), 2);
}

#[test]
fn ranges_must_not_overlap() {
    let mut build = Build::new();
    let span = build.span();
    build
        .network("main", "10.0.0.0/16", "a", &[])
        .more
        .push((net("10.0.4.0/24"), span));
    let expected = "E0503 the ranges 10.0.4.0/24 and 10.0.0.0/16 overlap";
    assert_eq!(wrong(build.topology), [expected]);
}
