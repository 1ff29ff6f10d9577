//! Counting of steps against an allowance.

use thiserror::Error;

/// A ceiling was reached. The text names the limit and its ceiling, and never what was being worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("limit reached: {limit} (at most {allowed})")]
pub struct LimitReached {
    /// Which limit, by the name of its field in [`crate::base::Limits`].
    pub limit: &'static str,
    /// How much is allowed.
    pub allowed: u64,
}

/// An allowance of steps. An allowance of N permits exactly N.
#[derive(Debug, Clone)]
pub struct Meter {
    limit: &'static str,
    allowed: u64,
    left: u64,
}

impl Meter {
    /// A meter with `allowed` steps for the limit of that name.
    pub const fn new(limit: &'static str, allowed: u64) -> Self {
        Self {
            limit,
            allowed,
            left: allowed,
        }
    }

    /// Takes `steps` from the allowance.
    pub fn spend(&mut self, steps: u64) -> Result<(), LimitReached> {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(LimitReached {
                limit: self.limit,
                allowed: self.allowed,
            }),
        }
    }

    /// Steps taken so far.
    pub const fn spent(&self) -> u64 {
        self.allowed.saturating_sub(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_of_n_permits_exactly_n() {
        let mut meter = Meter::new("evaluation_steps", 3);
        assert!(meter.spend(2).is_ok());
        assert!(meter.spend(1).is_ok());
        assert_eq!(meter.spent(), 3);
        let refused = meter.spend(1).unwrap_err();
        assert_eq!(
            alloc::format!("{refused}"),
            "limit reached: evaluation_steps (at most 3)"
        );
    }
}
