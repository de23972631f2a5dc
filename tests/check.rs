//! Assertions on growth as a project would write them, on code that holds and on code that does
//! not.

use std::collections::BTreeSet;
use std::panic;

use superlinear::check;
use superlinear::check::Class;
use superlinear::span;
use superlinear::system::clock::Stopwatch;

const SIZES: [usize; 4] = [100, 200, 400, 800];

fn is_same(left: usize, right: usize) -> bool {
    let _span = span!("is_same");
    left == right
}

fn unique_slow(words: &[usize]) -> Vec<usize> {
    let _span = span!("unique_slow");
    let mut known: Vec<usize> = Vec::new();
    for word in words {
        if !known.iter().any(|other| is_same(*other, *word)) {
            known.push(*word);
        }
    }
    known
}

fn unique(words: &[usize]) -> BTreeSet<usize> {
    let _span = span!("unique");
    words.iter().copied().filter(|word| is_same(*word, *word)).collect()
}

fn words(size: usize) -> Vec<usize> {
    (0..size).map(|number| number % (size / 2)).collect()
}

#[test]
fn unique_compares_no_more_than_n_log_n_times() {
    check::calls([250, 500, 1_000, 2_000], |n| unique(&words(n))).at_most(Class::NLogN);
}

#[test]
fn what_holds_is_silent() {
    check::calls(SIZES, |n| unique(&words(n))).at_most(Class::N);
    check::calls(SIZES, |n| unique(&words(n))).strict().at_most(Class::N);
    check::calls(SIZES, |n| unique_slow(&words(n))).at_most(Class::N2);
}

#[test]
fn a_function_that_is_called_too_often_fails_with_its_place_and_plot() {
    let failure = check::calls(SIZES, |n| unique_slow(&words(n))).within(Class::NLogN);
    let text = failure.unwrap_err().to_string();
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("`is_same` (tests/check.rs:"), "{text}");
    assert!(first.contains(") is called more than n log n allows: n^2.0"), "{text}");
    assert!(first.ends_with("], quadratic"), "{text}");
    assert!(text.contains("times by `unique_slow`"), "{text}");
    assert!(text.contains("● measured  · fitted  (both axes logarithmic)"), "{text}");
    assert!(text.contains("  size 800: "), "{text}");
}

#[test]
fn a_failed_assertion_is_a_panic_with_that_message() {
    let panicked = panic::catch_unwind(|| {
        check::calls(SIZES, |n| unique_slow(&words(n))).at_most(Class::NLogN);
    });
    let message = panicked.unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.contains("is called more than n log n allows"), "{message}");
}

#[test]
fn counts_are_exact() {
    let halvings = |n: usize| u64::from(n.ilog2());
    check::counts(SIZES, halvings).at_most(Class::LogN);
    let failure = check::counts(SIZES, |n| (n * n) as u64).within(Class::NSqrtN).unwrap_err();
    assert!(failure.to_string().contains("the count grows more than n^1.5 allows: n^2.00"));
}

/// Copies all that it has so far, at each step.
fn copies(size: usize) -> usize {
    let mut whole: Vec<u64> = Vec::new();
    for step in 0..size {
        whole.push(step as u64);
        whole = std::hint::black_box(whole.clone());
    }
    whole.len()
}

#[test]
fn times_fail_only_when_it_is_certain() {
    let sizes = [500, 1_000, 2_000, 4_000, 8_000];
    check::times(sizes, |n| (0..n as u64).map(std::hint::black_box).sum::<u64>())
        .at_most(Class::NSqrtN);
    let failure = check::times(sizes, copies).strict().within(Class::LogN).unwrap_err();
    assert!(failure.to_string().contains("the time grows"), "{failure}");
}

#[test]
fn what_cannot_fail_is_refused() {
    let failure = check::calls(SIZES, |n| n).within(Class::N2).unwrap_err();
    assert!(failure.to_string().contains("no span was entered on this thread"));
    for sizes in [&[][..], &[1, 2], &[5, 5, 5], &[0, 1, 2]] {
        let failure = check::counts(sizes.iter().copied(), |n| n as u64).within(Class::N);
        assert!(failure.unwrap_err().to_string().contains("three different sizes"));
    }
}

/// Other tests of the process enter the same spans at the same time.
#[test]
fn tests_that_run_beside_each_other_do_not_count_for_each_other() {
    std::thread::scope(|scope| {
        let noise = scope.spawn(|| (0..20).map(|_| unique_slow(&words(200)).len()).sum::<usize>());
        for _ in 0..20 {
            check::calls(SIZES, |n| unique(&words(n))).at_most(Class::N);
        }
        noise.join().unwrap();
    });
}

/// The estimate is not asked where exact counts are plainly within: the quickest of twenty is far
/// below the promised 50 ms, however busy the machine is.
#[test]
fn counts_that_hold_cost_little_more_than_the_work() {
    let quickest = (0..20).map(|_| {
        let watch = Stopwatch::start();
        check::counts(SIZES, |n| n as u64).at_most(Class::N);
        watch.elapsed()
    });
    let quickest = quickest.min().unwrap();
    assert!(quickest.as_millis() < 50, "{quickest:?}");
}
