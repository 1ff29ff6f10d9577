//! Units and school groups of SS12000.
//!
//! Elsewhere a unit is known by its code, here by an id: wherever a record names a unit, it names the code where the
//! organisation gives one, and the id where it does not.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::shape::Group;
use super::shape::Organisation;
use super::shape::Reference;
use crate::base::RawText;
use crate::intake::batch::Batch;
use crate::intake::batch::put;
use crate::intake::batch::state;
use crate::intake::codes;
use crate::intake::text;
use crate::source::Record;

/// Codes of units by their ids.
pub(super) type Codes = BTreeMap<String, String>;

/// The words for the kinds of organisations.
const ORGANISATION_TYPES: &[&str] = &[
    "Huvudman",
    "Stadsdel",
    "Rektorsområde",
    "Skola",
    "Skolenhet",
    "Övrigt",
    "Verksamhetsområde",
    "Förvaltning",
    "Varumärke",
    "Bolag",
];

/// The words for the kinds of groups.
const GROUP_TYPES: &[&str] = &[
    "Undervisning",
    "Klass",
    "Mentor",
    "Provgrupp",
    "Schema",
    "Avdelning",
    "Personalgrupp",
    "Övrigt",
];

/// The words for school types.
pub(super) const SCHOOL_TYPES: &[&str] = &[
    "FS", "FKLASS", "FTH", "OPPFTH", "GR", "GRS", "TR", "SP", "SAM", "GY", "GYS", "KOMVUX", "VUX",
    "VUXSFI", "VUXGR", "VUXGY", "VUXSARGR", "VUXSARTR", "VUXSARGY", "SARVUX", "SARVUXGR",
    "SARVUXGY", "SFI", "KU", "YH", "FHS", "STF", "KKU", "HS", "ABU", "AU",
];

/// The codes of all organisations.
pub(super) fn codes(organisations: &[&Organisation]) -> Codes {
    organisations
        .iter()
        .filter_map(|organisation| {
            let id = text::id(organisation.id.as_ref())?;
            let code = text::id(organisation.organisation_code.as_ref());
            Some((id.clone(), code.unwrap_or(id)))
        })
        .collect()
}

/// The id of what a reference names.
pub(super) fn id(reference: Option<&Reference>) -> Option<String> {
    text::id(reference?.id.as_ref())
}

/// The code of the unit that a reference names.
pub(super) fn unit(reference: Option<&Reference>, codes: &Codes) -> Option<RawText> {
    let id = id(reference)?;
    Some(codes.get(&id).unwrap_or(&id).as_str().into())
}

/// One record for each organisation.
pub(super) fn units(organisations: &[&Organisation], known: &Codes, batch: &mut Batch) {
    for organisation in organisations {
        let Some(id) = text::id(organisation.id.as_ref()) else {
            batch.lose(&codes::WITHOUT_ID, "an organisation has no id");
            continue;
        };
        let mut record = Record::new("unit", &id);
        put(
            &mut record,
            "code",
            known.get(&id).map(|code| code.as_str().into()),
        );
        put(
            &mut record,
            "name",
            text::filled(organisation.display_name.as_ref()),
        );
        let kind = organisation.organisation_type.as_ref();
        batch.listed(&mut record, "type", kind, ORGANISATION_TYPES);
        put(
            &mut record,
            "parent",
            unit(organisation.parent.as_ref(), known),
        );
        put(
            &mut record,
            "municipality",
            text::filled(organisation.municipality_code.as_ref()).or_else(|| batch.municipality()),
        );
        let code = organisation.school_unit_code.as_ref();
        state(&mut record, "school_unit_code", code);
        dates(
            &mut record,
            organisation.start_date.as_ref(),
            organisation.end_date.as_ref(),
        );
        batch.push(record);
    }
}

/// One record for each group.
pub(super) fn groups(groups: &[&Group], known: &Codes, batch: &mut Batch) {
    for group in groups {
        let Some(id) = text::id(group.id.as_ref()) else {
            batch.lose(&codes::WITHOUT_ID, "a group has no id");
            continue;
        };
        let mut record = Record::new("school_group", &id);
        put(
            &mut record,
            "name",
            text::filled(group.display_name.as_ref()),
        );
        batch.listed(&mut record, "type", group.group_type.as_ref(), GROUP_TYPES);
        let school_type = group.school_type.as_ref();
        batch.listed(&mut record, "school_type", school_type, SCHOOL_TYPES);
        put(
            &mut record,
            "unit",
            unit(group.organisation.as_ref(), known),
        );
        dates(
            &mut record,
            group.start_date.as_ref(),
            group.end_date.as_ref(),
        );
        batch.push(record);
    }
}

/// First and last day as fields.
pub(super) fn dates(record: &mut Record, first: Option<&RawText>, last: Option<&RawText>) {
    put(record, "start", text::first_day(first));
    put(record, "end", text::last_day(last));
}
