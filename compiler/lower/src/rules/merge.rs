//! Protocols of one peer, merged.

use topoc_ir::{Protocol, Transport};

/// A merged protocol and the indexes of what it was merged from, the first one first.
pub type Merged = (Protocol, Vec<usize>);

/// Leaves out what another one covers and joins overlapping ports; with `adjacent` also neighbouring ones.
///
/// Neighbours stay apart unless they must not, so that a new edge only adds a rule.
pub fn merge(protocols: &[(Protocol, usize)], adjacent: bool) -> Vec<Merged> {
    if let [(protocol, index)] = protocols {
        return vec![(normal(*protocol), vec![*index])];
    }
    let mut sorted: Vec<(Protocol, usize)> =
        protocols.iter().map(|it| (normal(it.0), it.1)).collect();
    sorted.sort();
    if sorted.iter().any(|it| it.0 == Protocol::All) {
        sorted.sort_by_key(|it| it.1);
        return vec![(Protocol::All, sorted.into_iter().map(|it| it.1).collect())];
    }
    let mut merged: Vec<Merged> = Vec::new();
    for (protocol, index) in sorted {
        match merged
            .last_mut()
            .and_then(|it| Some((join(it.0, protocol, adjacent)?, it)))
        {
            Some((joined, it)) => {
                it.0 = joined;
                it.1.push(index);
            }
            None => merged.push((protocol, vec![index])),
        }
    }
    for (_, indexes) in &mut merged {
        indexes.sort_unstable();
    }
    merged.sort_by_key(|it| it.1.first().copied());
    merged
}

/// Whether `wide` lets through all that `narrow` does.
pub fn covers(wide: Protocol, narrow: Protocol) -> bool {
    match (normal(wide), normal(narrow)) {
        (Protocol::All, _) => true,
        (Protocol::Ports(one, low, high), Protocol::Ports(two, from, to)) => {
            one == two && low <= from && to <= high
        }
        (Protocol::Icmp(None), Protocol::Icmp(_)) => true,
        (wide, narrow) => wide == narrow,
    }
}

/// Numbers that have names get them.
fn normal(protocol: Protocol) -> Protocol {
    match protocol {
        Protocol::Number(1) => Protocol::Icmp(None),
        Protocol::Number(6) => Protocol::Ports(Transport::Tcp, 0, u16::MAX),
        Protocol::Number(17) => Protocol::Ports(Transport::Udp, 0, u16::MAX),
        Protocol::Ports(..) | Protocol::Icmp(_) | Protocol::Number(_) | Protocol::All => protocol,
    }
}

/// The union, if it is one protocol. `one` is not after `two` in order.
fn join(one: Protocol, two: Protocol, adjacent: bool) -> Option<Protocol> {
    match (one, two) {
        (Protocol::Ports(it, low, high), Protocol::Ports(other, from, to)) if it == other => {
            let reach = if adjacent {
                high.saturating_add(1)
            } else {
                high
            };
            (from <= reach).then_some(Protocol::Ports(it, low, high.max(to)))
        }
        (Protocol::Icmp(None), Protocol::Icmp(_)) => Some(one),
        (one, two) => (one == two).then_some(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(low: u16, high: u16) -> Protocol {
        Protocol::Ports(Transport::Tcp, low, high)
    }

    #[test]
    fn overlapping_ports_join_and_neighbours_do_not() {
        let ports = [
            (tcp(80, 80), 0),
            (tcp(81, 81), 1),
            (tcp(8000, 8010), 2),
            (tcp(8005, 8020), 3),
        ];
        let expected = vec![
            (tcp(80, 80), vec![0]),
            (tcp(81, 81), vec![1]),
            (tcp(8000, 8020), vec![2, 3]),
        ];
        assert_eq!(merge(&ports, false), expected);
        let expected = vec![(tcp(80, 81), vec![0, 1]), (tcp(8000, 8020), vec![2, 3])];
        assert_eq!(merge(&ports, true), expected);
    }

    #[test]
    fn everything_covers_all_else() {
        let all = [
            (tcp(80, 80), 0),
            (Protocol::All, 1),
            (Protocol::Icmp(Some(8)), 2),
        ];
        assert_eq!(merge(&all, false), vec![(Protocol::All, vec![0, 1, 2])]);
        assert!(covers(Protocol::Number(6), tcp(1, 2)));
        assert!(!covers(tcp(1, 2), tcp(2, 3)));
    }
}
