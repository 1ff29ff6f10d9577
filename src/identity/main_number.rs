//! The main number of an identity, chosen by a fixed rule.
//!
//! Not the person's key, which no number decides. The rule: active in the register before not known before inactive, then
//! the more lasting kind, then the one seen later. Keeps true: the same numbers in any order give the same choice.

use core::cmp::Reverse;

use chrono::NaiveDate;

use super::number::IdentityNumber;

/// How one number of an identity stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The number.
    pub number: IdentityNumber,
    /// Whether the register has it as active; nothing when it was not asked or cannot know.
    pub active: Option<bool>,
    /// The date of its first sight, or of its assignment.
    pub since: Option<NaiveDate>,
}

/// The main number among those of one identity; nothing for none. What is still equal is settled by the order of numbers.
pub fn main_number(standings: &[Standing]) -> Option<&IdentityNumber> {
    let best = standings.iter().min_by_key(|standing| {
        let activity = match standing.active {
            Some(true) => 0,
            None => 1,
            Some(false) => 2_u8,
        };
        let rank = standing.number.kind().rank();
        (activity, rank, Reverse(standing.since), &standing.number)
    })?;
    Some(&best.number)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::Standing;
    use super::main_number;
    use crate::identity::number::IdentityNumber;

    fn standing(text: &str, active: Option<bool>, since: i32) -> Standing {
        let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        Standing {
            number: IdentityNumber::parse_issued(text, on, Some("1430")).unwrap(),
            active,
            since: NaiveDate::from_yo_opt(since, 1),
        }
    }

    #[test]
    fn active_then_lasting_then_later() {
        let temporary = standing("20130107TF01", None, 2026);
        let coordination = standing("197006622398", Some(false), 2025);
        let personal = standing("201301072383", None, 2020);
        let active = standing("200606872380", Some(true), 2019);
        let later = standing("200904292398", None, 2021);
        let main = |standings: &[&Standing]| {
            let mut list: alloc::vec::Vec<_> = standings.iter().map(|s| (*s).clone()).collect();
            let first = main_number(&list).cloned();
            list.reverse();
            assert_eq!(main_number(&list).cloned(), first);
            first
        };
        assert_eq!(
            main(&[&temporary, &personal]),
            Some(personal.number.clone())
        );
        assert_eq!(main(&[&personal, &active]), Some(active.number.clone()));
        assert_eq!(main(&[&personal, &later]), Some(later.number.clone()));
        assert_eq!(
            main(&[&coordination, &temporary]),
            Some(temporary.number.clone())
        );
        assert_eq!(main(&[]), None);
    }
}
