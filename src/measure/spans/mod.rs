//! Exact calls and wall time of Rust functions: the guard, the layer and the subscriber for
//! `tracing`, the session that saves the profile, and the backend that collects it.
//!
//! A program measures its functions with a session in `main` and a span in each of them; without
//! the environment variable `SUPERLINEAR_PROFILE` both do nothing, at 2 ns a call:
//!
//! ```
//! use superlinear::measure::spans::Session;
//! use superlinear::span;
//!
//! fn load(rows: u32) -> u32 {
//!     let _span = span!("load");
//!     (0..rows).map(|row| row % 7).sum()
//! }
//!
//! fn main() -> superlinear::error::Result<()> {
//!     let session = Session::from_env().saved_on_termination()?;
//!     println!("{}", load(1_000));
//!     session.finish()
//! }
//! ```
//!
//! A program that uses `tracing` adds one line to the set-up of its subscriber instead, and has the
//! profile saved when it exits:
//!
//! ```
//! use tracing_subscriber::layer::SubscriberExt as _;
//! use tracing_subscriber::util::SubscriberInitExt as _;
//!
//! tracing_subscriber::registry()
//!     .with(superlinear::measure::spans::layer())
//!     .init();
//! ```
//!
//! Both are in `examples/`, to be run.

pub mod backend;
mod callsite;
mod edge;
mod frame;
pub mod guard;
pub mod layer;
mod recorder;
pub mod session;
pub mod site;
mod snapshot;
pub mod subscriber;
mod table;
pub mod tally;
mod thread;

pub use backend::Spans;
pub use guard::Guard;
pub use layer::layer;
pub use session::Session;
pub use site::Site;
pub use subscriber::subscriber;
