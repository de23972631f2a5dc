//! Memory over time on plain paper: what was held, the peak, and the largest jump.

use std::fmt::Write as _;

use crate::report::memory::Look;
use crate::report::memory::Timeline;
use crate::report::memory::thinned;
use crate::report::svg::STYLE;
use crate::report::svg::axis::Axis;
use crate::report::svg::axis::linear_ticks;
use crate::report::svg::escape::escape;
use crate::units::Bytes;
use crate::units::Seconds;

const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 210.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 40.0;
/// Room for the title of a file.
const TITLE: f64 = 26.0;
/// Units of an axis of bytes, from the largest.
const UNITS: [(f64, &str); 5] = [
    (1_099_511_627_776.0, "TiB"),
    (1_073_741_824.0, "GiB"),
    (1_048_576.0, "MiB"),
    (1024.0, "KiB"),
    (1.0, "B"),
];

/// The picture to stand in a page that has the style; `None` when there are no two looks to draw.
pub fn inline(timeline: &Timeline) -> Option<String> {
    let mut svg = format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escape(&in_words(timeline))
    );
    draw(&mut svg, timeline, 0.0)?;
    Some(svg + "</svg>")
}

/// The picture as a file of its own.
pub fn file(timeline: &Timeline) -> Option<String> {
    let height = HEIGHT + TITLE;
    let title = escape(&timeline.title()).into_owned();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" style=\"fill:var(--paper)\"/>\n\
         <text class=\"title\" x=\"{LEFT}\" y=\"20\">{title}</text>\n",
        escape(&in_words(timeline))
    );
    draw(&mut svg, timeline, TITLE)?;
    Some(svg + "</svg>\n")
}

/// What the picture shows, for a reader who cannot see it.
fn in_words(timeline: &Timeline) -> String {
    let Timeline { peak, peak_at, largest_jump, jump_at, .. } = timeline;
    format!(
        "Memory of {} over time: peak {peak} after {peak_at}, largest jump {largest_jump} after {jump_at}",
        timeline.title()
    )
}

fn draw(svg: &mut String, timeline: &Timeline, shift: f64) -> Option<()> {
    let is_drawn = |look: &&Look| look.seconds >= 0.0 && look.bytes >= 0.0 && look.bytes < 1e18;
    let looks: Vec<Look> = timeline.looks.iter().filter(is_drawn).copied().collect();
    let (first, last) = (looks.first()?.seconds, looks.last()?.seconds);
    let most = looks.iter().map(|look| look.bytes).fold(0.0, f64::max);
    if last <= first || most <= 0.0 || last > 1e12 {
        return None;
    }
    let (right, top, bottom) = (WIDTH - RIGHT, TOP + shift, HEIGHT - BOTTOM + shift);
    let x = Axis::linear(0.0, last, LEFT, right);
    let y = Axis::linear(0.0, most * 1.12, bottom, top);
    let (step, unit) = UNITS.into_iter().find(|(step, _)| most >= *step).unwrap_or((1.0, "B"));
    for value in linear_ticks(most / step, 4) {
        let at = y.at(value * step);
        put(svg, &format!("<path class=\"grid\" d=\"M{LEFT} {at}H{right}\"/>"));
        label(svg, LEFT - 8.0, at + 4.0, "end", "", &short(value));
    }
    for seconds in linear_ticks(last, 4) {
        let at = x.at(seconds);
        put(svg, &format!("<path class=\"axis\" d=\"M{at} {bottom}v4\"/>"));
        label(svg, at, bottom + 16.0, "middle", "", &tick(seconds));
    }
    put(svg, &format!("<path class=\"axis\" d=\"M{LEFT} {bottom}H{right}\"/>"));
    label(svg, 4.0, 16.0 + shift, "start", "", &format!("resident memory in {unit}"));
    label(svg, f64::midpoint(LEFT, right), bottom + 32.0, "middle", "", "since the start");
    let path: Vec<String> = thinned(&looks)
        .iter()
        .map(|look| format!("{} {}", x.at(look.seconds), y.at(look.bytes)))
        .collect();
    let (from, to) = (x.at(first), x.at(last));
    let line = path.join("L");
    put(svg, &format!("<path class=\"area\" d=\"M{from} {bottom}L{line}L{to} {bottom}Z\"/>"));
    put(svg, &format!("<path class=\"line\" d=\"M{line}\"/>"));
    jump(svg, timeline, &x, (top, bottom));
    let peak = (x.at(timeline.peak_at.0), y.at(timeline.peak.0 as f64));
    put(svg, &format!("<circle class=\"target\" cx=\"{}\" cy=\"{}\" r=\"4.5\"/>", peak.0, peak.1));
    let words = format!("peak {}", timeline.peak);
    let anchor = if peak.0 > f64::midpoint(LEFT, right) { "end" } else { "start" };
    let aside = if anchor == "end" { -8.0 } else { 8.0 };
    label(svg, peak.0 + aside, (peak.1 - 6.0).max(top + 4.0), anchor, "halo", &words);
    Some(())
}

/// Where most came at once.
fn jump(svg: &mut String, timeline: &Timeline, x: &Axis, (top, bottom): (f64, f64)) {
    if timeline.largest_jump == Bytes(0) {
        return;
    }
    let at = x.at(timeline.jump_at.0);
    put(svg, &format!("<path class=\"linear\" d=\"M{at} {top}V{bottom}\"/>"));
    let words = format!("+{} at once", timeline.largest_jump);
    let is_right = at > f64::midpoint(LEFT, WIDTH - RIGHT);
    let (anchor, aside) = if is_right { ("end", -5.0) } else { ("start", 5.0) };
    label(svg, at + aside, bottom - 6.0, anchor, "halo", &words);
}

/// `10 s`, without superfluous digits.
fn tick(seconds: f64) -> String {
    let text = Seconds(seconds).to_string();
    match text.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            format!("{} {unit}", number.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text,
    }
}

fn short(value: f64) -> String {
    format!("{}", (value * 100.0).round() / 100.0)
}

fn label(svg: &mut String, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let text = escape(text);
    put(
        svg,
        &format!("<text{class} text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"),
    );
}

fn put(svg: &mut String, element: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(svg, "{element}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(looks: &[(f64, f64)]) -> Option<String> {
        let look = |(seconds, bytes): &(f64, f64)| Look { seconds: *seconds, bytes: *bytes };
        inline(&Timeline {
            run: "<a>".into(),
            peak: Bytes(3 << 20),
            peak_at: Seconds(2.0),
            largest_jump: Bytes(2 << 20),
            jump_at: Seconds(2.0),
            looks: looks.iter().map(look).collect(),
            ..Timeline::default()
        })
    }

    #[test]
    fn the_axis_is_in_binary_units_and_the_marks_are_named() {
        let mebi = f64::from(1 << 20);
        let svg = drawn(&[(0.0, mebi), (1.0, mebi), (2.0, 3.0 * mebi)]).unwrap();
        for words in
            ["resident memory in MiB", ">peak 3.00 MiB<", ">+2.00 MiB at once<", "&lt;a&gt;"]
        {
            assert!(svg.contains(words), "{words}: {svg}");
        }
        assert!(!svg.contains("NaN"));
    }

    #[test]
    fn nothing_to_draw_is_not_drawn() {
        assert_eq!(drawn(&[]), None);
        assert_eq!(drawn(&[(1.0, 5.0)]), None);
        assert_eq!(drawn(&[(0.0, f64::NAN), (1.0, f64::INFINITY)]), None);
        assert_eq!(drawn(&[(0.0, 0.0), (1.0, 0.0)]), None);
    }
}
