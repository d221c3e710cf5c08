//! How many interfaces nodes demand of their subnets, as their kinds say.

use std::rc::Rc;

use topoc_diagnostics::Span;
use topoc_ir::{Node, Value};
use topoc_syntax::ast;
use ustr::Ustr;

use crate::errors;
use crate::instance::Inst;
use crate::session::{Eval, Session};

/// How many interfaces a node may have in one of its subnets.
const INTERFACES: &str = "interfaces";
/// The smallest subnet it can stand in.
const SMALLEST: &str = "smallest_subnet";

impl<'a> Session<'a> {
    /// Reads the two outputs of every placed node. Where a kind does not say it, a node takes one address in each of
    /// its subnets; one that only holds placed parts takes none beside theirs.
    pub(crate) fn count_interfaces(&self, insts: &[Rc<Inst<'a>>], nodes: &mut [Node]) {
        let mut holds = vec![false; nodes.len()];
        for node in nodes.iter().filter(|it| it.placement.is_some()) {
            let owner = node.owner.and_then(|it| holds.get_mut(it.0 as usize));
            owner.into_iter().for_each(|it| *it = true);
        }
        for ((inst, node), holds) in insts.iter().zip(nodes).zip(holds) {
            if node.placement.is_none() || inst.node().is_none_or(|it| it.existing) {
                continue;
            }
            node.interfaces = match self.whole_output(inst, INTERFACES) {
                Ok(Some(count)) => count.clamp(0, i64::from(u32::MAX)) as u32,
                Ok(None) => u32::from(!holds),
                // it was reported; what is not known takes no room
                Err(_) => 0,
            };
            let smallest = self.whole_output(inst, SMALLEST).ok().flatten();
            node.smallest_subnet = smallest.map(|it| it.clamp(0, 32) as u8);
        }
    }

    /// A whole number that the kind states; a mistake is reported.
    fn whole_output(&self, inst: &Rc<Inst<'a>>, name: &str) -> Eval<Option<i64>> {
        let name = Ustr::from(name);
        let output = inst.node().and_then(|it| it.kind.outputs.get(&name));
        let Some(output): Option<&&'a ast::Output> = output else {
            return Ok(None);
        };
        let span: Span = output.value.as_ref().map_or(output.name.span, |it| it.span);
        match self.output(inst, name, span)? {
            None => Ok(None),
            Some(Value::Int(count)) => Ok(Some(count)),
            Some(Value::Late(_)) => {
                let why = "this is counted against the room of a subnet";
                Err(self.report(errors::late(span, why)))
            }
            Some(other) => {
                let found = self.describe(&other);
                Err(self.report(errors::wrong_type(span, "a whole number", &found)))
            }
        }
    }
}
