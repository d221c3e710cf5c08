//! The comparison itself: whatever is changed in one of three outputs is seen.

use std::collections::BTreeMap;

use topoc_driver::{Format, OutputFile, Target, emit};

use super::differences::Differences;
use super::value::{Hole, Piece, Printed, Value};
use super::{compare, read};
use crate::cases;
use crate::library;

/// Every how many-th value is changed; `TOPOC_CONFORM=require` changes more of them.
fn step() -> usize {
    if std::env::var_os("TOPOC_CONFORM").is_some_and(|it| it == "require") {
        7
    } else {
        61
    }
}

/// Cases that together use most forms of conversions.
const CASES: [&str; 4] = [
    "examples/systems/notejam",
    "tests/golden/s3-notification",
    "tests/golden/ecs-service",
    "tests/golden/cloudwatch-alarm",
];

type Files = [Option<Vec<OutputFile>>; 3];

fn files_of(name: &str) -> Option<Files> {
    let case = cases::all()
        .into_iter()
        .find(|it| it.name().split('@').next() == Some(name))?;
    let compilation = case.compile();
    compilation.succeeded().then(|| {
        Target::ALL.map(|target| {
            emit(&compilation, target, Format::Json)
                .ok()
                .map(|it| it.files)
        })
    })
}

#[test]
fn every_changed_value_is_seen() {
    let library = library::read();
    let allowed = Differences::load();
    let mut unseen = Vec::new();
    let mut count = 0;
    for name in CASES {
        let Some(files) = files_of(name) else {
            continue;
        };
        let Ok(printed) = read(&files) else { continue };
        let before = compare::differences(&library, &printed, &allowed);
        assert_eq!(before, Vec::<String>::new(), "{name}");
        for target in 0..printed.len() {
            let total = changes(&mut printed[target].clone(), usize::MAX).1;
            for number in (0..total).step_by(step()) {
                let mut changed = printed.clone();
                let (what, _) = changes(&mut changed[target], number);
                count += 1;
                if compare::differences(&library, &changed, &allowed).is_empty() {
                    unseen.push(format!("{name}: {}: {what}", library::TARGETS[target]));
                }
            }
        }
    }
    assert!(count > 50, "only {count} changes could be made");
    assert!(
        unseen.is_empty(),
        "{} of {count} changes are not seen:\n  {}\n",
        unseen.len(),
        unseen.join("\n  ")
    );
}

/// Makes the `number`-th change, says what it is, and counts all changes there could be.
fn changes(printed: &mut Printed, number: usize) -> (String, usize) {
    let mut counter = Counter {
        number,
        count: 0,
        what: String::new(),
    };
    let names: Vec<String> = printed.resources.keys().cloned().collect();
    for name in names {
        if counter.hit(|| format!("{name} is gone")) {
            printed.resources.remove(&name);
            continue;
        }
        if let Some(resource) = printed.resources.get_mut(&name) {
            counter.members(&mut resource.properties, &name);
        }
    }
    for (name, lookup) in &mut printed.lookups {
        counter.members(&mut lookup.properties, name);
    }
    counter.members(&mut printed.outputs, "outputs");
    (counter.what, counter.count)
}

struct Counter {
    number: usize,
    count: usize,
    what: String,
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Map(members) => members.is_empty(),
        Value::List(items) => !items.is_empty() && items.iter().all(says_nothing),
        _ => false,
    }
}

impl Counter {
    fn hit(&mut self, what: impl FnOnce() -> String) -> bool {
        let hit = self.count == self.number;
        if hit {
            self.what = what();
        }
        self.count += 1;
        hit
    }

    fn members(&mut self, members: &mut BTreeMap<String, Value>, at: &str) {
        for key in members.keys().cloned().collect::<Vec<_>>() {
            let place = format!("{at}.{key}");
            if self.hit(|| format!("{place} is gone")) {
                let gone = members.remove(&key);
                // an empty block that one target asks for holds nothing that the others could lack
                if let Some(it) = gone.filter(says_nothing) {
                    members.insert(format!("{key}y"), it);
                }
            } else if self.hit(|| format!("{place} has another name")) {
                if let Some(it) = members.remove(&key) {
                    members.insert(format!("{key}x"), it);
                }
            } else if let Some(value) = members.get_mut(&key) {
                self.value(value, &place);
            }
        }
    }

    fn value(&mut self, value: &mut Value, at: &str) {
        match value {
            Value::Null => {}
            Value::Bool(it) => {
                if self.hit(|| format!("{at} is turned")) {
                    *it = !*it
                }
            }
            Value::Number(it) | Value::Loose(it) => {
                if self.hit(|| format!("{at} is another number")) {
                    it.push('1')
                }
            }
            Value::Text(pieces) => pieces.iter_mut().for_each(|it| self.piece(it, at)),
            Value::List(items) => {
                if !items.is_empty() && self.hit(|| format!("{at} lacks its first item")) {
                    items.remove(0);
                } else {
                    items.iter_mut().for_each(|it| self.value(it, at));
                }
            }
            Value::Map(members) => self.members(members, at),
            Value::Encoded(inner) => self.value(inner, at),
        }
    }

    fn piece(&mut self, piece: &mut Piece, at: &str) {
        match piece {
            Piece::Text(it) => {
                if self.hit(|| format!("{at} is another text")) {
                    it.push('x')
                }
            }
            Piece::Hole(Hole::Attribute(name, attribute)) => {
                if self.hit(|| format!("{at} refers to something else")) {
                    name.push('x');
                } else if self.hit(|| format!("{at} reads something else")) {
                    attribute.push('x');
                }
            }
            Piece::Hole(hole) => {
                if self.hit(|| format!("{at} is the account")) {
                    *hole = if *hole == Hole::Account {
                        Hole::Zone("9".to_owned())
                    } else {
                        Hole::Account
                    };
                }
            }
        }
    }
}
