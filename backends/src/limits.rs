//! What can only be counted once it is printed.

use topoc_diagnostics::{Code, Diagnostic};

use crate::OutputFile;

/// The largest template that CloudFormation reads from S3.
const TEMPLATE: usize = 1_000_000;

/// Reports a CloudFormation template that is too large to be read. Other targets have no such limit.
pub fn oversize(files: &[OutputFile]) -> Option<Diagnostic> {
    let large = files
        .iter()
        .find(|it| it.path.contains(".template.") && it.text.len() > TEMPLATE)?;
    let kilobytes = large.text.len() / 1000;
    let message = format!(
        "`{}` has {kilobytes} kB; CloudFormation accepts at most 1000 kB",
        large.path
    );
    let help = "split the topology, or print it for another target";
    Some(Diagnostic::new(Code::W0706, message).help(help))
}
