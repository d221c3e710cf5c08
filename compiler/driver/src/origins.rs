//! Why a resource exists: what it is called in each target, and the lines that caused it.

use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::{Origin, Spelled, Target, ids};
use ustr::{Ustr, UstrMap};

use crate::Compilation;

/// A resource or lookup of a compiled program.
#[derive(Clone, Debug)]
pub struct Made {
    /// `pictures.notify`, `main/nat[a]`
    pub path: String,
    /// Its type and its name in each target that has it as a thing of its own.
    pub names: Vec<(Target, Ustr, String)>,
    /// The declaration it belongs to, then further lines that made it necessary.
    pub causes: Vec<Span>,
}

impl Made {
    /// What it is called in one target: `PicturesNotify`, `aws_s3_bucket_notification.pictures_notify`, `pictures-notify`.
    pub fn name(&self, target: Target) -> Option<String> {
        let (_, ty, name) = self.names.iter().find(|it| it.0 == target)?;
        Some(match target {
            Target::Terraform => format!("{ty}.{name}"),
            Target::Cfn | Target::Pulumi => name.clone(),
        })
    }
}

impl Compilation {
    /// Everything that the program makes or looks up, in the order of output.
    pub fn made(&self) -> Vec<Made> {
        let Some(done) = &self.done else {
            return Vec::new();
        };
        let mut all = UstrMap::default();
        let mut order = Vec::new();
        for target in Target::ALL {
            let spelled = done.spell(target, &mut Diagnostics::default());
            for (id, ty, origin) in entries(&spelled) {
                let made = all.entry(id.0).or_insert_with(|| {
                    order.push(id.0);
                    new(id.0, origin)
                });
                made.names.push((target, ty, ids::logical(target, id)));
            }
        }
        order.iter().filter_map(|it| all.remove(it)).collect()
    }
}

fn entries(spelled: &Spelled) -> impl Iterator<Item = (topoc_ir::ResourceId, Ustr, &Origin)> {
    let resources = spelled
        .resources
        .iter()
        .map(|it| (it.id, it.ty, &it.origin));
    let lookups = spelled.lookups.iter().map(|it| (it.id, it.ty, &it.origin));
    resources.chain(lookups)
}

fn new(path: Ustr, origin: &Origin) -> Made {
    let mut causes = vec![origin.span];
    for span in &origin.others {
        if !causes.contains(span) {
            causes.push(*span);
        }
    }
    Made {
        path: path.to_string(),
        names: Vec::new(),
        causes,
    }
}
