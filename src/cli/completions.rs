//! The commands `superlinear completions` and `superlinear man`: what shells and `man` know of
//! every binary, made from the command lines themselves.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use clap::Command;
use clap_complete::Generator as _;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::Roff;
use clap_mangen::roff::roman;

use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::system::file;

/// Completes commands and options in a shell.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub struct CompletionsLine {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,

    /// Write a file for each binary into this folder instead of all to standard output
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  source <(superlinear completions bash)       for this shell; in ~/.bashrc for every one
  superlinear completions bash --dir ~/.local/share/bash-completion/completions
  superlinear completions zsh --dir ~/.zfunc   with `fpath+=~/.zfunc` before `compinit`
  superlinear completions fish --dir ~/.config/fish/completions";

/// Writes the pages that `man` shows.
#[derive(Debug, Args)]
#[command(after_help = MAN_EXAMPLES)]
pub struct ManLine {
    /// The page: the name of a binary, or of a command such as `superlinear-scan`
    #[arg(value_name = "PAGE", default_value = "superlinear", conflicts_with = "dir")]
    pub page: String,

    /// Write all pages into this folder instead
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

const MAN_EXAMPLES: &str = "\
Examples:
  superlinear man superlinear-scan | man -l -
  superlinear man --dir ~/.local/share/man/man1";

/// Writes a section of a page.
type Part = fn(&Man, &mut dyn std::io::Write) -> std::io::Result<()>;

/// Prints or writes the completions of `binaries`.
///
/// # Errors
/// When a file cannot be written.
pub fn complete(line: &CompletionsLine, binaries: Vec<Command>) -> Result<u8> {
    let mut all = Vec::new();
    for mut binary in binaries {
        let name = binary.get_name().to_string();
        let mut script = Vec::new();
        clap_complete::generate(line.shell, &mut binary, &name, &mut script);
        match &line.dir {
            Some(folder) => write(folder, &line.shell.file_name(&name), &script)?,
            None => all.append(&mut script),
        }
    }
    match line.dir {
        Some(_) => Ok(0),
        None => terminal::print_bytes(&all).map(|()| 0),
    }
}

/// Prints one page or writes all.
///
/// # Errors
/// When the page is unknown, or a file cannot be written.
pub fn man(line: &ManLine, binaries: Vec<Command>) -> Result<u8> {
    let mut pages: Vec<(String, Vec<u8>)> = Vec::new();
    for mut binary in binaries {
        binary.build();
        add_pages(&binary, &mut pages)?;
    }
    if let Some(folder) = &line.dir {
        for (name, page) in &pages {
            write(folder, &format!("{name}.1"), page)?;
        }
        return Ok(0);
    }
    match pages.iter().find(|(name, _)| *name == line.page) {
        Some((_, page)) => terminal::print_bytes(page).map(|()| 0),
        None => {
            let known = pages.iter().map(|(name, _)| name.as_str());
            Err(Error::unknown("page", &line.page, known))
        }
    }
}

/// The page of `command` and those of its commands, `superlinear-scan` below `superlinear`.
fn add_pages(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    pages.push((name.to_string(), page(command)?));
    command
        .get_subcommands()
        .filter(|below| below.get_name() != "help")
        .try_for_each(|below| add_pages(below, pages))
}

/// As `man` has it, with the examples as they stand in `--help`.
fn page(command: &Command) -> Result<Vec<u8>> {
    let examples = command.get_after_help().map(ToString::to_string);
    let man = Man::new(command.clone());
    let parts: [Part; 6] = [
        Man::render_title,
        |_, text| Roff::new().control("ad", ["l"]).to_writer(text),
        Man::render_name_section,
        Man::render_synopsis_section,
        Man::render_description_section,
        Man::render_options_section,
    ];
    let mut text = Vec::new();
    let below = command.has_subcommands().then_some(Man::render_subcommands_section as Part);
    parts
        .into_iter()
        .chain(below)
        .try_for_each(|part| part(&man, &mut text))
        .and_then(|()| {
            examples.map_or(Ok(()), |examples| as_they_stand(&examples).to_writer(&mut text))
        })
        .map_err(|error| Error::bug(format!("a page cannot be laid out: {error}")))?;
    Ok(text)
}

/// Examples and exit codes, their lines unbroken.
fn as_they_stand(text: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]).control("nf", []);
    let (_, rest) =
        text.split_once('\n').filter(|(first, _)| *first == "Examples:").unwrap_or(("", text));
    for line in rest.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}

fn write(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    file::create_folder(folder)?;
    let path = folder.join(name);
    file::replace(&path, content)?;
    terminal::say(path.display());
    Ok(())
}
