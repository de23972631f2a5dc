//! Short helper programs, run to their end: what they said, within a time and a size.

use std::collections::BTreeMap;
use std::io;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Child;
use std::process::Stdio;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::system::process;
use crate::system::process::Signal;

/// How much of each stream is kept; the rest is read and dropped.
const KEPT_BYTES: u64 = 64 * 1024;
const LONGEST_LINE: u64 = 1 << 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);
/// For streams that a grandchild holds open after the program has ended.
const FOR_LATE_OUTPUT: Duration = Duration::from_secs(1);

/// What a short program said before it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    /// The first 64 KiB.
    pub stdout: Vec<u8>,
    /// The first 64 KiB.
    pub stderr: Vec<u8>,
}

/// Runs a short helper program to its end, with no input; one that is still alive after `timeout`
/// is killed. `env` is set on top of this process's environment.
///
/// # Errors
/// When it cannot be started, or has not ended in time.
pub fn output(
    argv: &[String],
    env: &BTreeMap<String, String>,
    cwd: &Path,
    timeout: Duration,
) -> Result<Output> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(Error::bug("a program without a name was to be started"));
    };
    let mut child = process::command(program)
        .args(arguments)
        .envs(env)
        .current_dir(cwd)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| cannot_start(program, cwd, &source))?;
    let stdout = child.stdout.take().map(beginning_of);
    let stderr = child.stderr.take().map(beginning_of);
    let code = wait(program, &mut child, timeout)?;
    Ok(Output { code, stdout: received(stdout), stderr: received(stderr) })
}

/// Runs a short helper program, in a group of its own, to its end with `input` on its standard
/// input, which it need not read; the group of one that is still alive after `timeout` is killed.
///
/// # Errors
/// As [`output`].
pub fn fed(argv: &[String], input: Vec<u8>, cwd: &Path, timeout: Duration) -> Result<Output> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(Error::bug("a program without a name was to be started"));
    };
    let mut child = process::command(program)
        .args(arguments)
        .current_dir(cwd)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| cannot_start(program, cwd, &source))?;
    if let Some(mut stdin) = child.stdin.take() {
        thread::spawn(move || stdin.write_all(&input));
    }
    let stdout = child.stdout.take().map(beginning_of);
    let stderr = child.stderr.take().map(beginning_of);
    let group = child.id();
    let code = wait(program, &mut child, timeout).inspect_err(|_| {
        process::signal_group(group, Signal::Kill);
    })?;
    Ok(Output { code, stdout: received(stdout), stderr: received(stderr) })
}

/// Runs a helper program to its end, with no input, and gives each line that it prints, without its
/// break, to `each`; lines longer than a megabyte come in pieces. What it said of errors, and its
/// code, are returned.
///
/// # Errors
/// When it cannot be started or its output not be read.
pub fn lines(argv: &[String], cwd: &Path, each: &mut dyn FnMut(&[u8])) -> Result<Output> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(Error::bug("a program without a name was to be started"));
    };
    let mut child = process::command(program)
        .args(arguments)
        .current_dir(cwd)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| cannot_start(program, cwd, &source))?;
    let stderr = child.stderr.take().map(beginning_of);
    let fail = |source: io::Error| start_error(program, source.to_string(), "run it by hand");
    if let Some(stdout) = child.stdout.take() {
        let mut stdout = BufReader::new(stdout);
        let mut line = Vec::new();
        while stdout.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(fail)? > 0 {
            each(line.strip_suffix(b"\n").unwrap_or(&line));
            line.clear();
        }
    }
    let code = child.wait().map_err(fail)?.code();
    Ok(Output { code, stdout: Vec::new(), stderr: received(stderr) })
}

fn wait(program: &str, child: &mut Child, timeout: Duration) -> Result<Option<i32>> {
    let begin = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.code()),
            Ok(None) if begin.elapsed() < timeout => thread::sleep(BETWEEN_LOOKS),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                let problem = format!("it did not end within {} s", timeout.as_secs_f64());
                return Err(start_error(
                    program,
                    problem,
                    "run it by hand to see what it waits for",
                ));
            }
            Err(source) => {
                let hint = "run it by hand to see what happens";
                return Err(start_error(program, source.to_string(), hint));
            }
        }
    }
}

fn beginning_of(stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut stream = stream;
        let mut kept = Vec::new();
        let _ = stream.by_ref().take(KEPT_BYTES).read_to_end(&mut kept);
        let _ = sender.send(kept);
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    receiver
}

fn received(stream: Option<Receiver<Vec<u8>>>) -> Vec<u8> {
    stream.and_then(|stream| stream.recv_timeout(FOR_LATE_OUTPUT).ok()).unwrap_or_default()
}

fn cannot_start(program: &str, cwd: &Path, source: &io::Error) -> Error {
    if !cwd.is_dir() {
        let problem = format!("its folder `{}` does not exist", cwd.display());
        return start_error(program, problem, "create the folder, or name another one");
    }
    match source.kind() {
        io::ErrorKind::NotFound => start_error(
            program,
            "there is no such program".into(),
            "install it, or give its full path",
        ),
        io::ErrorKind::PermissionDenied => start_error(
            program,
            "it may not be executed".into(),
            "make it executable, or name its interpreter first",
        ),
        _ => start_error(program, source.to_string(), "run it by hand to see why"),
    }
}

fn start_error(program: &str, problem: String, hint: &str) -> Error {
    Act::StartProgram { program: program.into(), problem, hint: hint.into() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(argv: &[&str], milliseconds: u64) -> Result<Output> {
        let argv: Vec<String> = argv.iter().copied().map(String::from).collect();
        let env = BTreeMap::from([("GREETING".to_string(), "hello".to_string())]);
        output(&argv, &env, Path::new("/"), Duration::from_millis(milliseconds))
    }

    #[test]
    fn returns_both_streams_and_the_exit_code() {
        let script = "echo $GREETING from $PWD; echo trouble >&2; exit 3";
        let output = run(&["sh", "-c", script], 20_000).unwrap();
        assert_eq!(output.code, Some(3));
        assert_eq!(output.stdout, b"hello from /\n");
        assert_eq!(output.stderr, b"trouble\n");
    }

    #[test]
    fn lines_are_given_as_they_come() {
        let argv = ["sh", "-c", "printf 'a\\n\\nb'; echo no >&2; exit 4"].map(String::from);
        let mut seen = Vec::new();
        let output = lines(&argv, Path::new("/"), &mut |line| seen.push(line.to_vec())).unwrap();
        assert_eq!(seen, [&b"a"[..], b"", b"b"]);
        assert_eq!((output.code, output.stderr.as_slice()), (Some(4), &b"no\n"[..]));
    }

    #[test]
    fn a_program_is_fed_whether_it_reads_or_not() {
        let fed = |script: &str| {
            let argv = ["sh", "-c", script].map(String::from);
            fed(&argv, vec![b'x'; 1_000_000], Path::new("/"), Duration::from_secs(20)).unwrap()
        };
        assert_eq!(fed("wc -c").stdout, b"1000000\n");
        assert_eq!(fed("exit 3").code, Some(3));
    }

    #[test]
    fn a_flood_of_output_neither_blocks_nor_fills_the_memory() {
        let script = "head -c 1000000 /dev/zero; exit 0";
        let output = run(&["sh", "-c", script], 20_000).unwrap();
        assert_eq!(output.stdout.len() as u64, KEPT_BYTES);
        assert_eq!(output.code, Some(0));
    }

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        let error = run(&["sleep", "100"], 30).unwrap_err();
        assert_eq!(error.to_string(), "cannot start `sleep`: it did not end within 0.03 s");
    }

    #[test]
    fn says_why_a_program_cannot_be_started() {
        let check = |program: &str, expected: &str| {
            let message = run(&[program], 1000).unwrap_err().to_string();
            assert_eq!(message, format!("cannot start `{program}`: {expected}"));
        };
        check("no-such-program-here", "there is no such program");
        check("/etc/passwd", "it may not be executed");
    }
}
