//! The two samples: the backtest with the original's bug, and the same mended.

use std::io::Write;

use crate::error::Result;
use crate::workload::gc_futures::backtest::run_backtest;
use crate::workload::gc_futures::plot::PricePlot;
use crate::workload::sample::Expected;
use crate::workload::sample::Growth;
use crate::workload::sample::Quantity;
use crate::workload::sample::Sample;
use crate::workload::sample::SampleArgs;
use crate::workload::sample::Sizes;

/// The backtest with one way of collecting prices.
#[derive(Debug)]
pub struct GcFutures {
    name: &'static str,
    about: &'static str,
    expected: &'static [Expected],
    plot: fn() -> PricePlot,
}

pub const GC_FUTURES: GcFutures = GcFutures {
    name: "gc_futures",
    about: "gold futures on five-minute bars; every iteration concatenates the prices of all before it",
    expected: &[
        Expected::calls("run_backtest", Growth::Constant),
        Expected::calls("load_bars", Growth::Linear),
        Expected::calls("on_trading_iteration", Growth::Linear),
        Expected::calls("history_window", Growth::Linear),
        Expected::calls("moving_average_crossover", Growth::Linear),
        Expected::calls("write_log_line", Growth::Linear),
        Expected::calls("append_price_frame", Growth::Linear),
        Expected::calls("concat_price_frames", Growth::Linear),
        Expected {
            function: "concat_price_frames",
            quantity: Quantity::SelfTime,
            growth: Growth::Quadratic,
        },
    ],
    plot: PricePlot::concatenated,
};

pub const GC_FUTURES_MENDED: GcFutures = GcFutures {
    name: "gc_futures_mended",
    about: "the same backtest with one frame of prices that grows: nothing superlinear",
    expected: &[
        Expected::calls("run_backtest", Growth::Constant),
        Expected::calls("load_bars", Growth::Linear),
        Expected::calls("on_trading_iteration", Growth::Linear),
        Expected::calls("history_window", Growth::Linear),
        Expected::calls("moving_average_crossover", Growth::Linear),
        Expected::calls("write_log_line", Growth::Linear),
        Expected::calls("append_price_row", Growth::Linear),
    ],
    plot: PricePlot::growing,
};

impl Sample for GcFutures {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "days", usual: &[7, 30, 91, 304], tiny: [2, 4, 16] }
    }

    fn expected(&self) -> &'static [Expected] {
        self.expected
    }

    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        let plot = if args.plot_price { (self.plot)() } else { PricePlot::Off };
        let (outcome, _) = run_backtest(args, plot, out)?;
        outcome.write(out)
    }
}
