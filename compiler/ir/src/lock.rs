//! `topo.lock`: what must not drift.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The whole file. Everything is kept for each environment, under the prefix that its physical names have (`shop`,
/// `shop-prod`): two programs in one folder share the file, not its facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// The format.
    pub version: u32,
    /// By environment.
    #[serde(default)]
    pub environments: BTreeMap<String, EnvironmentLock>,
}

/// What is kept for one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentLock {
    /// Address rows by network path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub networks: BTreeMap<String, NetworkLock>,
    /// Allotted numbers: scope → key → number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, BTreeMap<String, i64>>,
}

/// What is kept of a network (`places.md` § 3.4); owned by `lower`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkLock {
    /// Whether zones are letters; changing that would move every subnet to another zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letters: Option<bool>,
    /// Rows by subnet name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, Vec<RowLock>>,
    /// IPv6 rows by subnet name: row r holds the slices 8·r to 8·r + 7.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slices: BTreeMap<String, u16>,
    /// Rows of deleted subnets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freed: Vec<RowLock>,
}

/// A row: the space of one subnet declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowLock {
    /// The range it lies in, by number (0 is `cidr`, then `more`).
    pub range: u32,
    /// Addresses from the start of that range.
    pub offset: u64,
    /// Prefix length of one block.
    pub size: u8,
    /// 2^bits blocks.
    pub bits: u8,
    /// The slot of its first block: 0, or 4 for a second row; another one where it continues a row that was tight.
    #[serde(default)]
    pub first_slot: u8,
}
