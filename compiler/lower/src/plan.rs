//! Blocks and ways of one network, before anything is made of them.

use ipnet::IpNet;
use topoc_ir::Network;

use crate::allot::Blocks;
use crate::routes::Ways;

/// What was decided about one network.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The blocks of its subnets.
    pub blocks: Blocks,
    /// Its tables, routes and NAT gateways.
    pub ways: Ways,
    /// The first IPv6 slice of each subnet, where it has IPv6.
    pub slices: Vec<Option<u16>>,
    /// Those of an existing network may be unknown.
    ranges: Vec<IpNet>,
}

impl Plan {
    /// Puts the decisions together.
    pub fn new(network: &Network, blocks: Blocks, ways: Ways) -> Self {
        let ranges = std::iter::once(&network.cidr).chain(&network.more);
        let stated = ranges.map(|it| it.0).filter(|it| it.prefix_len() > 0);
        Self {
            blocks,
            ways,
            slices: Vec::new(),
            ranges: stated.collect(),
        }
    }

    /// Whether a range lies in the network, where every subnet reaches every other.
    pub fn holds(&self, range: IpNet) -> bool {
        self.ranges.iter().any(|it| it.contains(&range))
    }
}
