//! Each phase of the road by itself, and the whole of it, over notejam and over a hundred services.
//!
//! `cargo bench -p topoc-benches`; the tables of `docs/performance.md` come from `tests/benches/measure`.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main};
use topoc_benches::phases::{check, elaborate, load, lower, print, spell, verify};
use topoc_benches::system::{Single, text};
use topoc_driver::{Format, Options, Target};

const PROGRAMS: [&str; 2] = ["notejam", "100"];

fn programs(criterion: &mut Criterion) {
    for program in PROGRAMS {
        let text = text(program);
        let mut group = criterion.benchmark_group(program);
        group.sample_size(20);
        shared(&mut group, &text);
        for target in Target::ALL {
            of_target(&mut group, &text, target);
        }
        group.finish();
    }
}

/// What is the same for every target.
fn shared(group: &mut BenchmarkGroup<'_, WallTime>, text: &Single) {
    let program = load(text);
    let members = check(&program);
    group.bench_function("load", |it| it.iter(|| load(black_box(text))));
    group.bench_function("check", |it| it.iter(|| check(black_box(&program))));
    let elaborated = || elaborate(black_box(&program), &members);
    group.bench_function("elaborate", |it| it.iter(elaborated));
    group.bench_function("lower", |it| {
        it.iter_batched(elaborated, lower, BatchSize::PerIteration);
    });
}

fn of_target(group: &mut BenchmarkGroup<'_, WallTime>, text: &Single, target: Target) {
    let program = load(text);
    let members = check(&program);
    let lowered = lower(elaborate(&program, &members));
    let named = |phase: &str| format!("{phase}/{}", target.word());
    let spelled = || spell(black_box(&program), &members, &lowered, target);
    group.bench_function(named("spell"), |it| it.iter(spelled));
    group.bench_function(named("verify"), |it| {
        it.iter_batched(spelled, verify, BatchSize::PerIteration);
    });
    let verified = verify(spelled());
    group.bench_function(named("print"), |it| it.iter(|| print(black_box(&verified))));
    group.bench_function(named("whole"), |it| it.iter(|| whole(text, target)));
}

/// From text to files in memory.
fn whole(text: &Single, target: Target) -> usize {
    let compilation = topoc_driver::compile("main.topo", text, &Options::default());
    let emitted = topoc_driver::emit(&compilation, target, Format::Json);
    emitted.map_or(0, |it| it.files.len())
}

criterion_group!(benches, programs);
criterion_main!(benches);
