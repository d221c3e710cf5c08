//! Logical ids and physical names made of paths.
