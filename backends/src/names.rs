//! What documents refer to, by its name in the target.

use topoc_ir::ids::{self, Named};
use topoc_ir::topology::Input;
use topoc_ir::{ResourceId, Verified};
use ustr::{Ustr, UstrMap};

/// Every name of a program; none is computed twice.
pub struct Names<'a> {
    verified: &'a Verified,
    inputs: UstrMap<(String, &'a Input)>,
}

impl<'a> Names<'a> {
    /// The names of a program.
    pub fn new(verified: &'a Verified) -> Self {
        let target = verified.spelled().target;
        let inputs = verified.spelled().inputs.iter().map(|it| {
            let name = ids::input(target, it.input.name);
            (it.input.name, (name, &it.input))
        });
        Self {
            verified,
            inputs: inputs.collect(),
        }
    }

    /// A resource or lookup; always there, by `verify`'s (closed).
    pub fn of(&self, id: ResourceId) -> Option<&'a Named> {
        self.verified.ids().get(id)
    }

    /// Its name alone.
    pub fn name(&self, id: ResourceId) -> &'a str {
        self.of(id).map_or(id.0.as_str(), |it| it.name.as_str())
    }

    /// An input's name in the target.
    pub fn input(&self, name: Ustr) -> &str {
        self.inputs
            .get(&name)
            .map_or(name.as_str(), |(name, _)| name.as_str())
    }

    /// The type of an input, `String`, `List<Int>`.
    pub fn input_type(&self, name: Ustr) -> &str {
        self.inputs
            .get(&name)
            .map_or("String", |(_, input)| input.ty.as_str())
    }
}

/// What a list of deployment holds: `Int` of `List<Int>`.
pub fn list_item(ty: &str) -> Option<&str> {
    ty.strip_prefix("List<")?.strip_suffix('>')
}
