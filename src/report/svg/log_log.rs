//! One series on log-log paper: what was measured, the curve through it with its band, what linear
//! growth would be, what does not grow, and what is foretold.

use std::fmt::Write as _;

use crate::report::chart::Chart;
use crate::report::figure;
use crate::report::svg::STYLE;
use crate::report::svg::axis::Axis;
use crate::report::svg::axis::log_ticks;
use crate::report::svg::escape::escape;

/// Size of the picture in pixels, and how tall a decade is at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    pub width: f64,
    pub height: f64,
    /// Decades of values that the height holds at least, so that plots beside each other have one
    /// scale and their steepness can be compared.
    pub decades: f64,
}

const LEFT: f64 = 62.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 44.0;
/// Room above the legend for the title of a file.
const TITLE: f64 = 26.0;
/// Pixels between the middles of two labels of the axis of sizes.
const APART: f64 = 42.0;
/// Pixels between two points from which their slope has a number.
const WIDE_ENOUGH: f64 = 24.0;
/// Pixels of one label of the axis of values.
const LABEL_HEIGHT: f64 = 26.0;
/// Exponent of the curve from which a linear one beside it says something.
const ABOVE_LINEAR: f64 = 1.15;

/// Decades of values that a chart needs.
pub fn decades(chart: &Chart) -> f64 {
    let (low, high) = chart.values();
    (high / low).log10()
}

/// The picture to stand in a page that has the style.
pub fn inline(chart: &Chart, paper: Paper) -> String {
    let mut svg = format!(
        "<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        paper.width,
        paper.height,
        escape(&in_words(chart))
    );
    draw(&mut svg, chart, paper, 0.0);
    svg + "</svg>"
}

/// The picture as a file of its own, with its title and style.
pub fn file(chart: &Chart, paper: Paper) -> String {
    let (width, height) = (paper.width, paper.height + TITLE);
    let title = escape(&chart.title);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" style=\"fill:var(--paper)\"/>\n\
         <text class=\"title\" x=\"{LEFT}\" y=\"20\">{title}</text>\n",
        escape(&in_words(chart))
    );
    draw(&mut svg, chart, paper, TITLE);
    svg + "</svg>\n"
}

/// What the picture shows, for a reader who cannot see it.
fn in_words(chart: &Chart) -> String {
    let (Some(first), Some(last)) = (chart.points.first(), chart.points.last()) else {
        return chart.title.clone();
    };
    let foretold =
        chart.target.map(|size| format!("; the curve goes on to {}", chart.size_in_words(size)));
    format!(
        "Plot with logarithmic axes: {} of {} over {}, {} from {} at {} to {} at {}{}",
        chart.metric,
        chart.title,
        chart.size_title(),
        figure::number_of(chart.points.len(), "point"),
        chart.value_in_words(first.value),
        chart.size_in_words(first.size),
        chart.value_in_words(last.value),
        chart.size_in_words(last.size),
        foretold.unwrap_or_default(),
    )
}

struct Scales {
    x: Axis,
    y: Axis,
    sizes: (f64, f64),
    values: (f64, f64),
    right: f64,
    top: f64,
    bottom: f64,
}

fn draw(svg: &mut String, chart: &Chart, paper: Paper, shift: f64) {
    let scales = scales(chart, paper, shift);
    size_axis(svg, chart, &scales);
    value_axis(svg, chart, &scales);
    legend(svg, chart, shift);
    if let Some(fixed) = chart.fixed.filter(|fixed| *fixed >= scales.values.0) {
        let (y, x) = (scales.y.at(fixed), scales.right);
        let words = escape(&chart.value_in_words(fixed)).into_owned();
        put(svg, &format!("<path class=\"fixed\" d=\"M{LEFT} {y}H{x}\"/>"));
        let text = format!("does not grow: {words}");
        label(svg, x - 4.0, y - 5.0, "end", "halo", &text);
    }
    linear(svg, chart, &scales);
    curve(svg, chart, &scales);
    slopes(svg, chart, &scales);
    for point in &chart.points {
        let (x, y) = (scales.x.at(point.size), scales.y.at(point.value));
        let words = format!(
            "{}: {} at {}",
            point.run,
            chart.value_in_words(point.value),
            chart.size_in_words(point.size)
        );
        let words = escape(&words);
        put(
            svg,
            &format!(
                "<circle class=\"point\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"><title>{words}</title></circle>"
            ),
        );
    }
}

fn scales(chart: &Chart, paper: Paper, shift: f64) -> Scales {
    let (smallest, largest) = chart.sizes();
    let (low, high) = chart.values();
    let room = (high / low).powf(0.05).max(1.1);
    let (mut low, mut high) = (low / room, high * room);
    let missing = paper.decades - (high / low).log10();
    if missing > 0.0 {
        // More room below: the steep end stays in its corner.
        low /= 10f64.powf(missing * 0.6);
        high *= 10f64.powf(missing * 0.4);
    }
    let wide = (largest / smallest).powf(0.04);
    let sizes = (smallest / wide, largest * wide);
    let (right, top, bottom) = (paper.width - RIGHT, TOP + shift, paper.height - BOTTOM + shift);
    Scales {
        x: Axis::log(sizes.0, sizes.1, LEFT, right),
        y: Axis::log(low, high, bottom, top),
        sizes: (smallest, largest),
        values: (low, high),
        right,
        top,
        bottom,
    }
}

/// The sizes that were measured, where they do not crowd; the ends always.
fn size_axis(svg: &mut String, chart: &Chart, scales: &Scales) {
    let mut sizes: Vec<f64> = chart.points.iter().map(|point| point.size).collect();
    sizes.dedup();
    let mut shown: Vec<f64> = Vec::new();
    let last = sizes.last().copied().unwrap_or(scales.sizes.1);
    for size in sizes {
        let apart = |other: f64| (scales.x.at(size) - scales.x.at(other)).abs() >= APART;
        if size == last || shown.last().is_none_or(|shown| apart(*shown)) && apart(last) {
            shown.push(size);
        }
    }
    let (top, bottom) = (scales.top, scales.bottom);
    for size in shown {
        let x = scales.x.at(size);
        put(svg, &format!("<path class=\"grid\" d=\"M{x} {top}V{bottom}\"/>"));
        let text = figure::count(Some(size));
        label(svg, x, bottom + 16.0, "middle", "", &text);
    }
    put(svg, &format!("<path class=\"axis\" d=\"M{LEFT} {bottom}H{}\"/>", scales.right));
    let middle = f64::midpoint(LEFT, scales.right);
    let title = escape(&chart.size_title()).into_owned();
    label(svg, middle, bottom + 34.0, "middle", "", &title);
}

fn value_axis(svg: &mut String, chart: &Chart, scales: &Scales) {
    let (low, high) = scales.values;
    let most = ((scales.bottom - scales.top) / LABEL_HEIGHT) as usize;
    let mut ticks = log_ticks(low, high, most);
    if ticks.len() < 2 {
        let (low, high) = chart.values();
        ticks = vec![low, high];
    }
    for value in ticks {
        let y = scales.y.at(value);
        put(svg, &format!("<path class=\"grid\" d=\"M{LEFT} {y}H{}\"/>", scales.right));
        label(svg, LEFT - 8.0, y + 4.0, "end", "", &escape(&chart.tick(value)));
    }
}

/// What the marks mean, and what stands at the axis of values.
fn legend(svg: &mut String, chart: &Chart, shift: f64) {
    let y = 14.0 + shift;
    label(svg, 4.0, y, "start", "", &escape(&chart.value_title()));
    let title = crate::report::name::width(&chart.value_title()) as f64;
    let mut x = (title * 6.6 + 22.0).max(96.0);
    put(svg, &format!("<circle class=\"point\" cx=\"{x}\" cy=\"{}\" r=\"4.5\"/>", y - 4.0));
    label(svg, x + 9.0, y, "start", "", "measured");
    if chart.curve.is_empty() {
        return;
    }
    x += 78.0;
    put(svg, &format!("<path class=\"band\" d=\"M{x} {}h20v10h-20z\"/>", y - 9.0));
    put(svg, &format!("<path class=\"curve\" d=\"M{x} {}h20\"/>", y - 4.0));
    label(svg, x + 26.0, y, "start", "", "fitted, 95 % band");
}

/// Where linear growth from the smallest size would have led, beside a steeper curve.
fn linear(svg: &mut String, chart: &Chart, scales: &Scales) {
    let (Some(first), Some(last)) = (chart.curve.first(), chart.curve.last()) else { return };
    let exponent = (last.value / first.value).ln() / (last.size / first.size).ln();
    if exponent.is_nan() || exponent < ABOVE_LINEAR {
        return;
    }
    let end = first.value * last.size / first.size;
    let [x1, x2] = [first.size, last.size].map(|size| scales.x.at(size));
    let [y1, y2] = [first.value, end].map(|value| scales.y.at(value));
    put(svg, &format!("<path class=\"linear\" d=\"M{x1} {y1}L{x2} {y2}\"/>"));
    label(svg, x2, y2 + 15.0, "end", "halo", "if it were linear");
}

fn curve(svg: &mut String, chart: &Chart, scales: &Scales) {
    if chart.curve.len() < 2 {
        return;
    }
    let within = |value: f64| scales.y.at(value).clamp(scales.top, scales.bottom);
    let at = |size: f64, value: f64| format!("{} {}", scales.x.at(size), within(value));
    let upper = chart.curve.iter().map(|point| at(point.size, point.high));
    let lower = chart.curve.iter().rev().map(|point| at(point.size, point.low));
    let band: Vec<String> = upper.chain(lower).collect();
    put(svg, &format!("<path class=\"band\" d=\"M{}Z\"/>", band.join("L")));
    let largest = chart.points.last().map_or(scales.sizes.1, |point| point.size) * 1.000_1;
    let path = |points: Vec<String>, class: &str| {
        let is_path = points.len() > 1;
        is_path.then(|| format!("<path class=\"{class}\" d=\"M{}\"/>", points.join("L")))
    };
    let measured = chart.curve.iter().filter(|point| point.size <= largest);
    let measured: Vec<String> = measured.map(|point| at(point.size, point.value)).collect();
    let beyond = chart.curve.iter().filter(|point| point.size >= largest / 1.000_2);
    let beyond: Vec<String> = beyond.map(|point| at(point.size, point.value)).collect();
    put(svg, &path(measured, "curve").unwrap_or_default());
    let (Some(target), Some(last)) = (chart.target, chart.curve.last()) else { return };
    put(svg, &path(beyond, "foretold").unwrap_or_default());
    let (x, y) = (scales.x.at(target), scales.y.at(last.value));
    put(svg, &format!("<circle class=\"target\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"/>"));
    let words = format!("foretold at {}", chart.size_in_words(target));
    label(svg, x - 10.0, y - 6.0, "end", "halo", &escape(&words));
}

/// What every two neighbouring sizes alone would say; shown on request.
fn slopes(svg: &mut String, chart: &Chart, scales: &Scales) {
    put(svg, "<g class=\"slopes\" aria-hidden=\"true\">");
    for slope in &chart.slopes {
        let [x1, x2] = [slope.from, slope.to].map(|(size, _)| scales.x.at(size));
        let [y1, y2] = [slope.from, slope.to].map(|(_, value)| scales.y.at(value));
        put(svg, &format!("<path d=\"M{x1} {y1}L{x2} {y2}\"/>"));
        let (x, y) = (f64::midpoint(x1, x2) - 6.0, f64::midpoint(y1, y2) - 6.0);
        if x2 - x1 >= WIDE_ENOUGH {
            label(svg, x, y, "end", "", &figure::exponent(Some(slope.exponent)));
        }
    }
    put(svg, "</g>");
}

/// `text` is escaped already.
fn label(svg: &mut String, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let anchor =
        if anchor == "start" { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
    put(svg, &format!("<text{class}{anchor} x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"));
}

fn put(svg: &mut String, element: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(svg, "{element}");
}
