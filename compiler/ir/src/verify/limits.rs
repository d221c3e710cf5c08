//! What is too much for a target.

use topoc_diagnostics::{Code, Diagnostic, Span};

use ustr::Ustr;

use crate::spelled::{Spelled, Target};

/// AWS's own limits for one template.
const RESOURCES: usize = 500;
const PARAMETERS: usize = 200;
const OUTPUTS: usize = 200;

/// Reports what goes beyond a limit of the target.
pub fn check(spelled: &Spelled) -> Vec<Diagnostic> {
    match spelled.target {
        Target::Cfn => cloudformation(spelled),
        Target::Terraform | Target::Pulumi => Vec::new(),
    }
}

fn cloudformation(spelled: &Spelled) -> Vec<Diagnostic> {
    let resources: Vec<Span> = spelled.resources.iter().map(|it| it.origin.span).collect();
    let lookups = spelled
        .lookups
        .iter()
        .flat_map(|it| it.parameters.iter().map(|_| it.origin.span));
    let inputs = spelled.inputs.iter().map(|it| it.input.span);
    let outputs = spelled.outputs.iter().map(|it| it.span).collect();
    let counts = [
        ("resources", resources, RESOURCES),
        ("parameters", inputs.chain(lookups).collect(), PARAMETERS),
        ("outputs", outputs, OUTPUTS),
    ];
    let too_many = counts
        .into_iter()
        .filter_map(|(what, all, most)| too_many(what, &all, most));
    too_many.chain(elsewhere(spelled)).collect()
}

fn too_many(what: &str, all: &[Span], most: usize) -> Option<Diagnostic> {
    let first = all.get(most)?;
    let count = all.len();
    let message =
        format!("the template has {count} {what}; CloudFormation accepts {most} in one stack");
    let report = Diagnostic::new(Code::W0706, message);
    Some(report.at(*first, format!("gives the {}st of them", most + 1)))
}

/// A stack lives in one region, if that is known.
fn elsewhere(spelled: &Spelled) -> impl Iterator<Item = Diagnostic> + '_ {
    let others = spelled.resources.iter().filter_map(|it| {
        let is_other = |it: &Ustr| !spelled.region.is_empty() && *it != spelled.region;
        let region = it.region.filter(is_other)?;
        Some((it, region))
    });
    others.map(|(it, region)| {
        let message = format!(
            "`{}` stands in {region}, and a CloudFormation stack in {} can make nothing there",
            it.id, spelled.region
        );
        Diagnostic::new(Code::E0604, message)
            .at(it.origin.span, "made by this")
            .help(format!(
                "make it in a topology with `region = \"{region}\"`, and give it to this one as an `existing` or an `input`; or build for Terraform or Pulumi alone"
            ))
    })
}
