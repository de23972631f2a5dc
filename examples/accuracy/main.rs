//! Scores the estimator on series with a known truth, beside what a person would compute.
//!
//! ```text
//! cargo run --release --example accuracy -- [--seed N] [--cases N] [--by KEY] [--deviation LEVEL] [--write FOLDER]
//! ```
//!
//! `--by design|noise|level|fixed|repetitions|law` splits the figures; `--deviation 0.1` makes
//! every size depart from the law by some 10 %, in all its repetitions alike; `--write` leaves the
//! cases as CSV, for `peers.py` to score others on. `--tables yes` shows instead what the table of
//! curves of each design costs. Seeds below 90,000 are for tuning; those from 90,000 up are only
//! ever scored.

mod byhand;
mod case;
mod random;
mod score;
mod tables;
mod write;

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use rayon::prelude::*;
use superlinear::stats::Design;
use superlinear::stats::NoiseFloor;

use crate::case::Case;
use crate::case::Family;
use crate::random::Random;
use crate::score::Answer;
use crate::score::Score;

const FRESH_SEED: u64 = 90_001;
const CASES: usize = 10_000;
/// A name, and the exponent that is found.
type ByHand = (&'static str, fn(&Case) -> f64);

const BY_HAND: [ByHand; 3] = [
    ("log ratio", byhand::log_ratio),
    ("straight line", byhand::line),
    ("Theil-Sen line", byhand::theil_sen),
];

struct Request {
    seed: u64,
    cases: usize,
    by: Option<String>,
    write: Option<String>,
    tables: bool,
    /// Relative.
    deviation: f64,
}

fn main() -> ExitCode {
    let request = match request(std::env::args().skip(1)) {
        Ok(request) => request,
        Err(fault) => {
            eprintln!("error: {fault}");
            return ExitCode::from(2);
        }
    };
    if request.tables {
        tables::show();
        return ExitCode::SUCCESS;
    }
    let mut all = Vec::new();
    println!("{:<28} {}", format!("seed {}", request.seed), Score::HEADER);
    for family in Family::ALL {
        let mut random = Random::new(request.seed + 1_000_003 * family as u64);
        let draw = |_| Case::draw(family, &mut random);
        let mut cases: Vec<Case> = (0..request.cases).map(draw).collect();
        let mut random = Random::new(request.seed + 7_000_003);
        cases.iter_mut().for_each(|case| case.deviate(request.deviation, &mut random));
        show(family, &cases, request.by.as_deref());
        all.extend(cases);
    }
    let written = request.write.map_or(Ok(()), |folder| write::cases(Path::new(&folder), &all));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: cannot write the cases: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn request(mut arguments: impl Iterator<Item = String>) -> Result<Request, String> {
    let mut request = Request {
        seed: FRESH_SEED,
        cases: CASES,
        by: None,
        write: None,
        tables: false,
        deviation: 0.0,
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(format!("`{name}` needs a value"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("`{value}` is not a number"));
        match name.as_str() {
            "--seed" => request.seed = number()?,
            "--cases" => request.cases = number()? as usize,
            "--by" => request.by = Some(value),
            "--tables" => request.tables = value == "yes",
            "--deviation" => {
                request.deviation =
                    value.parse().map_err(|_| format!("`{value}` is not a number"))?;
            }
            "--write" => request.write = Some(value),
            _ => return Err(format!("unknown argument `{name}`")),
        }
    }
    Ok(request)
}

fn show(family: Family, cases: &[Case], by: Option<&str>) {
    let designs = designs(cases);
    let answers: Vec<Answer> = cases.par_iter().map(|case| estimated(case, &designs)).collect();
    let pairs = || cases.iter().zip(answers.iter().cloned());
    println!("{:<28} {}", family.name(), Score::of(pairs()).row());
    if let Some(by) = by {
        let keys: BTreeSet<String> = cases.iter().map(|case| case.key(by)).collect();
        for key in keys {
            let part = pairs().filter(|(case, _)| case.key(by) == key);
            println!("    {key:<24} {}", Score::of(part).row());
        }
        return;
    }
    for (name, method) in BY_HAND {
        let answer = |case| (case, score::from_exponent(case, method(case)));
        println!("    {name:<24} {}", Score::of(cases.iter().map(answer)).row());
    }
}

fn designs(cases: &[Case]) -> HashMap<Vec<u64>, Design> {
    let mut designs = HashMap::new();
    for case in cases {
        let design = || Design::new(&case.sizes).expect("sizes are above 0");
        designs.entry(bits(case)).or_insert_with(design);
    }
    designs
}

fn bits(case: &Case) -> Vec<u64> {
    case.sizes.iter().map(|size| size.to_bits()).collect()
}

fn estimated(case: &Case, designs: &HashMap<Vec<u64>, Design>) -> Answer {
    let values: Vec<Option<f64>> = case.values.iter().copied().map(Some).collect();
    let estimate = designs[&bits(case)]
        .estimate(&values, NoiseFloor::Clock(0.01))
        .expect("every case has values above 0");
    Answer {
        exponent: estimate.exponent,
        class: estimate.class,
        superlinear: estimate.p_superlinear >= 0.5,
        verdict: Some(estimate.verdict),
        interval: Some((estimate.low, estimate.high)),
    }
}
