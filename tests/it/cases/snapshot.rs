//! Snapshots as a few lines of text, each run's on top of the one before.
//!
//! A line that names an instance (`heroma/sml`) begins it; the lines after it are its records: a kind, an id, `@name` for the
//! person it is about, and `column=text`. `~` before a record changes the named columns only, `-` takes a record or an
//! instance away, `!` says that the source says that the record is gone. A column that stands twice has two values; one
//! without text is empty on purpose.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use folkform::base::RawText;
use folkform::source::Promise;
use folkform::source::Record;
use folkform::source::Snapshot;
use folkform::source::SourceInstance;

/// A record as the source instance, the kind and the id that name it.
pub(super) type RecordName = (String, String, String);

/// What sources say, as it grows from run to run.
#[derive(Clone, Default)]
pub(super) struct Sources {
    instances: BTreeMap<String, Delivery>,
    /// The record that a person of a name is known by: the first one that names them.
    pub(super) names: BTreeMap<String, RecordName>,
}

#[derive(Clone)]
struct Delivery {
    instance: SourceInstance,
    /// The day of this run's delivery where it is not the day of the run.
    as_of: Option<NaiveDate>,
}

impl Sources {
    /// Takes the lines of a run.
    pub(super) fn read(&mut self, text: &str) -> Result<(), String> {
        for delivery in self.instances.values_mut() {
            delivery.as_of = None;
        }
        let mut current = String::new();
        for line in text.lines() {
            let words = words(line)?;
            let Some(first) = words.first() else { continue };
            if first.contains('/') && !first.contains('=') {
                current = self.instance(&words)?;
            } else {
                self.record(&current, &words)
                    .map_err(|fault| format!("{fault}, in `{}`", line.trim()))?;
            }
        }
        Ok(())
    }

    /// The snapshot of a day.
    pub(super) fn on(&self, day: NaiveDate) -> Snapshot {
        Snapshot::new(self.instances.values().map(|delivery| {
            let mut instance = delivery.instance.clone();
            instance.as_of = delivery.as_of.unwrap_or(day);
            instance
        }))
    }

    /// All records with their instance.
    pub(super) fn records(&self) -> impl Iterator<Item = (&str, &Record)> {
        self.instances.iter().flat_map(|(name, delivery)| {
            delivery
                .instance
                .records
                .iter()
                .map(|record| (name.as_str(), record))
        })
    }

    fn instance(&mut self, words: &[String]) -> Result<String, String> {
        let name = &words[0];
        if let Some(gone) = name.strip_prefix('-') {
            self.instances
                .remove(gone)
                .ok_or_else(|| format!("there is no instance `{gone}` to take away"))?;
            return Ok(String::new());
        }
        let (source, of) = name.split_once('/').unwrap_or((name, ""));
        let day = NaiveDate::default();
        let delivery = self
            .instances
            .entry(name.clone())
            .or_insert_with(|| Delivery {
                instance: SourceInstance::new(source, of, Promise::Complete, day),
                as_of: None,
            });
        for word in &words[1..] {
            match word.split_once('=') {
                Some(("as_of", text)) => {
                    delivery.as_of = Some(text.parse().map_err(|_| format!("`{text}` is no day"))?);
                }
                Some(("count", text)) => delivery.instance.count = text.parse().ok(),
                Some(("scope", text)) => {
                    delivery.instance.scope = text.split(',').map(String::from).collect();
                }
                Some(("municipality", text)) => {
                    delivery.instance.municipality = Some(text.to_owned());
                }
                _ => {
                    delivery.instance.promise = Promise::from_name(word)
                        .ok_or_else(|| format!("`{word}` is nothing that an instance has"))?;
                }
            }
        }
        Ok(name.clone())
    }

    fn record(&mut self, current: &str, words: &[String]) -> Result<(), String> {
        let delivery = self
            .instances
            .get_mut(current)
            .ok_or("a record stands before any instance such as `heroma/sml`")?;
        let (mark, kind) = match words[0].chars().next() {
            Some(mark @ ('-' | '~' | '!')) => (mark, &words[0][1..]),
            _ => (' ', words[0].as_str()),
        };
        let id = words.get(1).ok_or("a record has a kind and an id")?;
        let records = &mut delivery.instance.records;
        let known = records
            .iter()
            .position(|record| record.kind == kind && record.id == *id);
        let before = known.map(|position| records.remove(position));
        if mark != ' ' && before.is_none() {
            return Err(format!("there is no {kind} {id} before"));
        }
        if mark == '-' {
            return Ok(());
        }
        let mut record = match (mark, before) {
            ('~', Some(before)) => before,
            _ => Record::new(kind, id),
        };
        record.deleted = mark == '!';
        let mut named: BTreeMap<&str, Vec<RawText>> = BTreeMap::new();
        for word in &words[2..] {
            if let Some(name) = word.strip_prefix('@') {
                self.names
                    .entry(name.to_owned())
                    .or_insert_with(|| (current.to_owned(), kind.to_owned(), id.clone()));
            } else if let Some((column, text)) = word.split_once('=') {
                let values = named.entry(column).or_default();
                if !text.is_empty() {
                    values.push(RawText::new(text));
                }
            } else {
                return Err(format!("`{word}` is neither `column=text` nor `@name`"));
            }
        }
        for (column, values) in named {
            record.fields.insert(column.to_owned(), values);
        }
        records.push(record);
        Ok(())
    }
}

/// The words of a line: parted by blanks, where `"…"` holds blanks together and `#` begins a remark.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut quoted, mut open) = (false, false);
    for letter in line.chars() {
        match letter {
            '"' => {
                quoted = !quoted;
                open = true;
            }
            '#' if !quoted && !open => break,
            _ if letter.is_whitespace() && !quoted => {
                if open {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            _ => {
                word.push(letter);
                open = true;
            }
        }
    }
    if quoted {
        return Err(format!("a `\"` is not closed in `{}`", line.trim()));
    }
    if open {
        words.push(word);
    }
    Ok(words)
}

#[test]
fn lines_become_records_and_later_lines_change_them() {
    let mut sources = Sources::default();
    sources
        .read("heroma/sml count=2\n employment 1 @tove name=\"Tove T\" end= phone=1 phone=2 # a remark\n unit u\n")
        .unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
    let first = sources.on(day);
    let record = &first.instances[0].records[0];
    assert_eq!(record.fields["name"][0].reveal(), "Tove T");
    assert_eq!(
        (record.fields["end"].len(), record.fields["phone"].len()),
        (0, 2)
    );
    sources
        .read("heroma/sml as_of=2026-08-01 partial\n ~employment 1 end=2026-12-31\n -unit u\n")
        .unwrap();
    let second = sources.on(day);
    let instance = &second.instances[0];
    assert_eq!(
        (instance.records.len(), instance.promise),
        (1, Promise::Partial)
    );
    assert_ne!(instance.as_of, day);
    assert_eq!(instance.records[0].fields["name"][0].reveal(), "Tove T");
    for wrong in [
        "unit u",
        "heroma/sml\n -unit u",
        "heroma/sml\n unit u x",
        "a/b \"",
        "-a/b",
    ] {
        assert!(sources.read(wrong).is_err(), "{wrong}");
    }
}
