//! The times of benchmarks, drawn.

use crate::analysis::decision::Benchmark;
use crate::report::html::Chapter;
use crate::report::html::block;
use crate::report::prose::Prose;
use crate::report::svg::strips;
use crate::report::svg::strips::Strip;

const LEGEND: &str = "Every mark is one execution; the box holds the middle half of them, the line in it is \
    the median. Below it the mean with the interval that it may lie in. The axis does not begin at 0.";

/// The picture of one benchmark; nothing where nothing was timed.
pub fn picture(found: &Benchmark) -> Option<String> {
    let baseline = found.baseline.as_ref();
    let name = if found.optimized.is_some() { "Baseline" } else { "Times" };
    let strips: Vec<Strip<'_>> = baseline
        .map(|version| Strip { name, version })
        .into_iter()
        .chain(found.optimized.as_ref().map(|version| Strip { name: "Optimised", version }))
        .collect();
    let svg = strips::inline(&strips)?;
    Some(format!("<figure class=\"times\">{svg}</figure>\n"))
}

/// The chapter on the times of these benchmarks, each under its name where there are several.
pub fn chapter(benchmarks: &[&Benchmark]) -> Option<Chapter> {
    let body = pictures(benchmarks);
    (!body.is_empty()).then(|| Chapter { title: "Distribution of times".into(), body })
}

/// The pictures with their legend.
pub fn pictures(benchmarks: &[&Benchmark]) -> String {
    let one = |found: &&Benchmark| {
        let picture = picture(found)?;
        let name = block::prose(&Prose::name(&found.suite));
        Some(match benchmarks.len() {
            1 => picture,
            _ => format!("<h3>{name}</h3>\n{picture}"),
        })
    };
    let pictures: String = benchmarks.iter().filter_map(one).collect();
    if pictures.is_empty() {
        pictures
    } else {
        format!("<p class=\"told\">{LEGEND}</p>\n{pictures}")
    }
}
