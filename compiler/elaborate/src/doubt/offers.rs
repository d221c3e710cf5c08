//! Verbs that a node may offer, if what is in doubt were known.

use std::rc::Rc;

use topoc_ir::NodeId;
use topoc_syntax::ast::StmtKind;
use ustr::Ustr;

use crate::edges::ends::End;
use crate::index::Site;
use crate::instance::Inst;
use crate::session::Session;

impl<'a> Session<'a> {
    /// Whether it is in doubt that an edge to `target` is not offered.
    pub(crate) fn may_offer(&self, source: &End, target: NodeId, verb: Ustr) -> bool {
        if !self.in_doubt() {
            return false;
        }
        let from = match source {
            End::Node(id) => self.acting_chain(*id),
            _ => Vec::new(),
        };
        let to = self.acting_chain(target);
        let is_cut = |it: &Vec<Rc<Inst<'a>>>| it.last().is_some_and(|it| self.may_act(it));
        is_cut(&from) || is_cut(&to) || to.iter().any(|it| self.may_listen(it, verb))
    }

    /// Whether a part stands for this node, and nobody knows which.
    fn may_act(&self, inst: &Rc<Inst<'a>>) -> bool {
        let Some(part) = inst.node().filter(|it| !it.existing) else {
            return false;
        };
        let name = part.kind.acts_as;
        let name = name.filter(|it| part.kind.sites.contains_key(it));
        name.is_some_and(|it| self.lookup(&self.inside(inst), it, inst.span).is_err())
    }

    fn may_listen(&self, inst: &Rc<Inst<'a>>, verb: Ustr) -> bool {
        let Some(part) = inst.node() else {
            return false;
        };
        let listens = part.kind.listens.iter().filter(|it| is_verb(it, verb));
        let access = part.kind.access.get(&verb).into_iter().flatten();
        let scope = self.inside(inst);
        listens
            .chain(access)
            .any(|it| self.guarded(&it.guards, &scope).is_err())
    }
}

fn is_verb(site: &Site<'_>, verb: Ustr) -> bool {
    matches!(&site.stmt.kind, StmtKind::Listens(it) if it.verb.name == verb)
}
