//! How class lists change: the part of the model of a directory that is about them.

use alloc::collections::BTreeMap;

use super::actual::ClassList;
use super::apply::Refused;
use super::change::Change;
use super::key::AccountKey;
use super::key::ClassListKey;

/// Carries out a change of class lists, or changes nothing. Rows are of accounts that are there.
pub(super) fn change(
    lists: &mut BTreeMap<ClassListKey, ClassList>,
    change: &Change,
    is_there: impl Fn(&AccountKey) -> bool,
) -> Result<(), Refused> {
    if let Change::WriteRow { account, .. } = change
        && !is_there(account)
    {
        return Err(Refused::NoTarget);
    }
    match change {
        Change::CreateClassList { list, name } => {
            if lists.contains_key(list) {
                return Err(Refused::ObjectExists);
            }
            let rows = BTreeMap::new();
            lists.insert(
                list.clone(),
                ClassList {
                    name: name.clone(),
                    rows,
                },
            );
        }
        Change::RenameClassList { list, name } => {
            lists.get_mut(list).ok_or(Refused::NoObject)?.name = name.clone();
        }
        Change::RemoveClassList { list } => {
            lists.remove(list).ok_or(Refused::NoObject)?;
        }
        Change::WriteRow {
            list,
            account,
            columns,
        } => {
            let list = lists.get_mut(list).ok_or(Refused::NoObject)?;
            list.rows.insert(account.clone(), columns.clone());
        }
        Change::RemoveRow { list, account } => {
            let list = lists.get_mut(list).ok_or(Refused::NoObject)?;
            list.rows.remove(account).ok_or(Refused::Absent)?;
        }
        _ => {}
    }
    Ok(())
}
