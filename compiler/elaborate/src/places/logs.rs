//! `flow_logs = { … }` of a network: a node of the library's kind `flow_logs`, its part.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use topoc_diagnostics::Code;
use topoc_ir::{NodeId, Value};
use topoc_syntax::ast::{self, ExprKind};
use ustr::Ustr;

use super::attributes::find;
use crate::allowed::Allowed;
use crate::errors;
use crate::eval::scope::Scope;
use crate::index::Site;
use crate::instance::{Inst, NodePart, What};
use crate::memo::Memos;
use crate::session::{Eval, Session, Stop};

/// The kind, and the part of the network that is one.
const KIND: &str = "flow_logs";

impl<'a> Session<'a> {
    /// Makes the part `NETWORK.flow_logs` where the network asks for it. The kind gets the network as `network`, and
    /// whatever else the record says.
    pub(super) fn flow_logs(
        &self,
        decl: &'a ast::Network,
        site: &Site<'a>,
        network: (Ustr, u32),
        scope: &Scope<'a>,
        owner: Option<&Rc<Inst<'a>>>,
    ) -> Eval<()> {
        let Some(given) = find(&decl.body, KIND) else {
            return Ok(());
        };
        let ExprKind::Record(attributes) = &given.value.kind else {
            let message = "`flow_logs` takes a record";
            let report = errors::plain(Code::E0301, given.value.span, message, "given here");
            return Err(self.report(report.help("flow_logs = { keep = 30d }")));
        };
        let Some(kind) = self.index.kind(site.file, Ustr::from(KIND)) else {
            // it is loaded where a network is mentioned
            if self.in_doubt() {
                return Err(Stop::Reported);
            }
            let message = "the library has no kind `flow_logs`";
            let report = errors::plain(Code::E0202, given.name.span, message, "asked for here");
            return Err(self.report(report));
        };
        let (path, index) = network;
        let path = Ustr::from(&format!("{path}.{KIND}"));
        let id = NodeId(self.nodes.borrow().len() as u32);
        let mut memo = Memos::default();
        memo.done(ustr::name!("network"), Value::Network(index));
        let inst = Rc::new(Inst {
            path,
            given: attributes,
            given_scope: scope.clone(),
            verb_value: None,
            outer: Scope::file(kind.file),
            memo: RefCell::new(memo),
            output_memo: RefCell::default(),
            span: owner.map_or(given.name.span, |it| it.span),
            declared: given.name.span,
            docs: None,
            allowed: Allowed::read(&site.stmt.notes, owner.map(|it| it.as_ref())),
            rank: owner.map_or(site.rank, |it| it.rank),
            added: RefCell::default(),
            what: What::Node(NodePart {
                id,
                kind,
                owner: owner.and_then(|it| it.node().map(|part| part.id)),
                existing: false,
                placement: RefCell::default(),
                groups: RefCell::default(),
                named: Cell::new(false),
                worn: Cell::new(false),
            }),
        });
        self.node_paths.borrow_mut().insert(path, id);
        self.nodes.borrow_mut().push(inst.clone());
        self.queue.borrow_mut().push(inst);
        Ok(())
    }
}
