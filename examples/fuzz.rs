//! Feeds damaged plans, journals, tables and profiles to the readers, on the stable toolchain:
//!
//! ```sh
//! cargo run --example fuzz -- 600          # seconds
//! cargo run --example fuzz -- 60 12345     # with another seed
//! ```
//!
//! The corpus is what the project tests with; an input that makes a reader say something new joins
//! it. An input that makes a reader panic, or take longer than two seconds, is kept in
//! `target/fuzz`, and the exit code is 1.

#![allow(clippy::disallowed_methods, reason = "an example makes files as it likes")]

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::Read as _;
use std::panic;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use std::time::Instant;

use flate2::Compression;
use flate2::read::GzEncoder;
use superlinear::cli::names;
use superlinear::format;
use superlinear::format::measurements_csv;
use superlinear::format::reader::HEAD_BYTES;
use superlinear::plan::Plan;
use superlinear::plan::RunId;
use superlinear::plan::change;
use superlinear::profile::Edge;
use superlinear::profile::Profile;
use superlinear::profile::wire;
use superlinear::store::journal;
use superlinear::store::read;
use superlinear::store::splice;

const SLOW: Duration = Duration::from_secs(2);
const LARGEST: usize = 1 << 20;

/// A reader: what it said, in words.
type Reader = Box<dyn Fn(&[u8]) -> String>;

const PLAN: &str = r#"{"version": 1, "note": [1, 2.50, "é"],
 "workloads": {"w": {"command": ["true", "{size}"], "env": {"A": "b"}, "timeout": "5m"}},
 "settings": {"workload": "w", "grace": "2s", "repetitions": 2},
 "invariants": {"env": {"A": "b"}, "required_env": ["K"], "max_load": 2.0},
 "runs": [{"id": "a", "size": 1, "status": "done", "attempts": [{"number": 1, "host": "h",
   "boot_id": "b", "pid": 1, "started": "2025-01-01T00:00:00Z", "ended": "2025-01-01T00:00:01Z",
   "outcome": {"exit_code": 3}}]},
          {"id": "b", "start": "2025-01-20", "end": "2025-01-26", "phase": 0, "label": "cold"}],
 "results": {
   "a": {"size": 1, "wall_seconds": [1.5], "user_seconds": [1], "system_seconds": [0.5],
     "peak_memory_bytes": [1000], "page_faults": [{"minor": 1, "major": 0}], "bytes_read": [0],
     "bytes_written": [0], "exit_code": 0, "attempts": [1], "finished": ["2025-01-01T00:00:01Z"],
     "files": []},
   "b": {"size": 7, "wall_seconds": [], "user_seconds": [], "system_seconds": [],
     "peak_memory_bytes": [], "page_faults": [], "bytes_read": [], "bytes_written": [],
     "exit_code": 0, "attempts": [], "finished": [], "files": []}
 }}"#;

const JOURNAL: &str = r#"{"run":"a","event":"claimed","attempt":{"number":2,"host":"h","boot_id":"b","pid":1,"started":"2025-01-01T00:00:00Z"}}
{"run":"a","event":"ended","attempt":2,"ended":"2025-01-01T00:00:01Z","outcome":"interrupted","on_request":false,"message":""}
{"run":"a","event":"given_up","attempt":2,"at":"2025-01-01T00:00:02Z"}
{"run":"b","event":"reset","attempts":0,"at":"2025-01-01T00:00:02Z"}
"#;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    let seed: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let readers = readers();
    let mut corpora: Vec<Vec<Vec<u8>>> = readers.iter().map(|(name, _)| seeds(name)).collect();
    let mut said = BTreeSet::new();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut faults = 0;
    let begin = Instant::now();
    panic::set_hook(Box::new(|_| ()));
    while begin.elapsed() < Duration::from_secs(seconds) {
        for (index, (name, reader)) in readers.iter().enumerate() {
            let input = mutated(&mut dice, &corpora[index]);
            *counts.entry(*name).or_default() += 1;
            let watch = Instant::now();
            let answer = panic::catch_unwind(AssertUnwindSafe(|| reader(&input)));
            let took = watch.elapsed();
            match answer {
                Ok(words) if took < SLOW => {
                    if said.insert((index, class(&words))) {
                        corpora[index].push(input);
                    }
                }
                Ok(_) => faults += keep(name, &input, &format!("took {took:?}")),
                Err(cause) => {
                    faults += keep(name, &input, &format!("panicked: {}", words(&*cause)));
                }
            }
        }
    }
    for (index, (name, _)) in readers.iter().enumerate() {
        println!("{name}: {} inputs, {} in the corpus", counts[name], corpora[index].len());
    }
    println!("{faults} faults, {} different answers", said.len());
    ExitCode::from(u8::from(faults > 0))
}

/// Those of the project's own files, that of any profile, and each format's by itself, so that no
/// other takes its files away.
fn readers() -> Vec<(&'static str, Reader)> {
    let mut readers: Vec<(&'static str, Reader)> = vec![
        ("plan", Box::new(plan)),
        ("journal", Box::new(changes)),
        ("exchange", Box::new(exchange)),
        ("measurements", Box::new(measurements)),
        ("any profile", Box::new(profile)),
        ("gzip", Box::new(profile)),
    ];
    for reader in format::ALL {
        let read = move |mut input: &[u8]| told(&reader.read(&mut input));
        readers.push((reader.name(), Box::new(read)));
    }
    readers
}

fn plan(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    match read::plan(Path::new("plan.json"), &text, names::known()) {
        Err(error) => format!("{error} {:?}", error.hint()),
        Ok(plan) => {
            let touched: BTreeSet<RunId> = plan.runs.keys().cloned().collect();
            let again = splice::updated(&text, &plan, &touched).expect("a plan is an object");
            let reread = read::plan(Path::new("plan.json"), &again, names::known());
            assert_eq!(reread.expect("what is written can be read").runs.len(), plan.runs.len());
            check_removal(&text, plan.clone(), &touched);
            format!("{} runs, {} results", plan.runs.len(), plan.results.len())
        }
    }
}

/// Takes some results out of a plan, or all: what is left can be read.
fn check_removal(text: &str, mut plan: Plan, touched: &BTreeSet<RunId>) {
    for every in [3, 2, 1] {
        let mut place = text.len();
        plan.results.retain(|_, _| {
            place += 1;
            !place.is_multiple_of(every)
        });
        let less = splice::updated(text, &plan, touched).expect("a plan is an object");
        let reread = read::plan(Path::new("plan.json"), &less, names::known());
        let left = reread.expect("what is left can be read").results;
        assert!(plan.results.keys().eq(left.keys()), "{:?}", left.keys());
    }
}

fn changes(input: &[u8]) -> String {
    let path = env::temp_dir().join(format!("superlinear-fuzz-{}.journal", std::process::id()));
    fs::write(&path, input).expect("the folder of temporary files can be written");
    let read = journal::read(&path, 0);
    let _ = fs::remove_file(&path);
    match read {
        Err(error) => error.to_string(),
        Ok(entries) => {
            let mut plan = read::plan(Path::new("plan.json"), PLAN, names::known())
                .expect("the seed is a plan");
            entries.changes.iter().for_each(|entry| change::apply(&mut plan, entry));
            let once = plan.clone();
            entries.changes.iter().for_each(|entry| change::apply(&mut plan, entry));
            assert_eq!(once.runs.len(), plan.runs.len());
            let touched: BTreeSet<RunId> = plan.runs.keys().cloned().collect();
            let text = splice::updated(PLAN, &plan, &touched).expect("a plan is an object");
            match read::plan(Path::new("plan.json"), &text, names::known()) {
                Ok(_) => format!("{} changes", entries.changes.len()),
                Err(error) => format!("folded into what is refused: {error}"),
            }
        }
    }
}

fn profile(input: &[u8]) -> String {
    told(&format::read_bytes(input))
}

/// What was read; all that is kept of it must hang together and be written again.
fn told(read: &Result<Profile, format::Fault>) -> String {
    match read {
        Ok(profile) => {
            let known = profile.functions.len();
            let joins = |edge: &Edge| edge.caller < known && edge.callee < known;
            assert!(profile.edges.iter().all(joins), "an edge leads nowhere");
            format!("{} functions", known.min(20))
        }
        Err(problem) => format!("{problem:?}"),
    }
}

fn measurements(mut input: &[u8]) -> String {
    match measurements_csv::read(&mut input) {
        Ok(series) => format!("{} ids", series.len().min(20)),
        Err(problem) => format!("{problem:?}"),
    }
}

fn exchange(input: &[u8]) -> String {
    match wire::from_json(input) {
        Ok(profile) => format!("{} functions", profile.functions.len().min(20)),
        Err(problem) => problem.to_string(),
    }
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let mut seeds = match name {
        "plan" => vec![PLAN.as_bytes().to_vec(), b"{\"runs\": []}".to_vec()],
        "journal" => vec![JOURNAL.as_bytes().to_vec()],
        "exchange" => {
            let mut profiles = Vec::new();
            files(Path::new("tests/data/format"), &mut profiles);
            let parsed = profiles.iter().filter_map(|bytes| format::read_bytes(bytes).ok());
            parsed
                .map(|profile| wire::to_json(&profile))
                .filter(|text| text.len() < LARGEST)
                .collect()
        }
        "measurements" => vec![
            b"id,size,repetition,value\na,1,1,0.5\na,2,1,1e3\n\"b, c\",4,,-1\n".to_vec(),
            b"value;size;id\n1,5;2;x\n".to_vec(),
        ],
        _ => vec![
            b"name,ncall,tsub,ttot,tavg\na.py:1 f,12/3,0.5,1.5,0.125\n".to_vec(),
            b"full_name,module,lineno,name,ncall,nactualcall,ttot_s,tsub_s,tavg_s,ctx_name\n\
              a.f,a.py,3,f,2,2,0.2,0.1,0.1,MainThread\n"
                .to_vec(),
            b"# callgrind format\nversion: 1\ncreator: x\npositions: line\nevents: Ir\n\
              fl=(1) a.c\nfn=(1) main\n16 20\ncfn=(2) work\ncalls=1 50\n16 400\n"
                .to_vec(),
            b"main (a.py:1);work (a.py:7) 12\nmain (a.py:1) 3\n".to_vec(),
        ],
    };
    if !["plan", "journal", "exchange", "measurements"].contains(&name) {
        files(Path::new("tests/data/format"), &mut seeds);
        let read: Vec<Profile> =
            seeds.iter().filter_map(|bytes| format::read_bytes(bytes).ok()).collect();
        for writer in format::WRITERS {
            seeds.extend(read.iter().map(|profile| writer.write(profile)));
        }
        seeds.retain(|bytes| bytes.len() < LARGEST && is_of(name, bytes));
    }
    if name == "gzip" {
        seeds = seeds.iter().map(|bytes| packed(bytes)).collect();
    }
    if seeds.is_empty() {
        seeds.push(b"{}".to_vec());
    }
    seeds
}

/// Whether a file is for the reader of that name.
fn is_of(name: &str, bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    format::by_name(name).map_or(true, |reader| reader.recognises(head))
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(bytes, Compression::fast())
        .read_to_end(&mut packed)
        .expect("memory can be packed");
    packed
}

fn files(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if let Ok(bytes) = fs::read(&path)
            && bytes.len() < LARGEST
        {
            found.push(bytes);
        }
    }
}

fn mutated(dice: &mut Dice, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut input = corpus[dice.below(corpus.len())].clone();
    for _ in 0..=dice.below(6) {
        if input.is_empty() {
            input.push(b'{');
        }
        let at = dice.below(input.len());
        let end = (at + 1 + dice.below(24)).min(input.len());
        match dice.below(9) {
            0 => input[at] = dice.next() as u8,
            1 => input[at] ^= 1 << dice.below(8),
            2 => drop(input.drain(at..end)),
            3 => {
                let copy = input[at..end].to_vec();
                input.splice(at..at, copy);
            }
            4 => input.truncate(at),
            5 => {
                let other = &corpus[dice.below(corpus.len())];
                let from = dice.below(other.len().max(1)).min(other.len());
                input.splice(at..end, other[from..].iter().copied().take(64));
            }
            6 => drop(input.splice(at..end, WORDS[dice.below(WORDS.len())].bytes())),
            7 => {
                let copy = input[at..end].repeat(1 + dice.below(200));
                input.splice(at..at, copy);
            }
            _ => input.splice(at..end, [0xff_u8, 0xff, 0xff, 0x7f]).for_each(drop),
        }
    }
    input.truncate(LARGEST);
    input
}

/// What parsers trip over.
const WORDS: [&str; 24] = [
    "-1",
    "0",
    "1e999",
    "-0.0",
    "NaN",
    "18446744073709551616",
    "4294967295",
    "9223372036854775807",
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "\"\\ud800\"",
    "\u{feff}",
    "é",
    "\\u0000",
    "0001-01-01",
    "9999-12-31",
    "-262143-01-01",
    "99999999999h",
    "\n",
    ",",
    "\"id\": \"a\",",
];

/// Words without their numbers and names, so that answers of one kind are one.
fn class(words: &str) -> String {
    let mut class = String::new();
    let mut in_name = false;
    for letter in words.lines().next().unwrap_or_default().chars().take(160) {
        match letter {
            '`' | '"' | '\'' => in_name = !in_name,
            letter if in_name || letter.is_ascii_digit() => {}
            letter => class.push(letter),
        }
    }
    class
}

fn keep(name: &str, input: &[u8], why: &str) -> u32 {
    let folder = Path::new("target/fuzz");
    let sum = input.iter().fold(5_381_u64, |sum, byte| sum.wrapping_mul(33) ^ u64::from(*byte));
    let path = folder.join(format!("{name}-{sum:016x}"));
    let kept = fs::create_dir_all(folder).and_then(|()| fs::write(&path, input));
    println!("{name}: {why}; input in `{}` ({kept:?})", path.display());
    1
}

fn words(cause: &(dyn std::any::Any + Send)) -> String {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no words").to_string()
}

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}
