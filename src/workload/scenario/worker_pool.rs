//! A hundred backtests shared out among more and more workers; what the pool itself costs is
//! counted.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;

use crate::error::Error;
use crate::error::Result;
use crate::system::clock::Stopwatch;
use crate::system::env;
use crate::system::file;
use crate::workload::market::Market;
use crate::workload::market::history::MINUTE;
use crate::workload::sample::Expected;
use crate::workload::sample::Growth;
use crate::workload::sample::Sample;
use crate::workload::sample::SampleArgs;
use crate::workload::sample::Sizes;
use crate::workload::scenario::backtest;
use crate::workload::scenario::backtest::Position;
use crate::workload::scenario::crossover::Crossover;
use crate::workload::scenario::crossover::Prices;

const TASKS: u64 = 100;
/// Days that each task trades.
const DAYS: u64 = 14;

#[derive(Debug)]
pub struct WorkerPool;

/// How a pool did.
#[derive(Debug, Clone, Copy)]
struct Account {
    wall_seconds: f64,
    /// In tasks, over all workers.
    busy_seconds: f64,
    workers: u64,
}

impl Sample for WorkerPool {
    fn name(&self) -> &'static str {
        "worker_pool"
    }

    fn about(&self) -> &'static str {
        "100 backtests by 2 to 16 workers; counts utilisation, overhead and throughput"
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "workers", usual: &[2, 4, 8, 16], tiny: [2, 4, 16] }
    }

    fn expected(&self) -> &'static [Expected] {
        const {
            &[
                Expected::calls("start_worker", Growth::Linear),
                Expected::calls("load_closes", Growth::Constant),
            ]
        }
    }

    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        let _span = crate::span!("run_pool");
        let market = Market::open(&args.cache_dir, MINUTE)?;
        let prices = Prices::new(market.closes(0, args.first_days(DAYS), 0)?);
        let account = pool(args.size(), &prices)?;
        account.count()?;
        let workers = account.workers;
        backtest::say(out, &format!("{TASKS} tasks done by {workers} workers"))
    }
}

/// Lets `workers` take tasks until none is left.
fn pool(workers: u64, prices: &Prices) -> Result<Account> {
    let (next, busy_nanos) = (AtomicU64::new(0), AtomicU64::new(0));
    let watch = Stopwatch::start();
    thread::scope(|scope| {
        for number in 0..workers {
            let _span = crate::span!("start_worker");
            let worker = thread::Builder::new().name(format!("worker-{number}"));
            let started = worker.spawn_scoped(scope, || work(&next, &busy_nanos, prices));
            started.map_err(|error| Error::bug(format!("cannot start a worker: {error}")))?;
        }
        Ok::<(), Error>(())
    })?;
    let busy_seconds = busy_nanos.into_inner() as f64 / 1e9;
    Ok(Account { wall_seconds: watch.elapsed().as_secs_f64(), busy_seconds, workers })
}

fn work(next: &AtomicU64, busy_nanos: &AtomicU64, prices: &Prices) {
    let _span = crate::span!("work");
    loop {
        let task = next.fetch_add(1, Ordering::Relaxed);
        if task >= TASKS {
            return;
        }
        let watch = Stopwatch::start();
        run_task(task, prices);
        busy_nanos.fetch_add(watch.elapsed().as_nanos() as u64, Ordering::Relaxed);
    }
}

fn run_task(task: u64, prices: &Prices) -> i64 {
    let _span = crate::span!("run_task");
    let fast = 5 + task as usize;
    let mut position = Position::default();
    Crossover { fast, slow: 4 * fast }.trade(prices, 0..prices.len(), &mut position);
    position.gained_steps
}

impl Account {
    /// Leaves the figures as counters, where somebody asks for them.
    fn count(self) -> Result<()> {
        match env::var("SUPERLINEAR_COUNTERS") {
            Some(path) => file::replace(Path::new(&path), self.lines().as_bytes()),
            None => Ok(()),
        }
    }

    /// Utilisation is the part of the workers' time that was spent in tasks, overhead the rest of
    /// it.
    ///
    /// Example: 4 workers, 2 s, 6 s in tasks: 75 % and 2 s; 100 tasks in 2 s are 50 a second.
    fn lines(self) -> String {
        let time = self.workers as f64 * self.wall_seconds;
        let overhead = (time - self.busy_seconds).max(0.0);
        format!(
            "utilisation_percent {:.3}\noverhead_seconds {:.6}\ntasks_per_second {:.3}\n",
            100.0 * (self.busy_seconds / time).min(1.0),
            overhead,
            TASKS as f64 / self.wall_seconds,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_that_of_the_example() {
        let account = Account { wall_seconds: 2.0, busy_seconds: 6.0, workers: 4 };
        let expected =
            "utilisation_percent 75.000\noverhead_seconds 2.000000\ntasks_per_second 50.000\n";
        assert_eq!(account.lines(), expected);
    }

    #[test]
    fn every_task_is_done_once() {
        let prices = Prices::new((0..500).map(|at| 100 + at % 7).collect());
        let account = pool(4, &prices).unwrap();
        assert!(account.busy_seconds > 0.0 && account.wall_seconds > 0.0);
    }
}
