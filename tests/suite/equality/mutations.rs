//! The comparison itself: whatever is changed in one of three outputs is seen.

use std::collections::{BTreeMap, BTreeSet};

use topoc_driver::{Format, OutputFile, Target, emit};

use super::differences::Differences;
use super::value::{Hole, Input, Piece, Printed, Resource, Value};
use super::{compare, order, read};
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

/// The same for changes that there are few of: `TOPOC_CONFORM=require` makes them all.
fn rarely() -> usize {
    (step() / 8).max(1)
}

/// Cases that together use most forms of conversions.
const CASES: [&str; 6] = [
    "examples/systems/notejam",
    "tests/golden/dynamodb-table",
    "tests/golden/ec2-bastion",
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
        let mut check = |changed: &[Printed; 3], target: usize, what: &str| {
            count += 1;
            if compare::differences(&library, changed, &allowed).is_empty() {
                unseen.push(format!("{name}: {}: {what}", library::TARGETS[target]));
            }
        };
        for target in 0..printed.len() {
            let counted = changes(target, &mut printed[target].clone(), usize::MAX);
            let some = (0..counted.count).step_by(step());
            let rare = counted.rare.into_iter().step_by(rarely());
            let numbers: BTreeSet<usize> = some.chain(rare).collect();
            for number in numbers {
                let mut changed = printed.clone();
                let what = changes(target, &mut changed[target], number).what;
                check(&changed, target, &what);
            }
            for (what, without) in unordered(&printed[target]).into_iter().step_by(rarely()) {
                let mut changed = printed.clone();
                changed[target] = without;
                check(&changed, target, &what);
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
fn changes(target: usize, printed: &mut Printed, number: usize) -> Counter {
    let mut counter = Counter {
        target,
        number,
        count: 0,
        rare: Vec::new(),
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
            counter.settings(resource, &name);
        }
    }
    for name in printed.lookups.keys().cloned().collect::<Vec<_>>() {
        counter.named(&mut printed.lookups, &name);
        if let Some(lookup) = printed.lookups.get_mut(&name) {
            counter.members(&mut lookup.properties, &name);
            counter.settings(lookup, &name);
        }
    }
    for name in printed.inputs.keys().cloned().collect::<Vec<_>>() {
        counter.named(&mut printed.inputs, &name);
        if let Some(input) = printed.inputs.get_mut(&name) {
            counter.input(input, &name);
        }
    }
    counter.members(&mut printed.outputs, "outputs");
    counter
}

/// Printings that lack one word of what comes first, where references do not say it too.
fn unordered(printed: &Printed) -> Vec<(String, Printed)> {
    let before = order::of(printed);
    let mut found = Vec::new();
    for (name, it) in &printed.resources {
        for (at, first) in it.after.iter().enumerate() {
            let mut without = printed.clone();
            if let Some(it) = without.resources.get_mut(name) {
                it.after.remove(at);
            }
            if order::of(&without) != before {
                found.push((format!("{name} does not wait for {first}"), without));
            }
        }
    }
    found
}

struct Counter {
    target: usize,
    number: usize,
    count: usize,
    /// Numbers of changes that there are few of.
    rare: Vec<usize>,
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

    /// Gone, or called otherwise.
    fn named<T>(&mut self, all: &mut BTreeMap<String, T>, name: &str) {
        if self.rarely(|| format!("{name} is gone")) {
            all.remove(name);
        } else if self.rarely(|| format!("{name} is called otherwise"))
            && let Some(it) = all.remove(name)
        {
            all.insert(format!("{name}X"), it);
        }
    }

    fn settings(&mut self, resource: &mut Resource, at: &str) {
        if self.hit(|| format!("{at} is kept otherwise")) {
            resource.retain = match resource.retain {
                Some(_) => None,
                None => Some("keep"),
            };
        }
        // CloudFormation has no words for these.
        if self.target == 0 {
            return;
        }
        if self.hit(|| format!("{at} is in another region")) {
            resource.region = match resource.region {
                Some(_) => None,
                None => Some("ap-south-1".to_owned()),
            };
        } else if self.hit(|| format!("{at} ignores something else")) {
            resource.ignored.push("other".to_owned());
        }
    }

    fn input(&mut self, input: &mut Input, at: &str) {
        if self.rarely(|| format!("{at} is hidden otherwise")) {
            input.secret = !input.secret;
        } else if self.rarely(|| format!("{at} has another default")) {
            input.default = Some("other".to_owned());
        } else if self.rarely(|| format!("{at} is of another type")) {
            input.ty = if input.ty == "bool" { "text" } else { "bool" };
        }
    }

    fn rarely(&mut self, what: impl FnOnce() -> String) -> bool {
        self.rare.push(self.count);
        self.hit(what)
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
