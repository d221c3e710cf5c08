//! The graphs of the compiler: [`Topology`] (places, nodes, edges, library resources as values), and [`Spelled`],
//! the same resources as one target's documents; [`verify`] turns those into [`Verified`].
//!
//! Reading order: `record`, `value`, `resource`, `network`, `topology`, `params`, `lock`, `doc`, `spelled`, `verify`.

pub mod asset;
pub mod doc;
pub mod ids;
pub mod lock;
pub mod network;
pub mod params;
pub mod record;
pub mod resource;
pub mod spelled;
pub mod topology;
pub mod value;
pub mod verify;

pub use asset::Asset;
pub use doc::{Doc, LateDoc, Piece, Reference};
pub use ids::Ids;
pub use lock::Lock;
pub use network::{
    Endpoints, ExistingNetwork, NatMode, Network, Route, RouteVia, Subnet, Table, TableChoice,
    Tier, Zone,
};
pub use params::{Given, GivenKind, Key, Params, Setting};
pub use record::Record;
pub use resource::{Origin, Resource, ResourceId, Retain};
pub use spelled::{Spelled, SpelledInput, SpelledLookup, SpelledOutput, SpelledResource, Target};
pub use topology::{
    Edge, Group, Input, InputFact, Meaning, MeaningKey, Need, Node, NodeId, Opening, Output, Peer,
    Placement, Topology,
};
pub use value::{Late, Part, Protocol, Secret, Transport, Value};
pub use verify::{Uses, Verified, verify};
