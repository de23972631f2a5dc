//! A flame graph as a file of its own, searchable and zoomable, drawn by the library `inferno`.

use inferno::flamegraph;
use inferno::flamegraph::Options;
use inferno::flamegraph::TextTruncateDirection;
use inferno::flamegraph::color::BackgroundColor;
use inferno::flamegraph::color::Color;
use inferno::flamegraph::color::PaletteMap;

use crate::analysis::flame::Flame;
use crate::analysis::flame::FlameFrame;
use crate::analysis::flame::FlameFunction;
use crate::error::Error;
use crate::error::Result;
use crate::report::figure;
use crate::report::flame::colour;
use crate::report::flame::colour::Colour;
use crate::report::name;
use crate::report::place::place;

/// Columns of a frame's name.
const LONGEST_NAME: usize = 120;
/// Steps that the cost of the whole run is cut into, since the library counts in whole numbers.
const STEPS: f64 = 1e6;

/// What a flame graph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Coloured by share.
    Share,
    /// Coloured by exponent.
    Scaling,
    /// Coloured by exponent, as wide as foretold at the target size.
    Projected,
}

impl View {
    pub const ALL: [View; 3] = [View::Share, View::Scaling, View::Projected];

    /// The word in file names.
    pub fn name(self) -> &'static str {
        match self {
            View::Share => "share",
            View::Scaling => "scaling",
            View::Projected => "projected",
        }
    }

    /// The width of a frame.
    pub fn cost(self, frame: &FlameFrame) -> Option<f64> {
        match self {
            View::Share | View::Scaling => Some(frame.total),
            View::Projected => frame.at_target,
        }
    }

    fn colour(self, function: &FlameFunction) -> Colour {
        match self {
            View::Share => colour::by_share(function),
            View::Scaling | View::Projected => colour::by_exponent(function),
        }
    }
}

/// The picture as SVG; `None` where the view has nothing to show: no target size.
///
/// # Errors
/// A bug: every tree can be drawn.
pub fn file(flame: &Flame, view: View) -> Result<Option<String>> {
    let costs: Option<Vec<f64>> = flame.frames.iter().map(|frame| view.cost(frame)).collect();
    let Some(costs) = costs else {
        return Ok(None);
    };
    let (names, lines) = lines(flame, &costs);
    if lines.is_empty() {
        return Ok(None);
    }
    let mut palette = PaletteMap::default();
    for (name, function) in names.iter().zip(&flame.functions) {
        let [r, g, b] = view.colour(function);
        palette.insert(name, Color { r, g, b });
    }
    palette.insert("all", Color { r: 0xee, g: 0xef, b: 0xf1 });
    let mut options = Options::default();
    options.title = title(flame, view);
    options.subtitle = Some(legend(view).into());
    options.count_name = "ppm of the run".into();
    options.palette_map = Some(&mut palette);
    options.bgcolors = Some(BackgroundColor::Flat(Color { r: 0xff, g: 0xff, b: 0xff }));
    options.text_truncate_direction = TextTruncateDirection::Right;
    options.font_type = "system-ui, sans-serif".into();
    let mut svg = Vec::new();
    flamegraph::from_lines(&mut options, lines.iter().map(String::as_str), &mut svg)
        .map_err(|error| Error::bug(format!("a flame graph cannot be drawn: {error}")))?;
    String::from_utf8(svg).map(Some).map_err(|error| Error::bug(error.to_string()))
}

fn title(flame: &Flame, view: View) -> String {
    let at = |size: f64| figure::size(size, &flame.size_unit).replace('`', "");
    let at = |size: f64| name::shorten(&at(size), LONGEST_NAME);
    match (view, flame.target_size) {
        (View::Share, _) => format!("Share of the run at {}", at(flame.size)),
        (View::Projected, Some(target)) => format!("Growth, as wide as foretold at {}", at(target)),
        _ => format!("Growth, as wide as measured at {}", at(flame.size)),
    }
}

/// What the colours mean.
pub fn legend(view: View) -> &'static str {
    match view {
        View::Share => {
            "a function's own share: red from 10 %, orange from 5 %, yellow from 1 %, blue below"
        }
        View::Scaling | View::Projected => {
            "how a function's cost grows, with all it calls: blue constant, grey linear, red quadratic \
             and worse, pale cannot tell"
        }
    }
}

/// The names of the functions, no two alike, and one line for each path with cost of its own.
fn lines(flame: &Flame, costs: &[f64]) -> (Vec<String>, Vec<String>) {
    let names: Vec<String> = flame.functions.iter().map(name_of).collect();
    let mut own = costs.to_vec();
    for (frame, cost) in flame.frames.iter().zip(costs) {
        if let Some(parent) = frame.parent {
            own[parent] -= cost;
        }
    }
    let costs_at: f64 = flame
        .frames
        .iter()
        .zip(costs)
        .filter(|(frame, _)| frame.parent.is_none())
        .map(|(_, cost)| cost)
        .sum();
    let mut paths: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for (frame, own) in flame.frames.iter().zip(own) {
        let name = &names[frame.function];
        let path = frame.parent.map_or_else(|| name.clone(), |p| format!("{};{name}", paths[p]));
        let steps = (own / costs_at * STEPS).round();
        if steps >= 1.0 {
            lines.push(format!("{path} {steps}"));
        }
        paths.push(path);
    }
    (names, lines)
}

/// `name (file:line)` without what the library takes for its own: the semicolon between frames,
/// marks at the end.
fn name_of(function: &FlameFunction) -> String {
    let key = &function.key;
    let shown = name::shorten(&key.name, LONGEST_NAME);
    let place = name::shorten_start(&place(&key.file, key.line), LONGEST_NAME);
    let name = match place.is_empty() {
        true => format!("{shown} ()"),
        false => format!("{shown} ({place})"),
    };
    name.replace(';', ",")
}
