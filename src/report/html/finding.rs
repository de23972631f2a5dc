//! The first screen: a sentence for each culprit beside its plot, and what unfolds below it; then
//! the program as a whole.

use crate::analysis::document::Culprit;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::report::chart::Chart;
use crate::report::figure;
use crate::report::html::Chapter;
use crate::report::html::block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Table;
use crate::report::place::place;
use crate::report::prose::Prose;
use crate::report::scaling::culprit;
use crate::report::scaling::pairs;
use crate::report::scaling::sentence;
use crate::report::scaling::summary;
use crate::report::svg::escape::escape;
use crate::report::svg::log_log;
use crate::report::svg::log_log::Paper;

/// Culprits with a sentence and a large plot; the next are small multiples.
const MOST_FINDINGS: usize = 5;
const MOST_SMALL: usize = 15;
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 320.0;
const SMALL_WIDTH: f64 = 340.0;
const SMALL_HEIGHT: f64 = 260.0;
/// Decades that a plot is stretched to at most so that it has the scale of its neighbours.
const MOST_DECADES: f64 = 9.0;

/// The findings.
pub fn chapter(doc: &Phase1) -> Chapter {
    let charts: Vec<Option<Chart>> =
        doc.culprits.iter().map(|culprit| Chart::of_culprit(doc, culprit)).collect();
    let decades = charts.iter().flatten().map(log_log::decades).fold(0.0, f64::max);
    let decades = decades.min(MOST_DECADES);
    let paper = Paper { width: WIDTH, height: HEIGHT, decades };
    let mut body = String::new();
    if doc.culprits.is_empty() {
        let silence = summary::findings(doc);
        for sentence in &silence {
            body += &block::lead(sentence);
        }
    }
    for (culprit, chart) in doc.culprits.iter().zip(&charts).take(MOST_FINDINGS) {
        body += &finding(doc, culprit, chart.as_ref(), paper);
    }
    let rest = doc.culprits.iter().zip(&charts).skip(MOST_FINDINGS).take(MOST_SMALL);
    let small = Paper { width: SMALL_WIDTH, height: SMALL_HEIGHT, decades };
    let multiples: String =
        rest.map(|(culprit, chart)| multiple(culprit, chart.as_ref(), small)).collect();
    if !multiples.is_empty() {
        body += &format!("<h3>More culprits</h3>\n<div class=\"multiples\">{multiples}</div>\n");
    }
    if doc.culprits.len() > 1 {
        body += &everyone(doc);
    }
    body += &program(doc);
    Chapter { title: "Findings".into(), body }
}

fn finding(doc: &Phase1, culprit: &Culprit, chart: Option<&Chart>, paper: Paper) -> String {
    let words = summary::finding(doc, culprit);
    let badge = badge(culprit.verdict, sentence::steepness(culprit));
    let figure =
        chart.map(|chart| figure_of(chart, paper, doc.speed.corrected)).unwrap_or_default();
    format!(
        "<article class=\"finding {}\">\n<div class=\"words\">\n<h3><code>{}</code> {badge}</h3>\n{}\
         <p class=\"lead\">{}</p>\n{}</div>\n{figure}{}</article>\n",
        class(culprit.verdict),
        escape(&Cell::name(&culprit.name).text),
        where_to_look(culprit),
        block::prose(&words),
        tiles(doc, culprit),
        evidence(doc, culprit),
    )
}

/// The line to mend; nothing where no file is known.
fn where_to_look(culprit: &Culprit) -> String {
    match place(&culprit.file, culprit.line) {
        place if place.is_empty() => String::new(),
        place => {
            format!("<p class=\"where\">Look at {}</p>\n", block::prose(&Prose::place(&place)))
        }
    }
}

/// The figures that matter, each with what it is.
fn tiles(doc: &Phase1, culprit: &Culprit) -> String {
    let power = culprit.exponent.filter(|exponent| exponent.is_finite()).map(|exponent| {
        let interval = figure::interval(culprit.low, culprit.high);
        let interval =
            interval.map(|interval| format!("95 % interval {}", interval.replace(' ', "\u{a0}")));
        let power = format!("n<sup>{}</sup>", figure::exponent(Some(exponent)));
        (power, interval)
    });
    let sure = culprit.p_superlinear.and_then(figure::certainty).map(|sure| {
        (escape(&sure).into_owned(), Some("sure that it is worse than n log n".to_string()))
    });
    let now = culprit.cost.zip(doc.largest_run()).map(|(cost, largest)| {
        let share = culprit.share_percent.map(figure::percent_in_words);
        let of =
            share.map(|share| format!("{share} of the busy {}, ", figure::cost_word(doc.unit)));
        let at =
            format!("{}at {}", of.unwrap_or_default(), figure::size(largest.size, &doc.size_unit));
        (figure::cost_in_words(doc.unit, cost), Some(at.replace('`', "")))
    });
    let target = doc.projection.as_ref().zip(culprit.cost_at_target).map(|(projection, cost)| {
        let at = format!(
            "{}foretold at {}",
            culprit.share_at_target_percent.map_or_else(String::new, |share| {
                format!(
                    "{} of the busy {}, ",
                    figure::percent_in_words(share),
                    figure::cost_word(doc.unit)
                )
            }),
            figure::size(projection.size, &doc.size_unit)
        );
        (figure::cost_in_words(doc.unit, cost), Some(at.replace('`', "")))
    });
    let tile = |(value, of): (String, Option<String>)| {
        let of = Prose::words(&of.unwrap_or_default());
        format!("<li><b>{value}</b> {}</li>", block::prose(&of))
    };
    let tiles: String = [power, sure, now, target].into_iter().flatten().map(tile).collect();
    if tiles.is_empty() { tiles } else { format!("<ul class=\"tiles\">{tiles}</ul>\n") }
}

/// What the verdict rests on: facts, points, alternatives, who makes the work, every two runs.
fn evidence(doc: &Phase1, culprit: &Culprit) -> String {
    let own = block::blocks(&culprit::blocks_without_plot(doc, culprit));
    let points = points(doc, &culprit.growth, culprit.metric);
    let ratios = pairs::table(doc, culprit);
    let ratios = ratios.map(|table| {
        let note =
            "What every two runs alone would say, from the run of the row to that of the column:";
        format!("<p>{note}</p>\n{}", block::table(&table))
    });
    format!(
        "<details class=\"rests\"><summary>What this rests on</summary>\n{own}{}{points}{}</details>\n",
        alternatives(&culprit.growth),
        ratios.unwrap_or_default()
    )
}

/// How probable the alternative is.
fn alternatives(growth: &Growth) -> String {
    let mut facts: Vec<String> = Vec::new();
    if let Some(p) = growth.p_superlinear.filter(|p| p.is_finite()) {
        facts.push(format!("probability of more than n log n: {p:.4}"));
    }
    if let Some(interval) = figure::interval(growth.low, growth.high) {
        facts.push(format!("95 % interval of the exponent: {interval}"));
    }
    let facts: Vec<Prose> =
        facts.iter().map(|fact| Prose::from_marked(fact).as_sentence()).collect();
    if facts.is_empty() {
        return String::new();
    }
    let items: String =
        facts.iter().map(|fact| format!("<li>{}</li>", block::prose(fact))).collect();
    format!("<ul>{items}</ul>\n")
}

/// The values as measured and as the curve has them.
fn points(doc: &Phase1, growth: &Growth, metric: MetricName) -> String {
    let value = |value: Option<f64>| match metric {
        MetricName::Ncall => figure::count(value),
        _ => figure::cost(doc.unit, value),
    };
    let rows =
        doc.runs.iter().zip(&growth.values).enumerate().map(|(position, (run, measured))| {
            let fitted = growth.fitted.get(position).copied().flatten();
            vec![
                Cell::name(&figure::run(run)),
                Cell::plain(&figure::count(Some(run.size))),
                Cell::plain(&value(*measured)),
                Cell::plain(&value(fitted)),
            ]
        });
    let unit = match metric {
        MetricName::Ncall => "calls",
        _ => figure::cost_unit(doc.unit),
    };
    let table = Table {
        columns: vec![
            Column::name("Run"),
            Column::figure("Size", ""),
            Column::figure("Measured", unit),
            Column::figure("Fitted", unit),
        ],
        rows: rows.collect(),
        fold_after: None,
        of: "run",
    };
    format!("<p>The points:</p>\n{}", block::table(&table))
}

/// `is_corrected`: whether the curve is that of an equally fast machine.
fn figure_of(chart: &Chart, paper: Paper, is_corrected: bool) -> String {
    let note = match is_corrected {
        true => "<span>The curve has the speed of the machine in each run taken out.</span> ",
        false => "",
    };
    format!(
        "<figure>{}<figcaption>{note}<button type=\"button\" class=\"slopes-button\" aria-pressed=\"false\" \
         hidden>Slopes between sizes</button></figcaption></figure>\n",
        log_log::inline(chart, paper)
    )
}

fn multiple(culprit: &Culprit, chart: Option<&Chart>, paper: Paper) -> String {
    let badge = badge(culprit.verdict, sentence::steepness(culprit));
    let plot = chart.map(|chart| log_log::inline(chart, paper)).unwrap_or_default();
    format!(
        "<figure><figcaption><code>{}</code> {badge}</figcaption>{plot}</figure>\n",
        escape(&Cell::name(&culprit.name).text)
    )
}

fn everyone(doc: &Phase1) -> String {
    let table = culprit::table(doc).map(|section| block::blocks(&section.blocks));
    table.map(|table| format!("<h3>All culprits</h3>\n{table}")).unwrap_or_default()
}

fn program(doc: &Phase1) -> String {
    let sentences: String = summary::whole(doc)
        .iter()
        .map(|sentence| format!("<p>{}</p>\n", block::prose(sentence)))
        .collect();
    let chart = Chart::of_program(doc);
    let paper = Paper { width: WIDTH, height: SMALL_HEIGHT, decades: 0.0 };
    let figure = chart.map(|chart| figure_of(&chart, paper, false)).unwrap_or_default();
    if figure.is_empty() && sentences.is_empty() {
        return String::new();
    }
    format!(
        "<article class=\"finding program\">\n<div class=\"words\"><h3>The program as a whole</h3>\n\
         {sentences}</div>\n{figure}</article>\n"
    )
}

/// The verdict in a word, said and not only coloured.
fn badge(verdict: Verdict, steep: &str) -> String {
    let words = match verdict {
        Verdict::Superlinear | Verdict::NotSuperlinear => steep.to_string(),
        Verdict::Suspected => format!("suspected {steep}"),
        Verdict::CannotTell => "cannot tell".into(),
    };
    format!("<span class=\"badge {}\">{}</span>", class(verdict), escape(&words))
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Superlinear => "is-superlinear",
        Verdict::Suspected => "is-suspected",
        Verdict::CannotTell => "is-open",
        Verdict::NotSuperlinear => "is-fine",
    }
}
