//! The printers: `&Verified` → files. Every property name, value and reference is decided; only notation is left.
//!
//! Reading order: [`json`] and [`yaml`] write notation; [`cloudformation`], [`terraform`] and [`pulumi`] write programs.

mod cloudformation;
mod facts;
mod json;
mod limits;
mod names;
mod prose;
mod pulumi;
mod shares;
mod terraform;
mod text;
mod yaml;

#[cfg(test)]
mod sample;

pub use limits::oversize;
pub use text::Text;
use topoc_ir::{Target, Verified};

/// A file of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Its path within the output folder.
    pub path: String,
    /// Its text.
    pub text: Text,
}

/// The notation of CloudFormation templates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `NAME.template.json`
    #[default]
    Json,
    /// `NAME.template.yaml`
    Yaml,
}

/// What can be chosen about the output.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The notation of CloudFormation templates.
    pub format: Format,
}

/// Prints a program in its target's language. Same input, same bytes.
pub fn emit(verified: &Verified, options: Options) -> Vec<OutputFile> {
    match verified.spelled().target {
        Target::Cfn => cloudformation::print(verified, options.format),
        Target::Terraform => terraform::print(verified),
        Target::Pulumi => pulumi::print(verified),
    }
}
