//! Problems as a compiler shows them: with the lines of the file, marks under them, and a word at each mark.
//!
//! It says what the plain text says and decides nothing. Only the lines from the first mark of a problem to its last are looked
//! at, so that a large file with many problems is not walked once for each.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use annotate_snippets::Annotation;
use annotate_snippets::AnnotationKind;
use annotate_snippets::Group;
use annotate_snippets::Level;
use annotate_snippets::Origin;
use annotate_snippets::Renderer;
use annotate_snippets::Snippet;

use super::code::Severity;
use super::problem::Problem;
use super::problem::Problems;

/// Problems, to be shown as a compiler would. Made by [`Problems::pretty`].
#[derive(Clone, Copy, Debug)]
pub struct Pretty<'a> {
    problems: &'a Problems,
    file: &'a str,
    coloured: bool,
}

impl Problems {
    /// The problems with the lines of the file that they are about. `file` is what it is called.
    pub const fn pretty<'a>(&'a self, file: &'a str) -> Pretty<'a> {
        Pretty {
            problems: self,
            file,
            coloured: false,
        }
    }
}

impl Pretty<'_> {
    /// With the colours of a terminal.
    #[must_use]
    pub const fn coloured(self) -> Self {
        Self {
            coloured: true,
            ..self
        }
    }

    fn group<'p>(&self, problem: &'p Problem) -> Group<'p>
    where
        Self: 'p,
    {
        let level = match problem.severity {
            Severity::Note => Level::NOTE,
            Severity::Warning => Level::WARNING,
            Severity::Error => Level::ERROR,
            Severity::Critical => Level::ERROR.with_name("critical"),
        };
        let title = level
            .primary_title(problem.message.as_str())
            .id(problem.code.id);
        let mut group = match self.snippet(problem) {
            Some(snippet) => title.element(snippet),
            None => title.element(Origin::path(String::from(self.file))),
        };
        if !problem.place.path.segments().is_empty() {
            group = group.element(Level::NOTE.message(format!("at {}", problem.place.path)));
        }
        for label in &problem.labels {
            if label.bytes.is_none() {
                let text = format!("{}: {}", label.place.path, label.text);
                group = group.element(Level::NOTE.message(text));
            }
        }
        for help in &problem.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        group
    }

    /// The lines of a problem, with a mark at its place and at each of its labels.
    fn snippet<'p>(&self, problem: &'p Problem) -> Option<Snippet<'p, Annotation<'p>>>
    where
        Self: 'p,
    {
        let text = self.problems.text()?;
        let bytes = problem.bytes.clone()?;
        let mut line = problem.position?.line;
        let mut lines = bytes.clone();
        for label in &problem.labels {
            if let (Some(bytes), Some(position)) = (&label.bytes, label.position) {
                lines = lines.start.min(bytes.start)..lines.end.max(bytes.end);
                line = line.min(position.line);
            }
        }
        let start = text
            .get(..lines.start)?
            .rfind('\n')
            .map_or(0, |end| end.saturating_add(1));
        let rest = text.get(lines.end..)?;
        let end = lines
            .end
            .saturating_add(rest.find('\n').unwrap_or(rest.len()));
        let inside = |bytes: &Range<usize>| {
            bytes.start.saturating_sub(start)..bytes.end.saturating_sub(start)
        };
        let labels: Vec<Annotation<'p>> = problem
            .labels
            .iter()
            .filter_map(|label| {
                let bytes = label.bytes.as_ref()?;
                let mark = AnnotationKind::Context.span(inside(bytes));
                Some(mark.label(label.text.as_str()))
            })
            .collect();
        // The end of a line in the files of Windows would be shown as a letter; a blank has the same width.
        let source = text.get(start..end)?.replace('\r', " ");
        Some(
            Snippet::source(source)
                .line_start(line)
                .path(String::from(self.file))
                .annotation(AnnotationKind::Primary.span(inside(&bytes)))
                .annotations(labels),
        )
    }
}

impl fmt::Display for Pretty<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renderer = if self.coloured {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        for (position, problem) in self.problems.iter().enumerate() {
            if position > 0 {
                formatter.write_str("\n\n")?;
            }
            formatter.write_str(&renderer.render(&[self.group(problem)]))?;
        }
        if self.problems.left_out() > 0 {
            write!(formatter, "\n\nand {} more", self.problems.left_out())?;
        }
        Ok(())
    }
}
