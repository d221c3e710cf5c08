//! What is too much for a target.

use topoc_diagnostics::{Code, Diagnostic};

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
    let lookups: usize = spelled.lookups.iter().map(|it| it.parameters.len()).sum();
    let counts = [
        ("resources", spelled.resources.len(), RESOURCES),
        ("parameters", spelled.inputs.len() + lookups, PARAMETERS),
        ("outputs", spelled.outputs.len(), OUTPUTS),
    ];
    let too_many = counts.into_iter().filter(|(_, count, limit)| count > limit);
    let mut found: Vec<Diagnostic> = too_many
        .map(|(what, count, limit)| {
            let message = format!(
                "the template has {count} {what}; CloudFormation accepts at most {limit} in one stack"
            );
            Diagnostic::new(Code::W0706, message)
        })
        .collect();
    found.extend(elsewhere(spelled));
    found
}

/// A stack lives in one region.
fn elsewhere(spelled: &Spelled) -> impl Iterator<Item = Diagnostic> + '_ {
    let others = spelled.resources.iter().filter_map(|it| {
        let region = it.region.filter(|region| *region != spelled.region)?;
        Some((it, region))
    });
    others.map(|(it, region)| {
        let message = format!(
            "`{}` stands in {region}, and a CloudFormation stack in {} can make nothing there",
            it.id, spelled.region
        );
        Diagnostic::new(Code::E0604, message)
            .at(it.origin.span, "made by this")
            .help("give it the stack's region, or use a topology of its own")
    })
}
