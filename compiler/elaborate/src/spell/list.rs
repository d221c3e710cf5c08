//! Lists, of which some are known to deployment only as a whole: the ids of the subnets of an existing network.

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_ir::{Doc, Late, LateDoc, Value};
use ustr::Ustr;

use super::Speller;
use crate::errors;

impl Speller<'_, '_> {
    /// A list; where its items are all the subnets of one declaration whose ids are one input, that input.
    pub(crate) fn list(&self, items: Vec<Doc>, span: Span) -> Doc {
        let mut inputs = items.iter().filter_map(|it| match it {
            Doc::Late(LateDoc::Input(name)) => Some(*name),
            _ => None,
        });
        let whole = inputs.find_map(|name| Some((name, self.subnets_of(name)?)));
        let Some((name, (subnet, count))) = whole else {
            return Doc::List(items);
        };
        let input = Doc::Late(LateDoc::Input(name));
        if items.len() != count || items.iter().any(|it| *it != input) {
            self.session.report(apart(&subnet, span));
        }
        input
    }

    /// Says that one id is asked for where deployment knows only all of them.
    pub(crate) fn report_apart(&self, input: Ustr, span: Span) {
        let subnet = self.subnets_of(input).map_or(input.to_string(), |it| it.0);
        self.session.report(apart(&subnet, span));
    }

    /// The existing subnets whose ids an input lists, and how many they are.
    fn subnets_of(&self, input: Ustr) -> Option<(String, usize)> {
        let wanted = Value::Late(Late::Input(input));
        self.topology.networks.iter().find_map(|network| {
            let ids = network.existing.iter().flat_map(|it| &it.subnet_ids);
            let mut subnets = network.subnets.iter().zip(ids);
            let (subnet, _) = subnets.find(|(_, ids)| **ids == wanted)?;
            Some((
                format!("{}.{}", network.path, subnet.name),
                subnet.zones.len(),
            ))
        })
    }
}

fn apart(subnet: &str, span: Span) -> Diagnostic {
    let message = format!("the ids of `{subnet}` are one list, which cannot be taken apart");
    let report = errors::plain(Code::E0604, span, message, "needs single ones of them");
    report.help("state them one by one: `ids = [first, second]`")
}
