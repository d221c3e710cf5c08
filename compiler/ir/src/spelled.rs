//! One target's resources as documents, in the order of output.

use topoc_diagnostics::Span;
use ustr::Ustr;

use crate::doc::Doc;
use crate::resource::{Origin, ResourceId, Retain};
use crate::topology::Input;

/// The three targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// CloudFormation
    Cfn,
    /// Terraform HCL
    Terraform,
    /// Pulumi YAML
    Pulumi,
}

impl Target {
    /// All of them.
    pub const ALL: [Target; 3] = [Target::Cfn, Target::Terraform, Target::Pulumi];

    /// `cfn`, `terraform`, `pulumi`
    pub fn word(self) -> &'static str {
        match self {
            Target::Cfn => "cfn",
            Target::Terraform => "terraform",
            Target::Pulumi => "pulumi",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Target::Cfn => "CloudFormation",
            Target::Terraform => "Terraform",
            Target::Pulumi => "Pulumi",
        }
    }
}

/// Everything a printer prints.
#[derive(Clone, Debug)]
pub struct Spelled {
    /// For which target.
    pub target: Target,
    /// The topology's name.
    pub name: Ustr,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// Its region.
    pub region: Ustr,
    /// The chosen environment.
    pub env: Option<Ustr>,
    /// Inputs in source order.
    pub inputs: Vec<SpelledInput>,
    /// Lookups in use, in output order.
    pub lookups: Vec<SpelledLookup>,
    /// Resources in output order.
    pub resources: Vec<SpelledResource>,
    /// Outputs in source order.
    pub outputs: Vec<SpelledOutput>,
}

/// An input: a CloudFormation parameter, a terraform variable, a Pulumi config key.
#[derive(Clone, Debug)]
pub struct SpelledInput {
    /// Name, docs, type, facts.
    pub input: Input,
    /// Its default in this target.
    pub default: Option<Doc>,
}

/// A resource.
#[derive(Clone, Debug)]
pub struct SpelledResource {
    /// Its path; logical names are made of it (`ids`).
    pub id: ResourceId,
    /// `AWS::SQS::Queue`, `aws_sqs_queue`, `aws:sqs:Queue`
    pub ty: Ustr,
    /// Its properties, in the order of the resource type.
    pub properties: Vec<(Ustr, Doc)>,
    /// These exist first, though nothing refers to them.
    pub after: Vec<ResourceId>,
    /// A region of its own.
    pub region: Option<Ustr>,
    /// What happens to its data.
    pub retain: Retain,
    /// Properties that somebody else changes later (paths of this target).
    pub ignore: Vec<Ustr>,
    /// A comment for people.
    pub docs: Option<Ustr>,
    /// Rule and reason of `@allow`.
    pub allows: Vec<(Ustr, Ustr)>,
    /// The top-level declaration it stems from, for grouping in output files and comments: `web`, `main`, `alb -> web : forward "/*"`.
    pub group: Ustr,
    /// Where it comes from.
    pub origin: Origin,
}

/// A lookup: a terraform data source, a Pulumi invoke, CloudFormation parameters (one an output in use).
#[derive(Clone, Debug)]
pub struct SpelledLookup {
    /// Its path.
    pub id: ResourceId,
    /// `aws_acm_certificate`, `aws:acm:getCertificate`; in CloudFormation the parameter's type, `String`.
    pub ty: Ustr,
    /// Arguments.
    pub arguments: Vec<(Ustr, Doc)>,
    /// CloudFormation: the outputs in use (names of the resource type), each with its parameter type and default.
    pub parameters: Vec<(Ustr, Ustr, Option<Doc>)>,
    /// A region of its own.
    pub region: Option<Ustr>,
    /// A comment for people.
    pub docs: Option<Ustr>,
    /// Where it comes from.
    pub origin: Origin,
}

/// An output.
#[derive(Clone, Debug)]
pub struct SpelledOutput {
    /// Its name.
    pub name: Ustr,
    /// Its doc comment.
    pub docs: Option<Ustr>,
    /// Its value.
    pub value: Doc,
    /// Its declaration.
    pub span: Span,
}
