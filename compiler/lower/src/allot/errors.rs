//! What can be wrong with addresses, said with both blocks and one that is free.

use std::fmt::Write as _;

use ipnet::IpNet;
use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_ir::{Network, Subnet, Zone};

use super::space::{Block, Space, masked};
use super::{Held, Plan, SIZES, text};

/// Two stated blocks share addresses; `second` is written later.
pub fn overlap(second: &Held, first: &Held, free: Option<Block>) -> Diagnostic {
    let message = format!(
        "{} ({}) overlaps {} ({})",
        second.what,
        text(second.block),
        first.what,
        text(first.block)
    );
    Diagnostic::new(Code::E0503, message)
        .at(
            second.span,
            format!("these addresses are also in {}", text(first.block)),
        )
        .because(
            first.span,
            format!("{} has {}", first.what, text(first.block)),
        )
        .help_opt(free.map(|it| format!("`{}` is free", text(it))))
}

/// A stated block lies in a row that the lock keeps.
pub fn row_overlaps(row: &Held, other: &Held) -> Diagnostic {
    let message = format!(
        "{} ({}) lies in {} ({}), which `topo.lock` keeps",
        other.what,
        text(other.block),
        row.what,
        text(row.block)
    );
    Diagnostic::new(Code::E0503, message)
        .at(
            other.span,
            "these addresses belong to a subnet that may be deployed",
        )
        .because(
            row.span,
            format!("has {} for all its zones", text(row.block)),
        )
        .help("state another block, or take the row out of `topo.lock` if nothing is deployed yet")
}

/// Two ranges of one network overlap.
pub fn ranges_overlap(second: (Block, Span), first: (Block, Span)) -> Diagnostic {
    let message = format!(
        "the ranges {} and {} overlap",
        text(second.0),
        text(first.0)
    );
    Diagnostic::new(Code::E0503, message)
        .at(second.1, "these addresses are in the network already")
        .because(first.1, "by this range")
}

/// A range that no network may have.
pub fn unusable_range(range: IpNet, span: Span) -> Diagnostic {
    let message = match range {
        IpNet::V4(_) => format!("a network of /{} is not possible", range.prefix_len()),
        IpNet::V6(_) => format!("`{range}` is no IPv4 range"),
    };
    Diagnostic::new(Code::E0505, message)
        .at(span, "sizes from /16 to /28 are allowed")
        .help("`10.0.0.0/16` holds 16 subnets of /22 in four zones")
}

/// A subnet size that is not allowed.
pub fn unusable_size(size: u8, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0505, format!("a subnet of /{size} is not possible"))
        .at(span, "sizes from /16 to /28 are allowed")
}

/// `size` and the prefix of `from` differ.
pub fn two_sizes(size: u8, span: Span, from: IpNet, start: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0505,
        format!("`size = {size}` contradicts `from = {from}`"),
    )
    .at(span, "the size is stated twice")
    .because(
        start,
        format!("blocks of /{} start here", from.prefix_len()),
    )
    .help("leave `size` out")
}

/// A block outside of the network.
pub fn outside(network: &Network, held: &Held, free: Option<Block>) -> Diagnostic {
    let message = format!(
        "{} ({}) is outside of `{}`",
        held.what,
        text(held.block),
        network.path
    );
    Diagnostic::new(Code::E0505, message)
        .at(held.span, "not in a range of the network")
        .because(
            network.cidr.1,
            format!("the network has {}", network.cidr.0),
        )
        .help_opt(free.map(|it| format!("`{}` is free", text(it))))
}

/// `cidrs` lacks a zone.
pub fn missing_block(network: &Network, subnet: &Subnet, zone: Zone) -> Diagnostic {
    let name = zone.name();
    let span = subnet.cidrs.first().map_or(subnet.span, |it| it.2);
    let message = format!(
        "`{}.{}` has no block for zone `{name}`",
        network.path, subnet.name
    );
    Diagnostic::new(Code::E0505, message)
        .at(span, format!("nothing is stated for `{name}`"))
        .because(
            subnet.zones_span.unwrap_or(network.span),
            format!("zone `{name}` is in use"),
        )
        .help(format!(
            "add `{name} = …`, or give the subnet fewer `zones`"
        ))
}

/// Letters became numbers, or numbers letters.
pub fn zones_renamed(network: &Network, letters: bool) -> Diagnostic {
    let (now, before) = if letters {
        ("letters", "a number")
    } else {
        ("a number", "letters")
    };
    let message = format!(
        "the zones of `{}` are {now} now, but {before} in `topo.lock`",
        network.path
    );
    Diagnostic::new(Code::E0502, message)
        .at(network.span, "this would replace every subnet")
        .help(format!(
            "keep {before}, or take the network out of `topo.lock` if nothing is deployed yet"
        ))
}

/// The next zone would not find its block.
pub fn next_collides(
    network: &Network,
    subnet: &Subnet,
    next: Zone,
    block: Block,
    span: Span,
    other: Option<&Held>,
) -> Diagnostic {
    let message = format!(
        "`{}.{}` has no room for zone `{}`",
        network.path,
        subnet.name,
        next.name()
    );
    let report = Diagnostic::new(Code::W0703, message)
        .at(span, format!("that zone would get {}", text(block)));
    match other {
        Some(other) => report.because(
            other.span,
            format!("{} has {}", other.what, text(other.block)),
        ),
        None => report.help("start the blocks lower, or make them smaller"),
    }
}

/// A row without room for further zones.
pub fn tight(network: &Network, subnet: &Subnet, first: u8, end: u8) -> Diagnostic {
    let letter = subnet.zones.first().is_none_or(|it| it.letter);
    let names: Vec<String> = (first..end)
        .map(|slot| Zone { slot, letter }.name())
        .collect();
    let message = format!(
        "`{}.{}` has room for zone `{}` only",
        network.path,
        subnet.name,
        names.join("`, `")
    );
    Diagnostic::new(Code::W0703, message)
        .at(subnet.size.map_or(subnet.span, |it| it.1), "a further zone may find no addresses")
        .help("a smaller block (`size`), or a further range of the network (`more`), leaves room for every zone")
}

/// No room at all.
pub fn exhausted(plan: &Plan<'_>, subnet: &Subnet, size: u8, blocks: u8) -> Diagnostic {
    let network = plan.network;
    let message = format!("`{}` has no room for {blocks} × /{size}", network.path);
    let zones = subnet.zones.len();
    let why = match usize::from(blocks) > zones {
        true => format!("one for each of its {zones} zones, and room for a zone more"),
        false => format!("one for each of its {zones} zones"),
    };
    let mut help = remedy(plan);
    help.push_str(&map(plan));
    Diagnostic::new(Code::E0504, message)
        .at(
            subnet.size.map_or(subnet.span, |it| it.1),
            format!("`{}.{}` needs them: {why}", network.path, subnet.name),
        )
        .because(network.cidr.1, "the network's range")
        .help(help)
}

/// Sizes with which all subnets fit together, or a range that is large enough for them.
fn remedy(plan: &Plan<'_>) -> String {
    let mut ways = Vec::new();
    if let Some(size) = SIZES.into_iter().find(|it| plan.fits(&plan.ranges, *it)) {
        let smaller = plan.smaller_than(size);
        let names: Vec<String> = smaller
            .map(|it| format!("`{}.{it}`", plan.network.path))
            .collect();
        ways.push(format!("`size = {size}` for {} fits", names.join(", ")));
    }
    if let [(range, span)] = plan.ranges.as_slice() {
        let wider = (16..range.prefix).rev().map(|prefix| Block {
            start: masked(range.start, prefix),
            prefix,
        });
        if let Some(wider) = wider.into_iter().find(|it| plan.fits(&[(*it, *span)], 0)) {
            ways.push(format!("a larger network: `cidr = {}`", text(wider)));
        }
    }
    match ways.is_empty() {
        true => "give the network a further range: `more = [100.64.0.0/16]`".to_owned(),
        false => ways.join("; or "),
    }
}

/// Who holds what, line by line.
fn map(plan: &Plan<'_>) -> String {
    let mut lines: Vec<(Block, &str)> = plan
        .held
        .iter()
        .map(|it| (it.block, it.what.as_str()))
        .collect();
    let free = plan.all.iter().flat_map(Space::blocks);
    lines.extend(free.map(|it| (it, "free")));
    lines.sort();
    let mut map = String::new();
    for (block, what) in lines {
        let _ = write!(map, "\n  {:<18} {what}", text(block));
    }
    map
}
