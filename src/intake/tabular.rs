//! Tables: exports with a header and rows, such as those of Heroma, or a table of manual facts.
//!
//! A row becomes a record whose fields are its columns, as they stand; what a column means is said by the mapping rules of
//! the rule file. A column that stands twice gives a field with two values. A row of another width than the header has
//! lost its columns, its id among them, and is set aside.

use alloc::vec::Vec;

use super::batch::Batch;
use super::codes;
use super::text;
use crate::base::RawText;
use crate::source::Record;
use crate::source::SourceInstance;

/// How the rows of a table become records.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    /// What kind of record a row is.
    pub kind: Kind<'a>,
    /// The columns that give a record its id; of several, joined by `|`.
    pub id: &'a [&'a str],
}

/// Where the kind of a record comes from.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// It is the same for all rows.
    Is(&'a str),
    /// It stands in a column.
    Column(&'a str),
}

/// Fills an instance with the rows of a table. Rows without any text are passed over.
pub fn read<H, R, C>(
    instance: SourceInstance,
    layout: Layout<'_>,
    header: H,
    rows: impl IntoIterator<Item = R>,
) -> SourceInstance
where
    H: IntoIterator<Item = C>,
    R: IntoIterator<Item = C>,
    C: Into<RawText>,
{
    let mut batch = Batch::new(instance);
    let header: Vec<RawText> = header.into_iter().map(Into::into).collect();
    let names: Vec<&str> = header.iter().map(text::cell).collect();
    let column = |wanted: &str| names.iter().position(|name| *name == wanted);
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            batch.count(&codes::BAD_HEADER, "a column has no name and is not read");
        } else if names.iter().take(at).any(|earlier| earlier == name) {
            batch.count(&codes::BAD_HEADER, "a column stands more than once");
        }
    }
    let ids: Option<Vec<usize>> = layout.id.iter().map(|name| column(name)).collect();
    let kind = match layout.kind {
        Kind::Is(_) => Some(None),
        Kind::Column(name) => column(name).map(Some),
    };
    let (Some(ids), Some(kind)) = (ids, kind) else {
        batch.lose(
            &codes::BAD_HEADER,
            "the header lacks a column that gives records their id or kind, so that no row is read",
        );
        return batch.finish();
    };
    for row in rows {
        let cells: Vec<RawText> = row.into_iter().map(Into::into).collect();
        if cells.iter().all(text::is_blank) {
            continue;
        }
        if cells.len() != names.len() {
            batch.lose(
                &codes::ROW_WIDTH,
                "a row has more or fewer cells than the header",
            );
            continue;
        }
        let cell = |at: usize| {
            cells
                .get(at)
                .map(text::cell)
                .filter(|cell| !cell.is_empty())
        };
        let id: Option<Vec<Option<&str>>> = ids.iter().map(|at| cell(*at).map(Some)).collect();
        let kind = match (layout.kind, kind) {
            (Kind::Column(_), Some(at)) => cell(at),
            (Kind::Is(kind) | Kind::Column(kind), _) => Some(kind),
        };
        let (Some(id), Some(kind)) = (id, kind) else {
            batch.lose(
                &codes::WITHOUT_ID,
                "a row has no id or does not say its kind",
            );
            continue;
        };
        let mut record = Record::new(kind, &text::joined(&id));
        for (name, cell) in names.iter().zip(&cells) {
            if !name.is_empty() {
                record.add(name, cell.clone());
            }
        }
        batch.push(record);
    }
    batch.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Promise;
    use alloc::format;

    fn instance() -> SourceInstance {
        let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        SourceInstance::new("heroma", "sml", Promise::Complete, as_of)
    }

    fn table(layout: Layout<'_>, text: &str) -> SourceInstance {
        let mut lines = text.lines().map(|line| line.split(';'));
        let header = lines.next().unwrap();
        read(instance(), layout, header, lines)
    }

    const HEROMA: Layout<'_> = Layout {
        kind: Kind::Is("employment"),
        id: &["ANSTNR"],
    };

    #[test]
    fn rows_become_records_with_columns_as_fields() {
        let read = table(
            HEROMA,
            "\u{feff}ANSTNR;EFTERNAMN;TOM\n40102; Exempelhav;\n\n;;\n40103;Alm;2026-12-31",
        );
        assert_eq!(read.records.len(), 2);
        let first = &read.records[0];
        assert_eq!(
            (first.kind.as_str(), first.id.as_str()),
            ("employment", "40102")
        );
        assert_eq!(first.get("EFTERNAMN").unwrap().reveal(), " Exempelhav");
        assert_eq!(first.get("TOM").unwrap().reveal(), "");
        assert!(read.set_aside.is_empty());
        assert_eq!(read.promise, Promise::Complete);
    }

    #[test]
    fn the_kind_may_stand_in_a_column_and_the_id_in_several() {
        let layout = Layout {
            kind: Kind::Column("KIND"),
            id: &["ID", "PART"],
        };
        let read = table(layout, "KIND;ID;PART\nperson;o-1;a\nemployment;o-2;b");
        let ids: Vec<(&str, &str)> = read
            .records
            .iter()
            .map(|record| (record.kind.as_str(), record.id.as_str()))
            .collect();
        assert_eq!(ids, [("employment", "o-2|b"), ("person", "o-1|a")]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_counted_and_ends_nothing() {
        let read = table(
            HEROMA,
            "ANSTNR;EFTERNAMN;EFTERNAMN;\n;Hemlig;x;\n1;Hemlig\nHemlig;a;b;c;d\n2;Alm;Ek;",
        );
        assert_eq!(read.records.len(), 1);
        assert_eq!(read.records[0].all("EFTERNAMN").len(), 2);
        assert_eq!(read.promise, Promise::Partial);
        let text = format!("{:?}", read.set_aside);
        assert!(text.contains("cells than the header (2 times)"));
        assert!(text.contains("I104") && text.contains("I114") && !text.contains("Hemlig"));
    }

    #[test]
    fn without_its_id_column_a_table_gives_nothing_and_proves_nothing() {
        let read = table(HEROMA, "NR;EFTERNAMN\n1;Hemlig");
        assert!(read.records.is_empty());
        assert_eq!(read.promise, Promise::Partial);
        assert_eq!(read.set_aside.len(), 1);
    }
}
