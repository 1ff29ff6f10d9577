//! Reads Rust files for the tidy test: what is code in them and what is not.
//!
//! It is no parser. It tells comments, texts and letters from the rest, and finds what stands under `#[cfg(test)]`. What it
//! blanks becomes white space, so that lines and columns stay. Paths built by macros are not seen.

use std::fs;
use std::path::Path;

/// One file of `src`.
pub(crate) struct File {
    /// Its path from the root of the package, with `/`.
    pub(crate) path: String,
    /// As it stands.
    pub(crate) text: String,
    /// Without comments, texts and tests.
    pub(crate) code: String,
    /// Without comments and tests.
    pub(crate) with_texts: String,
}

impl File {
    /// The layer that the file is of: its folder or name under `src`. `lib.rs` is of none.
    pub(crate) fn layer(&self) -> Option<&str> {
        let first = self.path.strip_prefix("src/")?.split('/').next()?;
        let layer = first.strip_suffix(".rs").unwrap_or(first);
        (self.path != "src/lib.rs").then_some(layer)
    }

    /// Whether this file is the root of its layer.
    pub(crate) fn is_root_of_layer(&self) -> bool {
        let depth = self.path.matches('/').count();
        depth == 1 || (depth == 2 && self.path.ends_with("/mod.rs"))
    }
}

/// The line that a position is in, counted from 1.
pub(crate) fn line_at(text: &str, position: usize) -> usize {
    text[..position].matches('\n').count() + 1
}

/// Every place where `word` stands in `code` and is no part of a longer name.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .map(|(position, _)| position)
        .filter(move |&position| {
            let before = code[..position].chars().next_back();
            let after = code[position + word.len()..].chars().next();
            !before.is_some_and(is_of_name) && !after.is_some_and(is_of_name)
        })
}

/// Whether a letter can stand in a name.
pub(crate) fn is_of_name(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

/// Every Rust file under `folder`, as paths from `root`, sorted.
pub(crate) fn paths(root: &Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else {
            continue;
        };
        for entry in entries {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                open.push(path);
            } else if entry.path().extension().is_some_and(|kind| kind == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every file under `src`, sorted. Files that are modules for tests only have no code.
pub(crate) fn source(root: &Path) -> Vec<File> {
    let mut for_tests = Vec::new();
    let mut files: Vec<File> = paths(root, "src")
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(root.join(&path)).unwrap();
            let (mut code, mut with_texts) = blank(&text);
            let parent = path
                .strip_suffix("/mod.rs")
                .or_else(|| path.strip_suffix("/lib.rs"))
                .or_else(|| path.strip_suffix(".rs"))
                .unwrap();
            for (start, end) in tests(&code) {
                let item: String = code[start..end].iter().collect();
                if let Some(name) = item
                    .strip_suffix(';')
                    .and_then(|item| item.rsplit_once("mod "))
                {
                    for_tests.push(format!("{parent}/{}", name.1));
                }
                clear(&mut code[start..end]);
                clear(&mut with_texts[start..end]);
            }
            File {
                path,
                text,
                code: code.into_iter().collect(),
                with_texts: with_texts.into_iter().collect(),
            }
        })
        .collect();
    for file in &mut files {
        let of_tests = for_tests.iter().any(|module| {
            file.path
                .strip_prefix(module.as_str())
                .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        });
        if of_tests {
            file.code.clear();
            file.with_texts.clear();
        }
    }
    files
}

fn clear(letters: &mut [char]) {
    for letter in letters {
        if *letter != '\n' {
            *letter = ' ';
        }
    }
}

/// The text without comments and texts, and without comments; letter for letter as long as the text.
fn blank(text: &str) -> (Vec<char>, Vec<char>) {
    let letters: Vec<char> = text.chars().collect();
    let mut code = letters.clone();
    let mut with_texts = letters.clone();
    let mut at = 0;
    while at < letters.len() {
        let end = if starts(&letters, at, "//") {
            until(&letters, at, "\n")
        } else if starts(&letters, at, "/*") {
            end_of_comment(&letters, at)
        } else if letters[at] == '"' {
            let end = end_of_text(&letters, at);
            clear(&mut code[at..end]);
            at = end;
            continue;
        } else if letters[at] == '\'' {
            let end = end_of_letter(&letters, at);
            clear(&mut code[at..end]);
            at = end;
            continue;
        } else if is_of_name(letters[at]) {
            let name_end = (at..letters.len())
                .find(|&next| !is_of_name(letters[next]))
                .unwrap_or(letters.len());
            let name: String = letters[at..name_end].iter().collect();
            let hashes = letters[name_end..]
                .iter()
                .take_while(|&&l| l == '#')
                .count();
            if ["r", "br", "cr"].contains(&name.as_str())
                && letters.get(name_end + hashes) == Some(&'"')
            {
                let close = format!("\"{}", "#".repeat(hashes));
                let start = name_end + hashes + 1;
                let end = (until(&letters, start, &close) + close.len()).min(letters.len());
                clear(&mut code[at..end]);
                at = end;
            } else {
                at = name_end;
            }
            continue;
        } else {
            at += 1;
            continue;
        };
        clear(&mut code[at..end]);
        clear(&mut with_texts[at..end]);
        at = end;
    }
    (code, with_texts)
}

fn starts(letters: &[char], at: usize, word: &str) -> bool {
    word.chars()
        .enumerate()
        .all(|(offset, letter)| letters.get(at + offset) == Some(&letter))
}

fn until(letters: &[char], from: usize, word: &str) -> usize {
    (from..letters.len())
        .find(|&at| starts(letters, at, word))
        .unwrap_or(letters.len())
}

fn end_of_comment(letters: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < letters.len() {
        if starts(letters, at, "/*") {
            depth += 1;
            at += 2;
        } else if starts(letters, at, "*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    letters.len()
}

fn end_of_text(letters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    letters.len()
}

/// The end of a letter in quotes; of a lifetime, only its sign goes.
fn end_of_letter(letters: &[char], start: usize) -> usize {
    if letters.get(start + 1) == Some(&'\\') {
        return (until(letters, start + 3, "'") + 1).min(letters.len());
    }
    if letters.get(start + 2) == Some(&'\'') {
        return start + 3;
    }
    start + 1
}

/// Where the items under `#[cfg(test)]` stand.
fn tests(code: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        if starts(code, at, "#[cfg(test)]") || starts(code, at, "#[cfg(all(test,") {
            let end = end_of_item(code, at);
            found.push((at, end));
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

fn end_of_item(code: &[char], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in code.iter().enumerate().skip(start) {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn comments_texts_and_tests_are_told_from_code() {
    let text = concat!(
        "use a; // crate::x\n/* crate::/* y */ */ let b = \"crate::\\\"z\"; let c = '\"'; 'd: loop {}\n",
        "let e = r#\"crate::\" f\"#; let g = b'\\''; let h = 'å';\n",
        "#[cfg(test)]\n#[allow(i, reason = \"j;\")]\nmod k;\nmod l;\n#[cfg(test)]\nmod m { fn n() { \"}\" } }\nfn o() {}\n",
    );
    let (code, with_texts) = blank(text);
    let seen: String = code.iter().collect();
    assert_eq!(code.len(), text.chars().count());
    assert!(!seen.contains("crate"), "{seen}");
    assert!(
        seen.contains(" d: loop {}") && seen.contains("let h ="),
        "{seen}"
    );
    let kept: String = with_texts.iter().collect();
    assert_eq!(kept.matches("crate::").count(), 2, "{kept}");
    let items: Vec<String> = tests(&code)
        .into_iter()
        .map(|(start, end)| code[start..end].iter().collect())
        .collect();
    assert_eq!(items.len(), 2);
    assert!(items[0].ends_with("mod k;"));
    assert!(items[1].starts_with("#[cfg(test)]\nmod m {") && items[1].ends_with("} }"));
}
