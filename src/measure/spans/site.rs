//! The places in a program that are measured, each with a small number of its own.
//! What was spent there is kept elsewhere, per thread.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use crate::profile::FunctionKey;

/// Opens a measured span that lasts until the value is dropped; the usual line is the first of a
/// function: `let _span = superlinear::span!("load_bars");`.
///
/// The name stands in the profile with the file and the line of this call. While no
/// [`Session`](crate::measure::spans::Session) records, it costs one look at a flag.
#[macro_export]
macro_rules! span {
    ($name:expr) => {{
        static SITE: $crate::measure::spans::Site =
            $crate::measure::spans::Site::new($name, file!(), line!());
        $crate::measure::spans::Guard::enter(&SITE)
    }};
}

/// One measured place in the source, as [`span!`](crate::span) declares it.
#[derive(Debug)]
pub struct Site {
    name: &'static str,
    file: &'static str,
    line: u32,
    /// 0 until first entered.
    number: AtomicU32,
}

/// Every site that was entered; number 1 is the first.
static SITES: Mutex<Vec<FunctionKey>> = Mutex::new(Vec::new());

impl Site {
    pub const fn new(name: &'static str, file: &'static str, line: u32) -> Self {
        Self { name, file, line, number: AtomicU32::new(0) }
    }

    /// The number of this site, from 1, the same for as long as the process lives.
    #[inline(always)]
    pub(super) fn number(&self) -> u32 {
        match self.number.load(Ordering::Relaxed) {
            0 => self.register(),
            known => known,
        }
    }

    #[cold]
    fn register(&self) -> u32 {
        let mut sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.number.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        let number = push(&mut sites, self.key());
        self.number.store(number, Ordering::Relaxed);
        number
    }

    fn key(&self) -> FunctionKey {
        FunctionKey { name: self.name.into(), file: self.file.into(), line: self.line }
    }
}

/// A new number for a place that is known only at run time; the caller remembers it.
pub(super) fn register(key: FunctionKey) -> u32 {
    push(&mut SITES.lock().unwrap_or_else(PoisonError::into_inner), key)
}

/// What every number stands for; position 0 is number 1.
pub(super) fn keys() -> Vec<FunctionKey> {
    SITES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Past four thousand million sites the answer is 0, the caller of outermost calls, which nothing
/// is recorded for; memory ends long before.
fn push(sites: &mut Vec<FunctionKey>, key: FunctionKey) -> u32 {
    sites.push(key);
    u32::try_from(sites.len()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_keeps_its_number_on_every_thread() {
        static ONE: Site = Site::new("one", "a.rs", 1);
        static TWO: Site = Site::new("two", "a.rs", 2);
        let numbers: Vec<u32> = (0..8)
            .map(|_| std::thread::spawn(|| ONE.number()))
            .map(|thread| thread.join().unwrap())
            .collect();
        assert!(numbers.iter().all(|number| *number == ONE.number()));
        assert_ne!(ONE.number(), TWO.number());
        assert_eq!(keys()[TWO.number() as usize - 1].name, "two");
    }
}
