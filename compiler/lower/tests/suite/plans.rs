//! Thousands of random plans: nothing moves, everything is aligned, in range and disjoint.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use topoc_diagnostics::{Diagnostics, Severity};
use topoc_ir::{Lock, Topology};
use topoc_lower::lower;

use crate::build::{Build, net, subnet, zone};

/// A seeded generator (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((it ^ (it >> 31)) % below as u64) as usize
    }
}

/// A plan as text: cheap to change.
#[derive(Clone, Debug, PartialEq)]
struct Text {
    cidr: String,
    more: bool,
    zones: String,
    subnets: Vec<String>,
}

impl Text {
    fn topology(&self) -> Topology {
        let mut build = Build::new();
        let span = build.span();
        let network = build.network("main", &self.cidr, &self.zones, &[]);
        if self.more {
            network.more.push((net("100.64.0.0/18"), span));
        }
        for text in &self.subnets {
            let mut subnet = subnet(text, span);
            let zones = self.zones.chars().map(zone);
            subnet
                .zones
                .retain(|it| self.zones.chars().any(|letter| zone(letter) == *it));
            if subnet.zones.is_empty() {
                subnet.zones = zones.collect();
            }
            network.subnets.push(subnet);
        }
        build.topology
    }
}

/// Blocks by subnet and zone; `None` if the plan is refused. `tight` if a row has no room for further zones.
struct Result {
    blocks: BTreeMap<(String, u8), Ipv4Net>,
    tight: bool,
}

fn allot(text: &Text, lock: &mut Lock) -> Option<Result> {
    let mut out = Diagnostics::default();
    let (lowered, new) = lower(text.topology(), lock, &mut out, || {});
    if out.iter().any(|it| it.severity() != Severity::Warning) {
        return None;
    }
    *lock = new;
    let mut blocks = BTreeMap::new();
    for (index, subnet) in lowered.topology.networks[0].subnets.iter().enumerate() {
        for (zone, block) in lowered.plans[0].blocks.of(index) {
            blocks.insert((subnet.name.to_string(), zone.slot), *block);
        }
        assert_eq!(
            lowered.plans[0].blocks.of(index).len(),
            subnet.zones.len(),
            "{text:?}"
        );
    }
    let ranges: Vec<Ipv4Net> = std::iter::once(text.cidr.clone())
        .chain(text.more.then(|| "100.64.0.0/18".to_owned()))
        .map(|it| it.parse().unwrap())
        .collect();
    check(text, &blocks, &ranges);
    let tight = out.iter().any(|it| it.code.id() == "W0703");
    Some(Result { blocks, tight })
}

fn check(text: &Text, blocks: &BTreeMap<(String, u8), Ipv4Net>, ranges: &[Ipv4Net]) {
    let mut sorted: Vec<&Ipv4Net> = blocks.values().collect();
    sorted.sort();
    for block in &sorted {
        assert_eq!(block.addr(), block.network(), "{text:?}");
        assert!(
            ranges.iter().any(|it| it.contains(*block)),
            "{block} in {text:?}"
        );
    }
    for two in sorted.windows(2) {
        assert!(
            two[0].broadcast() < two[1].network(),
            "{} {} in {text:?}",
            two[0],
            two[1]
        );
    }
}

fn random_plan(random: &mut Random, fixed: bool) -> Text {
    let prefix = 16 + random.next(7);
    let letters = ["a", "ab", "abc", "abcd", "ac", "bd", "b", "cd"];
    let zones = letters[random.next(letters.len())].to_owned();
    let count = 1 + random.next(7);
    let mut subnets = Vec::new();
    for index in 0..count {
        let tier = "isolated";
        let size = match random.next(3) {
            0 => String::new(),
            _ => format!(" size={}", (prefix + 3 + random.next(8)).clamp(16, 28)),
        };
        let zone = if random.next(4) == 0 {
            format!(" {}", &zones[..1])
        } else {
            String::new()
        };
        let from = if fixed && random.next(4) == 0 {
            let size = (prefix + 5).min(28);
            format!(" from=10.0.{}.0/{size}", random.next(64) * 4)
        } else {
            size
        };
        subnets.push(format!("s{index} {tier}{zone}{from}"));
    }
    Text {
        cidr: format!("10.0.0.0/{prefix}"),
        more: random.next(4) == 0,
        zones,
        subnets,
    }
}

fn more_zones(random: &mut Random, zones: &str, last: char) -> String {
    let free: Vec<char> = ('a'..=last).filter(|it| !zones.contains(*it)).collect();
    let mut letters: Vec<char> = zones.chars().collect();
    if !free.is_empty() {
        letters.push(free[random.next(free.len())]);
    }
    letters.sort_unstable();
    letters.into_iter().collect()
}

fn assert_kept(before: &Result, after: &Result, what: &str, text: &Text) {
    for (key, block) in &before.blocks {
        if let Some(now) = after.blocks.get(key) {
            assert_eq!(now, block, "{what} moved {key:?} in {text:?}");
        }
    }
}

#[test]
fn without_a_lock_zones_and_appended_subnets_move_nothing() {
    let mut random = Random(1);
    let mut tried = 0;
    for _ in 0..2500 {
        let text = random_plan(&mut random, false);
        let Some(before) = allot(&text, &mut Lock::default()) else {
            continue;
        };
        let mut changed = text.clone();
        if random.next(2) == 0 {
            changed.zones = more_zones(&mut random, &text.zones, 'd');
        } else {
            changed.subnets.push("appended isolated".to_owned());
        }
        let Some(after) = allot(&changed, &mut Lock::default()) else {
            continue;
        };
        if before.tight || after.tight {
            continue;
        }
        tried += 1;
        assert_kept(&before, &after, "a change without lock", &changed);
    }
    assert!(tried > 1000, "only {tried} plans fit");
}

/// The five edits of a plan.
const EDITS: [&str; 5] = ["a zone", "appending", "inserting", "reordering", "deleting"];

#[test]
fn with_a_lock_nothing_moves() {
    let mut random = Random(2);
    let mut tried = BTreeMap::new();
    for round in 0..1500 {
        let mut text = random_plan(&mut random, round % 2 == 0);
        let mut lock = Lock::default();
        let Some(mut before) = allot(&text, &mut lock) else {
            continue;
        };
        for step in 0..6 {
            let mut changed = text.clone();
            let what = EDITS[random.next(EDITS.len())];
            change(&mut random, &mut changed, what, step);
            if changed == text {
                continue;
            }
            let Some(after) = allot(&changed, &mut lock) else {
                continue;
            };
            *tried.entry(what).or_insert(0) += 1;
            assert_kept(&before, &after, what, &changed);
            (text, before) = (changed, after);
        }
    }
    for what in EDITS {
        let fit = tried.get(what).copied().unwrap_or(0);
        assert!(fit > 500, "{what}: only {fit} changes fit");
    }
}

fn change(random: &mut Random, text: &mut Text, what: &str, step: usize) {
    let name = format!("n{step}x{} isolated", random.next(1000));
    let count = text.subnets.len();
    match what {
        "a zone" => text.zones = more_zones(random, &text.zones, 'f'),
        "appending" => text.subnets.push(name),
        "inserting" => text.subnets.insert(random.next(count), name),
        "reordering" => {
            for at in (1..count).rev() {
                text.subnets.swap(at, random.next(at + 1));
            }
        }
        "deleting" if count > 1 => drop(text.subnets.remove(random.next(count))),
        _ => {}
    }
}

#[test]
fn the_lock_is_stable() {
    let mut random = Random(3);
    for _ in 0..300 {
        let text = random_plan(&mut random, true);
        let mut lock = Lock::default();
        if allot(&text, &mut lock).is_some() {
            let first = lock.clone();
            allot(&text, &mut lock);
            assert_eq!(first, lock, "{text:?}");
        }
    }
}
