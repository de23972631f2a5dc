//! Repeated times of one or two versions on one axis: every time as a mark, the quartiles as a box,
//! the mean with its interval below it. Versions differ in colour and in the form of their marks.

use std::fmt::Write as _;

use crate::analysis::decision::VersionFigures;
use crate::report::figure;
use crate::report::svg::axis::Axis;
use crate::report::svg::axis::linear_ticks;
use crate::report::svg::escape::escape;
use crate::units::Seconds;

const WIDTH: f64 = 640.0;
const LEFT: f64 = 88.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 8.0;
/// Of one version.
const ROW: f64 = 84.0;
const BOTTOM: f64 = 42.0;
/// Pixels above and below the middle of a row that marks are spread over, so that equal times show.
const SPREAD: f64 = 14.0;
/// Times that are drawn one by one.
const MOST_MARKS: usize = 400;

/// A version and what it is called.
#[derive(Debug, Clone, Copy)]
pub struct Strip<'a> {
    pub name: &'static str,
    pub version: &'a VersionFigures,
}

/// The picture to stand in a page that has the style; `None` without times.
pub fn inline(strips: &[Strip<'_>]) -> Option<String> {
    let times = || strips.iter().flat_map(|strip| drawn(strip.version));
    let (low, high) = times().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), time| {
        (low.min(time), high.max(time))
    });
    if low > high {
        return None;
    }
    let room = ((high - low) * 0.06).max(high.abs() * 0.005).max(1e-9);
    let height = TOP + ROW * strips.len() as f64 + BOTTOM;
    let bottom = height - BOTTOM;
    let x = Axis::linear(low - room, high + room, LEFT, WIDTH - RIGHT);
    let mut svg = format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">",
        escape(&in_words(strips))
    );
    for tick in ticks(low - room, high + room) {
        let at = x.at(tick);
        put(&mut svg, &format!("<path class=\"grid\" d=\"M{at} {TOP}V{bottom}\"/>"));
        label(&mut svg, at, bottom + 16.0, "middle", &time(tick));
    }
    put(&mut svg, &format!("<path class=\"axis\" d=\"M{LEFT} {bottom}H{}\"/>", WIDTH - RIGHT));
    let middle = f64::midpoint(LEFT, WIDTH - RIGHT);
    label(&mut svg, middle, bottom + 34.0, "middle", "wall time of one execution");
    for (row, strip) in strips.iter().enumerate() {
        let y = TOP + ROW * (row as f64 + 0.5);
        draw(&mut svg, strip, row, y, &x);
    }
    Some(svg + "</svg>")
}

/// What the picture shows, for a reader who cannot see it.
fn in_words(strips: &[Strip<'_>]) -> String {
    let one = |Strip { name, version }: &Strip<'_>| {
        format!(
            "{name}: {} from {} to {}, median {}",
            figure::number_of(version.runs, "run"),
            Seconds(version.min_seconds),
            Seconds(version.max_seconds),
            Seconds(version.median_seconds)
        )
    };
    let all: Vec<String> = strips.iter().map(one).collect();
    format!("Every time on one axis; {}", all.join("; "))
}

fn draw(svg: &mut String, strip: &Strip<'_>, row: usize, y: f64, x: &Axis) {
    let Strip { name, version } = strip;
    let class = if row == 0 { "first" } else { "second" };
    label(svg, LEFT - 12.0, y + 4.0, "end", name);
    let mut sorted: Vec<f64> = drawn(version).collect();
    sorted.sort_by(f64::total_cmp);
    let quartiles = [0.25, 0.5, 0.75].map(|part| quantile(&sorted, part));
    if let [Some(first), Some(median), Some(third)] = quartiles {
        let (from, to, middle) = (x.at(first), x.at(third), x.at(median));
        let (top, height) = (y - SPREAD - 5.0, 2.0 * SPREAD + 10.0);
        let width = (to - from).max(1.0);
        put(
            svg,
            &format!(
                "<rect class=\"box\" x=\"{from}\" y=\"{top}\" width=\"{width:.1}\" height=\"{height}\"/>"
            ),
        );
        put(
            svg,
            &format!(
                "<path class=\"median\" d=\"M{middle} {top}v{height}\"><title>median {}</title></path>",
                time(median)
            ),
        );
    }
    for (number, seconds) in drawn(version).enumerate().take(MOST_MARKS) {
        // Eleven heights in an order without a pattern, the same in every drawing.
        let step = (number * 7 % 11) as f64 / 5.0 - 1.0;
        let (at, height) = (x.at(seconds), y + step * SPREAD);
        let is_far = version.outliers.contains(&(number + 1));
        let mark = if is_far { format!("{class} far") } else { class.into() };
        let shape = match row {
            0 => format!("<circle class=\"{mark}\" cx=\"{at}\" cy=\"{height:.1}\" r=\"4\">"),
            _ => format!(
                "<path class=\"{mark}\" d=\"M{at} {:.1}l4.6 4.6l-4.6 4.6l-4.6 -4.6z\">",
                height - 4.6
            ),
        };
        let end = if row == 0 { "circle" } else { "path" };
        let far = if is_far { ", far from the others" } else { "" };
        let words = format!("{name}, round {}: {}{far}", number + 1, time(seconds));
        put(svg, &format!("{shape}<title>{words}</title></{end}>"));
    }
    mean(svg, version, y + SPREAD + 14.0, x, class);
}

/// The mean and the interval that it may lie in.
fn mean(svg: &mut String, version: &VersionFigures, y: f64, x: &Axis, class: &str) {
    let at = x.at(version.mean_seconds);
    if let (Some(low), Some(high)) = (version.low_seconds, version.high_seconds) {
        let (from, to) = (x.at(low), x.at(high));
        put(
            svg,
            &format!(
                "<path class=\"interval\" d=\"M{from} {y}H{to}M{from} {}v6M{to} {}v6\"/>",
                y - 3.0,
                y - 3.0
            ),
        );
    }
    put(svg, &format!("<circle class=\"{class} mean\" cx=\"{at}\" cy=\"{y}\" r=\"3.4\"/>"));
    let words = format!("mean {}", time(version.mean_seconds));
    let is_right = at > f64::midpoint(LEFT, WIDTH - RIGHT);
    let (anchor, aside) = if is_right { ("end", -12.0) } else { ("start", 12.0) };
    let edge = match (is_right, version.low_seconds, version.high_seconds) {
        (true, Some(low), _) => x.at(low),
        (false, _, Some(high)) => x.at(high),
        _ => at,
    };
    label(svg, edge + aside, y + 4.0, anchor, &words);
}

fn drawn(version: &VersionFigures) -> impl Iterator<Item = f64> {
    version.wall_seconds.iter().copied().filter(|seconds| seconds.is_finite())
}

/// The value below which `part` of the sorted values lie, linear between neighbours.
///
/// Source: definition 7 of Hyndman and Fan (1996), which R and NumPy take unasked.
/// Example: of 1, 2, 3, 4 a quarter lies below 1.75. `None` of nothing.
fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let place = part * sorted.len().checked_sub(1)? as f64;
    let below = sorted.get(place.floor() as usize)?;
    let above = sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}

/// Round values between two ends.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    const MOST: usize = 6;
    let steps = linear_ticks(high - low, MOST);
    let [zero, step, ..] = steps[..] else { return vec![low, high] };
    let step = step - zero;
    let first = (low / step).ceil();
    (0..=MOST).map(|index| (first + index as f64) * step).filter(|value| *value <= high).collect()
}

fn time(seconds: f64) -> String {
    Seconds(seconds).to_string()
}

fn label(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    put(
        svg,
        &format!(
            "<text text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
            escape(text)
        ),
    );
}

fn put(svg: &mut String, element: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(svg, "{element}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_numpy() {
        // numpy.quantile([1, 2, 3, 4], [.25, .5, .75]) is 1.75, 2.5, 3.25.
        let found = [0.25, 0.5, 0.75].map(|part| quantile(&[1.0, 2.0, 3.0, 4.0], part));
        assert_eq!(found, [Some(1.75), Some(2.5), Some(3.25)]);
        assert_eq!(quantile(&[7.0], 0.75), Some(7.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn labels_are_round_and_within() {
        let shown: Vec<String> = ticks(0.93, 1.27).into_iter().map(time).collect();
        assert_eq!(shown, ["1.00 s", "1.10 s", "1.20 s"]);
        assert!(ticks(5.0, 5.0).len() <= 7);
    }
}
