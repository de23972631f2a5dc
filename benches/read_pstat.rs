//! Reading Python's profile statistics of 50,000 functions with eight callers each:
//! `cargo bench --bench read_pstat`.

use divan::Bencher;
use divan::black_box;
use divan::counter::BytesCount;
use superlinear::format::Writer as _;
use superlinear::format::pstat::Pstat;
use superlinear::format::read_bytes;
use superlinear::profile::Cost;
use superlinear::profile::Edge;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;

const FUNCTIONS: usize = 50_000;
const CALLERS: usize = 8;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn superlinear(bencher: Bencher<'_, '_>) {
    let content = Pstat.write(&profile());
    assert_eq!(read_bytes(&content).unwrap().functions.len(), FUNCTIONS);
    bencher
        .counter(BytesCount::new(content.len()))
        .bench(|| read_bytes(black_box(&content)).unwrap());
}

fn profile() -> Profile {
    let cost = Cost { ncall: 1_234, nactual: 1_200, tsub: 0.012_345, ttot: 1.234_567 };
    let function = |at: usize| Function {
        key: FunctionKey {
            name: format!("method_{at}"),
            file: format!("/srv/app/packages/module_{:03}/frame.py", at % 331),
            line: at as u32 % 1_913 + 1,
        },
        cost,
    };
    let edges = (0..FUNCTIONS * CALLERS).map(|at| Edge {
        caller: at * 7_919 % FUNCTIONS,
        callee: at % FUNCTIONS,
        cost,
    });
    Profile {
        functions: (0..FUNCTIONS).map(function).collect(),
        edges: edges.collect(),
        ..Profile::default()
    }
}
