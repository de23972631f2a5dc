//! A hundred backtests made ready over more and more assets: each asset is looked up, checked and
//! given its share, and nothing is traded.

use std::io::Write;

use crate::error::Result;
use crate::workload::market::Market;
use crate::workload::market::history::DAILY;
use crate::workload::sample::Expected;
use crate::workload::sample::Growth;
use crate::workload::sample::Sample;
use crate::workload::sample::SampleArgs;
use crate::workload::sample::Sizes;
use crate::workload::scenario::backtest;

const BACKTESTS: usize = 100;
/// Days of history that each asset is checked on.
const DAYS: u64 = 250;

#[derive(Debug)]
pub struct BatchInit;

/// An asset as a backtest needs it.
#[derive(Debug)]
struct Bound<'a> {
    symbol: &'a str,
    /// Mean absolute change from bar to bar, in hundredths of a step.
    range: i64,
}

impl Sample for BatchInit {
    fn name(&self) -> &'static str {
        "batch_init"
    }

    fn about(&self) -> &'static str {
        "100 backtests made ready over 10 to 500 assets"
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "assets", usual: &[10, 50, 100, 500], tiny: [2, 4, 16] }
    }

    fn expected(&self) -> &'static [Expected] {
        const {
            &[
                Expected::calls("load_closes", Growth::Linear),
                Expected::calls("initialise_backtest", Growth::Constant),
                Expected::calls("bind_asset", Growth::Linear),
            ]
        }
    }

    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        let _span = crate::span!("initialise_batch");
        let market = Market::open(&args.cache_dir, DAILY)?;
        let assets = args.size();
        let mut registry = Vec::new();
        for asset in 0..assets as u32 {
            let closes = market.closes(asset, args.first_days(DAYS), 0)?;
            registry.push((format!("ASSET-{asset:05}"), closes));
        }
        let shares: i64 = (0..BACKTESTS).map(|number| initialise_backtest(number, &registry)).sum();
        let bound = BACKTESTS * registry.len();
        backtest::say(
            out,
            &format!("{BACKTESTS} backtests, {bound} assets bound, {shares} shares given"),
        )
    }
}

/// Gives each asset shares against its range; returns how many in all.
fn initialise_backtest(number: usize, registry: &[(String, Vec<i64>)]) -> i64 {
    let _span = crate::span!("initialise_backtest");
    let symbols = registry.iter().map(|(symbol, _)| symbol.as_str());
    let bound: Vec<Bound<'_>> =
        symbols.filter_map(|symbol| bind_asset(symbol, registry, number)).collect();
    let named = bound.iter().filter(|asset| !asset.symbol.is_empty());
    named.map(|asset| 1_000_000 / asset.range.max(1)).sum()
}

/// Looks an asset up and measures how it moves, from a day on that is the backtest's own.
fn bind_asset<'a>(
    symbol: &str,
    registry: &'a [(String, Vec<i64>)],
    from_day: usize,
) -> Option<Bound<'a>> {
    let _span = crate::span!("bind_asset");
    let place = registry.binary_search_by(|(known, _)| known.as_str().cmp(symbol)).ok()?;
    let (symbol, closes) = &registry[place];
    let changes = closes.get(from_day..)?.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let count = changes.len().max(1) as i64;
    Some(Bound { symbol, range: changes.sum::<i64>() * 100 / count })
}
