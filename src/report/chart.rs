//! What a plot on log-log paper shows of one series, as plain numbers with their words. It draws
//! nothing.

use crate::analysis::document::Culprit;
use crate::analysis::document::CurvePoint;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::Phase1;
use crate::analysis::document::RunFigures;
use crate::analysis::middle::median;
use crate::profile::CostUnit;
use crate::report::figure;
use crate::report::name;
use crate::units::Seconds;
use crate::units::three_digits;

/// Columns of a title.
const LONGEST_TITLE: usize = 60;

/// One series over the sizes; every size and value is finite and above 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What is plotted: a function, or the program.
    pub title: String,
    /// What the values are: `self time`.
    pub metric: String,
    pub scale: Scale,
    /// What sizes count, or empty.
    pub size_unit: String,
    /// One per run, each repetition by itself.
    pub points: Vec<Point>,
    /// In order of size; may go on to the target.
    pub curve: Vec<CurvePoint>,
    /// The value that does not grow, where it is worth a line.
    pub fixed: Option<f64>,
    /// Log ratios between the medians of neighbouring sizes.
    pub slopes: Vec<Slope>,
    /// The size that the curve foretells, where there is one beyond the largest.
    pub target: Option<f64>,
}

/// How values are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Cost(CostUnit),
    Count,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub size: f64,
    pub value: f64,
    /// The run that it is of.
    pub run: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// Size and value.
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub exponent: f64,
}

/// Part of the smallest value from which what does not grow is worth a line.
const WORTH_A_LINE: f64 = 0.01;

impl Chart {
    /// The series that a culprit was judged by; `None` when it has no two sizes.
    pub fn of_culprit(doc: &Phase1, culprit: &Culprit) -> Option<Self> {
        let scale = match culprit.metric {
            MetricName::Ncall => Scale::Count,
            _ => Scale::Cost(doc.unit),
        };
        let metric = figure::metric(culprit.metric, doc.unit);
        Self::new(doc, &culprit.growth, &culprit.name, &metric, scale)
    }

    /// The wall time of the program as a whole, one point per repetition.
    pub fn of_program(doc: &Phase1) -> Option<Self> {
        let scale = Scale::Cost(CostUnit::WallSeconds);
        Self::new(doc, &doc.program, "The program as a whole", "wall time", scale)
    }

    fn new(doc: &Phase1, growth: &Growth, title: &str, metric: &str, scale: Scale) -> Option<Self> {
        let point = |(run, value): (&RunFigures, &Option<f64>)| {
            Some(Point {
                size: run.size,
                value: (*value)?,
                run: name::shorten(&figure::run(run), LONGEST_TITLE),
            })
        };
        let mut points: Vec<Point> =
            doc.runs.iter().zip(&growth.values).filter_map(point).collect();
        points.retain(|point| is_drawn(point.size) && is_drawn(point.value));
        points.sort_by(|left, right| left.size.total_cmp(&right.size));
        let (smallest, largest) = (points.first()?.size, points.last()?.size);
        if smallest >= largest {
            return None;
        }
        let mut curve = growth.curve.clone();
        curve.retain(|at| [at.size, at.value, at.low, at.high].into_iter().all(is_drawn));
        curve.sort_by(|left, right| left.size.total_cmp(&right.size));
        let share = growth.fixed_share.filter(|share| (WORTH_A_LINE..=1.0).contains(share));
        let fixed = share.zip(curve.first()).map(|(share, first)| share * first.value);
        Some(Self {
            title: name::shorten(title, LONGEST_TITLE),
            metric: metric.into(),
            scale,
            size_unit: unit_of_size(&doc.size_unit),
            slopes: slopes(&points),
            target: curve.last().map(|last| last.size).filter(|size| *size > largest * 1.001),
            points,
            curve,
            fixed: fixed.filter(|fixed| is_drawn(*fixed)),
        })
    }

    /// The smallest and the largest size that is drawn.
    pub fn sizes(&self) -> (f64, f64) {
        let measured = self.points.iter().map(|point| point.size);
        ends(measured.chain(self.curve.iter().map(|at| at.size)))
    }

    /// The smallest and the largest value that is drawn; the band bends no axis, and a fixed share
    /// far below everything none either.
    pub fn values(&self) -> (f64, f64) {
        let measured = self.points.iter().map(|point| point.value);
        let (low, high) = ends(measured.chain(self.curve.iter().map(|at| at.value)));
        match self.fixed {
            Some(fixed) if fixed * 10.0 >= low => (low.min(fixed), high),
            _ => (low, high),
        }
    }

    /// A value with its unit: `9.25 s`, `87,552 calls`.
    pub fn value_in_words(&self, value: f64) -> String {
        match self.scale {
            Scale::Cost(unit) => figure::cost_in_words(unit, value),
            Scale::Count => format!("{} calls", figure::count(Some(value))),
        }
    }

    /// A value at an axis, whose title names the unit where the label does not.
    pub fn tick(&self, value: f64) -> String {
        match self.scale {
            Scale::Cost(unit) if unit.is_time() => tick_of_time(value),
            Scale::Cost(_) | Scale::Count => tick_of_count(value),
        }
    }

    /// What stands at the axis of values: `self time`, `number of calls`, `self instructions`.
    pub fn value_title(&self) -> String {
        let mut title = self.metric.clone();
        if let Scale::Cost(unit) = self.scale
            && !unit.is_time()
            && !title.contains(figure::cost_unit(unit))
        {
            title = format!("{title} ({})", figure::cost_unit(unit));
        }
        title
    }

    /// What stands at the axis of sizes: `size in days`.
    pub fn size_title(&self) -> String {
        match self.size_unit.as_str() {
            "" | "size" => "size".into(),
            unit => format!("size in {unit}"),
        }
    }

    /// A size in words.
    pub fn size_in_words(&self, size: f64) -> String {
        figure::size(size, &self.size_unit)
    }
}

/// Without the back-ticks of ``calls of `name` ``.
fn unit_of_size(unit: &str) -> String {
    name::shorten(&unit.replace('`', ""), LONGEST_TITLE)
}

/// Between the medians of neighbouring sizes, as logarithms; `points`: in order of size.
fn slopes(points: &[Point]) -> Vec<Slope> {
    let median = |same: &[Point]| {
        let logs: Vec<f64> = same.iter().map(|point| point.value.ln()).collect();
        Some((same[0].size, median(&logs)?))
    };
    let medians: Vec<(f64, f64)> =
        points.chunk_by(|one, other| one.size == other.size).filter_map(median).collect();
    let slope = |ends: &[(f64, f64)]| {
        let [from, to] = [ends[0], ends[1]];
        let exponent = (to.1 - from.1) / (to.0 / from.0).ln();
        Slope { from: (from.0, from.1.exp()), to: (to.0, to.1.exp()), exponent }
    };
    medians.windows(2).map(slope).filter(|slope| slope.exponent.is_finite()).collect()
}

/// `10 ms`: a round value of a logarithmic axis, without superfluous digits.
fn tick_of_time(seconds: f64) -> String {
    let text = match seconds {
        seconds if seconds < 119.5 => Seconds(seconds).to_string(),
        seconds if seconds < 7_170.0 => format!("{} min", three_digits(seconds / 60.0)),
        seconds if seconds < 172_000.0 => format!("{} h", three_digits(seconds / 3_600.0)),
        seconds => format!("{} d", three_digits(seconds / 86_400.0)),
    };
    match text.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            format!("{} {unit}", number.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text,
    }
}

/// `500`, `20 k`, `3 M`.
fn tick_of_count(count: f64) -> String {
    let steps = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")];
    let Some((step, letter)) = steps.into_iter().find(|(step, _)| count >= *step) else {
        return figure::count(Some(count));
    };
    let step = if letter == "k" { 1e3 } else { step };
    format!("{} {letter}", (count / step * 10.0).round() / 10.0)
}

fn is_drawn(value: f64) -> bool {
    // What is farther out has no axis that a person could read.
    (1e-30..=1e30).contains(&value)
}

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, 0.0), |(low, high), value| (low.min(value), high.max(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_between_the_means_of_neighbours() {
        let point = |size: f64, value: f64| Point { size, value, run: String::new() };
        // Geometric mean of 2 and 8 is 4; from 4 to 16 over a doubling is n².
        let found = slopes(&[point(1.0, 2.0), point(1.0, 8.0), point(2.0, 16.0), point(8.0, 64.0)]);
        let exponents: Vec<f64> = found.iter().map(|slope| slope.exponent).collect();
        assert!((exponents[0] - 2.0).abs() < 1e-12 && (exponents[1] - 1.0).abs() < 1e-12);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn ticks_have_no_superfluous_digits() {
        assert_eq!(tick_of_time(0.01), "10 ms");
        assert_eq!(tick_of_time(2.0), "2 s");
        assert_eq!(tick_of_time(1_000.0), "16.7 min");
        assert_eq!(tick_of_time(7_200.0), "2 h");
        assert_eq!(tick_of_count(500.0), "500");
        assert_eq!(tick_of_count(5_000.0), "5,000");
        assert_eq!(tick_of_count(20_000.0), "20 k");
        assert_eq!(tick_of_count(3e6), "3 M");
    }
}
