//! The flame graphs of the page: the call tree once, as data; the page's script draws each view of
//! it.

use serde::Serialize;

use crate::analysis::document::Verdict;
use crate::analysis::flame::Flame;
use crate::analysis::flame::FlameFunction;
use crate::error::Result;
use crate::report::figure;
use crate::report::flame::colour;
use crate::report::flame::file::View;
use crate::report::flame::file::legend;
use crate::report::html::Chapter;
use crate::report::html::embed;
use crate::report::html::embed::rounded;
use crate::report::name;
use crate::report::place::place;
use crate::report::svg::escape::escape;

const LONGEST_NAME: usize = 160;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    unit: &'static str,
    is_time: bool,
    /// Sizes in words.
    size: String,
    target: Option<String>,
    functions: Vec<Function>,
    /// Function, parent (or −1), cost, cost at the target.
    frames: Vec<(usize, i64, Option<f64>, Option<f64>)>,
}

#[derive(Serialize)]
struct Function {
    /// Name, place, share in per cent, exponent.
    n: String,
    p: String,
    s: Option<f64>,
    e: Option<f64>,
    /// Whether its growth cannot be told.
    u: bool,
    /// Colours by share and by exponent.
    c: [String; 2],
}

/// The chapter.
///
/// # Errors
/// A bug.
pub fn chapter(flame: &Flame) -> Result<Chapter> {
    let data = embed::json("flame-data", &data(flame))?;
    let views = [View::Scaling, View::Share, View::Projected];
    let has = |view: &View| *view != View::Projected || flame.target_size.is_some();
    let legends: String = views
        .into_iter()
        .filter(has)
        .map(|view| {
            let words = escape(legend(view));
            format!("<p class=\"legend\" data-view=\"{}\">Colour: {words}.</p>\n", view.name())
        })
        .collect();
    let size = figure::size(flame.size, &flame.size_unit).replace('`', "");
    let size = name::shorten(&size, LONGEST_NAME);
    let body = format!(
        "<p>Where the {} goes at {}, callers below what they call; what only waits is left out, and so is \
         what takes less than 0.5 %. Paths are rebuilt from who called whom.</p>\n\
         <div id=\"flame\"><noscript><p>The flame graphs need JavaScript.</p></noscript>{legends}</div>\n{data}",
        escape(figure::cost_word(flame.unit)),
        escape(&size)
    );
    Ok(Chapter { title: "Flame graphs".into(), body })
}

fn data(flame: &Flame) -> Data {
    let words = |size: f64| {
        name::shorten(&figure::size(size, &flame.size_unit).replace('`', ""), LONGEST_NAME)
    };
    Data {
        unit: figure::cost_unit(flame.unit),
        is_time: flame.unit.is_time(),
        size: words(flame.size),
        target: flame.target_size.map(words),
        functions: flame.functions.iter().map(function).collect(),
        frames: flame
            .frames
            .iter()
            .map(|frame| {
                let parent = frame.parent.and_then(|parent| i64::try_from(parent).ok());
                let at_target = frame.at_target.and_then(rounded);
                (frame.function, parent.unwrap_or(-1), rounded(frame.total), at_target)
            })
            .collect(),
    }
}

fn function(function: &FlameFunction) -> Function {
    let hex = |[r, g, b]: colour::Colour| format!("#{r:02x}{g:02x}{b:02x}");
    let shown = name::shorten(&function.key.name, LONGEST_NAME);
    Function {
        n: if shown.trim().is_empty() { "(no name)".into() } else { shown },
        p: name::shorten_start(&place(&function.key.file, function.key.line), LONGEST_NAME),
        s: function.share_percent.and_then(|share| share.try_into().ok()),
        e: function.exponent.and_then(rounded),
        u: function.verdict == Verdict::CannotTell || function.exponent.is_none(),
        c: [hex(colour::by_share(function)), hex(colour::by_exponent(function))],
    }
}
