//! Which texts of the three targets mean the same thing of the same resource.

use std::collections::{BTreeMap, BTreeSet};

use super::value::Hole;

/// Every output of every resource, by how each target reads it.
#[derive(Debug, Default)]
pub struct Refs {
    by_hole: [BTreeMap<Hole, BTreeSet<usize>>; 3],
    /// The name of the resource and of the output.
    outputs: Vec<(String, String)>,
}

impl Refs {
    /// Notes an output: how each target reads it, where it can.
    pub fn add(&mut self, name: &str, output: &str, reads: [Option<Hole>; 3]) {
        for (of, hole) in self.by_hole.iter_mut().zip(reads) {
            if let Some(hole) = hole {
                of.entry(hole).or_default().insert(self.outputs.len());
            }
        }
        self.outputs.push((name.to_owned(), output.to_owned()));
    }

    /// Whether two holes are the same thing.
    pub fn same(&self, a: (usize, &Hole), b: (usize, &Hole)) -> bool {
        match (self.known(a), self.known(b)) {
            (Some(x), Some(y)) => !x.is_disjoint(y),
            (None, None) => a.1 == b.1 && !matches!(a.1, Hole::Attribute(..)),
            _ => false,
        }
    }

    /// The resources of which a hole reads this output.
    pub fn resources(&self, target: usize, hole: &Hole, output: &str) -> BTreeSet<&str> {
        let known = self.known((target, hole)).into_iter().flatten();
        let outputs = known.filter_map(|it| self.outputs.get(*it));
        outputs
            .filter(|(_, it)| it == output)
            .map(|(name, _)| name.as_str())
            .collect()
    }

    fn known(&self, (target, hole): (usize, &Hole)) -> Option<&BTreeSet<usize>> {
        self.by_hole.get(target)?.get(hole)
    }
}
