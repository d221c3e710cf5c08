//! Every type of the tree: its fields, or its forms.
//!
//! Both lists are complete or this does not compile: a form or a field more in the tree is one more here.

use super::{Frozen, Reader, Writer};
use crate::ast::*;

/// The fields of a type, in the order of their bytes.
macro_rules! fields {
    ($($ty:ident { $($field:ident),* })*) => { $(
        impl Frozen for $ty {
            fn freeze(&self, to: &mut Writer<'_>) {
                let Self { $($field),* } = self;
                $($field.freeze(to);)*
            }

            fn thaw(from: &mut Reader<'_>) -> Self {
                Self { $($field: Frozen::thaw(from)),* }
            }
        }
    )* };
}

/// The forms of a type, each with its number.
macro_rules! forms {
    ($($ty:ident { $($number:literal $form:ident $(($($part:ident),*))? $({ $($field:ident),* })?,)* })*) => { $(
        impl Frozen for $ty {
            fn freeze(&self, to: &mut Writer<'_>) {
                match self {
                    $(Self::$form $(($($part),*))? $({ $($field),* })? => {
                        to.bytes.push($number);
                        $($($part.freeze(to);)*)?
                        $($($field.freeze(to);)*)?
                    })*
                }
            }

            fn thaw(from: &mut Reader<'_>) -> Self {
                match from.byte() {
                    $($number => {
                        $($(let $part = Frozen::thaw(from);)*)?
                        $($(let $field = Frozen::thaw(from);)*)?
                        Self::$form $(($($part),*))? $({ $($field),* })?
                    })*
                    number => unreachable!("no form has the number {number}"),
                }
            }
        }
    )* };
}

fields! {
    Ident { name, span }
    Path { text, span }
    Stmt { docs, notes, span, kind }
    Note { name, args, span }
    Body { attributes, span }
    Attribute { docs, notes, name, text, quoted, value, short }
    Topology { name, body }
    Use { path, path_span, alias }
    Field { docs, key, name, ty, refinement, default, convert, spelling }
    Output { name, ty, value, spelling }
    Env { name, body }
    Let { name, params, ty, means, value }
    Parameter { name, ty }
    TypeDecl { name, record, exactly_one }
    EnumDecl { name, members }
    Member { docs, name, text }
    ProtocolDecl { name, value }
    NodeDecl { kind, name, key, places, body }
    Network { existing, name, key, body, subnets, endpoints, routes, tables }
    Subnet { docs, notes, name, body, routes, span }
    Endpoints { name, places, body, span }
    Route { destination, via, span }
    Table { name, routes, span }
    Edge { sources, targets, verbs, text }
    Verb { on, kind, body, span }
    Addition { target, value }
    Assertion { claim, because, help }
    Reach { relation, targets, verbs }
    If { condition, then, otherwise }
    For { head, body }
    LoopHead { key, item, list }
    Adjust { target, body }
    Moved { from, to }
    Rule { name, body }
    Test { name, with, body }
    Expr { id, span, kind }
    Loop { head, condition }
    Arg { name, value }
    Trait { name, members }
    Kind { name, traits, members }
    EdgeDecl { source, target, on, verb, value, members }
    Collect { name, ty }
    Listens { verb, on, body }
    Access { verb, value, via, body }
    Opens { protocols, from, to, because }
    Grant { actions, on, to, condition }
    Resource { ty, name, key, body }
    RawResource { name, key, targets, claims }
    RawTarget { target, form }
    ResourceType { lookup, path, targets, means, fields, outputs }
    TypedField { constant, notes, field }
    Means { name, argument, roles }
    Type { kind, optional, span }
    RecordType { fields, span }
    Refinement { facts, span }
    Spelling { cfn, terraform, pulumi, span }
    Form { kind, span }
}

forms! {
    StmtKind {
        0 Topology(a),
        1 Use(a),
        2 Param(a),
        3 Input(a),
        4 Output(a),
        5 Env(a),
        6 Let(a),
        7 Type(a),
        8 Enum(a),
        9 Protocol(a),
        10 Network(a),
        11 Group(a),
        12 External(a),
        13 Existing(a),
        14 Node(a),
        15 Edge(a),
        16 Addition(a),
        17 Assert(a),
        18 If(a),
        19 For(a),
        20 Trait(a),
        21 Kind(a),
        22 EdgeDecl(a),
        23 Resource(a),
        24 RawResource(a),
        25 Lookup(a),
        26 ResourceType(a),
        27 Adjust(a),
        28 Moved(a),
        29 Rule(a),
        30 Test(a),
        31 Field(a),
        32 Collect(a),
        33 ExistingBlock(a),
        34 ActsAs(a),
        35 Listens(a),
        36 Access(a),
        37 Opens(a),
        38 Grant(a),
        39 Needs(a),
        40 Error,
    }
    VerbKind {
        0 Named { name, value },
        1 Protocol(a),
    }
    Claim {
        0 Holds(a),
        1 Only { sources, reach },
        2 Can { sources, not, reach },
        3 EveryPath { sources, targets, through },
    }
    Relation {
        0 Reach,
        1 DirectlyReach,
        2 RouteTo,
    }
    TestItem {
        0 Stmt(a),
        1 Expect(a, b),
    }
    ExprKind {
        0 Bool(a),
        1 Int(a),
        2 Float(a),
        3 Duration(a),
        4 Size(a),
        5 Percent(a),
        6 None,
        7 Text(a),
        8 Cidr(a),
        9 Name(a),
        10 SelfNode,
        11 Internet,
        12 Field(a, b),
        13 OptField(a, b),
        14 Index(a, b),
        15 Call(a, b),
        16 List(a),
        17 ListFor(a, b),
        18 Record(a),
        19 MapFor(a, b, c),
        20 If(a, b, c),
        21 Binary(a, b, c),
        22 Not(a),
        23 Negate(a),
        24 Range(a, b),
        25 Protocol(a, b),
        26 Error,
    }
    TextPart {
        0 Text(a),
        1 Code(a),
    }
    Transport {
        0 Tcp,
        1 Udp,
    }
    BinaryOp {
        0 Or,
        1 And,
        2 Eq,
        3 Ne,
        4 Lt,
        5 Le,
        6 Gt,
        7 Ge,
        8 In,
        9 Fallback,
        10 Add,
        11 Sub,
        12 Mul,
        13 Div,
    }
    TypeKind {
        0 Named(a, b),
        1 Record(a),
        2 Enum(a),
        3 Infer,
    }
    Fact {
        0 Between(a, b),
        1 Less(a),
        2 AtMost(a),
        3 More(a),
        4 AtLeast(a),
        5 In(a),
        6 Matches(a, b),
        7 Chars(a, b),
        8 LengthBetween(a, b),
        9 LengthAtMost(a),
        10 LengthAtLeast(a),
    }
    FormKind {
        0 Path { shape, path, convert },
        1 Spread(a),
        2 Ref,
        3 PartOf { field, path },
        4 Parameter { ty, body },
        5 Default,
        6 None(a),
    }
    Shape {
        0 Natural,
        1 Attribute,
        2 Set,
    }
}

impl Frozen for Result<(ustr::Ustr, Body), ustr::Ustr> {
    fn freeze(&self, to: &mut Writer<'_>) {
        self.is_ok().freeze(to);
        match self {
            Ok(it) => it.freeze(to),
            Err(it) => it.freeze(to),
        }
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        match bool::thaw(from) {
            true => Ok(Frozen::thaw(from)),
            false => Err(Frozen::thaw(from)),
        }
    }
}
