//! What every key of a rule file means: one sentence for each, which the decoder says where a key is missing, and an editor where
//! it is written.
//!
//! A key is found by the end of its way into the file, with `*` for a name of the author's own; of several the longest counts. So
//! what means the same everywhere stands here once. `docs/rules.md` has the same sentences; a test holds them together.

use crate::base::Path;
use crate::base::Segment;

/// Ways and meanings.
#[rustfmt::skip]
const KEYS: &[(&str, &str)] = &[
    ("account", "accounts by rule: who has one, when, and what it shows"),
    ("account.*.adopt", "conditions under which an existing account without our anchor is this person's. Exactly one match adopts"),
    ("account.*.bridge", "gaps up to this do not disable; none where nothing is said"),
    ("account.*.container", "where it stands: an expression, or `{ value = '…', protected = \"alias\" }`"),
    ("account.*.covers", "for each kind of affiliation that the account lives by, a condition"),
    ("account.*.disabled", "where it stands, and whether it is hidden, while it is disabled"),
    ("account.*.disabled.container", "where it stands while it is disabled"),
    ("account.*.disabled.hide", "whether it is hidden from address lists while it is disabled"),
    ("account.*.grace", "how long after the last day it stays enabled; none where nothing is said. It may be a table like that of `lead`"),
    ("account.*.hide", "a condition: whether it is hidden from address lists"),
    ("account.*.lead", "how long before the first day it is created and enabled; none where nothing is said. A table gives one for each value of an expression: `{ by = '…', value = \"30d\", default = \"7d\" }`"),
    ("account.*.min_disabled", "how long after the *confirmed* disabling it is deleted at the earliest; `30d` where nothing is said"),
    ("account.*.name", "a unique name; `login` and `mail` are the two that every directory knows"),
    ("account.*.name.*.alias", "how long the old address stays an alias, as a duration or a table like that of `lead`. With `0d` it goes at once, and so do those that are there"),
    ("account.*.name.*.domain", "what stands after the `@`"),
    ("account.*.name.*.follow", "the reasons for which it changes: `surname`, `given_name`, `employer`, `number`, `unit`. Only the part that the reason touches changes; without any a name never changes"),
    ("account.*.name.*.local", "what is tried, in order: the part before the `@`"),
    ("account.*.name.*.longest", "the most characters of the part before the `@`; 20 for a login and 64 for an address where nothing is said"),
    ("account.*.name.*.number", "what is added to the last of them when all are taken: `{ from = 1, width = 2 }` gives `01`, `02` …"),
    ("account.*.name.*.protected", "the policy for protected persons"),
    ("account.*.name.*.reserve", "how long a name that was given up goes to nobody else; for ever where nothing is said"),
    ("account.*.name.*.unique", "the namespaces in which it must be unique"),
    ("account.*.name.*.wait", "how long a change waits after the reason for it is known: meanwhile the new name is held, and `account.RULE.next_NAME` shows it. Whoever becomes protected does not wait"),
    ("account.*.population", "what guards call its population; its own name where nothing is said"),
    ("account.*.primary", "the order that picks the primary affiliation, the most important key first. Each `by` reads one kind. Before the keys come tiers: active, on leave, in grace, in lead, last known"),
    ("account.*.primary.by", "a key of the order: an expression that reads one kind of affiliation"),
    ("account.*.primary.descending", "whether the greatest comes first"),
    ("account.*.protected", "what a protected person's account shows instead"),
    ("account.*.protected.container", "where it stands"),
    ("account.*.protected.name", "what the names of the account are made of, by name"),
    ("account.*.protected.others", "what becomes of attributes that are not named there: `clear` (the default) or `keep`"),
    ("account.*.protected.policy", "what holds for the account as such"),
    ("account.*.protected.replace", "what takes the place of an account that is there when its person becomes protected: the account itself under other names (`rename`), or another one that is made anew (`new_account`). By flag as well"),
    ("account.*.protected.set", "what its attributes hold, by name"),
    ("account.*.require", "`that` must hold: only to be created (`at = \"create\"`), or always (the default). An account that fails it is held as it is, never disabled"),
    ("account.*.require.at", "`create` where it is asked only before the account is created; `always` (the default) otherwise"),
    ("account.*.require.that", "the condition"),
    ("account.*.retain", "how long it stays disabled before it is deleted; `180d` where nothing is said"),
    ("account.*.set", "an attribute: an expression, several as a list of which the first that gives something counts, or a table `{ value = …, own = \"initial\", protected = \"omit\" }` with either"),
    ("account.*.set.*.own", "who owns the attribute: `always` (the default) the rules; `initial` the rules when it is created, the directory afterwards; `never` the directory"),
    ("account.*.settle", "how long another affiliation must come first before it displaces the primary"),
    ("account.*.slot", "what tells the accounts apart that one person has of this rule. Without it a person has one"),
    ("account.*.was", "earlier names of this rule: its accounts and all that is remembered of them go on under the new one"),
    ("because", "why it is included, in words for who reads the rules next year"),
    ("by", "an expression; what it gives picks one of the durations beside it"),
    ("class_list", "class lists by rule"),
    ("class_list.*.account", "whose holders are listed"),
    ("class_list.*.each", "`membership`, and nothing else"),
    ("class_list.*.protected", "the policy for protected persons"),
    ("class_list.*.show", "what a row shows, by column. Where one of them cannot be computed the row stays as it is"),
    ("class_list.*.when", "the condition"),
    ("class_list.*.window", "when a row lives"),
    ("default", "the duration for every other value"),
    ("domain", "what stands after the `@`"),
    ("field", "fields of your own beside the built-in ones, or a table for a built-in one, by kind of record and name"),
    ("field.*.*.class", "`open`, `place` or `personal`; `personal` where nothing is said. A built-in field keeps its own"),
    ("field.*.*.table", "instead of a type: the table whose rows the values are"),
    ("field.*.*.type", "`string`, `int`, `bool` or `date`"),
    ("group", "groups by rule: who is a member, and when"),
    ("group.*.account", "whose holders are members. Without it the group is made of other groups only"),
    ("group.*.container", "where it stands"),
    ("group.*.description", "its description"),
    ("group.*.each", "the kind of affiliation of which each gives a reason; without it the account as such is one"),
    ("group.*.hidden", "whether its members are hidden. A group that includes protected persons should be"),
    ("group.*.intersect", "other group rules whose members alone may be members. Computed"),
    ("group.*.keep_empty", "how long it is kept without members; `30d` where nothing is said, since one that is deleted and made again is another to everything that was granted to it"),
    ("group.*.key", "one group for each value; the rule's name where nothing is said. The group keeps its key when its name changes"),
    ("group.*.membership", "`exact` (the default: members that no rule names are removed) or `ours` (of the accounts and groups that are ours those that no rule names are removed, and whoever else is in it stays, which also keeps the group)"),
    ("group.*.minus", "other group rules whose members are taken out. Computed"),
    ("group.*.name", "what the group is called; the key where nothing is said"),
    ("group.*.nested", "other group rules whose groups are members of this one in the directory"),
    ("group.*.owner", "accounts of other persons, the first of which that is in use owns the group (`managedBy`)"),
    ("group.*.protected", "the policy for protected persons"),
    ("group.*.union", "other group rules whose members are added. Computed"),
    ("group.*.when", "the condition"),
    ("group.*.window", "when a membership lives"),
    ("guard", "what a plan may do without being asked, by kind of step"),
    ("guard.*.effect", "`slice` (the default) holds the slice and what depends on it; `all` refuses the plan; `warn` only tells"),
    ("guard.*.min_base", "from how many managed objects on a share counts; 20 where nothing is said"),
    ("guard.*.most", "trips above this count"),
    ("guard.*.per", "what was confirmed in so many days before counts as well"),
    ("guard.*.season", "other limits for a part of every year, from a day to a day"),
    ("guard.*.season.from", "the first day of the part of the year, such as `08-01`"),
    ("guard.*.season.to", "the last day of it"),
    ("guard.*.share", "or above this share of the managed objects, where there are at least `min_base` (20) of them"),
    ("language", "the version of the rule language: 1"),
    ("licence", "licences by rule: who gets one, and when"),
    ("licence.*.account", "who gets it"),
    ("licence.*.each", "the kind of affiliation of which each gives a reason; without it the account as such is one"),
    ("licence.*.exclusive", "one of a `set`, `over` the `account` (the default) or the `person`; the highest `priority` wins"),
    ("licence.*.exclusive.over", "over which one of the set is given: the `account` (the default) or the `person`"),
    ("licence.*.exclusive.priority", "the highest of the set wins"),
    ("licence.*.exclusive.set", "the name of the set"),
    ("licence.*.needs", "other licences of the same account, without which it is not given. Given and taken in one step with them. None of its own set, of which only one is given"),
    ("licence.*.protected", "the policy for protected persons"),
    ("licence.*.seats", "how many there are. Holders keep theirs, then the order of keys decides. Who gets none has a finding (`E111`) before anything is written, and gets no other licence of its set instead"),
    ("licence.*.sku", "what the supplier calls it"),
    ("licence.*.through", "a group that carries it: who gets the licence is in the group, and the supplier gives it to the members. What the account itself has of it is taken after that"),
    ("licence.*.when", "the condition"),
    ("licence.*.window", "when a licence lives"),
    ("licence.*.without", "services of it that are switched off. Where a rule says so, all others of the licence are on; of two rules for one SKU a service is off only where both say so"),
    ("lint", "what is said of rules that load and are probably not meant"),
    ("lint.allow", "warnings that are wrong for good reasons, each with its place and the reason"),
    ("lint.allow.at", "the place as the warning shows it, or one above it"),
    ("lint.allow.because", "why"),
    ("lint.allow.code", "the warning. An error cannot be allowed"),
    ("local", "what is tried, in order: the part before the `@`"),
    ("mailbox", "mailboxes by rule"),
    ("mailbox.*.account", "who gets it"),
    ("mailbox.*.kind", "`remote` (with a supplier; the default) or `on-premises`"),
    ("mailbox.*.protected", "the policy for protected persons"),
    ("mailbox.*.when", "the condition"),
    ("marking", "the policy for persons with a confidentiality marking"),
    ("merge", "whose word counts, field by field, the strongest source first"),
    ("merge.*.max_age", "an older delivery counts after all that are younger, whatever their order"),
    ("merge.*.sources", "the sources, the strongest first"),
    ("name", "what the rules are called"),
    ("namespace", "names that must differ from each other"),
    ("namespace.*.holds", "`account.RULE.NAME`, with `*` for every rule; `group.*.sam` for the names of groups among logins"),
    ("namespace.*.reserved", "words that nobody gets"),
    ("namespace.*.unwanted", "words that no new name has in it, not even as a part; whoever has one keeps it"),
    ("notice", "messages by rule: on which event, and to whom"),
    ("notice.*.account", "whose"),
    ("notice.*.after_death", "whether it also goes out about somebody whose accounts end because they have died; nobody is told of that where nothing is said"),
    ("notice.*.ahead", "of `account.ending`, which needs it: how long before the day"),
    ("notice.*.each", "the kind of affiliation of which each gives a notice; one for the account where nothing is said"),
    ("notice.*.fields", "what it says"),
    ("notice.*.needs", "what the host adds out of band; never a secret in here"),
    ("notice.*.on", "the event, see below"),
    ("notice.*.protected", "the policy for protected persons"),
    ("notice.*.since", "a day: before it nothing is told, so that the first runs tell nobody of what has long been"),
    ("notice.*.to", "persons: the first one with an account in use gets it, and one whose account is made in the same plan when it is in use"),
    ("notice.*.when", "the condition"),
    ("number", "how names are numbered when all are taken"),
    ("number.from", "the first number; 1 where nothing is said"),
    ("number.width", "the least digits it is written with; 1 where nothing is said"),
    ("officer", "to whom the task of a notice goes: a constant"),
    ("policy", "what holds: `exclude`, `omit`, `alias`, `include`, or of notices `task`"),
    ("protected", "the policy for protected persons"),
    ("protection", "what holds for protected persons where a rule says nothing of its own"),
    ("protection.*.account", "what holds for accounts as such"),
    ("protection.*.attribute", "what holds for attributes of accounts"),
    ("protection.*.class_list", "what holds for rows of class lists"),
    ("protection.*.container", "what holds for the container in which an account stands"),
    ("protection.*.group", "what holds for memberships in groups"),
    ("protection.*.licence", "what holds for licences"),
    ("protection.*.mailbox", "what holds for mailboxes"),
    ("protection.*.name", "what holds for names of accounts"),
    ("protection.*.notice", "what holds for notices"),
    ("protection.marking", "what holds for each kind of output of a person with a confidentiality marking"),
    ("protection.registration", "what holds for each kind of output of a person with protected population registration"),
    ("protection.replace", "what takes the place of accounts that are there when their persons become protected: the accounts themselves under other names (`rename`, the default), or others that are made anew (`new_account`). By flag as well"),
    ("protection.replace_most", "how many newly protected persons with accounts are replaced at once; where there are more, all are concealed only until somebody decides. 5 where nothing is said"),
    ("register", "what follows from what the population register says"),
    ("register.cause", "what follows from a cause of deregistration: `disable` (accounts are disabled at once), `hold` (everything stays as it is until somebody decides), `ignore`, or `relink` (the identity follows the reference to the new number). Or a table of these by the `population` of an account, with `default` for all others"),
    ("register.max_age", "an older word of the register is stale"),
    ("registration", "the policy for persons with protected population registration"),
    ("replace.marking", "under a confidentiality marking"),
    ("replace.registration", "under protected population registration"),
    ("review", "the day on which somebody is to look at it again"),
    ("season.most", "what passes in that part of the year"),
    ("season.share", "or this share of the managed objects"),
    ("source", "sources by name: what is asked of one, and how its records become facts"),
    ("source.*.absent", "what becomes of a record that is gone"),
    ("source.*.absent.hold", "how long a record that is gone is held; `3d` where nothing is said of `absent`"),
    ("source.*.absent.then", "what comes after: it ends as of the day it was first gone (`end`, the default), or stays (`keep`)"),
    ("source.*.ends", "whether an end date is the last day (`inclusive`, the default) or the day after it (`exclusive`)"),
    ("source.*.gives", "the kinds of record that are taken from it, as a list; all of them where nothing is said"),
    ("source.*.ids", "`stable` (a record id never stands for somebody else; the default) or `reused`"),
    ("source.*.map", "an expression for a field of a fact. Kinds: `person`, `employment`, `duty`, `enrolment`, `membership`, `unit`, `school_group`, `register`"),
    ("source.*.municipality", "the municipality whose numbers it gives, where it is one for all instances"),
    ("source.*.override", "whether it is a table of manual facts, whose records may have a field `expires`: the last day on which they count"),
    ("source.*.require", "what a delivery must be to be taken"),
    ("source.*.require.max_age", "how old a delivery may be"),
    ("source.*.require.min_share_of_last", "how many records it must have, as a share of the delivery before; 90 % of 20 or more where nothing is said"),
    ("table", "tables for lookups: rows by key, each with columns"),
    ("value", "an expression for the value"),
    ("window.grace", "how long after the last day of an affiliation it ends"),
    ("window.lead", "how long before the first day of an affiliation it begins"),
];

/// What the key at the end of a way means. Positions in lists do not count.
pub(super) fn meaning(path: &Path) -> Option<&'static str> {
    entry(path).map(|(_, meaning)| *meaning)
}

fn entry(path: &Path) -> Option<&'static (&'static str, &'static str)> {
    let way = || {
        path.segments()
            .iter()
            .rev()
            .filter_map(|segment| match segment {
                Segment::Key(key) => Some(&**key),
                Segment::Index(_) => None,
            })
    };
    let length = way().count();
    let fits = |pattern: &str| {
        let wanted = pattern.rsplit('.');
        pattern.split('.').count() <= length
            && wanted
                .zip(way())
                .all(|(wanted, key)| wanted == "*" || wanted == key)
    };
    KEYS.iter()
        .filter(|(pattern, _)| fits(pattern))
        .max_by_key(|(pattern, _)| pattern.split('.').count())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a test may fail")]

    use super::*;
    use crate::rules::spec::RulesetSpec;
    use crate::rules::spec::shape::Shape;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    /// The ways of all keys of a shape.
    fn ways(shape: &Shape, path: &Path, found: &mut Vec<Path>) {
        match shape {
            Shape::List { of, .. } => ways(of, path, found),
            Shape::OneOf(shapes) => shapes.iter().for_each(|shape| ways(shape, path, found)),
            Shape::Table(table) => {
                for (key, described) in &table.keys {
                    let path = path.key(key);
                    found.push(path.clone());
                    ways(&described.shape, &path, found);
                }
                if let Some(others) = &table.others {
                    ways(others, &path.key("…"), found);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_key_has_a_meaning_and_every_meaning_a_key() {
        let mut found = Vec::new();
        ways(&RulesetSpec::shape(), &Path::root(), &mut found);
        let mut used = BTreeSet::new();
        for path in &found {
            match entry(path) {
                Some((way, _)) => used.insert(*way),
                None => panic!("nothing is said of {path}"),
            };
        }
        let unused: Vec<&str> = KEYS
            .iter()
            .map(|(way, _)| *way)
            .filter(|way| !used.contains(way))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
        assert!(found.len() > 300);
    }

    #[test]
    fn the_longest_way_counts_and_a_name_fits_a_star() {
        let path = |keys: &[&str]| keys.iter().fold(Path::root(), |path, key| path.key(key));
        let policy = "the policy for protected persons";
        assert_eq!(meaning(&path(&["group", "a", "protected"])), Some(policy));
        assert_eq!(
            meaning(&path(&["account", "staff", "protected"])),
            Some("what a protected person's account shows instead")
        );
        let by = path(&["account", "staff", "primary"]).index(3).key("by");
        assert_eq!(
            meaning(&by),
            Some("a key of the order: an expression that reads one kind of affiliation")
        );
        assert_eq!(meaning(&path(&["colour"])), None);
        assert!(KEYS.is_sorted());
    }
}
