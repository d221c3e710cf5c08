//! Loops read backwards: the items of the list that was gone through.

use std::collections::BTreeMap;

use topoc_syntax::ast::{Expr, ExprKind, Loop};

use super::known::Known;
use super::rewrite::{show, with};
use super::solve::{Facts, READINGS, Solver, fits, is_absent, is_unknown, path_of, product};
use super::value::Value;

impl Solver<'_> {
    /// `[for x in xs if c: e]`
    pub fn list_for(
        &self,
        expr: &Expr,
        loops: &[Loop],
        body: &Expr,
        given: &Known,
        depth: usize,
    ) -> Vec<Facts> {
        let values = match given {
            Known::Is(Value::List(values)) => values.clone(),
            // An empty list is left out.
            Known::Absent => Vec::new(),
            _ => return Vec::new(),
        };
        let [only] = loops else {
            return self.opaque(expr, given);
        };
        let name = only.head.item.name.as_str();
        if let ExprKind::List(literal) = &only.head.list.kind {
            return self.literal_for(literal, only, body, &values, depth);
        }
        let (mut items, mut entries) = (Vec::new(), BTreeMap::new());
        let mut outer = vec![Facts::new()];
        for value in &values {
            let mut readings = self.read(body, &Known::Is(value.clone()), depth + 1);
            if readings.is_empty() {
                return Vec::new();
            }
            let own: Vec<Known> = readings
                .iter_mut()
                .map(|it| it.remove(name).unwrap_or(Known::Anything))
                .collect();
            let key = only.head.key.as_ref().and_then(|key| {
                readings
                    .iter_mut()
                    .find_map(|it| it.remove(key.name.as_str()))
            });
            entries.extend(
                key.as_ref()
                    .and_then(|it| it.value()?.plain())
                    .map(|key| (key.to_owned(), Known::one_of(own.clone()))),
            );
            items.push(Known::one_of(own));
            // What an item tells about names outside the loop.
            readings
                .iter_mut()
                .for_each(|it| it.retain(|name, _| is_unknown(name)));
            outer = product(outer, &readings.into_iter().take(1).collect::<Vec<_>>());
        }
        // What has keys that are texts was a map.
        let of_map = only.head.key.is_some() && entries.len() == items.len();
        let list = if of_map {
            Known::Entries(entries)
        } else {
            Known::Items(items)
        };
        let list = match &only.head.list.kind {
            // What a function makes is read from a value.
            ExprKind::Call(..) => list.whole(self.target).map_or(list, Known::Is),
            _ => list,
        };
        let told = match &only.condition {
            // What was filtered is told for this filter only.
            Some(condition) => self.filtered(&only.head.list, condition, list),
            None => self.read(&only.head.list, &list, depth + 1),
        };
        product(outer, &told)
    }

    /// Over a literal list each item is taken, or left out by the condition.
    fn literal_for(
        &self,
        items: &[Expr],
        only: &Loop,
        body: &Expr,
        values: &[Value],
        depth: usize,
    ) -> Vec<Facts> {
        let Some((item, rest)) = items.split_first() else {
            return fits(values.is_empty());
        };
        let replaced = BTreeMap::from([(only.head.item.name.as_str(), item)]);
        let condition = only.condition.as_ref().map(|it| with(it, &replaced));
        let decided = |holds: bool| {
            condition
                .as_ref()
                .map_or_else(|| fits(holds), |it| self.condition(it, holds, depth + 1))
        };
        let mut found = Vec::new();
        if let Some((value, others)) = values.split_first() {
            let taken = product(
                self.read(&with(body, &replaced), &Known::Is(value.clone()), depth + 1),
                &decided(true),
            );
            if !taken.is_empty() {
                found.extend(product(
                    taken,
                    &self.literal_for(rest, only, body, others, depth + 1),
                ));
            }
        }
        let skipped = decided(false);
        if !skipped.is_empty() {
            found.extend(product(
                skipped,
                &self.literal_for(rest, only, body, values, depth + 1),
            ));
        }
        found.truncate(READINGS);
        found
    }

    fn filtered(&self, list: &Expr, condition: &Expr, items: Known) -> Vec<Facts> {
        match path_of(list) {
            Some((root, path)) => {
                let known = items.field(&format!("where {}", show(condition)));
                vec![Facts::from([(
                    root,
                    path.iter()
                        .rev()
                        .fold(known, |known, name| known.field(name)),
                )])]
            }
            None => vec![Facts::new()],
        }
    }

    /// `flatten([for a in it: [for b in a.bs: …]])`: neighbours that tell the same about `a` stem from one `a`.
    pub fn flattened(&self, expr: &Expr, inner: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        let (ExprKind::ListFor(outer, body), Known::Is(Value::List(values))) = (&inner.kind, given)
        else {
            return if is_absent(given) {
                self.read(inner, given, depth + 1)
            } else {
                self.opaque(expr, given)
            };
        };
        let (ExprKind::ListFor(nested, body), [outer]) = (&body.kind, outer.as_slice()) else {
            return self.opaque(expr, given);
        };
        let [nested] = nested.as_slice() else {
            return self.opaque(expr, given);
        };
        let Some((root, path)) =
            path_of(&nested.head.list).filter(|(root, _)| root == outer.head.item.name.as_str())
        else {
            return self.opaque(expr, given);
        };
        let mut groups: Vec<(Known, Vec<Known>)> = Vec::new();
        for value in values {
            let Some(mut facts) = self
                .read(body, &Known::Is(value.clone()), depth + 1)
                .into_iter()
                .next()
            else {
                return Vec::new();
            };
            let about = facts.remove(&root).unwrap_or(Known::Anything);
            let item = facts
                .remove(nested.head.item.name.as_str())
                .unwrap_or(Known::Anything);
            match groups.last_mut().filter(|(last, _)| *last == about) {
                Some((_, items)) => items.push(item),
                None => groups.push((about, vec![item])),
            }
        }
        let items = groups.into_iter().filter_map(|(about, items)| {
            let list = path
                .iter()
                .rev()
                .fold(Known::Items(items), |known, name| known.field(name));
            about.and(list)
        });
        self.read(&outer.head.list, &Known::Items(items.collect()), depth + 1)
    }
}
