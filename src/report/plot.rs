//! A log-log plot in letters: measured points and the curve through them, for terminals and for
//! Markdown. It knows nothing of what is plotted.

/// Columns and lines of the area inside the axes.
const COLUMNS: usize = 60;
const LINES: usize = 14;

const POINT: char = '●';
const CURVE: char = '·';

/// Points on log-log paper; every coordinate is finite and above 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    measured: Vec<(f64, f64)>,
    /// In order of size.
    fitted: Vec<(f64, f64)>,
    /// The smallest and the largest value, in words.
    values: [String; 2],
    /// The smallest and the largest size, in words.
    sizes: [String; 2],
}

impl Plot {
    /// `measured`, `fitted`: pairs of size and value. `value`, `size`: how each is said.
    /// `None` when there are no two points of different size above 0.
    pub fn new(
        measured: &[(f64, f64)],
        fitted: &[(f64, f64)],
        value: impl Fn(f64) -> String,
        size: impl Fn(f64) -> String,
    ) -> Option<Self> {
        let measured = positive(measured);
        let mut fitted = positive(fitted);
        fitted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (left, right) = ends(measured.iter().map(|point| point.0))?;
        let (low, high) = ends(measured.iter().chain(&fitted).map(|point| point.1))?;
        (left < right).then(|| Self {
            values: [value(low), value(high)],
            sizes: [size(left), size(right)],
            measured,
            fitted,
        })
    }

    /// The plot, the highest line first: axes with their ends in words, and a legend.
    pub fn lines(&self) -> Vec<String> {
        let margin = self.values.iter().map(|text| text.chars().count()).max();
        let margin = margin.unwrap_or(0);
        let last = LINES - 1;
        let mut lines: Vec<String> = self
            .area()
            .into_iter()
            .enumerate()
            .map(|(index, row)| {
                let label = match index {
                    0 => &self.values[1],
                    index if index == last => &self.values[0],
                    _ => "",
                };
                let row: String = row.into_iter().collect();
                format!("{label:>margin$} │{}", row.trim_end())
            })
            .collect();
        let [left, right] = &self.sizes;
        let gap = COLUMNS.saturating_sub(left.chars().count() + right.chars().count());
        lines.push(format!("{:margin$} └{}", "", "─".repeat(COLUMNS)));
        lines.push(format!("{:margin$}  {left}{}{right}", "", " ".repeat(gap.max(1))));
        lines.push(format!(
            "{:margin$}  {POINT} measured  {CURVE} fitted  (both axes logarithmic)",
            ""
        ));
        lines
    }

    /// Rows of letters, the highest first.
    fn area(&self) -> Vec<Vec<char>> {
        let mut area = vec![vec![' '; COLUMNS]; LINES];
        for column in 0..COLUMNS {
            let size = self.size_at(column);
            if let Some(value) = interpolated(&self.fitted, size) {
                self.put(&mut area, (size, value), CURVE);
            }
        }
        for point in &self.measured {
            self.put(&mut area, *point, POINT);
        }
        area
    }

    fn put(&self, area: &mut [Vec<char>], (size, value): (f64, f64), letter: char) {
        let (left, right) = self.size_range();
        let (low, high) = self.value_range();
        let column = place(size.ln(), left, right, COLUMNS);
        let line = LINES - 1 - place(value.ln(), low, high, LINES);
        if let Some(cell) = area.get_mut(line).and_then(|row| row.get_mut(column)) {
            *cell = letter;
        }
    }

    fn size_at(&self, column: usize) -> f64 {
        let (left, right) = self.size_range();
        (left + (right - left) * column as f64 / (COLUMNS - 1) as f64).exp()
    }

    /// Logarithms of the smallest and the largest size.
    fn size_range(&self) -> (f64, f64) {
        logs(self.measured.iter().map(|point| point.0))
    }

    fn value_range(&self) -> (f64, f64) {
        logs(self.measured.iter().chain(&self.fitted).map(|point| point.1))
    }
}

/// The value of the curve at `size`, straight on log-log paper between the two nearest points.
fn interpolated(curve: &[(f64, f64)], size: f64) -> Option<f64> {
    const ROUNDING: f64 = 1e-9;
    let at = size.ln();
    curve.windows(2).find_map(|ends| {
        let [(left, low), (right, high)] = [ends[0], ends[1]].map(|(x, y)| (x.ln(), y.ln()));
        if left == right || at < left - ROUNDING || at > right + ROUNDING {
            return None;
        }
        let part = (at - left) / (right - left);
        Some((low + (high - low) * part).exp())
    })
}

/// The cell of `value` among `cells` between `low` and `high`; the first where they are equal.
fn place(value: f64, low: f64, high: f64, cells: usize) -> usize {
    if high <= low {
        return 0;
    }
    let part = ((value - low) / (high - low)).clamp(0.0, 1.0);
    (part * (cells - 1) as f64).round() as usize
}

fn positive(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let good = |value: f64| value.is_finite() && value > 0.0;
    points.iter().copied().filter(|(x, y)| good(*x) && good(*y)).collect()
}

fn logs(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    ends(values).map_or((0.0, 0.0), |(low, high)| (low.ln(), high.ln()))
}

/// The smallest and the largest; `None` of nothing.
fn ends(values: impl Iterator<Item = f64> + Clone) -> Option<(f64, f64)> {
    let low = values.clone().min_by(f64::total_cmp)?;
    Some((low, values.max_by(f64::total_cmp)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(points: &[(f64, f64)]) -> Option<Plot> {
        let words = |value: f64| format!("{value}");
        Plot::new(points, points, words, words)
    }

    #[test]
    fn a_power_law_is_a_straight_line_from_corner_to_corner() {
        let lines = plot(&[(1.0, 1.0), (10.0, 100.0), (100.0, 10_000.0)]).unwrap().lines();
        assert!(lines[0].starts_with("10000 │") && lines[0].ends_with(POINT));
        assert!(lines[LINES - 1].starts_with("    1 │●"));
        let middle = lines.iter().filter(|line| line.contains(POINT)).count();
        assert_eq!(middle, 3 + 1, "three points and the legend");
        let columns: Vec<usize> = lines[..LINES]
            .iter()
            .filter_map(|line| line.chars().position(|letter| letter == CURVE))
            .collect();
        assert!(columns.windows(2).all(|pair| pair[0] > pair[1]), "{columns:?}");
        assert!(lines[LINES + 1].trim_start().starts_with('1'));
        assert!(lines[LINES + 1].ends_with("100"));
    }

    #[test]
    fn what_has_no_logarithm_is_left_out() {
        assert_eq!(plot(&[]), None);
        assert_eq!(plot(&[(1.0, 1.0), (1.0, 2.0)]), None);
        assert_eq!(plot(&[(0.0, 1.0), (1.0, 2.0)]), None);
        assert_eq!(plot(&[(1.0, f64::NAN), (2.0, 1.0)]), None);
        assert!(plot(&[(1.0, 5.0), (2.0, 5.0)]).is_some());
        assert!(plot(&[(f64::MIN_POSITIVE, f64::MAX), (f64::MAX, 1e-300)]).is_some());
    }

    #[test]
    fn between_two_points_the_curve_is_straight_on_log_log_paper() {
        let curve = [(1.0, 1.0), (100.0, 10_000.0)];
        let value = interpolated(&curve, 10.0).unwrap();
        assert!((value - 100.0).abs() < 1e-9);
        assert_eq!(interpolated(&curve, 101.0), None);
    }
}
