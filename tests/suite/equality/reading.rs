//! What one target says at one path of a field.

use std::collections::BTreeMap;

use topoc_syntax::ast::TypeKind;

use super::fields::Fields;
use super::forms;
use super::instances::Instance;
use super::known::Known;
use super::paths::{self, Members};
use super::solve::{Facts, Solver};
use super::value::Value;
use crate::library::shape::Form;
use crate::library::{CardField, Conversion, Seg, Step, Taken, Target};

/// One field in one target.
pub struct Reading<'a, 'b> {
    /// What readings need to know of the program.
    pub fields: &'a Fields<'b>,
    /// The resource.
    pub it: &'a Instance<'b>,
    /// The field.
    pub field: &'a CardField,
    /// The target.
    pub target: Target,
    /// How this target converts it.
    pub conversion: &'a Conversion,
    /// The form behind the conversion for all targets.
    pub general: &'a Form,
}

impl Reading<'_, '_> {
    /// Every reading of what stands at a path, and what stands there.
    pub fn at(&self, members: Option<&mut Members>, path: &[Seg]) -> (Vec<Facts>, Option<Value>) {
        let Some(members) = members else {
            return (self.read(None), None);
        };
        if !path.iter().any(|it| it.step == Step::More) {
            let value = paths::take(members, path, self.target);
            return (self.read(value.clone()), value);
        }
        let Some((at, elements)) = paths::elements(members, path) else {
            return (self.read(None), None);
        };
        for (number, element) in elements.into_iter().enumerate() {
            let found = self.read(Some(element.clone()));
            if !found.is_empty() {
                paths::take_element(members, path, at, number);
                return (found, Some(element));
            }
        }
        (self.read(None), None)
    }

    fn read(&self, value: Option<Value>) -> Vec<Facts> {
        let tags = is_tags(self.field);
        let given = match value {
            None | Some(Value::Null) => Known::Absent,
            Some(value) if tags && self.target == 0 && self.conversion.taken == Taken::Natural => {
                Known::Is(forms::tags(value))
            }
            Some(value) => Known::Is(value),
        };
        let whole = |known: Known| Facts::from([("it".to_owned(), known)]);
        let own = self
            .conversion
            .steps
            .get(usize::from(self.field.converted)..)
            .unwrap_or_default();
        let solver = Solver {
            library: self.fields.library,
            target: self.target,
            service: &self.it.card.service,
        };
        let mut found = match own {
            [] => vec![whole(plainly(given.clone(), self.general, self.target))],
            [only, ..] => solver.read(only, &given, 0),
        };
        if given == Known::Absent {
            if !own.is_empty() && self.general.optional() {
                found.push(whole(Known::Absent));
            }
            // An empty list and an empty map are left out.
            if self
                .general
                .present()
                .iter()
                .any(|it| matches!(it, Form::List(_)))
            {
                found.push(whole(Known::Is(Value::List(Vec::new()))));
            }
            if tags
                || self
                    .general
                    .present()
                    .iter()
                    .any(|it| matches!(it, Form::Map(_)))
            {
                found.push(whole(Known::Is(Value::Map(BTreeMap::new()))));
            }
        }
        found
    }
}

fn plainly(known: Known, form: &Form, target: Target) -> Known {
    if let Known::Is(value) = known {
        Known::Is(forms::plain(value, form, target))
    } else {
        known
    }
}

fn is_tags(field: &CardField) -> bool {
    matches!(&field.ty.kind, TypeKind::Named(path, _) if path.text().as_str() == "Tags")
}
