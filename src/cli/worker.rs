//! The two hidden commands: a worker, which reads its job from standard input, and an embedded
//! sample, which is a program like any other to the worker that measures it.

use std::ffi::OsString;
use std::io;
use std::io::BufWriter;
use std::io::Read as _;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Parser;

use crate::error::Error;
use crate::error::Result;
use crate::executor::Job;
use crate::worker;
use crate::workload;
use crate::workload::SampleArgs;

/// The largest job that is read.
const LIMIT: u64 = 16 << 20;

/// Does the job on standard input; without one there is nothing to do, because the runner that was
/// to give it is gone.
///
/// # Errors
/// When the attempt could not even be reported.
pub fn work() -> Result<u8> {
    let mut text = Vec::new();
    let read = io::stdin().lock().take(LIMIT).read_to_end(&mut text);
    let job = read.ok().and_then(|_| serde_json::from_slice::<Job>(&text).ok());
    job.map_or(Ok(0), |job| worker::work(&job).map(|()| 0))
}

/// Runs an embedded sample.
///
/// # Errors
/// When there is no such sample, or it cannot write its output.
pub fn sample(arguments: &[OsString]) -> Result<u8> {
    let named = std::iter::once(OsString::from("sample")).chain(arguments.iter().cloned());
    let args = match SampleLine::try_parse_from(named) {
        Ok(args) => args,
        Err(error) => return Err(Error::usage(error.to_string(), "")),
    };
    let sample = workload::by_name(&args.name)?;
    let window = match (args.start, args.end, args.size) {
        (Some(start), Some(end), _) => SampleArgs::of_window(start, end, args.cache_dir)?,
        (_, _, size) => SampleArgs::of_size(size.unwrap_or(7), args.cache_dir)?,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    workload::measured(sample, &window, &mut out)?;
    Ok(0)
}

/// An embedded sample.
#[derive(Debug, Parser)]
struct SampleLine {
    name: String,
    #[arg(long)]
    cache_dir: PathBuf,
    #[arg(long, requires = "end")]
    start: Option<NaiveDate>,
    #[arg(long, requires = "start")]
    end: Option<NaiveDate>,
    #[arg(long, conflicts_with = "start")]
    size: Option<u64>,
}
