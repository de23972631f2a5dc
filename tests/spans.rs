//! Programs that measure themselves, run and collected as the worker does it: with the guard, with
//! the layer and the subscriber for `tracing`, to the end and interrupted.

use std::future::Future;
use std::io::BufRead as _;
use std::io::BufReader;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::pin::pin;
use std::process::Child;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;
use std::time::Duration;

use superlinear::measure;
use superlinear::measure::Program;
use superlinear::measure::spans;
use superlinear::measure::spans::Session;
use superlinear::profile::Cost;
use superlinear::profile::Profile;
use superlinear::profile::wire;
use superlinear::system::file;
use tracing::Instrument as _;
use tracing_subscriber::layer::SubscriberExt as _;

#[test]
fn the_guard_counts_every_thread_and_every_call() {
    let scratch = tempfile::tempdir().unwrap();
    let output = run("spans_guard", &["600"], scratch.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stdout, b"600 words\n200 distinct\n");
    let profile = collect(scratch.path());
    for (name, calls) in
        [("count_on_two_threads", 1), ("count_distinct", 2), ("word", 600), ("is_known", 600)]
    {
        let cost = cost(&profile, name);
        assert_eq!((cost.ncall, cost.nactual), (calls, calls), "{name}");
        assert!(cost.tsub > 0.0 && cost.tsub <= cost.ttot, "{name}");
    }
    assert_eq!(edge(&profile, "count_distinct", "is_known"), Some(600));
    assert_eq!(edge(&profile, "count_on_two_threads", "word"), None);
    assert_eq!(profile.threads.len(), 2);
    assert!(profile.origin.warnings.is_empty());
    assert!(profile.functions[0].key.file.ends_with("spans_guard.rs"));
}

#[test]
fn without_the_variable_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for example in ["spans_guard", "spans_tracing"] {
        let mut command = command(&example_path(example), &["10".into()]);
        let output = command.current_dir(folder.path()).output().unwrap();
        assert!(output.status.success());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The 16th Fibonacci number, 987, takes 2 · 1597 − 1 calls.
#[test]
fn spans_of_tracing_are_counted_by_the_layer_and_by_the_subscriber() {
    for arguments in [&["16"][..], &["16", "only"]] {
        let scratch = tempfile::tempdir().unwrap();
        let output = run("spans_tracing", arguments, scratch.path());
        assert!(output.status.success(), "{output:?}");
        assert_eq!(output.stdout, b"number 16 is 987\n");
        let profile = collect(scratch.path());
        let (report, fibonacci) = (cost(&profile, "report"), cost(&profile, "fibonacci"));
        assert_eq!((report.ncall, report.nactual), (1, 1));
        assert_eq!((fibonacci.ncall, fibonacci.nactual), (3_193, 1));
        assert_eq!(edge(&profile, "report", "fibonacci"), Some(1));
        assert_eq!(edge(&profile, "fibonacci", "fibonacci"), Some(3_192));
        let own = report.tsub + fibonacci.tsub;
        assert!((own / report.ttot - 1.0).abs() < 1e-9, "{own}");
        assert!(fibonacci.ttot < report.ttot);
    }
}

#[test]
fn a_terminated_program_leaves_its_profile_and_dies_of_the_signal() {
    let scratch = tempfile::tempdir().unwrap();
    let mut child = start("spans_guard", &["100000000"], scratch.path());
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let pid = child.id().to_string();
    assert!(command(Path::new("kill"), &[pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().signal(), Some(15));
    let profile = collect(scratch.path());
    let whole = cost(&profile, "count_on_two_threads");
    assert_eq!((whole.ncall, whole.nactual), (1, 1));
    assert!(whole.ttot > 0.01, "{whole:?}");
    assert_eq!(cost(&profile, "count_distinct").ncall, 2);
    assert!(profile.origin.warnings[0].contains("had not ended"));
}

#[test]
fn a_future_counts_once_and_its_waiting_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.json");
    let session = Session::into_file(&path);
    let with_layer = tracing_subscriber::registry().with(spans::layer());
    tracing::subscriber::with_default(with_layer, || poll_two_in_turn("layered"));
    tracing::subscriber::with_default(spans::subscriber(), || poll_two_in_turn("alone"));
    session.finish().unwrap();
    let profile = wire::from_json(&file::read(&path, 1 << 30).unwrap()).unwrap();
    let functions = profile.functions.iter();
    let futures: Vec<_> = functions.filter(|function| function.key.name == "future").collect();
    assert_eq!(futures.len(), 1);
    let cost = futures[0].cost;
    assert_eq!((cost.ncall, cost.nactual), (4, 4));
    assert!((0.008..0.25).contains(&cost.ttot), "{cost:?}");
    assert_eq!(edge(&profile, "future", "step"), Some(16));
}

/// Two futures of four steps, a step of each in turn; half a millisecond of work per step and
/// long waits between.
fn poll_two_in_turn(name: &str) {
    let future = |which: u32| {
        let span = tracing::info_span!("future", which, name);
        four_steps().instrument(span)
    };
    let (mut first, mut second) = (pin!(future(1)), pin!(future(2)));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..5 {
        let _ = first.as_mut().poll(&mut context);
        let _ = second.as_mut().poll(&mut context);
        std::thread::sleep(Duration::from_millis(40));
    }
}

async fn four_steps() {
    for _ in 0..4 {
        tracing::info_span!("step").in_scope(|| spin(Duration::from_micros(500)));
        let mut waited = false;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

fn spin(least: Duration) {
    let watch = std::time::Instant::now();
    while watch.elapsed() < least {
        std::hint::spin_loop();
    }
}

fn run(example: &str, arguments: &[&str], scratch: &Path) -> Output {
    start(example, arguments, scratch).wait_with_output().unwrap()
}

/// Starts an example as the backend would have it.
fn start(example: &str, arguments: &[&str], scratch: &Path) -> Child {
    let mut argv = vec![example_path(example).to_string_lossy().into_owned()];
    argv.extend(arguments.iter().copied().map(String::from));
    let program = Program { argv, env: [].into(), cwd: scratch.into() };
    let backend = measure::by_name("spans").unwrap();
    backend.check(&program).unwrap();
    let measured = backend.measured(&program, scratch).unwrap();
    command(Path::new(&measured.argv[0]), &measured.argv[1..])
        .envs(measured.env)
        .current_dir(measured.cwd)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn collect(scratch: &Path) -> Profile {
    let backend = measure::by_name("spans").unwrap();
    backend.collect(scratch, &superlinear::format::read_profile).unwrap().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test is nobody's library")]
fn command(program: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_remove("SUPERLINEAR_PROFILE");
    command
}

/// Examples lie beside the folder of this test; `cargo test` builds them with it.
fn example_path(example: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let built = own.parent().and_then(Path::parent).unwrap();
    let path = built.join("examples").join(example);
    assert!(path.exists(), "build it with `cargo build --examples`");
    path
}

fn cost(profile: &Profile, name: &str) -> Cost {
    profile.functions[place(profile, name)].cost
}

fn edge(profile: &Profile, caller: &str, callee: &str) -> Option<u64> {
    let ends = (place(profile, caller), place(profile, callee));
    let mut edges = profile.edges.iter();
    let edge = edges.find(|edge| (edge.caller, edge.callee) == ends)?;
    Some(edge.cost.ncall)
}

fn place(profile: &Profile, name: &str) -> usize {
    let mut functions = profile.functions.iter();
    let place = functions.position(|function| function.key.name == name);
    place.unwrap_or_else(|| panic!("`{name}` was not recorded"))
}
