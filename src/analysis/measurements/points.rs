//! Which measurements can be judged, and what is said of the others.

use crate::profile::MeasuredSeries;
use crate::profile::Point;
use crate::units::three_digits;

/// A point that can be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usable {
    pub size: f64,
    pub value: f64,
}

/// What can be judged, in order of size and then of value.
pub fn usable(series: &MeasuredSeries) -> Vec<Usable> {
    let is_good = |number: &f64| number.is_finite() && *number > 0.0;
    let good = |point: &Point| {
        let size = point.size.filter(is_good)?;
        point.value.filter(is_good).map(|value| Usable { size, value })
    };
    let mut points: Vec<Usable> = series.points.iter().filter_map(good).collect();
    points.sort_by(|left, right| {
        left.size.total_cmp(&right.size).then(left.value.total_cmp(&right.value))
    });
    points
}

/// Which measurements were left out, and why, and whether the largest sizes are among them; `None`
/// when all of them are good. `judged`: those that are, in order of size.
pub fn left_out(series: &MeasuredSeries, judged: &[Usable]) -> Option<String> {
    let mut reasons: Vec<(&'static str, usize)> = Vec::new();
    for reason in series.points.iter().filter_map(why_unusable) {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    let all = series.points.len();
    let words: Vec<String> =
        reasons.iter().map(|(reason, count)| format!("{count} of {all} {reason}")).collect();
    let texts = series.no_numbers.iter().map(|text| format!("`{text}`"));
    let texts = Some(texts.collect::<Vec<_>>().join(", ")).filter(|texts| !texts.is_empty());
    let texts = texts.map(|texts| format!(" (in place of a number: {texts})"));
    let beyond = judged.last().and_then(|last| beyond(series, last.size));
    (!words.is_empty()).then(|| {
        let words = words.join(", ");
        format!("left out: {words}{}{}", texts.unwrap_or_default(), beyond.unwrap_or_default())
    })
}

/// That sizes above the largest one with a value were tried, and the verdict says nothing of them.
fn beyond(series: &MeasuredSeries, largest: f64) -> Option<String> {
    let sizes = series.points.iter().filter_map(|point| point.size.filter(|size| size.is_finite()));
    let tried = sizes.fold(largest, f64::max);
    let shown = |size: f64| if size.fract() == 0.0 { size.to_string() } else { three_digits(size) };
    (tried > largest).then(|| {
        format!(
            "; the verdict is of sizes up to {}: at larger ones, up to {}, nothing could be judged",
            shown(largest),
            shown(tried)
        )
    })
}

fn why_unusable(point: &Point) -> Option<&'static str> {
    match (point.size, point.value) {
        (None, _) => Some("without a size"),
        (Some(size), _) if !(size.is_finite() && size > 0.0) => Some("of a size not above zero"),
        (_, None) => Some("without a value"),
        (_, Some(value)) if !value.is_finite() => Some("with a value that is not finite"),
        (_, Some(0.0)) => Some("with the value zero"),
        (_, Some(value)) if value < 0.0 => Some("with a negative value"),
        _ => None,
    }
}
