//! Orders and money: an order waits for the next bar, is filled at its open, and costs a fee.
//! Sums are whole cents.

use crate::workload::gc_futures::bar::CENTS_A_STEP;
use crate::workload::gc_futures::strategy::Trend;
use crate::workload::market::Bar;

/// Ounces in one contract.
const OUNCES: i64 = 100;
const FEE_CENTS: i64 = 250;
/// What one contract must be backed with.
const MARGIN_CENTS: i64 = 1_200_000;
const FIRST_CASH_CENTS: i64 = 100_000_000;
/// A market order gets a price one step worse than the open.
const SLIPPAGE_STEPS: i64 = 1;

/// An account with at most one contract, long or short.
#[derive(Debug)]
pub struct Portfolio {
    cash_cents: i64,
    /// Negative when short.
    contracts: i64,
    /// How many contracts to hold from the next bar on; `None` when no order waits.
    order: Option<i64>,
    trades: u64,
}

impl Portfolio {
    pub fn funded() -> Self {
        Self { cash_cents: FIRST_CASH_CENTS, contracts: 0, order: None, trades: 0 }
    }

    /// Fills the order that waits, when one does.
    pub fn fill_orders(&mut self, bar: &Bar) {
        let _span = crate::span!("fill_orders");
        let Some(wanted) = self.order.take() else {
            return;
        };
        let change = wanted - self.contracts;
        let price = bar.open + SLIPPAGE_STEPS * change.signum();
        self.cash_cents -= change * contract_cents(price) + change.abs() * FEE_CENTS;
        self.contracts = wanted;
        self.trades += 1;
    }

    /// Follows the trend: one contract long when it is up, short when it is down, none when the
    /// account no longer backs one.
    pub fn follow(&mut self, trend: Trend, price: i64) {
        let direction = match trend {
            Trend::Up => 1,
            Trend::Down => -1,
        };
        let backed = self.value_cents(price) >= MARGIN_CENTS;
        let wanted = if backed { direction } else { 0 };
        if wanted != self.contracts {
            self.submit_order(wanted);
        }
    }

    /// Cash and what the contracts would bring at `price`, in cents.
    pub fn value_cents(&self, price: i64) -> i64 {
        self.cash_cents + self.contracts * contract_cents(price)
    }

    pub fn contracts(&self) -> i64 {
        self.contracts
    }

    pub fn trades(&self) -> u64 {
        self.trades
    }

    fn submit_order(&mut self, wanted: i64) {
        let _span = crate::span!("submit_order");
        self.order = Some(wanted);
    }
}

fn contract_cents(price: i64) -> i64 {
    price * CENTS_A_STEP * OUNCES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(open: i64) -> Bar {
        Bar { open, ..Bar::default() }
    }

    /// Bought at 2,650.1 (open and slippage), valued at 2,651.0: 0.9 USD on 100 ounces, less 2.50.
    #[test]
    fn an_order_is_filled_at_the_next_open_and_costs_its_fee() {
        let mut portfolio = Portfolio::funded();
        portfolio.follow(Trend::Up, 26_500);
        assert_eq!((portfolio.contracts(), portfolio.trades()), (0, 0));
        portfolio.fill_orders(&bar(26_500));
        assert_eq!((portfolio.contracts(), portfolio.trades()), (1, 1));
        let gained = portfolio.value_cents(26_510) - FIRST_CASH_CENTS;
        assert_eq!(gained, 9_000 - 250);
    }

    /// From long to short two contracts change hands, sold at 2,649.9.
    #[test]
    fn a_turn_of_the_trend_trades_two_contracts_and_the_same_trend_none() {
        let mut portfolio = Portfolio::funded();
        for trend in [Trend::Up, Trend::Up, Trend::Down] {
            portfolio.follow(trend, 26_500);
            portfolio.fill_orders(&bar(26_500));
        }
        assert_eq!((portfolio.contracts(), portfolio.trades()), (-1, 2));
        let lost = FIRST_CASH_CENTS - portfolio.value_cents(26_500);
        assert_eq!(lost, 3 * 1_000 + 3 * FEE_CENTS);
    }

    #[test]
    fn an_account_that_backs_no_contract_holds_none() {
        let mut portfolio = Portfolio::funded();
        portfolio.cash_cents = MARGIN_CENTS - 1;
        portfolio.follow(Trend::Up, 26_500);
        portfolio.fill_orders(&bar(26_500));
        assert_eq!((portfolio.contracts(), portfolio.trades()), (0, 0));
    }
}
