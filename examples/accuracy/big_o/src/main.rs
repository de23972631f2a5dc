//! Answers of the crate `big_O` to cases on standard input (`id,size,repetition,value`), as
//! `id,exponent,class` on standard output: the degree at the largest size, and its own name.

use std::collections::BTreeMap;
use std::io::stdin;

use big_o::Model;
use big_o::ModelParams;

fn main() {
    let mut cases: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for line in stdin().lines().skip(1).map_while(Result::ok) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |index: usize| fields[index].parse::<f64>().expect("a number");
        let id = fields[0].parse().expect("an id");
        cases.entry(id).or_default().push((number(1), number(3)));
    }
    println!("id,exponent,class");
    let start = std::time::Instant::now();
    let count = cases.len();
    for (id, points) in cases {
        let largest = points.iter().map(|(size, _)| *size).fold(0.0, f64::max);
        let Ok(inference) = big_o::infer_complexity(&points) else {
            println!("{id},,");
            continue;
        };
        let best = inference.best;
        let exponent = match (best.model, &best.params) {
            (Model::Constant, _) => 0.0,
            (Model::Logarithmic, _) => 1.0 / largest.ln(),
            (Model::Linear, _) => 1.0,
            (Model::Linearithmic, _) => 1.0 + 1.0 / largest.ln(),
            (Model::Quadratic, _) => 2.0,
            (Model::Cubic, _) => 3.0,
            (Model::Polynomial, ModelParams::Polynomial { power, .. }) => *power,
            _ => f64::INFINITY,
        };
        let class = match best.model {
            Model::Constant => "1",
            Model::Logarithmic => "log n",
            Model::Linear => "n",
            Model::Linearithmic => "n log n",
            Model::Quadratic => "n^2",
            Model::Cubic => "n^3",
            _ => "",
        };
        println!("{id},{exponent},{class}");
    }
    eprintln!("{:.4}", start.elapsed().as_secs_f64() * 1e3 / count as f64);
}
