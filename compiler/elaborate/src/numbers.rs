//! The numbers that `allot` asked for, settled.

use crate::errors;
use crate::session::Session;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use topoc_diagnostics::Code;
use ustr::Ustr;

impl<'a> Session<'a> {
    /// Gives the numbers that `allot` asked for: kept ones first, then by wish and key.
    pub(crate) fn settle_numbers(&self) {
        let allotments = self.allot.borrow();
        let mut numbers = HashMap::default();
        let mut lock = self.lock.borrow_mut();
        let kept = &mut lock.environments.entry(self.env_key()).or_default().numbers;
        kept.retain(|scope, _| allotments.contains_key(scope));
        for (scope, wishes) in &*allotments {
            let held = kept.entry(scope.clone()).or_default();
            held.retain(|key, number| {
                wishes
                    .get(key)
                    .is_some_and(|it| (it.low..=it.high).contains(number))
            });
            let mut taken: HashSet<i64> = held.values().copied().collect();
            let mut waiting: Vec<_> = wishes
                .iter()
                .filter(|(key, _)| !held.contains_key(*key))
                .collect();
            waiting.sort_by(|a, b| (a.1.near, a.0).cmp(&(b.1.near, b.0)));
            for (key, wish) in waiting {
                let free = (wish.near..=wish.high)
                    .chain(wish.low..wish.near)
                    .find(|it| !taken.contains(it));
                match free {
                    Some(number) => {
                        taken.insert(number);
                        held.insert(key.clone(), number);
                    }
                    None => {
                        let message = format!(
                            "no number of {}..{} is left in `{scope}`",
                            wish.low, wish.high
                        );
                        self.report(errors::plain(
                            Code::E0411,
                            wish.span,
                            message,
                            "asked for here",
                        ));
                    }
                }
            }
            let held = held.iter();
            numbers.extend(held.map(|it| ((Ustr::from(scope), Ustr::from(it.0)), *it.1)));
        }
        self.topology.borrow_mut().allotted = numbers;
    }
}
