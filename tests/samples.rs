//! Every embedded sample is what it says it is: its functions are called as often as it declares,
//! and what it declares quadratic is so by the clock too, within a wide band.

use std::collections::BTreeMap;
use std::path::Path;

use superlinear::measure::spans::Session;
use superlinear::profile::Cost;
use superlinear::profile::Profile;
use superlinear::profile::wire;
use superlinear::system::file;
use superlinear::workload;
use superlinear::workload::Expected;
use superlinear::workload::Quantity;
use superlinear::workload::Sample;
use superlinear::workload::SampleArgs;

#[test]
fn every_sample_grows_as_it_declares() {
    let folder = tempfile::tempdir().unwrap();
    let profile_path = folder.path().join("profile.json");
    let session = Session::into_file(&profile_path);
    let mut results = BTreeMap::new();
    for sample in workload::ALL {
        for size in sample.sizes().tiny {
            results.insert((size, sample.name()), run(sample, size, folder.path()));
        }
    }
    session.finish().unwrap();
    let profile = wire::from_json(&file::read(&profile_path, 1 << 30).unwrap()).unwrap();
    for sample in workload::ALL {
        for expected in sample.expected() {
            check(&profile, sample, expected);
        }
    }
    for days in workload::by_name("gc_futures").unwrap().sizes().tiny {
        let (buggy, mended) =
            (&results[&(days, "gc_futures")], &results[&(days, "gc_futures_mended")]);
        assert_eq!(buggy, mended);
        assert!(buggy.contains(&format!("{} iterations", days * 288)));
    }
}

/// Runs a sample in a thread of its own, whose name tells the runs apart in the profile.
fn run(sample: &'static dyn Sample, days: u64, folder: &Path) -> String {
    let args = SampleArgs {
        plot_price: true,
        logging: true,
        ..SampleArgs::of_size(days, folder.join("cache")).unwrap()
    };
    std::thread::Builder::new()
        .name(thread_name(sample, days))
        .spawn(move || {
            let mut out = Vec::new();
            sample.run(&args, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        })
        .unwrap()
        .join()
        .unwrap()
}

fn check(profile: &Profile, sample: &dyn Sample, expected: &Expected) {
    let sizes = sample.sizes().tiny;
    let costs = sizes.map(|size| cost(profile, &thread_name(sample, size), expected.function));
    let name = format!("{} of {}", expected.function, sample.name());
    let ratio = |size: u64| expected.growth.ratio(sizes[0] as f64, size as f64);
    match expected.quantity {
        Quantity::Calls => {
            for (cost, size) in costs.iter().zip(sizes) {
                let wanted = costs[0].ncall as f64 * ratio(size);
                assert_eq!(cost.ncall as f64, wanted.round(), "{name}, size {size}");
            }
        }
        Quantity::SelfTime => {
            let [first, .., last] = costs.map(|cost| cost.tsub);
            let span = (sizes[2] as f64 / sizes[0] as f64).ln();
            let (found, wanted) = ((last / first).ln() / span, ratio(sizes[2]).ln() / span);
            assert!((found - wanted).abs() < 0.6, "{name}: exponent {found}");
        }
    }
}

fn cost(profile: &Profile, thread: &str, function: &str) -> Cost {
    let named = |position: usize| profile.functions[position].key.name == function;
    profile
        .threads
        .iter()
        .find(|candidate| candidate.name == thread)
        .and_then(|thread| thread.costs.iter().find(|(position, _)| named(*position)))
        .map(|(_, cost)| *cost)
        .unwrap_or_else(|| panic!("`{function}` was not called on `{thread}`"))
}

fn thread_name(sample: &dyn Sample, days: u64) -> String {
    format!("{}-{days}", sample.name())
}
