//! How findings are shown: whole documents against expected files, strangers' names as attacks, and
//! whatever an analysis might hold.

mod any;
mod fixture;
mod machine;
mod page;

use std::fs;
use std::path::Path;

use pulldown_cmark::CodeBlockKind;
use pulldown_cmark::Event;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;
use superlinear::analysis::Phase1;
use superlinear::analysis::Verdict;
use superlinear::report;
use superlinear::report::Detail;
use superlinear::report::Report;
use superlinear::report::Style;
use superlinear::report::Subject;
use superlinear::system::env;

fn shown(report: &Report, format: &str, style: &Style) -> String {
    report::by_name(format).unwrap().render(report, style).unwrap()
}

fn plain(report: &Report, format: &str) -> String {
    shown(report, format, &Style::default())
}

/// Compares with the file of that name, or rewrites it under `BLESS=1`.
fn check_snapshot(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/report");
    let path = folder.join(name);
    if env::is_set("BLESS") {
        bless(&path, text);
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(text == expected, "{name} is now\n{text}\n(`BLESS=1 cargo test` rewrites it)");
}

#[expect(clippy::disallowed_methods, reason = "the expected files of tests")]
fn bless(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn check_formats(name: &str, report: &Report) {
    check_snapshot(&format!("{name}.md"), &plain(report, "markdown"));
    check_snapshot(&format!("{name}.txt"), &plain(report, "text"));
    check_snapshot(&format!("{name}.json"), &plain(report, "json"));
}

/// The first sentence after the title.
fn first_sentence(report: &Report) -> String {
    let markdown = plain(report, "markdown");
    markdown.split("\n\n").nth(1).unwrap_or_default().to_string()
}

#[test]
fn a_culprit_is_shown_whole() {
    check_formats("one_culprit", &fixture::one_culprit());
}

/// One culprit, changed by `change`, as text on one line.
fn changed(change: impl FnOnce(&mut Phase1)) -> String {
    let mut report = fixture::one_culprit();
    let Subject::Scaling(doc) = &mut report.subject else { panic!("not a scaling report") };
    change(doc);
    plain(&report, "text").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_cost_is_said_to_be_that_of_the_function_that_makes_it() {
    let text = changed(|doc| doc.culprits[0].origins[0].name = "list.pop".into());
    for words in ["by the self time of `list.pop` over", "; that takes 12.3 s at 304 days"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}

#[test]
fn what_becomes_a_culprit_is_told_before_it_is_one() {
    let text = changed(|doc| doc.coming = std::mem::take(&mut doc.culprits));
    let words = "No culprit at 304 days yet. Becomes a culprit by 365 days: `concat_price_frames`";
    assert!(text.contains(words), "{text}");
    let end = "is foretold to take 17.7 s at 365 days, 90.7 %.";
    assert!(text.contains(end), "{text}");
}

#[test]
fn a_culprit_is_drawn() {
    let files = report::plots::files(&fixture::one_culprit()).unwrap();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["culprit-concat_price_frames.svg", "program.svg"]);
    check_snapshot("culprit.svg", &files[0].1);
}

#[test]
fn instructions_are_shown_as_instructions() {
    let report = fixture::instructions();
    check_formats("instructions", &report);
    let text = plain(&report, "text");
    let (findings, _) = text.split_once("Runs\n").unwrap();
    let program = findings.lines().find(|line| line.contains("as a whole")).unwrap();
    assert!(!findings.replace(program, "").contains(" s "), "{findings}");
}

#[test]
fn silence_is_shown_whole() {
    check_formats("no_culprit", &fixture::no_culprit());
}

#[test]
fn a_suspicion_is_worded_as_one() {
    let report = fixture::suspected();
    check_formats("suspected", &report);
    let first = first_sentence(&report);
    assert!(first.contains("is suspected to be quadratic"), "{first}");
    assert!(!first.contains(" sure"), "{first}");
}

#[test]
fn too_few_sizes_are_said_with_the_remedy() {
    check_formats("cannot_tell", &fixture::cannot_tell());
}

#[test]
fn an_open_question_is_no_clean_bill() {
    let first = first_sentence(&fixture::one_open_question());
    assert_eq!(
        first,
        "No function is seen to grow faster than n log n, but it cannot be told of \
         `history_window`, 10.4 % of the busy time; to settle it: run three repetitions."
    );
}

#[test]
fn a_program_that_hides_its_fault_is_told_what_will_come_of_it() {
    let mut report = fixture::one_culprit();
    let Subject::Scaling(doc) = &mut report.subject else { unreachable!() };
    doc.program.verdict = Verdict::NotSuperlinear;
    doc.program.band = Some("constant".into());
    (doc.program.exponent, doc.program.low, doc.program.high) = (Some(0.0), Some(0.0), Some(0.1));
    let share = doc.culprits[0].share_at_target_percent.unwrap();
    let expected = format!(
        "But what grows too fast is foretold to be {share} % of its busy time at 365 days."
    );
    let text = plain(&report, "markdown");
    assert!(text.contains("The program as a whole is still constant by wall time: n^"), "{text}");
    assert!(text.contains(&expected), "{expected}: {text}");
    // An interval that holds n log n and more is no clean bill.
    let Subject::Scaling(doc) = &mut report.subject else { unreachable!() };
    doc.program.high = Some(1.65);
    let text = plain(&report, "markdown");
    let words = "The program as a whole is not seen to grow faster than n log n by wall time: n^";
    assert!(text.contains(words), "{text}");
}

#[test]
fn an_empty_analysis_is_shown() {
    check_formats("empty", &fixture::empty());
}

#[test]
fn the_cache_probe_is_shown_whole() {
    check_formats("cache", &fixture::cache());
}

#[test]
fn a_comparison_is_shown_whole() {
    check_formats("comparison", &fixture::comparison());
}

#[test]
fn a_brief_report_fits_a_comment() {
    let style = Style { detail: Detail::Brief, ..Style::default() };
    let mut report = fixture::one_culprit();
    check_snapshot("brief.md", &shown(&report, "markdown", &style));
    let Subject::Scaling(doc) = &mut report.subject else { unreachable!() };
    doc.culprits = vec![doc.culprits[0].clone(); 500];
    doc.warnings = vec!["a warning".into(); 500];
    doc.advice = vec!["an advice".into(); 500];
    let lines = shown(&report, "markdown", &style).lines().count();
    assert!(lines <= 60, "{lines} lines");
    let mut changes = machine::against("render").unwrap();
    changes.failures = vec![changes.failures[0].clone(); 500];
    report.more.against = Some(changes);
    let text = shown(&report, "markdown", &style);
    let lines = text.lines().count();
    assert!(lines <= 60 && text.contains("* And 496 more."), "{lines} lines: {text}");
}

#[test]
fn colour_is_used_only_when_told_and_never_in_markdown() {
    let report = fixture::one_culprit();
    let colour = Style { colour: true, ..Style::default() };
    assert!(!shown(&report, "markdown", &colour).contains('\u{1b}'));
    assert!(!plain(&report, "text").contains('\u{1b}'));
    let painted = shown(&report, "text", &colour);
    assert!(painted.contains("\u{1b}[1;31mquadratic"));
    let mut stripped = painted;
    for code in ["1", "1;31", "33", "36", "0"] {
        stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
    }
    let lines = |text: &str| text.lines().map(|l| l.trim_end().to_string()).collect::<Vec<_>>();
    assert_eq!(lines(&stripped), lines(&plain(&report, "text")));
}

#[test]
fn ascii_is_ascii() {
    let ascii = Style { ascii: true, width: 60, ..Style::default() };
    let text = shown(&fixture::one_culprit(), "text", &ascii);
    check_snapshot("ascii.txt", &text);
    assert!(text.is_ascii());
}

#[test]
fn text_folds_long_tables_unless_told_all() {
    let mut report = fixture::one_culprit();
    let Subject::Scaling(doc) = &mut report.subject else { unreachable!() };
    doc.functions = vec![doc.functions[1].clone(); 42];
    let all = Style { detail: Detail::All, ..Style::default() };
    assert!(plain(&report, "text").contains("\nand 12 more functions\n"));
    assert!(!shown(&report, "text", &all).contains("more functions"));
    assert!(!plain(&report, "markdown").contains("more functions"));
}

#[test]
fn text_and_markdown_have_the_same_headings_in_the_same_order() {
    let report = fixture::one_culprit();
    let headings: Vec<String> = plain(&report, "markdown")
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(String::from)
        .collect();
    let text = plain(&report, "text");
    let mut rest = text.as_str();
    for heading in &headings {
        let (_, after) = rest.split_once(&format!("\n{heading}\n")).expect(heading);
        rest = after;
    }
    assert!(headings.len() > 8);
}

pub const ATTACKS: [&str; 12] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a|b|c",
    "a`b",
    "`` ` ```\n```\n# heading\n",
    "| --- | --- |\n| x | y |",
    "\u{202e}gnp.exe\u{2066}",
    "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "a\0b\u{9b}31m",
    "[x](javascript:alert(1)) ![y](http://h/z) @everyone www.example.com",
    "\\`\\|\\",
    "- a\n1. b\n\t\tcode",
];

#[test]
fn names_never_move_the_cursor_or_turn_the_line_around() {
    for attack in ATTACKS {
        let report = fixture::named(attack);
        for format in ["text", "markdown"] {
            let text = plain(&report, format);
            let bad = text.chars().find(|letter| {
                letter.is_control() && *letter != '\n'
                    || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            });
            assert_eq!(bad, None, "{attack:?} in {format}");
        }
    }
}

/// Read by another's parser: only headings, paragraphs, lists, tables and code come out.
#[test]
fn names_stay_text_in_markdown() {
    for attack in ATTACKS {
        let markdown = plain(&fixture::named(attack), "markdown");
        for event in Parser::new_ext(&markdown, Options::all()) {
            let stranger = matches!(
                event,
                Event::Html(_) | Event::InlineHtml(_) | Event::InlineMath(_) | Event::Rule
            ) || matches!(
                event,
                Event::Start(
                    Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(CodeBlockKind::Indented)
                ) | Event::Start(Tag::HtmlBlock | Tag::BlockQuote(_) | Tag::Emphasis)
                    | Event::Start(Tag::Strikethrough | Tag::FootnoteDefinition(_))
            );
            assert!(!stranger, "{attack:?} makes {event:?} of\n{markdown}");
        }
    }
}

#[test]
fn a_name_comes_out_of_markdown_as_it_went_in() {
    for attack in ["<lambda>", "a|b", "a`b|c", "__init__", "\\|", "a*b*c", "x[0]"] {
        let markdown = plain(&fixture::named(attack), "markdown");
        let mut cell = false;
        let mut text = String::new();
        for event in Parser::new_ext(&markdown, Options::ENABLE_TABLES) {
            match event {
                Event::End(TagEnd::TableHead) => cell = true,
                Event::End(TagEnd::TableCell) if cell => break,
                Event::Text(part) | Event::Code(part) if cell => text += &part,
                _ => {}
            }
        }
        assert_eq!(text, attack);
    }
}

/// Nothing that a code host makes a link or a mention of stands outside code.
#[test]
fn names_link_nothing_in_markdown() {
    for attack in ATTACKS {
        let markdown = plain(&fixture::named(attack), "markdown");
        let outside: String = markdown.split('`').step_by(2).collect();
        for mark in ["@", "www.", "://"] {
            assert!(!outside.contains(mark), "{attack:?}:\n{outside}");
        }
    }
}

#[test]
fn names_break_no_table_in_markdown() {
    for attack in ATTACKS {
        let markdown = plain(&fixture::named(attack), "markdown");
        let mut columns = None;
        for line in markdown.lines() {
            let bars = line.matches('|').count();
            if !line.starts_with('|') {
                columns = None;
                assert_eq!(bars, 0, "{attack:?}: {line}");
            } else {
                assert_eq!(*columns.get_or_insert(bars), bars, "{attack:?}: {line}");
            }
        }
    }
}

#[test]
fn names_make_no_line_of_their_own() {
    let expected = plain(&fixture::named("plain"), "markdown").lines().count();
    for attack in ATTACKS {
        let lines = plain(&fixture::named(attack), "markdown").lines().count();
        assert_eq!(lines, expected, "{attack:?}");
    }
}

#[test]
fn a_megabyte_of_name_stays_a_page() {
    for letter in ["x", "大", "\u{301}", "`", "<", "_"] {
        let report = fixture::named(&letter.repeat(1 << 20));
        for format in ["text", "markdown"] {
            let length = plain(&report, format).len();
            assert!(length < 200_000, "{letter:?} in {format}: {length} bytes");
        }
    }
}

#[test]
fn lines_of_text_keep_to_the_width() {
    let style = Style { width: 100, ..Style::default() };
    let text = shown(&fixture::one_culprit(), "text", &style);
    for line in text.lines() {
        let width = report::name::width(line);
        assert!(width <= 110, "{width}: {line}");
    }
}
