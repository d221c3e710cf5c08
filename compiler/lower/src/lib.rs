//! Topology → resources.
mod allot;
