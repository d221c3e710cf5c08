//! One run of elaboration: the index, the memos, the results under construction.

use rustc_hash::FxHashMap as HashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use topoc_check::{Lost, Members};
use topoc_diagnostics::{Diagnostic, Diagnostics, Span};
use topoc_ir::params::Params;
use topoc_ir::{self as ir, Asset, Lock, NodeId, Topology, Value};
use topoc_syntax::Program;
use topoc_syntax::ast::{self, ExprId};
use typed_arena::Arena;
use ustr::{Ustr, UstrMap};

use crate::doubt::{Doubt, Losses};
use crate::gather::{Pending, Stage};
use crate::index::Index;
use crate::instance::Inst;
use crate::memo::Memo;
use crate::shares;
use crate::types::{RecordOf, Ty};

/// What is given from outside.
#[derive(Clone, Default)]
pub struct Settings<'s> {
    /// `--env`
    pub env: Option<Ustr>,
    /// `--params` and `--set`
    pub params: Params,
    /// What `topo.lock` holds.
    pub lock: Lock,
    /// Reads what the program names in `file` and `template`, by path relative to the root's folder.
    pub reader: Option<Reader<'s>>,
    /// Packs what the program names in `asset`, likewise.
    pub packer: Option<Packer<'s>>,
    /// What could not be read of the program.
    pub lost: Option<&'s Lost>,
}

/// Gives the text of a file, or says why not.
pub type Reader<'s> = &'s (dyn Fn(&str) -> Result<String, String> + Sync);

/// Gives a file or folder, packed, or says why not.
pub type Packer<'s> = &'s (dyn Fn(&str) -> Result<Asset, String> + Sync);

/// The result of elaboration.
pub struct Elaborated {
    /// The graph.
    pub topology: Topology,
    /// The lock with the numbers that were allotted.
    pub lock: Lock,
    /// After errors, the networks that may have other attributes than they seem to.
    pub doubted: Vec<u32>,
}

/// Why an evaluation gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It was reported.
    Reported,
    /// A collector is not complete yet; try again later.
    Deferred,
}

/// A value, or nothing.
pub(crate) type Eval<T = Value> = Result<T, Stop>;

/// Arguments of a function, and what it gave for them.
pub(crate) type Applied = (Vec<Value>, Value);

/// The arenas that types live in.
#[derive(Default)]
pub(crate) struct Arenas<'a> {
    pub(crate) records: Arena<RecordOf<'a>>,
}

/// Everything that phases of one run share.
pub(crate) struct Session<'a> {
    pub(crate) index: Index<'a>,
    /// By number of the expression.
    pub(crate) members: Vec<bool>,
    /// The texts of bare words that have one of their own.
    pub(crate) member_texts: HashMap<ExprId, Ustr>,
    pub(crate) arena: &'a Arena<RecordOf<'a>>,
    pub(crate) settings: &'a Settings<'a>,
    pub(crate) out: RefCell<&'a mut Diagnostics>,
    pub(crate) failed: Cell<bool>,
    /// What the reports before leave in doubt.
    pub(crate) doubt: Option<Doubt<'a>>,
    /// What is lost on the way.
    pub(crate) losses: Losses,
    /// The line of the program that the work at hand belongs to.
    pub(crate) about: Cell<Option<Span>>,
    /// By the place of the type in memory.
    pub(crate) types: RefCell<HashMap<*const ast::Type, Ty<'a>>>,
    pub(crate) stage: Cell<Stage>,
    /// Values of top-level names by file and name.
    pub(crate) globals: RefCell<HashMap<(usize, Ustr), Memo>>,
    /// `topology` and `aws`.
    pub(crate) facts: RefCell<UstrMap<Value>>,
    /// Packages by the path of what was packed.
    pub(crate) packed: RefCell<UstrMap<Arc<Asset>>>,
    /// What is being evaluated, for messages about cycles.
    pub(crate) trail: RefCell<Vec<(Ustr, Span)>>,
    pub(crate) nodes: RefCell<Vec<Rc<Inst<'a>>>>,
    pub(crate) node_paths: RefCell<UstrMap<NodeId>>,
    /// Instances whose bodies are not unfolded yet.
    pub(crate) queue: RefCell<Vec<Rc<Inst<'a>>>>,
    pub(crate) edges: RefCell<Vec<Rc<Inst<'a>>>>,
    pub(crate) edge_ids: RefCell<UstrMap<Span>>,
    pub(crate) pending: RefCell<Vec<Pending<'a>>>,
    /// How many pending statements still add to a collector of that name.
    pub(crate) open: RefCell<UstrMap<usize>>,
    pub(crate) flags: RefCell<HashMap<Span, u8>>,
    pub(crate) topology: RefCell<Topology>,
    pub(crate) lock: RefCell<Lock>,
    pub(crate) allot: RefCell<crate::eval::allot::Allotments>,
    pub(crate) prefix: Cell<Ustr>,
    /// Paths of networks, groups and externals to their index, and whether a place is wanted by name.
    pub(crate) networks: RefCell<UstrMap<u32>>,
    /// While a target is spelled: all resources and lookups.
    pub(crate) known: Cell<Option<&'a HashMap<ir::ResourceId, &'a ir::Resource>>>,
    pub(crate) depth: Cell<u32>,
    /// Defaults of record fields, by the place of the field.
    pub(crate) defaults: RefCell<HashMap<Span, Value>>,
    /// Patterns of refinements, compiled once each.
    pub(crate) patterns: RefCell<UstrMap<Option<regex_lite::Regex>>>,
    /// Whether a text matches a pattern.
    pub(crate) matched: RefCell<HashMap<(Ustr, Ustr), bool>>,
    /// Counts what was read of one instance alone: its attributes and parts, the variables of its loops.
    pub(crate) own: Cell<u64>,
    /// What is the same in every instance, by its place; `None` for what read something of an instance.
    pub(crate) constants: RefCell<HashMap<Span, Option<Value>>>,
    /// What functions of the library gave for plain arguments, by the place of the function.
    pub(crate) applied: RefCell<HashMap<Span, Vec<Applied>>>,
    pub(crate) externals: RefCell<Vec<crate::places::ExternalPlace>>,
    pub(crate) network_decls: RefCell<
        Vec<(
            &'a topoc_syntax::ast::Network,
            crate::eval::scope::Scope<'a>,
        )>,
    >,
    /// Prepared bodies of `access` and `listens`.
    pub(crate) bodies: RefCell<HashMap<Span, Rc<crate::index::BodyInfo<'a>>>>,
    /// What resources wait for.
    pub(crate) afters: RefCell<HashMap<ir::ResourceId, Vec<crate::fill::After>>>,
    /// The entries of collectors that the loops around a statement stand at.
    pub(crate) turning: RefCell<Vec<(Ustr, Value)>>,
    /// The collectors that the statement at hand, and those around it, have read.
    pub(crate) reading: RefCell<Vec<(Rc<Inst<'a>>, Ustr)>>,
    /// Resources and lookups made so far.
    pub(crate) made: RefCell<Vec<ir::Resource>>,
    pub(crate) lookups: RefCell<indexmap::IndexMap<ir::ResourceId, ir::Resource>>,
    /// New path to old path, of `moved`.
    pub(crate) moved: RefCell<UstrMap<Ustr>>,
    /// The old paths, and where `moved` says them.
    pub(crate) left: RefCell<UstrMap<Span>>,
    /// `account` of the topology.
    pub(crate) stated_account: Cell<Option<Ustr>>,
}

/// What elaboration no longer needs: in a large program it takes a while to take it apart, which can be done beside other work.
pub struct Rest<'a>(#[expect(dead_code, reason = "it is only dropped")] Option<Session<'a>>);

/// Elaborates a checked program, and gives what comes of it to `then`. Errors that were reported do not matter: only what they
/// leave certain is looked at.
///
/// `members` are the bare words that the checker decided to be members of enumerations. If something was
/// reported as an error, here or before, not everything comes out.
pub fn elaborate<T>(
    program: &Program,
    members: &Members,
    settings: &Settings<'_>,
    out: &mut Diagnostics,
    then: impl FnOnce(Elaborated, Rest<'_>, &mut Diagnostics) -> T,
) -> T {
    let arenas = Arenas::default();
    let mut reports = Diagnostics::default();
    if !out.has_errors() {
        let begin = (&mut reports, &arenas.records);
        if let Some((done, session)) = shares::elaborate(program, members, settings, begin) {
            let reports = std::mem::take(&mut **session.out.borrow_mut());
            reports.in_order().into_iter().for_each(|it| out.push(it));
            return then(done, Rest(Some(session)), out);
        }
    }
    let session = Session::new(program, members, settings, out, &arenas.records);
    session.gather_all();
    session.fill();
    let done = session.finish();
    drop(session);
    then(done, Rest(None), out)
}

fn flags_of_members(program: &Program, members: &Members) -> Vec<bool> {
    let mut flags = vec![false; program.exprs];
    for id in members.keys() {
        if let Some(flag) = flags.get_mut(id.0 as usize) {
            *flag = true;
        }
    }
    flags
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        program: &'a Program,
        members: &Members,
        settings: &'a Settings<'a>,
        out: &'a mut Diagnostics,
        arena: &'a Arena<RecordOf<'a>>,
    ) -> Self {
        Session {
            index: Index::new(program),
            doubt: Doubt::new(program, settings.lost, out),
            losses: Losses::default(),
            members: flags_of_members(program, members),
            member_texts: members
                .iter()
                .filter_map(|it| Some((*it.0, (*it.1)?)))
                .collect(),
            arena,
            settings,
            out: RefCell::new(out),
            failed: Cell::new(false),
            about: Cell::new(None),
            types: RefCell::default(),
            stage: Cell::new(Stage::Unfold),
            globals: RefCell::default(),
            facts: RefCell::default(),
            packed: RefCell::default(),
            trail: RefCell::default(),
            nodes: RefCell::default(),
            node_paths: RefCell::default(),
            queue: RefCell::default(),
            edges: RefCell::default(),
            edge_ids: RefCell::default(),
            pending: RefCell::default(),
            open: RefCell::default(),
            flags: RefCell::default(),
            topology: RefCell::default(),
            lock: RefCell::new(settings.lock.clone()),
            allot: RefCell::default(),
            prefix: Cell::new(ustr::name!("")),
            networks: RefCell::default(),
            known: Cell::new(None),
            depth: Cell::new(0),
            patterns: RefCell::default(),
            matched: RefCell::default(),
            own: Cell::new(0),
            constants: RefCell::default(),
            applied: RefCell::default(),
            defaults: RefCell::default(),
            externals: RefCell::default(),
            network_decls: RefCell::default(),
            bodies: RefCell::default(),
            afters: RefCell::default(),
            turning: RefCell::default(),
            reading: RefCell::default(),
            made: RefCell::default(),
            lookups: RefCell::default(),
            moved: RefCell::default(),
            left: RefCell::default(),
            stated_account: Cell::new(None),
        }
    }

    /// The first two steps.
    pub(crate) fn gather_all(&self) {
        self.begin();
        self.unfold();
        self.lose_refused();
        self.gather();
    }

    /// Notes that something of one instance alone is read.
    pub(crate) fn reads_own(&self) {
        self.own.set(self.own.get() + 1);
    }

    /// Reports, and gives the value that stands for it.
    pub(crate) fn report(&self, diagnostic: Diagnostic) -> Stop {
        if diagnostic.severity() != topoc_diagnostics::Severity::Warning {
            self.failed.set(true);
        }
        if self.explains(&diagnostic) {
            return Stop::Reported;
        }
        let diagnostic = self.shown_from_outside(diagnostic);
        if self.explains(&diagnostic) {
            return Stop::Reported;
        }
        self.out.borrow_mut().push(diagnostic);
        Stop::Reported
    }

    /// What is found inside the library is shown at the line of the program that leads there.
    fn shown_from_outside(&self, diagnostic: Diagnostic) -> Diagnostic {
        let (Some(inner), Some(outer)) = (&diagnostic.primary, self.about.get()) else {
            return diagnostic;
        };
        if !self.index.is_of_library(inner.span.file) || self.index.is_of_library(outer.file) {
            return diagnostic;
        }
        let inner = inner.clone();
        let mut shown = diagnostic.at(outer, "while this is made");
        shown.others.insert(0, inner);
        shown
    }

    /// Does `work` for an instance: what it reports belongs to the line of the program that made it.
    pub(crate) fn about<T>(&self, inst: Option<&Rc<Inst<'a>>>, work: impl FnOnce() -> T) -> T {
        let own = inst.and_then(|it| self.line_of(it));
        let outer = self.about.replace(own.or(self.about.get()));
        let result = work();
        self.about.set(outer);
        result
    }

    /// The line of the program that an instance, or the one that it is a part of, comes from.
    fn line_of(&self, inst: &Rc<Inst<'a>>) -> Option<Span> {
        if !self.index.is_of_library(inst.span.file) {
            return Some(inst.span);
        }
        let owner = inst.node()?.owner?;
        self.line_of(&self.inst(owner))
    }

    /// The environment's key in the lock.
    pub(crate) fn env_key(&self) -> String {
        self.prefix.get().to_string()
    }
}
