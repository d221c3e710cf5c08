//! The numbers that `allot` asked for, settled.

use crate::errors;
use crate::session::Session;
use rustc_hash::FxHashSet as HashSet;
use topoc_diagnostics::Code;

impl<'a> Session<'a> {
    /// Gives the numbers that `allot` asked for: kept ones first, then by wish and key.
    pub(crate) fn settle_numbers(&self) {
        let allotments = self.allot.borrow();
        let mut numbers = vec![0i64; allotments.count as usize];
        let mut lock = self.lock.borrow_mut();
        let kept = &mut lock.environments.entry(self.env_key()).or_default().numbers;
        kept.retain(|scope, _| allotments.wishes.contains_key(scope));
        for (scope, wishes) in &allotments.wishes {
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
            for (key, wish) in wishes {
                if let (Some(slot), Some(number)) =
                    (numbers.get_mut(wish.index as usize), held.get(key))
                {
                    *slot = *number;
                }
            }
        }
        self.topology.borrow_mut().allotted = numbers;
    }
}
