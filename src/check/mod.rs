//! Growth as an assertion in a test: how often functions are called, what a counter says, or how
//! long something takes, at several sizes, held against a class.
//!
//! Calls are exact, so the test never flakes and takes no longer than the work itself. The
//! functions are those with a [`span!`](crate::span) that the work enters on the thread of the
//! test:
//!
//! ```
//! use superlinear::check;
//! use superlinear::check::Class;
//! use superlinear::span;
//!
//! fn is_known(known: &[usize], word: usize) -> bool {
//!     let _span = span!("is_known");
//!     known.last() == Some(&word)
//! }
//!
//! fn unique(words: &[usize]) -> Vec<usize> {
//!     let mut known = Vec::new();
//!     for word in words {
//!         if !is_known(&known, *word) {
//!             known.push(*word);
//!         }
//!     }
//!     known
//! }
//!
//! // In a test:
//! check::calls([250, 500, 1_000, 2_000], |n| unique(&(0..n).collect::<Vec<_>>()))
//!     .at_most(Class::N);
//! ```
//!
//! A function that is called too often fails the test, with its place, its callers, the exponent
//! with its interval, and a plot:
//!
//! ```should_panic
//! # use superlinear::check;
//! # use superlinear::check::Class;
//! fn compare(a: usize, b: usize) -> bool {
//!     let _span = superlinear::span!("compare");
//!     a == b
//! }
//!
//! check::calls([50, 100, 200, 400], |n| {
//!     (0..n).filter(|a| (0..n).any(|b| b > *a && compare(*a, b))).count()
//! })
//! .at_most(Class::NLogN); // compare: called n^2.00 times
//! ```
//!
//! A loop within one function makes no calls. What counts its turns is handed over by [`counts`]:
//!
//! ```
//! # use superlinear::check;
//! # use superlinear::check::Class;
//! check::counts([100, 200, 400, 800], |n| {
//!     let mut comparisons = 0;
//!     let mut words: Vec<usize> = (0..n).rev().collect();
//!     words.sort_by(|a, b| {
//!         comparisons += 1;
//!         a.cmp(b)
//!     });
//!     comparisons
//! })
//! .at_most(Class::NLogN);
//! ```
//!
//! [`times`] measures, in rounds over all sizes. Times prove less: a test fails only when two
//! series of rounds, one after the other, are both certain, and passes when it cannot be told,
//! unless [`strict`](Growth::strict).

mod answer;
mod growth;
mod series;
mod timing;

pub use answer::Failure;
pub use growth::Growth;
pub use growth::calls;
pub use growth::counts;
pub use growth::times;

pub use crate::stats::Class;
