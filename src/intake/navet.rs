//! The population register as Navet gives it: one `Folkbokforingspost` for each person, in XML.
//!
//! Each becomes one `register` record whose id is the identity number. Relations, history and addresses other than the registered
//! one carry no fact of the model and are not taken. A flag that is not there is not said; one that cannot be read is `unknown`.
//! The register cuts what is longer than its fields; a value that is longer all the same is kept and told of.

use alloc::vec::Vec;

use super::batch::Batch;
use super::batch::Flags;
use super::batch::put;
use super::batch::state;
use super::batch::strictest;
use super::codes;
use super::text;
use super::wire::Document;
use super::wire::Flag;
use super::wire::wire;
use crate::base::RawText;
use crate::diagnostic::OpenText;
use crate::source::Record;
use crate::source::SourceInstance;

/// A document of posts: `Folkbokforingsposter`, or the `Navetavisering` around it.
pub type Posts = Document<Folkbokforingsposter>;

wire! {
    /// The posts of a document.
    Folkbokforingsposter as "Folkbokforingsposter" {
        posts: Vec<Folkbokforingspost> = "Folkbokforingspost",
        inner: Vec<InnerPosts> = "Folkbokforingsposter",
    }
    /// The posts inside a `Navetavisering`.
    InnerPosts as "Folkbokforingsposter" {
        posts: Vec<Folkbokforingspost> = "Folkbokforingspost",
    }
    /// What the register says about one person.
    Folkbokforingspost as "Folkbokforingspost" {
        confidentiality_marking: Vec<Flag> = "Sekretessmarkering",
        protected_registration: Vec<Flag> = "SkyddadFolkbokforing",
        person: Option<Personpost> = "Personpost",
    } [ "Arendeuppgift", "Historik", "Sarlosning" ]
    /// The person.
    Personpost as "Personpost" {
        identity: Option<PersonId> = "PersonId",
        reference_number: Vec<RawText> = "HanvisningsPersonNr",
        references: Vec<Hanvisningar> = "Hanvisningar",
        deregistration: Option<Avregistrering> = "Avregistrering",
        birth_date: Option<RawText> = "Fodelsetid" | "Fodelsedatum",
        sex: Option<RawText> = "Kon",
        name: Option<Namn> = "Namn",
        registration: Option<Folkbokforing> = "Folkbokforing",
        addresses: Option<Adresser> = "Adresser",
        address: Option<Adress> = "Folkbokforingsadress",
    } [
        "Civilstand", "Fodelse", "Invandring", "Relationer", "Medborgarskap",
        "Samordningsnummeruppgifter", "SarskildPostadress", "Utlandsadress", "UtlandsAdress"
    ]
    /// Addresses.
    Adresser as "Adresser" {
        registered: Option<Adress> = "Folkbokforingsadress",
    } [ "SarskildPostadress", "Utlandsadress", "UtlandsAdress" ]
    /// Where somebody is registered, as a letter has it.
    Adress as "Folkbokforingsadress" {
        care_of: Option<RawText> = "CareOf",
        first: Option<RawText> = "Utdelningsadress1",
        second: Option<RawText> = "Utdelningsadress2",
        postcode: Option<RawText> = "PostNr",
        city: Option<RawText> = "Postort",
    }
    /// Identity numbers.
    PersonId as "PersonId" {
        number: Option<RawText> = "PersonNr" | "$text",
        assigned_number: Option<RawText> = "TilldelatPersonNrSamordningsNr" | "TilldeladPersonNrSamordningsNr",
    } [ "Identitetsstatus" ]
    /// References to other identity numbers of the same person.
    Hanvisningar as "Hanvisningar" {
        references: Vec<Hanvisning> = "Hanvisning",
        numbers: Vec<RawText> = "HanvisningsPersonNr" | "PersonNr",
    }
    /// One reference.
    Hanvisning as "Hanvisning" {
        numbers: Vec<RawText> = "HanvisningsPersonNr" | "PersonNr" | "$text",
    }
    /// Why and when somebody left the register.
    Avregistrering as "Avregistrering" {
        cause: Option<RawText> = "AvregistreringsorsakKod",
        date: Option<RawText> = "Avregistreringsdatum",
    }
    /// Names.
    Namn as "Namn" {
        called_name_marking: Option<RawText> = "Tilltalsnamnsmarkering",
        given_names: Option<RawText> = "Fornamn",
        middle_name: Option<RawText> = "Mellannamn",
        surname: Option<RawText> = "Efternamn",
        notification_name: Option<RawText> = "Aviseringsnamn",
    }
    /// Where somebody is registered.
    Folkbokforing as "Folkbokforing" {
        county: Option<RawText> = "LanKod",
        municipality: Option<RawText> = "KommunKod",
    } [
        "Folkbokforingsdatum", "ForsamlingKod", "Fastighetsbeteckning", "Trappuppgang", "Lagenhet", "FiktivtNr",
        "Folkbokforingstyp", "Distriktskod", "Distrikt"
    ]
}

/// The words for sex, in any of the spellings that are in use.
pub(super) const SEX: &[(&str, &str)] = &[
    ("K", "female"),
    ("Kvinna", "female"),
    ("Female", "female"),
    ("F", "female"),
    ("1", "female"),
    ("M", "male"),
    ("Man", "male"),
    ("Male", "male"),
    ("2", "male"),
    ("Okänt", ""),
    ("Unknown", ""),
    ("0", ""),
];

/// How many signs the register has for a field of ours, and what it calls the field.
///
/// Source: the pages of SPAR on names and persons, where Skatteverket's own lengths stand.
const LENGTHS: &[(&str, &str, usize)] = &[
    ("given_names", "Fornamn", 80),
    ("middle_name", "Mellannamn", 40),
    ("surname", "Efternamn", 60),
    ("notification_name", "Aviseringsnamn", 36),
    ("care_of", "CareOf", 35),
    ("address_1", "Utdelningsadress1", 35),
    ("address_2", "Utdelningsadress2", 35),
    ("city", "Postort", 27),
];

/// How many digits a postcode has.
const POSTCODE: usize = 5;

/// Fills an instance with the records of some documents.
pub fn read(instance: SourceInstance, documents: &[Posts]) -> SourceInstance {
    let mut batch = Batch::new(instance);
    for document in documents {
        batch.unread(&document.unread);
        let inner = document.content.inner.iter().flat_map(|inner| &inner.posts);
        for post in document.content.posts.iter().chain(inner) {
            register(post, &mut batch);
        }
    }
    batch.finish()
}

fn register(post: &Folkbokforingspost, batch: &mut Batch) {
    let nobody = Personpost::default();
    let person = post.person.as_ref().unwrap_or(&nobody);
    let identity = person.identity.clone().unwrap_or_default();
    let assigned = text::filled(identity.assigned_number.as_ref());
    let number = text::id(identity.number.as_ref());
    if number.is_some() && assigned.is_some() {
        batch.count(
            &codes::NOT_USED,
            "`TilldelatPersonNrSamordningsNr` of `PersonId` is not used beside `PersonNr`",
        );
    }
    let Some(id) = number.or_else(|| text::id(assigned.as_ref())) else {
        batch.lose(&codes::WITHOUT_ID, "a register post has no identity number");
        return;
    };
    let mut record = Record::new("register", &id).with("number", id.as_str());
    let flags = Flags {
        marking: strictest(&post.confidentiality_marking),
        registration: strictest(&post.protected_registration),
    };
    batch.flags(&mut record, flags);
    if let Some(name) = &person.name {
        state(&mut record, "given_names", name.given_names.as_ref());
        put(
            &mut record,
            "called_name_marking",
            text::filled(name.called_name_marking.as_ref()),
        );
        state(&mut record, "middle_name", name.middle_name.as_ref());
        state(&mut record, "surname", name.surname.as_ref());
        put(
            &mut record,
            "notification_name",
            text::filled(name.notification_name.as_ref()),
        );
    }
    let addresses = person.addresses.as_ref();
    let address = addresses.and_then(|addresses| addresses.registered.as_ref());
    if let Some(address) = address.or(person.address.as_ref()) {
        registered_at(address, &mut record, batch);
    }
    put(
        &mut record,
        "birth_date",
        text::day(person.birth_date.as_ref()),
    );
    batch.mapped(&mut record, "sex", person.sex.as_ref(), SEX);
    if let Some(left) = &person.deregistration {
        put(
            &mut record,
            "deregistration_cause",
            text::filled(left.cause.as_ref()),
        );
        put(
            &mut record,
            "deregistration_date",
            text::last_day(left.date.as_ref()),
        );
    }
    for number in references(person) {
        put(&mut record, "reference_number", text::filled(Some(number)));
    }
    if let Some(place) = &person.registration {
        put(&mut record, "county", text::filled(place.county.as_ref()));
        put(
            &mut record,
            "municipality",
            text::municipality(place.county.as_ref(), place.municipality.as_ref()),
        );
    }
    for (field, name, most) in LENGTHS {
        if record
            .get(field)
            .is_some_and(|text| text::is_longer(text, *most))
        {
            let message = OpenText::words("")
                .quote(*name)
                .and(" is longer than the register's ")
                .and(*most)
                .and(" signs");
            batch.note(&codes::TOO_LONG, &record, *field, message);
        }
    }
    batch.push(record);
}

fn registered_at(address: &Adress, record: &mut Record, batch: &mut Batch) {
    for (field, text) in [
        ("care_of", &address.care_of),
        ("address_1", &address.first),
        ("address_2", &address.second),
        ("city", &address.city),
    ] {
        put(record, field, text::filled(text.as_ref()));
    }
    match address
        .postcode
        .as_ref()
        .map(|text| text::digits(text, POSTCODE))
    {
        Some(Some(postcode)) => put(record, "postcode", Some(postcode)),
        Some(None) => {
            let message = "`PostNr` does not have five digits";
            batch.note(&codes::UNREADABLE_VALUE, record, "postcode", message);
        }
        None => {}
    }
}

fn references(person: &Personpost) -> Vec<&RawText> {
    let grouped = person.references.iter().flat_map(|group| {
        let inner = group.references.iter().flat_map(|one| &one.numbers);
        group.numbers.iter().chain(inner)
    });
    person.reference_number.iter().chain(grouped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Promise;
    use alloc::format;
    use alloc::string::String;

    fn read_xml(xml: &str) -> SourceInstance {
        let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let document: Posts = quick_xml::de::from_str(xml).unwrap();
        let instance = SourceInstance::new("navet", "skv", Promise::Complete, as_of);
        read(instance, &[document])
    }

    fn all(record: &Record, name: &str) -> Vec<String> {
        record
            .all(name)
            .iter()
            .map(|text| String::from(text.reveal()))
            .collect()
    }

    #[test]
    fn a_post_becomes_a_register_record() {
        let instance = read_xml(include_str!("../../tests/cases/intake/navet.xml"));
        assert_eq!(instance.records.len(), 2);
        let ada = &instance.records[0];
        assert_eq!(ada.id, "198601112389");
        let expected = [
            ("number", "198601112389"),
            ("confidentiality_marking", "true"),
            ("protected_registration", "false"),
            ("given_names", "Ada Britt-Marie"),
            ("called_name_marking", "23"),
            ("surname", "Exempelhav"),
            ("notification_name", "Exempelhav, Ada Britt-Marie"),
            ("address_2", "PROVGATAN 1"),
            ("postcode", "45600"),
            ("city", "KUNGSHAMN"),
            ("birth_date", "1986-01-11"),
            ("sex", "female"),
            ("deregistration_cause", "GN"),
            ("deregistration_date", "2025-02-03"),
            ("county", "14"),
            ("municipality", "1427"),
        ];
        for (name, value) in expected {
            assert_eq!(all(ada, name), [value], "{name}");
        }
        assert_eq!(
            all(ada, "reference_number"),
            ["197006622398", "199902102384", "198502172383"]
        );
        assert!(ada.fields.contains_key("middle_name") && ada.get("middle_name").is_none());
    }

    #[test]
    fn every_known_element_is_used_or_counted() {
        let instance = read_xml(include_str!("../../tests/cases/intake/navet.xml"));
        assert!(
            instance
                .set_aside
                .iter()
                .all(|f| f.code == &codes::NOT_USED)
        );
        assert_eq!(instance.promise, Promise::Complete);
    }

    #[test]
    fn names_and_addresses_have_the_lengths_of_the_register() {
        let post = |name: &str, text: &str| {
            let element = format!("<{name}>{text}</{name}>");
            let place = |wanted: &[&str]| {
                if wanted.contains(&name) {
                    element.clone()
                } else {
                    String::new()
                }
            };
            let names = place(&["Fornamn", "Mellannamn", "Efternamn", "Aviseringsnamn"]);
            let address = place(&[
                "CareOf",
                "Utdelningsadress1",
                "Utdelningsadress2",
                "PostNr",
                "Postort",
            ]);
            read_xml(&format!(
                "<Folkbokforingsposter><Folkbokforingspost><Personpost><PersonId><PersonNr>199902102384</PersonNr>\
                 </PersonId><Namn>{names}</Namn><Adresser><Folkbokforingsadress>{address}</Folkbokforingsadress>\
                 </Adresser></Personpost></Folkbokforingspost></Folkbokforingsposter>"
            ))
        };
        for (field, name, most) in LENGTHS {
            // Signs are counted, not bytes.
            let fits = post(name, &"Å".repeat(*most));
            assert!(fits.set_aside.is_empty(), "{name}: {:?}", fits.set_aside);
            let long = "Å".repeat(most + 1);
            let kept = post(name, &long);
            assert_eq!(all(&kept.records[0], field), [long], "{name}");
            assert_eq!(kept.set_aside.len(), 1);
            assert!(
                kept.set_aside
                    .iter()
                    .all(|one| one.code == &codes::TOO_LONG)
            );
            assert!(!format!("{:?}", kept.set_aside).contains('Å'));
        }
        let postcode = |text: &str| {
            let read = post("PostNr", text);
            (all(&read.records[0], "postcode"), read.set_aside.len())
        };
        assert_eq!(postcode("456 00"), ([String::from("45600")].into(), 0));
        assert_eq!(postcode("4560"), (Vec::new(), 1));
        assert_eq!(postcode("SE-45600"), (Vec::new(), 1));
    }

    #[test]
    fn flags_that_are_absent_are_not_said_and_odd_ones_are_unknown() {
        let post = |flags: &str| {
            format!(
                "<Folkbokforingsposter><Folkbokforingspost>{flags}<Personpost><PersonId><PersonNr>199902102384</PersonNr>\
                 </PersonId></Personpost></Folkbokforingspost></Folkbokforingsposter>"
            )
        };
        let flag = |flags: &str| {
            let instance = read_xml(&post(flags));
            let found = instance
                .set_aside
                .iter()
                .filter(|finding| finding.code == &codes::UNREADABLE_FLAG)
                .count();
            (all(&instance.records[0], "confidentiality_marking"), found)
        };
        assert_eq!(flag(""), (Vec::new(), 0));
        let element = |text: &str| format!("<Sekretessmarkering>{text}</Sekretessmarkering>");
        assert_eq!(flag(&element("J")).0, ["true"]);
        assert_eq!(flag(&element("N")).0, ["false"]);
        assert_eq!(
            flag(&element("Hemlig")),
            ([String::from("unknown")].into(), 1)
        );
        assert_eq!(flag(&element("<x>N</x>")).0, ["unknown"]);
        assert_eq!(
            flag(&format!("{}{}", element("N"), element("J"))).0,
            ["true"]
        );
    }

    #[test]
    fn a_post_without_number_is_counted_and_nothing_is_repeated() {
        let instance = read_xml(
            "<Navetavisering><Folkbokforingsposter><Folkbokforingspost><Personpost><Namn><Efternamn>Hemlig</Efternamn>\
             <Hemlig>Hemlig</Hemlig></Namn></Personpost></Folkbokforingspost></Folkbokforingsposter></Navetavisering>",
        );
        assert!(instance.records.is_empty());
        assert_eq!(instance.promise, Promise::Partial);
        let text = format!("{:?}", instance.set_aside);
        assert!(text.contains("I104") && text.contains("I102") && !text.contains("Hemlig"));
    }
}
