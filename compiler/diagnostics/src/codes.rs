//! The catalogue: one row a code, never reused.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// May be silenced with a reason.
    Warning,
    /// The program is wrong.
    Error,
    /// The target would refuse it.
    Fatal,
}

/// A row of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// `E0203`.
    pub id: &'static str,
    /// `unknown-attribute`: the name of its page and its test.
    pub slug: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about, in one line.
    pub summary: &'static str,
    /// What it means, how it comes about and how it is mended: `explain/E0203-unknown-attribute.md`.
    pub page: &'static str,
}

/// The families: how their codes begin, and what they are about.
pub const FAMILIES: &[(&str, &str)] = &[
    ("E01", "syntax"),
    ("E02", "names"),
    ("E03", "types and stages"),
    ("E04", "expansion"),
    ("E05", "topology"),
    ("E06", "targets"),
    ("E09", "input and output"),
    ("W07", "lints"),
];

/// A row without its page does not compile.
macro_rules! row {
    ($id:ident $slug:literal $severity:ident $summary:literal) => {
        Row {
            id: stringify!($id),
            slug: $slug,
            severity: Severity::$severity,
            summary: $summary,
            page: include_str!(concat!("../explain/", stringify!($id), "-", $slug, ".md")),
        }
    };
}

macro_rules! catalogue {
    ($($id:ident $slug:literal $severity:ident $summary:literal)*) => {
        /// A code of the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $summary] $id),* }

        /// Every row, in order.
        pub const CATALOGUE: &[(Code, Row)] = &[$((Code::$id, row!($id $slug $severity $summary))),*];

        impl Code {
            /// The row of this code.
            pub fn row(self) -> Row {
                match self {
                    $(Code::$id => row!($id $slug $severity $summary)),*
                }
            }
        }
    };
}

impl Code {
    /// How bad it is.
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    /// The code as text, `E0203`.
    pub fn id(self) -> &'static str {
        self.row().id
    }
}

// Their families: `FAMILIES`.
catalogue! {
    E0100 "unexpected-token" Error "something stands where the grammar allows something else"
    E0101 "unclosed-text" Error "a text that is not closed on its line"
    E0102 "brace-in-text" Error "a brace in text that begins an insertion by accident"
    E0103 "unknown-character" Error "a character that has no meaning here"
    E0104 "unknown-unit" Error "a number with letters that are no unit"
    E0105 "address-without-prefix" Error "an address that lacks its prefix length, or is none"
    E0106 "missing-space" Error "`>=` where a type ends and a default begins"
    E0107 "brace-on-next-line" Error "a body that begins on the next line"
    E0108 "colon-for-equals" Error "an attribute written with `:`"
    E0109 "unclosed-bracket" Error "a bracket without its partner"
    E0110 "misplaced-statement" Error "a statement where it may not stand"
    E0111 "several-ends" Error "several ends of an edge without brackets"
    E0112 "chained-arrow" Error "two arrows in one edge"
    E0113 "foreign-syntax" Error "a spelling of another language"
    E0114 "too-deep" Error "brackets or operators nested too deeply"
    E0115 "number" Error "a number that is too large or too precise"
    E0201 "unknown-name" Error "a name that no declaration introduces"
    E0202 "unknown-kind" Error "a kind that does not exist"
    E0203 "unknown-attribute" Error "an attribute that the kind does not have"
    E0204 "duplicate-name" Error "two declarations of one name"
    E0205 "hidden-name" Error "a name that hides one of an outer scope"
    E0206 "unknown-type" Error "a type that does not exist"
    E0207 "unknown-field" Error "a field or output that does not exist"
    E0208 "outside-kind" Error "a name of the program used inside a kind"
    E0209 "import" Error "a file that cannot be used, or uses itself"
    E0210 "ambiguous-name" Error "a name that arrives twice"
    E0211 "unknown-function" Error "a function that does not exist"
    E0301 "wrong-type" Error "a value of another type than its place asks for"
    E0302 "missing-attribute" Error "a required attribute or field that is not given"
    E0303 "refinement" Error "a value outside what its type allows"
    E0304 "arguments" Error "a call with wrong arguments"
    E0305 "operator" Error "an operator that does not take these types"
    E0306 "unknown-member" Error "a word that is no member of the enumeration"
    E0307 "member-or-value" Error "a word that is both a member and a value"
    E0308 "optional-value" Error "a value that may be absent, used as if present"
    E0309 "arithmetic" Error "overflow or division by zero"
    E0310 "secret" Error "a secret where text would show it"
    E0311 "trait-promise" Error "a kind that does not keep the promise of its trait"
    E0312 "late-decision" Error "a value of deployment that decides what exists"
    E0313 "late-attribute" Error "an attribute that must be known when compiling"
    E0314 "resource-type" Error "a meaning that no resource type of the library has"
    E0401 "cycle" Error "values that depend on each other"
    E0402 "family-key" Error "a declaration under `for` without a key"
    E0403 "duplicate-key" Error "two entries of one key"
    E0404 "assertion" Error "an assertion of a kind that does not hold"
    E0405 "collector-conflict" Error "two values for one entry of a collector"
    E0406 "collector-stage" Error "a collector read where it may not be"
    E0407 "unknown-param" Error "a param that is set but not declared"
    E0408 "missing-param" Error "a param without a value"
    E0409 "params-file" Error "a params file that cannot be read"
    E0410 "environment" Error "an environment that is missing or unknown"
    E0411 "allotment" Error "no number left to allot, or one key twice"
    E0412 "file" Error "a file read by the program that is missing or unusable"
    E0501 "placement" Error "a node that is not placed, or placed where it may not stand"
    E0502 "zone" Error "a zone that does not exist here"
    E0503 "addresses-overlap" Error "address blocks that overlap"
    E0504 "addresses-exhausted" Error "no room for an address block"
    E0505 "address-range" Error "an address block outside what is allowed"
    E0506 "unknown-verb" Error "an edge whose ends offer no such verb"
    E0507 "verb-not-offered" Error "a target that does not understand the verb"
    E0508 "duplicate-edge" Error "the same edge twice"
    E0509 "edge-end" Error "something that cannot be the end of this edge"
    E0510 "nat-without-public" Error "a private subnet without a public one for its NAT gateway"
    E0511 "route-conflict" Error "two routes to one destination"
    E0512 "no-way-to-service" Error "an access edge without a network way to its service"
    E0513 "group-members" Error "too many groups or rules for one node"
    E0514 "no-route" Error "an edge that could carry no traffic"
    E0515 "lock" Error "a lock that would change, or cannot be read"
    E0516 "allow-without-reason" Error "an `@allow` that does not say what and why"
    E0517 "subnet-room" Error "more interfaces than a subnet has addresses"
    E0518 "too-many-routes" Error "more routes than a table can hold"
    E0519 "unknown-region" Error "a region that AWS does not have"
    E0602 "name-clash" Error "two resources with one name"
    E0603 "resource-cycle" Error "resources that wait for each other"
    E0604 "not-in-target" Error "something that this target does not have"
    E0901 "unreadable-file" Error "a file that cannot be read"
    E0902 "unwritable-output" Error "an output folder that cannot be written"
    W0701 "single-zone" Warning "private subnets that depend on another zone"
    W0702 "no-way-out" Warning "private subnets without a way out"
    W0703 "tight-addresses" Warning "an address row without room for further zones"
    W0706 "template-size" Warning "a template beyond what CloudFormation accepts"
    W0707 "kind-warning" Warning "a warning of a kind of the library"
    W0708 "unused-allow" Warning "an `@allow` that silences nothing"
    W0709 "expired-allow" Warning "an `@allow` whose day has passed"
    W0710 "undecided-claim" Warning "a claim about who reaches whom, which is read but not decided yet"
    W0711 "many-routes" Warning "more routes in a table than AWS allows without asking"
    W0712 "group-without-members" Warning "an edge of a group that nothing is a member of"
    W0713 "unused-input" Warning "a param or input that nothing reads"
}
